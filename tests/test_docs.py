"""The documentation names what is there: files, functions, parameters, sections; generated pages are current."""

from __future__ import annotations

import ast
import importlib.util
import re
import warnings
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mesa
import pytest

from coprod_sim.model.indicators import declaring
from coprod_sim.scenario.schema import declarations

ROOT = Path(__file__).resolve().parent.parent
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
SOURCES = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in (ROOT / "coprod_sim").rglob("*.py")}

# A file in code font, then names that it holds: `coprod_sim/model/model.py`, `step`, `run`
PLACE = re.compile(r"`(coprod_sim/[\w/]+\.py)`((?:,\s+`\w+`)*)")
# `ODD 7.3` or `ODD 7.3, 7.5` in a docstring
CITED = re.compile(r"ODD (\d[\d.]*\d|\d)((?:, \d[\d.]*\d)*)")


@cache
def defined(path: str) -> set[str]:
    """Functions, methods, classes and names assigned in a module or class."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(SOURCES[path])):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return found


def places() -> list[tuple[str, list[str]]]:
    return [(path, re.findall(r"`(\w+)`", names)) for path, names in PLACE.findall(ODD)]


def in_code_font() -> set[str]:
    """What stands between single backticks, fenced blocks left out."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", ODD, flags=re.DOTALL)))


def test_odd_names_files_and_functions_that_exist() -> None:
    assert len(places()) > 100
    missing = [path for path, _ in places() if path not in SOURCES]
    assert not missing
    wrong = [(path, name) for path, names in places() for name in names if name not in defined(path)]
    assert not wrong


def test_odd_names_every_file_of_the_model_that_holds_rules() -> None:
    named = {path for path, _ in places()}
    # They have rules compiled, and hold none but those of random numbers.
    silent = ("coprod_sim/model/engine/", "coprod_sim/model/warming.py")
    rules = {p for p, text in SOURCES.items() if p.startswith("coprod_sim/model/") and "def " in text}
    assert not {p for p in rules - named if not p.startswith(silent)}


def test_every_submodel_names_the_files_that_hold_it() -> None:
    parts = re.split(r"^#+ (\d[\d.]*\d|\d)\b.*$", ODD, flags=re.MULTILINE)
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    submodels = {number for number in texts if number.startswith("7.")}
    submodels -= {number for number in submodels if f"{number}.1" in texts}  # headings over others
    assert len(submodels) > 25
    assert not [number for number in sorted(submodels) if "\nIn: `coprod_sim/" not in texts[number]]


def test_odd_names_parameters_that_exist() -> None:
    parameters = {f"{group}.{name}" for group, name, _ in declarations()}
    dotted = {text for text in in_code_font() if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", text)}
    assert len(dotted) > 50
    assert not dotted - parameters


def test_odd_uses_names_of_the_code() -> None:
    words = set(re.findall(r"\w+", "\n".join(SOURCES.values())))
    names = {text for text in in_code_font() if re.fullmatch(r"[A-Za-z_]\w*", text)}
    fenced = "\n".join(re.findall(r"```(.*?)```", ODD, flags=re.DOTALL))
    names |= {word for word in re.findall(r"\w+", fenced) if "_" in word}
    assert not names - words


def sections_of(page: str) -> set[str]:
    return {number.rstrip(".") for number in re.findall(r"^#+ (\d[\d.]*)", page, flags=re.MULTILINE)}


def test_sections_that_the_code_cites_exist() -> None:
    sections = sections_of(ODD)
    cited = [
        (path, number)
        for path, text in SOURCES.items()
        for first, more in CITED.findall(text)
        for number in [first, *re.findall(r"[\d.]+", more)]
    ]
    assert cited
    assert not [(path, number) for path, number in cited if number not in sections]
    # So do those that the text itself points to, as (7.4.2) or "section 7.4.2".
    pointed = set(re.findall(r"sections? (\d[\d.]*\d|\d)", ODD))
    assert not pointed - sections


def test_odd_can_be_read_in_an_editor() -> None:
    assert not [line for line in ODD.splitlines() if len(line) > 120 and not line.startswith("|")]


def test_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    old = [name for name, text in module.pages().items() if (ROOT / "docs" / name).read_text(encoding="utf-8") != text]
    if old:
        pytest.fail(f"{', '.join(old)}: not current, run docs/make_reference.py")


# Pages whose examples are run from top to bottom in one go, and what holds after them; a first line "# Mesa 3.3" says
# where a block is for.
RUN = {
    "../README.md": "result.complete and set(result.differences().index.get_level_values('scenario')) == {'reform'}",
    "mesa.md": "len({row['trust'] for row in rows}) == 4",
    "designs.md": "list(study.parameter_sets) == [1, 2]",
    "start.md": "model.month == 24",
    "policies.md": "list(study.scenarios) == ['today', 'time bank'] and len(study.keys()) == 8",
    "own_rules.md": "money.sum_of(purpose='helpers_pay') > 0 and set(explained) == {'motives', 'pay'}",
    "extending.md": "covered_daily_help.count(of(covered=of(daily_help=0.4), needs_help=True)) == (0.4, 1.0)"
    " and days_shut.count(of(places=of(sites=4.0, meal_days=3.0))) == 0.25",
}
# The README's is a study of twenty villages; own_rules.md compiles its rules, and test_own_rules.py exchanges some.
LONG = ("../README.md", "own_rules.md")
OLD_MESA = mesa.__version__.startswith("3.3")


def examples(page: str) -> list[str]:
    """A page's blocks of Python for the Mesa that is installed."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    other = "# Mesa 3.4 and later\n" if OLD_MESA else "# Mesa 3.3\n"
    return [block for block in blocks if not block.startswith(other)]


@pytest.mark.parametrize("page", [pytest.param(page, marks=pytest.mark.slow) if page in LONG else page for page in RUN])
def test_examples_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # an example writes results
    monkeypatch.setattr(declaring, "DECLARED", dict(declaring.DECLARED))  # an example declares indicators
    here: dict[str, Any] = {"__name__": "examples", "of": SimpleNamespace}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in examples(page):
            exec(block, here)
    assert eval(RUN[page], here)


def test_what_the_page_on_verification_points_to_is_there() -> None:
    page = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|coprod_sim|configs)/[\w/.]+\.\w+)`", page))
    assert len(named) > 30
    assert not [path for path in sorted(named) if not (ROOT / path).exists()]
    cited = {
        n for part in re.findall(r"ODD ((?:\d[\d.]*\d|\d)(?:, (?:\d[\d.]*\d|\d))*)", page) for n in part.split(", ")
    }
    assert cited and not cited - sections_of(ODD)
    rows = [line for line in page.splitlines() if line.startswith("|") and not re.match(r"\| (---|found)", line)]
    assert rows and not [row for row in rows if not re.search(r"\*\*(done|changed|open)\*\*", row)]
