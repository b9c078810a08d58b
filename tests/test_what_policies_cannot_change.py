"""What no policy changes: who lives, needs and is cared for at home, the same to the bit under all of them; what a
policy that says the same as today changes, nothing; what one elder changes elsewhere at once, nothing; and that every
yuan, hour and meal comes from somewhere and goes somewhere, at the ends of all ranges too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DECLARED, EXTREMES, LEVERS, LIVELY, Changes, end, scenario_changes, scenario_with

import coprod_sim as cs
from coprod_sim.model.counting_elders import CELLS, above_and_below
from coprod_sim.model.indicators import BY_GROUP
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State
from coprod_sim.model.people.need import need_of
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, declarations, scenario_from

SEED = 11
SIZE = ["population.villages=5", "population.elders_per_village=60", "horizon.months=32", "horizon.reform_month=6",
        "horizon.state_window=12", "access.requires_self_care=false", "access.fewest_users=3"]  # fmt: skip
NO_SCHEME = ["government.target_share=0", "associations.allowed=false", "associations.at_start=0",
             "organizations.per_county=0"]  # fmt: skip
POLICIES: dict[str, list[str]] = {
    "today": [],
    "R1": ["recommendation=R1"],
    "R2": ["recommendation=R2"],
    "R3": ["recommendation=R3"],
    "R4": ["recommendation=R4"],
    "all four": ["recommendation=all_four"],
    "no scheme": NO_SCHEME,
}
OTHERS = [name for name in POLICIES if name != "today"]

# Who there is, and what of them no scheme reads or writes.
IMPOSED = ("village", "hamlet", "birth_month", "female", "alive", "present", "adl", "partner", "child", "with_others",
           "income", "filial", "taste", "conditional", "motivation_rests", "trust_rests", "cover")  # fmt: skip
OPEN_NEED = ("need_closed", "need_closed_meals", "need_closed_company", "need_closed_daily_help", "need_closed_health")


class Lived:
    """A run, and month by month what no policy may have touched of it."""

    def __init__(self, policy: str) -> None:
        self.model = CoproductionModel(cs.load_scenario("village_small", [*SIZE, *POLICIES[policy]]), rng=SEED)
        health = self.model.state.values.health
        needs = np.array([need_of(grade, health) for grade in range(4)])
        self.months: list[dict[str, bytes]] = []
        self.cells: list[np.ndarray] = []
        while self.model.running:
            self.model.step()
            elders = self.model.state.elders
            there = {name: getattr(elders, name).tobytes() for name in IMPOSED}
            there["need"] = (needs[elders.adl] * elders.present[:, None]).tobytes()
            there["open need"] = (needs[elders.adl] * (1 - elders.cover) * elders.present[:, None]).tobytes()
            self.months.append(there)


@cache
def lived(policy: str) -> Lived:
    return Lived(policy)


@pytest.mark.parametrize("policy", OTHERS)
def test_needs_cover_deaths_moves_and_families_are_the_same_to_the_bit_in_every_month(policy: str) -> None:
    today, other = lived("today"), lived(policy)
    for month, (mine, theirs) in enumerate(zip(today.months, other.months, strict=True)):
        assert [name for name in mine if mine[name] != theirs[name]] == [], f"month {month}"
    assert other.model.monthly["elders"].equals(today.model.monthly["elders"])
    assert not today.model.state.elders.alive.all() and len({month["child"] for month in today.months}) > 1


@pytest.mark.parametrize("policy", OTHERS)
def test_the_groups_for_which_results_are_given_are_made_of_the_same_elders_with_the_same_needs(policy: str) -> None:
    """What is open of the needs of every cell, and of the target group, is what closed need is divided by."""
    one, other = (lived(name).model.record for name in ("today", policy))
    assert np.array_equal(one._for_good, other._for_good)
    columns = [position for position, i in enumerate(BY_GROUP) if i.name in OPEN_NEED]
    assert len(columns) == len(OPEN_NEED)
    without_users = slice(CELLS + 1)  # the users' own group left out
    sums = [above_and_below(record._kept.since[without_users]) for record in (one, other)]
    (mine, of_mine), (theirs, of_theirs) = ([part[:, columns] for part in parts] for parts in sums)
    assert of_mine.tobytes() == of_theirs.tobytes() and (of_mine > 0).any()
    assert not np.array_equal(mine[:CELLS], theirs[:CELLS]), "nothing is closed"


@pytest.mark.parametrize("policy", OTHERS)
def test_the_policies_do_differ_in_what_they_may_change(policy: str) -> None:
    today, other = lived("today").model, lived(policy).model
    value = "need_closed"
    assert today.outcome()["value"][value, "all"] != other.outcome()["value"][value, "all"]


def test_without_a_scheme_neighbours_alone_close_need() -> None:
    none = lived("no scheme").model
    assert not none.state.elders.enrolled.any() and not (none.state.sites.opened >= 0).any()
    # From the second month on: in the first, today's desks with deadlines are set up.
    assert (none.monthly["cost_government"].iloc[1:] == 0).all()
    closed = none.outcome()["value"]
    assert closed["need_closed", "all"] > 0 == closed["need_closed_meals", "all"] == closed["need_closed_health", "all"]


def test_a_second_scenario_that_says_what_today_says_gives_the_same_to_the_bit() -> None:
    today = lived("today").model
    again = cs.load_scenario("village_small", SIZE).values()
    for group, name, declared in declarations():  # the same values, each lever as a schedule that changes nothing
        if group in LEVER_GROUPS and declared.scheduled and not isinstance(again[group][name], dict):
            again[group][name] = {0: again[group][name], 6: again[group][name], 20: again[group][name]}
    other = CoproductionModel(scenario_from(again), rng=SEED).run()
    assert other.monthly.equals(today.monthly)
    for frame in ("elders_frame", "sites_frame", "villages_frame", "townships_frame", "organizations_frame"):
        assert getattr(other, frame)().equals(getattr(today, frame)()), frame
    gap = other.outcome()["value"] - today.outcome()["value"]
    assert other.outcome()["value"].isna().equals(today.outcome()["value"].isna())
    assert (gap.dropna() == 0.0).all() and len(gap.dropna()) > 100


# One elder changed.


def twins_of_a_month(month: int, name: str, value: Any, row: int) -> tuple[CoproductionModel, CoproductionModel]:
    """Two worlds alike but for one elder until a month begins; then the month."""
    pair = []
    for changed in (False, True):
        model = CoproductionModel(scenario_with(LIVELY), rng=SEED)
        while model.month < month:
            model.step()
        if changed:
            getattr(model.state.elders, name)[row] = value
        model.step()
        pair.append(model)
    return pair[0], pair[1]


def someone(month: int, who: str) -> int:
    """Row of an elder of the second village."""
    model = CoproductionModel(scenario_with(LIVELY), rng=SEED)
    while model.month < month:
        model.step()
    elders = model.state.elders
    at = elders.present & (elders.village == 1)
    kind = {
        "a user": elders.enrolled, "a helper": elders.helper, "homebound": elders.adl >= 2, "nobody": ~elders.aware,
        "a member": elders.member,
    }[who]  # fmt: skip
    rows = np.flatnonzero(at & kind)
    return int(rows[0]) if len(rows) else int(np.flatnonzero(at)[0])


@pytest.mark.parametrize("who", ["a user", "a helper", "homebound"])
@pytest.mark.parametrize("month", [12, 13, 19])
def test_one_elders_cover_changes_nothing_in_another_village_in_the_first_month(month: int, who: str) -> None:
    """No purse is filled for it: what the county pays this month, it pays for what was counted before."""
    row = someone(month, who)
    same, other = twins_of_a_month(month, "cover", 0.001, row)
    a, b = same.state, other.state
    elsewhere = a.elders.village != 1
    for name in a.elders.columns:
        assert getattr(a.elders, name)[elsewhere].tobytes() == getattr(b.elders, name)[elsewhere].tobytes(), name
    for name in a.helped.columns:
        assert getattr(a.helped, name)[elsewhere].tobytes() == getattr(b.helped, name)[elsewhere].tobytes(), name
    for table, other_table, rows in (
        (a.sites, b.sites, a.sites.village != 1), (a.villages, b.villages, np.arange(a.villages.rows) != 1),
    ):  # fmt: skip
        for name in table.columns:
            assert getattr(table, name)[rows].tobytes() == getattr(other_table, name)[rows].tobytes(), name
    for name in a.county.columns:
        assert getattr(a.county, name).tobytes() == getattr(b.county, name).tobytes(), name
    # and it does change something at home, so that the test is not vacuous
    assert same.monthly.iloc[-1].to_dict() != other.monthly.iloc[-1].to_dict()


def test_cover_is_everybodys_own_one_elders_draw_changes_nobody_elses() -> None:
    """Grade, child, age and partner of one elder: of cover, only the own and the partner's follow."""
    model = CoproductionModel(scenario_with(LIVELY), rng=SEED)
    twin = CoproductionModel(scenario_with(LIVELY), rng=SEED)
    elders = twin.state.elders
    row = int(np.flatnonzero(elders.present & (elders.partner >= 0))[3])
    partner = int(elders.partner[row])
    elders.adl[row], elders.child[row] = 3, 4
    model.step(), twin.step()
    differ = np.flatnonzero((model.state.elders.cover != elders.cover).any(axis=1))
    assert set(differ) == {row, partner}


