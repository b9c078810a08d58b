"""The answer in a few sentences, made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coprod_sim.presentation.labels import label, lower
from coprod_sim.presentation.report.changes import Change, Changes
from coprod_sim.presentation.report.view import SELECTS, View
from coprod_sim.presentation.tables import SHOWN

HEADLINE = ("met_meals", "met_company", "met_daily_help", "met_health", "met_all", "wellbeing", "trust",
            "enrolled_share", "took_part_12m", "helper_rate", "sites_active_share")  # fmt: skip
COSTS = ("cost_government", "cost_locality", "cost_society")
GLANCE = ("met_company", "met_all", "enrolled_share", "helper_rate", "cost_government", "cost_society")

WHO_PAYS = {
    "cost_government": "The county government's bill",
    "cost_locality": "What villages, elders, donors and organisations pay together",
    "cost_society": "What society uses (unpaid hours at half the rural wage)",
}
CONTAINS = {
    "replication": "Intervals contain the luck of replications only (who falls ill, who is asked, which month money "
    "comes), at one set of parameters. They do not contain what is unknown about the parameters.",
    "parameters": "Intervals say where the difference of nineteen in twenty parameter sets lies. They contain what is "
    "unknown about the parameters, as far as the sets of this study span it, and not the luck of replications.",
    "both": "Intervals say where the difference of nineteen in twenty parameter sets lies. They contain what is "
    "unknown about the parameters, as far as the sets of this study span it, and the luck of the runs of each set.",
    "": "There are no intervals, since an interval needs at least two pairs of runs. A difference between two runs may "
    "be luck alone, and nothing below can be called clear.",
}


@dataclass(frozen=True)
class Sentence:
    """What may be said of some results: a beginning in bold, and what belongs to it."""

    verdict: str
    start: str
    items: tuple[str, ...]
    found: bool = True


@dataclass(frozen=True)
class Answer:
    """The answer about one policy."""

    policy: str
    pairs: int
    sentences: tuple[Sentence, ...]
    costs: tuple[str, ...]


def question(view: View) -> str:
    """The study's question, else one made from its scenarios."""
    if view.study.question:
        return view.study.question
    if not view.policies:
        return f"What does {view.baseline} bring?"
    names = view.policies
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"What would change, for whom and at what cost, with {listed} in place of {view.baseline}?"


def answers(view: View) -> list[Answer]:
    """One answer a policy that has pairs of runs."""
    return [
        Answer(name, view.pairs(name), sentences(view.changes, name), costs(view.changes, name))
        for name in view.policies
        if view.pairs(name)
    ]


def sentences(changes: Changes, policy: str) -> tuple[Sentence, ...]:
    """What clearly changes among the main results, and what cannot be told apart from no change."""
    found = changes.by_verdict(policy, HEADLINE)
    if found["single"]:
        return (_sentence("single", "Differs in the one pair of runs:", found["single"]),)
    said = [
        _sentence("better", "Clearly better:", found["better"], "none of the main results"),
        _sentence("worse", "Clearly worse:", found["worse"], "none of the main results"),
        _sentence("differs", "Clearly different:", found["differs"]),
        _sentence("unclear", "Cannot be told apart from no change:", found["unclear"]),
        _sentence("same", "The same in every pair of runs:", found["same"]),
    ]
    return tuple(sentence for sentence in said if sentence.items)


def _sentence(verdict: str, start: str, changes: Sequence[Change], nothing: str = "") -> Sentence:
    items = [lower(c.label) if verdict == "same" else c.phrase for c in changes]
    return Sentence(verdict, start, tuple(items) or ((nothing,) if nothing else ()), bool(items))


def costs(changes: Changes, policy: str) -> tuple[str, ...]:
    """What a policy costs from three viewpoints, each with its interval."""
    return tuple(cost_sentence(changes.of(policy, indicator)) for indicator in COSTS)


def cost_sentence(change: Change) -> str:
    """One cost in words."""
    who = WHO_PAYS[change.indicator]
    if change.verdict == "missing":
        return f"{who} has no value."
    if change.verdict == "single":
        return f"{who} differs by {change.words} in the one pair of runs."
    if change.verdict == "same":
        return f"{who} is the same in every pair of runs."
    if not change.clear:
        return f"{who} cannot be told apart from no change: {change.words} ({change.span})."
    return f"{who} is clearly {'higher' if change.low > 0 else 'lower'}: {change.words} ({change.span})."


def by_chance(view: View) -> int:
    """Results shown for a policy, of which about one in twenty would look clear by luck alone."""
    return sum(view.shown(indicator) for indicators in SHOWN.values() for indicator in indicators)


def best(view: View, indicator: str = SELECTS) -> str:
    """Which of several policies has the largest estimate, and whether it can be told apart from the next."""
    known = [view.changes.of(name, indicator) for name in view.policies]
    known = sorted((c for c in known if c.verdict not in ("missing", "single")), key=lambda c: -c.difference)
    if len(known) < 2 or known[0].difference <= 0:
        return ""
    first, second = known[:2]
    direct = Changes(view.result.differences(baseline=second.policy)).of(first.policy, indicator)
    if direct.verdict == "missing":
        return ""
    if direct.verdict == "same":
        told = "there is no difference in any pair"
    else:
        told = f"the difference is {direct.words} ({direct.span}), " + (
            "clearly more" if direct.low > 0 else "which cannot be told apart from none"
        )
    return (
        f"The largest estimated gain in {lower(label(indicator))} is that of {first.policy}, {first.words} "
        f"({first.span}). Paired with the next, {second.policy}, {told}. The first of several is picked because it "
        "came out largest, so its estimate is more likely too high than too low."
    )
