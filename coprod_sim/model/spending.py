"""Who paid for what this month, and the resources that society used (ODD 7.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.state import State

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
    "helpers_pay_by_rule",
)


def costs(state: State) -> dict[str, float]:
    """Yuan by payer, society's resources, what is owed."""
    money, params = state.money, state.params
    wage = params.economics.shadow_wage
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
    used = resources(state)
    unpaid = hours_without_price(state)
    enrolled = float(state.elders.enrolled.sum())
    running = used - annuity(state)
    return by_payer | {
        "cost_locality": locality,
        "cost_society": used + 0.5 * wage * unpaid,
        "cost_society_no_wage": used,
        "cost_society_full_wage": used + wage * unpaid,
        "owed": owed(state),
        "yuan_per_enrolled_month": running / enrolled if enrolled > 0 else float("nan"),
    }


def resources(state: State) -> float:
    """Resources bought this month, buildings as an annuity; premiums count as the accidents they pay."""
    accidents = state.money.paid_for("accidents")
    return state.money.paid_for(*RESOURCES) + state.money.paid_for("reopening") + accidents + annuity(state)


def annuity(state: State) -> float:
    """Monthly cost of the buildings that were built, over their life at the discount rate."""
    prices = state.params.economics
    rate, years = prices.discount_rate, prices.building_life
    yearly = 1 / years if rate == 0 else rate / -np.expm1(-years * np.log1p(rate))
    return state.built * float(yearly) / 12


def hours_without_price(state: State) -> float:
    """Hours that nobody pays for by the hour: elders', organisers', cadres', officials' in the negotiation.

    Paid helpers' hours and staff are left out: their wages are counted.
    """
    given = state.hours.given
    hours = sum(given[party] for party in ("elders", "associations", "committees", "government"))
    paid = state.money.paid_for("helpers_pay")
    rate = state.params.incentive.pay_per_hour
    paid_hours = (paid / rate if rate > 0 else 0.0) + state.past.counted["hours_paid_by_rules"]
    return max(hours - paid_hours, 0.0)


def owed(state: State) -> float:
    """Arrears of the county to sites, organisations and staff, and time credits at the rural wage."""
    arrears = float(state.sites.arrears.sum()) + float(state.organizations.owed.sum()) + sum(state.bills_due.values())
    return arrears + float(state.elders.credits.sum()) * state.params.economics.shadow_wage
