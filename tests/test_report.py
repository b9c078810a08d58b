"""The report: one file that needs nothing else, says no more than the intervals do, and survives what studies bring."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from axe import serious
from browsing import chromium
from whole_models import scenario as lively

import coprod_sim as cs
from coprod_sim.model.indicators import GROUPS, INDICATORS, shown_in
from coprod_sim.presentation import labels
from coprod_sim.presentation.plan import PLAN
from coprod_sim.presentation.report import gauges, lost, money
from coprod_sim.presentation.report.answer import said
from coprod_sim.presentation.report.changes import Change, Changes, axis_of
from coprod_sim.presentation.report.context import DRAWN, Context
from coprod_sim.presentation.report.each import cases, of_each
from coprod_sim.presentation.report.gauges import windows
from coprod_sim.presentation.report.money import price, ratio
from coprod_sim.presentation.report.page import Card
from coprod_sim.presentation.report.policies import levers_of
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.scenario.timeline import reform
from coprod_sim.study.standard import clear

QUIET = {"negotiation": {"rounds": 0, "elders_seat": False},
         "incentive": {"time_bank": False, "awards_per_year": 0.0, "pay_per_hour": 0.0}}  # fmt: skip
TALK = {"negotiation": {"rounds": 4, "elders_seat": True}}
BOTH = TALK | {"incentive": {"time_bank": True}, "supervision": {"audit_probability": 0.3}}
HOSTILE = "县政府 <b>a=1</b> & “x” {{ 1 }}"


def scenario(**groups: dict[str, Any]) -> cs.Scenario:
    """A lively county, of which policies ask for more talk and incentives."""
    return lively(**{name: {**QUIET.get(name, {}), **groups.get(name, {})} for name in QUIET | groups})


def under(**groups: dict[str, Any]) -> cs.Scenario:
    """The lively scenario with levers changed from its reform month on."""
    today = scenario()
    policy = scenario(**groups)
    return scenario_from(reform(today.values(), policy.values(), today.horizon.reform_month))


@dataclass
class Told:
    """A study's result as a report reads it, made up from the tables of a real one."""

    study: cs.Study
    folder: Path
    runs: pd.DataFrame
    outcomes: pd.DataFrame
    monthly: pd.DataFrame

    @property
    def replications(self) -> int:
        return self.study.most_replications

    def differences(self, baseline: str | None = None) -> pd.DataFrame:
        return cs.differences(self.outcomes, self.runs, baseline or self.study.baseline)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    """A real study: two policies, three replications."""
    study = cs.Study({"today": scenario(), "talk": under(**TALK), HOSTILE: under(**BOTH)}, replications=3, seed=5)
    return cs.run_study(study, tmp_path_factory.mktemp("study") / "real", workers=1)


def made(real: cs.StudyResult, names: dict[str, str], replications: int = 3, **study: Any) -> Told:
    """A result with other names (new → one of the real study) and fewer replications."""
    tables = []
    for table in (real.runs, real.outcomes, real.monthly):
        parts = [
            table[(table["scenario"] == old) & (table["replication"] < replications)].assign(scenario=new)
            for new, old in names.items()
        ]
        whole = pd.concat(parts, ignore_index=True)
        tables.append(whole.assign(scenario=pd.Categorical(whole["scenario"], categories=list(names))))
    scenarios = {new: real.study.scenarios[old] for new, old in names.items()}
    given = {"replications": replications, "seed": 5} | study
    return Told(cs.Study(scenarios, **given), real.folder, *tables)


def of_sets(real: cs.StudyResult, number: int = 2, names: dict[str, str] | None = None) -> Told:
    """The result of some parameter sets, which came out the same."""
    one = made(real, names or {"today": "today", "a": "talk"})
    draws = [{"helping.fear": 4.0 + 0.1 * draw} for draw in range(number)]
    tables = [
        pd.concat([getattr(one, name).assign(draw=draw) for draw in range(1, number + 1)], ignore_index=True)
        for name in ("runs", "outcomes", "monthly")
    ]
    return Told(cs.Study(one.study.scenarios, replications=3, seed=5, draws=draws), one.folder, *tables)


def without(result: Told, name: str) -> Told:
    """The result as it is when every run of a scenario fails."""
    lost = result.runs["scenario"] == name
    runs = result.runs.assign(
        failed=lost,
        stage=np.where(lost, "provision", ""),
        error=np.where(lost, "ZeroDivisionError: a < b & c", ""),
    )
    kept = [table[table["scenario"] != name] for table in (result.outcomes, result.monthly)]
    return Told(result.study, result.folder, runs, *kept)


