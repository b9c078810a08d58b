"""Bring the catalogues of translations up to date with what is shown, and make of them what is read.

    python tools/messages.py            every catalogue gets the messages that there are now; those gone go
    python tools/messages.py --check    says what would change, and changes nothing; exit code 1 if anything would

Messages are what the presentation marks (`gettext("…")`, `N_("…")`, `{% trans %}` in templates) and the words of the
registries (`coprod_sim/presentation/registered.py`). A new language begins as an empty `.po` in a folder of its own:
docs/languages.md says how.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from coprod_sim.presentation.language import DOMAIN, LOCALE
from coprod_sim.presentation.registered import registered

PRESENTATION = LOCALE.parent
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
OPTIONS: dict[str, dict[str, Any]] = {"**.j2": {"newstyle_gettext": "true", "silent": "false",
                                                "trim_blocks": "true", "lstrip_blocks": "true"}}  # fmt: skip
KEYWORDS: dict[str, Any] = {
    "gettext": None, "_": None, "N_": None, "ngettext": (1, 2), "counted": (1, 2), "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
WIDTH = 120
NO_TIME = datetime(2000, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (what changes says git)
# Lines of a header that say when and by what, which git knows.
UNSTABLE = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Generated-By', '"Report-Msgid-Bugs-To')


def template() -> Catalog:
    """Every message that there is, without a translation."""
    made = Catalog(project="coprod_sim", creation_date=NO_TIME, charset="utf-8")
    for file, _, message, comments, context in extract_from_dir(PRESENTATION, METHODS, OPTIONS, KEYWORDS):
        made.add(message, locations=[(file, 1)], auto_comments=comments, context=context)
    for word in registered():
        made.add(word.text, auto_comments=[word.name], context=word.context)
    return made


def files() -> Iterator[Path]:
    """Every catalogue."""
    yield from sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read(file: Path) -> Catalog:
    """A catalogue as it is."""
    with file.open("rb") as content:
        return read_po(content, locale=file.parent.parent.name, domain=DOMAIN, abort_invalid=True)


def renewed(file: Path, messages: Catalog) -> tuple[bytes, bytes]:
    """What a catalogue and what is made of it should be."""
    found = read(file)
    found.update(messages, no_fuzzy_matching=True)
    found.obsolete.clear()
    found.creation_date = found.revision_date = NO_TIME
    found.header_comment = "# coprod_sim: what is shown, in another language. See docs/languages.md."
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, found, width=WIDTH, sort_output=True, include_lineno=False, ignore_obsolete=True)
    write_mo(compiled, found)
    lines = text.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSTABLE)).encode(), compiled.getvalue()


def main(words: list[str]) -> int:
    """Renew or check all catalogues."""
    if words not in ([], ["--check"]):
        print(f"usage: python tools/messages.py [--check], got {' '.join(words)}", file=sys.stderr)
        return 2
    messages, changed = template(), False
    for file in files():
        for path, content in zip((file, file.with_suffix(".mo")), renewed(file, messages), strict=True):
            if path.exists() and path.read_bytes() == content:
                continue
            changed = True
            print(f"{path.relative_to(PRESENTATION)}: {'would change' if words else 'written'}")
            if not words:
                path.write_bytes(content)
        lacking = [message.id for message in read(file) if message.id and not message.string]
        print(f"{file.relative_to(PRESENTATION)}: {len(lacking)} of {len(messages)} messages without a translation")
    return int(bool(words) and changed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
