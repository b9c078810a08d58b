"""The model as Mesa's users meet it: a Model, agents of five kinds, the elders among them made when asked for."""

from __future__ import annotations

import copy
import gc
import subprocess
import sys
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.agent import AgentSet
from states import lively, scenario

import coprod_sim as cs
from coprod_sim.model import explaining
from coprod_sim.model.agents.elder import enrolling
from coprod_sim.model.columns import Floats, Rows
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages import design, evaluation
from coprod_sim.model.stages.management import associations
from coprod_sim.model.stages.provision import helping, signing_up
from coprod_sim.model.terms import act

FEW = (cs.Government, cs.VillageCommittee, cs.Association, cs.SocialOrganization)


def model_of(months: int = 14, seed: int = 7, **groups: Any) -> cs.CoproductionModel:
    model = cs.CoproductionModel(scenario(**groups), rng=seed)
    while model.month < months:
        model.step()
    return model


@pytest.fixture(scope="module")
def model() -> cs.CoproductionModel:
    """A model with some months behind it, for tests that only look."""
    return model_of()


# The model


def test_the_model_is_a_mesa_model(model: cs.CoproductionModel) -> None:
    assert isinstance(model, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


def test_monthly_has_exactly_one_row_a_month_stepped() -> None:
    model = cs.CoproductionModel(scenario(), rng=1)
    assert len(model.monthly) == 0
    for month in range(5):
        model.step()
        assert model.monthly["month"].tolist() == list(range(month + 1))
        assert model.month == month + 1
    columns = model.monthly.columns
    assert columns.is_unique and {"elders", "enrolled_share", "cost_government"} <= set(columns)


def test_monthly_counts_the_living_elders() -> None:
    model = cs.CoproductionModel(scenario(), rng=1)
    for _ in range(3):
        present = int(model.state.elders.present.sum())
        assert len(model.agents_by_type[cs.Elder]) == present
        model.step()
        assert model.monthly["elders"].iloc[-1] == present


def test_a_step_past_the_horizon_raises_and_leaves_everything_as_it_was() -> None:
    model = cs.CoproductionModel(scenario(horizon={"months": 4, "reform_month": 0, "state_window": 1}), rng=1).run()
    before = model.monthly
    with pytest.raises(RuntimeError, match="4 months are over"):
        model.step()
    assert model.monthly.equals(before) and model.month == 4


def test_a_run_is_the_steps_to_the_horizon() -> None:
    short = {"months": 6, "reform_month": 0, "state_window": 1}
    run = cs.CoproductionModel(scenario(horizon=short), rng=3).run()
    stepped = model_of(6, seed=3, horizon=short)
    assert run.monthly.equals(stepped.monthly)
    assert run.run() is run  # nothing left to do


def test_frames_show_the_tables(model: cs.CoproductionModel) -> None:
    elders = model.elders_frame()
    assert len(elders) == model.state.elders.present.sum()
    assert (elders["age"] >= 60).all()
    assert len(model.villages_frame()) == model.state.land.villages
    assert len(model.sites_frame()) == model.state.land.hamlets


# The few


def test_only_the_few_are_registered(model: cs.CoproductionModel) -> None:
    state = model.state
    assert not any(isinstance(agent, cs.Elder) for agent in model.agents)
    numbers = {kind: len(model.agents_by_type[kind]) if kind in model.agents_by_type else 0 for kind in FEW}
    assert numbers == {
        cs.Government: 1,
        cs.VillageCommittee: state.land.villages,
        cs.SocialOrganization: state.organizations.rows,
        cs.Association: int(state.associations.exists.sum()),
    }
    assert len(model.agents) == sum(numbers.values())
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_associations_are_agents_for_as_long_as_they_exist() -> None:
    model = model_of(14)
    exists = model.state.associations.exists
    for village, there in ((0, True), (1, False)):
        exists[village] = there
    model._register_associations()
    found = {agent.row for agent in model.agents if isinstance(agent, cs.Association)}
    assert found == set(np.flatnonzero(exists))
    exists[:] = False
    model._register_associations()
    assert not any(isinstance(agent, cs.Association) for agent in model.agents)


def test_an_agents_attributes_are_its_row_of_the_table(model: cs.CoproductionModel) -> None:
    committee = next(iter(model.agents_by_type[cs.VillageCommittee]))
    state = model.state
    assert committee.service_motivation == state.committees.service_motivation[committee.row]
    assert set(committee.state()) == set(state.committees.columns)
    with pytest.raises(AttributeError, match="no state variable 'wisdom'"):
        _ = committee.wisdom


def test_what_is_written_to_an_agent_reaches_the_table() -> None:
    model = model_of(2)
    elder = model.elder(3)
    elder.trust = 0.125
    assert model.state.elders.trust[3] == 0.125
    assert model.elder(3).state()["trust"] == 0.125


# The elders


def test_elders_are_the_living_aged_60_and_over(model: cs.CoproductionModel) -> None:
    elders, table = model.agents_by_type[cs.Elder], model.state.elders
    rows = [elder.row for elder in elders]
    assert rows == np.flatnonzero(table.present).tolist()
    assert len(elders) == table.present.sum() == len(rows)
    assert (table.age(model.month)[rows] >= 60).all() and table.alive[rows].all()


def test_the_dead_are_elders_no_longer() -> None:
    model = model_of(2)
    before = model.agents_by_type[cs.Elder]
    one, number = model.elder(5), len(before)
    assert one in before
    model.state.elders.present[5] = model.state.elders.alive[5] = False
    after = model.agents_by_type[cs.Elder]
    assert one not in after and len(after) == number - 1
    assert one in before and len(before) == number  # as it was when it was asked for
    assert not one.present and model.elder(5) is one


def test_a_set_of_elders_shows_those_of_the_time_when_it_was_asked_for() -> None:
    model = model_of(1)
    sets = {}
    for _ in range(12):
        sets[model.month] = model.agents_by_type[cs.Elder]
        model.step()
        gc.collect()
    # A month's row counts those that the month began with.
    assert {month: len(elders) for month, elders in sets.items()} == model.monthly["elders"].iloc[1:].to_dict()
    assert model.monthly["elders"].nunique() > 1  # some died or turned 60
    assert all(list(elders) == [model.elder(agent.row) for agent in elders] for elders in sets.values())


def test_an_elder_is_the_same_object_for_as_long_as_the_model_is_there() -> None:
    model = model_of(2)
    model.elder(5).note = "kept"  # type: ignore[attr-defined]
    model.step()
    gc.collect()
    assert model.elder(5).note == "kept"  # type: ignore[attr-defined]
    assert next(e for e in model.agents_by_type[cs.Elder] if e.row == 5) is model.elder(np.int64(5))  # type: ignore[arg-type]
    with pytest.raises(IndexError, match="row must be between 0 and"):
        model.elder(-1)


def test_no_elder_is_made_before_it_is_asked_for() -> None:
    model = model_of(13)
    assert model.agents_by_type[cs.VillageCommittee] and cs.Elder in model.agents_by_type and len(model.agent_types) > 3
    assert not [thing for thing in gc.get_objects() if type(thing) is cs.Elder and thing.model is model]


def test_asking_for_elders_registers_nobody() -> None:
    model = model_of(2)
    before = len(model.agents)
    kept = model.agents_by_type[cs.Elder].to_list()
    assert len(kept) == model.state.elders.present.sum()
    assert len(model.agents) == before


def test_elders_give_their_state_as_a_set_of_agents_does(model: cs.CoproductionModel) -> None:
    elders, table = model.agents_by_type[cs.Elder], model.state.elders
    trust = table.trust[table.present]
    assert elders.get("trust") == trust.tolist()
    assert elders.get(["trust", "helper"])[0] == [trust[0], table.helper[table.present][0]]
    assert elders.agg("trust", np.mean) == pytest.approx(trust.mean())
    helpers = elders.select(lambda elder: elder.helper)
    assert len(helpers) == table.helper.sum()
    assert len(elders.select(at_most=3)) == 3


def _touch(elders: Any) -> int:
    touched: list[int] = []
    elders.do(lambda elder: touched.append(elder.row))
    return len(touched)


def _touch_shuffled(elders: Any) -> int:
    touched: list[int] = []
    elders.shuffle_do(lambda elder: touched.append(elder.row))
    return len(set(touched))


# Each of Mesa's methods: what it gives, and the same from the table.
SET_METHODS: dict[str, tuple[Callable[[Any], Any], Callable[[pd.DataFrame], Any]]] = {
    "len": (len, len),
    "iteration": (lambda elders: [elder.row for elder in elders], lambda frame: frame.index.tolist()),
    "in": (lambda elders: all(elder in elders for elder in elders), lambda _: True),
    "do": (_touch, len),
    "do by name": (lambda elders: len(elders.do("step")), len),
    "shuffle_do": (_touch_shuffled, len),
    "map": (lambda elders: elders.map(lambda elder: elder.row), lambda frame: frame.index.tolist()),
    "map by name": (lambda elders: len(elders.map("explain")), len),
    "get": (lambda elders: elders.get("trust"), lambda frame: frame["trust"].tolist()),
    "get several": (
        lambda elders: elders.get(["trust", "age"]), lambda frame: frame[["trust", "age"]].to_numpy().tolist()
    ),
    "agg": (lambda elders: elders.agg("age", max), lambda frame: frame["age"].max()),
    "agg several": (
        lambda elders: elders.agg("trust", [min, max]), lambda frame: [frame["trust"].min(), frame["trust"].max()]
    ),
    "select": (
        lambda elders: elders.select(lambda elder: elder.helper).agg("age", len),
        lambda frame: int(frame["helper"].sum()),
    ),
    "select most": (lambda elders: len(elders.select(at_most=3)), lambda _: 3),
    "select all": (lambda elders: elders.select().get("row"), lambda frame: frame.index.tolist()),
    "sort": (
        lambda elders: elders.sort("age", ascending=True).get("age"), lambda frame: sorted(frame["age"].tolist())
    ),
    "shuffle": (lambda elders: sorted(elders.shuffle().get("row")), lambda frame: frame.index.tolist()),
    "groupby": (
        lambda elders: elders.groupby("village").agg("trust", max),
        lambda frame: frame.groupby("village")["trust"].max().to_dict(),
    ),
    "groupby count": (
        lambda elders: elders.groupby("adl").count(), lambda frame: frame["adl"].value_counts().to_dict()
    ),
    "to_list": (lambda elders: elders.to_list()[0].row, lambda frame: frame.index[0]),
}  # fmt: skip


@pytest.mark.parametrize("method", SET_METHODS)
def test_what_mesa_offers_for_a_set_gives_what_the_table_holds(method: str, model: cs.CoproductionModel) -> None:
    ask, expected = SET_METHODS[method]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        elders = model.agents_by_type[cs.Elder]
        gc.collect()
        assert isinstance(elders, AgentSet)
        assert ask(elders) == expected(model.elders_frame())


def test_set_writes_to_the_table() -> None:
    model = model_of(1)
    model.agents_by_type[cs.Elder].select(lambda elder: elder.village == 0).set("trust", 0.25)
    table = model.state.elders
    assert ((table.trust == 0.25) == (table.present & (table.village == 0))).all()


def test_shuffling_elders_changes_no_run() -> None:
    one, other = model_of(3), model_of(3)
    one.agents_by_type[cs.Elder].shuffle_do("explain")
    assert one.run().monthly.equals(other.run().monthly)


# Numbers, copies, words


def numbers(model: cs.CoproductionModel) -> list[int]:
    """Of all agents."""
    return [agent.unique_id for kind in model.agents_by_type for agent in model.agents_by_type[kind]]


def test_numbers_of_agents_are_unique_across_kinds_and_an_elders_stays() -> None:
    model = model_of(14)
    before = {elder.row: elder.unique_id for elder in model.agents_by_type[cs.Elder]}
    model.state.associations.exists[:] = ~model.state.associations.exists
    model._register_associations()
    model.step()
    twin = model.branch(model.scenario_run)
    for one in (model, copy.deepcopy(model), twin):
        one.state.associations.exists[:] = ~one.state.associations.exists
        one._register_associations()
        assert len(set(numbers(one))) == len(numbers(one))
        assert {row: one.elder(row).unique_id for row in before} == before


def test_copies_and_branches_have_elders_of_their_own() -> None:
    model = model_of(3)
    elder = model.elder(4)
    for other in (copy.deepcopy(model), model.branch(model.scenario_run)):
        assert other.elder(4) is not elder and other.elder(4).model is other
        other.elder(4).trust = 0.5
        assert elder.trust == model.state.elders.trust[4] != 0.5
        other.step()
        assert other.month == 4 and model.month == 3


def test_an_elder_cannot_be_removed() -> None:
    with pytest.raises(TypeError, match="cannot be removed"):
        model_of(0).elder(0).remove()


def test_agents_say_who_they_are(model: cs.CoproductionModel) -> None:
    model.state.associations.exists[0] = True
    model._register_associations()
    for kind, agents in model.agents_by_type.items():
        agent = next(iter(agents))
        said = repr(agent)
        assert said.startswith(f"<{kind.__name__} {agent.row}: ") and "np." not in said and "object at" not in said
        assert all(f"{name}=" in said for name in kind.telling)
        assert set(agent.state()) <= set(dir(agent))
    elders = model.agents_by_type[cs.Elder]
    assert "age" in dir(next(iter(elders))) and repr(elders) == f"<ElderSet of {len(elders)} elders>"
    assert f"month {model.month} of 48" in repr(model) and "seed 7" in repr(model)
    assert "Elder: " in repr(model.agents_by_type)


def test_an_elders_age_is_that_of_the_frame() -> None:
    model = model_of(2)
    for _ in range(2):
        frame = model.elders_frame()
        assert model.agents_by_type[cs.Elder].get("age") == frame["age"].tolist()
        model.step()


# Mesa's ways of running a model

SHORT = {"months": 5, "reform_month": 2, "state_window": 1}
NEW = tuple(map(int, mesa.__version__.split(".")[:2])) >= (3, 4)  # in how seeds are told to batch_run


def batch(kind: type, seeds: Any = None, scenarios: Any = None, **told: Any) -> list[dict[str, Any]]:
    parameters = {"scenario": scenarios or scenario(horizon=SHORT)}
    if seeds is not None and NEW:
        told["rng"] = seeds
    elif seeds is not None:
        parameters["rng"] = seeds
    rows: list[dict[str, Any]] = mesa.batch_run(kind, parameters, display_progress=False, **told)
    return rows


def test_run_model_stops_at_the_horizon() -> None:
    model = cs.CoproductionModel(scenario(horizon=SHORT), rng=3)
    assert model.running
    model.run_model()
    assert model.month == 5 and not model.running
    assert model.monthly.equals(cs.CoproductionModel(scenario(horizon=SHORT), rng=3).run().monthly)
    assert not model.branch(model.scenario_run).running


def test_batch_run_gives_the_last_month_of_one_run_a_seed() -> None:
    rows = batch(cs.CoproductionModel, range(3))
    models = [cs.CoproductionModel(scenario(horizon=SHORT), rng=seed).run() for seed in range(3)]
    assert [row["rng"] for row in rows] == [0, 1, 2]
    for row, model in zip(rows, models, strict=True):
        last = model.monthly.iloc[-1]
        assert {key: row[key] for key in last.index} == pytest.approx(last.to_dict(), nan_ok=True)
    assert len({row["wellbeing"] for row in rows}) == 3


def test_batch_run_gives_every_month_and_takes_several_scenarios() -> None:
    scenarios = [scenario(horizon=SHORT), scenario(horizon=SHORT, access={"fee": 77})]
    rows = pd.DataFrame(batch(cs.CoproductionModel, [4, 5], scenarios, data_collection_period=1))
    assert len(rows) == 2 * 2 * 5
    for (_, months), (chosen, seed) in zip(rows.groupby("RunId"), of_runs(scenarios, (4, 5)), strict=True):
        model = cs.CoproductionModel(chosen, rng=seed).run()
        pd.testing.assert_frame_equal(
            months[model.monthly.columns].reset_index(drop=True), model.monthly, check_dtype=False
        )


def of_runs(scenarios: list[cs.Scenario], seeds: tuple[int, ...]) -> list[tuple[cs.Scenario, int]]:
    """In the order in which Mesa runs them."""
    if NEW:
        return [(chosen, seed) for seed in seeds for chosen in scenarios]
    return [(chosen, seed) for chosen in scenarios for seed in seeds]


def test_batch_run_without_seeds_runs_nothing() -> None:
    with pytest.raises((TypeError, ValueError), match="rng"):
        batch(cs.CoproductionModel)
    if NEW:  # where a seed among the parameters is overwritten, and iterations are told by None
        for told in ({"parameters": {"scenario": scenario(), "rng": range(5)}}, {"rng": [None] * 5}):
            with pytest.raises(ValueError, match=r"must be a whole number .*got None.*rng=range\(5\)"):
                mesa.batch_run(cs.CoproductionModel, **{"parameters": {"scenario": scenario()}, **told})


def test_a_model_needs_a_scenario_and_a_seed() -> None:
    with pytest.raises(TypeError, match="rng"):
        cs.CoproductionModel(scenario())  # type: ignore[call-arg]
    for seed in (None, -1, True, 1.0, "7", np.float64(2)):
        with pytest.raises(ValueError, match=r"rng: must be a whole number of at least 0"):
            cs.CoproductionModel(scenario(), rng=seed)  # type: ignore[arg-type]
    assert cs.CoproductionModel(scenario(), rng=np.uint64(7)).state.chance.seed == 7  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scenario: must be a Scenario, as load_scenario gives, got 'village_small'"):
        cs.CoproductionModel("village_small", rng=1)  # type: ignore[arg-type]


class Watched(cs.CoproductionModel):
    """Collects what Mesa's users collect, as they do."""

    def __init__(self, scenario: cs.Scenario, rng: int) -> None:
        super().__init__(scenario, rng)
        self.datacollector = mesa.DataCollector(
            model_reporters={"oldest": lambda model: model.agents_by_type[cs.Elder].agg("age", max), "own": self.own},
            agenttype_reporters={cs.Elder: {"trust": "trust"}, cs.VillageCommittee: {"cash": "cash"}},
        )

    def own(self) -> int:
        """What a bound method sees."""
        return self.month

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_a_collector_of_ones_own_is_used_and_copied_by_a_branch() -> None:
    rows = batch(Watched, [1])
    assert rows[0]["oldest"] > 60 and rows[0]["own"] == 5
    model = Watched(scenario(horizon=SHORT), rng=1)
    model.step()
    twin = model.branch(model.scenario_run)
    twin.run()
    collected = twin.datacollector.get_model_vars_dataframe()
    assert collected["own"].tolist() == [1, 2, 3, 4, 5]
    assert len(model.datacollector.get_model_vars_dataframe()) == 1
    elders = model.datacollector.get_agenttype_vars_dataframe(cs.Elder)
    assert len(elders) == model.monthly["elders"].iloc[-1] - died(model)


def died(model: cs.CoproductionModel) -> int:
    """By how many the elders became fewer when the month ended, after its row was written."""
    return int(model.monthly["elders"].iloc[-1]) - len(model.agents_by_type[cs.Elder])


# Why an elder chooses


@pytest.fixture
def log_odds(monkeypatch: pytest.MonkeyPatch) -> list[Floats]:
    """The log-odds by which elders act, in the order in which they do; one value a row, NaN for who has no choice."""
    asked: list[Floats] = []

    def spy(rows: Rows, log_odds: Floats, uniforms: Floats) -> Rows:
        of_all = np.full(len(uniforms), np.nan)
        of_all[rows] = log_odds
        asked.append(of_all)
        return act(rows, log_odds, uniforms)

    for module in (signing_up, evaluation, design, associations):
        monkeypatch.setattr(module, "act", spy)
    return asked


def both(sums: Floats, asked: Floats) -> np.ndarray:
    """Rows that were explained and had the choice."""
    there: np.ndarray = np.isfinite(sums) & np.isfinite(asked)
    assert there.any()
    return there


def explained(months: int, choice: str, **groups: Any) -> tuple[Any, Floats]:
    state = lively(months, **groups)
    state.associations.exists[:] = True
    rows = range(0, state.elders.rows, 7)
    sums = np.full(state.elders.rows, np.nan)
    for row in rows:
        sums[row] = sum(explaining.elder_choices(state, row, state.month)[choice].values())
    return state, sums


def test_explained_terms_add_up_to_the_log_odds_of_enrolling_and_leaving(log_odds: list[Floats]) -> None:
    for choice, place in (("leave", 0), ("enrol", 1)):
        state, sums = explained(25, choice)
        log_odds.clear()
        signing_up.decide(state)
        there = both(sums, log_odds[place])
        np.testing.assert_allclose(sums[there], log_odds[place][there], rtol=1e-12)


def test_explained_choices_of_helping_are_those_that_the_month_makes() -> None:
    state = lively(25, incentive={"time_bank": True})
    elders, params = state.elders, state.params.elders
    rows = [row for row in range(elders.rows) if elders.helper[row] or row % 5 == 0]
    reasons = {row: explaining.elder_choices(state, row, state.month) for row in rows}
    helped = elders.helper.copy()
    u_start, u_stop = (state.chance.uniforms(stream, 25, elders.rows) for stream in (Stream.START, Stream.STOP))
    helping.decide(state)
    for row, of_row in reasons.items():
        start, stop = of_row["start_helping"], of_row["stop_helping"]
        assert not (start.eligible and stop.eligible) and stop.eligible <= helped[row] <= (not start.eligible)
        starts, goes_on = u_start[row] < start.probability, u_stop[row] >= stop.probability
        assert elders.helper[row] == ((stop.eligible and goes_on) if helped[row] else (start.eligible and starts))
        # Both have the same motives: in stopping, each weighs the other way and less, by habit.
        utility = start.log_odds - params.start_base
        assert stop.log_odds == pytest.approx(params.stop_base - params.habit * utility, abs=1e-12)
        if elders.helper[row]:  # hours follow utility: they tell what the month's pass made of the motives
            weekly = params.hours_active * np.exp(np.clip(params.hours_slope * (utility - params.hours_utility), -3, 3))
            assert elders.hours[row] == pytest.approx(min(weekly, 16) * 52 / 12, rel=1e-12)
    assert elders.helper[helped].any() and not elders.helper[helped].all() and elders.helper[~helped].any()


@pytest.mark.parametrize("choice", ["start_helping", "stop_helping"])
def test_the_base_term_of_helping_is_the_one_of_the_scenario(choice: str) -> None:
    state = lively(25, elders={"start_base": -4.25, "stop_base": -2.75})
    terms = explaining.elder_choices(state, int(np.flatnonzero(state.elders.helper)[0]), 25)[choice]
    assert next(iter(terms)) == "base"
    assert terms["base"] == pytest.approx(-4.25 if choice == "start_helping" else -2.75, abs=1e-12)


def test_an_explanation_says_log_odds_probability_and_whether_there_is_a_choice() -> None:
    # 0.5 - 2 + 0.3 = -1.2; 1 / (1 + e^1.2) = 0.2315.
    explained = explaining.Explanation({"base": 0.5, "fear": -2.0, "trust": 0.3}, eligible=True)
    assert explained.log_odds == pytest.approx(-1.2)
    assert explained.probability == pytest.approx(0.231475216500982)
    assert repr(explained).startswith("<Explanation: probability 0.231, {'base': 0.5")
    assert repr(explaining.Explanation({"base": 0.5}, eligible=False)).startswith("<Explanation: not eligible")


def test_explained_terms_add_up_to_the_log_odds_of_attending(log_odds: list[Floats]) -> None:
    state, sums = explained(24, "attend", negotiation={"rounds": 2, "elders_seat": True})
    log_odds.clear()
    design._attend(state)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_joining(log_odds: list[Floats]) -> None:
    state, sums = explained(25, "join")
    log_odds.clear()
    associations._join(state)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_complaining(log_odds: list[Floats]) -> None:
    state, sums = explained(25, "complain", elders={"adaptation": 0.0})  # expectations stay as they are
    log_odds.clear()
    evaluation.update_beliefs(state)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_an_elder_explains_itself_by_row_or_as_an_agent(model: cs.CoproductionModel) -> None:
    elder = next(iter(model.agents_by_type[cs.Elder]))
    reasons = model.explain(elder)
    assert reasons == model.explain(elder.row) == elder.explain()
    assert set(reasons) == {"enrol", "leave", "attend", "complain", "join", "start_helping", "stop_helping"}
    assert all(np.isfinite(value) for terms in reasons.values() for value in terms.values())


def test_explaining_changes_nothing_that_happens_later() -> None:
    asked, left_alone = model_of(3), model_of(3)
    for _ in range(4):
        for row in (0, 11, 40):
            asked.explain(row)
        asked.step()
        left_alone.step()
    assert asked.monthly.equals(left_alone.monthly)


def test_explain_names_each_motive_of_the_rule_once(model: cs.CoproductionModel) -> None:
    state = model.state
    site = signing_up.see_site(state)
    rule = enrolling.utility_of_enrolling(state.elders, state.params.elders, state.needs, state.acquaintances, site)
    assert list(model.explain(0)["enrol"]) == list(rule.named)


# Living with Mesa


def test_the_models_random_numbers_never_comes_from_mesas_generators() -> None:
    model = cs.CoproductionModel(scenario(), rng=4)
    numpys, pythons = model.rng.bit_generator.state, model.random.getstate()
    for _ in range(14):
        model.step()
    assert model.rng.bit_generator.state == numpys
    assert model.random.getstate() == pythons


def test_a_model_that_nobody_holds_is_let_go() -> None:
    model = model_of(2)
    kept = model.agents_by_type[cs.Elder].to_list()
    gone = weakref.ref(model)
    del model, kept
    gc.collect()
    assert gone() is None


def test_it_works_with_warnings_about_the_future_as_errors() -> None:
    code = (
        "import coprod_sim as cs;"
        "s = cs.load_scenario('village_small', ['horizon.months=3', 'horizon.reform_month=0']);"
        "m = cs.CoproductionModel(s, rng=1).run(); e = next(iter(m.agents_by_type[cs.Elder]));"
        "m.explain(e), m.monthly, m.outcome(), m.elders_frame(), m.sites_frame(), m.villages_frame(), m.agents"
    )
    command = [sys.executable, "-Werror::FutureWarning", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_the_public_face_is_exactly_what_is_exported() -> None:
    assert set(dir(cs)) == {*cs.__all__, "__version__"} and set(cs._PLACES) == set(cs.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = cs.nothing
    assert list(cs.__all__) == sorted(set(cs.__all__))
    here: dict[str, Any] = {}
    exec("from coprod_sim import *", here)
    assert set(cs.__all__) <= set(here)
    assert all((getattr(cs, name).__doc__ or "").strip() for name in cs.__all__)


def test_the_small_county_has_an_organisation() -> None:
    model = cs.CoproductionModel(cs.load_scenario("village_small"), rng=0)
    assert len(model.agents_by_type[cs.SocialOrganization]) >= 1
