"""Rules of one agent agree with the same rules as NumPy over whole columns, on states that runs really come to.

`python tests/test_agreement.py` writes the table of docs/verification.md anew.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectorised
from rules import written

import coprod_sim as cs
from coprod_sim.model import lifecourse, outcomes
from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.helping import HelpTerms, utility_of_helping
from coprod_sim.model.counting_elders import CELLS, Counts
from coprod_sim.model.population import TRAITS
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.provision import helping
from coprod_sim.model.state import State

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verification.md"
BEGIN, END = "<!-- agreement: begin -->", "<!-- agreement: end -->"

MONTHS = (0, 13, 40, 100)
HORIZON = ("horizon.reform_month=12", "horizon.months=101", "horizon.state_window=12")
COUNTIES = {
    "county_a, 12 villages": ("county_a", "population.villages=12"),
    "village_small": ("village_small",),
}
REFORMS = ("negotiation=talk", "legal=guarantee", "responsibility=clear", "supervision=strong", "access=wide",
           "funding=per_elder")  # fmt: skip
POLICIES = {
    "today": (),
    "all reforms, a time bank": (*REFORMS, "incentive=time_bank"),
    "all reforms, pay and awards": (*REFORMS, "incentive=pay", "incentive.awards_per_year=3"),
}
SEED = 3
CLOSE = 1e-9  # relative to numbers above one


@dataclass
class Line:
    """How far two ways of writing a rule agree over all that was compared.

    Attributes:
        states: how many states were compared.
        values: how many values.
        decisions: whether values are whole numbers or yes and no, which must be equal.
        differ: how many of these differ.
        largest: largest difference of numbers, relative to those above one.
        seen: how many values are neither 0 nor no: so that nothing agrees for want of anything happening.
    """

    decisions: bool
    states: int = 0
    values: int = 0
    differ: int = 0
    largest: float = 0.0
    seen: int = 0


@dataclass
class Comparison:
    """Lines by rule, in the order in which rules were first compared."""

    lines: dict[str, Line] = field(default_factory=dict)

    def add(self, rule: str, one: Any, other: Any) -> None:
        """Compare what a rule comes to in one state, written in both ways."""
        of_one, of_other = (np.asarray(values) for values in (one, other))
        assert of_one.shape == of_other.shape, rule
        line = self.lines.setdefault(rule, Line(decisions=of_one.dtype.kind in "bi"))
        line.states += 1
        line.values += of_one.size
        line.seen += int(np.count_nonzero(of_one))
        if line.decisions:
            line.differ += int((of_one != of_other).sum())
        else:
            gap = np.abs(of_one - of_other) / np.maximum(np.abs(of_other), 1)
            line.largest = max(line.largest, float(gap.max(initial=0.0)))


class Watched(cs.CoproductionModel):
    """A model that compares both ways of writing at the very places of a month where rules are called."""

    comparison: Comparison

    def step(self) -> None:
        """One month; compared in the months of `MONTHS`."""
        if self.month not in MONTHS:
            super().step()
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(helping, "decide", self._beside(helping.decide, compare_helping))
            patch.setattr(lifecourse, "advance", self._beside(lifecourse.advance, compare_lives))
            patch.setattr(outcomes, "count_elders", self._beside(outcomes.count_elders, compare_counts))
            super().step()

    def _beside(self, real: Callable[..., Any], compare: Callable[..., None]) -> Callable[..., Any]:
        def both(state: State, *args: Any) -> Any:
            before = copy.deepcopy(state)
            found = real(state, *args)
            compare(self.comparison, before, state, found, *args)
            return found

        return both


def compare_helping(comparison: Comparison, before: State, after: State, _: None) -> None:
    compare_need_and_acquaintances(comparison, before)
    helping._crowd(before)  # the stage's first act, which is no rule of an elder
    rows, month = before.elders.rows, before.month
    u = (before.chance.uniforms(stream, month, rows) for stream in (Stream.START, Stream.STOP))
    there = before.elders.present
    old, elders = vectorised.help_a_month(before, *u), after.elders
    view, arrays = helping.view_of(before), before.elders.arrays
    at, seen_from, utility = (written(f) for f in (helping.helper_at, helping.help_seen_from, utility_of_helping))
    terms = [utility(at(row, arrays, month), seen_from(row, arrays, view), before.values.elders) for row in range(rows)]
    for name, values in zip(HelpTerms._fields, np.array(terms, dtype=float).T, strict=True):
        comparison.add(f"helping: term {name}", values[there], np.broadcast_to(old.terms[name], rows)[there])
    comparison.add("helping: who starts", elders.helper & ~before.elders.helper, old.starts)
    comparison.add("helping: who stops", before.elders.helper & ~elders.helper, old.stops)
    comparison.add("helping: hours", elders.hours, old.hours)
    comparison.add("helping: fatigue", elders.fatigue, old.fatigue)
    comparison.add("helping: last month of taking part", elders.took_part.astype(int), old.took_part.astype(int))


def compare_need_and_acquaintances(comparison: Comparison, state: State) -> None:
    elders = state.elders
    state.refresh_perceptions()
    amount, left_behind, alone = vectorised.need(elders, state.params.health)
    for place, name in enumerate(("meals", "company", "daily help", "skilled visits")):
        comparison.add(f"need: {name}", state.needs.amount[place], amount[place])
    comparison.add("need: no child in the home", state.needs.left_behind, left_behind)
    comparison.add("need: neither child nor spouse", state.needs.alone, alone)
    new, old, there = Acquaintances(elders), vectorised.Acquaintances(elders), elders.present
    for name in ("helping", "enrolled", "members"):
        comparison.add(f"acquaintances: share {name}", getattr(new, name)[there], getattr(old, name)[there])
    comparison.add("acquaintances: number aware", new.number(elders.aware), old.number(elders.aware))
    comparison.add("acquaintances: share waiting", new.share(elders.waiting), old.share(elders.waiting))
    means = (which.mean(elders.trust, elders.aware, elders.belief) for which in (new, old))
    comparison.add("acquaintances: mean trust of the aware", *means)


def compare_lives(comparison: Comparison, before: State, after: State, _: None) -> None:
    month, was, now = before.month, before.elders, after.elders
    streams = (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)
    u = (before.chance.uniforms(stream, month, was.rows) for stream in streams)
    yearly = before.params.population.migration_rate
    old = vectorised.live_a_month(was, before.rates, *u, yearly, month)
    comparison.add("life course: ADL grade", now.adl, old.adl)
    comparison.add("life course: who dies", was.alive & ~now.alive, was.alive & ~old.alive)
    comparison.add("life course: who enters at 60", now.present & ~was.present, old.present & ~was.present)
    comparison.add("life course: who is there", now.present, old.present)
    comparison.add("life course: whose child moves", now.child - was.child, old.child - was.child)
    comparison.add("life course: spouse", now.partner, old.partner)
    widowed = [(was.partner >= 0) & (partner < 0) for partner in (now.partner, old.partner)]
    comparison.add("life course: who is widowed or dies married", *widowed)


def compare_counts(comparison: Comparison, before: State, _: State, found: np.ndarray, third: np.ndarray) -> None:
    old = vectorised.count_by_group(before, third)
    for place, name in enumerate(Counts._fields):
        comparison.add(f"count: {name}", found[place], old[place])
    comparison.add("count: all cells below the line", found[:, 1, :CELLS].astype(int), old[:, 1, :CELLS].astype(int))


def compare_start(comparison: Comparison, state: State) -> None:
    """The people of a state that nothing has happened to."""
    elders, chance, rows = state.elders, state.chance, state.elders.rows
    z = [chance.normals(stream, 0, rows) for stream in TRAITS[:6]]
    u = [chance.uniforms(stream, 0, rows) for stream in TRAITS[6:]]
    for name, values in vectorised.traits(z, u, state.params).items():
        kept = getattr(elders, name)
        comparison.add(f"start: {name}", kept, values.astype(kept.dtype))
    months = np.where(elders.present, -720 - elders.birth_month.astype(int), 0)
    disabled = np.where(elders.present, state.rates.prevalence[months], state.scenario.health.adl_at_60)
    of_grade = (chance.uniforms(s, 0, rows) for s in (Stream.INITIAL_ADL, Stream.INITIAL_GRADE, Stream.INITIAL_CHILD))
    adl, child = vectorised.grades_and_children(disabled, *of_grade, state.rates, state.params)
    comparison.add("start: ADL grade", elders.adl, adl)
    comparison.add("start: nearest child", elders.child, child)
    places = rows * elders.acquaintances.shape[1]
    known = (chance.uniforms(s, 0, places) for s in (Stream.INITIAL_NEAR, Stream.INITIAL_ACQUAINTANCE))
    listed = vectorised.acquaintances(elders, state.land, state.scenario.geography.ties_in_hamlet, *known)
    comparison.add("start: acquaintances", elders.acquaintances, listed)


@cache
def compared() -> Comparison:
    """Everything compared over all counties and policies."""
    comparison = Comparison()
    for county in COUNTIES.values():
        for policy in POLICIES.values():
            scenario = cs.load_scenario(county[0], [*county[1:], *HORIZON, *policy])
            model = Watched(scenario, rng=SEED)
            model.comparison = comparison
            compare_start(comparison, model.state)
            model.run()
    return comparison


def test_both_ways_of_writing_each_rule_agree_and_the_page_says_so() -> None:
    """One test, as the runs that states are taken from take some seconds."""
    lines = compared().lines
    runs = len(COUNTIES) * len(POLICIES)
    wrong = [f"{rule}: {line}" for rule, line in lines.items() if line.differ or line.largest > CLOSE]
    assert not wrong
    assert not [rule for rule, line in lines.items() if not line.seen], "nothing happened that could differ"
    often = {rule: runs * (1 if rule.startswith("start") else len(MONTHS)) for rule in lines}
    assert {rule: line.states for rule, line in lines.items()} == often
    parts = {"start", "life course", "need", "acquaintances", "helping", "count"}
    assert {rule.partition(":")[0] for rule in lines} == parts
    _, kept, _ = between(PAGE.read_text(encoding="utf-8"))
    assert kept == table(compared()), f"{PAGE.name}: not current, run python tests/test_agreement.py"


def test_a_difference_is_found_however_small() -> None:
    comparison = Comparison()
    comparison.add("hours", np.array([1.0, 4.0]), np.array([1.0, 4.0 + 1e-8]))
    comparison.add("who", np.array([True, False, True]), np.array([True, True, True]))
    assert comparison.lines["hours"].largest == pytest.approx(2.5e-9, rel=1e-6) and comparison.lines["who"].differ == 1


# The table.


def table(comparison: Comparison) -> str:
    """Rule, states, values, largest difference, decisions that differ, as a table of a page."""
    head = ("rule", "states", "values compared", "largest difference", "decisions that differ")
    rows = [head, ("---", "---:", "---:", "---:", "---:")]
    for rule, line in comparison.lines.items():
        found = ("–", str(line.differ)) if line.decisions else (power(line.largest), "–")
        rows.append((rule, str(line.states), f"{line.values:,}", *found))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def power(largest: float) -> str:
    """A difference as below a power of ten; the smallest are alike, as their digits may be another machine's."""
    return f"below 1e{int(np.ceil(np.log10(max(largest, 1e-12)))):+03d}"


def between(text: str) -> Iterator[str]:
    """What stands on the page before, between and after the marks."""
    match = re.fullmatch(f"(.*{re.escape(BEGIN)}\n)(.*)({re.escape(END)}.*)", text, flags=re.DOTALL)
    assert match, f"{PAGE.name}: the marks are gone"
    yield from match.groups()


if __name__ == "__main__":
    before, _, after = between(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(f"{before}{table(compared())}{after}", encoding="utf-8")