# Every yuan, hour and meal, over the ranges of the schema.

EDGE = 1e-9


def of_three_villages(changes: Changes) -> Scenario:
    """Three villages for fourteen months, two first months of a year among them."""
    size = {"population.villages": 3, "horizon.months": 14, "horizon.reform_month": 5}
    return scenario_with({**changes, **size})


def gaps(scenario: Scenario) -> Iterator[tuple[int, str, float]]:
    """Month, book and gap of every month."""
    model = CoproductionModel(scenario, rng=SEED)
    while model.running:
        model.step()
        state = model.state
        yield model.month, "yuan", state.money.imbalance()
        yield model.month, "hours", state.hours.imbalance()
        yield model.month, "meals", state.meals.imbalance()
        yield model.month, "credits", state.credits.imbalance()
        offered, worked = state.elders.offered.sum(), state.elders.worked.sum()
        yield model.month, "hours worked beyond those offered", max(float(worked - offered), 0.0) / (offered + 1.0)
        for name in ("own", "public", "stock"):
            yield model.month, f"below nothing: {name}", -min(float(getattr(state.sites, name).min()), 0.0) / 1e3
        for name in ("cash", "dues_cash"):
            yield model.month, f"below nothing: {name}", -min(float(getattr(state.villages, name).min()), 0.0) / 1e3
        yield from ((model.month, *of) for of in beyond(state))


