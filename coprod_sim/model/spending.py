"""Who paid for what this month, and the resources that society used (ODD 7.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.world import World

# Purposes that buy resources; everything else (fees, grants to sites, diverted money) moves money only.
RESOURCES = (
    "cook",
    "upkeep",
    "food",
    "coordinators",
    "officers",
    "oversight",
    "open_book",
    "skilled_wages",
    "helpers_pay",
)


def costs(world: World) -> dict[str, float]:
    """Yuan by payer, society's resources, what is owed."""
    money, policy = world.money, world.policy
    wage = policy.economics.shadow_wage
    by_payer = {
        "cost_government": money.paid_by("government", but_to=("treasury",))
        - money.moved["villages", "government", "sanctions"],
        "cost_village": money.paid_by("villages", but_to=("village income",)),
        "cost_elders": money.paid_by("elders") - money.moved["associations", "elders", "dues_returned"],
        "cost_donors": money.paid_by("donors"),
        "cost_organizations": money.paid_by("organization donors")
        - money.moved["organizations", "organization donors", "other work"],
    }
    locality = sum(by_payer[f"cost_{payer}"] for payer in ("village", "elders", "donors", "organizations"))
    used = resources(world)
    unpaid = hours_without_price(world)
    enrolled = float(world.elders.enrolled.sum())
    running = used - annuity(world)
    return by_payer | {
        "cost_locality": locality,
        "cost_society": used + 0.5 * wage * unpaid,
        "cost_society_no_wage": used,
        "cost_society_full_wage": used + wage * unpaid,
        "owed": owed(world),
        "yuan_per_enrolled_month": running / enrolled if enrolled > 0 else float("nan"),
    }


def resources(world: World) -> float:
    """Resources bought this month, buildings as an annuity; premiums count as the accidents they pay."""
    accidents = world.money.paid_for("accidents")
    return world.money.paid_for(*RESOURCES) + world.money.paid_for("reopening") + accidents + annuity(world)


def annuity(world: World) -> float:
    """Monthly cost of the buildings that were built, over their life at the discount rate."""
    prices = world.policy.economics
    rate, years = prices.discount_rate, prices.building_life
    yearly = 1 / years if rate == 0 else rate / -np.expm1(-years * np.log1p(rate))
    return world.built * float(yearly) / 12


def hours_without_price(world: World) -> float:
    """Hours that nobody pays for by the hour: elders', organisers', cadres', officials' at the table.

    Paid helpers' hours and staff are left out: their wages are counted.
    """
    given = world.hours.given
    hours = sum(given[party] for party in ("elders", "associations", "committees", "government"))
    paid = world.money.paid_for("helpers_pay")
    rate = world.policy.incentive.pay_per_hour
    return max(hours - (paid / rate if rate > 0 else 0.0), 0.0)


def owed(world: World) -> float:
    """Arrears of the county to sites, organisations and staff, and time credits at the rural wage."""
    arrears = float(world.sites.arrears.sum()) + float(world.organizations.owed.sum()) + sum(world.bills_due.values())
    return arrears + float(world.elders.credits.sum()) * world.policy.economics.shadow_wage
