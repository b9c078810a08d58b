"""What each indicator counts in a month (ODD 4.10)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import SERVICES
from coprod_sim.model.agents.village_committee import MANAGE
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.places import BUILDING, STOPPED
from coprod_sim.model.spending import costs
from coprod_sim.model.state import State
from coprod_sim.scenario.timeline import value_at


def target_group(state: State) -> Flags:
    """Whom the programme began for: left behind or alone, over the age limit of month 0; whatever the grade.

    A policy that changes the limit does not change who is counted.
    """
    age = value_at(state.scenario.access.eligible_age, 0)
    target: Flags = state.elders.present & state.needs.left_behind & (state.elders.age(state.month) >= age)
    return target


def by_elder(state: State) -> dict[str, tuple[Floats | Flags, Floats | Flags]]:
    """Numerator and denominator of each indicator that is counted by group, one value a row."""
    elders, needs, past = state.elders, state.needs, state.past
    there = elders.present
    needed = needs.needed
    counts: dict[str, tuple[Floats | Flags, Floats | Flags]] = {}
    for service, name in enumerate(SERVICES):
        counts[f"met_{name}"] = (elders.met[:, service], needed[service])
    all_met = np.asarray((elders.met.T | ~needed).all(axis=0))
    any_need = np.asarray(needed.any(axis=0))
    counts["met_all"] = (any_need & all_met, any_need)
    for name in ("meals", "company", "daily_help"):
        need = needed[SERVICES.index(name)]
        counts[f"covered_{name}"] = (past.covered[SERVICES.index(name)] * need, need)
    counts["personal_care_hours_met"] = (past.care_by_family + past.care_by_scheme, there)
    counts["care_hours_by_scheme"] = (past.care_by_scheme, there)
    for name, values in (
        ("wellbeing", elders.well_being),
        ("trust", elders.trust),
        ("recognition", elders.recognition),
    ):
        counts[name] = (values * there, there)
    target = target_group(state)
    counts["enrolled_share"] = (target & elders.enrolled, target)
    near = there & elders.aware & state.served_row
    counts["took_part_12m"] = (near & (elders.took_part > state.month - 12), near)
    counts["helper_rate"] = (elders.helper, elders.able())
    counts["helper_hours"] = (elders.hours * (12 / 52), elders.helper)
    rate = state.params.incentive.pay_per_hour
    paid = state.at_site(np.minimum(state.sites.pay / rate, 1)) if rate > 0 else 0.0
    counts["unpaid_hours"] = (elders.hours * (1 - paid), there)
    return counts


def of_county(state: State) -> dict[str, float]:
    """Indicators of the county as a whole this month."""
    sites, committees, elders, past = state.sites, state.committees, state.elders, state.past
    is_open = sites.open
    number = max(float(is_open.sum()), 1.0)
    built = float((sites.opened >= 0).sum())
    received = float(state.money.moved["government", "sites", "running"])
    stopped = past.taken.get("stopped", 0.0)
    true, reported = state.scores
    income = state.money.received_by("sites")
    whole = sum(income.values())
    villages = state.land.villages
    counted = {
        "committee_hours": float(committees.hours.sum()) / villages,
        "committee_hours_care": float(committees.hours[:, MANAGE:].sum()) / villages,
        "attendance": state.attendance,
        "helper_turnover": 12 * stopped / max(float(elders.helper.sum()) + stopped, 1.0),
        "sites_active_share": float((is_open & (sites.days_open >= 0.05)).sum()) / built if built else np.nan,
        "sites_built": float((sites.status >= BUILDING).sum()),
        "sites_open": float(is_open.sum()),
        "villages_with_site": float((state.land.hamlets_to_village(is_open) > 0).mean()),
        "enrolled": float(elders.enrolled.sum()),
        "enrolled_per_site": float(elders.enrolled.sum()) / number if is_open.any() else np.nan,
        "villages_with_organization": float((state.contracts.organization >= 0).mean()),
        "villages_with_association": float(state.associations.exists.mean()),
        "willing_share": willing_share(state),
        "meals_delivered": past.taken.get("meals", 0.0),
        "visits_delivered": past.taken.get("visits", 0.0),
        "aims_spread": float(committees.aims_spread.mean()),
        "money_late_share": float(sites.late[is_open].mean()) if is_open.any() else np.nan,
        "accidents_unanswered": past.taken.get("accidents_unanswered", 0.0),
        "tasks_undone_share": float(sites.undone[is_open].mean()) if is_open.any() else np.nan,
        "tasks_twice_share": float(sites.twice[is_open].mean()) if is_open.any() else np.nan,
        "score_inflation": reported - true,
        "diverted_share": state.money.paid_for("diverted") / received if received > 0 else np.nan,
        "diverted": state.money.paid_for("diverted"),
        "idle_buildings": float((sites.status == STOPPED).sum()),
        "sites_paid_by_elders": income["elders"] / whole if whole > 0 else np.nan,
        "sites_paid_by_government": income["government"] / whole if whole > 0 else np.nan,
    }
    return counted | motivations(state) | costs(state)


def motivations(state: State) -> dict[str, float]:
    """Each party's motivation: the beginning of the study's chain."""
    elders, committees, organizations = state.elders, state.committees, state.organizations
    counts = elders.motivation * state.land.in_village(1 - committees.crowding) * elders.present
    price = state.params.funding.service_purchase / state.params.organizations.hours_a_contract
    gain = price * organizations.belief - organizations.cost
    return {
        "motivation_elders": float(counts.sum() / max(elders.present.sum(), 1)),
        "motivation_committee": float(committees.service_motivation.mean()),
        "motivation_organizations": float(gain.mean()) if organizations.rows else np.nan,
    }


def willing_share(state: State) -> float:
    """Stated willingness: would use or help if asked, near, without fee, shame or fear. A question, not an act.

    It asks for the motives alone, as a survey does, with one half as the threshold of a yes.
    """
    elders, params = state.elders, state.params.elders
    give = params.help_motivation * elders.motivation + params.help_taste * elders.taste + params.help_asked
    take = params.enrol_need * state.needs.unmet_share + params.enrol_alone * state.needs.alone
    inclined = np.maximum(give, take) + params.help_trust * (elders.trust - 0.5)
    yes = elders.present & (inclined > params.willing_from)
    return float(yes.sum() / max(elders.present.sum(), 1))
