"""A study's answer in a terminal: what it found in about ten sentences, and one table of its policies."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from coprod_sim.model.indicators import COST_TO_COUNTY, COST_TO_SOCIETY, selects
from coprod_sim.model.indicators.value import people_helped
from coprod_sim.presentation.findings import Findings, explained
from coprod_sim.presentation.labels import policy, question
from coprod_sim.presentation.language import N_, gettext, in_chinese, of_language
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.each import PER, of_each
from coprod_sim.presentation.terminal import literal, say
from coprod_sim.study.result import StudyResult

MOST_ROWS = 12  # policies in the table
COLUMNS = (N_("open need closed,\npoints"), N_("helped more,\nof {per} elders"),
           N_("the county pays,\nyuan/elder-year"), N_("society uses,\nyuan/elder-year"))  # fmt: skip
CLEAR = "*"


def print_result(result: StudyResult, console: Console, found: Findings | None = None) -> None:
    """Print what a study found: the sentences that the report begins with, and a line a policy.

    Args:
        result: of the study.
        console: to print to.
        found: where it has been worked out.
    """
    found = found or Findings(Context(result))
    view = found.view
    console.print()
    if result.study.question:
        say(console, question(result.study.question), "bold")
    whole = in_chinese()  # which has no spaces to break lines at: that is left to the terminal
    console.print(literal(explained(view)), soft_wrap=whole)
    console.print()
    for number, one in enumerate(found.sentences, start=1):
        about = gettext("{number}. {about}: ").format(number=number, about=one.about)
        console.print(Text.assemble((about, "bold"), one.says), soft_wrap=whole)
    if len(view.table):
        console.print()
        heading = gettext("Each policy against {baseline}, means of the paired runs")
        say(console, heading.format(baseline=policy(view.baseline)), "italic")
        console.print(_table(view))
        console.print(
            gettext("{mark} clear. Tables of all results, with intervals and by group: {report} and differences.csv.")
            .format(mark=CLEAR, report=of_language("report.html"))
        )  # fmt: skip


def _table(view: Context) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")  # a name breaks within itself if it must, and a number never
    for heading in COLUMNS:
        table.add_column(gettext(heading).format(per=PER), justify="right", vertical="bottom", no_wrap=True)
    names = view.policies[:MOST_ROWS]
    lacking = any(view.pairs(name) < view.asked for name in names)
    if lacking:
        table.add_column(gettext("pairs of runs"), justify="right", vertical="bottom", no_wrap=True)
    for name in names:
        each = (of_each(view, name, i) for i in (people_helped.name, COST_TO_COUNTY, COST_TO_SOCIETY))
        pairs = (gettext("{some} of {all}").format(some=view.pairs(name), all=view.asked),) * lacking
        table.add_row(literal(policy(name)), *map(_cell, (view.changes.of(name, selects()), *each)), *pairs)
    if len(view.policies) > MOST_ROWS:
        table.add_row(gettext("and {number} more").format(number=len(view.policies) - MOST_ROWS))
    return table


def _cell(change: Change) -> str:
    if change.verdict == "missing":
        return gettext("no value") + " "
    return change.bare() + (CLEAR if change.clear else " ")
