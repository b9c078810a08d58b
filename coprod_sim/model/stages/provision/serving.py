"""Hours and money become meals, company, daily help and health service (ODD 7.4.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import experience
from coprod_sim.model.agents.elder.need import DAYS
from coprod_sim.model.agents.elder.table import COMPANY, DAILY_HELP, HEALTH, MEALS, SERVICES
from coprod_sim.model.columns import Floats
from coprod_sim.model.plan import HOME_VISITS, MIX, meals_a_day
from coprod_sim.model.stages.provision import credits
from coprod_sim.model.stages.provision.demand import Demand
from coprod_sim.model.state import State


def production(
    regular: Floats, elders: Floats, share: float, rho: float, floor_regular: float, floor_elders: float
) -> Floats:
    """Share of demand served: CES of inputs relative to reference, normalised, with floors from one input alone.

    At reference inputs the result is 1 whatever rho; rho moves substitutability and nothing else.
    """
    g, e = np.clip(regular, 0, 2), np.clip(elders, 0, 2)
    if abs(rho) < 1e-3:
        mixed = g**share * e ** (1 - share)
    else:
        with np.errstate(divide="ignore", over="ignore"):
            mixed = (share * g**rho + (1 - share) * e**rho) ** (1 / rho)
        mixed = np.where((rho < 0) & ((g <= 0) | (e <= 0)), 0.0, mixed)
    alone = np.maximum(floor_regular * np.minimum(g, 1), floor_elders * np.minimum(e, 1))
    served: Floats = np.clip(np.maximum(mixed, alone), 0, 1)
    return served


def serve(state: State) -> None:
    """Share hours out over services by the plan, produce, and let each elder feel what came."""
    demand = _demand(state)
    hours = state.sites.help_hours - state.sites.task_hours
    claimed = credits.redeem(state, demand, hours)
    given = _share_out(state, demand, np.maximum(hours - claimed, 0))
    skilled = _share_skilled(state, demand)
    served = _produce(state, demand, given, skilled)
    state.sites.delivered[:] = (served * (demand.units > 0)).T
    company_at_home = np.minimum(_relative(given[COMPANY], demand.helper_hours[COMPANY]), 1) * _kept(state)
    _receive(state, demand, served, company_at_home)
    _update_experience(state)
    credits.earn(state)


def _demand(state: State) -> Demand:
    elders, needs, services = state.elders, state.needs, state.params.services
    plan, bound = state.committees.plan, state.homebound
    comes = elders.enrolled & state.served_row & ~bound
    # Visits are promised to the left-behind who cannot come, users or not, in a fixed order.
    promised = state.visit_uniforms < state.land.in_village(plan[:, HOME_VISITS])
    visited = bound & needs.left_behind & state.served_row & promised
    fed_at_home = elders.enrolled & bound & state.served_row & state.params.access.home_delivery
    rows = np.flatnonzero(comes | visited | fed_at_home)
    eats, others = (comes | fed_at_home).take(rows), (comes | visited).take(rows)
    gaps = needs.take(rows).gaps
    asked = gaps * others
    asked[MEALS] = (meals_a_day(plan) * DAYS).take(elders.village.take(rows)) * eats
    at_home = np.stack([state.by_site(state.spread(asked[s] * bound.take(rows), rows)) for s in range(4)])
    units = np.stack([state.by_site(state.spread(asked[s], rows)) for s in range(4)])
    an_hour = np.array(
        [services.meal_hours, services.company_hours, services.daily_help_hours, services.visit_hours * 0.2]
    )
    way = np.array([0.0, services.travel_hours, services.travel_hours, 0.0])
    helper_hours = an_hour[:, None] * (units + way[:, None] * at_home)
    skilled = np.array([0.0, 0.0, services.skilled_hours, services.visit_hours])[:, None] * units
    return Demand(rows, gaps, comes, visited, fed_at_home, units, helper_hours, skilled)


def _share_out(state: State, demand: Demand, hours: Floats) -> Floats:
    """(4, sites) helpers' hours by service: by the plan's mix where there is demand; what one does not need goes on."""
    mix = state.committees.plan[:, MIX][state.sites.village].T
    left = hours.copy()
    given = np.zeros_like(demand.helper_hours)
    for _ in range(3):
        lack = demand.helper_hours - given
        weight = (mix + 1e-6) * (lack > 1e-9)
        part = left * weight / np.maximum(weight.sum(axis=0), 1e-12)
        taken = np.minimum(part, lack)
        given += taken
        left = left - taken.sum(axis=0)
    serving = state.sites.open & (state.sites.help_hours > 0)
    for service, name in enumerate(SERVICES):
        state.hours.use("elders", name, given[service][serving])
    state.hours.use("elders", "lost: nothing to do", left[serving])
    return given


def _share_skilled(state: State, demand: Demand) -> Floats:
    """(4, sites) skilled hours of organisations: to care and health as the demand there is, over a village's sites."""
    land, village = state.land, state.land.village_of_hamlet
    asked = demand.skilled_hours.sum(axis=0)
    in_village = land.hamlets_to_village(asked)
    there = state.contracts.hours
    used = np.minimum(there, in_village)
    state.hours.give("organizations", there)
    state.hours.use("organizations", "care and health", used)
    state.hours.use("organizations", "lost: nothing to do", there - used)
    rate = np.where(in_village > 0, used / np.maximum(in_village, 1e-9), 0.0)
    return demand.skilled_hours * rate[village]


