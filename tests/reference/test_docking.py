"""The textbook model and the model give the same, month by month (docs/verification.md, Two implementations)."""

from __future__ import annotations

from typing import Any

import pytest

from coprod_sim.model.county.flows import FLOWS, GIVERS, MEALS, USES
from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, declarations
from tests.reference import docking
from tests.reference.model import Textbook
from tests.reference.scenarios import FAST, MONTHS, SLOW, county

QUICK = {"law, bank and honours", "money", "rival forms"}  # for `make test`; all the others are slow together


def docked(scenarios: dict[str, dict[str, Any]], seeds: tuple[int, ...]) -> tuple[list[str], set[str]]:
    """What differs, a line each of the first month of a run in which something does; and which flows moved."""
    found, moved = list[str](), set[str]()
    for name, changes in scenarios.items():
        for seed in seeds:
            differences = docking.dock(county(changes), seed, MONTHS, moved)
            found += [f"{name}, seed {seed}: {one}" for one in differences]
    return found, moved


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in FAST])
def test_both_give_the_same_under_every_lever_and_rival_form(name: str) -> None:
    found, _ = docked({name: FAST[name]}, (1,))
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_both_give_the_same_in_many_counties_in_which_everything_moves() -> None:
    found, moved = docked(FAST, (2,))
    more, moves_too = docked(SLOW, (1,))
    assert not found + more, "\n".join(found + more)
    flows = [f"yuan {flow.payer} to {flow.payee}: {flow.purpose}" for flow in FLOWS]
    hours = [f"hours {giver}: given" for giver in GIVERS] + [f"hours {use.giver}: {use.use}" for use in USES]
    others = [f"meals {kind}" for kind in MEALS] + [
        f"credits {kind}" for kind in ("issued", "spent", "expired", "lost")
    ]
    assert {*flows, *hours, *others} == moved | moves_too


def test_the_scenarios_use_every_lever_and_every_switch() -> None:
    today, used = Scenario(), [county(changes) for changes in FAST.values()]
    names = [(group, name) for group, name, _ in declarations() if group in (*LEVER_GROUPS, "structure")]
    idle = [f"{g}.{n}" for g, n in names if all(values_of(one, g, n) <= values_of(today, g, n) for one in used)]
    assert names and not idle, f"no scenario sets {', '.join(idle)} to another value than today's"


def values_of(scenario: Scenario, group: str, name: str) -> set[Any]:
    value = getattr(getattr(scenario, group), name)
    return set(value.values()) if isinstance(value, dict) else {value}


def test_a_difference_is_told_with_month_table_column_rows_and_both_values() -> None:
    scenario = county(FAST["talk"])
    model, textbook = CoproductionModel(scenario, rng=1), Textbook(scenario, 1)
    assert not docking.differences(-1, model.state, textbook.world)
    textbook.world.villages[2].cash += 1.0
    textbook.world.elders[7].aware = not textbook.world.elders[7].aware
    model.state.money.moved[0] += 5.0
    cash = float(model.state.villages.cash[2])
    told = [str(one) for one in docking.differences(0, model.state, textbook.world)]
    aware = bool(model.state.elders.aware[7])
    assert f"month 0, elders.aware, 1 rows: row 7: textbook {not aware}, model {aware}" in told
    assert f"month 0, villages.cash, 1 rows: row 2: textbook {cash + 1!r}, model {cash!r}" in told
    assert "month 0, yuan.treasury to county: appropriation, 1 rows: row 0: textbook 0.0, model 5.0" in told
