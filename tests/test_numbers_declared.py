"""Every number that rules, steps and passes compute with has a name and a place in the design, or is a parameter."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from coprod_sim import evidence, model

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "coprod_sim" / "model"
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
DECORATORS = {"rule", "row_step", "compiled_pass"}
PLAIN = (0, 1)
# Numbers that say nothing of what anybody does: (function, number as it is written) with a reason.
STRUCTURAL = {
    ("sink", "2"): "a heap: of a place the two below it",
    ("put_in_order", "2"): "a heap: the last place that has any below it",
    ("write_curvature", "2.0"): "the derivative of a square",
    ("uniform", "0.5"): "the middle of one of 2^52 intervals",
    ("normal", "2.0"): "Box and Muller's form",
    ("normal", "2"): "Box and Muller take two uniform numbers for a normal one",
    ("helped_by", "3.0"): "the smooth step 3h² − 2h³",
    ("helped_by", "2.0"): "the smooth step 3h² − 2h³",
    ("value_of_cover", "2.0"): "the second of three steps between four levels",
}
PLACE = re.compile(r"\bODD\b|\bbounds?\b|\bplaces?\b", flags=re.IGNORECASE)

Function = tuple[Path, ast.FunctionDef]


def functions() -> dict[str, Function]:
    """All rules, steps and passes by module and name, as they are written."""
    found = {}
    for path, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and DECORATORS & {ast.unparse(d) for d in node.decorator_list}:
                found[f"{path.stem}.{node.name}"] = (path, node)
    return found


@cache
def modules() -> dict[Path, ast.Module]:
    """Modules of the model, read."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(MODEL.rglob("*.py"))}


FUNCTIONS = functions()


def numbers(function: ast.AST) -> Iterator[tuple[ast.Constant, ast.AST]]:
    """Numbers in what a function computes, each with what it is a part of; not those that are places of something."""
    for node in ast.walk(function):
        for name, value in ast.iter_fields(node):
            for part in value if isinstance(value, list) else [value]:
                if not isinstance(part, ast.Constant) or type(part.value) not in (int, float):
                    continue
                is_place = isinstance(node, ast.Subscript) and name == "slice"
                in_places = isinstance(node, ast.Tuple) and id(node) in _slices(function)
                if not is_place and not in_places:
                    yield part, node


def _slices(function: ast.AST) -> set[int]:
    return {id(node.slice) for node in ast.walk(function) if isinstance(node, ast.Subscript)}


def is_half_or_parity(number: ast.Constant, whole: ast.AST) -> bool:
    """Whether a number is the 2 of a half, or of a remainder that tells even from odd."""
    if number.value != 2:
        return False
    if isinstance(whole, ast.BinOp):
        return whole.right is number and isinstance(whole.op, ast.Div | ast.Mod)
    return isinstance(whole, ast.AugAssign) and isinstance(whole.op, ast.Div)


def bare(function: ast.FunctionDef) -> list[str]:
    """Numbers of a function that have no name and are neither plain nor structural."""
    return [
        f"line {number.lineno}: {number.value!r}"
        for number, whole in numbers(function)
        if number.value not in PLAIN
        and not is_half_or_parity(number, whole)
        and (function.name, repr(number.value)) not in STRUCTURAL
    ]


def test_no_number_of_a_rule_step_or_pass_is_without_a_name() -> None:
    assert len(FUNCTIONS) > 400
    without = [f"{name}, {number}" for name, (_, function) in FUNCTIONS.items() for number in bare(function)]
    assert not without, "\n".join(without)


def test_what_is_structural_is_still_there() -> None:
    found = {(node.name, repr(n.value)) for _, node in FUNCTIONS.values() for n, _ in numbers(node)}
    assert not STRUCTURAL.keys() - found


def test_a_bare_number_is_found_and_places_halves_and_parity_are_not() -> None:
    source = """
def f(x: float, y: Any, year: int) -> float:
    if year % 2 == 1:
        return y[3] + y[year, 4] / 2.0 - 1
    return 0.7 * x + 2.0 * x + max(x, -40.0) + 0.5
"""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert bare(function) == ["line 5: 0.5", "line 5: 0.7", "line 5: 2.0", "line 5: 40.0"]


# Named constants.


@cache
def constants() -> dict[tuple[str, str], tuple[ast.stmt, str]]:
    """Constants of modules by module and name: the statement, and what is said in its line and in those before it."""
    found: dict[tuple[str, str], tuple[ast.stmt, str]] = {}
    for path, tree in modules().items():
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
                found.update({(_module(path), name): (node, _said(lines, tree, node)) for name in names})
    return found


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _said(lines: list[str], tree: ast.Module, node: ast.stmt) -> str:
    """Comments beside a statement, and in the lines right before it and before its neighbours above."""
    starts = {other.lineno: other for other in tree.body}
    said, line = lines[node.lineno - 1].partition("#")[2], node.lineno - 1
    while line >= 1 and (lines[line - 1].startswith("#") or isinstance(starts.get(line), ast.Assign)):
        if lines[line - 1].startswith("#"):
            said += lines[line - 1]
        line -= 1
    return said


