"""A month's count: sums over people and places, the books, and sums by group where they are due (ODD 4.10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from coprod_sim.model.columns import Floats, Smalls
from coprod_sim.model.counting_elders import CELLS, SUMS, CountNumbers, CountView, count_month
from coprod_sim.model.counting_places import count_places
from coprod_sim.model.county.bill import pay_of_an_hour
from coprod_sim.model.county.flows import FLOWS, HELPERS_PAY, MEALS, USES
from coprod_sim.model.engine.compiling import part_of_month, row_step
from coprod_sim.model.indicators import EXTRA
from coprod_sim.model.indicators.tally import People, Places, Prices, Rest, Tally
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.table import Helped
from coprod_sim.model.people.willing import WillingNumbers, share_willing
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.results import share_of_hours_paid

YEAR = 12
BUILDING = tuple(place for place, of in enumerate(FLOWS) if of.purpose == "building")
BUILT, WILLING = Rest._fields.index("built"), Rest._fields.index("willing")


class Kept(NamedTuple):
    """What a run keeps of its months, of which all results are made.

    Attributes:
        people, places, prices, rest: (months, fields) of `People`, `Places`, `Prices`, `Rest`.
        moved, meals, used: (months, positions) the books.
        totals: (months, sums) sums of the indicators by group over everybody.
        month: (cells + 2, sums) of the month that was counted last.
        lately, since: the same, added up over the last months and from the reform month.
    """

    people: Floats
    places: Floats
    prices: Floats
    rest: Floats
    moved: Floats
    meals: Floats
    used: Floats
    totals: Floats
    month: Floats
    lately: Floats
    since: Floats


def kept_of(months: int) -> Kept:
    """Room for so many months."""
    by_month = (len(People._fields), len(Places._fields), len(Prices._fields), len(Rest._fields), len(FLOWS),
                len(MEALS), len(USES), SUMS)  # fmt: skip
    by_group = np.zeros((3, CELLS + len(EXTRA), SUMS))
    return Kept(*(np.zeros((months, fields)) for fields in by_month), *by_group)


def tally_of(kept: Kept, months: slice) -> Tally:
    """What was counted in some months: each number an array of one for each of them."""
    people, places = People(*kept.people[months].T), Places(*kept.places[months].T)
    prices, rest = Prices(*kept.prices[months].T), Rest(*kept.rest[months].T)
    moved, meals, used = (cast(Sequence[float], book[months].T) for book in (kept.moved, kept.meals, kept.used))
    return Tally(people, places, moved, meals, used, prices, *rest)


@row_step
def write(row: Floats, values: Any) -> None:
    """Write the numbers of a named tuple or of a book."""
    for place, value in enumerate(values):
        row[place] = value


@row_step
def paid_part(helped: Helped, moved: Floats, pay: float) -> float:
    """The share of the hours worked for sites that is paid: of last month's, as pay follows a month later."""
    worked = 0.0
    if pay > 0.0:
        for row in range(helped.for_site.size):
            worked += helped.for_site[row]
    return share_of_hours_paid(moved[HELPERS_PAY], pay, worked)


@row_step
def add_up_groups(kept: Kept, month: int, lately: bool, since: bool) -> None:
    """Add the month's cells up over everybody, and groups to those of a run where they are due."""
    for cell in range(CELLS):
        for place in range(SUMS):
            kept.totals[month, place] += kept.month[cell, place]
    for group in range(kept.month.shape[0]):
        for place in range(SUMS):
            if lately:
                kept.lately[group, place] += kept.month[group, place]
            if since:
                kept.since[group, place] += kept.month[group, place]


class Counting(NamedTuple):
    """What a run counts by, and into.

    Attributes:
        kept: written, rows are months from the start of the run.
        for_good: (rows,) of `cells_for_good`.
        target_age, only_left_behind: see `CountView`.
        lately, since: months from which states, and flows and ratios, are added up.
    """

    kept: Kept
    for_good: Smalls
    target_age: float
    only_left_behind: bool
    lately: int
    since: int


@part_of_month
def record_month(world: World, now: Now, counting: Counting) -> None:
    """Count one month."""
    month, values, kept, books, passing = now.month, now.values, counting.kept, world.books, world.passing
    lately, since = month >= counting.lately, month >= counting.since
    view = CountView(
        world.reach.site, world.offers.meals, counting.for_good, counting.target_age, counting.only_left_behind, month
    )
    pay, economics = pay_of_an_hour(values.incentive), values.economics
    paid = paid_part(world.helped, books.moved, pay)
    people, visits = count_month(
        world.elders, world.there, world.helped, world.gains, world.sites, world.out, view, paid,
        lately or since, kept.month, CountNumbers(values.health, values.family, economics),
    )  # fmt: skip
    places = count_places(
        world.sites, world.villages, world.organizations, world.townships, world.out.served, world.got.on_day,
        world.aims, visits, world.places.first_site, world.places.hamlets,
    )  # fmt: skip
    prices = Prices(wage_in_village(economics), pay, economics.building_life, economics.discount_rate)
    built, building = 0.0 if month == 0 else kept.rest[month - 1, BUILT], 0.0
    for position in BUILDING:
        building += books.moved[position]
    if month % YEAR == 0:
        asked = WillingNumbers(
            int(values.structure.helping), values.enrolling, values.helping, values.motives, values.services, economics,
            values.health,
        )  # fmt: skip
        willing = share_willing(world.elders, world.known, view.meals, world.sites, now.prevalence, month, asked)
    else:
        willing = kept.rest[month - 1, WILLING]
    rest = Rest(
        built + building, willing, world.county.motivation[0], passing.stopped_by_choice[0],
        passing.accidents_of_elders[0],
    )  # fmt: skip
    write(kept.people[month], people)
    write(kept.places[month], places)
    write(kept.prices[month], prices)
    write(kept.rest[month], rest)
    write(kept.moved[month], books.moved)
    write(kept.meals[month], books.meals)
    write(kept.used[month], books.used)
    add_up_groups(kept, month, lately, since)
