"""Design, in the first month of a year (ODD 7.2, 7.3.8)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.design.plan import ITEMS
from coprod_sim.model.design.voices import hear_voices
from coprod_sim.model.month.state import State
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN
from coprod_sim.model.stages import meeting, planning, yearly
from coprod_sim.model.stages.meeting import MeetNumbers
from coprod_sim.model.stages.planning import PlanNumbers, PlanYear
from coprod_sim.model.stages.yearly import Contracting
from coprod_sim.model.streams import Stream

PARTIES = 5
YEAR = 12


def run(state: State) -> None:
    """Last year as kept; contracts; who attends; what is wished, learnt, bargained and recognised."""
    sites, villages, elders, values = state.sites, state.villages, state.elders, state.values
    state.rules.version(yearly.close_year)(sites.arrays, villages.arrays, state.first_site, state.hamlets)
    _contract(state)
    fee = _fees_that_pay(state)
    numbers = MeetNumbers(values.design, values.motives, values.negotiation, values.economics, values.services)
    state.rules.version(meeting.attend)(
        elders.arrays, state.known, state.reach.distance, state.key(Stream.ATTEND), numbers
    )
    if state.params.structure.talk_meets:
        state.rules.version(meeting.meet)(
            elders.arrays, state.starts, state.people.land.rows_of_village, state.month // YEAR, state.key(Stream.MET),
            state.people.order,
        )  # fmt: skip
    ideals = _wishes(state, fee)
    as_kept, spread = np.zeros(villages.rows), np.zeros((villages.rows, 2))
    state.rules.version(planning.plan_year)(
        villages.arrays, _year(state, fee, ideals), np.zeros((PARTIES, ITEMS)), np.zeros(PARTIES), np.zeros(ITEMS),
        np.zeros(ITEMS), state.room, as_kept, spread, _numbers(state),
    )  # fmt: skip
    _recognise(state, ideals, as_kept, spread, np.ones(villages.rows, np.bool_))


def plan_first_sites(state: State) -> None:
    """Plans of villages whose first site opens this month."""
    villages = state.villages
    first = (state.open_sites > 0) & ~villages.has_plan
    if not first.any():
        return
    fee = _fees_that_pay(state)
    ideals = _wishes(state, fee)
    as_kept, spread = np.zeros(villages.rows), np.zeros((villages.rows, 2))
    state.rules.version(planning.plan_first_sites)(
        villages.arrays, _year(state, fee, ideals), first, np.zeros((PARTIES, ITEMS)), as_kept, spread, _numbers(state)
    )
    _recognise(state, ideals, as_kept, spread, first)


def _fees_that_pay(state: State) -> Floats:
    """(villages,) fee at which sites pay their way, yuan a meal."""
    fee, values = np.zeros(state.villages.rows), state.values
    state.rules.version(yearly.fees_that_pay)(
        state.sites.arrays, state.villages.arrays, state.first_site, state.hamlets, values.services, values.economics,
        values.funding, fee,
    )  # fmt: skip
    return fee


def _wishes(state: State, fee: Floats) -> Floats:
    """(rows, items) what every elder would have."""
    ideals = np.zeros((state.elders.rows, ITEMS))
    state.rules.version(meeting.wish)(
        state.elders.arrays, state.villages.cost_known, fee, state.values.services, ideals
    )
    return ideals


def _recognise(state: State, ideals: Floats, as_kept: Floats, spread: Floats, where: Flags) -> None:
    """Elders of some villages recognise the plan, and how far parties are from it is noted."""
    villages = state.villages
    state.rules.version(meeting.recognise)(state.elders.arrays, ideals, villages.plan, as_kept, where)
    mean, number = np.zeros((villages.rows, ITEMS)), np.zeros(villages.rows)
    state.rules.version(meeting.mean_wish)(state.elders.arrays, ideals, mean, number)
    from_elders = ((villages.plan - mean) ** 2).mean(axis=1)
    state.aims[where] = np.column_stack([spread, from_elders])[where]


def _contract(state: State) -> None:
    values = state.values
    lot = state.chance.uniforms(Stream.CONTRACT_LOT, state.month, state.villages.rows)
    at = Contracting(
        state.open_sites, state.need_open, np.argsort(lot, kind="stable").astype(np.int32),
        np.zeros(state.organizations.rows), state.key(Stream.CONTRACT),
    )  # fmt: skip
    state.rules.version(yearly.make_contracts)(
        state.villages.arrays, state.organizations.arrays, at, values.organizations, values.motives, values.funding,
        values.economics,
    )  # fmt: skip


def _voices(state: State, ideals: Floats, speaks: Flags) -> tuple[Floats, Floats]:
    voices, number = np.zeros((state.villages.rows, ITEMS)), np.zeros(state.villages.rows)
    state.rules.version(hear_voices)(
        ideals, speaks, state.elders.village.astype(np.intp), voices, np.zeros(state.villages.rows), number
    )
    return voices, number


def _year(state: State, fee: Floats, ideals: Floats) -> PlanYear:
    """What is known when plans are made."""
    villages, elders, counted = state.villages, state.elders, state.counted
    spoken = _voices(state, ideals, elders.attended)
    members = _voices(state, ideals, elders.member & villages.association[elders.village])
    share = counted.with_loss / np.maximum(counted.of_age, 1)
    return PlanYear(
        fee, share, *spoken, *members, _association_runs(state), state.open_sites > 0,
        state.shares.office if state.params.negotiation.facilitation else 1.0, state.key(Stream.CLOSE),
    )  # fmt: skip


def _numbers(state: State) -> PlanNumbers:
    values = state.values
    return PlanNumbers(values.design, values.negotiation, values.access, values.funding, values.structure)


def _association_runs(state: State) -> Flags:
    """(villages,) an association runs the site that opened first, the lowest row among equals."""
    sites = state.sites
    opened = np.where(sites.status == OPEN, sites.opened.astype(np.float64), np.inf)
    runs = np.zeros(state.villages.rows, np.bool_)
    for village, first in enumerate(state.first_site):
        own = slice(first, first + state.hamlets[village])
        earliest = int(first + np.argmin(opened[own]))
        runs[village] = np.isfinite(opened[earliest]) and sites.runner[earliest] == ASSOCIATION_RUNS
    return runs
