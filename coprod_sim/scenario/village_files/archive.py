"""Whether a workbook's archive is safe to open: looked at before anything reads what is in it."""

from __future__ import annotations

import io
import zipfile
import zlib

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.village_files.bounds import MAX_OTHER_TAGS, MAX_PARTS, MAX_SHEETS, MAX_TAGS, MAX_UNPACKED
from coprod_sim.scenario.village_files.content import SAVE_AS
from coprod_sim.scenario.village_files.source import Source, reason

CHUNK = 1 << 20
TYPES = "[Content_Types].xml"
CELLS = ("xl/worksheets/", "xl/sharedStrings")  # where elements are cells and their texts
XML = (".xml", ".rels", ".vml")
STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def open_archive(source: Source, data: bytes) -> zipfile.ZipFile:
    """The archive of an .xlsx workbook, every part of which unpacks, within bounds.

    Raises:
        ScenarioError: it is damaged, encrypted, no workbook, with macros, or would unpack to too much.
    """
    if data.count(b"PK\x01\x02") > MAX_PARTS:
        raise source.refusal(f"got an archive of more than {MAX_PARTS:,} parts, {SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_list(source, archive.infolist())
        _check_kind(source, archive)
        _check_parts(source, archive)
    except ScenarioError:
        raise
    except DAMAGE as error:
        raise source.refusal(f"got a damaged workbook or archive ({reason(error)}), {SAVE_AS}") from None
    return archive


def _check_list(source: Source, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise source.refusal(f"must unpack to at most {MAX_UNPACKED / 1e6:g} MB, got {unpacked / 1e6:,.0f} MB")
    if any(part.flag_bits & 1 for part in parts):
        raise source.refusal(f"got an archive that is encrypted with a password, {SAVE_AS}")
    if len(set(names)) < len(names):
        raise source.refusal(f"got a damaged workbook, in which a part is there twice, {SAVE_AS}")
    if any(part.compress_type not in STORED for part in parts):
        raise source.refusal(f"got an archive that is packed in another way than workbooks are, {SAVE_AS}")


def _check_kind(source: Source, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    types = archive.read(TYPES) if TYPES in names else b""
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in types:
        raise source.refusal(f"got a workbook with macros, {SAVE_AS}")
    if b"spreadsheetml.sheet.main+xml" not in types:
        kind = "another kind of workbook" if "mimetype" in names or b"sheet.binary" in types else "no workbook"
        raise source.refusal(f"got a zip archive that holds {kind}, {SAVE_AS}")


def _check_parts(source: Source, archive: zipfile.ZipFile) -> None:
    """Unpack every part once, as far as declared: checksums, the number of XML elements, no entities."""
    cells = others = sheets = 0
    for part in archive.infolist():
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                elements = chunk.count(b"<") - chunk.count(b"</")
                if part.filename.startswith(CELLS):
                    cells += elements
                elif part.filename.endswith(XML):
                    others += elements
                    sheets += chunk.count(b"sheetId")
                if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                    raise source.refusal(f"got a workbook whose XML declares entities, {SAVE_AS}")
                _check_numbers(source, cells, others, sheets)


def _check_numbers(source: Source, cells: int, others: int, sheets: int) -> None:
    if cells + others > MAX_TAGS:
        what = f"got a workbook of more than {MAX_TAGS:,} cells, rows and other elements"
        raise source.refusal(f"{what}: delete empty rows, columns and other sheets, or save as CSV UTF-8")
    if others > MAX_OTHER_TAGS:
        what = f"got a workbook of more than {MAX_OTHER_TAGS:,} elements besides its cells, such as styles"
        raise source.refusal(f"{what}: copy the cells to a new workbook, or save as CSV UTF-8")
    if sheets > MAX_SHEETS:
        raise source.refusal(f"must have at most {MAX_SHEETS} sheets, got {sheets:,}")
