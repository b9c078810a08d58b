"""Management: the county's year, openings, associations, hours and duties, money, admission (ODD 7.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.county import flows
from coprod_sim.model.duties import part_coordinated
from coprod_sim.model.engine.compiling import part_of_month
from coprod_sim.model.month.booking import book_work
from coprod_sim.model.month.books import total
from coprod_sim.model.month.design import plan_first_sites
from coprod_sim.model.month.numbers import opening_numbers
from coprod_sim.model.month.offers import count_open_sites, see_offers
from coprod_sim.model.month.paying import begin_year, pay
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.asking import ask, look_for_helpers
from coprod_sim.model.prices import wage_of_coordinator
from coprod_sim.model.stages.admitting import AdmitKeys, AdmitNumbers
from coprod_sim.model.stages.admitting import admit as fill_places
from coprod_sim.model.stages.associating import dissolve, found, join_founders, leave_dissolved
from coprod_sim.model.stages.opening import Asked, OpeningKeys, Spent, open_and_apply
from coprod_sim.model.stages.working import (
    Worked,
    WorkNumbers,
    look_at_month,
    work_in_townships,
    work_in_villages,
)
from coprod_sim.model.streams import Stream

YEAR = 12


@part_of_month
def run(world: World, now: Now) -> None:
    """One month of management."""
    if now.month % YEAR == 0:
        begin_year(world, now)
    open_sites(world, now)
    associate(world, now)
    work(world, now)
    pay(world, now)
    admit(world, now)


@part_of_month
def open_sites(world: World, now: Now) -> None:
    """What is built opens, villages apply, the county decides."""
    villages, elders, places, keys = world.villages, world.elders, world.places, now.keys
    number = villages.given.size
    motivation, served = np.zeros(number), 0.0
    for row in range(elders.member.size):
        if elders.member[row]:
            motivation[elders.village[row]] += elders.motivation[row]
    for village in range(number):
        motivation[village] /= max(villages.members[village], 1.0)
        served += 1.0 if world.reach.village[village] else 0.0
    asked = Asked(
        now.month, places.first_site, places.hamlets, world.reach.village, served / number, world.counted.waiting,
        world.counted.eligible, motivation, world.county.paid_office[0],
    )  # fmt: skip
    opening_keys = OpeningKeys(
        keys[Stream.APPLY], keys[Stream.DECIDE], keys[Stream.BUILD], keys[Stream.PHANTOM], keys[Stream.AUDIT]
    )
    spent = Spent(np.zeros(number), np.zeros(number))
    open_and_apply(world.sites, villages, world.townships, asked, opening_keys, spent, opening_numbers(now.values))
    world.books.moved[flows.BUILT_BY_VILLAGES] += total(spent.villages)
    world.books.moved[flows.BUILT_BY_ASSOCIATIONS] += total(spent.associations)
    plan_first_sites(world, now)


@part_of_month
def associate(world: World, now: Now) -> None:
    """Associations are founded, and dissolve."""
    villages, elders = world.villages, world.elders
    flags = np.zeros(villages.given.size, np.bool_)
    places, starts, rows = world.places, world.places.starts, world.places.rows
    look_for_helpers(elders, places.hamlet_starts, places.hamlet_rows, world.known, world.reach.served, world.helpers)
    if found(villages, world.helpers.ties, now.keys[Stream.FOUND], flags, now.values.associations) > 0:
        join_founders(elders, starts, rows, world.known, villages, flags)
    if dissolve(villages, flags) > 0:
        for village in range(flags.size):
            world.books.moved[flows.DISSOLVED] += villages.dues_cash[village] if flags[village] else 0.0
        leave_dissolved(elders, villages, world.sites, flags)


@part_of_month
def work(world: World, now: Now) -> None:
    """Audits are drawn; offices and committees give hours; duties are done; elders are asked."""
    values, villages, sites, places, county = now.values, world.villages, world.sites, world.places, world.county
    office, rest = county.paid_office[0], county.paid_rest[0]
    applications, claims = np.zeros(world.townships.done.size), np.zeros(world.townships.done.size)
    look_at_month(sites, now.keys[Stream.AUDIT], office, values.supervision, world.audits, applications, claims)
    worked = Worked(
        places.first_site, places.hamlets, world.audits, world.helpers.askable, world.helpers.members,
        values.negotiation.rounds * (office if values.negotiation.facilitation else 1.0),
        part_coordinated(values.staff.coordinator * rest, wage_of_coordinator(values.economics), values.duties),
        office, applications, claims, county.motivation[0],
    )  # fmt: skip
    numbers = WorkNumbers(
        values.committee, values.duties, values.negotiation, values.responsibility, values.staff, values.supervision,
        values.structure,
    )  # fmt: skip
    work_in_townships(world.townships, villages.given.size, worked, numbers)
    work_in_villages(now.month, villages, sites, worked, numbers)
    book_work(world, now)
    ask(world.elders, places.starts, places.rows, villages, world.helpers, now.keys[Stream.ASK])


@part_of_month
def admit(world: World, now: Now) -> None:
    """Places are filled."""
    values, sites = now.values, world.sites
    see_offers(world, now)
    open_sites = np.zeros(world.villages.given.size)
    count_open_sites(sites, open_sites)
    numbers = AdmitNumbers(
        values.services, values.economics, values.funding, values.legal, values.helping, values.motives
    )
    keys = AdmitKeys(now.for_life[Stream.QUEUE], now.for_life[Stream.TAKEN])
    fill_places(
        world.elders, world.signed_up, sites, world.villages, world.reach.site, open_sites, world.offers,
        keys, numbers, world.order, world.drawn, np.zeros(sites.village.size),
    )  # fmt: skip
