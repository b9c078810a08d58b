"""Small counties in which the two implementations are docked: together they use every lever and every rival form."""

from __future__ import annotations

from typing import Any

from coprod_sim.scenario.schema import Scenario, scenario_from

Values = dict[str, Any]

MONTHS = 60
REFORM = 24

# Sites open early, many have heard of them, and there are organisations.
COUNTY: dict[str, Values] = {
    "population": {"villages": 5, "elders_per_village": 80, "hamlets_per_village": 2.0},
    "horizon": {"months": MONTHS, "reform_month": REFORM, "state_window": 12},
    "enrolling": {"aware_at_start": 0.6},
    "organizations": {"per_county": 2, "enter": 1.0},
}


def from_reform(before: Any, after: Any) -> dict[int, Any]:
    """A schedule that changes in the reform month."""
    return {0: before, REFORM: after}


OPEN_TO_ALL: Values = {"requires_self_care": False, "requires_left_behind": False, "eligible_age": 60}
SEATS: Values = {
    name: from_reform(False, True) for name in ("elders_seat", "association_seat", "organization_seat", "facilitation")
}

# Each in a few seconds; together they use every lever and every rival form.
FAST: dict[str, dict[str, Values]] = {
    "talk": {
        "negotiation": {"rounds": from_reform(0, 2), "round_hours": 4, "facilitator_cost": 400, **SEATS},
        "associations": {"at_start": 0.5, "join": 0.0},
        "responsibility": {"report_hours": 16},
    },
    "law, bank and honours": {
        "legal": {
            "liability": {0: "elder", 12: "village", 36: "government"}, "insurance": {0: False, 48: True},
            "contract_enforcement": from_reform(False, True), "payment_guarantee": from_reform(False, True),
            "drafting": 400,
        },
        "incentive": {
            "time_bank": from_reform(False, True), "credit_life": 12, "booking_cost": 200, "awards_per_year": 4.0,
            "award_cost": 300, "pay_per_hour": {0: 0, 12: 5, 40: 0}, "pay_budget": 300,
        },
        "funding": {"shortfall": 0.3},
        "services": {"accidents": 1.0},
        "access": {"requires_self_care": False},
    },
    "duties and supervision": {
        "responsibility": {
            "named_share": from_reform(0.2, 0.9), "county_deadlines": from_reform(0.2, 0.9),
            "paperwork": from_reform(1.0, 0.5), "duty_drafting": 500, "office_cost": 5_000,
        },
        "supervision": {
            "audit_probability": from_reform(0.3, 0.6), "audit_cost": 900, "audit_hours": 8,
            "survey_share": from_reform(0.0, 0.3), "survey_cost": 20, "open_book": from_reform(False, True),
            "book_cost": 30, "book_hours": 3, "sanction": from_reform(0.3, 1.0),
            "evaluator": from_reform("internal", "external"), "evaluator_cost": 700,
            "follow_up": from_reform(0.2, 0.9), "money_follows_score": {0: 0.0, 12: 1.0, 36: -1.0},
            "renewal_score": 0.75, "idle_penalty": 0.5,
        },
        "staff": {"coordinator": {0: 0, 36: 1_000}, "officers": {0: 0, 36: 0.5}},
        "faults": {"onset": 1.5, "size": 0.5},
        "committee": {"greed": 0.4, "vanity": 0.6},
    },
    "access": {
        "access": {
            "eligible_age": from_reform(73, 62), "requires_self_care": from_reform(True, False),
            "requires_left_behind": from_reform(True, False), "meals_a_day": {0: 2.5, 30: 1.5}, "fee": {0: 2.2, 30: 4},
            "fewest_users": from_reform(5, 3), "fee_waiver_share": 0.5, "home_delivery": from_reform(False, True),
            "poor_villages_first": True, "villages_per_site": {0: 2, 36: 1},
        },
        "population": {"poor_village_share": 0.5},
    },
    "money": {
        "funding": {
            "paid_first": {0: "building", 12: "running", 36: "shared"}, "shortfall": from_reform(0.05, 0.5),
            "netting_off": {0: 0, 12: 0.5}, "running_per_elder": from_reform(0, 60),
            "running_per_site": from_reform(3_000, 1_500), "building_grant": {0: 100_000, 30: 60_000, 48: 0},
            "service_purchase": {0: 1_200, 36: 2_400}, "contract_hours": {0: 40, 36: 80},
        },
    },
    "from below": {
        "government": {"target_share": 0.0},
        "associations": {"at_start": 0.74, "join": 1.0},
        "helping": {"base": -2.0},
        "access": OPEN_TO_ALL,
    },
    "rival forms": {
        "structure": {
            "duties": "usual", "helping": "threshold", "expectation": "adaptive", "talk_meets": False,
            "talk_bargains": False,
        },
        "negotiation": {"rounds": {0: 0, 12: 2, 36: 0}, "elders_seat": True},
        "funding": {"shortfall": 0.3},
    },
    "ceilings": {
        "structure": {
            "perfect_money": {0: 0, 12: 1, 24: 0}, "perfect_duties": {0: 0, 24: 1, 36: 0},
            "perfect_evaluation": {0: 0, 36: 1, 48: 0}, "plan_meals": {0: -1, 24: 2}, "plan_fee": {0: -1, 24: 3},
            "plan_homes": {0: -1, 24: 0.4}, "plan_needy": {0: -1, 24: 0.6}, "plan_elders": {0: -1, 24: 0.8},
        },
        "faults": {"onset": 2.0},
        "committee": {"greed": 0.4, "vanity": 0.6},
        "helping": {"base": -2.0},
    },
}  # fmt: skip

