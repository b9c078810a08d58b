"""Stage 1, cooperative design: once a year the parties talk, or do not, and a plan is made (ODD 7.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model.agents import government, social_organization, village_committee
from coprod_sim.model.agents.elder import talking
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.plan import MIX, distance, recognition
from coprod_sim.model.randomness import Stream
from coprod_sim.model.terms import act
from coprod_sim.model.world import World

PARTIES = ("government", "committee", "elders", "association", "organization")
GOVERNMENT, COMMITTEE, ELDERS, ASSOCIATION, ORGANIZATION = range(5)
# Say at the table before anyone speaks: those who pay and those who carry out weigh more (assumed).
POWER = np.array([0.35, 0.35, 0.15, 0.15, 0.15])


@dataclass
class Table:
    """Who sits at each village's table, and what each would have.

    Attributes:
        ideals: (parties, villages, items) plan that each party would make, as those at the table say it.
        aims: the same for the whole party: of elders, everyone's mean, whoever spoke.
        there: (parties, villages) the party exists.
        seated: (parties, villages) it has a seat and comes.
    """

    ideals: Floats
    aims: Floats
    there: Flags
    seated: Flags


def hold(world: World) -> None:
    """Attend, talk, learn, agree or not; then everyone sees how near the plan is to the own ideal."""
    policy = world.policy
    wishes = talking.ideal(world.elders, world.needs, world.ties)
    _attend(world)
    rounds = int(policy.negotiation.rounds)
    voices = _voices(world, wishes, rounds)
    _learn(world, voices, rounds)
    table = _set_table(world, wishes, voices)
    if rounds > 0:
        world.committees.plan[:] = _negotiate(world, table, rounds)
    else:
        world.committees.plan[:] = table.ideals[GOVERNMENT]
    _recognise(world, wishes, table)


def _attend(world: World) -> None:
    """Elders with a seat choose whether to come; without rounds or seat there is no meeting to go to."""
    elders, policy = world.elders, world.policy
    can = talking.can_attend(elders)
    invited = policy.negotiation.rounds > 0 and policy.negotiation.elders_seat
    rows = np.flatnonzero(can & elders.aware & invited)
    pull = talking.pull_to_attend(elders.take(rows), policy.elders, world.distance_row.take(rows))
    u = world.chance.uniforms(Stream.ATTEND, world.month, elders.rows)
    elders.attended = np.zeros(elders.rows, dtype=bool)
    elders.attended[act(rows, pull.sum(), u)] = True
    world.attendance = float(elders.attended.sum() / max(can.sum(), 1))


def _voices(world: World, wishes: Floats, rounds: int) -> tuple[Floats, Flags, Floats, Flags]:
    """Mean ideal of elders who got to speak, and of the association's members, by village.

    Those who speak are the first in a drawn order, as many as there are turns: a facilitator gives more.
    """
    elders, policy, land = world.elders, world.policy, world.land
    turns = policy.design.turns_facilitated if policy.negotiation.facilitation else policy.design.turns
    u = world.chance.uniforms(Stream.SPEAK, world.month, elders.rows)
    there = np.flatnonzero(elders.attended)
    order = there[np.lexsort((u[there], elders.village[there]))]
    first = np.searchsorted(elders.village[order], elders.village[order])
    speaks = np.zeros(elders.rows, dtype=bool)
    speaks[order[np.arange(len(order)) - first < turns * rounds]] = True
    spoken, heard = _mean_by_village(world, wishes, speaks)
    represented = elders.member & (world.associations.exists & ~world.associations.captured)[elders.village]
    written, represents = _mean_by_village(world, wishes, represented)
    seat = policy.negotiation.association_seat and rounds > 0
    return spoken, heard, written, represents & seat & (land.by_village(represented) > 0)


def _mean_by_village(world: World, values: Floats, among: Flags) -> tuple[Floats, Flags]:
    number = world.land.by_village(among)
    sums = np.stack([world.land.by_village(values[:, i] * among) for i in range(values.shape[1])], axis=1)
    return sums / np.maximum(number, 1)[:, None], number > 0


def _learn(world: World, voices: tuple[Floats, Flags, Floats, Flags], rounds: int) -> None:
    """Government and committee take up what was said and they did not know."""
    spoken, heard, written, represented = voices
    said = np.where(represented[:, None], np.where(heard[:, None], 0.5 * (spoken + written), written), spoken)
    # Where cadres gave only part of the hours that talk asks, only that part of the rounds took place.
    taken = 1 - (1 - world.policy.design.learning) ** (rounds * world.committees.inspected_done)
    gain = (taken * (heard | represented))[:, None]
    for seen in (world.files.need_seen, world.committees.need_seen):
        seen += gain * (said[:, MIX] - seen)


def _set_table(world: World, wishes: Floats, voices: tuple[Floats, Flags, Floats, Flags]) -> Table:
    policy = world.policy
    spoken, heard, written, represented = voices
    villages = world.land.villages
    everyone, _ = _mean_by_village(world, wishes, world.elders.present)
    ideals = np.stack(
        [
            government.ideal(world.files.need_seen, policy.access, policy.government.counts_elders),
            committee_ideal(world),
            np.where(heard[:, None], spoken, everyone),
            np.where(represented[:, None], written, everyone),
            social_organization.ideal(villages),
        ]
    )
    contracted = world.contracts.organization >= 0
    always = np.ones(villages, dtype=bool)
    seat = policy.negotiation
    there = np.stack([always, always, always, world.associations.exists, contracted])
    seated = np.stack([always, always, heard, represented, contracted & bool(seat.organization_seat)])
    aims = ideals.copy()
    aims[ELDERS] = everyone
    members, _ = _mean_by_village(world, wishes, world.elders.member)
    aims[ASSOCIATION] = np.where(world.associations.exists[:, None], members, everyone)
    return Table(ideals, aims, there, seated)


def committee_ideal(world: World) -> Floats:
    """(villages, items) each committee's ideal, from its own hours, cash and users."""
    committees, sites, land, prices = world.committees, world.sites, world.land, world.policy.economics
    ratio = np.clip(1 / np.maximum(committees.workload, 1e-6), 0, 1)
    users = land.hamlets_to_village(sites.users * sites.open)
    number = land.hamlets_to_village(sites.open)
    cost = number * (prices.cook_wage + prices.upkeep) + users * 3 * (365 / 12) * prices.food_cost
    income = land.hamlets_to_village((sites.due * sites.paid_share + sites.donations) * sites.open)
    fee = np.where(users > 0, (cost - income) / np.maximum(users, 1), world.policy.access.fee)
    cash = committees.cash + land.hamlets_to_village(sites.cash)
    months = np.where(cost > 0, cash / np.maximum(cost, 1), 1.0)
    return village_committee.ideal(committees.need_seen, ratio, committees.service_motivation, fee, months)


