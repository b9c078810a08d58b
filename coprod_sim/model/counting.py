"""Indicators of the county as a whole in a month (ODD 4.10); those by group are in `counting_elders`."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.village_committee import MANAGE
from coprod_sim.model.places import BUILDING, STOPPED
from coprod_sim.model.spending import costs
from coprod_sim.model.state import State


def of_county(state: State) -> dict[str, float]:
    """Indicators of the county as a whole this month."""
    sites, committees, elders, past = state.sites, state.committees, state.elders, state.past
    is_open = sites.open
    number = max(float(is_open.sum()), 1.0)
    built = float((sites.opened >= 0).sum())
    received = float(state.money.moved["government", "sites", "running"])
    stopped = past.counted["stopped"]
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
        "meals_delivered": past.counted["meals"],
        "visits_delivered": past.counted["visits"],
        "aims_spread": float(committees.aims_spread.mean()),
        "money_late_share": float(sites.late[is_open].mean()) if is_open.any() else np.nan,
        "accidents_unanswered": past.counted["accidents_unanswered"],
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
