"""Write the reference pages that follow from declarations: levers, parameters, state variables, indicators, terms in
Chinese.

Run from the checkout: python docs/make_reference.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from coprod_sim.model.indicators import GROUPS, INDICATORS, PLACES
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import County, Organizations, Sites, Townships, Villages
from coprod_sim.presentation import labels
from coprod_sim.presentation.language import gettext, pgettext, speaking
from coprod_sim.scenario.loading import config_dir, options
from coprod_sim.scenario.recommendations import LEVERS, recommendations
from coprod_sim.scenario.schema import LEVER_GROUPS, PRICE_FACTORS, Scenario, budgeted, declarations, todays_policy
from coprod_sim.study.uncertain import uncertain

HERE = Path(__file__).resolve().parent
TABLES = (Elders, Helped, Sites, Villages, Organizations, Townships, County)


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    return {
        "levers.md": _levers(),
        "parameters.md": _parameters(),
        "state.md": _state(),
        "indicators.md": _indicators(),
        "data.md": _data(),
        "terms.md": _terms(),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    cells = [list(head), ["---"] * len(list(head))]
    cells += [[str(cell).replace("|", "/") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells) + "\n"


def _levers() -> str:
    today = Scenario()
    rows = []
    for group, name, declared in declarations():
        if cost := declared.cost:
            value = _typed(getattr(getattr(today, group), name))
            yuan = f"none: {cost.reason}" if cost.reason else cost.yuan or "-"
            rows.append((f"`{group}.{name}`", declared.label, declared.meaning, value, _reforms(group, name),
                         _range(declared), yuan, cost.hours or "-", cost.payer or "-", declared.grade,
                         declared.source or "assumed"))  # fmt: skip
    head = (
        "lever",
        "label",
        "meaning",
        "today",
        "reform",
        "range",
        "yuan it costs",
        "hours it takes",
        "who pays",
        "grade",
        "source",
    )
    return (
        "# Levers\n\nGenerated from the schema by `docs/make_reference.py`. Every lever is a value or a schedule "
        "`{month: value}`; a lever that an override changes holds from `horizon.reform_month`, and today's value "
        "until then. Grades: M measured near this setting, T transferred, I inferred, A assumed. To add one, see "
        "[extending.md](extending.md).\n\n" + _table(head, rows) + "\n## Recommendations\n\n" + _recommendations()
    )


def _recommendations() -> str:
    rows = [
        (f"`{r.name}`", r.label, r.stage, r.problem, r.answer,
         "; ".join(f"{part}: {', '.join(own)}" for part, own in r.parts.items()), ", ".join(r.doses) or "-")
        for r in recommendations().values()
    ]  # fmt: skip
    return "Asked for by name, as `recommendation=NAME`; each is a file of `configs/recommendation/`.\n\n" + _table(
        ("name", "label", "stage", "problem", "answer", "parts", "levers that a dose moves"), rows
    )


def _reforms(group: str, name: str) -> str:
    found = []
    for option in options(group):
        values = yaml.safe_load((config_dir() / group / f"{option}.yaml").read_text(encoding="utf-8")) or {}
        if name in values:
            found.append(f"{option}: {_typed(values[name])}")
    return "; ".join(found) or "-"


def _typed(value: Any) -> str:
    """A value as one types it into an override."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _range(declared: object) -> str:
    words: str = declared.allowed_in_full()  # type: ignore[attr-defined]
    return words.replace(", or a schedule {month: value}", "")


def _parameters() -> str:
    today, counted, policy = Scenario(), set(budgeted()), todays_policy()
    text = [
        "# Parameters\n\nGenerated from the schema by `docs/make_reference.py`; what they do stands in "
        "[odd.md](odd.md), and levers in [levers.md](levers.md). The range is what the "
        "schema allows, and the bounds of sensitivity studies. Grades: M measured near this setting, T transferred, I "
        f"inferred, A assumed. *Drawn*: budget, one of the {len(counted)} numbers that count against the budget of "
        f"ninety; factor, one of the {len(PRICE_FACTORS)} that move prices. Of today's policy {len(policy)} levers "
        "that differ between counties are drawn, too: "
        + "; ".join(f"`{key}` {low:g} to {high:g}" for key, (low, high) in policy.items())
        + ". Defaults are where calibration starts.\n"
    ]
    for group, field in Scenario.model_fields.items():
        if group in LEVER_GROUPS:
            continue
        text.append(f"\n## {group}\n\n{(field.annotation.__doc__ or '').strip()}\n")
        rows = []
        for g, name, d in declarations():
            if g == group:
                key = f"{group}.{name}"
                drawn = "budget" if key in counted else "factor" if key in PRICE_FACTORS else ""
                default = _typed(getattr(getattr(today, group), name))
                rows.append((f"`{name}`", d.meaning, default, d.unit or "-", _range(d), d.grade,
                             d.role, "yes" if d.scheduled else "", drawn, d.source or "assumed"))  # fmt: skip
        head = ("name", "meaning", "default", "unit", "range", "grade", "role", "schedule", "drawn", "source")
        text.append(_table(head, rows))
    return "\n".join(text)


