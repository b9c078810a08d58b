"""Adds up what every elder adds to each indicator that is given by group (ODD 4.10, 9)."""

from __future__ import annotations

import linecache
from collections import namedtuple
from types import FunctionType
from typing import Any, NamedTuple, cast

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints, Smalls
from coprod_sim.model.duties import KITCHEN
from coprod_sim.model.engine.compiling import compiled_pass, python_variant, row_step, rule
from coprod_sim.model.indicators import BY_GROUP, SHAPE, Indicator, per_elder
from coprod_sim.model.indicators.per_elder import ElderMonth, PlanLost
from coprod_sim.model.indicators.per_elder import Services as ByService
from coprod_sim.model.indicators.tally import People
from coprod_sim.model.people.need import Need, need_of, net_gain, withdrawing, withdrawn
from coprod_sim.model.people.table import (
    CHILD_HOME,
    COMPANY,
    DAILY_HELP,
    HEALTH,
    INDEPENDENT,
    MEALS,
    MILD,
    Elders,
    Helped,
)
from coprod_sim.model.places import OPEN, Sites
from coprod_sim.model.results import (
    PlannedMeals,
    helped_by,
    lost_meals,
    meals_planned,
    most_closed,
    quality_of_life,
    value_of_role,
    yuan_of_service,
)
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.scenario.parameters import Economics, Family, Health

CELLS = int(np.prod(SHAPE))
TARGET, ENROLLED = CELLS, CELLS + 1  # where the sums of groups stand that cut across the cells
_, LIVING_FORMS, SEXES, THIRDS, WEALTHS = SHAPE
LATELY = 12  # months
AN_HOUR = 1.0  # of work for the site, from which one counts as its helper in a month
WRITTEN_OUT = "<counts of indicators by group>"  # in place of the name of a file


class CountNumbers(NamedTuple):
    """Parameters that results read."""

    health: Health
    family: Family
    economics: Economics


class CountView(NamedTuple):
    """What there is to count beside the elders' state.

    Attributes:
        site: (hamlets,) the site that serves each, -1 without.
        meals: (villages,) of the plan, a day.
        third: (rows,) income third at the start.
        poor: (villages,) poor village.
        paid: share of the hours worked for sites that is paid.
        target_age, only_left_behind: age limit of the target group, years, and whether it is the left behind alone.
        month: this month.
    """

    site: Ints
    meals: Floats
    third: Smalls
    poor: Flags
    paid: float
    target_age: float
    only_left_behind: bool
    month: int


class Closed(NamedTuple):
    """What service closed of an elder's open needs, of company without the own share of helping, and what it freed."""

    of: Need
    company_by_others: float
    freed: float


# What one elder adds to each indicator that is given by group, in the order of `BY_GROUP`.
Counts = namedtuple("Counts", [i.name for i in BY_GROUP])  # type: ignore[misc]

# What the functions of indicators may call.
CALLED = {name: rule(getattr(per_elder, name)) for name in ("among", "part", "per_hundred", "adequate")}
CALLED["all_adequate"] = rule(
    python_variant(cast(FunctionType, per_elder.all_adequate), {"adequate": CALLED["adequate"]})
)


def _step(indicator: Indicator) -> Any:
    """The function of an indicator as a step of the pass."""
    return row_step(python_variant(cast(FunctionType, indicator.count), CALLED))


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
def closed_for(row: int, elders: Elders, helped: Helped, gains: Gains, need: Need, withdraws: float) -> Closed:
    """What service closed of the needs of the elder of a row.

    Company of helpers is read after the site's, against what that left open, and left family and self to do.
    """
    family = need.company * elders.cover[row, COMPANY] - gains.withdrawn[row]
    left = max(need.company * (1.0 - elders.cover[row, COMPANY]) - gains.company[row], 0.0)
    by_helpers = helped.company[row] + helped.own_company[row]
    care = need.daily_help * elders.cover[row, DAILY_HELP]
    clinic = need.health * elders.cover[row, HEALTH]
    return Closed(
        Need(
            gains.meals[row],
            gains.company[row] + net_gain(by_helpers, left, family, withdraws),
            net_gain(helped.daily_help[row], need.daily_help - care, care, withdraws),
            net_gain(helped.visits[row], need.health - clinic, clinic, withdraws),
        ),
        gains.company[row] + net_gain(helped.company[row], left, family, withdraws),
        gains.withdrawn[row]
        + withdrawn(by_helpers, family, withdraws)
        + withdrawn(helped.daily_help[row], care, withdraws),
    )


@row_step
def comes_through(row: int, at: int, sites: Sites, gains: Gains, out: TableMonth) -> PlannedMeals:
    """How far what is planned for a user of a site came through this month."""
    acted, done = sites.acted[at, KITCHEN], sites.done[at, KITCHEN]
    kept = (
        sites.days[at] / done if done > 0.0 else 1.0
    )  # of the days on which the duty was done; a fault costs the rest
    return PlannedMeals(
        comes=gains.comes[row],
        room=out.room[at],
        acted=acted * kept,
        hours=done / acted if acted > 0.0 else 1.0,
        cook=out.full_hands[at],
        hands=out.service[at] / out.full_hands[at] if out.full_hands[at] > 0.0 else 1.0,
        food=out.food_part[at],
    )


