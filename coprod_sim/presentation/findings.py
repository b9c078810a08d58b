"""What a study found, in about ten sentences for somebody who has two minutes: made from its numbers and nothing else.

The console prints them and the report begins with them, word for word. They keep to the standard of evidence: nothing
is called clear but what `standard.clear` calls so, and whoever comes first does so clearly only in nine of ten sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from coprod_sim.analysis.diagnosis import LEAD, probability_first
from coprod_sim.analysis.learning import value_of_learning
from coprod_sim.model.indicators import COST_TO_COUNTY, COST_TO_SOCIETY, GROUPS, INDICATORS, selects
from coprod_sim.model.indicators.cost import owed
from coprod_sim.model.indicators.value import people_helped
from coprod_sim.presentation.bundles import bundles
from coprod_sim.presentation.carried import carried
from coprod_sim.presentation.labels import group_phrase, lower
from coprod_sim.presentation.phrases import beside, counted, judged, listed, more, quoted, unclear
from coprod_sim.presentation.ranges import Diagnosis, diagnoses
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.each import PER, of_each, points
from coprod_sim.presentation.report.money import PAYERS
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.schema import declarations
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.standard import AGREE, FEWEST_SETS

TERMS = (
    "Open need is what old people lack in meals, company, daily help and health visits after all that they and their "
    "families do. A parameter set is one version of what nobody has measured; a seed is one course of chance."
)
# Groups that are named whatever they gain, and what they are called where nothing explains it.
NAMED_GROUPS = {
    "target group": "those whom sites are meant for",
    "adl: any loss": "the disabled",
    "living: alone": "those living alone",
    "income: poorest third": "the poorest third",
}
MOST_NAMED = 4  # policies or groups in one sentence
LEAD_WORDS = "half a percentage point" if LEAD == 0.005 else f"{100 * LEAD:g} percentage points"


@dataclass(frozen=True)
class Finding:
    """One of the sentences: what it is about, and what it says."""

    about: str
    says: str


def findings(view: Context) -> list[Finding]:
    """What a study found, in about ten sentences."""
    return Findings(view).sentences()


class Findings:
    """What may be said of a study."""

    def __init__(self, view: Context) -> None:
        self.view = view
        self.able = [name for name in view.policies if self._closed(name).verdict != "missing"]

    def sentences(self) -> list[Finding]:
        """All of them, in the order in which somebody would ask; those that have nothing to say are left out."""
        if not self.able:
            said = {"What first": self._nothing(), "How certain": self.certainty()}
        else:
            said = {
                "What first": self._first_of_sets() if self.sets > 1 else self._first_of_one(),
                "What it buys": self.what_it_buys(),
                "For whom": self.for_whom(),
                "What it costs": self.what_it_costs(),
                "What will be owed": self.what_is_owed(),
                "All together": self.together(),
                "What may harm": self.harm(),
                "How certain": self.certainty(),
                "What would change this": self.what_decides(),
                "What to learn first": self.what_to_learn(),
            }
        return [Finding(about, text) for about, text in said.items() if text]

    def _nothing(self) -> str:
        base = self.view.baseline
        if not self.view.policies:
            return f"The study holds “{base}” alone, so there is nothing to compare."
        return f"No policy has a finished run that can be compared with “{base}”, so nothing can be said."

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
        """What comes first and, unless it does so clearly, what comes first next often, if ever."""
        if self.sets <= 1 or self._clearly_first:
            return [self.first]
        others = [name for name in self.singles if name != self.first and self.shares[name] > 0]
        return [self.first, *sorted(others, key=lambda name: -self.shares[name])[:1]]

    @property
    def _clearly_first(self) -> bool:
        return bool(self.sets >= FEWEST_SETS and self.shares[self.first] >= AGREE)

    def _first_of_sets(self) -> str:
        """Which policy alone gains most, and in how many parameter sets."""
        name, sets, alone = self.first, self.sets, len(self.singles) == 1
        often = {one: round(self.shares[one] * sets) for one in self.singles}
        none = sets - sum(often.values())
        than = f"than “{self.view.baseline}”" if alone else "than any other"
        few = f"Too few parameter sets to judge by ({sets}; {FEWEST_SETS} are needed). " if sets < FEWEST_SETS else ""
        if not often[name]:
            none_does = f"does one by itself close {LEAD_WORDS} more of old people's open need {than}"
            return f"{few or 'No policy comes first. '}In none of {sets} parameter sets {none_does}."
        does = (
            f"“{name}” by itself closes at least {LEAD_WORDS} more of old people's open need {than} in {often[name]} "
            f"of {sets} parameter sets"
        )
        others = [f"“{one}” in {often[one]}" for one in sorted(self.singles, key=lambda n: -often[n])
                  if one != name and often[one]][:MOST_NAMED]  # fmt: skip
        rest = f"; in {none} {'it does not' if alone else 'there is no clear difference'}" if none else ""
        said = " ".join(one for one in (f"{', '.join([does, *others])}{rest}.", self._hangs_on(name)) if one)
        if few:
            return few + said
        if alone:
            return f"“{name}” {'clearly' if self._clearly_first else 'not clearly'} comes before doing nothing. {said}"
        if self._clearly_first:
            return f"Begin with “{name}”: it clearly comes first. {said}"
        return f"No policy clearly comes first. {said}"

    def _hangs_on(self, policy: str) -> str:
        """The one assumption that carries a policy, if an experiment of today's model found one."""
        one = carried(self.view.study, policy)
        return one.words(policy) if one else ""

    def _first_of_one(self) -> str:
        """The same with one parameter set, which has no shares."""
        change, base = self._closed(self.first), self.view.baseline
        if change.verdict == "same" and len(self.singles) == 1:
            return f"“{self.first}” changes nothing of how much of old people's open need is closed."
        if change.verdict == "same":
            return f"No policy closes more of old people's open need than “{base}”."
        if not change.difference > 0:
            near = f"the nearest is “{self.first}”, {change.words} {beside(change)}"
            return f"No policy closes more of old people's open need than “{base}”; {near}."
        said = (
            f"“{self.first}” by itself closes {more(change)} of old people's open need than “{base}” {beside(change)}"
        )
        others = [name for name in self.singles if name != self.first]
        if others:
            second = max(others, key=lambda name: self._closed(name).difference)
            ahead = self._against(self.first, second, *self.singles)
            said += f", the most of all; than the next, “{second}”, {more(ahead)} {beside(ahead)}"
        hangs = self._hangs_on(self.first)
        few = "There is one parameter set, so in how many others it would come first is not known."
        return " ".join(one for one in (f"{said}.", hangs, few) if one)

    # What it brings, and what it costs

    def what_it_buys(self) -> str:
        """Need closed and people helped under what may come first."""
        said = []
        for name in self.contenders:
            closed, helped = self._closed(name), of_each(self.view, name, people_helped.name)
            if closed.verdict == "same":
                said.append(f"“{name}” closes as much open need as “{self.view.baseline}” in every pair of runs.")
                continue
            than = "" if said else f" than “{self.view.baseline}”"
            text = f"“{name}” closes {closed.level_after}{'' if said else ' of open need'}, {more(closed)}{than}"
            text += f" {beside(closed)}"
            if helped.verdict not in ("missing", "same"):
                whom = "" if said else f" of every {PER} old people (60+) substantially"
                text += f" and helps {more(helped, '', ('more', 'fewer'))}{whom} {judged(helped)}".rstrip()
            said.append(f"{text}.")
        return " ".join(said)

    def for_whom(self) -> str:
        """Which groups gain how much under what may come first, and whether one loses."""
        said = []
        for name in self.contenders:
            found = {group: self._closed(name, group) for group in GROUPS if group != "all"}
            known = [found[group] for group in NAMED_GROUPS if found[group].verdict not in ("missing", "same")]
            lose = [group_phrase(group) for group, change in found.items() if change.clear and change.difference < 0]
            lost = f"clearly less for {listed(lose[:MOST_NAMED])}" if lose else "no group clearly loses"
            if known:
                ranked = sorted(known, key=lambda change: -change.difference)
                gains = ", ".join(f"{c.bare()} for {NAMED_GROUPS[c.group]}{unclear(c)}" for c in ranked)
                said.append(f"Under “{name}” {gains}; {lost}.")
        start = "The part of each group's own open need that is closed changes by so many percentage points."
        return f"{start} {' '.join(said)}" if said else ""

    def what_it_costs(self) -> str:
        """Yuan for each elder and year of county and society, and whose bill clearly changes."""
        said = []
        for name in self.contenders:
            county, society = (of_each(self.view, name, cost) for cost in (COST_TO_COUNTY, COST_TO_SOCIETY))
            if county.verdict == "missing":
                continue
            text = f"Under “{name}” the county pays {more(county, 'yuan')} {beside(county)}"
            if society.verdict != "missing":
                text += f", and society as a whole uses {more(society, 'yuan')} in resources {judged(society)}".rstrip()
            said.append(f"{text}; {self._payers(name)}.")
        return f"For each old person and year. {' '.join(said)}" if said else ""

    def _payers(self, policy: str) -> str:
        """Who clearly pays more, and who less."""
        bills = [(f"the {INDICATORS[i].payer}", self.view.changes.of(policy, i)) for i in PAYERS]
        paid = [
            f"clearly {words} is paid by {listed(some)}"
            for words, sign in (("more", 1), ("less", -1))
            if (some := [who for who, change in bills if change.sign == sign])
        ]
        return " and ".join(paid) or "nobody clearly pays more or less"

    def what_is_owed(self) -> str:
        """Arrears and time credits at the end."""
        said = []
        for name in self.contenders:
            change = of_each(self.view, name, owed.name)
            if change.verdict != "missing":
                said.append(f"under “{name}” {more(change, 'yuan')} {beside(change)}")
        start = (
            "What is owed at the end for each old person (arrears, and time credits not yet redeemed), a bill of later "
            "years that is in no sum above"
        )
        return f"{start}: {'; '.join(said)}." if said else ""

    def together(self) -> str:
        """What the policy made of most others does, and by how much more than what comes first."""
        there = [name for name in self.bundles if name in self.able]
        if not there:
            return "No policy of this study puts others of it together." if len(self.able) > 1 else ""
        name = max(there, key=lambda one: len(self.bundles[one]))
        change, county = self._closed(name), of_each(self.view, name, COST_TO_COUNTY)
        said = f"“{name}” closes {more(change)} than “{self.view.baseline}” {beside(change)}"
        ahead = self._against(name, self.first) if name != self.first else Change(name, selects())
        if ahead.verdict != "missing":
            said += f" and {more(ahead)} than “{self.first}” alone {beside(ahead)}"
        if county.verdict != "missing":
            said += f"; the county pays {more(county, 'yuan')} for each old person and year {beside(county)}"
        return f"{said}."

    def harm(self) -> str:
        """In how many parameter sets, with one set in how many pairs, a policy closes less need than nothing does."""
        base, found = self.view.baseline, [self._closed(name) for name in self.able]
        bad = sorted((c for c in found if c.below > 0), key=lambda c: -c.below)
        if not bad:
            what = "parameter set" if any(c.sets > 1 for c in found) else "pair of runs"
            return f"No policy closes less open need than “{base}” in any {what}."
        first, *rest = (f"in {self._times(c)}{', clearly harmful' if c.sign < 0 else ''}" for c in bad[:MOST_NAMED])
        parts = [f"“{bad[0].policy}” closes less open need than “{base}” {first}"]
        parts += [f"“{c.policy}” {words}" for c, words in zip(bad[1:], rest, strict=False)]
        if len(bad) > MOST_NAMED:
            parts.append(f"{len(bad) - MOST_NAMED} more policies in some")
        none = "" if any(c.sign < 0 for c in bad) else " None is clearly harmful."
        return f"{'; '.join(parts)}.{none}"

    def _times(self, change: Change) -> str:
        """In how many sets or pairs a difference is below zero, and by how much at worst."""
        known = points(self.view, change.policy, change.indicator)
        what = "sets" if change.sets > 1 else "pairs of runs"
        worst = number(abs(float(known.min())), change.unit, sign=True, words=True).lstrip("+")
        by = f"at worst by {worst}" if any(digit in worst for digit in "123456789") else "by next to nothing"
        return f"{int((known < 0).sum())} of {len(known)} {what}, {by}"

    # How far it can be relied on

    def certainty(self) -> str:
        """What the numbers rest on, and what is in the intervals."""
        view = self.view
        sets, often = int(view.runs["draw"].nunique()), int(view.runs["replication"].nunique())
        villages = view.study.scenarios[view.baseline].population.villages
        failed, without = int(view.runs["failed"].astype(bool).sum()), [n for n in view.policies if n not in self.able]
        parts = [
            f"{counted(sets, 'parameter set')}, {counted(often, 'seed')} each, {counted(villages, 'village')}, "
            f"{view.years:.3g} years.",
            _contains(sets, often) if self.able else "",
            f"{failed} of {len(view.runs)} runs failed and are left out with their pairs." if failed else "",
            f"Nothing can be said of {quoted(without, MOST_NAMED)}." if without and self.able else "",
            "No interval says whether the model's rules are right.",
        ]
        return " ".join(part for part in parts if part)

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
            few = counted(self.sets, "parameter set")
            return f"With {few} nothing can be said of when another policy would come first."
        known = next((one.words for one in self.diagnoses if one.decides), "")
        if known or not self.diagnoses:
            return known
        read = "; ".join(lower(one.label) for one in self.diagnoses)
        return (
            f"Nothing that a county can read off before the reform clearly decides which policy comes first ({read})."
        )

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
                return (
                    f"{_meaning(str(parameter))} ({parameter}): choosing after it is known would close {gain} more of "
                    f"open need on average (standard error {error})."
                )
        perfect = number(float(table.attrs["perfect"]), unit, sign=True, words=True).lstrip("+")
        return (
            "No single one of the numbers that nobody has measured is clearly worth learning before choosing; to know "
            f"all of them would close at most {perfect} more of open need on average."
        )


def _contains(sets: int, often: int) -> str:
    """What stands in brackets, and what is called clear."""
    if sets == often == 1:
        return "One pair of runs may differ by chance alone: nothing here can be called clear."
    if sets == 1:
        return (
            "In brackets 95% intervals of chance alone, without what nobody has measured. Clear: the interval excludes "
            "zero."
        )
    ends = "95% intervals over sets" if sets >= ENOUGH_DRAWS else "the smallest and the largest set"
    return (
        f"In brackets {ends}: what nobody has measured, as far as the sets span it, and chance. Clear: at least nine "
        f"in ten sets agree in the sign, of at least {FEWEST_SETS}."
    )


def _meaning(parameter: str) -> str:
    """What a parameter is."""
    return next((d.meaning for group, name, d in declarations() if f"{group}.{name}" == parameter), parameter)