def used() -> Iterator[tuple[str, tuple[str, str]]]:
    """Constants that rules, steps and passes name: the function, and where the constant is from."""
    known = constants()
    for name, (path, function) in FUNCTIONS.items():
        brought = {
            alias.asname or alias.name: (str(node.module), alias.name)
            for node in modules()[path].body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id.isupper():
                key = (_module(path), node.id)
                place = key if key in known else brought.get(node.id, key)
                if place in known:
                    yield name, place


def test_constants_that_are_computed_with_say_where_the_design_has_them() -> None:
    known, without = constants(), set()
    for _, place in used():
        statement, said = known[place]
        numbers_in = [n.value for n, _ in numbers(statement) if n.value not in PLAIN]
        is_list_of_places = "range(" in ast.unparse(statement)
        if numbers_in and not is_list_of_places and ".engine." not in place[0] and not PLACE.search(said):
            without.add(place)
    assert not without


# Constants of form: section 10.3.

# Grades: 1.6 a step, and 1.6 x 1.6 = 2.56; the ratio of 1.5 is tested below.
ROWS: dict[tuple[str, str], dict[str, float]] = {
    ("burn-in", "24 months"): {"BURN_IN": 24},
    ("villages a township", "13"): {"VILLAGES_A_TOWNSHIP": 13},
    ("spread of traits in 0-1", "0.8 (logit); committees .15; village money 0.6 (log)"): {
        "TRAIT_SPREAD": 0.8, "MOTIVATION_SPREAD": 0.15, "MONEY_SPREAD": 0.6,
    },
    ("poor villages' money", "a tenth, at most 5,000 yuan"): {"POOR_PART": 0.1, "POOR_MOST": 5000},
    ("most hours of a helper", "14 a week"): {"MOST_HOURS_A_WEEK": 14},
    ("typical helper", "8 hours, 4 ways a month"): {"TYPICAL_HOURS": 8, "TYPICAL_WAYS": 4},
    ("walking; a day's help", "4 km, 4 hours"): {"WALKING": 4, "HELP_OF_A_DAY": 4},
    ("duty shares", ".3, .2, .3, .1, .1"): {
        "KITCHEN_SHARE": 0.3, "ACCOUNTS_SHARE": 0.2, "KEYS_SHARE": 0.3, "LIST_SHARE": 0.1, "REPAIRS_SHARE": 0.1,
    },
    ("hours of office duties, asking, mending", "4 an application or finding, 1 a claim; ½; 4"): {
        "HOURS_AN_APPLICATION": 4, "HOURS_A_FINDING": 4, "HOURS_A_CLAIM": 1, "HOURS_TO_ASK": 0.5,
    },
    ("officers", "160 hours a month"): {"OFFICER_HOURS": 160},
    ("neighbours' events", ".2"): {"NEIGHBOURS_WEIGHT": 0.2},
    ("memory", "twice the prior"): {"MEMORY": 2},
    ("late payment", "worth ½"): {"WORTH_LATE": 0.5},
    ("adaptive rival", ".06, .24"): {"STEP": 0.06, "STEP_OF_BAD_NEWS": 0.24},
    ("stock", "five days"): {"STOCK_DAYS": 5},
    ("closing", "3 months under 15% of days; 6 under half of the fewest"): {
        "MOST_SHUT": 3, "FEW_DAYS": 0.15, "MOST_EMPTY": 6, "FEW_USERS": 0.5,
    },
    ("villages' duty costs", "0.8 (logit)"): {"COST_SPREAD": 0.8},
    ("waiver, village cash", "1.5 pensions; three years"): {"POOR": 1.5, "MOST_YEARS": 3},
    ("wage by meals", "(1 + meals)/3.5"): {"COOKS_FIXED": 1, "COOKS_USUAL": 3.5},
    ("need later", "15 years on"): {"YEARS_ON": 15 * 12},
    ("lonely; without care", "cover under ½; under .1"): {"LONELY": 0.5, "WITHOUT_CARE": 0.1},
    ("mortality of grades", "1 : 1.6 : 2.56, ratio 1.5"): {"MORTALITY_STEP": 1.6},
    ("outside evaluator's error", ".1"): {"EVALUATOR_ERROR": 0.1},
    ("least score in the money rule", ".05"): {"LEAST_SCORE": 0.05},
    ("first-year site, half a year in the plan", "6 months"): {"MONTHS_OF_NEW_SITE": 6},
}  # fmt: skip


def rows_of_the_design() -> list[tuple[str, str]]:
    """Rows of the table of section 10.3: constant and value, as they are written."""
    section = ODD.partition("### 10.3 ")[2].partition("\n##")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("|")]
    return [(constant.strip(), value.strip()) for constant, value in rows[2:]]


@cache
def values_by_name() -> dict[str, set[float]]:
    """What the model's modules call so: one value, wherever it is looked up."""
    found: dict[str, set[float]] = {}
    for module in pkgutil.walk_packages(model.__path__, f"{model.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and isinstance(value, int | float):
                found.setdefault(name, set()).add(value)
    return found


def test_constants_of_form_are_those_of_the_design() -> None:
    assert rows_of_the_design() == list(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_code_has_the_constants_of_a_row_under_a_name(row: tuple[str, str]) -> None:
    for name, value in ROWS[row].items():
        assert values_by_name().get(name) == {value}, name


def test_the_mortality_of_the_disabled_is_in_all_sets_that_of_the_design() -> None:
    assert set(evidence.table("adl_sets")["mortality_ratio"]) == {1.5}
