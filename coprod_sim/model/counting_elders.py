"""Adds up what every elder adds to each indicator that is given by group (ODD 4.10)."""

from __future__ import annotations

import linecache
from collections import namedtuple
from types import FunctionType
from typing import Any, NamedTuple, cast

import numpy as np

from coprod_sim.model.agents.elder.table import MILD, Elders
from coprod_sim.model.columns import Flags, Floats, Smalls
from coprod_sim.model.engine.compiling import compiled_pass, python_variant, row_step, rule
from coprod_sim.model.indicators import BY_GROUP, EXTRA, SHAPE, Indicator, per_elder
from coprod_sim.model.indicators.per_elder import ElderMonth
from coprod_sim.model.state import State
from coprod_sim.scenario.timeline import value_at

CELLS = int(np.prod(SHAPE))
TARGET, ENROLLED = CELLS, CELLS + 1  # where the sums of groups stand that cut across the cells
_, LIVING_FORMS, SEXES, THIRDS, WEALTHS = SHAPE
LATELY = 12  # months
WRITTEN_OUT = "<counts of indicators by group>"  # in place of the name of a file


class CountView(NamedTuple):
    """What there is to count beside the elders' state.

    Attributes:
        amount, covered: (4, rows) needs, and the share of each that is covered.
        care_by_family, care_by_scheme: (rows,) hours of daily help.
        left_behind, alone: (rows,) no child in the home; neither child nor spouse.
        third: (rows,) income third at the start.
        poor: (villages,) poor village.
        served: (hamlets,) a site serves the hamlet.
        unpaid: (hamlets,) share of the hours helped there for which nothing is paid.
        target_age: age limit of the target group, years.
        month: this month.
    """

    amount: Floats
    covered: Floats
    care_by_family: Floats
    care_by_scheme: Floats
    left_behind: Flags
    alone: Flags
    third: Smalls
    poor: Flags
    served: Flags
    unpaid: Floats
    target_age: float
    month: int


# What one elder adds to each indicator that is given by group, in the order of `BY_GROUP`.
Counts = namedtuple("Counts", [i.name for i in BY_GROUP])  # type: ignore[misc]


among, all_met = rule(per_elder.among), rule(per_elder.all_met)  # what the functions of indicators may call


def _step(indicator: Indicator) -> Any:
    """The function of an indicator as a step of the pass."""
    called = {"among": among, "all_met": all_met}
    return row_step(python_variant(cast(FunctionType, indicator.count), called))


def _all_counts() -> Any:
    """The rule that calls the function of every indicator.

    Compiled code cannot loop over functions, so that the calls are written out, as namedtuples write out their fields.
    """
    known: dict[str, Any] = {"__name__": __name__, "Counts": Counts, "ElderMonth": ElderMonth}
    known |= {i.name: _step(i) for i in BY_GROUP}
    calls = ", ".join(f"{i.name}(elder)" for i in BY_GROUP)
    source = f"def counts_of(elder: ElderMonth) -> Counts:\n    return Counts({calls})\n"
    # Kept where debuggers and whatever else reads source looks for lines that are in no file.
    linecache.cache[WRITTEN_OUT] = len(source), None, source.splitlines(keepends=True), WRITTEN_OUT
    exec(compile(source, WRITTEN_OUT, "exec"), known)
    return rule(known["counts_of"])


counts_of = _all_counts()


@row_step
def elder_month(row: int, elders: Elders, view: CountView) -> ElderMonth:
    """What there is to count of the elder of a row."""
    amount, covered, met = view.amount, view.covered, elders.met
    hamlet = elders.hamlet[row]
    age = (view.month - elders.birth_month[row]) / 12.0
    target = view.left_behind[row] and age >= view.target_age
    reached = elders.aware[row] and view.served[hamlet]
    return ElderMonth(
        needed=(amount[0, row] > 0, amount[1, row] > 0, amount[2, row] > 0, amount[3, row] > 0),
        met=(met[row, 0], met[row, 1], met[row, 2], met[row, 3]),
        covered=(covered[0, row], covered[1, row], covered[2, row], covered[3, row]),
        care_by_family=view.care_by_family[row],
        care_by_scheme=view.care_by_scheme[row],
        well_being=elders.well_being[row],
        trust=elders.trust[row],
        recognition=elders.recognition[row],
        enrolled=elders.enrolled[row],
        helper=elders.helper[row],
        able=elders.adl[row] <= MILD,
        hours=elders.hours[row],
        unpaid=view.unpaid[hamlet],
        target=target,
        reached=reached,
        lately=elders.took_part[row] > view.month - LATELY,
    )


@row_step
def cell_of(row: int, elders: Elders, view: CountView) -> int:
    """The cell of the elder of a row: grade × living × sex × income third × wealth of the village."""
    living = 0 if view.alone[row] else 1 if view.left_behind[row] else 2
    cell = elders.adl[row] * LIVING_FORMS + living
    cell = cell * SEXES + elders.female[row]
    cell = cell * THIRDS + view.third[row]
    return cell * WEALTHS + view.poor[elders.village[row]]


@compiled_pass
def count_month(elders: Elders, view: CountView, sums: Floats) -> None:
    """Add everybody of 60 or over up.

    Args:
        sums: (indicators, 2, cells + 2) written: above and below the line; by cell, of the target
            group, of the enrolled.
    """
    sums[:] = 0.0
    for row in range(elders.present.size):
        if elders.present[row]:
            elder = elder_month(row, elders, view)
            counts, cell = counts_of(elder), cell_of(row, elders, view)
            for indicator in range(len(counts)):
                above, below = counts[indicator].above, counts[indicator].below
                sums[indicator, 0, cell] += above
                sums[indicator, 1, cell] += below
                if elder.target:
                    sums[indicator, 0, TARGET] += above
                    sums[indicator, 1, TARGET] += below
                if elder.enrolled:
                    sums[indicator, 0, ENROLLED] += above
                    sums[indicator, 1, ENROLLED] += below


def count_elders(state: State, third: Smalls) -> Floats:
    """(indicators, 2, cells + 2) sums of this month, in the order of `BY_GROUP`.

    Args:
        third: (rows,) income third at the start.
    """
    needs, past, reach = state.needs, state.past, state.reach
    rate = state.params.incentive.pay_per_hour
    paid = np.minimum(state.sites.pay / rate, 1) if rate > 0 else np.zeros(state.sites.rows)
    view = CountView(
        amount=needs.amount, covered=past.covered, care_by_family=past.care_by_family,
        care_by_scheme=past.care_by_scheme, left_behind=needs.left_behind, alone=needs.alone, third=third,
        poor=state.committees.poor, served=reach.served, unpaid=1 - np.append(paid, 0.0).take(reach.site),
        target_age=float(value_at(state.scenario.access.eligible_age, 0)), month=state.month,
    )  # fmt: skip
    sums = np.empty((len(BY_GROUP), 2, CELLS + len(EXTRA)))
    state.rules.version(count_month)(state.elders.arrays, view, sums)
    return sums
