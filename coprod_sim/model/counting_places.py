"""Adds up what sites, villages, organisations and townships are like this month, for results (ODD 9)."""

from __future__ import annotations

import math

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.duties import share_of_duty
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.indicators.tally import Places
from coprod_sim.model.places import OPEN, STOPPED, Organizations, Sites, Townships, Villages
from coprod_sim.model.units import DAYS

NUMBER_OF_DUTIES, KINDS_OF_FAULT = 5, 3  # of a site (ODD 2.2)
HALF_OF_DAYS = 0.5  # on which a site is open that runs normally (ODD 4.10)
GUIDELINE, COMMITTEE, ELDER = range(3)  # whose ideals are compared with a plan
COMPARED = 3.0  # how many these are (ODD 9)
MEALS, FEE, HOMES = range(3)  # items of a plan
MEALS_A_UNIT, YUAN_A_UNIT = 3.0, 10.0  # of the items of a plan: meals a day and yuan a meal (ODD 2.2)


@row_step
def has_open_site(village: int, sites: Sites, first_site: Ints, hamlets: Ints) -> bool:
    """Whether a village has an open site."""
    there = False
    for row in range(first_site[village], first_site[village] + hamlets[village]):
        there = there or sites.status[row] == OPEN
    return there


@compiled_pass
def count_places(
    sites: Sites, villages: Villages, organizations: Organizations, townships: Townships, served: Floats,
    paid_on_day: Floats, aims: Floats, visits: float, first_site: Ints, hamlets: Ints,
) -> Places:  # fmt: skip
    """Sums of the month (see `Places`).

    Args:
        served: (hamlets,) meals eaten.
        paid_on_day: (hamlets,) running money of the month that was paid on the day, yuan.
        aims: (villages, 3) squared distance of the plan from the ideals of county, committee and the mean elder.
        visits: skilled visits made.
        first_site, hamlets: (villages,) row of a village's first hamlet, and how many it has.
    """
    opened, stopped, ever, running, meal_days, eaten, wanted = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    done, twice, faults, due, claimed, on_day, owed = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    scored, score, score_true = 0.0, 0.0, 0.0
    for row in range(sites.village.size):
        ever += 1.0 if sites.opened[row] >= 0 else 0.0
        stopped += 1.0 if sites.status[row] == STOPPED else 0.0
        owed += sites.arrears[row] + sites.unclaimed[row]
        if sites.scored[row]:
            scored, score, score_true = scored + 1.0, score + sites.score[row], score_true + sites.score_true[row]
        if sites.status[row] == OPEN:
            opened += 1.0
            running += 1.0 if sites.meal_days[row] >= HALF_OF_DAYS else 0.0
            meal_days += sites.meal_days[row]
            eaten += served[row]
            wanted += sites.eaten[row] * DAYS
            due, claimed, on_day = due + sites.due[row], claimed + sites.claimed[row], on_day + paid_on_day[row]
            for kind in range(NUMBER_OF_DUTIES):
                done += share_of_duty(kind) * sites.done[row, kind]
                twice += share_of_duty(kind) * sites.twice[row, kind]
            for kind in range(KINDS_OF_FAULT):
                faults += 1.0 if sites.fault[row, kind] > 0.0 else 0.0
    with_site, spread, from_elders, meals, fee, homes = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    cadre, contracts, associations, motivation = 0.0, 0.0, 0.0, 0.0
    for village in range(villages.given.size):
        cadre += villages.given[village]
        contracts += 1.0 if villages.contract[village] >= 0 else 0.0
        associations += 1.0 if villages.association[village] else 0.0
        motivation += villages.motivation[village]
        if has_open_site(village, sites, first_site, hamlets):
            with_site += 1.0
            of_three = aims[village, GUIDELINE] + aims[village, COMMITTEE] + aims[village, ELDER]
            spread += math.sqrt(max(of_three / COMPARED, 0.0))
            from_elders += math.sqrt(max(aims[village, ELDER], 0.0))
            meals += villages.plan[village, MEALS] * MEALS_A_UNIT
            fee += villages.plan[village, FEE] * YUAN_A_UNIT
            homes += villages.plan[village, HOMES]
    of_organizations = 0.0
    for row in range(organizations.motivation.size):
        of_organizations += organizations.motivation[row]
        owed += organizations.owed[row]
    county_done = 0.0
    for row in range(townships.done.size):
        county_done += townships.done[row]
    return Places(
        opened, stopped, ever, running, meal_days, eaten, wanted, done, twice, faults, due, claimed, on_day, owed,
        scored, score, score_true, 1.0 * villages.given.size, with_site, spread, from_elders, meals, fee, homes, cadre,
        contracts, associations, motivation, visits, 1.0 * organizations.motivation.size, of_organizations,
        1.0 * townships.done.size, county_done,
    )  # fmt: skip
