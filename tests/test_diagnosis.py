"""Diagnosis, the value of learning and the parts of variance, on made-up results whose answers are known by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis import variance
from coprod_sim.analysis.by_set import AS_IN_SCENARIO, LEAD, NO_FIRST, scaled, varying
from coprod_sim.analysis.diagnosis import by_thirds, differs, holm, probability_first, probability_near_best, thirds
from coprod_sim.analysis.gauges import before_reform, gauges
from coprod_sim.analysis.learning import basis, value_of_learning, value_of_measuring
from coprod_sim.analysis.variance import ALL, NEED_AND_FAMILY, explained, within_and_between
from coprod_sim.model.columns import Floats
from coprod_sim.study.uncertain import Space, uncertain

KEY = ["scenario", "draw", "replication"]
BASE = cs.Scenario()
REFORM = BASE.horizon.reform_month
DECIDES, NEED, IDLE, SET = "helping.credit_value", "health.company_need", "motives.trust", "health.adl_set"
GAUGE, OTHER = "duties_undone_share", "money_late_share"


def made_up(
    results: Mapping[str, Mapping[str, Any]], draws: Any, replications: int = 2,
    stood: Mapping[str, Any] | None = None,
) -> Any:  # fmt: skip
    """A result with (draws, replications) values by indicator and scenario, and gauges by draw before the reform."""
    sets = range(1, len(draws) + 1)
    names = ["today", *next(iter(results.values()))]
    rows = pd.MultiIndex.from_product([names, sets, range(replications)], names=KEY).to_frame(index=False)
    outcomes = []
    for indicator, by_name in results.items():
        cells = [
            np.broadcast_to(np.asarray(by_name.get(name, 0.0), float), (len(sets), replications)) for name in names
        ]
        outcomes.append(rows.assign(indicator=indicator, group="all", value=np.stack(cells).ravel()))
    months = rows.merge(pd.DataFrame({"month": range(REFORM - 12, REFORM)}), how="cross")
    place = months["draw"].to_numpy() - 1
    levels = {gauge: np.broadcast_to((stood or {}).get(gauge, 0.0), len(sets))[place] for gauge in gauges()}
    study = cs.Study(dict.fromkeys(names, BASE), draws=draws, replications=replications)
    return SimpleNamespace(
        outcomes=pd.concat(outcomes), runs=rows.assign(failed=False), study=study, monthly=months.assign(**levels)
    )


def drawn(points: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """Parameter sets at places between 0 and 1 of their ranges."""
    return Space({key: uncertain()[key] for key in points}).draws(np.column_stack(list(points.values())))


def even(number: int, seed: int) -> Floats:
    """Numbers that fill 0 to 1 evenly, in some order."""
    order: Floats = np.random.default_rng(seed).permutation((np.arange(number) + 0.5) / number)
    return order


def column(numbers: Any) -> Floats:
    found: Floats = np.asarray(numbers, float)[:, None]
    return found


# --- which is first -------------------------------------------------------------------------------------------------


def test_the_first_leads_every_other_and_nothing_by_what_is_worth_acting_on() -> None:
    a = [0.100, 0.050, 0.052, 0.003, -0.02, 0.030, 0.003]
    b = [0.050, 0.100, 0.050, 0.001, -0.01, 0.000, -0.05]
    result = made_up({"need_closed": {"A": column(a), "B": column(b)}}, [{}] * 7)
    found = probability_first(result, ["A", "B"])
    assert found.to_dict() == pytest.approx({"A": 2 / 7, "B": 1 / 7, NO_FIRST: 4 / 7})
    assert (found.attrs["sets"], found.attrs["lead"]) == (7, LEAD)
    finer = probability_first(result, ["A", "B"], lead=0.0015)
    assert finer.to_dict() == pytest.approx({"A": 5 / 7, "B": 1 / 7, NO_FIRST: 1 / 7})


def test_near_the_best_is_what_lies_less_than_a_lead_below_it_and_below_nothing() -> None:
    # Sets: a best; b best; both within .005; both; both worse than nothing by .01 and more; a; a.
    a = [0.100, 0.050, 0.052, 0.003, -0.02, 0.030, 0.003]
    b = [0.050, 0.100, 0.050, 0.001, -0.01, 0.000, -0.05]
    result = made_up({"need_closed": {"A": column(a), "B": column(b)}}, [{}] * 7)
    assert probability_near_best(result, ["A", "B"]).to_dict() == pytest.approx({"A": 5 / 7, "B": 3 / 7})


def test_a_set_counts_by_the_mean_of_its_replications() -> None:
    result = made_up({"need_closed": {"A": [[0.1, -0.1]] * 2, "B": [[0.0, 0.02]] * 2}}, [{}] * 2)
    assert probability_first(result, ["A", "B"]).to_dict() == {"A": 0, "B": 1, NO_FIRST: 0}


def test_less_is_more_where_less_is_better() -> None:
    result = made_up({GAUGE: {"A": column([-0.1, -0.1, -0.1, 0.1]), "B": 0.0}}, [{}] * 4)
    assert probability_first(result, ["A", "B"], GAUGE).to_dict() == {"A": 0.75, "B": 0, NO_FIRST: 0.25}


def test_a_set_of_which_a_pair_is_missing_in_one_is_left_out_of_all() -> None:
    b = np.full((4, 2), 0.1)
    b[0], b[1, 0] = np.nan, np.nan
    a = np.zeros((4, 2))
    a[0], a[1] = 0.3, [0.9, 0.0]  # of set 2 the second replication is left, in which B gains more
    result = made_up({"need_closed": {"A": a, "B": b}}, [{}] * 4)
    found = probability_first(result, ["A", "B"])
    assert found.attrs["sets"] == 3
    assert found.to_dict() == {"A": 0, "B": 1, NO_FIRST: 0}


def test_what_cannot_be_answered_is_refused() -> None:
    one = made_up({"need_closed": {"A": 0.1}, "cost_society": {"A": 5.0}}, [{}])
    few = made_up({"need_closed": {"A": 0.1}, "cost_society": {"A": 5.0}}, [{}] * 9)
    for analysis in (probability_first, by_thirds):
        with pytest.raises(cs.ScenarioError, match=r": must be given at least 2 parameter sets, got 1"):
            analysis(one, ["A"])
    for analysis in (value_of_learning, value_of_measuring, within_and_between, explained):
        with pytest.raises(cs.ScenarioError, match=r": must be given at least 10 parameter sets, got 9"):
            analysis(few, ["A"])
    with pytest.raises(cs.ScenarioError, match="lead: must be given in yuan for 'cost_society', got none"):
        probability_first(few, ["A"], "cost_society")
    with pytest.raises(cs.ScenarioError, match="lead: must be a number of at least 0, got -1"):
        probability_first(few, ["A"], lead=-1)
    with pytest.raises(cs.ScenarioError, match="policies: must be one of A, got 'today'"):
        probability_first(few, ["today"])
    with pytest.raises(cs.ScenarioError, match="policies: must be a list of names, got 'A'"):
        probability_first(few, "A")
    with pytest.raises(cs.ScenarioError, match=r"indicator: must be one of .*, got 'joy'"):
        probability_first(few, ["A"], "joy")
    with pytest.raises(cs.ScenarioError, match=r"families: 'help' must have a group .* \(none\), got help"):
        explained(made_up({"need_closed": {"A": 0.1}}, [{}] * 10), ["A"], families={"help": ["help"]})


# --- by what a gauge says -------------------------------------------------------------------------------------------


def test_equal_values_are_in_one_third() -> None:
    assert thirds(np.arange(9.0)).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert thirds(np.array([0, 0, 0, 0, 0, 6, 7, 8, 9.0])).tolist() == [0] * 5 + [1] + [2] * 3
    assert thirds(np.array([1, 2, 9, 9, 9, 9, 9, 9, 9, 9.0])).tolist() == [0, 0] + [1] * 8
    assert thirds(np.zeros(5)).tolist() == [1] * 5


def test_thirds_of_a_gauge_that_decides_part_the_policies_and_the_test_sees_it() -> None:
    level = even(90, 1)
    a, b = np.where(level > 2 / 3, 0.1, 0.0), np.where(level < 1 / 3, 0.1, 0.0)
    stood = {GAUGE: level, OTHER: even(90, 2)}
    result = made_up({"need_closed": {"A": column(a), "B": column(b)}}, [{}] * 90, stood=stood)
    table = by_thirds(result, ["A", "B"])
    assert list(table.columns) == ["low", "high", "sets", "A", "B", NO_FIRST]
    found = table.loc[GAUGE]
    assert found["sets"].tolist() == [30, 30, 30]
    assert found[["A", "B", NO_FIRST]].to_numpy().tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert (found.loc[1, "low"], found.loc[1, "high"]) == pytest.approx((30.5 / 90, 59.5 / 90))
    alike = table.loc[gauges()[0]]  # 0 in all sets
    assert alike["sets"].tolist() == [0, 90, 0]
    assert alike.loc[[0, 2], ["low", "high", "A", "B", NO_FIRST]].isna().all(axis=None)
    said = differs(table)
    assert said.loc[GAUGE, "differs"] and said.loc[GAUGE, "p_holm"] < 0.01
    assert not said.loc[OTHER, "differs"] and said.loc[OTHER, "p"] > 0.05
    assert np.isnan(said.loc[gauges()[0], "p"]) and not said.loc[gauges()[0], "differs"]


def test_a_gauge_is_read_under_the_comparator_alone_and_of_the_pairs_that_are_compared() -> None:
    level = np.array([0.1, 0.2, 0.3])
    a = np.full((3, 2), 0.1)
    a[2, 1] = np.nan
    result = made_up({"need_closed": {"A": a}}, [{}] * 3, stood={GAUGE: level})
    months = result.monthly
    months.loc[months["scenario"] == "A", GAUGE] = 0.9
    months.loc[(months["scenario"] == "today") & (months["draw"] == 3) & (months["replication"] == 1), GAUGE] = 0.7
    np.testing.assert_allclose(before_reform(result)[GAUGE], [[0.1, 0.1], [0.2, 0.2], [0.3, 0.7]])
    table = by_thirds(result, ["A"])
    assert table.loc[(GAUGE, 2), ["low", "high"]].tolist() == pytest.approx([0.3, 0.3])


def test_a_set_without_a_value_of_a_gauge_is_in_none_of_its_thirds() -> None:
    level = np.array([0.1, 0.2, 0.3, np.nan])
    result = made_up({"need_closed": {"A": 0.1}}, [{}] * 4, stood={GAUGE: level})
    table = by_thirds(result, ["A"])
    assert table.loc[GAUGE]["sets"].tolist() == [1, 1, 1]
    assert table.loc[OTHER]["sets"].sum() == 4


def test_several_tests_are_corrected_step_by_step() -> None:
    assert holm(np.array([0.04, np.nan, 0.01, 0.03])) == pytest.approx([0.06, np.nan, 0.03, 0.06], nan_ok=True)
    assert holm(np.array([0.9, 0.8])).tolist() == [1, 1]


# --- the value of learning ------------------------------------------------------------------------------------------

SETS = 200


def choice(noise: float = 0.0, replications: int = 2) -> Any:
    """A gains 0.1 × the place of one parameter in its range, B 0.04 everywhere."""
    places = {DECIDES: even(SETS, 1), IDLE: even(SETS, 2), NEED: even(SETS, 3)}
    chance = np.random.default_rng(4).normal(0, noise, (2, SETS, replications)) if noise else (0.0, 0.0)
    a = column(0.1 * places[DECIDES]) + chance[0]
    return made_up({"need_closed": {"A": a, "B": 0.04 + chance[1]}}, drawn(places), replications)


def test_learning_what_decides_is_worth_what_choosing_by_it_gains() -> None:
    # Now A: 0.05 on average. Knowing the place u: B below 0.4, A above: 0.4 × 0.04 + ∫ 0.1 u over 0.4 to 1 = 0.058.
    table = value_of_learning(choice(), ["A", "B"])
    assert table.index[0] == DECIDES and set(table.index) == {DECIDES, IDLE, NEED}
    assert table.loc[DECIDES, "value"] == pytest.approx(0.008, rel=0.02)
    assert table.attrs["now"] == "A" and table.attrs["unit"] == "share" and table.attrs["sets"] == SETS
    assert table.attrs["perfect"] == pytest.approx(0.008, rel=0.02)
    assert table.attrs["perfect_again"] == pytest.approx(0.008, rel=0.02)
    assert table["known"].to_dict() == {DECIDES: True, IDLE: False, NEED: False}
    assert (table.loc[[IDLE, NEED], "value"].abs() < 0.002).all()
    assert (table["value"] <= table.attrs["perfect"]).all()


def test_chance_in_few_replications_makes_no_value_of_learning_but_one_of_perfection() -> None:
    noisy = value_of_learning(choice(noise=0.05), ["A", "B"])
    assert noisy.loc[DECIDES, "known"] and not noisy.loc[[IDLE, NEED], "known"].any()
    assert noisy.loc[DECIDES, "value"] == pytest.approx(0.008, abs=3 * noisy.loc[DECIDES, "se"])
    assert noisy.attrs["perfect"] > 1.5 * 0.008  # knowing the seed, too
    assert noisy.attrs["perfect_again"] < 0.008
    assert np.isnan(value_of_learning(choice(replications=1), ["A", "B"]).attrs["perfect_again"])


def test_nothing_is_known_of_parameters_that_say_nothing() -> None:
    chance = np.random.default_rng(5)
    places = {key: even(60, place) for place, key in enumerate([*uncertain()][10:50]) if key != SET}
    noise = {name: column(chance.normal(0, 0.02, 60)) for name in "AB"}
    table = value_of_learning(made_up({"need_closed": noise}, drawn(places)), ["A", "B"])
    assert len(table) >= 39 and not table["known"].any()
    assert table["value"].mean() < 0.001 < table.attrs["perfect"]


def test_of_studies_in_which_nothing_decides_few_have_anything_known() -> None:
    found = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        places = dict(zip((DECIDES, IDLE, NEED, "family.spread"), chance.random((4, 30)), strict=True))
        gained = {name: column(chance.normal(0, 0.02, 30)) for name in "AB"}
        found += value_of_learning(made_up({"need_closed": gained}, drawn(places)), ["A", "B"])["known"].any()
    assert found <= 6  # two are expected, and more than six in fewer than one of 200 such batteries


def test_doing_nothing_is_a_choice_and_levels_are_learnt_as_levels() -> None:
    options = np.repeat(np.arange(5), 20)
    points = {SET: (options + 0.5) / 5, IDLE: even(100, 1)}
    a = np.where(options == 2, 0.3, -0.1)  # bent as no cubic of five ranks has it twice over, but a level has
    table = value_of_learning(made_up({"need_closed": {"A": column(a)}}, drawn(points)), ["A"])
    assert table.attrs["now"] == "today"
    assert table.loc[SET, "value"] == pytest.approx(0.3 / 5)
    assert table.loc[SET, "known"] and not table.loc[IDLE, "known"]


@pytest.mark.parametrize("gain", [0.07, -0.3, 1 / 3])
def test_where_gains_do_not_differ_there_is_nothing_to_learn(gain: float) -> None:
    places = {DECIDES: even(30, 1), IDLE: even(30, 2)}
    table = value_of_learning(made_up({"need_closed": {"A": gain, "B": gain}}, drawn(places)), ["A", "B"])
    assert table["value"].to_numpy() == pytest.approx(0) and not table["known"].any()
    assert (table["chance"] >= 0).all()


def test_a_level_of_one_set_alone_is_foretold_as_the_mean_of_the_others() -> None:
    options = np.array([0] * 30 + [1] * 29 + [4])
    points = {SET: (options + 0.5) / 5}
    a = np.where(options == 4, -1.0, 0.1)
    table = value_of_learning(made_up({"need_closed": {"A": column(a)}}, drawn(points)), ["A"])
    assert table.attrs["now"] == "A"
    assert table.loc[SET, "value"] == pytest.approx(0)  # nobody could know of it
    assert table.attrs["perfect"] == pytest.approx(1 / 60)
    worse = np.where(options == 4, -9.0, 0.1)  # nothing is best on average, A by the mean of any sets without this one
    table = value_of_learning(made_up({"need_closed": {"A": column(worse)}}, drawn(points)), ["A"])
    assert table.attrs["now"] == "today"
    assert table.loc[SET, "value"] == pytest.approx((59 * 0.1 - 9) / 60)


def test_net_benefit_is_in_yuan_and_learning_a_cost_is_worth_what_it_saves() -> None:
    places = {DECIDES: even(SETS, 1), IDLE: even(SETS, 2)}
    cost = column(200 * places[DECIDES])  # between 0 and 200, for what is worth 80
    result = made_up({"need_closed": {"A": 0.4}, "cost_society": {"A": cost}}, drawn(places))
    table = value_of_learning(result, ["A"], worth=200)
    # Now nothing (80 - 100 < 0). Knowing the cost 200 u: A below u = 0.4, gaining ∫ 80 - 200 u over 0 to 0.4 = 16.
    assert table.attrs["now"] == "today" and table.attrs["unit"] == "yuan"
    assert table.loc[DECIDES, "value"] == pytest.approx(16, rel=0.02)
    assert value_of_learning(result, ["A"]).loc[DECIDES, "value"] == pytest.approx(0)


def test_measuring_a_gauge_is_worth_what_it_tells_of_the_gains() -> None:
    level = even(SETS, 1)
    known = np.where(np.arange(SETS) % 4 > 0, level, np.nan)  # three in four sets have it
    result = made_up({"need_closed": {"A": column(0.1 * level), "B": 0.04}}, [{}] * SETS,
                     stood={GAUGE: level, OTHER: known})  # fmt: skip
    table = value_of_measuring(result, ["A", "B"])
    assert set(table.index) == set(gauges()) and table.index.name == "gauge"
    assert table.loc[GAUGE, "value"] == pytest.approx(0.008, rel=0.02)
    assert table.loc[OTHER, "value"] == pytest.approx(0.75 * 0.008, rel=0.15)
    assert table.loc[[GAUGE, OTHER], "known"].all()
    assert (table.drop([GAUGE, OTHER])["value"] == 0).all() and not table.drop([GAUGE, OTHER])["known"].any()


def test_a_fit_has_as_many_terms_as_values_bear() -> None:
    assert basis(pd.Series(np.arange(20.0))).shape == (20, 4)
    assert basis(pd.Series([0.0, 1.0] * 10)).shape == (20, 2)
    assert basis(pd.Series([0.0, np.nan] * 10)).shape == (20, 2)
    assert basis(pd.Series(["a", "b", "c", "b"])).shape == (4, 3)
    terms = basis(pd.Series([1.0, 5.0, 5.0, 9.0, np.nan]))
    np.testing.assert_allclose(terms.T @ terms, np.eye(terms.shape[1]), atol=1e-12)
    assert scaled(pd.Series([3.0, 1e9, np.nan, 1.0])) == pytest.approx([0, 2 / 3, np.nan, -2 / 3], nan_ok=True)


def test_what_a_draw_lacks_is_as_in_the_scenario() -> None:
    sets = [{IDLE: 2.0, SET: 2}, {DECIDES: BASE.helping.credit_value}, {IDLE: 2.0, SET: 3}]
    found = varying(made_up({"need_closed": {"A": 0.1}}, sets), pd.Index([1, 2, 3]))
    assert list(found) == [IDLE, SET]
    assert found[IDLE].tolist() == [2.0, BASE.motives.trust, 2.0]
    assert found[SET].tolist() == ["2", str(BASE.health.adl_set), "3"]
    assert AS_IN_SCENARIO not in found.to_numpy()


# --- what gains vary with -------------------------------------------------------------------------------------------


def test_replications_tell_stochastic_variation_from_that_between_sets() -> None:
    middles = np.arange(10.0) / 100
    a = column(middles) + np.array([[-0.01, 0.01]])
    found = within_and_between(made_up({"need_closed": {"A": a}}, [{}] * 10), ["A"]).loc["A"]
    assert found["within"] == pytest.approx(2 * 0.01**2)
    assert found["stochastic"] == pytest.approx(0.01**2)
    assert found["of_means"] == pytest.approx(middles.var(ddof=1))
    assert found["between"] == pytest.approx(middles.var(ddof=1) - 0.01**2)
    assert found["stochastic_share"] == pytest.approx(0.01**2 / middles.var(ddof=1))
    a[0, 0] = np.nan  # one replication is left of it
    found = within_and_between(made_up({"need_closed": {"A": a}}, [{}] * 10), ["A"]).loc["A"]
    assert found["within"] == pytest.approx(2 * 0.01**2)
    assert found["stochastic"] == pytest.approx(2 * 0.01**2 * (9 / 2 + 1) / 10)
    alone = within_and_between(made_up({"need_closed": {"A": column(middles)}}, [{}] * 10, 1), ["A"]).loc["A"]
    assert alone[["within", "stochastic", "between", "stochastic_share"]].isna().all()


def test_variance_is_explained_by_the_family_that_makes_it_and_not_by_others() -> None:
    places = {NEED: even(SETS, 1), "family.spread": even(SETS, 2), IDLE: even(SETS, 3), DECIDES: even(SETS, 4)}
    noise = np.random.default_rng(5).normal(0, 0.04, (2, SETS, 2))
    a = column(0.1 * places[NEED]) + noise[0]
    b = column(0.1 * places[NEED] + 0.1 * places[IDLE]) + noise[1]  # half of it of each
    result = made_up({"need_closed": {"A": a, "B": b}}, drawn(places))
    table = explained(result, ["A", "B"])
    assert table.loc["A"].index.tolist() == [NEED_AND_FAMILY, "health", "family", "motives", "helping", ALL]
    assert table.loc[("A", NEED_AND_FAMILY), "parameters"] == 2 and table.loc[("A", ALL), "parameters"] == 4
    assert (table["base"] == "between").all()
    share = table["share"]
    assert share["A", "health"] == pytest.approx(1, abs=0.2) and share["A", NEED_AND_FAMILY] == pytest.approx(
        1, abs=0.2
    )
    assert share["B", "health"] == pytest.approx(0.5, abs=0.15) == share["B", "motives"]
    for idle in (("A", "family"), ("A", "motives"), ("A", "helping"), ("B", "family"), ("B", "helping")):
        assert share[idle] == pytest.approx(0, abs=0.05)
    assert (table["ci_low"] < share).all() and (share < table["ci_high"]).all()


def test_products_of_parameters_are_found_and_one_replication_leaves_chance_in_the_base() -> None:
    places = {NEED: even(SETS, 1), "health.care_step": even(SETS, 2), IDLE: even(SETS, 3)}
    a = column(0.1 * (places[NEED] - 0.5) * (places["health.care_step"] - 0.5))
    table = explained(made_up({"need_closed": {"A": a}}, drawn(places), 1), ["A"])
    assert table.loc[("A", "health"), "share"] > 0.9
    assert abs(table.loc[("A", "motives"), "share"]) < 0.05
    assert (table["base"] == "of_means").all()


def test_ridge_regression_is_that_of_the_terms_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variance, "PENALTIES", np.array([0.7]))
    chance = np.random.default_rng(6)
    terms, gained = chance.normal(1, 1, (30, 4)), chance.normal(0, 1, (30, 2))
    fitted, part = np.arange(25), np.arange(25, 30)
    middle, mean = terms[fitted].mean(axis=0), gained[fitted].mean(axis=0)
    own = terms[fitted] - middle
    weights = np.linalg.solve(own.T @ own + 0.7 * np.eye(4), own.T @ (gained[fitted] - mean))
    foretold = variance.ridge([terms @ terms.T], gained, fitted, part)
    np.testing.assert_allclose(foretold, mean + (terms[part] - middle) @ weights)


def test_nothing_explains_what_does_not_vary() -> None:
    table = explained(made_up({"need_closed": {"A": 0.1}}, drawn({NEED: even(20, 1)})), ["A"])
    assert table[["share", "ci_low", "ci_high"]].isna().all(axis=None)
