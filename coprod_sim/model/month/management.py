"""Management: the county's year, openings, associations, hours and duties, money, admission (ODD 7.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.associations import FEWEST_MEMBERS, chance_of_founding
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.county import flows
from coprod_sim.model.duties import part_coordinated
from coprod_sim.model.hours import chance_to_be_asked
from coprod_sim.model.looks import chance_of_audit
from coprod_sim.model.month import booking, paying
from coprod_sim.model.month.state import State
from coprod_sim.model.places import APPLIED, OPEN, VILLAGES_A_TOWNSHIP
from coprod_sim.model.prices import wage_of_coordinator
from coprod_sim.model.stages import admitting, opening, working
from coprod_sim.model.stages.admitting import AdmitKeys, AdmitNumbers, Plans
from coprod_sim.model.stages.opening import Asked, OpeningKeys, OpeningNumbers, Spent
from coprod_sim.model.stages.working import Worked, WorkNumbers
from coprod_sim.model.streams import Stream

ABLE = 1  # highest grade of who can help
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
    motivation = state.by_village_of_elders(np.where(elders.member, elders.motivation, 0.0))
    asked = Asked(
        state.month, state.first_site, state.hamlets, served, float(served.mean()), state.counted.waiting,
        state.counted.eligible, motivation / np.maximum(villages.members, 1), state.shares.office,
    )  # fmt: skip
    streams = (Stream.APPLY, Stream.DECIDE, Stream.BUILD, Stream.PHANTOM, Stream.AUDIT)
    spent = Spent(np.zeros(villages.rows), np.zeros(villages.rows))
    opening.open_and_apply(
        state.sites.arrays, villages.arrays, state.townships.arrays, asked,
        OpeningKeys(*(state.key(stream) for stream in streams)), spent, opening_numbers(state),
    )  # fmt: skip
    state.money.moved[flows.BUILT_BY_VILLAGES] += spent.villages.sum()
    state.money.moved[flows.BUILT_BY_ASSOCIATIONS] += spent.associations.sum()
    new = (state.open_sites > 0) & ~villages.has_plan
    villages.has_plan |= new


def opening_numbers(state: State) -> OpeningNumbers:
    """What openings read."""
    values = state.values
    return OpeningNumbers(
        values.committee, values.motives, values.economics, values.government, values.funding, values.access,
        values.supervision, values.structure,
    )  # fmt: skip


def associate(state: State) -> None:
    """Associations are founded, and dissolve."""
    villages, elders, known = state.villages, state.elders, state.known
    helps = elders.helper & elders.present
    listed = elders.acquaintances
    ties = (listed >= 0) & known.helper[listed] & known.present[listed] & helps[:, None]
    number = state.by_village_of_elders(ties.sum(axis=1).astype(np.float64))
    u = state.chance.uniforms(Stream.FOUND, state.month, villages.rows)
    params = state.values.associations
    chance = np.array([chance_of_founding(int(one), params) for one in number])
    founded = ~villages.association & (u < chance)
    if founded.any():
        either: Flags = np.array(ties.any(axis=1))
        either[listed[ties]] = True
        elders.member |= either & helps & founded[elders.village]
        villages.association |= founded
        villages.members[:] = state.by_village_of_elders(elders.member & elders.present)
    gone = villages.association & (villages.members < FEWEST_MEMBERS)
    if gone.any():
        villages.association &= ~gone
        state.money.moved[flows.DISSOLVED] += villages.dues_cash[gone].sum()
        villages.cash += np.where(gone, villages.dues_cash, 0.0)
        villages.dues_cash[gone] = 0.0
        elders.member &= ~gone[elders.village]
        villages.members[gone] = 0.0
        state.sites.runner[gone[state.sites.village]] = 0


def work(state: State) -> None:
    """Audits are drawn; offices and committees give hours; duties are done; elders are asked."""
    values, villages, sites, elders, known = state.values, state.villages, state.sites, state.elders, state.known
    draws = state.chance.uniforms(Stream.AUDIT, state.month, sites.rows)
    chance = chance_of_audit(state.shares.office, values.supervision)
    state.audits[:] = (sites.status == OPEN) & (draws < chance)
    listed = elders.acquaintances
    knows = ((listed >= 0) & known.helper[listed] & known.present[listed]).any(axis=1)
    served = state.reach.served[elders.hamlet]
    may = elders.present & (elders.adl <= ABLE) & elders.aware & ~elders.helper & served
    may &= elders.enrolled | elders.attended | knows
    askable = state.by_village_of_elders(may)
    members = elders.member & elders.helper
    paid, staff = state.shares, state.params.staff
    township = sites.village // VILLAGES_A_TOWNSHIP
    worked = Worked(
        state.first_site, state.hamlets, state.audits, askable, state.by_village_of_elders(members),
        state.by_village_of_elders(np.where(members, elders.offered, 0.0)),
        state.params.negotiation.rounds * (paid.office if state.params.negotiation.facilitation else 1.0),
        part_coordinated(staff.coordinator * paid.rest, wage_of_coordinator(values.economics), values.duties),
        paid.office, _by_township(state, sites.status == APPLIED, township),
        _by_township(state, sites.status == OPEN, township), float(state.county.motivation[0]),
    )  # fmt: skip
    numbers = WorkNumbers(
        values.committee, values.duties, values.negotiation, values.responsibility, values.staff, values.supervision,
        values.structure,
    )  # fmt: skip
    working.work_in_townships(state.townships.arrays, villages.rows, worked, numbers)
    working.work_in_villages(state.month, villages.arrays, sites.arrays, worked, numbers)
    booking.book_work(state)
    asking = zip(villages.asking, askable, strict=True)
    asked = np.array([chance_to_be_asked(float(hours), float(number)) for hours, number in asking])
    elders.asked[:] = may & (state.chance.uniforms(Stream.ASK, state.month, elders.rows) < asked[elders.village])


def _by_township(state: State, which: np.ndarray, township: np.ndarray) -> Floats:
    counted = np.bincount(township[which], minlength=state.townships.rows)
    return counted.astype(np.float64)


def admit(state: State) -> None:
    """Places are filled."""
    values, people = state.values, state.people
    numbers = AdmitNumbers(
        values.services, values.economics, values.funding, values.legal, values.helping, values.motives
    )
    keys = AdmitKeys(state.chance.key(Stream.QUEUE), state.chance.key(Stream.TAKEN))
    admitting.admit(
        state.elders.arrays, state.sites.arrays, state.villages.arrays, state.site, state.starts,
        people.land.rows_of_village, state.open_sites, Plans(state.meals_offered, state.fees), keys, numbers,
        people.order, people.drawn, np.zeros(state.sites.rows),
    )  # fmt: skip
