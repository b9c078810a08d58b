"""Adds up what every elder adds to each indicator that is given by group (ODD 4.10, 9)."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections import namedtuple
from collections.abc import Collection
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
from coprod_sim.model.people.presence import Listed
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
    part_closed,
    quality_of_life,
    value_of_role,
    yuan_of_service,
)
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.parameters import Economics, Family, Health

CELLS = int(np.prod(SHAPE))
TARGET, ENROLLED = CELLS, CELLS + 1  # where the sums of groups stand that cut across the cells
_, LIVING_FORMS, SEXES, THIRDS, WEALTHS = SHAPE
FOR_GOOD = SEXES * THIRDS * WEALTHS  # cells of one grade and way of living: an elder is in the same of them all life
LATELY = 12  # months in which one took part (ODD 9)
AN_HOUR = 1.0  # of work for the site, from which one counts as its helper in a month (ODD 9)
WITH_CHILD, WITH_OTHERS, ALONE = 2, 1, 0  # places among forms of living


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
        for_good: (rows,) of `cells_for_good`.
        target_age, only_left_behind: age limit of the target group, years, and whether it is the left behind alone.
        month: this month.
    """

    site: Ints
    meals: Floats
    for_good: Smalls
    target_age: float
    only_left_behind: bool
    month: int


class Closed(NamedTuple):
    """What service closed of an elder's open needs, of company without the own share of helping, and what it freed."""

    of: Need
    company_by_others: float
    freed: float


class Service(NamedTuple):
    """What service did for an elder: what it closed, what that is worth, how far needs are covered with it.

    Attributes:
        there_is: any service came to the elder, or family and self left something to it.
        helped: how far the elder counts as substantially helped, 0-1.
    """

    there_is: bool
    closed: Closed
    yuan: float
    covered: Need
    helped: float