def _produce(state: State, demand: Demand, given: Floats, skilled: Floats) -> Floats:
    """(4, sites) share of demand that is served, after what undone tasks and worn rooms take."""
    sites, s = state.sites, state.params.services
    e = _relative(given, demand.helper_hours)
    g = _relative(skilled, demand.skilled_hours)
    crowded = np.minimum(state.params.economics.site_capacity / np.maximum(sites.users, 1), 1)
    served = np.stack(
        [
            production(sites.days_open * crowded, e[MEALS], s.share_meals, s.rho, s.floor_meals, 0),
            production(sites.days_open, e[COMPANY], s.share_company, s.rho, s.floor_company, 0.5),
            production(g[DAILY_HELP], e[DAILY_HELP], s.share_daily_help, s.rho, 0, s.floor_daily_help),
            production(g[HEALTH], e[HEALTH], s.share_health, s.rho, s.floor_health, 0),
        ]
    )
    return served * _kept(state)


def _kept(state: State) -> Floats:
    """(sites,) share of service that undone tasks and worn rooms leave."""
    sites, weight = state.sites, state.params.services.task_weight
    kept: Floats = (1 - weight * sites.undone) * (0.7 + 0.3 * sites.condition) * sites.open
    return kept


def _relative(given: Floats, reference: Floats) -> Floats:
    ratio: Floats = np.where(reference > 1e-9, given / np.maximum(reference, 1e-9), 0.0)
    return ratio


def _receive(state: State, demand: Demand, served: Floats, at_home: Floats) -> None:
    """What each elder gets: the share of the own open need that is served."""
    elders, past, rows, gaps = state.elders, state.past, demand.rows, demand.gaps
    comes, visited, fed_at_home = (who.take(rows) for who in (demand.comes, demand.visited, demand.fed_at_home))
    eats = comes | fed_at_home
    meals = meals_a_day(state.committees.plan).take(elders.village.take(rows))
    portion = meals * DAYS * state.at_site(served[MEALS], rows) * eats
    got = past.served.take(rows, axis=1)
    got[MEALS] = np.where(gaps[MEALS] > 0, np.minimum(portion / np.maximum(gaps[MEALS], 1e-9), 1), eats * 1.0)
    for service in (COMPANY, DAILY_HELP, HEALTH):
        base = state.at_site(served[service], rows) * (comes | visited)
        if service == COMPANY:
            # The common table gives company to those who come; those at home have their visitors alone.
            base = np.where(comes, base, state.at_site(at_home, rows) * visited)
        got[service] = np.minimum(np.maximum(base, got[service]), 1)
    past.served[:, rows] = got
    past.count("meals", float(state.spread(portion, rows).sum()))
    past.count("visits", float(state.spread(gaps[HEALTH] * got[HEALTH], rows).sum()))
    promised = (gaps[COMPANY] + gaps[DAILY_HELP]) * visited
    kept = (gaps[COMPANY] * got[COMPANY] + gaps[DAILY_HELP] * got[DAILY_HELP]) * visited
    state.committees.visits_promised[:] = state.land.by_village(state.spread(promised, rows))
    state.committees.visits_kept[:] = state.land.by_village(state.spread(kept, rows))
    elders.took_part[np.flatnonzero(elders.enrolled | demand.visited)] = state.month


def _update_experience(state: State) -> None:
    """Needs met by family, which gives a little less where a scheme serves, and scheme; what follows from it."""
    elders, needs, past, params = state.elders, state.needs, state.past, state.params
    out = params.family.crowd_out
    total, care = needs.cover.copy(), needs.cover[DAILY_HELP].copy()
    rows = np.flatnonzero(past.served.sum(axis=0))
    cover, served = needs.cover.take(rows, axis=1), past.served.take(rows, axis=1)
    # A family gives less by a part of what the scheme serves; never by more than that.
    family = np.maximum(cover - out * served * (1 - cover), 0)
    total[:, rows] = np.minimum(family + (1 - cover) * served, 1)
    care[rows] = family[DAILY_HELP]
    needed = needs.needed
    past.covered = total
    elders.met[:] = (needed & (total >= params.health.adequate - 1e-9)).T
    past.care_by_family = needs.amount[DAILY_HELP] * np.minimum(care, 1)
    past.care_by_scheme = needs.amount[DAILY_HELP] * (total[DAILY_HELP] - np.minimum(care, total[DAILY_HELP]))
    experience.update_satisfaction(elders, past.served, needs)
    unmet = (needed * (1 - total)).sum(axis=0)
    spouse_served = past.served[DAILY_HELP].take(elders.partner) * (elders.partner >= 0)
    experience.update_wellbeing(elders, params.elders, unmet, spouse_served)
    _see_quality(state)


def _see_quality(state: State) -> None:
    """A site's quality as its users speak of it; the committee sees what its users lack."""
    elders, sites, needs = state.elders, state.sites, state.needs
    users = state.by_site(elders.enrolled)
    felt = state.by_site(elders.satisfaction * elders.enrolled) / np.maximum(users, 1)
    sites.quality[:] = np.where(users > 0, felt, sites.quality)
    rows = np.flatnonzero(elders.enrolled)
    lacks = needs.take(rows).gaps > 0
    seen = np.stack([state.land.by_village(state.spread(lacks[s], rows)) for s in range(4)], axis=1)
    total = seen.sum(axis=1, keepdims=True)
    mix = seen / np.maximum(total, 1)
    state.committees.need_seen += 0.05 * (total > 0) * (mix - state.committees.need_seen)
