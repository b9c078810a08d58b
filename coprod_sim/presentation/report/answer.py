"""The main results of each policy in a few sentences, made from the numbers and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coprod_sim.model.indicators import COST, HEADLINE, shown_in
from coprod_sim.presentation import labels
from coprod_sim.presentation.labels import lower, policy
from coprod_sim.presentation.language import N_, gettext
from coprod_sim.presentation.phrases import in_turn
from coprod_sim.presentation.report.changes import Change, Changes
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.money import BILLED
from coprod_sim.presentation.tables import SHOWN
from coprod_sim.study.intervals import ENOUGH_DRAWS, RANGE, RANGE_OF_PARAMETERS

RESULTS = tuple(name for name in shown_in(HEADLINE) if name not in shown_in(HEADLINE, COST))

MOST_SAID = 3  # policies of which sentences are made: with more nobody reads them beside the tables

_RANGE = N_(
    "With fewer than {enough} parameter sets there is no 95% interval: in its place stands the range from the smallest "
    "to the largest set, and figures show the sets themselves."
)
CONTAINS = {
    "replication": N_("Intervals are 95% and contain the stochastic variation of replications only (who falls ill, who "
    "is asked, which month money comes), at one set of parameters. They contain no parameter uncertainty."),
    "parameters": N_("Intervals say where the difference of nineteen in twenty parameter sets lies. They contain "
    "parameter uncertainty, as far as the sets of this study span it, and not the stochastic variation of "
    "replications."),
    "both": N_("Intervals say where the difference of nineteen in twenty parameter sets lies. They contain "
    "parameter uncertainty, as far as the sets of this study span it, and the stochastic variation of the runs of "
    "each set."),
    RANGE: N_("It contains parameter uncertainty, as far as the sets span it, and the stochastic variation of the runs "
    "of each set."),
    RANGE_OF_PARAMETERS: N_("It contains parameter uncertainty, as far as the sets span it."),
    "": N_("There are no intervals, since an interval needs at least two pairs of runs. A difference between two runs "
    "may be stochastic variation alone, and nothing below can be called clear."),
}  # fmt: skip
MIXED = N_(
    "Where fewer than {enough} sets have a value, the range from the smallest to the largest set stands in its place, "
    "and that is said."
)


def contains(view: Context) -> str:
    """What the intervals of a study contain."""
    kind = view.contains
    said = [gettext(_RANGE)] if kind in (RANGE, RANGE_OF_PARAMETERS) else []
    said += [gettext(CONTAINS[kind])] if kind in CONTAINS else []
    said += [gettext(MIXED)] if view.mixed else []
    return in_turn(*(one.format(enough=ENOUGH_DRAWS) for one in said))


@dataclass(frozen=True)
class Sentence:
    """What may be said of some results: a beginning in bold, and what belongs to it."""

    verdict: str
    start: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The answer about one policy."""

    policy: str
    pairs: int
    sentences: tuple[Sentence, ...]


def question(view: Context) -> str:
    """The study's question, else one made from its scenarios."""
    if view.study.question:
        return labels.question(view.study.question)
    base, names = policy(view.baseline), [policy(name) for name in view.policies]
    if not names:
        return gettext("What does {base} bring?").format(base=base)
    either = gettext("{first} or {last}").format(first=gettext(", ").join(names[:-1]), last=names[-1])
    return gettext("What would change, for whom and at what cost, with {policies} in place of {base}?").format(
        policies=names[0] if len(names) == 1 else either, base=base
    )


def answers(view: Context) -> list[Answer]:
    """One answer a policy that has pairs of runs; without sentences where there are many, as tables say it then."""
    names = [name for name in view.policies if view.pairs(name)]
    few = len(names) <= MOST_SAID
    return [
        Answer(name, view.pairs(name), sentences(view.changes, name, numbers=len(names) == 1) if few else ())
        for name in names
    ]


def sentences(changes: Changes, policy: str, *, numbers: bool) -> tuple[Sentence, ...]:
    """What clearly changes among the main results, and what shows no clear change and why.

    Args:
        numbers: whether to say by how much, where no table of all policies does.
    """
    found = changes.by_verdict(policy, RESULTS)
    if found["single"]:
        return (_sentence("single", gettext("Differs in the one pair of runs:"), found["single"], numbers=numbers),)
    said = [
        _sentence("better", gettext("Clearly better:"), found["better"], numbers=numbers),
        _sentence("worse", gettext("Clearly worse:"), found["worse"], numbers=numbers),
        _sentence("differs", gettext("Clearly different:"), found["differs"], numbers=numbers),
        _rest("unclear", gettext("No clear change"), "", found["unclear"]),
        *(_rest("few", gettext("Shown and not judged"), why, some) for why, some in by_reason(found["few"])),
        _rest("same", gettext("The same in every pair of runs"), "", found["same"]),
    ]
    return tuple(sentence for sentence in said if sentence.items)


def _rest(verdict: str, start: str, why: str, changes: Sequence[Change]) -> Sentence:
    """How many results nothing is said of, and why."""
    many = (gettext("{number} of the main results").format(number=len(changes)),) if changes else ()
    words = gettext("{start} ({why}):") if why else gettext("{start}:")
    return Sentence(verdict, words.format(start=start, why=why), many)


def by_reason(changes: Sequence[Change]) -> list[tuple[str, list[Change]]]:
    """Changes that are not clear, by the reason why."""
    reasons = dict.fromkeys(change.why for change in changes)
    return [(why, [change for change in changes if change.why == why]) for why in reasons]


def _sentence(verdict: str, start: str, changes: Sequence[Change], *, numbers: bool) -> Sentence:
    return Sentence(verdict, start, tuple(said(one) if numbers else lower(one.label) for one in changes))


def said(change: Change) -> str:
    """A change within a sentence, without its interval, which the tables have."""
    words = lower(change.label)
    return f"{words} {change.bare() if change.noun and words.startswith(f'{change.noun} ') else change.words}"


def by_chance(view: Context) -> int:
    """Results shown for a policy, of which with one parameter set about one in twenty would look clear by chance."""
    return sum(view.shown(one) for indicators in SHOWN.values() for one in indicators if one not in BILLED)
