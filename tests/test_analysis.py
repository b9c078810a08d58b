"""Attribution and cost-effectiveness on made-up results, whose answers are known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis.attribution import attribution, shapley, subsets
from coprod_sim.analysis.cost_effectiveness import acceptability, incremental, plane, ranking
from coprod_sim.model.columns import Floats

FACTORS = ("A", "B", "C")
# Names say nothing: what a scenario is made of stands beside it.
NAMES = {chosen: f"policy {place}" if chosen else "today" for place, chosen in enumerate(subsets(FACTORS))}
MADE_OF = {name: dict.fromkeys(chosen, 1.0) for chosen, name in NAMES.items() if chosen}


def made_up(results: dict[str, dict[str, Any]], draws: int = 1) -> Any:
    """A result with (draws, replications) values by indicator and scenario."""
    rows, runs = [], []
    for indicator, by_name in results.items():
        for name, value in by_name.items():
            cells = np.broadcast_to(np.asarray(value, float), (draws, 4))
            for (draw, replication), cell in np.ndenumerate(cells):
                rows.append((name, draw, replication, indicator, "all", cell))
                runs.append((name, draw, replication, False))
    keys = ["scenario", "draw", "replication"]
    outcomes = pd.DataFrame(rows, columns=[*keys, "indicator", "group", "value"])
    frame = pd.DataFrame(runs, columns=[*keys, "failed"]).drop_duplicates()
    made = {name: own for name, own in MADE_OF.items() if name in set(frame["scenario"])}
    study = cs.Study(dict.fromkeys(frame["scenario"], cs.Scenario()), factors=made)
    return SimpleNamespace(outcomes=outcomes, runs=frame, study=study)


def states(worth: Any) -> dict[str, Floats]:
    """Values of every combination of factors, with the same luck in each."""
    luck = np.array([-0.02, 0.0, 0.01, 0.03])
    return {name: worth(chosen) + luck for chosen, name in NAMES.items()}


def test_effects_that_add_up_have_no_interaction_and_shares_in_proportion() -> None:
    size = {"A": 0.1, "B": 0.2, "C": 0.1}
    result = made_up({"helper_rate": states(lambda chosen: 0.2 + sum(size[f] for f in chosen))})
    found = attribution(result, FACTORS, "helper_rate").loc[("helper_rate", "as it is")]["value"]
    for factor in FACTORS:
        for effect in ("alone", "last", "main", "shapley"):
            assert found[effect, factor] == pytest.approx(size[factor])
        assert found["share", factor] == pytest.approx(size[factor] / 0.4)
    np.testing.assert_allclose(found["interaction"], 0, atol=1e-12)
    assert found["synergy", "A × B × C"] == pytest.approx(0, abs=1e-12)


def test_effects_that_add_up_as_log_odds_look_like_synergy_on_one_scale_alone() -> None:
    def worth(chosen: frozenset[str]) -> float:
        return float(1 / (1 + np.exp(4 - 1.0 * len(chosen))))

    by_name = {name: np.full(4, worth(chosen)) for chosen, name in NAMES.items()}
    table = attribution(made_up({"helper_rate": by_name}), FACTORS, "helper_rate").sort_index()
    found = table["value"]["helper_rate"]
    assert found["as it is", "synergy", "A × B × C"] > 0.1
    assert found["log-odds", "synergy", "A × B × C"] == pytest.approx(0, abs=1e-9)
    assert found["log-odds", "interaction"].abs().max() < 1e-9


def test_shapley_values_add_up_to_the_whole_and_a_needed_partner_gets_half() -> None:
    worth = {chosen: np.array([[1.0 if {"A", "B"} <= chosen else 0.0]]) for chosen in subsets(FACTORS)}
    fair = {factor: float(value[0, 0]) for factor, value in shapley(worth, FACTORS).items()}
    assert fair == pytest.approx({"A": 0.5, "B": 0.5, "C": 0.0})


def test_a_study_without_a_combination_is_refused() -> None:
    some = {"today": 0.1, "A": 0.2}  # called A, and made of nothing that is said
    with pytest.raises(cs.ScenarioError, match="must have a scenario of every combination, got none of A alone"):
        attribution(made_up({"helper_rate": some}), FACTORS, "helper_rate")


EFFECT = {"today": 0.0, "cheap": 1.0, "mix": 1.5, "dear": 4.0, "worse": 0.5}
COST = {"today": 0.0, "cheap": 10.0, "mix": 60.0, "dear": 100.0, "worse": 20.0}


def test_the_frontier_leaves_out_what_gives_less_for_more_and_what_a_mix_beats() -> None:
    table = incremental(made_up({"need_closed": EFFECT, "cost_society": COST}), "need_closed")
    assert table["status"].to_dict() == {
        "today": "frontier", "cheap": "frontier", "worse": "dominated", "mix": "extendedly dominated",
        "dear": "frontier",
    }  # fmt: skip
    assert table.loc["cheap", "ratio"] == 10 and table.loc["dear", "ratio"] == 30
    assert table["on_frontier"].to_dict() == {name: float(of == "frontier") for name, of in table["status"].items()}


def test_how_often_a_policy_is_on_the_frontier_is_counted_set_by_set() -> None:
    # B gives 2 for 10 in three sets and nothing for 30 in the fourth, so 1.5 for 15 on average: more than A for less.
    effects, costs = np.array([[2.0]] * 3 + [[0.0]]), np.array([[10.0]] * 3 + [[30.0]])
    results = {
        "need_closed": {"today": 0.0, "A": 1.0, "B": effects}, "cost_society": {"today": 0.0, "A": 20.0, "B": costs},
    }  # fmt: skip
    table = incremental(made_up(results, draws=4), "need_closed")
    assert table["status"].to_dict() == {"today": "frontier", "B": "frontier", "A": "dominated"}
    assert table["on_frontier"].to_dict() == {"today": 1.0, "B": 0.75, "A": 0.25}


def test_what_is_acceptable_depends_on_what_the_effect_is_worth() -> None:
    curve = acceptability(made_up({"need_closed": EFFECT, "cost_society": COST}), "need_closed", [5, 20, 50])
    assert curve.idxmax(axis=1).to_dict() == {5: "today", 20: "cheap", 50: "dear"}
    np.testing.assert_allclose(curve.sum(axis=1), 1)


def test_ranking_counts_draws_and_turns_round_what_should_be_small() -> None:
    draws = np.array([[1.0], [1.0], [-1.0], [3.0]])
    results = {
        "need_closed": {"today": 0.0, "A": draws, "B": 2.0},
        "cost_society": {"today": 0.0, "A": draws, "B": 2.0},
    }
    table = ranking(made_up(results, draws=4), ["need_closed", "cost_society"])
    assert table.loc[("need_closed", "A"), ["best", "harmful"]].tolist() == [0.25, 0.25]
    assert table.loc[("need_closed", "B"), ["best", "harmful"]].tolist() == [0.75, 0.0]
    assert table.loc[("cost_society", "A"), ["best", "harmful"]].tolist() == [0.25, 0.75]
    assert len(plane(made_up(results, draws=4), "need_closed")) == 8
