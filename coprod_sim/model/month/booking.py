"""Hours are booked: of offices and talk once duties are done, of elders and organisations once help was given."""

from __future__ import annotations

from coprod_sim.model.design.talk import hours_of_talk
from coprod_sim.model.duties import hours_of_coordinator
from coprod_sim.model.month.state import State
from coprod_sim.model.prices import wage_of_coordinator
from coprod_sim.model.stages import booking
from coprod_sim.model.stages.after_help import Skilled
from coprod_sim.model.stages.booking import HoursBook


def book_work(state: State) -> None:
    """Hours of committees, coordinators, townships and of talk, as they stand after duties."""
    values, villages, paid, run = state.values, state.villages.arrays, state.shares, state.rules.version
    book = HoursBook(state.hours.given, state.hours.used)
    wage = state.params.staff.coordinator * paid.rest
    coordinator = state.rules.python(hours_of_coordinator)(
        wage, state.rules.python(wage_of_coordinator)(values.economics)
    )
    run(booking.book_committees)(villages, state.sites.arrays, coordinator, book, values.committee)
    run(booking.book_townships)(state.townships.arrays, book)
    held = paid.office if state.params.negotiation.facilitation else 1.0
    run(booking.book_talk)(
        villages, state.elders.arrays, state.rules.python(hours_of_talk)(values.negotiation) * held, book
    )


def book_service(state: State, skilled: Skilled) -> None:
    """Hours of helpers, organisations and users, before meals are served; and who took part."""
    elders, helped, sites, run = state.elders.arrays, state.helped.arrays, state.sites.arrays, state.rules.version
    services = state.values.services
    book = HoursBook(state.hours.given, state.hours.used)
    run(booking.book_help)(elders, helped, sites, state.out, float(services.travel), book)
    hours = float(state.params.funding.contract_hours)
    run(booking.book_contracts)(state.villages.arrays, helped, skilled, hours, book)
    run(booking.book_company)(elders, sites, state.site, state.site_company, state.site_share, book, services)
    run(booking.note_taking_part)(elders, state.month)
