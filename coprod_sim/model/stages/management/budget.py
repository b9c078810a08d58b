"""The county's year: what the programme would cost, and what revenue gives for it (ODD 7.3.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government
from coprod_sim.model.places import APPLIED
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.world import World

PLANNED_MONTHS = 9 / 12  # part of a year that a site still to open is planned to run: assumed


def receive_revenue(world: World) -> None:
    """At the start of a year unspent money goes back and the year's is fixed; running money comes month by month."""
    office, policy, month = world.office, world.policy, world.month
    if month % 12 == 0:
        world.money.move("government", "treasury", "unspent", np.maximum(office.cash, 0))
        _fix_the_year(world)
        if not policy.legal.payment_guarantee:
            world.past.count("lapsed", float(world.sites.arrears.sum()))
            world.sites.arrears[:] = 0.0
    world.money.move("treasury", "government", "appropriation", office.yearly / 12)


def _fix_the_year(world: World) -> None:
    office, policy, month = world.office, world.policy, world.month
    z = float(world.chance.normals(Stream.REVENUE, month, 1)[0])
    keep, spread = policy.government.revenue_persistence, policy.government.revenue_spread
    office.revenue[:] = keep * office.revenue + spread * np.sqrt(1 - keep**2) * z if month else spread * z
    running, building = planned(world)
    office.applications[:] = 0.0
    office.yearly[:] = government.appropriation(running, float(office.revenue[0]), policy.funding)
    # Money for buildings is released at once and kept for them; money for running them comes month by month.
    office.for_building[:] = government.appropriation(building, float(office.revenue[0]), policy.funding)
    world.money.move("treasury", "government", "appropriation", office.for_building)


def covered(world: World) -> np.ndarray:
    """(villages,) whether a site serves the village: its own, or one in the cluster that shares a site."""
    own = world.land.hamlets_to_village(world.sites.serving) > 0
    cluster = np.arange(world.land.villages) // int(world.policy.access.villages_per_site)
    return np.bincount(cluster, weights=own)[cluster] > 0


def planned(world: World) -> tuple[float, float]:
    """Yuan that running and building the programme would cost this year if all went as planned.

    The county plans from what it is told. While a campaign is short of its target it plans a site for each village
    (or cluster that shares one) without; afterwards for applications in hand, and as many more as came last year.
    """
    policy, sites = world.policy, world.sites
    there = float(sites.serving.sum())
    asked = float((sites.status == APPLIED).sum()) + float(world.office.applications[0])
    without = float((~covered(world)).sum()) / int(policy.access.villages_per_site)
    missing = without if campaigning(world) else 0.0
    number = there + PLANNED_MONTHS * max(missing, asked)
    return 12 * _running(world, number), max(missing, asked) * policy.funding.building_grant


def campaigning(world: World) -> bool:
    """Whether the share of villages with an open site is short of the county's target."""
    open_in_village = world.land.hamlets_to_village(world.sites.open) > 0
    return bool(
        open_in_village.mean() * int(world.policy.access.villages_per_site) < world.policy.government.target_share
    )


def _running(world: World, number: float) -> float:
    """Monthly cost of so many sites by the rules in force, yuan."""
    policy, sites, prices = world.policy, world.sites, world.policy.economics
    funding, incentive = policy.funding, policy.incentive
    told = float(sites.users_told.sum())
    people = told + float(world.elders.helper.sum())
    a_month = number * (funding.running_per_site + funding.coordinator) + told * funding.running_per_elder
    a_month += number * incentive.pay_budget * (incentive.pay_per_hour > 0)
    a_month += float((world.contracts.organization >= 0).sum()) * funding.service_purchase
    a_month += people * prices.insurance_premium / 12 * policy.legal.insurance
    everyone = np.arange(world.elders.rows)
    fee, waived = local_money.fees(world, everyone)
    a_month += float((fee * (world.elders.enrolled & waived)).sum())
    return a_month + officers(world) + _oversight(world, number, told)


def _oversight(world: World, sites: float, users: float) -> float:
    """What audits, interviews, talks, awards and booking cost in a month by the rules in force, yuan."""
    policy, prices, villages = world.policy, world.policy.economics, world.land.villages
    check, talk, reward = policy.supervision, policy.negotiation, policy.incentive
    yearly = sites * prices.audit_cost * check.audit_probability
    yearly += users * prices.survey_cost * check.survey_share
    yearly += sites * prices.evaluator_cost * (check.evaluator == "external")
    yearly += talk.rounds * villages * prices.facilitator_cost * talk.facilitation
    yearly += villages * reward.awards_per_year * reward.award_cost
    monthly = villages * reward.booking_cost * reward.time_bank
    return yearly / 12 + monthly


def officers(world: World) -> float:
    """Monthly wages of township service officers, yuan."""
    policy = world.policy
    return policy.responsibility.service_officers * world.land.villages / 20 * policy.economics.officer_wage
