"""Sensitivity: problems for SALib, indices of functions whose answer is known, EMA workbench driving the model."""

from __future__ import annotations

import importlib
import warnings

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis import sensitivity
from coprod_sim.analysis.fair import KEEPING, _beats_best, _beats_next, at_place, farthest, same_money, within_budget
from coprod_sim.study.design import RunKey, drawn
from coprod_sim.study.uncertain import uncertain
from tests.studies import tiny


def test_a_problem_has_bounds_for_every_parameter_that_can_be_moved_alone() -> None:
    problem = cs.salib_problem()
    assert problem["num_vars"] == len(problem["names"]) == len(problem["bounds"])
    assert all(low < high for low, high in problem["bounds"])
    assert problem["names"] == [key for key in uncertain() if key != "health.adl_set"]  # a name of a set
    assert len(problem["names"]) == 99
    inner = cs.salib_problem(["helping.asked"], accepted=True)
    (low, high), (least, most) = inner["bounds"][0], cs.salib_problem(["helping.asked"])["bounds"][0]
    assert least <= low < high <= most
    with pytest.raises(cs.ScenarioError, match=r"salib_problem: must be one of .*, got 'helping\.fortune'"):
        cs.salib_problem(["helping.fortune"])


def test_rows_of_a_sample_become_sets_that_the_schema_takes() -> None:
    problem = cs.salib_problem(["helping.asked", "design.learning"])
    draws = sensitivity.draws_of(problem, np.array([[1.0, 0.2], [2.0, 0.4]]), {"motives.feel": 0.3})
    assert draws[1] == {"motives.feel": 0.3, "helping.asked": 2.0, "design.learning": 0.4}
    assert drawn(tiny(), draws[0], tiny()).helping.asked == 1.0


def test_elementary_effects_and_indices_find_what_counts() -> None:
    morris = pytest.importorskip("SALib.sample.morris")
    sobol = importlib.import_module("SALib.sample.sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    sample = morris.sample(problem, 10, seed=1)
    effects = sensitivity.morris_indices(problem, sample, {"y": 3 * sample[:, 0] + sample[:, 1]})
    assert effects.loc[("y", "a"), "mu"] == pytest.approx(3) and effects.loc[("y", "c"), "mu_star"] == 0
    points = sobol.sample(problem, 64, calc_second_order=False, seed=1)
    shares = sensitivity.sobol_indices(problem, {"y": 3 * points[:, 0] + points[:, 1]})
    assert shares.loc[("y", "a"), "ST"] == pytest.approx(0.9, abs=0.1)
    assert shares.loc[("y", "b"), "ST"] < 0.2


def test_a_flip_is_counted_for_the_parameter_that_was_moved() -> None:
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    sample = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [1, 0]], dtype=float)
    flips = sensitivity.flips(problem, sample, {"one": 1 - sample[:, 0], "other": sample[:, 0]})
    assert flips["flips"].to_dict() == {"a": 1.0, "b": 0.0}  # from one trajectory to the next, too, `a` is moved alone
    assert flips["steps"].to_dict() == {"a": 2, "b": 2} and (flips["missing"] == 0).all()


def test_a_missing_run_takes_its_trajectory_or_block_with_it_and_is_counted() -> None:
    morris = pytest.importorskip("SALib.sample.morris")
    sobol = importlib.import_module("SALib.sample.sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    for make, size, indices in (
        (lambda: morris.sample(problem, 6, seed=1), 4, lambda s, f: sensitivity.morris_indices(problem, s, f)),
        (lambda: sobol.sample(problem, 8, calc_second_order=False, seed=1), 5,
         lambda _, f: sensitivity.sobol_indices(problem, f)),
    ):  # fmt: skip
        sample = make()
        whole = {"x": np.sin(5 * sample[:, 0]) + sample[:, 1] * sample[:, 2], "y": sample[:, 2] ** 2}
        for row in (0, size, len(sample) - 1):
            block = np.arange(len(sample)) // size == row // size
            rest = indices(sample[~block], {key: column[~block] for key, column in whole.items()})
            holed = {key: column.copy() for key, column in whole.items()}
            holed["y"][row] = np.nan
            found = indices(sample, holed)
            pd.testing.assert_frame_equal(found.drop(columns="missing"), rest.drop(columns="missing"))
            assert (found["missing"] == 1).all() and (rest["missing"] == 0).all()
        holed["y"][size:] = np.nan
        with pytest.raises(cs.ScenarioError, match="must have at least 2"):
            indices(sample, holed)