def _negotiate(world: World, table: Table, rounds: int) -> Floats:
    """Positions move towards each other unless too far apart; a plan stands unless payer or doer refuses it."""
    design, old = world.policy.design, world.committees.plan
    position = table.ideals.copy()
    weight = POWER[:, None] * table.seated
    weight = weight / weight.sum(axis=0)
    for step in range(rounds):
        held = np.clip(rounds * world.committees.inspected_done - step, 0, 1)[:, None]
        proposal = (weight[..., None] * position).sum(axis=0)
        moves = table.seated & (distance(table.ideals, proposal[None]) <= design.tolerance)
        position += design.concession * held * moves[..., None] * (proposal[None] - position)
    proposal = (weight[..., None] * position).sum(axis=0)
    loss = distance(table.ideals, proposal[None]) - distance(table.ideals, old[None])
    refused = (loss[GOVERNMENT] > design.goodwill) | (loss[COMMITTEE] > design.goodwill)
    world.past.count("plans_refused", float(refused.sum()))
    plan: Floats = np.where(refused[:, None], old, proposal)
    return plan


def _recognise(world: World, wishes: Floats, table: Table) -> None:
    committees, scale = world.committees, world.policy.design.recognition_scale
    apart = distance(table.aims, committees.plan[None])
    committees.aims_spread[:] = (apart * table.there).sum(axis=0) / table.there.sum(axis=0)
    committees.recognition[:] = recognition(committees.plan, table.aims[COMMITTEE], scale)
    world.elders.recognition[:] = recognition(committees.plan[world.elders.village], wishes, scale)


def talk_hours(world: World) -> Floats:
    """Cadre hours a month that the year's talks take in each village, spread over its months."""
    policy = world.policy
    a_month = int(policy.negotiation.rounds) * policy.economics.negotiation_hours / 12
    return np.full(world.land.villages, a_month)


def take_time(world: World) -> None:
    """Hours that talk takes this month of everyone but the committee, and the facilitator's fee."""
    policy, elders = world.policy, world.elders
    a_month = float(talk_hours(world)[0])
    if a_month == 0:
        return
    villages = world.land.villages
    world.hours.spend("government", "talk", a_month * villages)
    world.hours.spend("elders", "talk", a_month * elders.attended.sum())
    if policy.negotiation.association_seat:
        world.hours.spend("associations", "talk", a_month * world.associations.exists.sum())
    if policy.negotiation.organization_seat:
        world.hours.spend("organizations", "talk", a_month * (world.contracts.organization >= 0).sum())
    if policy.negotiation.facilitation:
        meetings = int(policy.negotiation.rounds) * villages / 12
        world.charge(meetings * policy.economics.facilitator_cost)
