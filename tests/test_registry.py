"""Indicators are declared once: what a declaration says is what is shown, and nothing else spells their names out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from coprod_sim.model import indicators
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
from coprod_sim.model.indicators.declaring import STAGES, Indicator
from coprod_sim.model.indicators.declaring import of_county as declare
from coprod_sim.presentation import labels
from coprod_sim.presentation.plan import COLORS, LOST, PLAN, SERVED, cause
from coprod_sim.presentation.report import money
from coprod_sim.presentation.tables import SHOWN
from tests.test_indicators import tally

PACKAGE = Path(__file__).resolve().parent.parent / "coprod_sim"
# Files that may name indicators, and why.
MAY_NAME = {
    "analysis/patterns.py": "a published figure is about the indicator that measures the same",
    "analysis/losers.py": "what somebody may lose is a choice of results, one by one",
    "analysis/official_sheet.py": "a figure that officials know is about the indicator that measures the same",
    "analysis/mean_field.py": "a page of arithmetic reads the same means under the same names",
    "presentation/app/flow.py": "columns of the state, of which some are called as indicators are",
    "presentation/app/inspector.py": "columns of the state, of which some are called as indicators are",
    "presentation/app/sides.py": "what a side begins with is a choice",
    "presentation/app/texts.py": "words of the page, of which some are called as indicators are",
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


def test_every_declaration_is_of_a_group_or_of_the_county() -> None:
    assert set(BY_GROUP) | set(OF_COUNTY) == set(INDICATORS.values()) and not set(BY_GROUP) & set(OF_COUNTY)


def test_places_and_stages_have_what_is_shown_in_them() -> None:
    assert all(shown_in(place) for place in PLACES)
    assert selects() in shown_in("headline")
    assert all(gauges_of(stage) for stage in STAGES)
    assert set(shown_in("groups")) <= {i.name for i in BY_GROUP}
    assert len(of_viewpoints()) == 3 and all(
        INDICATORS[name].unit == "yuan" for names in of_viewpoints().values() for name in names
    )


def test_what_is_counted_for_groups_and_for_the_county_is_all_that_is_declared() -> None:
    county = of_county(tally())
    assert list(county) == [i.name for i in OF_COUNTY]
    assert not {i.kind for i in OF_COUNTY} & {"ratio"}  # a quotient of sums needs both of them, and the county has one
    payers = [county[i.name] for i in OF_COUNTY if i.payer and i.name != "cost_government"]
    assert county["cost_locality"] == pytest.approx(sum(payers))


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
    assert {i.name: i.one for i in money.BOUGHT}["need_closed"] == 0.01
    assert {i.name: i.one for i in money.BOUGHT}["qol_years"] == 1


def test_the_problems_of_the_study_have_their_gauges_in_the_report() -> None:
    assert {stage: gauges for stage, _, _, gauges in labels.problems()} == {
        "Design": ("aims_spread",),
        "Management": ("money_late_share",),
        "Provision": ("duties_undone_share",),
        "Evaluation": ("score_inflation", "diverted_share", "faults_standing"),
    }


def test_what_becomes_of_planned_meals_is_found_by_what_it_is_a_share_of() -> None:
    assert {*LOST} == {name for name in INDICATORS if name.startswith("loss_")} and SERVED == "plan_served"
    assert [cause(name) for name in PLAN] == [
        "never heard of the scheme", "did not enrol or did not come", "no money for a place or for food",
        "rooms too worn to hold all users", "duty left undone", "no manager's hours", "no cook at work",
        "no helping hands", "served",
    ]  # fmt: skip
    assert len(set(COLORS.values())) == len(PLAN) and list(COLORS) == [*LOST, SERVED]


def test_a_parameter_with_a_long_meaning_has_a_short_title_beside_a_row_of_a_figure() -> None:
    for key, title in labels.PARAMETER_TITLES.items():
        meaning = labels.parameter_meaning(key)
        assert meaning != key, f"{key}: the schema has no such parameter"
        assert len(title) <= 40 and len(title) < len(meaning), key
        assert labels.parameter_title(key) == title
    assert labels.parameter_title("helping.base") == labels.parameter_meaning("helping.base")
