"""The few things that are done to files: each either happens whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from coprod_sim.study.errors import StudyError

OURS = ".coprod_sim-"  # how the names of all begin that is only there for a moment: nobody else's file has such a name
LONGEST = 120  # bytes of a file name without its ending
# What Windows keeps for devices, with any ending.
DEVICE = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]", re.IGNORECASE)


def partial_name(name: str) -> str:
    """The name that a file has while it is written."""
    return f"{OURS}{name}.part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it."""
    write_by(path, lambda partial: _write(partial, content))


def write_by(path: Path, write: Callable[[Path], None], *, sync: bool = True) -> None:
    """Let `write` fill a file under a temporary name, then rename it; nothing is left if that fails.

    Args:
        sync: wait until the disk has it, for what could not be made again.
    """
    partial = path.with_name(partial_name(path.name))
    partial.unlink(missing_ok=True)  # never through a link that is there under this name
    try:
        write(partial)
        if sync:
            _sync(partial)
        rename(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def rename(source: Path, target: Path) -> None:
    """Give a finished file or folder its name, in place of what had it."""
    os.replace(source, target)  # noqa: PTH105 - one name for all that tests may break


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def inside(folder: Path, pattern: str = "*") -> list[Path]:
    """What a folder holds, in the order of names; nothing of one that is not there, or is removed meanwhile."""
    try:
        return sorted(folder.glob(pattern))
    except FileNotFoundError:
        return []


def discard(folder: Path) -> None:
    """Remove a folder with what is in it, if it is there; it loses its name first, so that it is never half there."""
    gone = folder.with_name(f"{OURS}{folder.name}.gone")
    if gone.exists():
        shutil.rmtree(gone)
    if folder.exists():
        rename(folder, gone)
        shutil.rmtree(gone)


def discard_ours(folder: Path, ours: re.Pattern[str]) -> None:
    """Remove what has names of ours from a folder, and the folder itself if nothing else is in it."""
    for path in inside(folder):  # what lost its name in an earlier removal comes first
        if ours.fullmatch(path.name) or path.name.startswith(OURS):
            discard(path) if path.is_dir() else path.unlink(missing_ok=True)
    with suppress(OSError):  # it is not there, or somebody else's file is in it
        folder.rmdir()


def refuse_links(folder: Path, names: Iterable[str]) -> None:
    """What this process writes to and removes is within a study's folder, whoever made that.

    Raises:
        StudyError: one of these names in the folder is a link to somewhere else.
    """
    for name in names:
        if (path := folder / name).is_symlink():
            raise StudyError(f"{path}: is a link to {str(path.readlink())!r}, must be in the folder itself")


def tidy(folder: Path) -> None:
    """Remove what an interrupted write or removal of ours left in a folder, and nothing else."""
    for path in [*folder.glob(f"{OURS}*.gone"), *folder.glob(f"{OURS}*.part")]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """Name → file name without ending, for names that are kept side by side.

    Readable, the same each time, and different for each name on any file system: where the case of letters, a
    replaced character or a cut would make one of two names, the hash of the name follows.
    """
    stems = {name: _stem(name) for name in names}
    owners = Counter(map(_one_case, stems.values()))
    found = {name: stem if owners[_one_case(stem)] == 1 else f"{stem}-{_hash(name, 8)}" for name, stem in stems.items()}
    if len(set(map(_one_case, found.values()))) == len(found):
        return found
    return {name: f"{stem}-{_hash(name, 32)}" for name, stem in stems.items()}  # somebody's name ends in a hash


def _stem(name: str) -> str:
    """A name as every file system takes it: what some do not take replaced, and short enough."""
    plain = re.sub(r"[^\w.=+-]+", "_", unicodedata.normalize("NFC", name)).strip("_.-")
    short = plain.encode()[:LONGEST].decode(errors="ignore").rstrip("_.-")
    return f"_{short}" if not short or DEVICE.fullmatch(short.partition(".")[0]) else short


def _one_case(stem: str) -> str:
    """The same for names that some file system takes for one."""
    return unicodedata.normalize("NFKC", stem).casefold()


def _hash(name: str, digits: int) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
