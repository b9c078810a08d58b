"""Stage 1, cooperative design: once a year the parties talk, or do not, and a plan is made (ODD 7.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government, social_organization, village_committee
from coprod_sim.model.agents.elder import talking
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.plan import MIX, distance, recognition
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State
from coprod_sim.model.terms import act

PARTIES = ("government", "committee", "elders", "association", "organization")
GOVERNMENT, COMMITTEE, ELDERS, ASSOCIATION, ORGANIZATION = range(5)
# Weight in the negotiation before anyone speaks: those who pay and those who carry out weigh more (assumed).
POWER = np.array([0.35, 0.35, 0.15, 0.15, 0.15])


@dataclass
class Negotiation:
    """Who sits at each village's negotiation, and what each would have.

    Attributes:
        ideals: (parties, villages, items) plan that each party would make, as those who take part say it.
        aims: the same for the whole party: of elders, everyone's mean, whoever spoke.
        there: (parties, villages) the party exists.
        seated: (parties, villages) it has a seat and comes.
    """

    ideals: Floats
    aims: Floats
    there: Flags
    seated: Flags


def run(state: State) -> None:
    """Attend, talk, learn, agree or not; then everyone sees how near the plan is to the own ideal."""
    params = state.params
    wishes = talking.ideal(state.elders, state.needs, state.acquaintances)
    _attend(state)
    rounds = int(params.negotiation.rounds)
    voices = _voices(state, wishes, rounds)
    _learn(state, voices, rounds)
    negotiation = _seat_parties(state, wishes, voices)
    if rounds > 0:
        state.committees.plan[:] = _negotiate(state, negotiation, rounds)
    else:
        state.committees.plan[:] = negotiation.ideals[GOVERNMENT]
    _recognise(state, wishes, negotiation)


def _attend(state: State) -> None:
    """Elders with a seat choose whether to come; without rounds or seat there is no meeting to go to."""
    elders, params = state.elders, state.params
    can = talking.can_attend(elders)
    invited = params.negotiation.rounds > 0 and params.negotiation.elders_seat
    rows = np.flatnonzero(can & elders.aware & invited)
    utility = talking.utility_of_attending(elders.take(rows), params.elders, state.distance_row.take(rows))
    u = state.chance.uniforms(Stream.ATTEND, state.month, elders.rows)
    elders.attended = np.zeros(elders.rows, dtype=bool)
    elders.attended[act(rows, utility.sum(), u)] = True
    state.attendance = float(elders.attended.sum() / max(can.sum(), 1))


def _voices(state: State, wishes: Floats, rounds: int) -> tuple[Floats, Flags, Floats, Flags]:
    """Mean ideal of elders who got to speak, and of the association's members, by village.

    Those who speak are the first in a drawn order, as many as there are turns: a facilitator gives more.
    """
    elders, params, land = state.elders, state.params, state.land
    turns = params.design.turns_facilitated if params.negotiation.facilitation else params.design.turns
    u = state.chance.uniforms(Stream.SPEAK, state.month, elders.rows)
    there = np.flatnonzero(elders.attended)
    order = there[np.lexsort((u[there], elders.village[there]))]
    first = np.searchsorted(elders.village[order], elders.village[order])
    speaks = np.zeros(elders.rows, dtype=bool)
    speaks[order[np.arange(len(order)) - first < turns * rounds]] = True
    spoken, heard = _mean_by_village(state, wishes, speaks)
    represented = elders.member & (state.associations.exists & ~state.associations.captured)[elders.village]
    written, represents = _mean_by_village(state, wishes, represented)
    seat = params.negotiation.association_seat and rounds > 0
    return spoken, heard, written, represents & seat & (land.by_village(represented) > 0)


def _mean_by_village(state: State, values: Floats, among: Flags) -> tuple[Floats, Flags]:
    number = state.land.by_village(among)
    sums = np.stack([state.land.by_village(values[:, i] * among) for i in range(values.shape[1])], axis=1)
    return sums / np.maximum(number, 1)[:, None], number > 0


def _learn(state: State, voices: tuple[Floats, Flags, Floats, Flags], rounds: int) -> None:
    """Government and committee take up what was said and they did not know."""
    spoken, heard, written, represented = voices
    said = np.where(represented[:, None], np.where(heard[:, None], 0.5 * (spoken + written), written), spoken)
    # Where cadres gave only part of the hours that talk asks, only that part of the rounds took place.
    taken = 1 - (1 - state.params.design.learning) ** (rounds * state.committees.inspected_done)
    gain = (taken * (heard | represented))[:, None]
    for seen in (state.files.need_seen, state.committees.need_seen):
        seen += gain * (said[:, MIX] - seen)


def _seat_parties(state: State, wishes: Floats, voices: tuple[Floats, Flags, Floats, Flags]) -> Negotiation:
    params = state.params
    spoken, heard, written, represented = voices
    villages = state.land.villages
    everyone, _ = _mean_by_village(state, wishes, state.elders.present)
    ideals = np.stack(
        [
            government.ideal(state.files.need_seen, params.access, params.government.counts_elders),
            committee_ideal(state),
            np.where(heard[:, None], spoken, everyone),
            np.where(represented[:, None], written, everyone),
            social_organization.ideal(villages),
        ]
    )
    contracted = state.contracts.organization >= 0
    always = np.ones(villages, dtype=bool)
    seat = params.negotiation
    there = np.stack([always, always, always, state.associations.exists, contracted])
    seated = np.stack([always, always, heard, represented, contracted & bool(seat.organization_seat)])
    aims = ideals.copy()
    aims[ELDERS] = everyone
    members, _ = _mean_by_village(state, wishes, state.elders.member)
    aims[ASSOCIATION] = np.where(state.associations.exists[:, None], members, everyone)
    return Negotiation(ideals, aims, there, seated)


def committee_ideal(state: State) -> Floats:
    """(villages, items) each committee's ideal, from its own hours, cash and users."""
    committees, sites, land, prices = state.committees, state.sites, state.land, state.params.economics
    ratio = np.clip(1 / np.maximum(committees.workload, 1e-6), 0, 1)
    users = land.hamlets_to_village(sites.users * sites.open)
    number = land.hamlets_to_village(sites.open)
    cost = number * (prices.cook_wage + prices.upkeep) + users * 3 * (365 / 12) * prices.food_cost
    income = land.hamlets_to_village((sites.due * sites.paid_share + sites.donations) * sites.open)
    fee = np.where(users > 0, (cost - income) / np.maximum(users, 1), state.params.access.fee)
    cash = committees.cash + land.hamlets_to_village(sites.cash)
    months = np.where(cost > 0, cash / np.maximum(cost, 1), 1.0)
    return village_committee.ideal(committees.need_seen, ratio, committees.service_motivation, fee, months)


