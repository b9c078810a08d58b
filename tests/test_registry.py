"""Indicators are declared once: what a declaration says is what is shown, and nothing else spells their names out."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from coprod_sim.model.state import State

import coprod_sim as cs
from coprod_sim.model import indicators
from coprod_sim.model.counting_elders import CELLS, count_elders
from coprod_sim.model.indicators import (
    BY_GROUP,
    INDICATORS,
    OF_COUNTY,
    PLACES,
    SIDES,
    gauges_of,
    of_county,
    of_viewpoints,
    selects,
    shown_in,
)
from coprod_sim.model.indicators.declaring import DECLARED, STAGES, Indicator
from coprod_sim.model.indicators.declaring import of_county as declare
from coprod_sim.model.indicators.per_elder import ElderMonth
from coprod_sim.model.outcomes import Record
from coprod_sim.presentation import labels
from coprod_sim.presentation.report import money
from coprod_sim.presentation.tables import SHOWN
from tests.states import scenario

PACKAGE = Path(__file__).resolve().parent.parent / "coprod_sim"
# Files that may name indicators, and why.
MAY_NAME = {
    "analysis/patterns.py": "a published figure is about the indicator that measures the same",
    "analysis/validation.py": "columns of elders_frame, which are state variables",
    "presentation/labels.py": "a group of elders, the enrolled",
}


def strings(file: Path) -> Iterator[str]:
    """Every text constant of a file of Python; of a template what stands between quotes."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".j2":
        yield from text.replace("'", '"').split('"')[1::2]
        return
    yield from (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and
                isinstance(node.value, str))  # fmt: skip


def test_nothing_outside_the_registry_spells_out_the_name_of_an_indicator() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix()
        for folder in ("study", "analysis", "presentation")
        for file in (PACKAGE / folder).rglob("*")
        if file.suffix in (".py", ".j2") and set(strings(file)) & set(INDICATORS)
    }
    assert found == set(MAY_NAME)


def test_every_declaration_is_whole() -> None:
    for name, i in INDICATORS.items():
        assert i.name == name == i.count.__name__
        assert i.label[0].isupper() and "_" not in i.label and not i.label.endswith(".")
        assert i.meaning and not i.meaning.endswith(".")
        relative = i.unit in ("share", "0-1", "points of 30", "1/year") or "/" in i.unit
        assert i.denominator or not relative, f"{name}: of what?"
        assert bool(i.subject) == (i.side == "cost" and "headline" in i.shown), name
    assert len({i.label for i in INDICATORS.values()}) == len(INDICATORS) == len(DECLARED)
    assert set(BY_GROUP) | set(OF_COUNTY) == set(INDICATORS.values()) and not set(BY_GROUP) & set(OF_COUNTY)


def test_places_and_stages_have_what_is_shown_in_them() -> None:
    assert all(shown_in(place) for place in PLACES)
    assert selects() in shown_in("headline")
    assert all(gauges_of(stage) for stage in STAGES)
    assert set(shown_in("groups")) <= {i.name for i in BY_GROUP}
    assert len(of_viewpoints()) == 3 and all(
        INDICATORS[name].unit == "yuan" for names in of_viewpoints().values() for name in names
    )


ELDER = ElderMonth(
    needed=(True, True, False, True), met=(True, False, False, True), covered=(0.9, 0.4, 0.0, 1.0),
    care_by_family=3.0, care_by_scheme=2.0, well_being=20.0, trust=0.6, recognition=0.3, enrolled=True, helper=True,
    able=True, hours=13.0, unpaid=0.25, target=True, reached=True, lately=False,
)  # fmt: skip
# What this elder adds above and below the line, by hand.
ADDS = {
    "met_meals": (1, 1), "met_company": (0, 1), "met_daily_help": (0, 0), "met_health": (1, 1), "met_all": (0, 1),
    "covered_meals": (0.9, 1), "covered_company": (0.4, 1), "covered_daily_help": (0, 0),
    "personal_care_hours_met": (5, 1), "care_hours_by_scheme": (2, 1), "wellbeing": (20, 1), "trust": (0.6, 1),
    "recognition": (0.3, 1), "enrolled_share": (1, 1), "took_part_12m": (0, 1), "helper_rate": (1, 1),
    "helper_hours": (13 / (52 / 12), 1), "unpaid_hours": (13 * 0.25, 1),
}  # fmt: skip


def test_an_elder_adds_to_each_indicator_what_was_worked_out_by_hand() -> None:
    found = {i.name: tuple(i.count(ELDER)) for i in BY_GROUP}
    assert set(found) == set(ADDS)
    for name, by_hand in ADDS.items():
        assert found[name] == pytest.approx(by_hand), name


def test_what_is_counted_is_what_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[State] = []
    monkeypatch.setattr(Record, "add", lambda _, state: seen.append(copy.deepcopy(state)))
    model = cs.CoproductionModel(scenario(), rng=7)
    for _ in range(14):
        model.step()
    state = seen[-1]
    sums = count_elders(state, np.zeros(state.elders.rows, dtype=np.int16))
    assert len(sums) == len(BY_GROUP)
    totals = {i.name: pair for i, pair in zip(BY_GROUP, sums[:, :, :CELLS].sum(axis=2).tolist(), strict=True)}
    able = [row for row in range(state.elders.rows) if state.elders.able()[row]]
    helpers = [row for row in able if state.elders.helper[row]]
    assert totals["helper_rate"] == [len(helpers), len(able)] and helpers
    assert totals["wellbeing"][0] == pytest.approx(state.elders.well_being[state.elders.present].sum())
    county = of_county(state)
    assert list(county) == [i.name for i in OF_COUNTY]
    payers = [county[i.name] for i in OF_COUNTY if i.payer and i.name != "cost_government"]
    assert county["cost_locality"] == pytest.approx(sum(payers)) and county["cost_locality"] > 0
    half = (county["cost_society_no_wage"] + county["cost_society_full_wage"]) / 2
    assert county["cost_society"] == pytest.approx(half)


def test_an_indicator_that_is_declared_is_shown_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicators.declaring, "DECLARED", {})

    @declare("Cups of tea", "value", "cups", kind="flow", bought="cup more", shown=("table", "time"))
    def cups(_: object) -> float:
        """Cups of tea drunk."""
        return 3.0

    assert isinstance(cups, Indicator) and (cups.name, cups.meaning) == ("cups", "cups of tea drunk")
    monkeypatch.setitem(INDICATORS, "cups", cups)
    assert "cups" in shown_in("table", "value") and "cups" not in shown_in("headline")
    assert labels.label("cups") == "Cups of tea"

    def dust(_: object) -> float:
        """Dust."""
        return 0.0

    with pytest.raises(ValueError, match=r"shown: must be one of 'headline', .*, got 'attic'"):
        declare("Dust", "cost", "kg", shown=("attic",))(dust)
    with pytest.raises(ValueError, match="declared twice"):
        declare("Cups again", "value", "cups")(cups.count)


def test_first_answers_show_what_the_registry_says() -> None:
    assert list(SHOWN) == list(SIDES)
    assert all(INDICATORS[name].side == side for side, names in SHOWN.items() for name in names)
    assert money.PAYERS == ("cost_government", "cost_village", "cost_elders", "cost_donors", "cost_organizations")
    assert {i.name: i.one for i in money.BOUGHT}["enrolled"] == 1
    assert {i.name: i.one for i in money.BOUGHT}["met_all"] == 0.01