def test_flips_leave_out_trajectories_with_a_missing_run() -> None:
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    sample = np.array([[0, 0], [1, 0], [1, 1]] * 3, dtype=float)
    effect = {"one": np.array([1, 0, 0, 1, 0, 0, 1, 1, 0.0]), "other": np.full(9, 0.5)}
    rest = sensitivity.flips(problem, sample[:6], {key: column[:6] for key, column in effect.items()})
    effect["other"][8] = np.nan
    found = sensitivity.flips(problem, sample, effect)
    pd.testing.assert_frame_equal(found.drop(columns="missing"), rest.drop(columns="missing"))
    assert (found["missing"] == 1).all()


def test_what_does_not_vary_has_no_parts() -> None:
    sobol = pytest.importorskip("SALib.sample.sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    points = sobol.sample(problem, 4, calc_second_order=False, seed=1)
    assert sensitivity.sobol_indices(problem, {"y": np.zeros(len(points))})[["S1", "ST"]].isna().all(axis=None)


GROUPS = {"helping.asked": "help", "motives.feel": "help", "design.learning": "plan", "access.fee": "fee"}


def test_a_problem_with_groups_is_sampled_run_and_judged_by_group() -> None:
    morris = pytest.importorskip("SALib.sample.morris")
    sobol = importlib.import_module("SALib.sample.sobol")
    problem = cs.salib_problem([name for name in GROUPS if name != "access.fee"])
    problem |= {"num_vars": 4, "names": list(GROUPS), "bounds": [*problem["bounds"], [0, 8]]}
    grouped = {**problem, "groups": np.array(list(GROUPS.values()))}
    own = {**problem, "groups": list(GROUPS.values())}
    sample = morris.sample(own, 12, seed=1)
    assert len(sample) == 12 * (3 + 1)
    assert all(drawn(tiny(), draw, tiny()) for draw in sensitivity.draws_of(grouped, sample))
    y = sample[:, 2] / 2 + 0 * sample[:, 0]
    effects = sensitivity.morris_indices(grouped, sample, {"y": y})
    assert effects.index.tolist() == [("y", "help"), ("y", "plan"), ("y", "fee")]
    assert effects["mu_star"].to_numpy().argmax() == 1 and effects.loc[("y", "fee"), "mu_star"] == 0
    points = sobol.sample(own, 64, calc_second_order=False, seed=1)
    shares = sensitivity.sobol_indices(grouped, {"y": points[:, 2]})
    assert shares.index.tolist() == effects.index.tolist()
    assert shares.loc[("y", "plan"), "ST"] == pytest.approx(1, abs=0.1)
    assert shares.loc[("y", "help"), "ST"] == pytest.approx(0, abs=0.01)
    middle = np.median(sample[:, 2])
    flips = sensitivity.flips(grouped, sample, {"one": sample[:, 2] - middle, "other": middle - sample[:, 2]})
    assert set(flips.index) == {"help", "plan", "fee"}
    steps = flips["flips"]
    assert steps["plan"] > 0 and steps["help"] == steps["fee"] == 0


def test_groups_of_one_parameter_each_give_what_no_groups_give() -> None:
    morris = pytest.importorskip("SALib.sample.morris")
    plain = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    grouped = {**plain, "groups": ["A", "B"]}
    sample = morris.sample(plain, 20, seed=3)
    found = {"one": sample[:, 0], "other": 1 - sample[:, 0]}
    one, other = (sensitivity.flips(problem, sample, found) for problem in (plain, grouped))
    assert one["flips"].to_dict() == {"a": other["flips"]["A"], "b": other["flips"]["B"]}
    assert one["flips"]["b"] == 0  # a step from one trajectory to the next is none of b's
    one, other = (sensitivity.morris_indices(problem, sample, found) for problem in (plain, grouped))
    np.testing.assert_array_equal(one.to_numpy(), other.to_numpy())


def test_groups_that_fit_no_names_are_refused() -> None:
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2, "groups": ["A"]}
    with pytest.raises(cs.ScenarioError, match="got 1 groups for 2 names"):
        sensitivity.morris_indices(problem, np.zeros((2, 2)), {"y": np.zeros(2)})


