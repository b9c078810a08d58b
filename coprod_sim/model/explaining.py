"""Why an elder chooses as it does: the named terms of each choice, and what they come to."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from coprod_sim.model.associations import Joiner, utility_of_membership
from coprod_sim.model.design.talk import Attender, MeetingSeen, may_attend, utility_of_attending
from coprod_sim.model.enrolling import keeps_standing, utility_of_enrolling
from coprod_sim.model.month import provision
from coprod_sim.model.month.state import State
from coprod_sim.model.people.acquaintances import Doing, doing_of_acquaintances
from coprod_sim.model.people.choosing_help import help_numbers, help_seen_by, helper_of
from coprod_sim.model.people.choosing_site import eligible_at, enroller_of, site_seen_by
from coprod_sim.model.people.helping import utility_of_helping
from coprod_sim.model.people.table import MILD
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.streams import Stream
from coprod_sim.model.views import Explanation

YEAR = 12


def elder_choices(state: State, row: int) -> dict[str, Explanation]:
    """Choice → named terms of one elder as things stand, from the same rules that decide.

    Being enrolled, a member and a helper are standings: each month an elder thinks again with a fixed chance,
    `reconsiders`, and who thinks again holds the standing with `probability`, whether it was held before or not (ODD
    4.3). Whether to attend is asked in the first month of a year alone.
    """
    seen = as_it_stands(state)
    python = state.rules.python
    with np.errstate(over="ignore"):  # whole numbers of 64 bits wrap around in random numbers
        doing = python(doing_of_acquaintances)(row, seen.known)
        return {
            "enrol": _enrolling(seen, row, doing, python),
            "join": _joining(seen, row, doing, python),
            "help": _helping(seen, row, doing, python),
            "attend": _attending(seen, row, doing, python),
        }


def as_it_stands(state: State) -> State:
    """The state as the month begins with it, in a copy."""
    of_people = (state.people.land, state.people.rates, state.people.base)
    fixed = (state.scenario, state.params, state.values, state.chance, *of_people)
    seen = copy.deepcopy(state, {id(it): it for it in fixed})
    seen.begin_month()
    return seen


def _explained(terms: Any, eligible: bool, reconsiders: float) -> Explanation:
    return Explanation(terms._asdict(), eligible, reconsiders)


def _enrolling(seen: State, row: int, doing: Doing, python: Any) -> Explanation:
    elders, values = seen.elders, seen.values
    view, numbers = seen.see(provision.site_view), python(provision.site_numbers)(values)
    terms = python(utility_of_enrolling)(
        python(enroller_of)(row, elders.arrays, values.health),
        python(site_seen_by)(row, elders.arrays, doing, view, seen.chance.key(Stream.WAIVER), numbers),
        values.enrolling, values.motives, values.services, values.economics,
    )  # fmt: skip
    eligible = python(eligible_at)(row, elders.arrays, seen.month, values.access)
    if elders.enrolled[row] or elders.waiting[row]:
        eligible = python(keeps_standing)(elders.enrolled[row], elders.adl[row], eligible, values.access)
    somewhere = view.served[elders.hamlet[row]] or view.may_apply[elders.village[row]]
    may = elders.present[row] and elders.aware[row] and somewhere and eligible
    return _explained(terms, may, values.enrolling.reconsider)


def _joining(seen: State, row: int, doing: Doing, python: Any) -> Explanation:
    elders, values, view = seen.elders, seen.values, seen.see(provision.site_view)
    village = elders.village[row]
    joiner = Joiner(
        elders.income[row], elders.motivation[row], doing.members, view.users_in_association[village],
        view.their_satisfaction[village],
    )  # fmt: skip
    terms = python(utility_of_membership)(joiner, values.associations, values.motives, values.economics)
    may = elders.present[row] and view.association[village]
    return _explained(terms, may, values.helping.reconsider)


def _helping(seen: State, row: int, doing: Doing, python: Any) -> Explanation:
    elders, numbers = seen.elders, python(help_numbers)(seen.values)
    prevalence, threshold = seen.people.rates.prevalence, seen.chance.key(Stream.THRESHOLD)
    terms = python(utility_of_helping)(
        python(helper_of)(row, elders.arrays, prevalence, seen.month, threshold),
        python(help_seen_by)(row, elders.arrays, seen.see(provision.help_view), doing.helping),
        numbers.form, numbers.helping, numbers.motives, numbers.services, numbers.economics,
    )  # fmt: skip
    may = elders.present[row] and elders.adl[row] <= MILD
    return _explained(terms, may, numbers.helping.reconsider)


def _attending(seen: State, row: int, doing: Doing, python: Any) -> Explanation:
    elders, values = seen.elders, seen.values
    attender = Attender(elders.motivation[row], elders.trust[row], elders.income[row])
    worth = python(wage_in_village)(values.economics)
    meeting = MeetingSeen(doing.attended, seen.reach.distance[elders.hamlet[row]], worth)
    terms = python(utility_of_attending)(attender, meeting, values.design, values.motives, values.negotiation)
    may = elders.present[row] and python(may_attend)(elders.aware[row], elders.adl[row], values.negotiation)
    return _explained(terms, may, float(seen.month % YEAR == 0))