def _negotiate(state: State, negotiation: Negotiation, rounds: int) -> Floats:
    """Positions move towards each other unless too far apart; a plan stands unless payer or doer refuses it."""
    design, old = state.params.design, state.committees.plan
    position = negotiation.ideals.copy()
    weight = POWER[:, None] * negotiation.seated
    weight = weight / weight.sum(axis=0)
    for step in range(rounds):
        held = np.clip(rounds * state.committees.inspected_done - step, 0, 1)[:, None]
        proposal = (weight[..., None] * position).sum(axis=0)
        moves = negotiation.seated & (distance(negotiation.ideals, proposal[None]) <= design.tolerance)
        position += design.concession * held * moves[..., None] * (proposal[None] - position)
    proposal = (weight[..., None] * position).sum(axis=0)
    loss = distance(negotiation.ideals, proposal[None]) - distance(negotiation.ideals, old[None])
    refused = (loss[GOVERNMENT] > design.goodwill) | (loss[COMMITTEE] > design.goodwill)
    state.past.count("plans_refused", float(refused.sum()))
    plan: Floats = np.where(refused[:, None], old, proposal)
    return plan


def _recognise(state: State, wishes: Floats, negotiation: Negotiation) -> None:
    committees, scale = state.committees, state.params.design.recognition_scale
    apart = distance(negotiation.aims, committees.plan[None])
    committees.aims_spread[:] = (apart * negotiation.there).sum(axis=0) / negotiation.there.sum(axis=0)
    committees.recognition[:] = recognition(committees.plan, negotiation.aims[COMMITTEE], scale)
    state.elders.recognition[:] = recognition(committees.plan[state.elders.village], wishes, scale)


def talk_hours(state: State) -> Floats:
    """Cadre hours a month that the year's talks take in each village, spread over its months."""
    params = state.params
    a_month = int(params.negotiation.rounds) * params.economics.negotiation_hours / 12
    return np.full(state.land.villages, a_month)


def take_time(state: State) -> None:
    """Hours that talk takes this month of everyone but the committee, and the facilitator's fee."""
    params, elders = state.params, state.elders
    a_month, villages = float(talk_hours(state)[0]), state.land.villages
    state.charge(bills.facilitator, int(params.negotiation.rounds) * villages / 12)
    if a_month == 0:
        return
    state.hours.spend("government", "talk", a_month * villages)
    state.hours.spend("elders", "talk", a_month * elders.attended.sum())
    if params.negotiation.association_seat:
        state.hours.spend("associations", "talk", a_month * state.associations.exists.sum())
    if params.negotiation.organization_seat:
        state.hours.spend("organizations", "talk", a_month * (state.contracts.organization >= 0).sum())
