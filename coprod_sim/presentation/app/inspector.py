"""Why one elder chooses as it does under both policies, and what would tip the choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.people.table import CHILD_HOME, GRADES, MILD, NEAREST_CHILD
from coprod_sim.model.places import OPEN
from coprod_sim.model.views import Explanation
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import SIDES, Policy, Side
from coprod_sim.presentation.app.texts import said_yes, say
from coprod_sim.presentation.app.wording import recommendation
from coprod_sim.presentation.phrases import in_turn
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.scenario.schema import LEVER_GROUPS, scenario_from
from coprod_sim.scenario.timeline import reform

CHOICES = ("help", "enrol", "join", "attend")
STANDING = {"help": "helper", "enrol": "enrolled", "join": "member", "attend": "attended"}  # column that says so
MOST_LISTED = 60  # elders in a list


@dataclass(frozen=True)
class Answer:
    """One elder's choice in one run.

    Attributes:
        does: whether the elder does it now.
        sentence: whether it does, and with which probability it would.
        terms: (name in words, log-odds), from what speaks for it to what speaks against it.
        tips: what would tip the choice, sentences.
    """

    does: bool
    sentence: str
    terms: tuple[tuple[str, float], ...]
    tips: tuple[str, ...]


def elders_of(session: Session, village: int) -> list[int]:
    """Rows of a village's elders who live in both runs: first who helps or could help, at most `MOST_LISTED`."""
    with session.lock:
        tables = [session.state(side).elders for side in SIDES]
        here = tables[0].present & tables[1].present & (tables[0].village == village)
        rows = np.flatnonzero(here)
        policy = tables[1]
        able = policy.adl[rows] <= MILD
        order = np.lexsort((rows, ~able, ~(policy.enrolled[rows]), ~(policy.helper[rows])))
    picked = [int(row) for row in rows[order]]
    # Some of each kind: helpers, users, others who could help, and who could not.
    if len(picked) <= MOST_LISTED:
        return picked
    step = len(picked) / MOST_LISTED
    return [picked[int(i * step)] for i in range(MOST_LISTED)]


def named(session: Session, row: int) -> str:
    """An elder in a few words, as in a list."""
    with session.lock:
        elders, month = session.state("policy").elders, session.month
        words = [say("woman" if elders.female[row] else "man"), say("aged", age=_age(elders, row, month)),
                 say(f"grade_{GRADES[elders.adl[row]]}")]  # fmt: skip
        words += [say(key) for key, column in (("is_helper", "helper"), ("is_user", "enrolled"))
                  if getattr(elders, column)[row]]  # fmt: skip
    return say("elder_named", row=row, words=say("comma").join(words))


def portrait(session: Session, row: int) -> dict[str, tuple[str, str]]:
    """What is known of an elder: label → as under the comparator, as under the policy."""
    with session.lock:
        found = [_portrait(session.state(side), row, session.month) for side in SIDES]
    return {label: (value, found[1][label]) for label, value in found[0].items()}


def answers(session: Session, row: int, choice: str) -> dict[Side, Answer]:
    """Why an elder does or does not, in both runs.

    Args:
        session: both runs.
        row: of the elder.
        choice: one of `CHOICES`.
    """
    with session.lock:
        return {side: _answer(session, side, row, choice) for side in SIDES}


def at_once(session: Session, row: int, choice: str) -> list[tuple[str, float, float]]:
    """What each recommendation would change at once for this elder in the policy's run, all else as it stands.

    Returns:
        (recommendation in words, probability now, probability with it): of what follows later nothing.
    """
    with session.lock:
        model = session.model("policy")
        month = max(session.month, 1)
        if session.month < 1 or session.over:
            return []
        now = model.explain(row)[choice]
        values = model.scenario_run.values()
        found = []
        for name in recommendations():
            reformed = session.settings.policy.following(name, True)
            levers = _levers(session, reformed)
            changed = scenario_from(reform(values, {**values, **levers}, month))
            branch = model.branch(changed)
            then = branch.explain(row)[choice]
            found.append((f"{name} {recommendation(name)}", _chance(now), _chance(then)))
            branch.close()
        return found