def beyond(state: State) -> Iterator[tuple[str, float]]:
    """Columns that are no numbers, and shares that are none, by how much."""
    tables = (state.elders, state.helped, state.sites, state.villages, state.townships, state.organizations)
    for table in tables:
        for name, column in table.columns.items():
            values = getattr(table, name)
            if values.size and values.dtype == np.float64:
                yield f"no number: {name}", float((~np.isfinite(values)).sum())
                if column.unit in ("0-1", "share"):
                    yield f"no share: {name}", max(float(-values.min()), float(values.max()) - 1.0, 0.0)


def check(scenario: Scenario) -> None:
    worst = [(month, book, gap) for month, book, gap in gaps(scenario) if not gap <= EDGE]
    assert not worst, worst[:3]


GROUPS = sorted({key.partition(".")[0] for key in DECLARED} - {"county", "horizon", "population"})
FIXED = {"horizon.months", "horizon.reform_month", "population.villages"}


def ends_of(group: str, high: bool) -> dict[str, Any]:
    """Every parameter of a group at the low, or the high, end of its range; shares of a whole at today's."""
    parts = {"severity_mild", "severity_moderate", "severity_severe"}
    return {
        key: end(declared, high)
        for key, declared in DECLARED.items()
        if key.partition(".")[0] == group and declared.kind != "text" and key not in FIXED
        and key.partition(".")[2] not in parts
    }  # fmt: skip


@pytest.mark.parametrize("high", [False, True], ids=["low", "high"])
@pytest.mark.parametrize("group", GROUPS)
def test_books_balance_where_all_of_a_group_stands_at_an_end_of_its_range(group: str, high: bool) -> None:
    check(of_three_villages({**LIVELY, **ends_of(group, high)}))


@pytest.mark.parametrize("name", EXTREMES)
def test_books_balance_in_extreme_counties(name: str) -> None:
    check(of_three_villages(EXTREMES[name]))


@settings(max_examples=12)
@given(changes=scenario_changes())
def test_books_balance_anywhere_in_the_ranges(changes: dict[str, Any]) -> None:
    check(of_three_villages(changes))


@pytest.mark.slow
@settings(max_examples=250)
@given(changes=scenario_changes(), lively=st.booleans())
def test_books_balance_anywhere_in_the_ranges_in_many_counties(changes: dict[str, Any], lively: bool) -> None:
    check(of_three_villages({**(LIVELY if lively else {}), **changes}))


def test_the_extremes_are_of_every_lever() -> None:
    assert {key for group in GROUPS for key in ends_of(group, True)} >= set(LEVERS)
