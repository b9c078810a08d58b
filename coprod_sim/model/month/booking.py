"""Hours are booked: of offices and talk once duties are done, of elders and organisations once help was given."""

from __future__ import annotations

from coprod_sim.model.design.talk import hours_of_talk
from coprod_sim.model.duties import hours_of_coordinator
from coprod_sim.model.engine.compiling import part_of_month
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.prices import wage_of_coordinator
from coprod_sim.model.stages.after_help import Skilled
from coprod_sim.model.stages.booking import (
    HoursBook,
    book_committees,
    book_company,
    book_contracts,
    book_help,
    book_talk,
    book_townships,
    note_taking_part,
)


@part_of_month
def book_work(world: World, now: Now) -> None:
    """Hours of committees, coordinators, townships and of talk, as they stand after duties."""
    values, county, book = now.values, world.county, HoursBook(world.books.given, world.books.used)
    wage = values.staff.coordinator * county.paid_rest[0]
    coordinator = hours_of_coordinator(wage, wage_of_coordinator(values.economics))
    book_committees(world.villages, world.sites, coordinator, book, values.committee)
    book_townships(world.townships, book)
    held = county.paid_office[0] if values.negotiation.facilitation else 1.0
    book_talk(world.villages, world.elders, hours_of_talk(values.negotiation) * held, book)


@part_of_month
def book_service(world: World, now: Now, skilled: Skilled) -> None:
    """Hours of helpers, organisations and users, before meals are served; and who took part."""
    values, book = now.values, HoursBook(world.books.given, world.books.used)
    book_help(world.elders, world.offering, world.helped, world.sites, world.out, values.services.travel, book)
    book_contracts(world.villages, world.helped, skilled, values.funding.contract_hours, book)
    book_company(
        world.elders, world.signed_up, world.sites, world.reach.site, world.company, world.share, book, values.services
    )
    note_taking_part(world.elders, now.month)
