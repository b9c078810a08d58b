"""Cadre hours, scarce: the same hours report, talk, manage and ask (ODD 7.3.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.table import WEEKS
from coprod_sim.model.agents.village_committee import CANVASS, INSPECTED, MANAGE
from coprod_sim.model.columns import Floats, expit
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages import design
from coprod_sim.model.state import State

OFFICER_HOURS = 160.0  # hours a month of a township officer


def split(state: State) -> None:
    """Each committee decides how many hours it gives and to what; sites get the management that results."""
    committees, sites, land, params = state.committees, state.sites, state.land, state.params
    committee = params.committee
    audited = _audits(state)
    inspected = _inspected(state, audited)
    need = land.hamlets_to_village((committee.site_hours + committee.user_hours * sites.users) * sites.open)
    there_are = committee.hours_a_week * WEEKS
    committees.workload[:] = (inspected.sum(axis=1) + need) / there_are
    exposed = village_committee.exposure(params.supervision)
    recognised = committees.recognition * (1 - params.design.broken_promise * committees.disappointment)
    load = np.minimum(committees.workload, 5)
    utility = village_committee.utility_of_working(committee, committees.service_motivation, recognised, load)
    available = there_are * expit(utility.sum())
    others = _others_managing(state)
    left_to_manage = np.maximum(need - others, 0)
    first, manage, ask = village_committee.split_hours(
        committee, available, inspected.sum(axis=1), left_to_manage, exposed
    )
    committees.inspected_done[:] = np.where(
        inspected.sum(axis=1) > 0, first / np.maximum(inspected.sum(axis=1), 1e-9), 1.0
    )
    share = inspected / np.maximum(inspected.sum(axis=1, keepdims=True), 1e-9)
    committees.hours[:, INSPECTED] = first[:, None] * share
    committees.hours[:, MANAGE] = manage
    committees.hours[:, CANVASS] = ask
    for task, name in enumerate(village_committee.TASKS):
        state.hours.spend("committees", name, committees.hours[:, task])
    got = np.where(need > 0, np.minimum((manage + others) / np.maximum(need, 1e-9), 1), 1.0)
    sites.managed[:] = got[land.village_of_hamlet]
    _ask(state, ask)
    design.take_time(state)


def _audits(state: State) -> Floats:
    """Audits of this month, at most one a site and year; complaints make them up to three times as likely."""
    sites, params = state.sites, state.params
    yearly = np.minimum(params.supervision.audit_probability * np.minimum(1 + sites.complaints, 3), 1)
    monthly = np.where(sites.audited, 0.0, 1 - (1 - yearly) ** (1 / 12))
    u = state.chance.uniforms(Stream.AUDIT, state.month, sites.rows)
    now = sites.open & (u < monthly)
    sites.audited |= now
    sites.users_reported[now] = sites.users[now]
    state.charge(bills.audits, float(now.sum()))
    state.past.count("audits", float(now.sum()))
    return state.land.hamlets_to_village(now)


def _inspected(state: State, audited: Floats) -> Floats:
    """(villages, 4) hours that reports, audits, talk and the open book ask of each committee."""
    params, prices = state.params, state.params.economics
    number = state.land.hamlets_to_village(state.sites.open)
    report = number * prices.report_hours * params.responsibility.paperwork / 3
    book = number * prices.book_hours * params.supervision.open_book
    return np.stack([report, audited * prices.audit_hours, design.talk_hours(state), book], axis=1)


def _others_managing(state: State) -> Floats:
    """Management hours that others give in each village: coordinators, township officers, organisers.

    Coordinators work the hours that their wage buys; staff whom the county did not pay last month do not work.
    """
    params, land, sites = state.params, state.land, state.sites
    open_sites = land.hamlets_to_village(sites.open)
    bought = params.funding.coordinator / params.economics.coordinator_wage
    paid = open_sites * bought * state.share_paid("coordinators")
    officers = 0.5 * officer_hours(state) * (open_sites > 0)
    unpaid = organiser_hours(state) * 0.5 * (open_sites > 0)
    state.hours.spend("coordinators", "manage", paid)
    state.hours.spend("officers", "manage", officers)
    state.hours.spend("officers", "lost: no site", 0.5 * officer_hours(state) * (open_sites == 0))
    state.hours.spend("associations", "manage", unpaid)
    total: Floats = paid + officers + unpaid
    return total


def officer_hours(state: State) -> Floats:
    """(villages,) hours a month that township officers have for each village: half to manage, half for tasks."""
    officers = state.params.responsibility.service_officers / 20 * OFFICER_HOURS * state.share_paid("officers")
    return np.full(state.land.villages, officers)


def organiser_hours(state: State) -> Floats:
    """Unpaid hours a month of each village's organiser; none for a captured association."""
    works = state.associations.exists & ~state.associations.captured
    hours: Floats = state.params.associations.organiser_hours * works
    return hours


def _ask(state: State, cadre_hours: Floats) -> None:
    """Committees ask those they see (at meetings, at the site, friends of helpers); organisers ask too."""
    elders, land, params = state.elders, state.land, state.params
    organiser = 0.5 * organiser_hours(state)
    state.hours.spend("associations", "canvass", organiser)
    somewhere = state.served_row | land.in_village(state.associations.exists)
    met = elders.attended | elders.enrolled | elders.member | (state.acquaintances.helping > 0)
    candidate = elders.able() & ~elders.helper & met & elders.aware & somewhere
    asked = (cadre_hours + organiser) / params.committee.canvass_hours
    chance = np.minimum(asked / np.maximum(land.by_village(candidate), 1), 1)
    u = state.chance.uniforms(Stream.ASK, state.month, elders.rows)
    rows = np.flatnonzero(candidate)
    elders.asked = candidate
    elders.asked[rows] = u.take(rows) < chance.take(elders.village.take(rows))