NOTHING = Closed(Need(0.0, 0.0, 0.0, 0.0), 0.0, 0.0)
NOT_LOST = PlanLost(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
NO_USER = PlannedMeals(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


# What one elder adds to each indicator that is given by group, in the order of `BY_GROUP`.
Counts = namedtuple("Counts", [i.name for i in BY_GROUP])  # type: ignore[misc]

# What the functions of indicators may call.
CALLED = {name: rule(getattr(per_elder, name)) for name in ("among", "part", "per_hundred", "adequate")}
CALLED["all_adequate"] = rule(
    python_variant(cast(FunctionType, per_elder.all_adequate), {"adequate": CALLED["adequate"]})
)


class Read(NamedTuple):
    """How the function of an indicator is written, where that is plain.

    Attributes:
        called: of `CALLED`, what it returns the value of.
        args: what that is given.
        alone: the function does nothing else.
    """

    called: Any
    args: list[ast.expr]
    alone: bool


def read(indicator: Indicator) -> Read | None:
    """How the function of an indicator is written; None where it does not return once what one of `CALLED` gives."""
    function = cast(FunctionType, indicator.count)
    try:
        text = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, SyntaxError):  # no source, as of what was typed in, or a part of one
        return None
    # Of what was typed in, Python 3.13 may return the text of another program.
    named = [node for node in text if isinstance(node, ast.FunctionDef) and node.name == function.__name__]
    if len(text) != 1 or not named:
        return None
    (written,) = named
    returned = [node.value for node in ast.walk(written) if isinstance(node, ast.Return)]
    call = returned[0] if len(returned) == 1 else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        return None
    called: Any = function.__globals__.get(call.func.id)
    if called not in (per_elder.among, per_elder.part, per_elder.per_hundred):
        return None
    if len(call.args) != len(inspect.signature(called).parameters):
        return None
    return Read(called, call.args, all(isinstance(node, ast.Return | ast.Expr) for node in written.body))


def denominator_of(indicator: Indicator) -> str:
    """What the function of an indicator adds below the line, as it is written; its name where that is not so plain."""
    found = read(indicator)
    if found is None:
        return indicator.name
    if found.called is per_elder.per_hundred:
        return "among True"
    names = {node.id for node in ast.walk(found.args[-1]) if isinstance(node, ast.Name)}
    if not names <= set(inspect.signature(cast(FunctionType, indicator.count)).parameters):
        return indicator.name
    return f"{found.called.__name__} {ast.unparse(found.args[-1])}"


# What is nothing of an elder whom no service came to, and of one for whom no meals are planned: fields of `ElderMonth`.
OF_SERVED = ("closed", "closed_by_others", "closed_yuan", "helped", "freed")
OF_PLANNED = ("planned", "lost")


def vanishes(indicator: Indicator, below: bool, fields: Collection[str]) -> bool:
    """Whether an indicator adds 0 above the line, or below it, where these fields of an elder hold nothing but 0.

    It is read off the text of the function, and only where that is plain; otherwise the answer is no.
    """
    found, function = read(indicator), cast(FunctionType, indicator.count)
    if found is None or not found.alone or (below and found.called is not per_elder.part):
        return False
    (elder,) = inspect.signature(function).parameters
    return _is_nothing(found.args[1 if below else 0], elder, fields)


def _is_nothing(node: ast.expr, elder: str, fields: Collection[str]) -> bool:
    """Whether an expression is 0 where these fields are: one of them, a sum of some, or a multiple or part of that."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_nothing(node.left, elder, fields) and _is_nothing(node.right, elder, fields)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        by = node.right
        number = isinstance(by, ast.Constant) and isinstance(by.value, int | float) and 0 < by.value < np.inf
        return number and _is_nothing(node.left, elder, fields)
    parts = ast.unparse(node).split(".")
    return isinstance(node, ast.Attribute) and parts[0] == elder and parts[1] in fields


# Denominators, each summed once for all the indicators that have it; which of them each has, and the first that has it.
DENOMINATORS = tuple(dict.fromkeys(map(denominator_of, BY_GROUP)))
BELOW = np.array([DENOMINATORS.index(denominator_of(i)) for i in BY_GROUP])
FIRST = [BY_GROUP[BELOW.tolist().index(place)].name for place in range(len(DENOMINATORS))]
SUMS = len(BY_GROUP) + len(DENOMINATORS)


def _step(indicator: Indicator) -> Any:
    """The function of an indicator as a step of the pass."""
    return row_step(python_variant(cast(FunctionType, indicator.count), CALLED))


def _written_out(source: str, **known: Any) -> Any:
    """The function of a source that names every indicator: compiled code cannot loop over functions or fields.

    It is written as namedtuples write out their fields, and kept where debuggers and whatever else reads source looks
    for lines that are in no file.
    """
    known |= {"__name__": __name__}
    name = source[len("def ") : source.index("(")]
    file = f"<{name}: indicators by group>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), known)
    return known[name]


def _counts_of() -> Any:
    """The rule that calls the function of every indicator."""
    calls = ", ".join(f"{i.name}(elder)" for i in BY_GROUP)
    source = f"def counts_of(elder: ElderMonth) -> Counts:\n    return Counts({calls})\n"
    steps = {i.name: _step(i) for i in BY_GROUP}
    return rule(_written_out(source, Counts=Counts, ElderMonth=ElderMonth, **steps))


def _add_to() -> Any:
    """The step that adds what an elder adds to the sums of one cell or group; (sums,).

    Most elders are not served, and for most no meals are planned: what is 0 of them is passed over, which changes no
    sum.
    """
    first = [BY_GROUP[[i.name for i in BY_GROUP].index(name)] for name in FIRST]
    added = [(i, "above") for i in BY_GROUP] + [(i, "below") for i in first]
    lines: dict[str, str] = {"": "", "served": "", "planned": ""}
    for place, (indicator, side) in enumerate(added):
        of_served, of_planned = (vanishes(indicator, side == "below", of) for of in (OF_SERVED, OF_PLANNED))
        when = "served" if of_served else "planned" if of_planned else ""
        lines[when] += f"{'        ' if when else '    '}sums[{place}] += counts.{indicator.name}.{side}\n"
    source = "def add_to(sums: Floats, counts: Counts, served: bool, planned: bool) -> None:\n" + lines.pop("")
    source += "".join(f"    if {when}:\n{some}" for when, some in lines.items() if some)
    return row_step(_written_out(source, Floats=Floats, Counts=Counts))


counts_of, add_to = _counts_of(), _add_to()


def above_and_below(sums: Floats) -> tuple[Floats, Floats]:
    """(..., indicators) each: of sums as they are added up (..., sums), what is above and below the line."""
    return sums[..., : len(BY_GROUP)], sums[..., len(BY_GROUP) + BELOW]


def cells_for_good(female: Flags, third: Smalls, poor: Flags) -> Smalls:
    """(rows,) the part of a cell that stays: sex, income third at the start, wealth of the village."""
    cells: Smalls = ((female * THIRDS + third) * WEALTHS + poor).astype(np.int16)
    return cells


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
def is_served(row: int, elders: Elders, helped: Helped, gains: Gains) -> bool:
    """Whether any service came to the elder of a row, or family and self left something to it."""
    at_site = 0.0
    if elders.enrolled[row] | elders.waiting[row]:  # where a site stopped, its users wait; others gain nothing at one
        at_site = gains.meals[row] + gains.company[row] + gains.withdrawn[row]
    at_home = helped.company[row] + helped.own_company[row] + helped.daily_help[row] + helped.visits[row]
    return at_site + at_home > 0.0


@row_step
def service_of(row: int, elders: Elders, helped: Helped, gains: Gains, need: Need, numbers: CountNumbers) -> Service:
    """What service did for the elder of a row; most get none, and nothing has to be worked out of them."""
    meals, company = elders.cover[row, MEALS], elders.cover[row, COMPANY]
    daily_help, health = elders.cover[row, DAILY_HELP], elders.cover[row, HEALTH]
    if not is_served(row, elders, helped, gains):
        return Service(False, NOTHING, 0.0, Need(meals, company, daily_help, health), 0.0)
    closed = closed_for(row, elders, helped, gains, need, withdrawing(elders.adl[row], numbers.family))
    covered = Need(
        meals + closed.of.meals / need.meals, company + closed.of.company / need.company,
        daily_help + part_closed(closed.of.daily_help, need.daily_help),
        health + part_closed(closed.of.health, need.health),
    )  # fmt: skip
    return Service(
        True, closed, yuan_of_service(closed.of, numbers.economics), covered, helped_by(most_closed(closed.of, need))
    )


@row_step
def is_target(row: int, elders: Elders, view: CountView) -> bool:
    """Whether the elder of a row is of the target group; asked of everybody at once, as nobody foresees the answer."""
    left_behind = (elders.child[row] != CHILD_HOME) | (not view.only_left_behind)
    return left_behind & ((view.month - elders.birth_month[row]) / MONTHS >= view.target_age)


@row_step
def elder_month(
    row: int, elders: Elders, helped: Helped, gains: Gains, sites: Sites, out: TableMonth, view: CountView, paid: float,
    numbers: CountNumbers,
) -> ElderMonth:  # fmt: skip
    """What there is to count of the elder of a row."""
    grade, cover, at = elders.adl[row], elders.cover, view.site[elders.hamlet[row]]
    need = need_of(grade, numbers.health)
    opened = Need(
        need.meals * (1.0 - cover[row, MEALS]), need.company * (1.0 - cover[row, COMPANY]),
        need.daily_help * (1.0 - cover[row, DAILY_HELP]), need.health * (1.0 - cover[row, HEALTH]),
    )  # fmt: skip
    service = service_of(row, elders, helped, gains, need, numbers)
    closed, covered = service.closed, service.covered
    target, planned, lost = is_target(row, elders, view), 0.0, NOT_LOST
    if target and at >= 0 and sites.status[at] == OPEN:
        planned = meals_planned(view.meals[elders.village[row]], opened.meals)
        user = comes_through(row, at, sites, gains, out) if elders.enrolled[row] else NO_USER
        lost = lost_meals(planned, elders.aware[row], elders.enrolled[row], elders.waiting[row], user)
    return ElderMonth(
        ByService(opened.meals, opened.company, opened.daily_help, opened.health),
        ByService(closed.of.meals, closed.of.company, closed.of.daily_help, closed.of.health),
        closed.company_by_others,
        yuan_of_service(opened, numbers.economics),
        service.yuan,
        ByService(covered.meals, covered.company, covered.daily_help, covered.health),
        grade > INDEPENDENT,
        service.there_is,
        service.helped,
        quality_of_life(covered, grade > INDEPENDENT),
        value_of_role(elders.helper[row]),
        closed.freed,
        planned,
        lost,
        elders.trust[row],
        elders.recognition[row],
        elders.enrolled[row],
        elders.helper[row],
        grade <= MILD,
        elders.offered[row],
        elders.worked[row],
        elders.worked[row] - paid * helped.for_site[row],
        target,
        elders.aware[row] and at >= 0,
        elders.took_part[row] > view.month - LATELY,
    )  # fmt: skip


@row_step
def cell_of(row: int, elders: Elders, view: CountView) -> int:
    """The cell of the elder of a row: grade × living × what stays (see `CountView`).

    Everything is looked up of everybody, as nobody foresees who is married: of who is not, the first row's life.
    """
    partner = elders.partner[row]
    has_partner = (partner >= 0) & elders.alive[max(partner, 0)]
    in_company = has_partner | elders.with_others[row]
    living = WITH_CHILD if elders.child[row] == CHILD_HOME else WITH_OTHERS if in_company else ALONE
    return (int(elders.adl[row]) * LIVING_FORMS + living) * FOR_GOOD + view.for_good[row]


@compiled_pass
def count_month(
    elders: Elders, there: Listed, helped: Helped, gains: Gains, sites: Sites, out: TableMonth, view: CountView,
    paid: float, by_group: bool, sums: Floats, numbers: CountNumbers,
) -> tuple[People, float]:  # fmt: skip
    """Add everybody of 60 or over up; the skilled visits that they received beside.

    Args:
        there: who is there.
        paid: share of the hours worked for sites that is paid.
        by_group: sums of the target group and of the enrolled are asked for, too.
        sums: (cells + 2, sums) written: by cell, of the target group, of the enrolled (see `above_and_below`). What one
            elder adds lies together, which the processor's cache rewards.
    """
    sums[:] = 0.0
    number, attended, enrolled, waiting, helpers, site_helpers = 0, 0, 0, 0, 0, 0
    motivation, offered, worked, credits, visits = 0.0, 0.0, 0.0, 0.0, 0.0
    for row in there.rows[: there.starts[-1]]:
        elder = elder_month(row, elders, helped, gains, sites, out, view, paid, numbers)
        counts, cell, planned = counts_of(elder), cell_of(row, elders, view), elder.planned > 0.0
        add_to(sums[cell], counts, elder.served, planned)
        if by_group and elder.target:
            add_to(sums[TARGET], counts, elder.served, planned)
        if by_group and elder.enrolled:
            add_to(sums[ENROLLED], counts, elder.served, planned)
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
        visits += helped.visits[row]
    people = People(
        1.0 * number, 1.0 * attended, 1.0 * enrolled, 1.0 * waiting, 1.0 * helpers, 1.0 * site_helpers, motivation,
        offered, worked, credits,
    )  # fmt: skip
    return people, visits
