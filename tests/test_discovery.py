"""Scenario discovery: a box that was put into made-up results is found, and one that is not there does not hold."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis import discovery
from coprod_sim.analysis.by_set import LEAD
from coprod_sim.analysis.diagnosis import probability_first
from coprod_sim.analysis.discovery import ALPHA, LEAST_COVERAGE, MOST_PARAMETERS, boxes
from coprod_sim.study.ranges import DECLARED
from coprod_sim.study.uncertain import uncertain

pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")  # the workbench warns when imported

NUMBERS = dict.fromkeys(("committee.greed", "expectation.start"))
# So many that of noise some box is found, and few enough to be quick.
NUMBERS |= dict.fromkeys([key for key in uncertain() if DECLARED[key].kind == "number"][::3])
GREED, START = (0.2, 0.55)  # below the one and above the other R1 comes first


class Made:
    """As much of a study's result as is looked at: sets drawn evenly, each with what R1 and R2 gain in it."""

    def __init__(self, sets: pd.DataFrame, r1: np.ndarray, r2: np.ndarray, indicator: str = "need_closed") -> None:
        gains = {"today": np.zeros(len(sets)), "R1": r1, "R2": r2}
        keys = [(name, draw, 0) for draw in sets.index for name in gains]
        self.runs = pd.DataFrame(keys, columns=["scenario", "draw", "replication"]).assign(failed=False)
        self.outcomes = self.runs.assign(
            indicator=indicator, group="all", value=[gains[name][draw - 1] for name, draw, _ in keys]
        )
        self.study = cs.Study(dict.fromkeys(gains, cs.Scenario()), draws=sets.to_dict("index"))


