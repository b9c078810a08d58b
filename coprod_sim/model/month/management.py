"""Management: the county's year, openings, associations, hours and duties, money, admission (ODD 7.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.county import flows
from coprod_sim.model.duties import part_coordinated
from coprod_sim.model.month import booking, design, paying
from coprod_sim.model.month.numbers import opening_numbers
from coprod_sim.model.month.state import State
from coprod_sim.model.people import asking
from coprod_sim.model.prices import wage_of_coordinator
from coprod_sim.model.stages import admitting, associating, opening, working
from coprod_sim.model.stages.admitting import AdmitKeys, AdmitNumbers, Plans
from coprod_sim.model.stages.opening import Asked, OpeningKeys, Spent
from coprod_sim.model.stages.working import Worked, WorkNumbers
from coprod_sim.model.streams import Stream

YEAR = 12


def run(state: State) -> None:
    """One month of management."""
    if state.month % YEAR == 0:
        paying.begin_year(state)
    open_sites(state)
    associate(state)
    work(state)
    paying.pay(state)
    admit(state)


def open_sites(state: State) -> None:
    """What is built opens, villages apply, the county decides."""
    villages, elders = state.villages, state.elders
    served = state.village_served
    motivation: Floats = np.zeros(villages.rows)
    if villages.association.any():
        motivation = state.by_village_of_elders(np.where(elders.member, elders.motivation, 0.0))
    asked = Asked(
        state.month, state.first_site, state.hamlets, served, float(served.mean()), state.counted.waiting,
        state.counted.eligible, motivation / np.maximum(villages.members, 1), state.shares.office,
    )  # fmt: skip
    streams = (Stream.APPLY, Stream.DECIDE, Stream.BUILD, Stream.PHANTOM, Stream.AUDIT)
    spent = Spent(np.zeros(villages.rows), np.zeros(villages.rows))
    state.rules.version(opening.open_and_apply)(
        state.sites.arrays, villages.arrays, state.townships.arrays, asked,
        OpeningKeys(*(state.key(stream) for stream in streams)), spent, opening_numbers(state),
    )  # fmt: skip
    state.money.moved[flows.BUILT_BY_VILLAGES] += spent.villages.sum()
    state.money.moved[flows.BUILT_BY_ASSOCIATIONS] += spent.associations.sum()
    design.plan_first_sites(state)


def associate(state: State) -> None:
    """Associations are founded, and dissolve."""
    villages, elders, run = state.villages, state.elders, state.rules.version
    helpers, flags = state.helpers, np.zeros(villages.rows, np.bool_)
    run(asking.look_for_helpers)(elders.arrays, state.known, state.reach.served, helpers)
    key, params = state.key(Stream.FOUND), state.values.associations
    if run(associating.found)(villages.arrays, helpers.ties, key, flags, params):
        run(associating.join_founders)(elders.arrays, state.known, villages.arrays, flags)
    if run(associating.dissolve)(villages.arrays, flags):
        state.money.moved[flows.DISSOLVED] += villages.dues_cash[flags].sum()
        run(associating.leave_dissolved)(elders.arrays, villages.arrays, state.sites.arrays, flags)


def work(state: State) -> None:
    """Audits are drawn; offices and committees give hours; duties are done; elders are asked."""
    values, villages, sites, elders = state.values, state.villages, state.sites, state.elders
    run, python, paid, staff = state.rules.version, state.rules.python, state.shares, state.params.staff
    applications, claims = np.zeros((2, state.townships.rows))
    run(working.look_at_month)(
        sites.arrays, state.key(Stream.AUDIT), paid.office, values.supervision, state.audits, applications, claims
    )
    wage = python(wage_of_coordinator)(values.economics)
    worked = Worked(
        state.first_site, state.hamlets, state.audits, state.helpers.askable, state.helpers.members,
        state.params.negotiation.rounds * (paid.office if state.params.negotiation.facilitation else 1.0),
        python(part_coordinated)(staff.coordinator * paid.rest, wage, values.duties),
        paid.office, applications, claims, float(state.county.motivation[0]),
    )  # fmt: skip
    numbers = WorkNumbers(
        values.committee, values.duties, values.negotiation, values.responsibility, values.staff, values.supervision,
        values.structure,
    )  # fmt: skip
    run(working.work_in_townships)(state.townships.arrays, villages.rows, worked, numbers)
    run(working.work_in_villages)(state.month, villages.arrays, sites.arrays, worked, numbers)
    booking.book_work(state)
    run(asking.ask)(elders.arrays, villages.arrays, state.helpers, state.key(Stream.ASK), np.zeros(villages.rows))


def admit(state: State) -> None:
    """Places are filled."""
    values, people = state.values, state.people
    numbers = AdmitNumbers(
        values.services, values.economics, values.funding, values.legal, values.helping, values.motives
    )
    keys = AdmitKeys(state.chance.key(Stream.QUEUE), state.chance.key(Stream.TAKEN))
    state.rules.version(admitting.admit)(
        state.elders.arrays, state.sites.arrays, state.villages.arrays, state.site, state.starts,
        people.land.rows_of_village, state.open_sites, Plans(state.meals_offered, state.fees), keys, numbers,
        people.order, people.drawn, np.zeros(state.sites.rows),
    )  # fmt: skip
