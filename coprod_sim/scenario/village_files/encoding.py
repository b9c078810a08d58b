"""From bytes to text: UTF-8, UTF-16 with a byte order mark, or GB18030, and only where it is clear which."""

from __future__ import annotations

import re

from coprod_sim.scenario.village_files.source import Source

UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\x84\x31\x95\x33": "gb18030",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
SAVE_AS = "save it as CSV UTF-8"
RARE = 0.25  # share of uncommon characters from which text that was read as GB18030 is likely to be something else


def decode(source: Source, data: bytes) -> str:
    """The text of a file, without its byte order mark.

    Raises:
        ScenarioError: another encoding, damaged text, or text that reads well in two encodings.
    """
    if data.startswith(UTF_32):
        raise source.refusal(f"must be UTF-8, UTF-16 or GB18030, got UTF-32: {SAVE_AS}")
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return _strict(source, data, mark, encoding)
    if b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise source.refusal(f"got a NUL byte, as in UTF-16 without a byte order mark: {SAVE_AS}", line)
    return _without_mark(source, data)


def _strict(source: Source, data: bytes, mark: bytes, encoding: str) -> str:
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
        before = data[len(mark) : len(mark) + error.start].decode(encoding, errors="replace")
        line = before.count("\n") + 1 if "\n" in before else before.count("\r") + 1
        raise source.refusal(f"got bytes that are not {name}, as its byte order mark says: {SAVE_AS}", line) from None


def _without_mark(source: Source, data: bytes) -> str:
    """Text that does not say its encoding. Where both fit, UTF-8 must read clearly better."""
    as_utf, bad = _try(data, "utf-8")
    as_gb, _ = _try(data, "gb18030")
    if as_utf is not None and (as_gb is None or as_utf == as_gb or _uncommon(as_utf) < _uncommon(as_gb)):
        return as_utf
    if as_utf is not None and as_gb is not None:
        first = re.search(rb"[\x80-\xff]", data)
        assert first is not None  # else both were the same
        line = _line_of(data, first.start())
        raise source.refusal(f"got text that can be read as UTF-8 and as GB18030: {SAVE_AS}", line)
    if as_gb is None or _share_rare(as_gb) > RARE:
        raise source.refusal(f"got text that is neither UTF-8 nor GB18030: {SAVE_AS}", _line_of(data, bad))
    return as_gb


def _try(data: bytes, encoding: str) -> tuple[str | None, int]:
    """Text or None, and the place of the first byte that does not fit."""
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError as error:
        return None, error.start


def _line_of(data: bytes, place: int) -> int:
    before = data[:place]
    return (before.count(b"\n") or before.count(b"\r")) + 1


def _foreign(text: str) -> set[str]:
    return {sign for sign in set(text) if sign > "\x7f"}


def _uncommon(text: str) -> int:
    """Different characters that are neither among the 3,755 most common Chinese ones nor Chinese punctuation."""
    return sum(not (_row(sign) in (0xA1, 0xA3) or 0xB0 <= _row(sign) <= 0xD7) for sign in _foreign(text))


def _share_rare(text: str) -> float:
    """Share of the different characters that the 6,763 of simplified Chinese and its punctuation do not have."""
    signs = _foreign(text)
    return sum(not (_row(sign) in (0xA1, 0xA3) or _row(sign) >= 0xB0) for sign in signs) / max(len(signs), 1)


def _row(sign: str) -> int:
    """Row of a character in GB 2312, which orders Chinese ones by how common they are; 0 if it is not there."""
    try:
        return sign.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0