@row_step
def elder_month(
    row: int, elders: Elders, helped: Helped, gains: Gains, sites: Sites, out: TableMonth, view: CountView,
    numbers: CountNumbers,
) -> ElderMonth:  # fmt: skip
    """What there is to count of the elder of a row."""
    hamlet, village, grade = elders.hamlet[row], elders.village[row], elders.adl[row]
    at, cover = view.site[hamlet], elders.cover
    need, withdraws = need_of(grade, numbers.health), withdrawing(grade, numbers.family)
    opened = Need(
        need.meals * (1.0 - cover[row, MEALS]), need.company * (1.0 - cover[row, COMPANY]),
        need.daily_help * (1.0 - cover[row, DAILY_HELP]), need.health * (1.0 - cover[row, HEALTH]),
    )  # fmt: skip
    closed = closed_for(row, elders, helped, gains, need, withdraws)
    covered = Need(
        cover[row, MEALS] + closed.of.meals / need.meals, cover[row, COMPANY] + closed.of.company / need.company,
        cover[row, DAILY_HELP] + (closed.of.daily_help / need.daily_help if need.daily_help > 0.0 else 0.0),
        cover[row, HEALTH] + (closed.of.health / need.health if need.health > 0.0 else 0.0),
    )  # fmt: skip
    left_behind = elders.child[row] != CHILD_HOME or not view.only_left_behind
    target = left_behind and (view.month - elders.birth_month[row]) / 12.0 >= view.target_age
    planned = 0.0
    user = PlannedMeals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if target and at >= 0 and sites.status[at] == OPEN:
        planned = meals_planned(view.meals[village], opened.meals)
        if elders.enrolled[row]:
            user = comes_through(row, at, sites, gains, out)
    lost = lost_meals(planned, elders.aware[row], elders.enrolled[row], elders.waiting[row], user)
    return ElderMonth(
        ByService(opened.meals, opened.company, opened.daily_help, opened.health),
        ByService(closed.of.meals, closed.of.company, closed.of.daily_help, closed.of.health),
        closed.company_by_others,
        yuan_of_service(opened, numbers.economics),
        yuan_of_service(closed.of, numbers.economics),
        ByService(covered.meals, covered.company, covered.daily_help, covered.health),
        grade > INDEPENDENT,
        helped_by(most_closed(closed.of, need)),
        quality_of_life(covered, grade > INDEPENDENT),
        value_of_role(elders.helper[row]),
        closed.freed,
        planned,
        PlanLost(
            lost.not_known, lost.not_come, lost.no_money, lost.worn_room, lost.undone_duty, lost.no_manager,
            lost.no_cook, lost.no_helper, lost.served,
        ),
        elders.trust[row],
        elders.recognition[row],
        elders.enrolled[row],
        elders.helper[row],
        grade <= MILD,
        elders.offered[row],
        elders.worked[row],
        elders.worked[row] - view.paid * helped.for_site[row],
        target,
        elders.aware[row] and at >= 0,
        elders.took_part[row] > view.month - LATELY,
    )  # fmt: skip


@row_step
def cell_of(row: int, elders: Elders, view: CountView) -> int:
    """The cell of the elder of a row: grade × living × sex × income third × wealth of the village."""
    partner = elders.partner[row]
    has_partner = partner >= 0 and elders.alive[partner]
    living = 2 if elders.child[row] == CHILD_HOME else 1 if has_partner or elders.with_others[row] else 0
    cell = elders.adl[row] * LIVING_FORMS + living
    cell = cell * SEXES + elders.female[row]
    cell = cell * THIRDS + view.third[row]
    return cell * WEALTHS + view.poor[elders.village[row]]


@row_step
def add_to(sums: Floats, counts: Counts) -> None:
    """Add what an elder adds to the sums of one cell or group; (indicators, 2)."""
    for indicator in range(len(counts)):
        sums[indicator, 0] += counts[indicator].above
        sums[indicator, 1] += counts[indicator].below


@compiled_pass
def count_month(
    elders: Elders, helped: Helped, gains: Gains, sites: Sites, out: TableMonth, view: CountView, sums: Floats,
    numbers: CountNumbers,
) -> People:  # fmt: skip
    """Add everybody of 60 or over up.

    Args:
        sums: (cells + 2, indicators, 2) written: above and below the line; by cell, of the target group, of the
            enrolled. What one elder adds lies together, which the processor's cache rewards.
    """
    sums[:] = 0.0
    number, attended, enrolled, waiting, helpers, site_helpers = 0, 0, 0, 0, 0, 0
    motivation, offered, worked, credits = 0.0, 0.0, 0.0, 0.0
    for row in range(elders.present.size):
        if elders.present[row]:
            elder = elder_month(row, elders, helped, gains, sites, out, view, numbers)
            counts, cell = counts_of(elder), cell_of(row, elders, view)
            add_to(sums[cell], counts)
            if elder.target:
                add_to(sums[TARGET], counts)
            if elder.enrolled:
                add_to(sums[ENROLLED], counts)
            number += 1
            attended += elders.attended[row]
            enrolled += elders.enrolled[row]
            waiting += elders.waiting[row]
            helpers += elders.helper[row]
            site_helpers += helped.for_site[row] >= AN_HOUR
            motivation += elders.motivation[row]
            offered += elders.offered[row]
            worked += elders.worked[row]
            credits += elders.credits[row]
    return People(
        1.0 * number, 1.0 * attended, 1.0 * enrolled, 1.0 * waiting, 1.0 * helpers, 1.0 * site_helpers, motivation,
        offered, worked, credits,
    )  # fmt: skip
