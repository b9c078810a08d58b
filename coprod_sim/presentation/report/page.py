"""Puts the parts of a report together and renders the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coprod_sim.model.indicators import GLANCE, selects, shown_in
from coprod_sim.presentation import labels, language
from coprod_sim.presentation.bundles import bundles
from coprod_sim.presentation.findings import LEAD_WORDS, Findings, explained
from coprod_sim.presentation.language import N_
from coprod_sim.presentation.ranges import PLACES
from coprod_sim.presentation.report import (
    answer,
    figures,
    first,
    gauges,
    groups,
    lost,
    money,
    policies,
    reproducibility,
    uncertainty,
)
from coprod_sim.presentation.report.changes import VERDICTS, Axis, Change, axis_of
from coprod_sim.presentation.report.context import Context, month_words, unit_of
from coprod_sim.presentation.report.drawing import Canvas
from coprod_sim.presentation.tables import SHOWN, number
from coprod_sim.study.derived import stamp_of
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import STANDARD

TEMPLATES = Path(__file__).parent / "templates"

SECTIONS = (
    ("answer", N_("Main results of every policy")),
    ("policies", N_("The policies in words")),
    ("changes", N_("What changes")),
    ("time", N_("Over time")),
    ("problems", N_("The four problems")),
    ("lost", N_("Where the plan is lost")),
    ("groups", N_("Who gains and who is left out")),
    ("payers", N_("Who pays")),
    ("bought", N_("What the money bought")),
    ("uncertainty", N_("Uncertainty")),
    ("reproducibility", N_("Reproducibility, and what the terms mean")),
)


def section(key: str) -> int:
    """The number of a section, for references to it."""
    return [name for name, _ in SECTIONS].index(key) + 1


def page(result: StudyResult, found: Findings | None = None) -> str:
    """The report as HTML."""
    found = found or Findings(Context(result))
    view = found.view
    context = frame(view) | first_screen(found) | first_half(view) | second_half(view)
    return environment().get_template("report.html.j2").render(context)


@cache
def environment() -> Environment:
    """Templates; everything that is put in is escaped."""
    made = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Each looks up the language that is spoken when a page is rendered, so that one environment serves all.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext, npgettext=language.npgettext
    )
    made.filters.update(policy=labels.policy, county=labels.county, stage=labels.stage, third=labels.third)
    made.globals.update(section=section, month_words=month_words, lower=labels.lower)
    return made


def frame(view: Context) -> dict[str, Any]:
    """What every section may use."""
    scenario = view.study.scenarios[view.baseline]
    return {
        "view": view,
        "sections": SECTIONS,
        "county": scenario.county.name,
        "population": scenario.population,
        "stamp": stamp_of(view.result),
        "language": language.TAGS[language.spoken()],
        "gap": "" if language.in_chinese() else " ",  # between sentences
        "verdicts": {name: language.gettext(words) for name, words in VERDICTS.items()},
        "contains": answer.contains(view),
        "standard": language.pgettext("standard", STANDARD),
        "legend": ("better", "worse", "differs", "unclear", *(["few"] if view.few else [])),
        "picked_by": labels.lower(labels.label(selects())),
        "horizon_words": uncertainty.horizon_words(view),
    }


def first_screen(found: Findings) -> dict[str, Any]:
    """What somebody reads who has two minutes."""
    view = found.view
    return {
        "question": answer.question(view),
        "findings": found.sentences,
        "terms_first": explained(view),
        "cloud": first.cloud(view, Canvas("c")),
        "per": first.PER,
        "diagnoses": found.diagnoses,
        "lead": language.gettext(LEAD_WORDS),
        "places": PLACES,
    }


def first_half(view: Context) -> dict[str, Any]:
    """Question to problems."""
    base = view.study.scenarios[view.baseline]
    levers = {name: policies.levers_of(base, view.study.scenarios[name]) for name in view.policies}
    return {
        "answers": answer.answers(view),
        "by_chance": answer.by_chance(view),
        "glance": [
            (i, labels.label(i), axis_of([view.changes.of(name, i) for name in view.policies], unit_of(i)))
            for i in shown_in(GLANCE)
            if view.shown(i) and i not in money.BILLED
        ],
        "levers": levers,
        "wholes": policies.wholes_of(levers, bundles(view.study)),
        "compared": [name for name in view.policies if view.pairs(name)],
        "sides": sides(view),
        "over_time": figures.over_time(view, Canvas()),
        "problems": gauges.problems(view),
        "lost": lost.lost(view),
    }


def second_half(view: Context) -> dict[str, Any]:
    """Groups to terms."""
    return {
        "by_group": groups.by_group(view),
        "groups": len(groups.OF_FACTORS),
        "bills": money.bills(view),
        "bought": money.bought(view),
        "planes": figures.planes(view, Canvas("p")),
        "most_points": figures.MOST_POINTS,
        "footings": uncertainty.footings(view),
        "failures": uncertainty.failures(view),
        "failed": int(view.runs["failed"].astype(bool).sum()),
        "notes": uncertainty.notes(view),
        "stopping": uncertainty.stopping(view),
        "files": reproducibility.scenario_files(view),
        "villages": reproducibility.villages(view),
        "draws": reproducibility.draws(view),
        "python_lines": reproducibility.python_lines(view),
        "terms": reproducibility.terms(),
    }


@dataclass(frozen=True)
class Card:
    """One indicator: what it means, every policy's difference, and the axis they are drawn on."""

    meaning: str
    changes: list[Change]
    axis: Axis

    @property
    def level(self) -> str:
        """The comparator's level, where all policies are compared over the same pairs; shares in percent, else in the
        unit and scale of the differences."""
        levels = {change.before for change in self.changes if change.verdict != "missing"}
        if len(levels) != 1:
            return ""
        bare = bool(self.axis.size) and self.axis.unit != "share"
        return number(levels.pop(), self.axis.unit, words=True, bare=bare, scale=self.axis.size)


def sides(view: Context) -> list[tuple[str, list[Card]]]:
    """Every shown indicator, side by side, without those that stand in the bills.

    Shares of one side share an axis, so that their lengths can be compared.
    """
    found: list[tuple[str, list[Card]]] = []
    for side, indicators in SHOWN.items():
        others = [i for i in indicators if i not in money.BILLED]
        changes = {i: [view.changes.of(name, i) for name in view.policies if view.pairs(name)] for i in others}
        shares = [c for i, some in changes.items() if unit_of(i) == "share" for c in some]
        common = axis_of(shares, "share")
        cards = [
            Card(labels.meaning(i), some, common if unit_of(i) == "share" else axis_of(some, unit_of(i)))
            for i, some in changes.items()
            if view.shown(i)
        ]
        found.append((labels.side(side), cards))
    return found
