"""The answer in a few sentences, made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coprod_sim.model.indicators import COST, HEADLINE, INDICATORS, selects, shown_in
from coprod_sim.presentation.labels import label, lower
from coprod_sim.presentation.report.changes import Change, Changes
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.money import per_elder
from coprod_sim.presentation.tables import SHOWN
from coprod_sim.study.intervals import ENOUGH_DRAWS, RANGE, RANGE_OF_PARAMETERS

COSTS = shown_in(HEADLINE, COST)
RESULTS = tuple(name for name in shown_in(HEADLINE) if name not in COSTS)

_RANGE = (
    f"With fewer than {ENOUGH_DRAWS} parameter sets there is no 95% interval: in its place stands the range from the "
    "smallest to the largest set, and figures show the sets themselves. "
)
CONTAINS = {
    "replication": "Intervals are 95% and contain the stochastic variation of replications only (who falls ill, who is "
    "asked, which month money comes), at one set of parameters. They contain no parameter uncertainty.",
    "parameters": "Intervals say where the difference of nineteen in twenty parameter sets lies. They contain "
    "parameter uncertainty, as far as the sets of this study span it, and not the stochastic variation of "
    "replications.",
    "both": "Intervals say where the difference of nineteen in twenty parameter sets lies. They contain "
    "parameter uncertainty, as far as the sets of this study span it, and the stochastic variation of the runs of "
    "each set.",
    RANGE: f"{_RANGE}It contains parameter uncertainty, as far as the sets span it, and the stochastic variation of "
    "the runs of each set.",
    RANGE_OF_PARAMETERS: f"{_RANGE}It contains parameter uncertainty, as far as the sets span it.",
    "": "There are no intervals, since an interval needs at least two pairs of runs. A difference between two runs may "
    "be stochastic variation alone, and nothing below can be called clear.",
}


MIXED = (
    f" Where fewer than {ENOUGH_DRAWS} sets have a value, the range from the smallest to the largest set stands in its "
    "place, and that is said."
)


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


def question(view: Context) -> str:
    """The study's question, else one made from its scenarios."""
    if view.study.question:
        return view.study.question
    if not view.policies:
        return f"What does {view.baseline} bring?"
    names = view.policies
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"What would change, for whom and at what cost, with {listed} in place of {view.baseline}?"


def answers(view: Context) -> list[Answer]:
    """One answer a policy that has pairs of runs."""
    return [
        Answer(name, view.pairs(name), sentences(view.changes, name), costs(view, name))
        for name in view.policies
        if view.pairs(name)
    ]


def sentences(changes: Changes, policy: str) -> tuple[Sentence, ...]:
    """What clearly changes among the main results, and what shows no clear change and why."""
    found = changes.by_verdict(policy, RESULTS)
    if found["single"]:
        return (_sentence("single", "Differs in the one pair of runs:", found["single"]),)
    said = [
        _sentence("better", "Clearly better:", found["better"], "none of the main results"),
        _sentence("worse", "Clearly worse:", found["worse"], "none of the main results"),
        _sentence("differs", "Clearly different:", found["differs"]),
        *(_sentence("unclear", f"No clear change ({why}):", some) for why, some in by_reason(found["unclear"])),
        *(_sentence("few", f"Shown and not judged ({why}):", some) for why, some in by_reason(found["few"])),
        _sentence("same", "The same in every pair of runs:", found["same"]),
    ]
    judged = any(found[verdict] for verdict in ("better", "worse", "differs", "unclear"))
    return tuple(sentence for sentence in said if sentence.items and (judged or sentence.found))


def by_reason(changes: Sequence[Change]) -> list[tuple[str, list[Change]]]:
    """Changes that are not clear, by the reason why."""
    reasons = dict.fromkeys(change.why for change in changes)
    return [(why, [change for change in changes if change.why == why]) for why in reasons]


def _sentence(verdict: str, start: str, changes: Sequence[Change], nothing: str = "") -> Sentence:
    items = [lower(c.label) if verdict == "same" else c.phrase for c in changes]
    return Sentence(verdict, start, tuple(items) or ((nothing,) if nothing else ()), bool(items))


def costs(view: Context, policy: str) -> tuple[str, ...]:
    """What a policy costs from three viewpoints, each with its interval, and for each elder and year."""
    found = [view.changes.of(policy, indicator) for indicator in COSTS]
    return tuple(cost_sentence(change, per_elder(view, change)) for change in found)


def cost_sentence(change: Change, each: str = "") -> str:
    """One cost in words.

    Args:
        each: the same for each elder and year, in words.
    """
    who = INDICATORS[change.indicator].subject
    if change.verdict == "missing":
        return f"{who} has no value."
    if change.verdict == "single":
        return f"{who} differs by {change.words}{f', {each},' if each else ''} in the one pair of runs."
    if change.verdict == "same":
        return f"{who} is the same in every pair of runs."
    known = "; ".join(part for part in (change.span, change.agreement, change.note) if part)
    beside = f"{change.words} ({known})" + (f", {each}" if each else "")
    if change.verdict == "few":
        return f"{who} is shown and not judged: {beside}; {change.why}."
    if not change.clear:
        return f"{who} shows no clear change: {beside}; {change.why}."
    return f"{who} is clearly {'higher' if change.sign > 0 else 'lower'}: {beside}."


def by_chance(view: Context) -> int:
    """Results shown for a policy, of which with one parameter set about one in twenty would look clear by chance."""
    return sum(view.shown(indicator) for indicators in SHOWN.values() for indicator in indicators)


def best(view: Context, indicator: str = selects()) -> str:
    """Which of several policies has the largest estimate, and whether it clearly differs from the next; all over the
    pairs of runs that all of them have."""
    names = [n for n in view.policies if view.changes.of(n, indicator).verdict not in ("missing", "single")]
    among = [view.baseline, *names]
    known = sorted((view.among(among, indicator, view.baseline).of(name, indicator) for name in names),
                   key=lambda c: -c.difference)  # fmt: skip
    if len(known) < 2 or not known[0].difference > 0:
        return ""
    first, second = known[:2]
    direct = view.among(among, indicator, second.policy).of(first.policy, indicator)
    if direct.verdict == "same":
        said = "there is no difference in any pair"
    else:
        clear = "clearly more" if direct.sign > 0 else f"not clearly more: {direct.why}"
        said = f"the difference is {direct.words} ({direct.span}), {clear}"
    fewer = f" (all of this over the {first.pairs} of {view.asked} pairs that every policy has)"
    return (
        f"The largest estimated gain in {lower(label(indicator))} is that of {first.policy}, {first.words} "
        f"({first.span}). Paired with the next, {second.policy}, {said}{fewer if first.pairs < view.asked else ''}. "
        "The first of several is picked because it came out largest, so its estimate is more likely too high than too "
        "low."
    )
