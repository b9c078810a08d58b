"""What a study found, in about ten sentences for somebody who has two minutes: made from its numbers and nothing else.

The console prints them and the report begins with them, word for word. They keep to the standard of evidence: nothing
is called clear but what `standard.clear` calls so, and whoever comes first is said to do so only in nine of ten sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from coprod_sim.analysis.by_set import LEAD
from coprod_sim.analysis.diagnosis import probability_first, probability_near_best
from coprod_sim.analysis.learning import value_of_learning
from coprod_sim.model.indicators import COST_TO_COUNTY, COST_TO_SOCIETY, GROUPS, INDICATORS, selects
from coprod_sim.model.indicators.cost import owed
from coprod_sim.model.indicators.value import people_helped
from coprod_sim.presentation.bundles import bundles
from coprod_sim.presentation.carried import carried
from coprod_sim.presentation.labels import group_phrase, lower, parameter_meaning, payer, policy, unit_words
from coprod_sim.presentation.language import N_, gettext, ngettext, pgettext
from coprod_sim.presentation.phrases import (
    FEWER,
    MORE,
    beside,
    counted,
    in_brackets,
    in_turn,
    judged,
    listed,
    more,
    quoted,
    unclear,
)
from coprod_sim.presentation.ranges import Diagnosis, diagnoses
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.each import PER, of_each, points
from coprod_sim.presentation.report.money import PAYERS
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.standard import AGREE, FEWEST_SETS

TERMS = N_(
    "Open need is what old people lack in meals, company, daily help and health visits after all that they and their "
    "families do. The target group are those whom sites are meant for today. A parameter set is one version of what "
    "nobody has measured; a seed is one course of chance."
)
# Groups that are named whatever they gain, and what they are called where nothing explains it.
NAMED_GROUPS = {
    "target group": N_("the target group"),
    "adl: any loss": N_("the disabled"),
    "living: alone": N_("those living alone"),
    "income: poorest third": N_("the poorest third"),
}
WORTH_A_WORD = 0.5  # yuan for an elder and year: a smaller change is not named
MOST_NAMED = 4  # policies or groups in one sentence
LEAD_WORDS = N_("half a percentage point") if LEAD == 0.005 else f"{100 * LEAD:g} percentage points"


def explained(view: Context) -> str:
    """What words mean that the sentences use, and what a policy is that is one recommendation and nothing else."""
    there = {name: dict(view.study.factors.get(name, {})) for name in view.policies}
    known = recommendations()
    said = [
        gettext("“{name}”: {does}").format(
            name=policy(name), does=pgettext("what a recommendation does", known[one].does)
        )
        for name, made_of in there.items()
        for one in made_of
        if made_of == {one: 1.0} and one in known and known[one].does
    ]
    return in_turn(
        gettext(TERMS), gettext("{said}{rest}.").format(said=gettext("; ").join(said), rest="") if said else ""
    )


@dataclass(frozen=True)
class Finding:
    """One of the sentences: what it is about, and what it says."""

    about: str
    says: str


class Findings:
    """What may be said of a study."""

    def __init__(self, view: Context) -> None:
        self.view = view
        self.able = [name for name in view.policies if self._closed(name).verdict != "missing"]

    @cached_property
    def sentences(self) -> list[Finding]:
        """All of them, in the order in which somebody would ask; those that have nothing to say are left out."""
        if not self.able:
            said = {N_("What first"): self._nothing(), N_("How certain"): self.certainty()}
        else:
            said = {
                N_("What first"): self._first_of_sets() if self.sets > 1 else self._first_of_one(),
                N_("What it buys"): self.what_it_buys(),
                N_("For whom"): self.for_whom(),
                N_("What it costs"): self.what_it_costs(),
                N_("What will be owed"): self.what_is_owed(),
                N_("All together"): self.together(),
                N_("What may harm"): self.harm(),
                N_("How certain"): self.certainty(),
                N_("What would change this"): self.what_decides(),
                N_("What to learn first"): self.what_to_learn(),
            }
        return [Finding(gettext(about), text) for about, text in said.items() if text]

    def _nothing(self) -> str:
        if not self.view.policies:
            return gettext("The study holds “{base}” alone, so there is nothing to compare.").format(base=self.base)
        return gettext(
            "No policy has a finished run that can be compared with “{base}”, so nothing can be said."
        ).format(base=self.base)

    @property
    def base(self) -> str:
        """The comparator, as it is called."""
        return policy(self.view.baseline)

    def _closed(self, policy: str, group: str = "all") -> Change:
        """Difference in what policies are picked by: how much of the open need is closed."""
        return self.view.changes.of(policy, selects(), group)

    def _against(self, policy: str, other: str, *besides: str) -> Change:
        """The same of a policy against another one, over the pairs that these and some others have."""
        names = list(dict.fromkeys((self.view.baseline, other, policy, *besides)))
        return self.view.among(names, selects(), other).of(policy, selects())

    # Who comes first

    @cached_property
    def bundles(self) -> dict[str, tuple[str, ...]]:
        """Policies made of others of the study."""
        return bundles(self.view.study)

    @cached_property
    def singles(self) -> list[str]:
        """Policies that are weighed against each other: those that are not made of others."""
        return [name for name in self.able if name not in self.bundles] or self.able

    @cached_property
    def sets(self) -> int:
        """Parameter sets in which all of them have a value: what a rank is over."""
        columns = [(selects(), name) for name in (self.view.baseline, *self.singles)]
        return int(self.view.totals[columns].dropna().index.get_level_values("draw").nunique())

    @cached_property
    def shares(self) -> pd.Series[float]:
        """Share of the sets in which each comes first by a lead that is worth acting on; last: none does."""
        return probability_first(self.view.result, self.singles)

    @cached_property
    def first(self) -> str:
        """The policy that comes first most often; of equals, and with one parameter set, what gains most on average."""
        often = self.shares if self.sets > 1 else dict.fromkeys(self.singles, 0.0)
        return max(self.singles, key=lambda name: (often[name], self._closed(name).difference))

    @cached_property
    def contenders(self) -> list[str]:
        """What comes first and, unless it does so in nine of ten sets, what comes first next often, if ever."""
        if self.sets <= 1 or self._surely_first:
            return [self.first]
        others = [name for name in self.singles if name != self.first and self.shares[name] > 0]
        return [self.first, *sorted(others, key=lambda name: -self.shares[name])[:1]]

    @property
    def _surely_first(self) -> bool:
        return bool(self.sets >= FEWEST_SETS and self.shares[self.first] >= AGREE)

    def _first_of_sets(self) -> str:
        """Which policy alone gains most, and in how many parameter sets."""
        name, sets, alone = self.first, self.sets, len(self.singles) == 1
        often = {one: round(self.shares[one] * sets) for one in self.singles}
        lead, called = gettext(LEAD_WORDS), policy(name)
        than = gettext("than “{base}”").format(base=self.base) if alone else gettext("than any other")
        few = gettext("Too few parameter sets to judge by ({sets}; {fewest} are needed).") if sets < FEWEST_SETS else ""
        few = few.format(sets=sets, fewest=FEWEST_SETS)
        if not often[name]:
            none_does = gettext(
                "In none of {sets} parameter sets does one by itself close {lead} more of old people's open need "
                "{than}."
            ).format(sets=sets, lead=lead, than=than)
            return in_turn(few or gettext("No policy comes first."), none_does)
        said = in_turn(self._how_often(often, lead, than), self._hangs_on(name))
        if few:
            return in_turn(few, said)
        if alone:
            start = (
                gettext("“{name}” comes before doing nothing in at least nine in ten sets.")
                if self._surely_first
                else gettext("“{name}” comes before doing nothing in fewer than nine in ten sets.")
            ).format(name=called)
        elif self._surely_first:
            start = gettext("Begin with “{name}”: it comes first in at least nine in ten sets.").format(name=called)
        else:
            start = gettext("No policy comes first in nine in ten sets.")
        return in_turn(start, said)

    def _how_often(self, often: Mapping[str, int], lead: str, than: str) -> str:
        """In how many sets each policy comes first, and in how many none does."""
        name, none = self.first, self.sets - sum(often.values())
        does = gettext(
            "“{name}” by itself closes at least {lead} more of old people's open need {than} in {often} of {sets} "
            "parameter sets"
        ).format(name=policy(name), lead=lead, than=than, often=often[name], sets=self.sets)
        ranked = [one for one in sorted(self.singles, key=lambda n: -often[n]) if one != name and often[one]]
        others = [
            gettext("“{name}” in {often}").format(name=policy(one), often=often[one]) for one in ranked[:MOST_NAMED]
        ]
        if none and len(self.singles) == 1:
            rest = gettext("; in {none} it does not").format(none=none)
        else:
            rest = gettext("; in {none} none does").format(none=none) if none else ""
        said = gettext("{said}{rest}.").format(said=pgettext("between clauses", ", ").join([does, *others]), rest=rest)
        return in_turn(said, self._near_the_best(lead) if none and len(self.singles) > 1 else "")

    def _near_the_best(self, lead: str) -> str:
        """In how many sets choosing the first would cost nothing that counts, though it may not come first."""
        near = probability_near_best(self.view.result, self.singles)[self.first]
        return gettext("“{name}” is the best, or less than {lead} below the best, in {near} of {sets}.").format(
            name=policy(self.first), lead=lead, near=round(near * self.sets), sets=self.sets
        )

    def _hangs_on(self, policy: str) -> str:
        """The one assumption that carries a policy, if an experiment of today's model found one."""
        one = carried(self.view.study, policy)
        return one.words(policy) if one else ""

    def _first_of_one(self) -> str:
        """The same with one parameter set, which has no shares."""
        change, base, first = self._closed(self.first), self.base, policy(self.first)
        if change.verdict == "same" and len(self.singles) == 1:
            return gettext("“{first}” changes nothing of how much of old people's open need is closed.").format(
                first=first
            )
        if change.verdict == "same":
            return gettext("No policy closes more of old people's open need than “{base}”.").format(base=base)
        if not change.difference > 0:
            return gettext(
                "No policy closes more of old people's open need than “{base}”; the nearest is “{first}”, {change} "
                "{beside}."
            ).format(base=base, first=first, change=change.words, beside=beside(change))
        said = gettext("“{first}” by itself closes {more} of old people's open need than “{base}” {beside}").format(
            first=first, more=more(change), base=base, beside=beside(change)
        )
        others = [name for name in self.singles if name != self.first]
        if others:
            second = max(others, key=lambda name: self._closed(name).difference)
            ahead = self._against(self.first, second, *self.singles)
            said += gettext(", the most of all; than the next, “{second}”, {more} {beside}").format(
                second=policy(second), more=more(ahead), beside=beside(ahead)
            )
        few = gettext("There is one parameter set, so in how many others it would come first is not known.")
        return in_turn(gettext("{said}{rest}.").format(said=said, rest=""), self._hangs_on(self.first), few)

    # What it brings, and what it costs

    def what_it_buys(self) -> str:
        """Need closed and people helped under what may come first."""
        said = []
        for name in self.contenders:
            closed, helped = self._closed(name), of_each(self.view, name, people_helped.name)
            if closed.verdict == "same":
                text = gettext("“{name}” closes as much open need as “{base}” in every pair of runs.")
                said.append(text.format(name=policy(name), base=self.base))
                continue
            words = (
                gettext("“{name}” closes {level}, {more} {beside}")
                if said
                else gettext("“{name}” closes {level} of open need, {more} than “{base}” {beside}")
            )
            text = words.format(name=policy(name), level=closed.level_after, more=more(closed), base=self.base,
                                beside=beside(closed))  # fmt: skip
            if helped.verdict not in ("missing", "same"):
                words = (
                    gettext(" and helps {more} {judged}")
                    if said
                    else gettext(" and helps {more} of every {per} old people (60+) substantially {judged}")
                )
                text += words.format(more=more(helped, "", (MORE, FEWER)), per=PER, judged=judged(helped)).rstrip()
            said.append(gettext("{said}{rest}.").format(said=text, rest=""))
        return in_turn(*said)

    def for_whom(self) -> str:
        """Which groups gain how much under what may come first, and whether one loses."""
        said = []
        for name in self.contenders:
            found = {group: self._closed(name, group) for group in GROUPS if group != "all"}
            known = [found[group] for group in NAMED_GROUPS if found[group].verdict not in ("missing", "same")]
            lose = [group_phrase(group) for group, change in found.items() if change.clear and change.difference < 0]
            lost = gettext("clearly less for {groups}").format(groups=listed(lose[:MOST_NAMED])) if lose else ""
            if known:
                ranked = sorted(known, key=lambda change: -change.difference)
                gains = [
                    gettext("{change} for {group}{unclear}").format(
                        change=c.bare(), group=gettext(NAMED_GROUPS[c.group]), unclear=unclear(c)
                    )
                    for c in ranked
                ]
                text = gettext("Under “{name}” {gains}; {lost}.")
                said.append(text.format(name=policy(name), gains=pgettext("between clauses", ", ").join(gains),
                                        lost=lost or gettext("no group clearly loses")))  # fmt: skip
        start = gettext("The part of each group's own open need that is closed changes by so many percentage points.")
        return in_turn(start, *said) if said else ""

    def what_it_costs(self) -> str:
        """Yuan for each elder and year of county and society, and whose bill clearly changes."""
        said, yuan = [], unit_words("yuan")
        for name in self.contenders:
            county, society = (of_each(self.view, name, cost) for cost in (COST_TO_COUNTY, COST_TO_SOCIETY))
            if county.verdict == "missing":
                continue
            text = gettext("Under “{name}” the county pays {more} {beside}").format(
                name=policy(name), more=more(county, yuan), beside=beside(county)
            )
            if society.verdict != "missing":
                uses = gettext(", and society as a whole uses {more} in resources {judged}")
                text += uses.format(more=more(society, yuan), judged=judged(society)).rstrip()
            said.append(gettext("{said}; {payers}.").format(said=text, payers=self._payers(name)))
        return in_turn(gettext("For each old person and year."), *said) if said else ""

    def _payers(self, name: str) -> str:
        """Who clearly pays more, and who less, by an amount that is worth a word."""
        each = {i: of_each(self.view, name, i) for i in PAYERS}
        bills = [
            (payer(i), in_brackets(change.bare()), self.view.changes.of(name, i))
            for i, change in each.items()
            if abs(change.difference) >= WORTH_A_WORD
        ]
        paid = [
            gettext(words).format(payers=listed(some))
            for words, sign in (
                (N_("clearly more is paid by {payers}"), 1),
                (N_("clearly less is paid by {payers}"), -1),
            )
            if (
                some := [
                    gettext("{who} {amount}").format(who=who, amount=amount)
                    for who, amount, change in bills
                    if change.sign == sign
                ]
            )
        ]
        return listed(paid) if paid else gettext("nobody else clearly pays half a yuan more or less")

    def what_is_owed(self) -> str:
        """Arrears and time credits at the end."""
        every = {name: of_each(self.view, name, owed.name) for name in self.able}
        most = sorted((n for n, c in every.items() if c.sign > 0), key=lambda n: -every[n].difference)
        said = []
        for name in dict.fromkeys((*self.contenders, *most[:MOST_NAMED])):
            change = every[name]
            if change.verdict != "missing":
                text = gettext("under “{name}” {more} {beside}")
                said.append(
                    text.format(name=policy(name), more=more(change, unit_words("yuan")), beside=beside(change))
                )
        text = gettext(
            "What is owed at the end for each old person (arrears, and time credits not yet redeemed; in no cost "
            "above), against “{base}”: {owed}."
        )
        return text.format(owed=gettext("; ").join(said), base=self.base) if said else ""

    def together(self) -> str:
        """What the policy made of most others does, and by how much more than what comes first."""
        there = [name for name in self.bundles if name in self.able]
        if not there:
            return gettext("No policy of this study puts others of it together.") if len(self.able) > 1 else ""
        name = max(there, key=lambda one: len(self.bundles[one]))
        change, county = self._closed(name), of_each(self.view, name, COST_TO_COUNTY)
        alike, closes = (
            gettext("“{name}” closes as much as “{base}”"),
            gettext("“{name}” closes {more} than “{base}” {beside}"),
        )
        said = (alike if change.verdict == "same" else closes).format(
            name=policy(name), more=more(change), base=self.base, beside=beside(change)
        )
        ahead = self._against(name, self.first) if name != self.first else Change(name, selects())
        if ahead.verdict != "missing":
            alike, beyond = (
                gettext(" and as much as “{first}” alone"),
                gettext(" and {more} than “{first}” alone {beside}"),
            )
            said += (alike if ahead.verdict == "same" else beyond).format(
                more=more(ahead), first=policy(self.first), beside=beside(ahead)
            )
        if county.verdict != "missing":
            said += gettext("; the county pays {more} for each old person and year {beside}").format(
                more=more(county, unit_words("yuan")), beside=beside(county)
            )
        return gettext("{said}{rest}.").format(said=said, rest="")

    def harm(self) -> str:
        """In how many parameter sets, with one set in how many pairs, a policy closes less need than nothing does."""
        found = [self._closed(name) for name in self.able]
        bad = sorted((c for c in found if c.below > 0), key=lambda c: -c.below)
        if not bad:
            words = (
                gettext("No policy closes less open need than “{base}” in any parameter set.")
                if any(c.sets > 1 for c in found)
                else gettext("No policy closes less open need than “{base}” in any pair of runs.")
            )
            return words.format(base=self.base)
        times = [self._times(c) + (gettext(", clearly harmful") if c.sign < 0 else "") for c in bad[:MOST_NAMED]]
        first = gettext("“{name}” closes less open need than “{base}” in {times}")
        rest = gettext("“{name}” in {times}")
        parts = [
            (rest if place else first).format(name=policy(c.policy), base=self.base, times=words)
            for place, (c, words) in enumerate(zip(bad, times, strict=False))
        ]
        if len(bad) > MOST_NAMED:
            parts.append(gettext("{number} more policies in some").format(number=len(bad) - MOST_NAMED))
        said = gettext("{said}{rest}.").format(said=gettext("; ").join(parts), rest="")
        return in_turn(said, "" if any(c.sign < 0 for c in bad) else gettext("None is clearly harmful."))

    def _times(self, change: Change) -> str:
        """In how many sets or pairs a difference is below zero, and by how much at worst."""
        known = points(self.view, change.policy, change.indicator)
        worst = number(abs(float(known.min())), change.unit, sign=True, words=True).lstrip("+")
        by = gettext("at worst by {worst}") if any(d in worst for d in "123456789") else gettext("by next to nothing")
        words = (
            gettext("{some} of {all} sets, {by}") if change.sets > 1 else gettext("{some} of {all} pairs of runs, {by}")
        )
        return words.format(some=int((known < 0).sum()), all=len(known), by=by.format(worst=worst))

    # How far it can be relied on

    def certainty(self) -> str:
        """What the numbers rest on, and what is in the intervals."""
        view = self.view
        sets, often = int(view.runs["draw"].nunique()), int(view.runs["replication"].nunique())
        villages = view.study.scenarios[view.baseline].population.villages
        failed, without = int(view.runs["failed"].astype(bool).sum()), [n for n in view.policies if n not in self.able]
        rests_on = gettext("{sets}, {seeds} each, {villages}, {years}.").format(
            sets=counted("{number} parameter set", "{number} parameter sets", sets),
            seeds=counted("{number} seed", "{number} seeds", often),
            villages=counted("{number} village", "{number} villages", villages),
            years=ngettext("{number} year", "{number} years", 1 if view.years == 1 else 2).format(
                number=f"{view.years:.3g}"
            ),
        )
        lost = gettext("{failed} of {runs} runs failed and are left out with their pairs.") if failed else ""
        unsaid = gettext("Nothing can be said of {policies}.") if without and self.able else ""
        return in_turn(
            rests_on,
            _contains(sets, often) if self.able else "",
            lost.format(failed=failed, runs=len(view.runs)),
            unsaid.format(policies=quoted(without, MOST_NAMED) if without else ""),
            self._how_probable(),
            gettext("No interval says whether the model's rules are right."),
        )

    def _how_probable(self) -> str:
        """What a share of sets is worth as a probability."""
        if not self.able or self.sets < FEWEST_SETS or len(self.singles) < 2:
            return ""
        return gettext("If all sets are equally likely, shares of them are probabilities.")

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What comes first where a gauge stood low, in the middle or high before the reform; none with few sets or one
        policy."""
        if not self.able or self.sets < FEWEST_SETS or len(self.singles) < 2:
            return ()
        return diagnoses(self.view.result, self.singles)

    def what_decides(self) -> str:
        """What a county can read off beforehand that decides what comes first."""
        if len(self.singles) < 2:
            return ""
        if self.sets < FEWEST_SETS:
            few = counted("{number} parameter set", "{number} parameter sets", self.sets)
            return gettext("With {few} nothing can be said of when another policy would come first.").format(few=few)
        known = next((one.words for one in self.diagnoses if one.decides), "")
        if known or not self.diagnoses:
            return known
        read = gettext("; ").join(lower(one.label) for one in self.diagnoses)
        return gettext(
            "Nothing that a county can read off before the reform was found to decide which policy comes first (tried: "
            "{read})."
        ).format(read=read)

    def what_to_learn(self) -> str:
        """The parameter that would be most worth learning before choosing."""
        if self.sets < FEWEST_SETS:
            return ""
        table = value_of_learning(self.view.result, self.singles)
        unit = INDICATORS[selects()].unit
        for parameter, row in table.head(1).iterrows():
            if row["value"] > 2 * row["se"] and row["known"]:
                gain, error = (
                    number(float(row[key]), unit, sign=True, words=True).lstrip("+") for key in ("value", "se")
                )
                return gettext(
                    "{meaning} ({parameter}): choosing after it is known would close {gain} more of open need on "
                    "average (standard error {error})."
                ).format(meaning=parameter_meaning(str(parameter)), parameter=parameter, gain=gain, error=error)
        perfect = number(float(table.attrs["perfect"]), unit, sign=True, words=True).lstrip("+")
        said = gettext(
            "To learn any single one of the numbers that nobody has measured before choosing was not found to gain "
            "more than chance gives; to know all of them would close at most {gain} more of open need on average."
        ).format(gain=perfect)
        if not carried(self.view.study, self.first):
            return said
        assumption = gettext("The assumption that “{name}” hangs on is not among them: no run says how likely it is.")
        return in_turn(said, assumption.format(name=policy(self.first)))


def _contains(sets: int, often: int) -> str:
    """What stands in brackets, and what is called clear."""
    if sets == often == 1:
        return gettext("One pair of runs may differ by chance alone: nothing here can be called clear.")
    if sets == 1:
        return gettext(
            "In brackets 95% intervals of chance alone, without what nobody has measured. Clear: the interval excludes "
            "zero."
        )
    enough = sets >= ENOUGH_DRAWS
    return gettext(
        "In brackets {ends}: what nobody has measured, as far as the sets span it, and chance. Clear: at least nine in "
        "ten sets agree in the sign, even if the interval contains zero."
    ).format(ends=gettext("95% intervals over sets") if enough else gettext("the smallest and the largest set"))