SLOW: dict[str, dict[str, Values]] = {
    "today": {},
    "talk that comes and goes": {
        "negotiation": {
            "rounds": {0: 3, 30: 0, 44: 1}, "elders_seat": True, "association_seat": True, "round_hours": 4,
        },
        "associations": {"at_start": 0.7, "join": 0.5},
        "design": {"close_at": 0.8, "attend": 1.0},
    },
    "liability that moves": {
        "legal": {
            "liability": {0: "elder", 12: "government", 30: "village", 45: "elder"}, "insurance": {0: False, 50: True},
        },
        "access": {"requires_self_care": False},
        "services": {"accidents": 1.0},
    },
    "a bank for all": {
        "incentive": {"time_bank": True, "credit_life": 12},
        "helping": {"base": -2.0, "conditional": 0.6},
        "access": {**OPEN_TO_ALL, "home_delivery": True},
        "family": {"crowd_out": 0.5},
        "services": {"capacity": 15},
    },
    "shared sites": {
        "access": {**OPEN_TO_ALL, "villages_per_site": 3, "home_delivery": True, "fewest_users": 3},
        "enrolling": {"aware_at_start": 0.9},
        "population": {"villages": 7, "hamlets_per_village": 1.5},
        "government": {"target_share": 0.3},
        "supervision": {"follow_up": 0.9, "audit_probability": 0.5},
    },
    "grants that end": {
        "funding": {"building_grant": {0: 100_000, 6: 0}},
        "associations": {"at_start": 0.7, "join": 1.0},
        "access": {"requires_self_care": False, "eligible_age": 60},
    },
    "associations that dissolve": {
        "associations": {"at_start": 0.74, "join": -4.0, "founding": 0.005},
        "population": {"elders_per_village": 50},
    },
    "prices": {
        "economics": {
            "food_factor": 1.3, "wage_factor": 0.8, "other_factor": 1.2, "donation_decay": 0.5, "donations": 4_000,
        },
        "funding": {"building_grant": 200_000},
        "supervision": {"open_book": True, "audit_probability": 0.5},
    },
    "another set of ADL": {
        "health": {"adl_set": 5},
        "population": {"migration_rate": 0.1},
        "structure": {"plan_homes": 0.5, "plan_needy": 0.5},
        "access": {"requires_self_care": False, "home_delivery": True},
    },
    "years that differ": {
        "government": {"revenue_spread": 0.3, "building_months": 6, "target_share": 1.0},
        "funding": {"shortfall": 0.3},
        "supervision": {"idle_penalty": 1.0},
    },
    "two townships": {
        "population": {"villages": 15, "elders_per_village": 40},
        "negotiation": {"rounds": 1, "elders_seat": True, "organization_seat": True},
        "staff": {"officers": 1},
    },
    "a reform in the middle of a year": {
        "horizon": {"reform_month": 29},
        "negotiation": {"rounds": {0: 0, 29: 2}, "elders_seat": True},
        "structure": {"plan_meals": {0: -1, 29: 2}, "perfect_evaluation": {0: 0, 29: 1}},
    },
    "all that can go wrong": {
        "duties": {"cost": 0.9},
        "funding": {"shortfall": 0.5, "running_per_site": 2_000},
        "faults": {"onset": 2, "repair": 0.2, "size": 0.6},
        "committee": {"greed": 0.4, "vanity": 0.8},
        "supervision": {"audit_probability": 0.3, "sanction": 1.0},
    },
}  # fmt: skip


def county(changes: dict[str, Values]) -> Scenario:
    """The county with some groups' values changed."""
    return scenario_from({name: {**COUNTY.get(name, {}), **changes.get(name, {})} for name in {**COUNTY, **changes}})
