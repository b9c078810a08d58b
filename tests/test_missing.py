"""Missing is never a number: whole pairs are dropped and counted, rows add up, and one standard says what is clear.

Made-up outcomes with random holes, compared with what is left when the pairs around the holes were never there.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import coprod_sim as cs
from coprod_sim.analysis.attribution import attribution, subsets
from coprod_sim.analysis.cost_effectiveness import acceptability, incremental, plane, ranking
from coprod_sim.analysis.fair import same_money, within_budget
from coprod_sim.analysis.losers import LOSERS, PAYERS, Gap, clearly_worse, looked_at, who_loses
from coprod_sim.analysis.pairs import by_draw, common, monthly_means, of_difference, ratio, summary, values, with_sets
from coprod_sim.model.indicators import GROUPS, INDICATORS, limits, limits_of_difference
from coprod_sim.presentation.answers import change, level, with_interval
from coprod_sim.presentation.console import print_result
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.plots import forest
from coprod_sim.presentation.report.changes import Changes
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.gauges import problems
from coprod_sim.presentation.report.groups import by_group
from coprod_sim.presentation.report.money import price
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.comparison import differences
from coprod_sim.study.design import Precision
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.precision import half_width
from coprod_sim.study.standard import AGREE, FEWEST_SETS
from tests.studies import tiny_policies

KEY = ["scenario", "draw", "replication"]
RESULTS = (("met_all", "all"), ("recognition", "all"), ("sites_open", "all"), ("cost_government", "all"),
           ("cost_society", "all"))  # fmt: skip
SHAPES = ((1, 1), (1, 4), (2, 1), (3, 2), (12, 1), (45, 1))  # draws and replications


def made_up(scenarios: list[str], shape: tuple[int, int], seed: int, width: float = 1.0) -> Any:
    """A result with random values that each unit can have, near its ends, too."""
    chance = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([scenarios, range(shape[0]), range(shape[1])], names=KEY).to_frame(index=False)
    parts = []
    for indicator, group in RESULTS:
        low, high = limits(INDICATORS[indicator].unit)
        low, high = (low if np.isfinite(low) else -50.0), (high if np.isfinite(high) else 50.0)
        drawn = chance.beta(0.5, 0.5, len(keys)) * width * (high - low) + low
        parts.append(keys.assign(indicator=indicator, group=group, value=drawn))
    made = {name: own for name, own in MADE_OF.items() if name in scenarios}
    study = cs.Study(dict.fromkeys(scenarios, cs.Scenario()), factors=made)
    return result_of(pd.concat(parts, ignore_index=True), keys.assign(failed=False), study)


def result_of(outcomes: pd.DataFrame, runs: pd.DataFrame, study: Any) -> Any:
    def against(baseline: str | None = None) -> pd.DataFrame:
        return differences(outcomes, runs, baseline or study.baseline)

    return SimpleNamespace(outcomes=outcomes, runs=runs, study=study, differences=against)


def holed(result: Any, seed: int, share: float) -> Any:
    """Random runs failed, some of them with rows of results left behind, and random values not a number."""
    chance = np.random.default_rng(seed)
    runs = result.runs.assign(failed=chance.random(len(result.runs)) < share / 2)
    outcomes, lost = result.outcomes.copy(), chance.random(len(result.outcomes)) < share / 2
    outcomes.loc[lost, "value"] = chance.choice([np.nan, np.inf], lost.sum())
    failed = runs.loc[runs["failed"], KEY].assign(gone=True)
    gone = outcomes.merge(failed, how="left", on=KEY)["gone"].notna().to_numpy()
    some = outcomes[~(gone & (chance.random(len(outcomes)) < 0.5))]  # failed runs leave rows behind, or none
    return result_of(some, runs, result.study)


any_case = given(
    shape=st.sampled_from(SHAPES), seed=st.integers(0, 10_000), share=st.sampled_from([0.1, 0.3, 0.6, 1.0])
)
quick = settings(max_examples=15, deadline=None, database=None)


@any_case
@quick
def test_a_row_says_what_a_study_without_the_missing_pairs_says(shape: Any, seed: int, share: float) -> None:
    result = made_up(["today", "one"], shape, seed)
    left = holed(result, seed + 1, share)
    table = with_sets(left).loc["one"]
    columns = [c for c in table.columns if c not in ("missing", "failed", "sets")]
    for (indicator, group), row in table.iterrows():
        side = values(left, indicator, group)
        known = np.isfinite(side["one"]) & np.isfinite(side["today"])
        assert (row["pairs"], row["missing"]) == (known.sum(), known.size - known.sum())
        if not known.any():
            assert row[["difference", "mean", "comparator_mean", "ci_low", "ci_high"]].isna().all()
            assert row["clear"] == 0 and np.isnan(row["share_above_zero"])
            continue
        there = pd.MultiIndex.from_arrays(np.nonzero(known))
        rows, runs = (
            frame[pd.MultiIndex.from_frame(frame[["draw", "replication"]]).isin(there)]
            for frame in (result.outcomes[result.outcomes["indicator"] == indicator], result.runs)
        )
        alone = with_sets(result_of(rows, runs, result.study)).loc[("one", indicator, group)]
        pd.testing.assert_series_equal(row[columns], alone[columns], check_names=False, rtol=1e-12)
        np.testing.assert_allclose(row["sets"], alone["sets"])


@any_case
@quick
def test_the_columns_of_a_row_add_up(shape: Any, seed: int, share: float) -> None:
    left = holed(made_up(["today", "one", "two"], shape, seed), seed + 1, share)
    table = left.differences()
    np.testing.assert_allclose(table["comparator_mean"] + table["difference"], table["mean"], rtol=1e-12, atol=1e-12)
    assert (table["difference"].isna() == (table["pairs"] == 0)).all()


@any_case
@quick
def test_an_interval_lies_within_what_is_possible(shape: Any, seed: int, share: float) -> None:
    left = holed(made_up(["today", "one"], shape, seed), seed + 1, share / 2)
    for contains in (None, "replication"):
        table = differences(left.outcomes, left.runs, "today", contains)  # type: ignore[arg-type]
        for row in table.itertuples():
            low, high = limits_of_difference(row.unit)
            assert not (row.ci_low < low or row.ci_high > high), row
    for name in ("met_all", "recognition", "sites_open"):
        ends = limits(INDICATORS[name].unit)
        found: Any = summary(values(left, name)["one"], ends)
        assert not (found["ci_low"] < ends[0] or found["ci_high"] > ends[1])
    few = table[table["draws"].between(2, ENOUGH_DRAWS - 1)]
    shown = with_sets(left).loc[few.index]
    for row in shown[shown["draws"] > 1].itertuples():
        assert (row.ci_low, row.ci_high) == pytest.approx((min(row.sets), max(row.sets)))


@pytest.mark.parametrize("draws", [2, 3, 11])
def test_few_skewed_sets_are_not_given_a_normal_spread(draws: int) -> None:
    gaps = np.zeros((draws, 1))
    gaps[0] = 0.9
    found = summary(gaps, of_difference("met_all"))
    assert (found["ci_low"], found["ci_high"], found["interval"]) == (0.0, 0.9, "range of sets")


def test_every_level_of_a_run_lies_within_the_limits_of_its_unit() -> None:
    for levers in ([], ["incentive=time_bank"], ["supervision=strong"], ["funding=front_loaded"]):
        scenario = cs.load_scenario("village_small", ["population.villages=4", "horizon.months=60", *levers])
        for (indicator, _), value in cs.CoproductionModel(scenario, rng=1).run().outcome()["value"].dropna().items():
            low, high = limits(INDICATORS[indicator].unit)
            assert low - 1e-12 <= value <= high + 1e-12, (indicator, value)


# Blocks: what compares several at once


FACTORS = ("A", "B")
COMBINATIONS = ["today", "first", "second", "both"]
DOSED = ["today", "P", "little", "much"]
MADE_OF = {
    **{name: dict.fromkeys(chosen, 1.0) for name, chosen in zip(COMBINATIONS, subsets(FACTORS), strict=True) if chosen},
    "little": {"per site": 1.0}, "much": {"per site": 2.0}, "P": {"policy": 1.0},
}  # fmt: skip


def comparisons(result: Any, names: list[str]) -> dict[str, pd.DataFrame]:
    """Everything that compares several scenarios at once."""
    found = {
        "incremental": incremental(result, "met_all"),
        "acceptability": acceptability(result, "met_all", [10.0, 100.0]),
        "ranking": ranking(result, ["met_all", "recognition", "sites_open", "cost_government", "cost_society"]),
    }
    if names == COMBINATIONS:
        found["attribution"] = attribution(result, FACTORS, "met_all")
    if names == DOSED:
        asked = ["met_all", "recognition", "sites_open", "cost_society"]
        found["same_money"] = same_money(result, ["P"], asked, ["per site"])
        others = ["met_all", "recognition", "cost_government", "cost_society"]
        # A cost that is above 0 in every pair.
        found["within_budget"] = within_budget(result, ["policy", "per site"], others, cost="sites_open")
    return found


a_block = given(
    shape=st.sampled_from(SHAPES[1:-1]), seed=st.integers(0, 10_000), share=st.sampled_from([0.02, 0.05, 0.2]),
    indicator=st.sampled_from(list(dict(RESULTS))),
)  # fmt: skip
factorial_and_doses = pytest.mark.parametrize("names", [COMBINATIONS, DOSED], ids=["factorial", "doses"])


@factorial_and_doses
@a_block
@settings(max_examples=3, deadline=None, database=None)
def test_what_compares_several_says_what_it_says_without_the_missing_blocks(
    names: list[str], shape: Any, seed: int, share: float, indicator: str
) -> None:
    result = made_up(names, shape, seed)
    outcomes, chance = result.outcomes.copy(), np.random.default_rng(seed)
    lost = (outcomes["indicator"] == indicator) & (chance.random(len(outcomes)) < share)
    outcomes.loc[lost, "value"] = np.nan
    bad = pd.MultiIndex.from_frame(outcomes.loc[lost, ["draw", "replication"]]).unique()
    rest = [frame[~pd.MultiIndex.from_frame(frame[["draw", "replication"]]).isin(bad)]
            for frame in (result.outcomes, result.runs)]  # fmt: skip
    holes, alone = result_of(outcomes, result.runs, result.study), result_of(*rest, result.study)
    if not len(alone.runs):
        with pytest.raises(cs.ScenarioError, match=r"a pair of runs in which all .* has a value, got none"):
            ranking(holes, list(dict(RESULTS)))
        return
    some, whole = comparisons(alone, names), comparisons(result, names)
    for name, frame in comparisons(holes, names).items():
        needs = {"incremental": ("met_all", "cost_society"), "acceptability": ("met_all", "cost_society"),
                 "attribution": ("met_all",)}.get(name, tuple(dict(RESULTS)))  # fmt: skip
        expected = some[name] if indicator in needs else whole[name]
        drop = [column for column in ("missing",) if column in frame]
        pd.testing.assert_frame_equal(frame.drop(columns=drop), expected.drop(columns=drop), rtol=1e-12)
        missing = frame["missing"].max() if drop else frame.attrs["missing"]
        assert missing == (len(bad) if indicator in needs else 0)


@pytest.mark.slow
@factorial_and_doses
@a_block
@settings(max_examples=12, deadline=None, database=None)
def test_many_missing_blocks(names: list[str], shape: Any, seed: int, share: float, indicator: str) -> None:
    fast = test_what_compares_several_says_what_it_says_without_the_missing_blocks
    fast.hypothesis.inner_test(names, shape, seed, share, indicator)  # type: ignore[attr-defined]


def test_a_scenario_without_any_value_is_refused_and_named() -> None:
    result = made_up(["today", "one", "two"], (3, 1), 1)
    result.runs.loc[result.runs["scenario"] == "two", "failed"] = True
    for ask in (lambda: incremental(result, "met_all"), lambda: acceptability(result, "met_all", [1.0]),
                lambda: ranking(result, ["met_all"])):  # fmt: skip
        with pytest.raises(cs.ScenarioError, match=r"got none \(two: without any value\)"):
            ask()
    assert set(plane(result, "met_all")["scenario"]) == {"one"}
    with pytest.raises(cs.ScenarioError, match=r"baseline: .*got 'nobody'"):
        differences(result.outcomes, result.runs, "nobody")


def test_rows_of_runs_that_the_table_does_not_have_count_for_nothing() -> None:
    result = made_up(["today", "one"], (3, 2), 1)
    fewer = result.runs[result.runs["draw"] < 2]
    pd.testing.assert_frame_equal(
        differences(result.outcomes, fewer, "today"),
        differences(result.outcomes[result.outcomes["draw"] < 2], fewer, "today"),
    )


def test_means_over_months_need_every_month() -> None:
    runs = pd.DataFrame(
        {"scenario": ["today"] * 3, "draw": 0, "replication": [0, 1, 2], "failed": [False, False, True]}
    )
    months = runs.merge(pd.DataFrame({"month": range(4)}), how="cross").assign(helper_rate=0.5)
    months.loc[(months["replication"] == 1) & (months["month"] == 2), "helper_rate"] = np.nan
    result: Any = SimpleNamespace(monthly=months, runs=runs)
    assert np.isnan(monthly_means(result, "helper_rate", 0, 4)["today"]).tolist() == [[False, True, True]]
    assert np.isnan(monthly_means(result, "helper_rate", 0, 2)["today"]).tolist() == [[False, False, True]]
    assert np.isnan(monthly_means(result, "helper_rate", 2, 9)["today"]).all()


# One standard of evidence


def expected_sign(gaps: np.ndarray, low: float, high: float) -> int:
    """The standard, once more in other words."""
    means = [np.mean(row[np.isfinite(row)]) for row in gaps if np.isfinite(row).any()]
    if len(means) == 1:
        return 1 if low > 0 else -1 if high < 0 else 0
    for sign in (1, -1):
        if len(means) >= FEWEST_SETS and sum(sign * mean > 0 for mean in means) * 10 >= 9 * len(means):
            return sign
    return 0


@given(shape=st.sampled_from(((1, 1), (1, 5), (4, 2), (9, 1), (10, 1), (12, 2), (41, 1))), seed=st.integers(0, 10_000),
       tilt=st.sampled_from([-0.3, -0.05, 0.0, 0.05, 0.3]), share=st.sampled_from([0.0, 0.2]))  # fmt: skip
@pytest.mark.slow
@settings(max_examples=10, deadline=None, database=None)
def test_report_experiments_and_who_loses_call_the_same_clear(shape: Any, seed: int, tilt: float, share: float) -> None:
    chance = np.random.default_rng(seed)
    names = ["today", *recommendations()]
    keys = pd.MultiIndex.from_product([names, range(shape[0]), range(shape[1])], names=KEY).to_frame(index=False)
    parts = []
    for indicator in (*LOSERS, *PAYERS):
        value = np.where(keys["scenario"] == "today", 0.5, 0.5 + np.round(chance.normal(tilt, 0.2, len(keys)), 1))
        value = np.where(chance.random(len(keys)) < share, np.nan, value)
        parts.append(keys.assign(indicator=indicator, group="all", value=value))
    outcomes, runs = pd.concat(parts, ignore_index=True), keys.assign(failed=False)
    result = result_of(outcomes, runs, SimpleNamespace(baseline="today", scenarios=dict.fromkeys(names)))
    table = with_sets(result)
    report = Changes(table)
    losers = who_loses(partial(values, result), [(name, "today") for name in recommendations()])
    named = set(zip(losers["scenario"], losers["indicator"], losers["group"], strict=True))
    for (name, indicator, group), row in table.iterrows():
        found = values(result, indicator, group)
        gap = found[name] - found["today"]
        sign = expected_sign(gap, row["ci_low"], row["ci_high"])
        assert row["clear"] == sign == summary(gap, of_difference(indicator))["clear"]
        verdict = report.of(name, indicator, group).verdict
        assert (verdict in ("better", "worse", "differs")) == (sign != 0)
        better = -1 if indicator in PAYERS else 1
        assert ((name, indicator, group) in named) == (sign == -better)
        if INDICATORS[indicator].better and INDICATORS[indicator].better == better:
            assert ((name, indicator, group) in named) == (verdict == "worse")


def test_who_loses_more_is_worse_for_payers_less_for_elders_and_the_surest_comes_first() -> None:
    sure, mostly = np.full((20, 1), 1.0), np.concatenate([np.full((19, 1), 1.0), [[-1.0]]])
    of = {"question": "Q", "comparison": "C"}
    gaps = [Gap(of, "need_closed", "all", -mostly), Gap(of, "cost_organizations", "all", sure),
            Gap(of, "trust", "adl: independent", -sure), Gap(of, "trust", "all", sure),
            Gap(of, "unpaid_hours", "all", -sure)]  # fmt: skip
    table = clearly_worse(gaps, ("question", "comparison"))
    assert list(table.columns[:5]) == ["question", "comparison", "indicator", "group", "unit"]
    assert list(zip(table["indicator"], table["group"], table["worse"], strict=True)) == [
        ("cost_organizations", "all", 1.0), ("trust", "adl: independent", 1.0), ("need_closed", "all", 0.95)
    ]  # fmt: skip
    assert list(clearly_worse([], ("question", "comparison"))) == list(table)
    looked = looked_at(("cost_organizations",))
    assert looked[-1] == ("cost_organizations", "all") and len(looked) == len(LOSERS) * (len(GROUPS) - 1) + 1
    assert not any(group == "enrolled" for _, group in looked)


def test_the_standard_is_the_one_that_is_written_down() -> None:
    assert (AGREE, FEWEST_SETS) == (0.9, 10)


# A base near zero gives no ratio


@given(shape=st.sampled_from(((1, 4), (10, 1), (41, 1))), seed=st.integers(0, 1_000))
@quick
def test_what_may_be_nothing_is_divided_by_nothing(shape: Any, seed: int) -> None:
    chance = np.random.default_rng(seed)
    part, whole = chance.normal(1, 0.1, shape), chance.normal(0, 1e-4, shape)
    clear = summary(whole)["clear"] != 0
    assert np.isfinite(ratio(part, whole)) == clear
    base = chance.normal(2, 0.1, shape)
    found = ratio(np.where(chance.random(shape) < 0.1, np.nan, part), base)
    assert not np.isfinite(found) or 0.3 < found < 0.7


def test_a_change_on_a_base_near_zero_is_drawn_in_its_unit() -> None:
    frame = made_up(["today", "one"], (1, 4), 1).differences().iloc[[0]]
    tiny = frame.assign(comparator_mean=7e-5, difference=-7e-5, ci_low=-8e-5, ci_high=-6e-5, mean=0.0)
    tiny.index = pd.MultiIndex.from_tuples([("one", "enrolled_share", "all")], names=frame.index.names)
    figure = forest(tiny, "today")
    panels = {axis.get_title(loc="left"): axis for axis in figure.axes}
    axis = panels["Enrolled among the target group"]
    assert axis.get_xlabel() == "percentage points"
    drawn = [float(x) for line in axis.lines for x in line.get_xdata() if len(line.get_xdata()) == 1]
    assert drawn == pytest.approx([-0.007])
    assert not any("%" in axis.get_xlabel() for axis in figure.axes)


def test_few_sets_are_drawn_as_they_are_and_many_are_not() -> None:
    for draws, shown in ((3, 3), (45, 0)):
        table = with_sets(made_up(["today", "one"], (draws, 1), 1))
        axis = dots({"": table}, ["met_all"], "title").axes[0]
        marks = [line for line in axis.lines if line.get_marker() == "|"]
        assert sum(len(line.get_xdata()) for line in marks) == shown


@pytest.mark.parametrize(("draws", "words"), [(2, "too few"), (9, "too few"), (10, ""), (41, "")])
def test_a_price_over_sets_is_that_of_the_sets_and_may_have_no_upper_end(draws: int, words: str) -> None:
    keys = pd.MultiIndex.from_product([range(draws), [0]], names=["draw", "replication"])
    cost, gain = pd.Series(100.0 + np.arange(draws), index=keys), pd.Series(10.0, index=keys)
    gain.iloc[0] = -1.0 if draws >= 10 else 10.0
    found = price(one_change("enrolled", gain), one_change("cost_society", cost), cost, gain)
    if words:
        assert not found.known and words in found.words
    else:
        assert found.known and ("no upper end" in found.span) == (draws == 10)


def one_change(indicator: str, gaps: pd.Series) -> Any:
    rows = gaps.rename("value").reset_index().assign(indicator=indicator, group="all")
    outcomes = pd.concat([rows.assign(scenario="a"), rows.assign(scenario="today", value=0.0)])
    runs = outcomes[KEY].assign(failed=False)
    return Changes(differences(outcomes, runs, "today")).of("a", indicator)


# A stored study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("missing") / "study"
    draws = [{"helping.frailty": value} for value in (0.2, 0.3, 0.4)]
    cs.run_study(cs.Study(tiny_policies(), 2, draws=draws), path, workers=1)
    return path


def read(folder: Path) -> cs.StudyResult:
    """A stored study with its tables read, and so checked, before a test makes holes in them."""
    result = cs.open_study(folder)
    assert len(result.outcomes) and len(result.monthly)
    return result


def test_report_and_words_of_a_holed_study_are_those_of_the_pairs_that_are_left(folder: Path, tmp_path: Path) -> None:
    whole, lost = read(folder), read(folder)
    gone = (lost.runs["scenario"] == "fee 0") & (lost.runs["draw"] == 2) & (lost.runs["replication"] == 0)
    lost.runs.loc[gone, "failed"] = True
    rest = read(folder)
    for name in ("runs", "outcomes", "monthly"):
        frame = getattr(rest, name)
        rest.__dict__[name] = frame[(frame["draw"] != 2) | (frame["replication"] != 0)]
    assert change(lost, "fee 0", "cost_elders").replace(" (5 of 6 pairs)", "") == change(
        rest, "fee 0", "cost_elders"
    ).replace(" (5 of 6 pairs)", "")
    assert "(5 of 6 pairs)" in change(lost, "fee 0", "cost_elders")
    assert "pairs" not in change(whole, "fee 0", "cost_elders") + change(lost, "fee 1", "cost_elders")
    assert "(5 of 6 runs)" in level(lost, "fee 0", "met_all")
    for name in ("cost_elders", "met_all", "enrolled_share"):
        row, other = (with_interval(frame.differences().loc[("fee 0", name, "all")]) for frame in (lost, rest))
        assert row == other
    gauges = [
        [row for problem in problems(Context(study)) for gauge in problem.gauges for row in gauge.rows
         if row.scenario == "fee 0"] for study in (lost, rest)
    ]  # fmt: skip
    for one, two in zip(*gauges, strict=True):
        assert (one.before == "–") == (two.before == "–")
        if one.change and two.change and one.change.verdict != "missing":
            assert one.change.before + one.change.difference == pytest.approx(one.change.after)
            kept = ("before", "after", "difference", "low", "high", "sign", "pairs", "points")
            assert all(getattr(one.change, key) == getattr(two.change, key) for key in kept)
    text = cs.report(lost, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "5 of 6 pairs of runs" in text and "1 of 18 runs failed" in text


def test_levels_beside_several_policies_are_each_policys_own(folder: Path, tmp_path: Path) -> None:
    lost = read(folder)
    lost.runs.loc[(lost.runs["scenario"] == "fee 0") & (lost.runs["draw"] == 1), "failed"] = True
    view = Context(lost)
    one, two = (view.changes.of(name, "trust") for name in ("fee 0", "fee 1"))
    assert one.before != two.before
    text = cs.report(lost, tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"today: {one.level_before}" in text and f"today: {two.level_before}" in text
    rows = [row for one in by_group(view) for table in one.tables for _, block in table.blocks for row in block]
    apart = [row for row in rows if len({c.before for c in row.changes if c.verdict != "missing"}) > 1]
    assert apart and len(apart) < len(rows)
    for row in rows:
        assert (row.level == "") == bool(row.levels) == (row in apart)
        assert len(row.levels) in (0, len(row.changes))


def test_a_gauge_without_its_year_before_takes_its_pair_out_of_the_row(folder: Path) -> None:
    lost = cs.open_study(folder)
    months = lost.monthly
    months["aims_spread"] = 0.2 + months["month"] / 100  # of villages with an open site, which a dozen elders have not
    run = (months["scenario"] == "fee 0") & (months["draw"] == 1) & (months["replication"] == 0)
    months.loc[run & (months["month"] < 3), "aims_spread"] = np.nan
    rows = {row.scenario: row for row in problems(Context(lost))[0].gauges[0].rows}
    changes = {name: row.change for name, row in rows.items()}
    assert (changes["fee 0"].pairs, changes["fee 1"].pairs) == (5, 6)  # type: ignore[union-attr]
    months.loc[months["month"] < 3, "aims_spread"] = np.nan  # nobody has one: then it is not asked for
    (row, _) = problems(Context(lost))[0].gauges[0].rows
    assert row.before == "–" and row.change is not None and row.change.pairs == 6


def test_a_rule_of_precision_is_not_met_by_a_policy_without_an_interval() -> None:
    result = made_up(["today", "one", "two"], (1, 6), 1)
    rule = Precision("met_all", 0.5, at_most=6)
    for lost in ("one", "two"):
        holes = result.outcomes[result.outcomes["scenario"] != lost]

        class Stored:
            def read(self, name: str, only: Any = None, holes: pd.DataFrame = holes) -> Any:
                import pyarrow as pa

                table = pa.Table.from_pandas(holes if name == "outcomes" else result.runs, preserve_index=False)
                return table.filter(only) if only is not None else table

        study: Any = SimpleNamespace(
            replications=rule, scenarios=result.study.scenarios, parameter_sets={0: {}}, baseline="today"
        )
        assert half_width(Stored(), study, 6) == np.inf  # type: ignore[arg-type]


def test_only_pairs_that_all_have_are_common() -> None:
    one, two = np.array([[1.0, np.nan], [3.0, 4.0]]), np.array([[1.0, 2.0], [np.inf, 4.0]])
    left, right = common("it", {"a": one}, {"b": two})
    assert np.isnan(left["a"]).tolist() == np.isnan(right["b"]).tolist() == [[False, True], [True, False]]
    assert by_draw(left["a"]).tolist() == [1.0, 4.0]


def test_the_console_says_what_has_no_value_and_on_how_many_pairs_the_rest_stands(folder: Path) -> None:
    whole, lost = read(folder), read(folder)
    lost.outcomes.loc[lost.outcomes["indicator"] == "cost_society", "value"] = np.nan
    lost.runs.loc[(lost.runs["scenario"] == "fee 0") & (lost.runs["draw"] == 2), "failed"] = True
    lines = {}
    for name, study in (("whole", whole), ("lost", lost)):
        console = Console(record=True, width=160, file=io.StringIO())
        print_result(study, console)
        lines[name] = console.export_text()
    assert "Too few parameter sets to judge by (3; 10 are needed)" in lines["whole"]
    assert "runs failed" not in lines["whole"] and "2 of 18 runs failed" in " ".join(lines["lost"].split())
    assert "nan" not in lines["lost"].split()
    rows = [line.split() for line in lines["lost"].splitlines() if line.startswith("fee")]
    assert [row[:2] for row in rows] == [["fee", "0"], ["fee", "1"]]
    assert [row[-5:] for row in rows] == [["no", "value", "4", "of", "6"], ["no", "value", "6", "of", "6"]]  # society
    assert "value" not in lines["whole"] and "pairs of runs" not in lines["whole"]
