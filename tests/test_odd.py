"""The design and its declared numbers agree, and keep within their budget."""

from __future__ import annotations

import re
from pathlib import Path

from coprod_sim.scenario import schema

ROOT = Path(__file__).resolve().parent.parent
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
DECLARED = {f"{group}.{name}": declared for group, name, declared in schema.declarations()}
FILE = re.compile(r"`coprod_sim/[\w/]+\.py`")  # as sections end with them; `associations.py` is no parameter
NAMED = set(re.findall(r"\b([a-z_]+\.[a-z_0-9]+)\b", FILE.sub("", ODD)))


def test_every_declared_number_stands_in_the_design() -> None:
    assert not {key for key in DECLARED if not key.startswith("county.")} - NAMED


def test_every_number_that_the_design_names_is_declared() -> None:
    groups = {key.partition(".")[0] for key in DECLARED}
    assert not {name for name in NAMED if name.partition(".")[0] in groups} - DECLARED.keys()


def test_numbers_drawn_keep_within_their_budget() -> None:
    counted = schema.budgeted()
    assert len(counted) <= 90
    assert len(counted) + len(schema.PRICE_FACTORS) + len(schema.todays_policy()) <= 100
    # Whatever is no lever, price, size or instrument, and not measured, counts: nothing escapes by its kind.
    said = f"Counted: {len(counted)} of at most 90"
    assert said in re.sub(r"\s+", " ", ODD)


def test_every_lever_says_what_it_costs() -> None:
    levers = [key for key in DECLARED if key.partition(".")[0] in schema.LEVER_GROUPS]
    assert levers
    assert not [key for key in levers if DECLARED[key].cost is None or not DECLARED[key].label]
    assert not [key for key, declared in DECLARED.items() if declared.cost is not None and key not in levers]


def test_defaults_are_within_ranges_and_ranges_leave_room() -> None:
    values = schema.Scenario().groups()
    for key in schema.budgeted():
        group, _, name = key.partition(".")
        low, high = DECLARED[key].low, DECLARED[key].high
        assert low is not None and high is not None and low < high, key
        assert low <= getattr(values[group], name) <= high, key


def test_streams_and_sections_of_the_design_are_unique() -> None:
    sections = re.findall(r"^#+ (\d[\d.]*\d|\d)\b", ODD, flags=re.MULTILINE)
    assert len(sections) == len(set(sections))
    pointed = set(re.findall(r"\b(?:section )?(7\.\d(?:\.\d)?)\b", ODD))
    assert not {number for number in pointed if number not in sections}


def test_the_design_can_be_read_in_an_editor() -> None:
    assert not [line for line in ODD.splitlines() if len(line) > 120 and not line.startswith("|")]


def test_todays_policy_is_drawn_within_what_the_schema_allows() -> None:
    for key, (low, high) in schema.todays_policy().items():
        declared = DECLARED[key]
        assert declared.low is not None and declared.high is not None and declared.cost is not None
        assert declared.low <= low < high <= declared.high
        assert f"`{key}`" in ODD
