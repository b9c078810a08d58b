"""Who gains and who is left out: the same differences by group of elders."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coprod_sim.model.indicators import EXTRA, FACTORS, GROUPED, GROUPS, INDICATORS, selects, shown_in
from coprod_sim.presentation.labels import FACTOR_LABELS, group_label, group_phrase, label, meaning
from coprod_sim.presentation.language import gettext, pgettext
from coprod_sim.presentation.report.changes import Axis, Change, axis_of
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number

FEW = 3  # groups that are named one by one
BESIDE = 5  # policies side by side in one table


@dataclass(frozen=True)
class GroupRow:
    """One group: its level under the comparator, and each policy's difference.

    Attributes:
        level: the comparator's, where it is the same for all policies; empty where policies rest on different pairs.
        levels: the comparator's for each policy, over the pairs of its difference; empty where `level` says it.
    """

    label: str
    level: str
    changes: tuple[Change, ...]
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupTable:
    """One indicator by group, for a few policies."""

    policies: tuple[str, ...]
    blocks: tuple[tuple[str, tuple[GroupRow, ...]], ...]
    axis: Axis


@dataclass(frozen=True)
class ByGroup:
    """One indicator by group: in a few words for each policy; and the one that policies are picked by in tables of a
    few policies each."""

    indicator: str
    label: str
    meaning: str
    words: tuple[tuple[str, str], ...]
    tables: tuple[GroupTable, ...]


BLOCKS = (
    ("", ("all", *EXTRA)),
    *((FACTOR_LABELS[f], tuple(group for group in GROUPS if group.startswith(f"{f}: "))) for f, _ in FACTORS),
)
OF_FACTORS = tuple(group for title, groups in BLOCKS if title for group in groups)


def by_group(view: Context) -> list[ByGroup]:
    """Every indicator that is shown by group and has a value."""
    names = view.drawn
    size = math.ceil(len(names) / max(math.ceil(len(names) / BESIDE), 1))
    parts = [tuple(names[start : start + size]) for start in range(0, len(names), size)] if names else []
    return [
        ByGroup(
            indicator,
            label(indicator),
            meaning(indicator),
            tuple((name, _words(view, name, indicator)) for name in names),
            tuple(_table(view, indicator, part) for part in parts) if indicator == selects() else (),
        )
        for indicator in shown_in(GROUPED)
        if view.shown(indicator)
    ]


def _table(view: Context, indicator: str, policies: tuple[str, ...]) -> GroupTable:
    blocks = []
    for title, groups in BLOCKS:
        rows = [_row(view, indicator, group, policies) for group in groups]
        known = tuple(row for row in rows if any(c.verdict != "missing" for c in row.changes))
        if known:
            blocks.append((pgettext("factor", title), known))
    every = [view.changes.of(name, indicator, g) for name in view.drawn for _, groups in BLOCKS for g in groups]
    return GroupTable(policies, tuple(blocks), axis_of(every, INDICATORS[indicator].unit))


def _row(view: Context, indicator: str, group: str, policies: tuple[str, ...]) -> GroupRow:
    changes = tuple(view.changes.of(name, indicator, group) for name in policies)
    unit = INDICATORS[indicator].unit
    levels = tuple(number(c.before, unit, words=True, bare=not unit.startswith("share")) for c in changes)
    different = len({c.before for c in changes if c.verdict != "missing"}) > 1
    level = next((text for text, c in zip(levels, changes, strict=True) if c.verdict != "missing"), levels[0])
    return GroupRow(group_label(group), "" if different else level, changes, levels if different else ())


def _words(view: Context, policy: str, indicator: str) -> str:
    """In how many groups it is clearly better, and for whom clearly worse."""
    known = [c for c in (view.changes.of(policy, indicator, g) for g in OF_FACTORS) if c.verdict != "missing"]
    if not known or all(c.verdict == "single" for c in known):
        return gettext("not known")
    if all(c.verdict in ("few", "same") for c in known):
        return gettext("too few sets")
    gain, lose = ([c for c in known if c.verdict == verdict] for verdict in ("better", "worse"))
    said = gettext("{some} of {all}").format(some=len(gain), all=len(known))
    said = f"{len(gain)}" if len(known) == len(OF_FACTORS) else said
    if lose:
        ranked = sorted(lose, key=lambda c: -abs(c.difference))[:FEW]
        said += gettext("; worse for {groups}").format(groups=gettext(", ").join(group_phrase(c.group) for c in ranked))
    if len(lose) > FEW:
        said += gettext(" and {number} more").format(number=len(lose) - FEW)
    return said