def test_with_common_seeds_draws_have_the_same_random_numbers_and_the_folder_remembers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    draws = [{"helping.asked": 1.0}, {"helping.asked": 2.0}]
    common = cs.Study({"today": tiny()}, 1, draws=draws, common_seeds=True)
    seeds = {common.run_seed(RunKey("today", draw, 0)) for draw in (1, 2)}
    own = cs.Study({"today": tiny()}, 1, draws=draws)
    assert len(seeds) == 1 and own.run_seed(RunKey("today", 1, 0)) != own.run_seed(RunKey("today", 2, 0))
    folder = tmp_path_factory.mktemp("seeds") / "study"
    result = cs.run_study(common, folder, workers=1)
    assert result.runs["seed"].nunique() == 1
    assert cs.open_study(folder).study.common_seeds
    with pytest.raises(cs.ScenarioError, match="common_seeds"):
        cs.run_study(own, folder, workers=1)


def test_the_workbench_for_exploratory_modelling_drives_the_model() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extras of the workbench that are not needed
        ema = pytest.importorskip("ema_workbench")
        model = ema.Model("coprod", function=gain_of_a_time_bank)
        model.uncertainties = [ema.RealParameter("credit_value", 5.0, 60.0), ema.RealParameter("feel", 0.1, 0.6)]
        model.levers = [ema.BooleanParameter("time_bank")]
        model.outcomes = [ema.ScalarOutcome("helpers")]
        experiments, outcomes = ema.perform_experiments(model, scenarios=3, policies=2)
    assert isinstance(experiments, pd.DataFrame) and len(experiments) == len(outcomes["helpers"]) == 6
    none = outcomes["helpers"][~experiments["time_bank"].astype(bool).to_numpy()]
    np.testing.assert_array_equal(none, 0.0)


def gain_of_a_time_bank(credit_value: float = 30.0, feel: float = 0.5, time_bank: bool = True) -> dict[str, float]:
    """Helpers among the able with a policy less without, as the workbench calls a model."""
    county = ["population.villages=2", "horizon.months=20", "horizon.reform_month=6", "horizon.state_window=6",
             f"helping.credit_value={credit_value}", f"motives.feel={feel}"]  # fmt: skip
    today = cs.load_scenario("village_small", county)
    policy = cs.load_scenario("village_small", [*county, f"incentive.time_bank={str(bool(time_bank)).lower()}"])
    rates = [
        float(cs.CoproductionModel(s, rng=1).run().outcome()["value"]["helper_rate", "all"]) for s in (today, policy)
    ]
    return {"helpers": rates[1] - rates[0]}


def test_the_same_money_is_read_off_the_comparators_own_curve() -> None:
    costs = {"today": 0.0, "R": 15.0, "free": -3.0, "dear": 99.0, "much": 20.0, "little": 10.0}
    gains = {"today": 0.0, "R": 5.0, "free": 1.0, "dear": 9.0, "much": 3.0, "little": 2.0}
    result = _Result({"need_closed": gains, "cost_government": costs})
    table = same_money(result, ["R", "free", "dear"], ["need_closed"], ["per site"]).set_index("scenario")  # type: ignore[arg-type]
    assert table["value"].to_dict() == {"R": 2.5, "free": 1.0, "dear": 6.0}
    assert table["within"].to_dict() == {"R": 1.0, "free": 1.0, "dear": 0.0}
    assert table["free"].to_dict() == {"R": 0.0, "free": 1.0, "dear": 0.0}


def test_within_a_budget_one_dose_is_followed_as_far_as_the_money_lasts() -> None:
    # A bill of 200 today: 2% pay for 4 of the 10 that the smaller dose costs, 5% for just that one, 10% for all.
    costs = {"today": 200.0, "much": 220.0, "little": 210.0}
    gains = {"today": 1.0, "much": 4.0, "little": 3.0}
    result = _Result({"need_closed": gains, "cost_government": costs})
    for keeping in KEEPING:  # both draws are alike, so that on average and in nearly all is the same
        table = within_budget(result, ["per site"], ["need_closed"])  # type: ignore[arg-type]
        table = table[table["keeping"] == keeping].set_index("budget")
        assert table["place"].to_dict() == {0.02: 0.4, 0.05: 1.0, 0.10: 2.0}
        assert table["value"].to_dict() == pytest.approx({0.02: 0.4 * 2.0, 0.05: 2.0, 0.10: 3.0})
        assert table["spent"].to_dict() == pytest.approx({0.02: 0.02, 0.05: 0.05, 0.10: 0.10})
    for bad in (0.0, -0.1, float("nan"), float("inf")):
        with pytest.raises(cs.ScenarioError, match="budgets: must be numbers above 0"):
            within_budget(result, ["per site"], ["need_closed"], [bad])  # type: ignore[arg-type]
    free = _Result({"need_closed": gains, "cost_government": dict.fromkeys(costs, 0.0)})
    with pytest.raises(cs.ScenarioError, match="must be above 0 in every set"):
        within_budget(free, ["per site"], ["need_closed"])  # type: ignore[arg-type]