def drawn(number: int, seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    columns = {key: chance.uniform(DECLARED[key].low, DECLARED[key].high, number) for key in NUMBERS}
    return pd.DataFrame(columns | {"health.adl_set": chance.integers(1, 6, number)}, index=range(1, number + 1))


def with_a_box(number: int = 200) -> Made:
    """R1 comes first with little greed and high expectations, and in one in ten of these sets all the same not."""
    sets = drawn(number, 1)
    there = (sets["committee.greed"] < GREED) & (sets["expectation.start"] > START)
    there &= np.random.default_rng(2).random(number) < 0.9
    return Made(sets, np.where(there, 0.05, 0.01), np.full(number, 0.02))


def test_a_box_that_is_there_is_found_with_its_ends_and_holds_in_the_other_half() -> None:
    found = boxes(with_a_box(), ["R1", "R2"], "R1")  # type: ignore[arg-type]
    assert set(found.index) == {"committee.greed", "expectation.start"}
    assert found.loc["committee.greed", "high"] == pytest.approx(GREED, abs=0.03)
    assert found.loc["expectation.start", "low"] == pytest.approx(START, abs=0.05)
    assert np.isnan(found.loc["committee.greed", "low"]) and np.isnan(found.loc["expectation.start", "high"])
    assert (found["quasi_p"] < ALPHA).all()
    attrs = found.attrs
    assert attrs["density"] > 0.8 and attrs["density_held"] > 0.7 and attrs["coverage"] > 0.8 and attrs["holds"]
    assert attrs["base_rate"] == pytest.approx(attrs["base_rate_held"], abs=0.011)
    assert attrs["mass"] == pytest.approx(attrs["coverage"] * attrs["base_rate"] / attrs["density"])
    assert (attrs["sets"], attrs["missing"], attrs["why"]) == (200, 0, "")


# In the tenth of these a box is found: `make test` looks at it and its neighbour.
@pytest.fixture(scope="module", params=[range(8, 10), pytest.param(range(15), marks=pytest.mark.slow)], ids=len)
def in_noise(request: pytest.FixtureRequest) -> list[pd.DataFrame]:
    """What is found where neither policy comes first for any reason."""
    chance = {place: np.random.default_rng(100 + place) for place in request.param}
    return [boxes(Made(drawn(60, place), *of.normal(0.02, 0.01, (2, 60))), ["R1", "R2"], "R1")  # type: ignore[arg-type]
            for place, of in chance.items()]  # fmt: skip


def test_of_noise_boxes_are_found_and_none_holds_in_the_other_half(in_noise: list[pd.DataFrame]) -> None:
    some = pd.DataFrame([dict(table.attrs) for table in in_noise if not table.empty])
    assert len(some) > 0  # the search is as biased as that, and shows it
    assert (some["density"] - some["base_rate"]).min() > 0.1
    assert not some["holds"].any() and (some["p_held"] > ALPHA).all()


def test_a_box_that_is_in_one_half_alone_is_called_one_that_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = drawn(120, 6)
    half = np.arange(120) % 2 == 0
    there = np.where(half, sets["committee.greed"] < GREED, np.random.default_rng(7).random(120) < 0.5)
    monkeypatch.setattr(discovery, "_halves", lambda *_: (np.flatnonzero(half), np.flatnonzero(~half)))
    made = Made(sets, np.where(there, 0.05, 0.01), np.full(120, 0.02))
    found = boxes(made, ["R1", "R2"], "R1")  # type: ignore[arg-type]
    assert list(found.index) == ["committee.greed"] and found.attrs["density"] > 0.95
    assert found.attrs["density_held"] < 0.65 and not found.attrs["holds"]


def test_the_halves_are_all_sets_once_and_have_as_many_in_which_it_comes_first() -> None:
    cases = np.random.default_rng(8).random(51) < 0.3
    one, other = discovery._halves(cases, seed=1)
    assert sorted([*one, *other]) == list(range(51))
    assert abs(int(cases[one].sum()) - int(cases[other].sum())) <= 1
    assert not np.array_equal(one, discovery._halves(cases, seed=2)[0])


def test_every_box_keeps_to_the_rule_that_is_stated(in_noise: list[pd.DataFrame]) -> None:
    for found in (boxes(with_a_box(), ["R1", "R2"], "R2"), *in_noise):  # type: ignore[arg-type]
        assert found.empty == bool(found.attrs["why"])
        if not found.empty:
            assert 1 <= len(found) <= MOST_PARAMETERS and (found["quasi_p"] < ALPHA).all()
            assert found.attrs["coverage"] >= LEAST_COVERAGE
            assert found[["low", "high"]].notna().any(axis=1).all()


def test_a_lead_that_is_too_small_is_none_and_a_loss_comes_never_first() -> None:
    sets = drawn(40, 3)
    low = sets["committee.greed"].to_numpy() < GREED
    close = Made(sets, np.where(low, 0.02 + LEAD / 2, 0.0), np.full(40, 0.02))
    assert boxes(close, ["R1", "R2"], "R1").attrs["base_rate"] == 0  # type: ignore[arg-type]
    assert boxes(close, ["R1", "R2"], "R1", lead=0.0).attrs["base_rate"] > 0  # type: ignore[arg-type]
    losing = Made(sets, np.where(low, -0.01, -0.1), np.full(40, -0.05))
    found = boxes(losing, ["R1", "R2"], "R1")  # type: ignore[arg-type]
    assert found.empty and found.attrs["why"] == "R1 comes first in 0 of 40 parameter sets"


def test_where_less_is_better_the_smaller_one_comes_first() -> None:
    sets = drawn(100, 4)
    low = sets["committee.greed"].to_numpy() < GREED
    saving = Made(sets, np.where(low, -5e6, -1e6), np.full(100, -2e6), "cost_government")
    found = boxes(saving, ["R1", "R2"], "R1", "cost_government", lead=1e5)  # type: ignore[arg-type]
    assert list(found.index) == ["committee.greed"] and found.loc["committee.greed", "high"] == pytest.approx(
        GREED, abs=0.03
    )


def test_a_gauge_may_bound_a_box_and_a_set_that_lacks_it_is_left_out() -> None:
    chance = np.random.default_rng(50)
    late = pd.Series(chance.random(120), index=range(1, 121))
    made = Made(drawn(120, 5), np.where(late > 0.6, 0.05, 0.0), np.full(120, 0.02))
    gauges = pd.DataFrame({"money_late_share": late.mask(late.index <= 10)})
    found = boxes(made, ["R1", "R2"], "R1", gauges=gauges)  # type: ignore[arg-type]
    assert list(found.index) == ["money_late_share"]
    assert found.loc["money_late_share", "low"] == pytest.approx(0.6, abs=0.06)
    assert (found.attrs["sets"], found.attrs["missing"]) == (110, 10)


def test_of_few_sets_no_box_is_searched_and_it_is_said_why() -> None:
    found = boxes(with_a_box(19), ["R1", "R2"], "R1")  # type: ignore[arg-type]
    assert found.empty and list(found) == ["low", "high", "quasi_p"]
    assert found.attrs["why"] == "19 parameter sets are too few, it takes 10 in either half"
    assert not found.attrs["holds"]


@pytest.mark.parametrize(
    ("policies", "first", "more", "said"),
    [
        (["R1", "R9"], "R1", {}, "policies: must be one of R1, R2, got 'R9'"),
        (["R1"], "R2", {}, "first: must be one of R1, got 'R2'"),
        ("R1", "R1", {}, "policies: must be a list of names, got 'R1'"),
        (["R1"], "R1", {"lead": -1}, "lead: must be a number of at least 0, got -1"),
        (["R1"], "R1", {"indicator": "meals"}, "indicator: must be one of need_closed, .* got 'meals'"),
    ],
)
def test_what_there_is_not_is_refused(policies: list[str], first: str, more: dict[str, object], said: str) -> None:
    with pytest.raises(cs.ScenarioError, match=f"^boxes: {said}"):
        boxes(with_a_box(20), policies, first, **more)  # type: ignore[arg-type]


def test_without_the_workbench_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(cs.ScenarioError, match=r"^boxes: needs the EMA workbench: install coprod-sim\[sensitivity\]$"):
        boxes(with_a_box(20), ["R1"], "R1")  # type: ignore[arg-type]


def test_where_a_lead_has_no_default_it_is_asked_for() -> None:
    with pytest.raises(cs.ScenarioError, match=r"^boxes: lead: must be given in yuan for 'cost_government'"):
        boxes(with_a_box(20), ["R1", "R2"], "R1", "cost_government")  # type: ignore[arg-type]


def test_a_policy_comes_first_in_the_sets_in_which_the_diagnosis_says_so() -> None:
    sets = drawn(60, 6)
    chance = np.random.default_rng(7)
    made = Made(sets, chance.normal(0, 0.01, 60), chance.normal(0, 0.01, 60))
    share = probability_first(made, ["R1", "R2"])["R1"]  # type: ignore[arg-type]
    attrs = boxes(made, ["R1", "R2"], "R1").attrs  # type: ignore[arg-type]
    assert 0 < share < 1 and (attrs["base_rate"] + attrs["base_rate_held"]) / 2 == pytest.approx(share)
