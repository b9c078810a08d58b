"""The county's year: what the programme would cost, and what revenue gives for it (ODD 7.3.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government
from coprod_sim.model.places import APPLIED
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.state import State

PLANNED_MONTHS = 9 / 12  # part of a year that a site still to open is planned to run: assumed


def receive_revenue(state: State) -> None:
    """At the start of a year unspent money goes back and the year's is fixed; running money comes month by month."""
    office, params, month = state.office, state.params, state.month
    if month % 12 == 0:
        state.money.move("government", "treasury", "unspent", np.maximum(office.cash, 0))
        _fix_the_year(state)
        if not params.legal.payment_guarantee:
            state.past.count("lapsed", float(state.sites.arrears.sum()))
            state.sites.arrears[:] = 0.0
    state.money.move("treasury", "government", "appropriation", office.yearly / 12)


def _fix_the_year(state: State) -> None:
    office, params, month = state.office, state.params, state.month
    z = float(state.chance.normals(Stream.REVENUE, month, 1)[0])
    keep, spread = params.government.revenue_persistence, params.government.revenue_spread
    office.revenue[:] = keep * office.revenue + spread * np.sqrt(1 - keep**2) * z if month else spread * z
    running, building = planned(state)
    office.applications[:] = 0.0
    office.yearly[:] = government.appropriation(running, float(office.revenue[0]), params.funding)
    # Money for buildings is released at once and kept for them; money for running them comes month by month.
    office.for_building[:] = government.appropriation(building, float(office.revenue[0]), params.funding)
    state.money.move("treasury", "government", "appropriation", office.for_building)


def covered(state: State) -> np.ndarray:
    """(villages,) whether a site serves the village: its own, or one in the cluster that shares a site."""
    own = state.land.hamlets_to_village(state.sites.serving) > 0
    cluster = np.arange(state.land.villages) // int(state.params.access.villages_per_site)
    return np.bincount(cluster, weights=own)[cluster] > 0


def planned(state: State) -> tuple[float, float]:
    """Yuan that running and building the programme would cost this year if all went as planned.

    The county plans from what is reported to it. While a campaign is short of its target it plans a site for each
    village (or cluster that shares one) without; afterwards for applications in hand, and as many more as came last
    year.
    """
    params, sites = state.params, state.sites
    there = float(sites.serving.sum())
    asked = float((sites.status == APPLIED).sum()) + float(state.office.applications[0])
    without = float((~covered(state)).sum()) / int(params.access.villages_per_site)
    missing = without if campaigning(state) else 0.0
    number = there + PLANNED_MONTHS * max(missing, asked)
    return 12 * _running(state, number), max(missing, asked) * params.funding.building_grant


def campaigning(state: State) -> bool:
    """Whether the share of villages with an open site is short of the county's target."""
    open_in_village = state.land.hamlets_to_village(state.sites.open) > 0
    return bool(
        open_in_village.mean() * int(state.params.access.villages_per_site) < state.params.government.target_share
    )


def _running(state: State, number: float) -> float:
    """Monthly cost of so many sites by the rules in force, yuan."""
    params, sites, prices = state.params, state.sites, state.params.economics
    funding, incentive = params.funding, params.incentive
    reported = float(sites.users_reported.sum())
    people = reported + float(state.elders.helper.sum())
    a_month = number * (funding.running_per_site + funding.coordinator) + reported * funding.running_per_elder
    a_month += number * incentive.pay_budget * (incentive.pay_per_hour > 0)
    a_month += float((state.contracts.organization >= 0).sum()) * funding.service_purchase
    a_month += people * prices.insurance_premium / 12 * params.legal.insurance
    everyone = np.arange(state.elders.rows)
    fee, waived = local_money.fees(state, everyone)
    a_month += float((fee * (state.elders.enrolled & waived)).sum())
    return a_month + officers(state) + _oversight(state, number, reported)


def _oversight(state: State, sites: float, users: float) -> float:
    """What audits, interviews, talks, awards and booking cost in a month by the rules in force, yuan."""
    params, prices, villages = state.params, state.params.economics, state.land.villages
    check, talk, reward = params.supervision, params.negotiation, params.incentive
    yearly = sites * prices.audit_cost * check.audit_probability
    yearly += users * prices.survey_cost * check.survey_share
    yearly += sites * prices.evaluator_cost * (check.evaluator == "external")
    yearly += talk.rounds * villages * prices.facilitator_cost * talk.facilitation
    yearly += villages * reward.awards_per_year * reward.award_cost
    monthly = villages * reward.booking_cost * reward.time_bank
    return yearly / 12 + monthly


def officers(state: State) -> float:
    """Monthly wages of township service officers, yuan."""
    params = state.params
    return params.responsibility.service_officers * state.land.villages / 20 * params.economics.officer_wage