class Page(HTMLParser):
    """What a browser would see: tags in order with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def written(result: Any, folder: Path) -> str:
    return cs.report(result, folder / "report.html").read_text(encoding="utf-8")


def part(text: str, key: str) -> str:
    """The words of one section."""
    return Page(part_of(text, key)).text


def part_of(text: str, key: str) -> str:
    """One section as it is written."""
    start = text.index(f'<section id="{key}"')
    return text[start : text.index("</section>", start)]


@pytest.fixture(scope="module")
def text(real: cs.StudyResult, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(real, tmp_path_factory.mktemp("report"))


# The file


def test_it_needs_nothing_but_itself(text: str) -> None:
    plain = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
    assert "http:" not in plain and "https:" not in plain
    assert not re.search(r"<script [^>]*src|@import|<iframe|<object|<embed|fetch\(|XMLHttp|import\(", plain)
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", plain))
    page = Page(text)
    for attributes in (attributes for _, attributes in page.tags):
        for name in ("src", "href", "xlink:href", "srcset", "data", "poster"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), attributes


@pytest.mark.usefixtures("few")
def test_its_folder_is_made_and_nothing_half_is_left(real: cs.StudyResult, tmp_path: Path) -> None:
    path = cs.report(real, tmp_path / "县 a" / "report.html")
    assert path == tmp_path / "县 a" / "report.html"
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]


@pytest.mark.usefixtures("few")
def test_the_same_result_gives_the_same_file(real: cs.StudyResult, tmp_path: Path) -> None:
    assert written(real, tmp_path / "one") == written(real, tmp_path / "other")


@pytest.mark.usefixtures("few")
def test_it_has_under_five_thousand_words(real: cs.StudyResult, tmp_path: Path) -> None:
    """A study as large as the flagship; numbers count as words, and the letters within figures, which are drawn, do
    not."""
    names = ("R1 talk", "R2 guarantee and time bank", "R3 clear duties", "R4 supervision", "all four")
    policies = dict(zip(names, ("talk", HOSTILE, "talk", HOSTILE, HOSTILE), strict=True))
    text = written(of_sets(real, 20, {"today": "today", **policies}), tmp_path)
    plain = Page(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)).text
    assert 3_000 < len(plain.split()) < 5_000
    assert len(Page(part_of(text, "first")).text.split()) < 1_000


def test_it_is_small(text: str) -> None:
    assert len(text.encode()) < 1_500_000


def test_it_has_every_section_in_order_each_but_the_first_folded_under_its_heading(text: str) -> None:
    page = Page(text)
    keys = [
        "first",
        "answer",
        "policies",
        "changes",
        "time",
        "problems",
        "lost",
        "groups",
        "payers",
        "bought",
        "uncertainty",
        "reproducibility",
    ]
    assert [attributes["id"] for attributes in page.all("section")] == keys
    for place, key in enumerate(keys[1:], start=1):
        start = text.index(f'<section id="{key}"')
        fold = re.match(r"<section[^>]*>\s*<details>\s*<summary><h3 [^>]*><span[^>]*>(\d+)</span>", text[start:])
        assert fold is not None and int(fold[1]) == place, key


@pytest.mark.usefixtures("few")
def test_references_to_sections_are_the_numbers_of_their_headings(real: cs.StudyResult, tmp_path: Path) -> None:
    names = {"today": "today"} | {f"policy {i}": "talk" for i in range(DRAWN + 1)}
    text = written(made(real, names), tmp_path)
    headings = dict(re.findall(r'id="h-(\w+)"><span class="no">(\d+)', text))
    for key, words, to in (
        ("problems", "markers as in section {}", ("changes",)),
        ("time", "Not drawn here and in sections {} and {}:", ("groups", "bought")),
        ("groups", "the policies named in section {};", ("time",)),
        ("answer", "section {} says what that contains", ("uncertainty",)),
    ):
        assert words.format(*(headings[name] for name in to)) in part(text, key)


def test_headings_never_skip_a_level_and_ids_are_unique(text: str) -> None:
    page = Page(text)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        target[1:] for target in re.findall(r'(?:href=")(#[^"]+)"|url\((#[^)]+)\)', text) for target in target if target
    }
    assert targets <= set(ids)


def test_it_can_be_read_aloud(text: str) -> None:
    page = Page(text)
    assert page.all("html")[0]["lang"] == "en"
    assert all("scope" in attributes for attributes in page.all("th"))
    assert page.tags.count(("caption", {})) + sum("class" in a for a in page.all("caption")) == len(page.all("table"))
    for attributes in page.all("svg"):
        named = attributes.get("role") == "img" and attributes.get("aria-label")
        inner = "overflow" in attributes  # a marker within a figure
        assert named or attributes.get("aria-hidden") == "true" or inner, attributes


# What it says


def test_it_names_each_policy_and_every_lever_that_differs(real: cs.StudyResult, text: str) -> None:
    words = part(text, "policies")
    for name in ("talk", HOSTILE):
        assert re.sub(r"\s+", " ", name) in words
    for lever in levers_of(real.study.scenarios["today"], real.study.scenarios[HOSTILE]):
        assert lever.label in words and lever.key in words
    assert "from month 12 (start of year 2) on" in words and "0 rounds a year → 4 rounds a year" in words
    assert "0.15 a site and year → 0.3 a site and year" in words


def test_names_are_text_and_never_markup(text: str) -> None:
    assert "<b>a=1</b>" not in text
    assert html.escape(HOSTILE, quote=False) in text
    assert "{{" in text  # and no template either


@pytest.mark.usefixtures("few")
def test_the_question_is_the_study_s_or_made_from_its_names(real: cs.StudyResult, text: str, tmp_path: Path) -> None:
    assert f"with talk or {HOSTILE} in place of today?" in Page(text).text
    asked = made(real, {"today": "today", "a": "talk"}, question="Was kostet <das>?")
    assert "Was kostet <das>?" in Page(written(asked, tmp_path)).text


def test_only_what_the_standard_of_evidence_allows_is_called_clear(real: cs.StudyResult, text: str) -> None:
    table = real.differences().xs("all", level="group")
    words = part(text, "answer")
    for name in ("talk", HOSTILE):
        own = words[words.rindex(f"{name} 3 pairs of runs") :]
        said = re.search(r"Clearly better: ([^.]*)\.", own)
        assert said is not None
        for indicator in (
            "need_closed",
            "need_closed_meals",
            "need_closed_daily_help",
            "qol_years",
            "helper_rate",
            "trust",
        ):
            clear = table.loc[(name, indicator), "clear"] > 0
            assert clear == (table.loc[(name, indicator), "ci_low"] > 0)  # with one parameter set
            assert (labels.lower(labels.label(indicator)) in said[1].split("; ")) == clear, (name, indicator)
            assert indicator in shown_in("headline")
    assert "stochastic variation of replications only" in part(text, "uncertainty")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 0.3, "better"), (-0.3, -0.1, "worse"), (-0.1, 0.3, "unclear"), (0.0, 0.3, "unclear"), (0, 0, "same")],
)
def test_a_verdict_follows_the_interval_and_the_direction(low: float, high: float, verdict: str) -> None:
    above, below = float(high > 0), float(low < 0)
    sign = int(clear(*(np.array([x]) for x in (low, high, above, below, 1)))[0])

    def verdict_on(indicator: str) -> str:
        return Change("a", indicator, "all", 0, 0, (low + high) / 2, low, high, sign, above, below).verdict

    assert verdict_on("met_meals") == verdict
    turned = {"better": "worse", "worse": "better"}.get(verdict, verdict)
    assert verdict_on("cost_government") == turned
    neither = {"better": "differs", "worse": "differs"}.get(verdict, verdict)
    assert verdict_on("unpaid_hours") == neither


@pytest.mark.parametrize(
    ("above", "below", "sets", "verdict", "why"),
    [(9, 0, 9, "few", "9 parameter sets are too few"), (9, 1, 10, "better", ""), (36, 0, 40, "better", ""),
     (35, 5, 40, "unclear", "fewer than nine in ten of 40"), (1, 9, 10, "worse", ""), (0, 0, 40, "same", "")],
)  # fmt: skip
def test_a_verdict_over_parameter_sets_asks_how_many_agree(
    above: int, below: int, sets: int, verdict: str, why: str
) -> None:
    gaps = np.concatenate([np.full(above, 0.1), np.full(below, -0.1), np.zeros(sets - above - below)])
    keys = pd.MultiIndex.from_product([range(sets), [0]], names=["draw", "replication"])
    change = of("met_meals", pd.Series(gaps, index=keys))
    assert change.verdict == verdict and why in change.why
    assert len(change.points) == 0  # without sets in the table


def test_a_change_without_interval_or_value_claims_nothing() -> None:
    assert Change("a", "met_meals", difference=0.5).verdict == "single"
    assert Change("a", "met_meals").verdict == "missing"
    assert not Change("a", "met_meals", difference=0.5).clear


def test_gauges_are_means_of_a_year_before_the_reform_and_of_the_last_year(
    real: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = ("aims_spread", "duties_undone_share", "accidents_unanswered", "need_closed")  # states, a flow, a ratio
    monkeypatch.setattr(gauges, "of_study", lambda: (("Design", "", "", some),))
    before, after = windows(Context(real))
    run = real.monthly[(real.monthly["scenario"] == "talk") & (real.monthly["replication"] == 1)].set_index("month")
    for indicator, factor in zip(some, (1, 1, 12, 1), strict=True):
        assert before.loc[("talk", 0, 1), indicator] == pytest.approx(factor * run.loc[0:11, indicator].mean())
        assert after.loc[("talk", 0, 1), indicator] == pytest.approx(factor * run.loc[36:47, indicator].mean())


def test_levers_tell_schedules_and_what_the_comparator_does_meanwhile() -> None:
    steps = scenario(funding={"running_per_site": {0: 4000, 12: 6000, 24: 1000}, "shortfall": {0: 0.0, 40: 0.1}})
    today = scenario(funding={"running_per_site": {0: 4000, 30: 3000}, "shortfall": {0: 0.0, 60: 0.2}})
    money, short = levers_of(today, steps)
    assert money.before == "4,000 yuan a site and month"
    assert money.steps == (
        ("month 12 (start of year 2)", "6,000 yuan a site and month"),
        ("month 24 (start of year 3)", "1,000 yuan a site and month"),
    )
    assert (
        money.comparator
        == "4,000 yuan a site and month from month 12 (start of year 2), 3,000 yuan a site and month from month 30"
    )
    assert short.steps == (("month 40", "10% of planned money"),)
    assert levers_of(today, today) == []
    assert levers_of(scenario(), scenario(health={"company_need": 9.0}))[0].group == ""


def test_every_indicator_and_group_has_plain_words() -> None:
    assert all("_" not in labels.label(name) for name in INDICATORS)
    assert len({labels.label(name) for name in INDICATORS}) == len(INDICATORS)
    assert all(labels.group_label(group) and labels.group_phrase(group) for group in GROUPS)
    assert len({labels.group_label(group) for group in GROUPS}) == len({labels.group_phrase(g) for g in GROUPS}) == 18
    assert labels.group_label("adl: any loss") == "Any loss: the disabled"


@pytest.mark.parametrize(
    ("unit", "words"),
    [("years/100 elder-years", "years for 100 elder-years"), ("meals/100 elder-months", "meals for 100 elder-months"),
     ("elder-months", "elder-months"), ("yuan/meal", "yuan a meal"), ("meals/day", "meals a day"),
     ("yuan/elder-month", "yuan an elder and month"), ("hours/village-month", "hours a village and month"),
     ("1/site-year", "a site and year"), ("yuan/hour", "yuan an hour"), ("0-1", ""), ("share", "%"),
     ("officers/20 villages", "officers for 20 villages")],
)  # fmt: skip
def test_units_are_said_in_words(unit: str, words: str) -> None:
    assert labels.unit_words(unit) == words


def test_every_unit_has_plain_words() -> None:
    assert not [i.unit for i in INDICATORS.values() if "/" in labels.unit_words(i.unit)]


# Where the plan is lost


def test_what_becomes_of_planned_meals_is_all_of_them_under_every_scenario(real: cs.StudyResult, text: str) -> None:
    view = Context(real)
    found = lost.lost(view)
    assert found is not None and [bar.name for bar in found.bars] == ["today", "talk", HOSTILE]
    by_hand = real.outcomes[(real.outcomes["group"] == "all") & (real.outcomes["scenario"] == "talk")]
    for bar in found.bars:
        assert [part.indicator for part in bar.parts] == [*reversed(PLAN)]  # served on the left
        assert bar.parts[-1].start + bar.parts[-1].width == pytest.approx(1)
    for part_of in found.bars[1].parts:
        mean = by_hand.loc[by_hand["indicator"] == part_of.indicator, "value"].mean()
        assert part_of.width == pytest.approx(mean)
    for place in range(len(found.policies)):
        assert sum(cause.changes[place].difference for cause in found.causes) == pytest.approx(0, abs=1e-12)
    words = part(text, "lost")
    served = 100 * found.bars[1].parts[0].width
    assert f"Planned meals under talk: served {served:.1f}%" in text
    assert "Losses come in turn" in words and all(cause.label in words for cause in found.causes)


@pytest.mark.usefixtures("few")
def test_where_no_site_is_open_no_plan_is_lost_and_that_is_said(real: cs.StudyResult, tmp_path: Path) -> None:
    result = made(real, {"today": "today", "a": "talk"})
    result.outcomes.loc[result.outcomes["indicator"].isin(PLAN), "value"] = np.nan
    assert lost.lost(Context(result)) is None
    assert "no plan meant a meal for anybody" in part(written(result, tmp_path), "lost")


def test_bars_and_differences_are_of_the_pairs_that_all_have(real: cs.StudyResult) -> None:
    result = made(real, {"today": "today", "a": "talk", "b": HOSTILE})
    gone = result.outcomes["indicator"].isin(PLAN) & (result.outcomes["scenario"] == "b")
    result.outcomes.loc[gone & (result.outcomes["replication"] == 0), "value"] = np.nan
    found = lost.lost(Context(result))
    assert found is not None and all(change.pairs == 2 for cause in found.causes for change in cause.changes)
    for cause in found.causes:
        bars = [next(p.width for p in bar.parts if p.indicator == cause.changes[0].indicator) for bar in found.bars]
        assert [change.after for change in cause.changes] == pytest.approx(bars[1:])


# For each elder and year


def test_costs_stand_for_each_elder_and_year_beside_totals(real: cs.StudyResult, text: str) -> None:
    view = Context(real)
    months = real.monthly[(real.monthly["scenario"] == "today") & (real.monthly["month"] >= 12)]
    rate = real.study.scenarios["today"].economics.discount_rate
    years = (months["elders"] / 12 * (1 + rate) ** (-(months["month"] - 12) / 12)).sum() / 3
    change, each = view.changes.of("talk", "cost_society"), of_each(view, "talk", "cost_society")
    assert view.discounted_elder_years[0] == pytest.approx(years)
    assert view.elder_years() == pytest.approx(months["elders"].sum() / 12 / 3)
    assert each.difference == pytest.approx(change.difference / years) and each.low == pytest.approx(change.low / years)
    assert each.noun == "yuan an elder and year" and each.sign == change.sign
    words = part(text, "payers")
    assert each.bare() in words and each.ends() in words


def test_each_parameter_set_is_divided_by_its_own_elders(real: cs.StudyResult) -> None:
    view = Context(of_sets(real))
    months = view.result.monthly
    months.loc[months["draw"] == 2, "elders"] *= 2  # a county twice as large, and no more money
    paired = view.paired("a", "cost_government").groupby(level="draw").mean()
    years = view.discounted_elder_years
    assert years[2] == pytest.approx(2 * years[1])
    each = cases(view, "a", "cost_government")
    assert each.to_list() == pytest.approx([paired[1] / years[1], paired[1] / years[1] / 2])
    assert of_each(view, "a", "cost_government").difference == pytest.approx(each.mean())
    helped = view.paired("a", "people_helped").groupby(level="draw").mean()
    assert cases(view, "a", "people_helped")[1] == pytest.approx(helped[1] / 12 / view.elder_years_of_sets()[1] * 100)
    last = months[(months["scenario"] == "today") & (months["month"] >= 36) & (months["draw"] == 1)]["elders"].mean()
    owed = view.paired("a", "owed").groupby(level="draw").mean()
    assert cases(view, "a", "owed")[1] == pytest.approx(owed[1] / last)  # of elders who live then


def test_a_year_of_quality_of_life_is_priced_as_one_year_of_one_elder(real: cs.StudyResult) -> None:
    view = Context(real)
    lived = view.elder_years()
    assert money._times(view, INDICATORS["qol_years"]) == pytest.approx(lived / 100)
    assert money._times(view, INDICATORS["need_closed"]) == money._times(view, INDICATORS["meals_served"]) == 1


def test_a_unit_that_a_label_begins_with_is_said_once() -> None:
    change = Change("a", "people_helped", difference=1493.0, low=92.0, high=2895.0, sign=1, above=1.0, below=0.0)
    assert said(change) == "elder-months of substantial help +1,493"
    assert said(Change("a", "family_time_freed", difference=5.0)) == "family time freed +5.00 hours"


# Numbers


@pytest.mark.parametrize(
    ("value", "unit", "options", "expected"),
    [
        (0.806, "share", {}, "80.6%"),
        (0.028, "share", {"sign": True}, "+2.8"),
        (1_240_000, "yuan", {}, "1.24M"),
        (590_000, "yuan", {"sign": True}, "+590k"),
        (float("nan"), "yuan", {}, "-"),
        (0.028, "share", {"sign": True, "words": True}, "+2.8 points"),
        (-1_240_000, "yuan", {"words": True}, "−1.24 million yuan"),
        (590_000, "yuan", {"words": True, "like": (266_000, 913_000)}, "590 thousand yuan"),
        (590_000, "yuan", {"words": True, "bare": True, "like": (1_300_000,)}, "0.59"),
        (0.16, "0-1", {"words": True, "like": (0.155, 0.165)}, "0.160"),
        (-0.0001, "share", {}, "0.0%"),
        (29.0, "accidents", {"words": True}, "29 accidents"),
        (29.5, "accidents", {"words": True}, "29.50 accidents"),
        (4_118.0, "elder-months", {}, "4k"),
        (66.08, "years/100 elder-years", {"words": True}, "66.08 years for 100 elder-years"),
        (0.05, "share of users", {"words": True, "exact": True}, "5% of users"),
        (None, "yuan", {"words": True}, "–"),
    ],
)
def test_numbers_read_as_a_reader_would_write_them(
    value: float | None, unit: str, options: dict[str, Any], expected: str
) -> None:
    assert number(value, unit, **options) == expected


def test_a_level_stands_in_the_scale_of_the_differences_beside_it() -> None:
    meals = [Change("a", "meals_served", before=593_400.0, difference=142_000.0, low=80_000.0, high=160_000.0)]
    axis = axis_of(meals, "meals")
    assert (Card("", meals, axis).level, axis.unit_words) == ("593", "thousand meals")
    share = [Change("a", "need_closed", before=0.066, difference=0.02, low=0.01, high=0.03)]
    assert Card("", share, axis_of(share, "share")).level == "6.6%"
    assert Card("", [*meals, Change("b", "meals_served", before=1.0, difference=2.0)], axis).level == ""


def test_an_axis_has_zero_and_every_difference_on_it() -> None:
    changes = [
        Change("a", "met_meals", difference=0.1, low=-5.0, high=5.2),
        Change("b", "met_meals", difference=0.3, low=0.2, high=0.4),
        Change("c", "met_meals"),
    ]
    axis = axis_of(changes, "share")
    assert axis.low < 0 < 0.4 < axis.high and axis.beyond(5.2) and axis.beyond(-5.0) and not axis.beyond(0.4)
    assert 0 < axis.place(0) < axis.place(0.3) < 100
    assert "0" in [words for _, words in axis.ticks] and len(axis.ticks) < 8
    assert axis_of([], "yuan").ticks


# What the money bought


def pairs(*values: float, draws: int = 1) -> pd.Series:
    keys = [(i % draws, i // draws) for i in range(len(values))]
    return pd.Series(values, index=pd.MultiIndex.from_tuples(keys, names=["draw", "replication"]))


def of(indicator: str, series: pd.Series) -> Change:
    """The change that a study with these pairs would show."""
    outcomes = pd.DataFrame(
        [
            (name, draw, replication, indicator, "all", value if name == "a" else 0.0)
            for (draw, replication), value in series.items()
            for name in ("today", "a")
        ],
        columns=["scenario", "draw", "replication", "indicator", "group", "value"],
    )
    runs = outcomes[["scenario", "draw", "replication"]].assign(failed=False)
    return Changes(cs.differences(outcomes, runs, "today")).of("a", indicator)


def priced(cost: pd.Series, effect: pd.Series) -> Any:
    return price(of("enrolled", effect), of("cost_society", cost), cost, effect)


def test_a_price_has_fieller_s_interval() -> None:
    cost, effect = pairs(100.0, 120.0, 90.0, 110.0), pairs(10.0, 11.0, 9.5, 10.5)
    found = ratio(cost, effect)
    assert found is not None
    middle, low, high = found
    assert low < middle < high and middle == pytest.approx(420 / 41)
    for end in (low, high):  # there the extra cost less the price times the effect may just be zero
        change = of("cost_society", cost - end * effect)
        assert min(abs(change.low), abs(change.high)) == pytest.approx(0, abs=1e-9)
    assert priced(cost, effect).known


def test_over_parameter_sets_a_price_is_that_of_one_set() -> None:
    cost = pairs(100.0, 130.0, 90.0, 102.0, 131.0, 92.0, draws=3)
    effect = pairs(10.0, 11.0, 9.5, 10.1, 11.2, 9.4, draws=3)
    found = ratio(cost, effect)
    assert found is not None
    change = of("cost_society", cost - found[2] * effect)
    assert min(abs(change.low), abs(change.high)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("cost", "effect", "words"),
    [
        ((100, 120, 90), (10, -11, 1), "the effect may be nothing"),
        ((100, -120, 90), (10, 11, 9), "the extra cost may be nothing"),
        ((-100, -120, -90), (10, 11, 9), "costs less and gives more"),
        ((100, 120, 90), (-10, -11, -9), "costs more and gives less"),
        ((100,), (10,), "one pair of runs"),
    ],
)
def test_there_is_no_price_where_it_could_be_anything(cost: Any, effect: Any, words: str) -> None:
    found = priced(pairs(*cost), pairs(*effect))
    assert not found.known and words in found.words


def test_what_is_given_up_has_a_price_too() -> None:
    found = priced(pairs(-100, -120, -90), pairs(-10, -11, -9))
    assert found.known and "saved for each given up" in found.words


# What studies bring


@pytest.mark.usefixtures("few")
def test_one_replication_has_no_interval_and_nothing_is_clear(real: cs.StudyResult, tmp_path: Path) -> None:
    text = written(made(real, {"today": "today", "a": "talk"}, replications=1), tmp_path)
    words = part(text, "answer")
    assert "an interval needs at least two pairs" in words and "Differs in the one pair of runs" in words
    assert "Clearly" not in words and "clearly higher" not in words
    assert "no ratio: one pair of runs" in text and " – " in part(text, "bought")
    assert "nothing here can be called clear" in part(text, "first")
    assert "nan" not in Page(text).text.lower().split()


@pytest.mark.usefixtures("few")
def test_a_policy_of_which_no_run_is_there_did_not_fail(real: cs.StudyResult, tmp_path: Path) -> None:
    told = made(real, {"today": "today", "a": "talk", "b": HOSTILE})
    kept = [table[table["scenario"] != "b"] for table in (told.runs, told.outcomes, told.monthly)]
    text = part(written(Told(told.study, told.folder, *kept), tmp_path), "answer")
    assert "b : no run of this policy is there yet" in text and "failed" not in text


@pytest.mark.usefixtures("few")
def test_a_policy_whose_runs_all_failed_is_named_with_its_errors(real: cs.StudyResult, tmp_path: Path) -> None:
    text = written(without(made(real, {"today": "today", "a": "talk", "b": HOSTILE}), "b"), tmp_path)
    assert "b : every run of this policy failed" in part(text, "answer")
    words = part(text, "uncertainty")
    assert "3 of 9 runs failed" in words and "ZeroDivisionError: a < b & c" in words and "provision" in words
    assert "clearly" in part(text, "answer").lower()


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("lost", ["a", "today"])
def test_nothing_to_compare_is_said(real: cs.StudyResult, tmp_path: Path, lost: str) -> None:
    text = written(without(made(real, {"today": "today", "a": "talk"}), lost), tmp_path)
    who = "this policy" if lost == "a" else "the comparator"
    assert f"every run of {who} failed" in part(text, "answer")
    assert "Clearly" not in part(text, "answer")


@pytest.mark.usefixtures("few")
def test_a_study_of_the_comparator_alone_is_told(real: cs.StudyResult, tmp_path: Path) -> None:
    text = written(made(real, {"today": "today"}), tmp_path)
    assert "no policy beside the comparator" in part(text, "answer")


@pytest.mark.usefixtures("few")
def test_indicators_without_value_are_left_out_and_not_zero(real: cs.StudyResult, tmp_path: Path) -> None:
    result = made(real, {"today": "today", "a": "talk"})
    without = ["need_closed_company", "cost_society", "enrolled_share"]
    result.outcomes.loc[result.outcomes["indicator"].isin(without), "value"] = np.nan
    result.monthly[["need_closed_company", "diverted_share"]] = np.nan
    text = written(result, tmp_path)
    assert all(labels.label(name) not in part(text, "changes") for name in without if name not in money.BILLED)
    assert labels.label("enrolled_share") in part(
        written(made(real, {"today": "today", "a": "talk"}), tmp_path), "changes"
    )
    assert labels.label("need_closed_company") not in part(text, "time")
    assert "nan" not in Page(text).text.lower().split()
    assert "no value" in part(text, "payers") and "society" not in part(text, "first")


@pytest.mark.usefixtures("few")
def test_draws_are_told_apart_from_replications(real: cs.StudyResult, tmp_path: Path) -> None:
    text = written(of_sets(real), tmp_path)
    words = part(text, "uncertainty")
    assert "range from the smallest to the largest set" in words and "no 95% interval" in words
    words = part(text, "answer")
    assert "Shown and not judged (2 parameter sets are too few" in words and "Clearly" not in words
    assert "Too few parameter sets to judge by (2; 10 are needed)" in part(text, "first")
    assert 'class="set"' in text
    assert "a 6 3 2 0" in part(text, "uncertainty")
    assert "Parameter sets" in part(text, "reproducibility")


@pytest.mark.usefixtures("few")
def test_a_stopping_rule_is_told_with_whether_it_was_met(real: cs.StudyResult, tmp_path: Path) -> None:
    rule = cs.Precision("met_company", 0.01, at_most=3, at_least=2, batch=1)
    words = part(written(made(real, {"today": "today", "a": "talk"}, replications=3), tmp_path), "uncertainty")
    assert "was fixed beforehand" in words
    result = made(real, {"today": "today", "a": "talk"})
    result.study = cs.Study(result.study.scenarios, replications=rule, seed=5)
    words = part(written(result, tmp_path), "uncertainty")
    assert "in batches of 1, from 2 to at most 3" in words and "± 1 points" in words and "the aim was" in words


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_many_policies_are_all_told_and_some_are_drawn(real: cs.StudyResult, tmp_path: Path) -> None:
    olds = ("talk", HOSTILE)
    names = {"today": "today"} | {f"policy {i} & <{i}>": olds[i % 2] for i in range(16)}
    result = made(real, names)
    text = written(result, tmp_path)
    view = Context(result)
    assert len(view.drawn) == DRAWN and len(view.left_undrawn) == 16 - DRAWN
    words = part(text, "time")
    assert "Not drawn here" in words and all(name in words for name in view.policies)
    assert all(name in part(text, "changes") for name in view.policies)
    assert len(text.encode()) < 4_000_000


@pytest.mark.usefixtures("few")
def test_a_reform_from_the_beginning_has_no_year_before(real: cs.StudyResult, tmp_path: Path) -> None:
    early = {"horizon": {"months": 48, "reform_month": 0, "state_window": 12}}
    result = made(real, {"today": "today", "a": "talk"})
    scenarios = {"today": scenario(**early), "a": scenario(**early, **TALK)}
    result.study = cs.Study(scenarios, replications=3, seed=5)
    words = part(written(result, tmp_path), "problems")
    assert "– before" in words


def test_it_tells_how_to_do_it_again(real: cs.StudyResult, text: str) -> None:
    words = part(text, "reproducibility")
    assert "cs.open_study('real')" in words and str(real.folder) not in text
    assert "provenance.json" in words and "today" in words
    for name in real.study.scenarios:
        assert cs.study.identity.scenario_hash(real.study.scenarios[name]) in words
    assert "docs/indicators.md" in words


# In a browser


@pytest.mark.slow
def test_a_browser_shows_it_on_a_desk_on_a_telephone_and_on_paper(real: cs.StudyResult, tmp_path: Path) -> None:
    names = {"today": "today"} | {
        f"{'policy_with_a_long_name' * 3}{i} {HOSTILE}": ("talk", HOSTILE)[i % 2] for i in range(6)
    }
    path = cs.report(made(real, names), tmp_path / "报告 = 1.html")
    driver = chromium("the report")
    try:
        for width in (1280, 390):
            size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            driver.get(path.as_uri())
            assert driver.get_log("browser") == []
            folded = driver.execute_script("return [...document.querySelectorAll('details')].map(e => e.open)")
            assert folded and not any(folded)
            driver.execute_async_script(
                "document.querySelectorAll('details').forEach(e => e.open = true);"
                "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
            )
            # A table says that it scrolls sideways where it does, and nowhere else.
            sideways = driver.execute_script(
                "return [...document.querySelectorAll('.scroll')].map(e => [e.scrollWidth > e.clientWidth + 1, "
                "getComputedStyle(e, '::before').display === 'block', e.getAttribute('aria-label')])"
            )
            assert any(scrolls for scrolls, _, _ in sideways)
            assert [name for scrolls, says, name in sideways if scrolls != says] == []
            assert driver.execute_script("return innerWidth") == width  # and not zoomed out to fit
            assert driver.execute_script("return document.documentElement.scrollWidth") <= width
            # Nothing but the content of boxes that scroll on their own reaches beyond the page.
            beyond = driver.execute_script(
                "return [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && "
                "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))"
            )
            assert beyond == []
            # Letters in figures are as large as small print.
            letters = driver.execute_script(
                "return [...document.querySelectorAll('figure svg text')].map(e => e.getBoundingClientRect().height)"
            )
            assert letters and min(letters) > 9
        # The reader's own number of elders, and what a link leads to.
        field = driver.find_element("id", "elders")
        assert field.is_displayed()
        yuan = float(driver.find_element("css selector", "[data-yuan]").get_attribute("data-yuan"))
        driver.execute_script(
            "document.getElementById('elders').value = 2e9 / Math.abs(arguments[0]);"
            "document.getElementById('elders').dispatchEvent(new Event('input'))", yuan,
        )  # fmt: skip
        shown = driver.find_element("css selector", "[data-yuan]").text
        assert shown == ("+" if yuan > 0 else "−") + "2,000.00 million"
        driver.get(path.as_uri() + "#groups")
        assert driver.execute_script("return document.querySelector('#groups details').open")
        driver.execute_script("document.querySelectorAll('details').forEach(e => e.open = false)")
        printed = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    finally:
        driver.quit()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 10  # with everything that is folded on a screen


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_screen_reader_has_all_of_it(real: cs.StudyResult, tmp_path: Path, width: int) -> None:
    names = {"today": "today", "talk": "talk", "both": "talk"}
    path = cs.report(made(real, names), tmp_path / "report.html")
    driver = chromium("the report")
    try:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(path.as_uri())
        driver.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert serious(driver) == []
    finally:
        driver.quit()
