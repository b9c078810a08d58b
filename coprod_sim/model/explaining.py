"""Why an elder chooses as it does: the named terms of each choice, and what they come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from coprod_sim.model.agents import association
from coprod_sim.model.agents.elder import enrolling, experience, talking
from coprod_sim.model.agents.elder.helping import log_odds_to_start, log_odds_to_stop, utility_of_helping
from coprod_sim.model.engine.functions import log_odds_of
from coprod_sim.model.stages.management.associations import may_join
from coprod_sim.model.stages.provision.helping import help_seen_from, helper_at, may_help, view_of
from coprod_sim.model.stages.provision.signing_up import may_enrol, may_sign_up, see_site
from coprod_sim.model.state import State
from coprod_sim.model.terms import Terms
from coprod_sim.model.views import Explanation


def elder_choices(state: State, row: int, month: int) -> dict[str, Explanation]:
    """Choice → named terms of one elder as things stand, from the same rules that decide.

    Args:
        month: the month in which the elder would choose.
    """
    kept, state.month = state.month, month
    try:
        state.refresh_perceptions()
        return _other_choices(state, row) | _of_helping(state, row)
    finally:
        state.month = kept


def _of_helping(state: State, row: int) -> dict[str, Explanation]:
    """Starting and stopping, from the very functions that the pass calls; a rule of one's own is one of them."""
    params, view, arrays = state.values.elders, view_of(state), state.elders.arrays
    python = state.rules.python
    terms = python(utility_of_helping)(
        python(helper_at)(row, arrays, state.month), python(help_seen_from)(row, arrays, view), params
    )
    able = python(may_help)(row, arrays, view)
    named = {name: float(value) for name, value in terms._asdict().items()}
    utility = python(log_odds_of)(terms)
    start, stop = python(log_odds_to_start)(utility, params), python(log_odds_to_stop)(utility, params)
    helps, aware = bool(state.elders.helper[row]), bool(state.elders.aware[row])
    starts = Explanation({"base": start - utility} | named, able and aware and not helps)
    weight = params.habit
    stops = Explanation({"base": stop + weight * utility} | {k: -weight * v for k, v in named.items()}, able and helps)
    return {"start_helping": starts, "stop_helping": stops}


def _other_choices(state: State, row: int) -> dict[str, Explanation]:
    elders, params, site = state.elders, state.params.elders, see_site(state)
    standing = state.associations.standing[elders.village]
    invited = state.params.negotiation.rounds > 0 and state.params.negotiation.elders_seat
    may_attend = talking.can_attend(elders) & elders.aware & invited
    choices: dict[str, tuple[Terms, Any]] = {
        "enrol": (
            enrolling.utility_of_enrolling(elders, params, state.needs, state.acquaintances, site),
            may_sign_up(state, may_enrol(state)),
        ),
        "leave": (enrolling.utility_of_leaving(elders, params, site), elders.enrolled),
        "attend": (talking.utility_of_attending(elders, params, state.distance_row), may_attend),
        "complain": (experience.utility_of_complaining(elders, params), elders.enrolled),
        "join": (
            association.utility_of_joining(elders, state.params.associations, state.acquaintances, standing),
            may_join(state),
        ),
    }
    return {name: Explanation(terms.row(row), np.asarray(may)[row]) for name, (terms, may) in choices.items()}
