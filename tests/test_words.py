"""Text for users keeps to the terms of docs/naming.md: words of docs/words.txt stand nowhere in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "words.txt"
TEXTS = (".md", ".py", ".j2", ".yaml", ".ipynb")
EXEMPT = {"docs/words.txt", "docs/naming.md"}  # they name the words
# Names of publications.
TITLES = re.compile(r"World (Population|Development)")


def avoided() -> list[tuple[re.Pattern[str], str]]:
    """(expression, what stands there instead)."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.rpartition("|")[::2] for line in lines]
    return [(re.compile(expression.strip(), re.IGNORECASE), instead.strip()) for expression, instead in pairs]


def files() -> list[Path]:
    """Files with text for users: documents, code with its docstrings and messages, templates, configs, notebooks."""
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for folder in ("docs", "coprod_sim", "configs", "experiments", "notebooks", "benchmarks"):
        found += [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in TEXTS]
    return [path for path in found if path.relative_to(ROOT).as_posix() not in EXEMPT]


def text_of(path: Path) -> str:
    """What is read of a file: all of it, of a notebook its cells without what they put out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return TITLES.sub("", text)


def found_in(text: str) -> list[str]:
    """Words of the list that stand in a text, each with its line and what to write instead; lines may end within."""
    found = []
    flowing = re.sub(r"\s+", " ", text)
    for expression, instead in avoided():
        found += [f"{match[0]!r}: write {instead}" for match in expression.finditer(flowing)]
    return found


def test_text_keeps_to_the_terms_of_the_field() -> None:
    assert len(files()) > 300
    found = [f"{path.relative_to(ROOT)}: {word}" for path in files() for word in found_in(text_of(path))]
    assert not found, "\n".join(found)


def test_a_word_of_the_list_is_found_across_lines_and_other_words_are_not() -> None:
    assert found_in("they cannot\n    be told apart") == [
        "'cannot be told apart': write the 95% interval includes zero"
    ]
    assert found_in("Lucky runs") == ["'Lucky': write stochastic variation, seed, random numbers"]
    assert not found_in("pluck a fruit, pull request, worldwide, UN World Population Prospects")
