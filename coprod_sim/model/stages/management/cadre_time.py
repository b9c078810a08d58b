"""Cadre hours, scarce: the same hours report, talk, manage and ask (ODD 7.3.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.needs import WEEKS
from coprod_sim.model.columns import Floats, expit
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages import design
from coprod_sim.model.world import World

OFFICER_HOURS = 160.0  # hours a month of a township officer


def split(world: World) -> None:
    """Each committee decides how many hours it gives and to what; sites get the management that results."""
    committees, sites, land, policy = world.committees, world.sites, world.land, world.policy
    weight = policy.committee
    audited = _audits(world)
    inspected = _inspected(world, audited)
    need = land.hamlets_to_village((weight.site_hours + weight.user_hours * sites.users) * sites.open)
    there_are = weight.hours_a_week * WEEKS
    committees.workload[:] = (inspected.sum(axis=1) + need) / there_are
    exposed = village_committee.exposure(policy.supervision)
    recognised = committees.recognition * (1 - policy.design.broken_promise * committees.disappointment)
    load = np.minimum(committees.workload, 5)
    pull = village_committee.pull_to_work(weight, committees.service_motivation, recognised, load)
    available = there_are * expit(pull.sum())
    others = _others_managing(world)
    left_to_manage = np.maximum(need - others, 0)
    first, manage, ask = village_committee.split_hours(
        weight, available, inspected.sum(axis=1), left_to_manage, exposed
    )
    committees.inspected_done[:] = np.where(
        inspected.sum(axis=1) > 0, first / np.maximum(inspected.sum(axis=1), 1e-9), 1.0
    )
    share = inspected / np.maximum(inspected.sum(axis=1, keepdims=True), 1e-9)
    committees.hours[:, :4] = first[:, None] * share
    committees.hours[:, 4] = manage
    committees.hours[:, 5] = ask
    for task, name in enumerate(village_committee.TASKS):
        world.hours.spend("committees", name, committees.hours[:, task])
    got = np.where(need > 0, np.minimum((manage + others) / np.maximum(need, 1e-9), 1), 1.0)
    sites.managed[:] = got[land.village_of_hamlet]
    _ask(world, ask)
    design.take_time(world)


def _audits(world: World) -> Floats:
    """Audits of this month, at most one a site and year; complaints make them up to three times as likely."""
    sites, policy = world.sites, world.policy
    yearly = np.minimum(policy.supervision.audit_probability * np.minimum(1 + sites.complaints, 3), 1)
    monthly = np.where(sites.audited, 0.0, 1 - (1 - yearly) ** (1 / 12))
    u = world.chance.uniforms(Stream.AUDIT, world.month, sites.rows)
    now = sites.open & (u < monthly)
    sites.audited |= now
    sites.users_told[now] = sites.users[now]
    world.charge(float(now.sum()) * policy.economics.audit_cost)
    world.past.count("audits", float(now.sum()))
    return world.land.hamlets_to_village(now)


def _inspected(world: World, audited: Floats) -> Floats:
    """(villages, 4) hours that reports, audits, talk and the open book ask of each committee."""
    policy, prices = world.policy, world.policy.economics
    number = world.land.hamlets_to_village(world.sites.open)
    report = number * prices.report_hours * policy.responsibility.paperwork / 3
    book = number * prices.book_hours * policy.supervision.open_book
    return np.stack([report, audited * prices.audit_hours, design.talk_hours(world), book], axis=1)


def _others_managing(world: World) -> Floats:
    """Management hours that others give in each village: coordinators, township officers, organisers.

    Coordinators work the hours that their wage buys; staff whom the county did not pay last month do not work.
    """
    policy, land, sites = world.policy, world.land, world.sites
    open_sites = land.hamlets_to_village(sites.open)
    bought = policy.funding.coordinator / policy.economics.coordinator_wage
    paid = open_sites * bought * world.share_paid("coordinators")
    officers = 0.5 * officer_hours(world) * (open_sites > 0)
    unpaid = organiser_hours(world) * 0.5 * (open_sites > 0)
    world.hours.spend("coordinators", "manage", paid)
    world.hours.spend("officers", "manage", officers)
    world.hours.spend("officers", "lost: no site", 0.5 * officer_hours(world) * (open_sites == 0))
    world.hours.spend("associations", "manage", unpaid)
    total: Floats = paid + officers + unpaid
    return total


def officer_hours(world: World) -> Floats:
    """(villages,) hours a month that township officers have for each village: half to manage, half for tasks."""
    officers = world.policy.responsibility.service_officers / 20 * OFFICER_HOURS * world.share_paid("officers")
    return np.full(world.land.villages, officers)


def organiser_hours(world: World) -> Floats:
    """Unpaid hours a month of each village's organiser; none for a captured association."""
    works = world.associations.exists & ~world.associations.captured
    hours: Floats = world.policy.associations.organiser_hours * works
    return hours


def _ask(world: World, cadre_hours: Floats) -> None:
    """Committees ask those they see (at meetings, at the site, friends of helpers); organisers ask too."""
    elders, land, policy = world.elders, world.land, world.policy
    organiser = 0.5 * organiser_hours(world)
    world.hours.spend("associations", "canvass", organiser)
    somewhere = world.served_row | land.in_village(world.associations.exists)
    met = elders.attended | elders.enrolled | elders.member | (world.ties.helping > 0)
    candidate = elders.able() & ~elders.helper & met & elders.aware & somewhere
    asked = (cadre_hours + organiser) / policy.committee.canvass_hours
    chance = np.minimum(asked / np.maximum(land.by_village(candidate), 1), 1)
    u = world.chance.uniforms(Stream.ASK, world.month, elders.rows)
    rows = np.flatnonzero(candidate)
    elders.asked = candidate
    elders.asked[rows] = u.take(rows) < chance.take(elders.village.take(rows))