def _levers(session: Session, policy: Policy) -> dict[str, Any]:
    """Groups of levers as they hold under a policy from its reform on."""
    settings = session.settings.with_policy("policy", policy)
    whole = settings.scenario("policy").values()
    return {group: {name: _last(value) for name, value in whole[group].items()} for group in LEVER_GROUPS}


def _last(value: Any) -> Any:
    return value[max(value)] if isinstance(value, dict) else value


def _chance(why: Explanation) -> float:
    return why.probability if why.eligible else 0.0


def _answer(session: Session, side: Side, row: int, choice: str) -> Answer:
    state = session.state(side)
    why = session.model(side).explain(row)[choice]
    does = bool(getattr(state.elders, STANDING[choice])[row])
    terms = tuple(
        (say(f"term_{choice}_{name}"), value) for name, value in sorted(why.items(), key=lambda item: -item[1])
    )
    key = "does" if does else "does_not"
    sentence = say(f"{key}_{choice}")
    if not why.eligible:
        return Answer(does, in_turn(sentence, _reason(session, side, row, choice)), terms, ())
    chance = say("chance", percent=percent(why.probability))
    if why.reconsiders < 1:
        chance = say("chance_again", percent=percent(why.probability), again=percent(why.reconsiders))
    return Answer(does, in_turn(sentence, chance), terms, tuple(_tips(why, choice)))


def _tips(why: Explanation, choice: str) -> list[str]:
    """What would tip the choice: the term that holds most, and what it would take for even odds."""
    for_it = why.log_odds > 0
    terms = [(value, name) for name, value in why.items() if name != "base" and (value > 0) == for_it and value != 0]
    tips = [say("even_odds_less" if for_it else "even_odds_more", missing=f"{abs(why.log_odds):.2f}")]
    for value, name in sorted(terms, key=lambda item: -abs(item[0]))[:2]:
        without = percent(1 / (1 + math.exp(value - why.log_odds)))
        key = "without_support" if for_it else "without_obstacle"
        tips.append(say(key, term=say(f"term_{choice}_{name}"), value=f"{value:+.2f}".replace("-", "−"), then=without))
    return tips


def _reason(session: Session, side: Side, row: int, choice: str) -> str:
    """Why the choice is not this elder's to make."""
    state = session.state(side)
    elders, village = state.elders, state.elders.village[row]
    if not elders.present[row]:
        return say("reason_gone")
    if choice == "help" or (choice == "attend" and elders.adl[row] > MILD):
        return say("reason_frail")
    if choice == "join":
        return say("reason_no_association")
    if not elders.aware[row]:
        return say("reason_unaware")
    if choice == "attend":
        return say("reason_no_talk")
    served = (state.sites.status[state.sites.village == village] == OPEN).any()
    return say("reason_rules" if served else "reason_no_site")


def _portrait(state: Any, row: int, month: int) -> dict[str, str]:
    elders = state.elders
    child = int(elders.child[row])
    company = elders.with_others[row] or elders.partner[row] >= 0 or child == CHILD_HOME
    return {
        say("portrait_who"): say("comma").join(
            [say("woman" if elders.female[row] else "man"), say("aged", age=_age(elders, row, month)),
             say(f"grade_{GRADES[elders.adl[row]]}")]
        ),
        say("portrait_home"): say("home_with" if company else "home_alone"),
        say("portrait_child"): say(f"child_{NEAREST_CHILD[child].replace(' ', '_')}"),
        say("portrait_income"): say("yuan_a_month", value=f"{float(elders.income[row]):,.0f}"),
        say("portrait_aware"): said_yes(bool(elders.aware[row])),
        say("portrait_trust"): f"{float(elders.trust[row]):.2f}",
        say("portrait_motivation"): f"{float(elders.motivation[row]):.2f}",
        say("portrait_recognition"): f"{float(elders.recognition[row]):.2f}",
        say("portrait_worked"): say("hours", value=f"{float(elders.worked[row]):.1f}"),
    }  # fmt: skip


def _age(elders: Any, row: int, month: int) -> int:
    return int((month - int(elders.birth_month[row])) // 12)


def percent(share: float) -> str:
    """A probability as it is said."""
    if 0 < share < 0.001:
        return say("under_a_thousandth")
    return f"{100 * share:.{1 if share < 0.1 else 0}f}%"