def test_within_a_budget_a_policy_is_a_single_dose_and_is_compared_with_the_best_factor() -> None:
    # Both together cost 40 of a bill of 200 and give 6: 5% of the bill pay for a quarter of it, which is 1.5.
    costs = {"today": 200.0, "much": 220.0, "little": 210.0, "both": 240.0}
    gains = {"today": 1.0, "much": 4.0, "little": 3.0, "both": 7.0}
    result = _Result({"need_closed": gains, "cost_government": costs})
    table = within_budget(result, ["per site"], ["need_closed"], [0.05, 0.5], policies=["both"])  # type: ignore[arg-type]
    rows = table[table["keeping"] == KEEPING[0]].set_index(["budget", "factor"])
    assert rows["place"].to_dict() == {
        (0.05, "per site"): 1.0, (0.05, "both"): 0.25, (0.5, "per site"): 2.0, (0.5, "both"): 1.0
    }  # fmt: skip
    assert rows["value"].to_dict() == pytest.approx(
        {(0.05, "per site"): 2.0, (0.05, "both"): 1.5, (0.5, "per site"): 3.0, (0.5, "both"): 6.0}
    )
    assert rows["beats_factors"].xs("both", level="factor").to_dict() == {0.05: 0.0, 0.5: 1.0}
    assert rows["beats_factors"].xs("per site", level="factor").isna().all()
    for bad in ("nothing", "per site"):
        with pytest.raises(cs.ScenarioError, match="policies: must be scenarios and no factors"):
            within_budget(result, ["per site"], ["need_closed"], policies=[bad])  # type: ignore[arg-type]


def test_a_budget_that_must_hold_in_nearly_all_sets_buys_less_than_one_on_average() -> None:
    # No dose and one dose in four sets, which cost 1, 1, 1 and 5 of a budget of 2 each: on average just 2.
    costs = np.array([[[0.0]] * 4, [[1.0], [1.0], [1.0], [5.0]]])
    budgets = np.full((4, 1), 2.0)
    assert farthest(costs, budgets) == 1.0
    assert farthest(costs, budgets, kept=0.95) == 0.4  # 2 of 5 in the dear one
    assert farthest(costs, budgets, kept=0.75) == 1.0  # which one in four may be
    saving = np.array([[[0.0]], [[-3.0]], [[-1.0]], [[9.0]]])
    assert farthest(saving, np.array([[2.0]])) == 2.3  # the third dose is dear: 3 of 10 of the way from -1 to 9
    assert at_place(saving, 2.3) == pytest.approx(2.0) and at_place(saving, 3.0) == 9.0 and at_place(saving, 0.0) == 0.0


def test_which_is_ahead_of_the_next_is_counted_over_the_sets() -> None:
    ahead = _beats_next(
        {"a": np.array([1.0, 3.0, np.nan]), "b": np.array([2.0, 1.0, 0.0]), "c": np.array([0.0, 0.0, 0.0])}
    )
    assert ahead["a"] == 0.5 and ahead["b"] == pytest.approx(2 / 3) and np.isnan(ahead["c"])


def test_which_is_ahead_of_the_best_factor_is_counted_over_the_sets() -> None:
    of_sets = {"a": np.array([1.0, 3.0, np.nan]), "b": np.array([2.0, 1.0, 0.0]), "c": np.array([5.0, 4.0, 1.0])}
    ahead = _beats_best(of_sets, ["a", "b"])  # of which a is best by the mean; c is no factor
    assert np.isnan(ahead["a"]) and ahead["b"] == 0.5 and ahead["c"] == 1.0


class _Result:
    """As much of a study's result as is looked at: two draws that are alike."""

    def __init__(self, numbers: dict[str, dict[str, float]]) -> None:
        names = list(numbers["need_closed"])
        keys = [(name, draw, 0) for draw in (1, 2) for name in names]
        self.runs = pd.DataFrame(keys, columns=["scenario", "draw", "replication"]).assign(failed=False)
        self.outcomes = pd.concat(
            self.runs.assign(indicator=key, group="all", value=[values[name] for name, _, _ in keys])
            for key, values in numbers.items()
        )
        doses = {"much": {"per site": 2.0}, "little": {"per site": 1.0}}
        self.study = cs.Study(dict.fromkeys(names, cs.Scenario()), factors=doses)