def _state() -> str:
    text = [
        "# State variables\n\nGenerated from the tables' declarations by `docs/make_reference.py`. Each is a column of "
        "a table of `model.state` (`model.state.elders.trust`), one row an agent.\n"
    ]
    for table in TABLES:
        text.append(f"\n## {table.__name__}\n\n{(table.__doc__ or '').strip()}\n")
        rows = [
            (f"`{name}`", c.meaning, c.unit or "-", c.dtype.__name__.rstrip("_"), ", ".join(c.names) or "-")
            for name, c in table.columns.items()
        ]
        text.append(_table(("name", "meaning", "unit", "type", "parts"), rows))
    return "\n".join(text)


def _indicators() -> str:
    better = {1: "more", -1: "less", 0: "neither"}
    rows = [
        (f"`{i.name}`", i.label, i.side, i.unit, i.denominator or "-", i.kind, better[i.better],
         "yes" if i.by_group else "", i.meaning, ", ".join(i.shown) or "-")
        for i in INDICATORS.values()
    ]  # fmt: skip
    places = _table(("place", "where"), [(f"`{place}`", where) for place, where in PLACES.items()])
    return (
        "# Indicators\n\nGenerated by `docs/make_reference.py`. States are averaged over the last "
        "`horizon.state_window` months; flows are summed from `horizon.reform_month`, yuan discounted to it. "
        "A ratio is the sum of what the label names over the sum of what the column *of* names, both from "
        "`horizon.reform_month`, not discounted. "
        "What is counted elder by elder is also given by group: the sum over a group's elders, divided for a state or "
        "a ratio by the sum of what the column *of* names. All stand in `differences.csv` and in the figure of "
        "trajectories; the last column says where else, by the places below. To add one, see "
        "[extending.md](extending.md).\n\n"
        + _table(("name", "label", "side", "unit", "of", "kind", "better", "by group", "meaning", "shown"), rows)
        + f"\n{places}"
    )


def _data() -> str:
    ends = uncertain()
    rows = []
    for group, name, declared in declarations():
        key = f"{group}.{name}"
        if key in ends or declared.source:
            given = ends.get(key)
            matched = "-" if given is None else " to ".join(f"{end:g}" for end in given[:2]) if isinstance(
                given, tuple) else ", ".join(map(str, given))  # fmt: skip
            use = "specification; matched" if key in ends else "specification"
            rows.append((f"`{key}`", declared.source or "assumed", declared.grade, use, matched))
    return (
        "# What single parameters rest on\n\nGenerated from the schema and `study/uncertain.py` by "
        "`docs/make_reference.py`; published figures as a whole stand in [patterns.md](patterns.md). Grades: M "
        "measured "
        "near this setting, T transferred, I inferred, A assumed. *Matched*: calibration varies it between the ends "
        "given, and a default that was set by hand is only where it starts.\n\n"
        + _table(("parameter", "source", "grade", "use", "varied between"), rows)
    )


def _terms() -> str:
    """What the report and the dashboard call things in both languages."""
    policies = ("today", *(f"{name} {one.label}" for name, one in recommendations().items()), "all four")
    sections: dict[str, list[tuple[str, str, str]]] = {}
    with speaking("zh"):
        sections["Policies"] = [(name, labels.policy(name), "") for name in policies]
        sections["Problems of the four stages"] = [
            (one.problem, pgettext("problem", one.problem), pgettext("stage", one.stage.capitalize()))
            for one in recommendations().values()
        ]
        sections["Sides of the results"] = [(said, gettext(said), "") for said in labels.SIDES.values()]
        sections["Groups of elders"] = [
            (labels.group_label_in_english(group), labels.group_label(group), "") for group in GROUPS
        ]
        sections["Results"] = [(i.label, labels.label(i.name), labels.meaning(i.name)) for i in INDICATORS.values()]
        sections["Levers"] = [
            (one.label, pgettext("lever", one.label), pgettext("parameter's meaning", one.meaning))
            for one in LEVERS.values()
        ]
    text = [
        "# Terms in English and Chinese\n\nGenerated by `docs/make_reference.py` from the words of the report and the "
        "dashboard with `language=zh` ([languages](languages.md)).\n"
    ]
    for title, rows in sections.items():
        explained = any(meaning for *_, meaning in rows)
        beside = "阶段" if title.startswith("Problems") else "说明"
        head = ("English", "中文", beside) if explained else ("English", "中文")
        text.append(f"\n## {title}\n\n{_table(head, [row[: len(head)] for row in rows])}")
    return "\n".join(text)


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
        print(name)
