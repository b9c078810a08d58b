"""A file's bytes, or one sentence why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.village_files.bounds import MAX_BYTES
from coprod_sim.scenario.village_files.source import shown

WANTED = "the path of an existing CSV file or .xlsx workbook"
SAVE_AS = "save it as an Excel workbook (.xlsx) or as CSV UTF-8"

# By their extension, whatever is inside.
FOREIGN = {
    **dict.fromkeys((".xls", ".xlt"), "an old Excel workbook"),
    **dict.fromkeys((".xlsm", ".xltm", ".xlam"), "a workbook with macros"),
    **dict.fromkeys((".xlsb", ".xltx", ".ods", ".ots", ".fods", ".et", ".ett", ".numbers"), "another kind of workbook"),
    **dict.fromkeys((".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz"), "a compressed file"),
}
# By how they begin, whatever they are called.
ZIP = b"PK\x03\x04"
BEGINNINGS = {
    b"\x1f\x8b": "a compressed file (gzip)",
    b"BZh": "a compressed file (bzip2)",
    b"\xfd7zXZ\x00": "a compressed file (xz)",
    b"\x28\xb5\x2f\xfd": "a compressed file (zstd)",
    b"7z\xbc\xaf\x27\x1c": "a compressed file (7z)",
    b"Rar!": "a compressed file (rar)",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"SQLite format 3\x00": "a database",
    b"PK\x05\x06": "an empty zip archive",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_bytes(path: str | Path) -> bytes:
    """The content of a file of at most 50 MB.

    Raises:
        ScenarioError: there is no such file, it is none to read, or too large.
    """
    _check_regular(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (a path may be text that pathlib would change)
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refusal(path, f"({error.strerror})", "a file that can be read") from None
    if len(data) > MAX_BYTES:
        raise _too_large(path, len(data))
    return data


def is_workbook(path: str | Path, data: bytes) -> bool:
    """Whether a file is an .xlsx workbook, by name and by content; if not, it is text.

    Raises:
        ScenarioError: name and content disagree, or it is known to be neither.
    """
    suffix = Path(path).suffix.lower()
    kind = FOREIGN.get(suffix) or _kind(data)
    if kind:
        raise _refusal(path, f"{kind}: {SAVE_AS}", "a CSV file or .xlsx workbook")
    if data.startswith(ZIP) and suffix != ".xlsx":
        raise _refusal(path, "a zip archive or a workbook under another name", "a CSV file or .xlsx workbook")
    if suffix == ".xlsx" and not data.startswith(ZIP):
        raise _refusal(path, f"a file named .xlsx that is no workbook: {SAVE_AS}", "a CSV file or .xlsx workbook")
    return suffix == ".xlsx"


def _kind(data: bytes) -> str:
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        return "a workbook that is encrypted with a password" if encrypted else FOREIGN[".xls"]
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), "")


def _check_regular(path: str | Path) -> None:
    if not isinstance(path, str | Path):
        raise _refusal(path, "", WANTED)
    try:
        info = os.stat(path)  # noqa: PTH116 (see above)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or str(error)
        raise _refusal(path, f"({why})", WANTED) from None
    if stat.S_ISDIR(info.st_mode):
        raise _refusal(path, "a folder", WANTED)
    if not stat.S_ISREG(info.st_mode):
        raise _refusal(path, "a device or a pipe", WANTED)
    if info.st_size > MAX_BYTES:
        raise _too_large(path, info.st_size)


def _too_large(path: str | Path, size: int) -> ScenarioError:
    return _refusal(path, f"of {size / 1e6:,.1f} MB", f"of at most {MAX_BYTES / 1e6:g} MB")


def _refusal(path: object, what: str, wanted: str) -> ScenarioError:
    given = shown(str(path)) if isinstance(path, Path) else shown(path)
    return ScenarioError(f"county.villages: must be {wanted}, got {given}{' ' if what else ''}{what}")
