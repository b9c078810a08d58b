"""The sentences that console and report begin with, on results made by hand: what they say, and never more."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import coprod_sim as cs
from coprod_sim.model.indicators import INDICATORS, OF_COUNTY, gauges_of
from coprod_sim.presentation import carried as carrying
from coprod_sim.presentation import findings as sentences
from coprod_sim.presentation import ranges
from coprod_sim.presentation.bundles import bundles
from coprod_sim.presentation.console import print_result
from coprod_sim.presentation.findings import TERMS, Findings
from coprod_sim.presentation.report import first
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.drawing import Canvas
from coprod_sim.presentation.report.page import page
from coprod_sim.study.fingerprint import fingerprint
from tests.studies import tiny

ELDERS, MONTHS, REFORM = 100, 5, 3  # two months after the reform: 100 / 6 elder-years
YEARS = ELDERS * (MONTHS - REFORM) / 12
LEVERS: dict[str, dict[str, Any]] = {
    "a": {"access": {"fee": {0: 2.2, REFORM: 0.0}}},
    "b": {"supervision": {"audit_probability": {0: 0.15, REFORM: 0.5}}},
    "c": {"incentive": {"time_bank": {0: False, REFORM: True}}},
}
LEVERS["both"] = LEVERS["a"] | LEVERS["b"]
TODAY = {"need_closed": 0.10, "people_helped": 40.0, "owed": 1_000.0}
PATIENT = {"economics": {"discount_rate": 0.0}}
GAUGES = [i for stage in ("design", "management", "provision", "evaluation") for i in gauges_of(stage)]


class Made:
    """A result made by hand.

    Args:
        gains: policy → what it adds to the open need closed, one number a parameter set.
        more: (policy, indicator) → what it adds to another result, one number or one a set.
        groups: group → by how much its gain is that of all.
        replications: of each set, the gain of one being that of the set plus a little.
        gauge: what each gauge is before the reform, one number a set.
        failed: (policy, set) of runs that failed.
    """

    def __init__(
        self, gains: Mapping[str, Sequence[float]], more: Mapping[tuple[str, str], Any] | None = None,
        groups: Mapping[str, float] | None = None, replications: int = 1,
        gauge: Mapping[str, Sequence[float]] | None = None, failed: Sequence[tuple[str, int]] = (),
    ) -> None:  # fmt: skip
        sets = len(next(iter(gains.values()), [0]))
        scenarios = {"today": tiny(**PATIENT)} | {name: tiny(**PATIENT, **LEVERS[name]) for name in gains}
        draws = [{"helping.frailty": 0.1 + 0.01 * d} for d in range(sets)] if sets > 1 else None
        self.study = cs.Study(scenarios, replications, seed=1, draws=draws, question="What then?")
        self.replications, self.folder = replications, Path("made")
        runs, outcomes, monthly = [], [], []
        for name in scenarios:
            for place, draw in enumerate(self.study.parameter_sets):
                for replication in range(replications):
                    key = {"scenario": name, "draw": draw, "replication": replication}
                    gone = (name, place) in failed
                    runs.append({**key, "seed": 1, "failed": gone, "month": MONTHS, "stage": "", "error": ""})
                    if gone:
                        continue
                    gain = gains[name][place] if name in gains else 0.0
                    wobble = 0.0005 * replication if gain else 0.0
                    for group, times in {"all": 1.0, **(groups or {})}.items():
                        value = TODAY["need_closed"] + times * (gain + wobble)
                        outcomes.append({**key, "indicator": "need_closed", "group": group, "value": value})
                    for indicator in [i for i in INDICATORS if i != "need_closed"]:
                        added = np.broadcast_to((more or {}).get((name, indicator), 0.0), sets)[place]
                        value = TODAY.get(indicator, 0.0) + added
                        outcomes.append({**key, "indicator": indicator, "group": "all", "value": value})
                    rest = dict.fromkeys(INDICATORS, 0.0)
                    rest |= {one: (gauge or {}).get(one, [np.nan] * sets)[place] for one in GAUGES}
                    monthly += [{**key, "month": month, "elders": ELDERS, **rest} for month in range(MONTHS)]
        self.runs, self.outcomes, self.monthly = (pd.DataFrame(rows) for rows in (runs, outcomes, monthly))

    def differences(self, baseline: str | None = None) -> pd.DataFrame:
        return cs.differences(self.outcomes, self.runs, baseline or self.study.baseline)


def said(result: Any) -> dict[str, str]:
    return {one.about: one.says for one in Findings(Context(result)).sentences}


# What first


def test_a_policy_that_changes_nothing_closes_as_much_and_not_more() -> None:
    found = said(Made({"a": [0.0] * 10, "b": [0.0] * 10, "both": [0.0] * 10}))["All together"]
    assert found.startswith("“both” closes as much as “today” and as much as “")
    assert "than" not in found.partition(";")[0]


def test_a_policy_made_of_others_does_not_compete_with_them() -> None:
    made = Made({"a": [0.02] * 8 + [0.01] * 2, "b": [0.0] * 8 + [0.03] * 2, "both": [0.20] * 10})
    assert bundles(made.study) == {"both": ("a", "b")}
    found = said(made)
    assert found["What first"] == (
        "No policy comes first in nine in ten sets. “a” by itself closes at least half a percentage point more of "
        "old people's open need than any other in 8 of 10 parameter sets, “b” in 2."
    )
    # 20 points in all sets, against .8 x 2 + .2 x 1 = 1.8 of a; more than a by 18 in eight sets and 19 in two.
    assert found["All together"].startswith(
        "“both” closes 20.0 points more than “today” (+20.0 to +20.0, clear) and 18.2 points more than “a” alone "
        "(+18.0 to +19.0, clear)"
    )


def test_bundles_are_known_by_their_factors_and_by_what_they_change() -> None:
    today, fee, audit, both, again = (tiny(**one) for one in ({}, LEVERS["a"], LEVERS["b"], LEVERS["both"], {}))
    named = {"today": today, "R": fee, "S": audit, "R + S": both, "nothing": again}
    assert bundles(cs.Study(named)) == {"R + S": ("R", "S")}
    # Two that set one lever to different values are two doses of it, and neither is made of the other,
    low, high = ({"supervision": {"audit_probability": {0: 0.15, REFORM: p}}} for p in (0.2, 0.5))
    doses = {"today": today, "low": tiny(**low), "high": tiny(**high)}
    assert bundles(cs.Study(doses)) == {}
    # unless the study knows that one of them has the other's factor, and another one besides.
    known = {"low": {"R4": 1.0}, "high": {"R4": 1.0, "R2": 1.0}}
    assert bundles(cs.Study(doses, factors=known)) == {"high": ("low",)}


@pytest.mark.parametrize(("often", "start"), [
    (9, "Begin with “a”: it comes first in at least nine in ten sets. “a” by itself closes at least half a percentage "
        "point more of old people's open need than any other in 9 of 10 parameter sets; in 1 none does."),
    (8, "No policy comes first in nine in ten sets. “a” by itself"),
    (0, "No policy comes first. In none of 10 parameter sets does one by itself close half a percentage point more"),
])  # fmt: skip
def test_first_is_clear_in_nine_of_ten_sets(often: int, start: str) -> None:
    found = said(Made({"a": [0.02] * often + [0.004] * (10 - often), "b": [0.003] * 10}))
    assert found["What first"].startswith(start)


def test_unless_it_is_clear_the_next_one_is_told_beside_it() -> None:
    found = said(Made({"a": [0.02] * 7 + [0.0] * 3, "b": [0.0] * 7 + [0.02] * 3, "c": [0.0] * 10}))
    assert found["What it buys"].count("closes") == 2 and "“c”" not in found["What it buys"]
    clear = said(Made({"a": [0.02] * 10, "b": [0.0] * 10}))
    assert clear["What it buys"].count("closes") == 1


def test_with_few_sets_nothing_is_called_clear() -> None:
    found = said(Made({"a": [0.02] * 9, "b": [0.0] * 9}, {("a", "cost_government"): 500.0}))
    assert found["What first"].startswith("Too few parameter sets to judge by (9; 10 are needed). “a” by itself closes")
    assert not re.search("clearly|clear[,;)]", " ".join(text for about, text in found.items() if about != "For whom")
                         .replace("nobody else clearly pays", "").replace("None is clearly", ""))  # fmt: skip
    assert "What to learn first" not in found
    assert found["What would change this"].startswith("With 9 parameter sets nothing can be said")


def test_one_parameter_set_has_intervals_of_chance_and_no_shares() -> None:
    found = said(Made({"a": [0.02], "b": [0.01]}, replications=4))
    assert found["What first"].startswith(
        "“a” by itself closes 2.08 points more of old people's open need than “today” ("
    )
    assert ", the most of all; than the next, “b”, 1.0 points more (" in found["What first"]
    assert found["What first"].endswith(
        "There is one parameter set, so in how many others it would come first is not known."
    )
    assert found["How certain"].startswith("1 parameter set, 4 seeds each, 1 village,")
    assert "95% intervals of chance alone" in found["How certain"] and "What to learn first" not in found


def test_one_pair_of_runs_proves_nothing() -> None:
    found = said(Made({"a": [0.02], "b": [-0.01]}))
    assert "2.0 points more of old people's open need than “today” (one pair of runs)" in found["What first"]
    assert "nothing here can be called clear" in found["How certain"]
    assert found["What may harm"].startswith("“b” closes less open need than “today” in 1 of 1 pairs of runs")
    assert "None is clearly harmful" in found["What may harm"]
    assert "(clear" not in " ".join(found.values()) and ", clear" not in " ".join(found.values())


def test_one_policy_alone_is_weighed_against_doing_nothing() -> None:
    found = said(Made({"a": [0.02] * 9 + [0.004]}))
    assert found["What first"] == (
        "“a” comes before doing nothing in at least nine in ten sets. “a” by itself closes at least half a percentage "
        "point more of old people's open need than “today” in 9 of 10 parameter sets; in 1 it does not."
    )
    assert "All together" not in found and "What would change this" not in found


def test_no_policy_and_policies_without_runs_are_said() -> None:
    alone = said(Made({}))
    assert alone["What first"] == "The study holds “today” alone, so there is nothing to compare."
    gone = said(Made({"a": [0.02] * 10}, failed=[("a", d) for d in range(10)]))
    assert gone["What first"].startswith("No policy has a finished run that can be compared with “today”")
    assert list(gone) == ["What first", "How certain"] and "10 of 20 runs failed" in gone["How certain"]
    one = said(Made({"a": [0.02] * 10, "b": [0.01] * 10}, failed=[("b", d) for d in range(10)]))
    assert (
        "Nothing can be said of “b”." in one["How certain"]
        and "“a” comes before doing nothing in at least nine" in one["What first"]
    )


def test_where_nothing_changes_nothing_is_found() -> None:
    found = said(Made({"a": [0.0] * 10, "b": [0.0] * 10}))
    assert found["What first"].startswith("No policy comes first. In none of 10 parameter sets")
    assert found["What it buys"] == "“a” closes as much open need as “today” in every pair of runs."
    assert found["What may harm"] == "No policy closes less open need than “today” in any parameter set."
    assert "nobody else clearly pays half a yuan more or less" in found["What it costs"] and "For whom" not in found
    assert "more (" not in " ".join(found.values()) and "less (" not in " ".join(found.values())


# What it brings and costs


def test_numbers_are_those_worked_out_by_hand() -> None:
    paid = {("a", "cost_government"): [100.0 * (d + 1) for d in range(10)], ("a", "cost_village"): -40.0,
            ("a", "people_helped"): 20.0, ("a", "owed"): [1_000.0 * (d + 1) for d in range(10)]}  # fmt: skip
    groups = {"target group": 2.0, "adl: any loss": 3.0, "living: alone": 0.5, "sex: men": -1.0}
    found = said(Made({"a": [0.02] * 10}, paid, groups))
    # 20 elder-months in 100 / 6 elder-years: a tenth of a hundred elders at any time.
    assert found["What it buys"] == (
        "“a” closes 12.0% of open need, 2.0 points more than “today” (+2.0 to +2.0, clear) and helps 10.00 more of "
        "every 100 old people (60+) substantially (clear)."
    )
    assert found["For whom"] == (
        "The part of each group's own open need that is closed changes by so many percentage points. Under “a” +6.0 "
        "for the disabled, +4.0 for the target group, +1.0 for those living alone; clearly less for men."
    )
    # 100 to 1,000 yuan over 100 / 6 elder-years: 6 to 60, mean 33; 1,000 to 10,000 yuan owed over 100 elders.
    assert found["What it costs"].startswith(
        "For each old person and year. Under “a” the county pays 33 yuan more (+6 to +60, clear)"
    )
    assert found["What it costs"].endswith(
        "; clearly more is paid by the county government (+33) and clearly less is paid by the villages (−2.40)."
    )
    assert found["What will be owed"].endswith("under “a” 55 yuan more (+10 to +100, clear).")


@pytest.mark.parametrize(("yuan", "named"), [(8.0, False), (9.0, True)])  # for 100 / 6 elder-years: .48, .54 each
def test_a_payer_whose_amount_is_worth_no_word_is_not_named(yuan: float, named: bool) -> None:
    found = said(Made({"a": [0.02] * 10}, {("a", "cost_organizations"): yuan}))["What it costs"]
    assert ("organisations" in found) == named
    assert ("nobody else clearly pays half a yuan more or less" in found) == (not named)


def test_what_is_clearly_owed_is_told_of_policies_that_come_first_nowhere() -> None:
    more, less = [1_000.0 * (d + 1) for d in range(10)], [-500.0 * (d + 1) for d in range(10)]
    paid = {("a", "owed"): 0.0, ("b", "owed"): more, ("c", "owed"): less}
    found = said(Made({"a": [0.02] * 10, "b": [0.0] * 10, "c": [0.0] * 10}, paid))["What will be owed"]
    assert "against “today”: under “a” as much" in found
    assert "under “b” 55 yuan more (+10 to +100, clear)" in found and "“c”" not in found  # over 100 elders


def test_a_policy_that_is_one_recommendation_is_explained() -> None:
    text = sentences.explained(Context(of_factors({"a": {"R1": 1.0}, "b": {"R2": 0.5}})))
    assert text.endswith(
        " “a”: twice a year all parties talk over a site's plan."
    ) and "“b”" not in text  # fmt: skip
    assert sentences.explained(Context(of_factors({}))) == sentences.TERMS


def test_a_share_of_sets_is_called_a_probability_where_it_may_be_one() -> None:
    words = "If all sets are equally likely"
    assert words in said(Made({"a": [0.02] * 10, "b": [0.0] * 10}))["How certain"]
    assert words not in said(Made({"a": [0.02] * 10}))["How certain"]
    assert words not in said(Made({"a": [0.02] * 9, "b": [0.0] * 9}))["How certain"]


def test_what_lowers_the_need_closed_is_named_with_its_sets() -> None:
    found = said(Made({"a": [0.02] * 10, "b": [-0.03] * 9 + [0.01], "c": [-0.001] + [0.01] * 9}))
    assert found["What may harm"] == (
        "“b” closes less open need than “today” in 9 of 10 sets, at worst by 3.0 points, clearly harmful; “c” in 1 of "
        "10 sets, at worst by 0.1 points."
    )
    mild = said(Made({"a": [0.02] * 10, "b": [-0.03] * 8 + [0.01] * 2}))
    assert mild["What may harm"].endswith("None is clearly harmful.")


# What would change it


def test_a_gauge_that_decides_is_said_with_its_ranges() -> None:
    late = [0.01 * d for d in range(15)]
    gains = {"a": [0.02] * 5 + [0.0] * 10, "b": [0.0] * 10 + [0.02] * 5}
    made = Made(gains, gauge={"money_late_share": late})
    assert said(made)["What would change this"] == (
        "Running money not paid on the day in the year before the reform: where it was 0.0 to 4.0%, “a” came first in "
        "5 of 5 sets; where it was 5.0 to 9.0%, most often none came first in 5 of 5 sets; where it was 10.0 to 14.0%, "
        "“b” came first in 5 of 5 sets."
    )
    (one,) = ranges.diagnoses(made, ["a", "b"])  # type: ignore[arg-type]
    assert [(r.place, r.first, r.often, r.sets) for r in one.ranges] == [
        ("low", "a", 5, 5), ("middle", "none leads", 5, 5), ("high", "b", 5, 5),
    ]  # fmt: skip
    text = page(made)  # type: ignore[arg-type]
    assert "Find your county" in text and ": found to decide" in text and "10.0 to 14.0%<br><b>b</b>" in text
    same = said(Made({"a": [0.02] * 15, "b": [0.0] * 15}, gauge={"money_late_share": late}))
    assert same["What would change this"] == (
        "Nothing that a county can read off before the reform was found to decide which policy comes first (tried: "
        "running money not paid on the day)."
    )


def test_the_table_of_diagnosis_has_the_gauge_of_each_stage_and_no_other() -> None:
    stages = {"aims_spread": "design", "money_late_share": "management", "duties_undone_share": "provision",
              "score_inflation": "evaluation"}  # fmt: skip
    made: Any = Made({"a": [0.02] * 12, "b": [0.0] * 12}, gauge={one: [0.01 * d for d in range(12)] for one in GAUGES})
    assert {one.gauge: one.stage for one in ranges.diagnoses(made, ["a", "b"])} == stages


# What carries it


def with_table(monkeypatch: pytest.MonkeyPatch, folder: Path, model: str) -> None:
    file = folder / "carried.csv"
    file.write_text(f"recommendation,assumption,gone,model\nR1,structure.talk_bargains,0.87,{model}\n", "utf-8")
    monkeypatch.setattr(carrying, "TABLE", file)


def of_factors(factors: dict[str, dict[str, float]], **changed: Any) -> Any:
    made = Made({"a": [0.02] * 10, "b": [0.0] * 10})
    made.study = replace(made.study, factors=factors, **changed)
    return made


def test_the_assumption_that_carries_what_comes_first_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_table(monkeypatch, tmp_path, fingerprint())
    found = said(of_factors({"a": {"R1": 1.0}}))["What first"]
    assert found.endswith(
        "What “a” does hangs on one assumption, “those who talk bargain over the plan; else it is decided as without "
        "talk” (structure.talk_bargains): where it does not hold, 87% of what R1 adds to open need closed is lost "
        "on average (experiment “channels”)."
    )
    assert "that “a” hangs on is not among them" in said(of_factors({"a": {"R1": 1.0}}))["What to learn first"]
    assert "hangs on" not in said(of_factors({"a": {"R2": 1.0}}))["What to learn first"]
    for other in ({"a": {"R1": 0.5}}, {"a": {"R1": 1.0, "R2": 1.0}}, {"a": {"R2": 1.0}}, {}):
        assert "assumption" not in said(of_factors(other))["What first"]
    draws = [{"helping.frailty": 0.1 + 0.01 * d, "structure.talk_bargains": False} for d in range(10)]
    assert carrying.carried(of_factors({"a": {"R1": 1.0}}, draws=draws).study, "a") is None


def test_the_assumption_is_not_named_under_another_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_table(monkeypatch, tmp_path, "0" * 16)
    assert carrying.known() == () and "assumption" not in said(of_factors({"a": {"R1": 1.0}}))["What first"]


@pytest.mark.parametrize(("value", "known", "start"), [
    (0.004, True, "Helpers"), (0.0019, True, "To learn any single one"), (0.004, False, "To learn any single one"),
])  # fmt: skip
def test_a_parameter_is_worth_learning_above_two_standard_errors(
    value: float, known: bool, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"value": [value], "se": [0.001], "known": [known]}, index=["helping.base"])
    table.attrs["perfect"] = 0.012
    monkeypatch.setattr(sentences, "value_of_learning", lambda *_: table)
    monkeypatch.setattr(sentences, "parameter_meaning", lambda _: "Helpers")
    text = said(Made({"a": [0.02] * 10, "b": [0.0] * 10}))["What to learn first"]
    assert text.startswith(start) and ("0.4 points" in text) == (start == "Helpers")
    assert ("at most 1.2 points" in text) == (start != "Helpers")


# Where they stand


def test_console_and_report_say_the_same_word_for_word() -> None:
    made: Any = Made({"a": [0.02] * 8 + [0.0] * 2, "b": [0.0] * 8 + [0.02] * 2, "both": [0.03] * 10})
    file = io.StringIO()
    print_result(made, Console(file=file, width=10_000, color_system=None))
    printed, written = file.getvalue(), page(made)
    found = Findings(Context(made)).sentences
    assert [one.about for one in found] == [  # and nothing of groups and gauges, of which there are none
        "What first", "What it buys", "What it costs", "What will be owed", "All together", "What may harm",
        "How certain", "What to learn first",
    ]  # fmt: skip
    for number, one in enumerate(found, start=1):
        assert f"{number}. {one.about}: {one.says}" in printed
        assert f"<b>{one.about}:</b> {one.says.replace(chr(39), '&#39;')}" in written
        assert one.says.endswith(".") and one.says[0] in one.says[0].upper() + "“"
    assert TERMS in printed and TERMS in written
    rows = [line.split() for line in printed.splitlines() if line.startswith(("a ", "b ", "both "))]
    assert [row[:2] for row in rows] == [["a", "+1.6"], ["b", "+0.4"], ["both", "+3.0*"]]
    assert printed.splitlines()[-1].endswith("report.html and differences.csv.")


def test_marks_stand_where_gain_and_cost_are() -> None:
    paid = {("a", "cost_government"): [100.0 * (d + 1) for d in range(10)], ("b", "cost_government"): -200.0}
    made: Any = Made({"a": [0.002 * d for d in range(10)], "b": [0.01] * 10}, paid)
    view = Context(made)
    marks = {name: first.marks_of(view, name) for name in "ab"}
    assert marks["a"]["x"].to_list() == pytest.approx([6.0 * (d + 1) for d in range(10)])
    assert marks["a"]["y"].to_list() == pytest.approx([0.002 * d for d in range(10)])
    cloud = first.cloud(view, Canvas("c"))
    assert cloud is not None and cloud.sets
    drawn = {}
    for name in "ab":
        color = view.look(name).color
        places = re.findall(rf'<use\s[^>]*?x="([\d.]+)" y="([\d.]+)"\s+style="fill: {color}', cloud.svg)
        drawn[name] = np.array(places, dtype=float)
        assert len(places) == 10 + 1  # the sets, and their mean
    wanted = np.concatenate([np.vstack([both[["x", "y"]], both[["x", "y"]].mean()]) for both in marks.values()])
    found = np.concatenate(list(drawn.values()))
    for axis, sign in ((0, 1), (1, -1)):  # SVG counts from the top
        slope, start = np.polyfit(wanted[:, axis], found[:, axis], 1)
        assert np.sign(slope) == sign and found[:, axis] == pytest.approx(slope * wanted[:, axis] + start, abs=0.3)
    assert not re.findall(r">([ab])</text>", cloud.svg)  # no name lies over marks: the rows are the legend,
    assert [row.policy for row in cloud.rows] == ["b", "a"]  # by gain, each with its mark
    assert [row.look for row in cloud.rows] == [view.look("b"), view.look("a")]
    text = page(made)
    assert text.index(f'<g fill="{view.look("b").color}">') < text.index(f'<g fill="{view.look("a").color}">')
    assert "a +0.9 points at +33 yuan an elder and year" in cloud.svg


def test_money_stands_for_ten_thousand_elders_without_the_script() -> None:
    made: Any = Made({"a": [0.02] * 10}, {("a", "cost_government"): 500.0})  # 30 yuan for an elder and year
    text = page(made)
    assert "<span data-elders>10,000</span>" in text
    value, words = re.findall(r'data-yuan="([^"]+)">([^<]+)<', text)[0]
    assert float(value) == pytest.approx(30) and words == "+300 thousand"
    assert '<span id="ask" hidden>' in text  # no field that does nothing
    assert "What then?" in text


def test_every_result_of_the_county_is_in_what_is_made_up() -> None:
    assert {i.name for i in OF_COUNTY} <= set(Made({"a": [0.02]}).outcomes["indicator"])
