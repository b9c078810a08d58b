"""One village through the four stages: its plan, its money, its duties, its faults, under both policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.places import APPLIED, BUILDING, DUTIES, FAULTS, OPEN, PARTIES, STATUS, STOPPED
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import SIDES, STAGES
from coprod_sim.presentation.app.texts import said_yes, say

FEE_AT_ONE, MEALS_AT_ONE = 10.0, 3.0  # of a plan's items (ODD 2.2)
DASH = "–"
FAULT_STATES = ("fault_none", "fault_stands", "fault_followed")


@dataclass(frozen=True)
class Row:
    """A line of the flow: what it is, and how it stands under the comparator and under the policy."""

    label: str
    comparator: str
    policy: str


def flow(session: Session, village: int) -> dict[str, tuple[Row, ...]]:
    """Stage → lines, as things stand after the month that was stepped last.

    Args:
        session: both runs.
        village: row of a village.
    """
    with session.lock:
        found = [_stages(session.state(side), village) for side in SIDES]
    return {
        stage: tuple(Row(label, one, found[1][stage][label]) for label, one in found[0][stage].items())
        for stage in STAGES
    }


def _stages(state: Any, village: int) -> dict[str, dict[str, str]]:
    rows = np.flatnonzero(state.sites.village == village)
    open_rows = rows[state.sites.status[rows] == OPEN]
    return {
        "design": _design(state, village),
        "management": _management(state, village, rows),
        "provision": _provision(state, village, rows, open_rows),
        "evaluation": _evaluation(state, village, rows, open_rows),
    }


def _design(state: Any, village: int) -> dict[str, str]:
    villages, elders = state.villages, state.elders
    here = elders.present & (elders.village == village)
    planned = bool(villages.has_plan[village])
    meals, fee, homes, needy, by_elders = (float(item) for item in villages.plan[village])
    seated = [say(f"party_{name}") for name, sits in zip(PARTIES, villages.seated[village], strict=True) if sits]
    return {
        say("plan_there"): said_yes(planned),
        say("plan_meals"): f"{meals * MEALS_AT_ONE:.1f}" if planned else DASH,
        say("plan_fee"): say("yuan_one", value=f"{fee * FEE_AT_ONE:.1f}") if planned else DASH,
        say("plan_homes"): _share(homes) if planned else DASH,
        say("plan_needy"): _share(needy) if planned else DASH,
        say("plan_by_elders"): _share(by_elders) if planned else DASH,
        say("plan_talked"): say("comma").join(seated) or say("nobody"),
        say("plan_recognised"): _mean(elders.recognition[here]),
    }


def _management(state: Any, village: int, rows: Any) -> dict[str, str]:
    sites, villages, county = state.sites, state.villages, state.county
    due, claimed = float(sites.due[rows].sum()), float(sites.claimed[rows].sum())
    return {
        say("money_due"): _yuan(due),
        say("money_claimed"): _yuan(claimed),
        say("money_arrears"): _yuan(float(sites.arrears[rows].sum())),
        say("money_public"): _yuan(float(sites.public[rows].sum())),
        say("money_own"): _yuan(float(sites.own[rows].sum())),
        say("money_village"): _yuan(float(villages.cash[village])),
        say("money_county"): _yuan(float(county.cash[0])),
        say("money_contract"): said_yes(bool(villages.contract[village] >= 0)),
    }


def _provision(state: Any, village: int, rows: Any, open_rows: Any) -> dict[str, str]:
    sites, elders = state.sites, state.elders
    here = elders.present & (elders.village == village)
    duties = {
        say(f"duty_{name}"): _mean_share(sites.done[open_rows, place]) for place, name in enumerate(DUTIES)
    }  # fmt: skip
    statuses = sites.status[rows]
    counts = [(status, int((statuses == status).sum())) for status in (OPEN, BUILDING, APPLIED, STOPPED)]
    said = [say("sites_in", number=number, state=state_word(status)) for status, number in counts if number]
    return {
        say("sites"): say("comma").join(said) or say("no_site"),
        say("days_open"): _mean_share(sites.meal_days[open_rows]),
        **duties,
        say("users"): say("of_elders", number=int((here & elders.enrolled).sum()), elders=int(here.sum())),
        say("waiting"): str(int((here & elders.waiting).sum())),
        say("helpers"): say("of_elders", number=int((here & elders.helper).sum()), elders=int(here.sum())),
        say("hours_worked"): say("hours", value=f"{float(elders.worked[here].sum()):,.0f}"),
        say("committee_load"): f"{float(state.villages.load[village]):.1f}",
    }


def _evaluation(state: Any, village: int, rows: Any, open_rows: Any) -> dict[str, str]:
    sites = state.sites
    faults = {
        say(f"fault_{name}"): _faults(sites.fault[open_rows, place]) for place, name in enumerate(FAULTS)
    }  # fmt: skip
    scored = rows[sites.scored[rows]]
    return {
        **faults,
        say("audited"): say("of_sites", number=int(sites.audited[open_rows].sum()), sites=len(open_rows)),
        say("findings"): f"{float(state.villages.findings[village]):.0f}",
        say("score_true"): _mean(sites.score_true[scored]),
        say("score_official"): _mean(sites.score[scored]),
        say("phantoms"): str(int(sites.phantom[rows].sum())),
    }


def state_word(status: int) -> str:
    """State of a site in a word."""
    return say(f"site_{STATUS[status]}")


def _faults(states: Any) -> str:
    """How many open sites are in which state of a fault."""
    if not len(states):
        return say("no_open_site")
    counts = [(word, int((states == code).sum())) for code, word in enumerate(FAULT_STATES)]
    said = [say("fault_at", state=say(word), number=number, sites=len(states)) for word, number in counts[1:] if number]
    return say("comma").join(said) or say("fault_none")


def _share(value: float) -> str:
    return f"{100 * value:.0f}%"


def _mean_share(values: Any) -> str:
    return _share(float(values.mean())) if len(values) else say("no_open_site")


def _mean(values: Any) -> str:
    return f"{float(values.mean()):.2f}" if len(values) else DASH


def _yuan(value: float) -> str:
    return say("yuan_one", value=f"{value:,.0f}".replace("-", "−"))
