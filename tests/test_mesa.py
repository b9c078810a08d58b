"""The model as Mesa's users meet it: a Model, agents of six kinds, elders made when asked for."""

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
from whole_models import SHORT, model_of, scenario

from coprod_sim.model.mesa_agents import (
    Association,
    Elder,
    Government,
    SocialOrganization,
    Township,
    VillageCommittee,
)
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.places import OPEN
from coprod_sim.scenario.schema import Scenario

FEW = (Government, Township, VillageCommittee, Association, SocialOrganization)


@pytest.fixture(scope="module")
def model() -> CoproductionModel:
    """A model with some months behind it, for tests that only look."""
    return model_of()


# The model


def test_the_model_is_a_mesa_model(model: CoproductionModel) -> None:
    assert isinstance(model, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)


def test_monthly_has_exactly_one_row_a_month_stepped() -> None:
    model = CoproductionModel(scenario(), rng=1)
    assert len(model.monthly) == 0
    for month in range(5):
        model.step()
        assert model.monthly["month"].tolist() == list(range(month + 1))
        assert model.month == month + 1
    columns = model.monthly.columns
    assert columns.is_unique and {"month", "elders"} < set(columns)


def test_monthly_counts_the_living_elders() -> None:
    model = CoproductionModel(scenario(), rng=1)
    for _ in range(3):
        present = int(model.state.elders.present.sum())
        assert len(model.agents_by_type[Elder]) == present
        model.step()
        assert model.monthly["elders"].iloc[-1] == present


def test_a_step_past_the_horizon_raises_and_leaves_everything_as_it_was() -> None:
    model = CoproductionModel(scenario(horizon={"months": 4, "reform_month": 0, "state_window": 1}), rng=1).run()
    before = model.monthly
    with pytest.raises(RuntimeError, match="4 months are over"):
        model.step()
    assert model.monthly.equals(before) and model.month == 4


def test_a_run_is_the_steps_to_the_horizon() -> None:
    short = {"months": 6, "reform_month": 0, "state_window": 1}
    run = CoproductionModel(scenario(horizon=short), rng=3).run()
    stepped = model_of(6, seed=3, horizon=short)
    assert run.monthly.equals(stepped.monthly)
    assert run.run() is run  # nothing left to do


def test_frames_show_the_tables(model: CoproductionModel) -> None:
    elders = model.elders_frame()
    assert len(elders) == model.state.elders.present.sum()
    assert (elders["age"] >= 60).all()
    land, state = model.state.people.land, model.state
    assert elders["village_name"].tolist() == land.name(elders["village"].to_numpy())
    villages, sites = model.villages_frame(), model.sites_frame()
    assert len(villages) == land.villages and villages["name"].tolist() == list(land.names)
    assert len(sites) == land.hamlets and sites["village_name"].tolist() == land.name(state.sites.village)
    assert len(model.townships_frame()) == state.townships.rows
    assert model.organizations_frame()["motivation"].tolist() == state.organizations.motivation.tolist()


def test_books_are_of_yuan_hours_and_meals_and_balance() -> None:
    model = model_of(0)
    for _ in range(14):
        model.step()
        money, hours, meals = model.books
        assert money.imbalance() < 1e-9 and hours.imbalance() < 1e-9 and meals.imbalance() < 1e-9
    assert money.moved.any() and meals.moved.any()


# The few


def test_only_the_few_are_registered(model: CoproductionModel) -> None:
    state = model.state
    assert not any(isinstance(agent, Elder) for agent in model.agents)
    numbers = {kind: len(model.agents_by_type[kind]) if kind in model.agents_by_type else 0 for kind in FEW}
    assert numbers == {
        Government: 1,
        Township: state.townships.rows,
        VillageCommittee: state.villages.rows,
        SocialOrganization: state.organizations.rows,
        Association: int(state.villages.association.sum()),
    }
    assert len(model.agents) == sum(numbers.values())
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_associations_are_agents_for_as_long_as_they_exist() -> None:
    model = model_of(14)
    exists = model.state.villages.association
    for village, there in ((0, True), (1, False)):
        exists[village] = there
    model._register_associations()
    found = {agent.row for agent in model.agents if isinstance(agent, Association)}
    assert found == set(np.flatnonzero(exists))
    exists[:] = False
    model._register_associations()
    assert not any(isinstance(agent, Association) for agent in model.agents)


def test_an_agents_attributes_are_its_row_of_the_table(model: CoproductionModel) -> None:
    committee = next(iter(model.agents_by_type[VillageCommittee]))
    state = model.state
    assert committee.motivation == state.villages.motivation[committee.row]
    assert set(committee.state()) == set(state.villages.columns)
    government = next(iter(model.agents_by_type[Government]))
    assert government.cash == state.county.cash[0]
    with pytest.raises(AttributeError, match="no state variable 'wisdom'"):
        _ = committee.wisdom


def test_an_association_shows_its_own_variables_and_no_committees() -> None:
    model = model_of(2)
    model.state.villages.association[1] = True
    model._register_associations()
    association = next(one for one in model.agents_by_type[Association] if one.row == 1)
    association.dues_cash = 17.0
    assert model.state.villages.dues_cash[1] == 17.0
    assert association.state() == {"members": model.state.villages.members[1], "dues_cash": 17.0}
    with pytest.raises(AttributeError, match="no state variable 'greed'"):
        _ = association.greed


def test_an_elder_has_the_site_that_serves_its_hamlet() -> None:
    model = model_of(0)
    assert model.elder(0).site == -1  # before anything is open
    while not (model.state.site >= 0).any():
        model.step()
    hamlet = int(np.flatnonzero(model.state.site >= 0)[0])
    row = int(np.flatnonzero(model.state.elders.hamlet == hamlet)[0])
    assert model.elder(row).site == model.state.site[hamlet] >= 0
    assert model.sites_frame()["status"].iloc[model.elder(row).site] >= OPEN


def test_what_is_written_to_an_agent_reaches_the_table() -> None:
    model = model_of(2)
    elder = model.elder(3)
    elder.trust = 0.125
    assert model.state.elders.trust[3] == 0.125
    assert model.elder(3).state()["trust"] == 0.125


# The elders


def test_elders_are_the_living_aged_60_and_over(model: CoproductionModel) -> None:
    elders, table = model.agents_by_type[Elder], model.state.elders
    rows = [elder.row for elder in elders]
    assert rows == np.flatnonzero(table.present).tolist()
    assert len(elders) == table.present.sum() == len(rows)
    assert ((model.month - table.birth_month[rows]) / 12 >= 60).all() and table.alive[rows].all()


def test_the_dead_are_elders_no_longer() -> None:
    model = model_of(2)
    before = model.agents_by_type[Elder]
    one, number = model.elder(5), len(before)
    assert one in before
    model.state.elders.present[5] = model.state.elders.alive[5] = False
    after = model.agents_by_type[Elder]
    assert one not in after and len(after) == number - 1
    assert one in before and len(before) == number  # as it was when it was asked for
    assert not one.present and model.elder(5) is one


def test_a_set_of_elders_shows_those_of_the_time_when_it_was_asked_for() -> None:
    model = model_of(1)
    sets = {}
    for _ in range(12):
        sets[model.month] = model.agents_by_type[Elder]
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
    assert next(e for e in model.agents_by_type[Elder] if e.row == 5) is model.elder(np.int64(5))  # type: ignore[arg-type]
    with pytest.raises(IndexError, match="row must be between 0 and"):
        model.elder(-1)


def test_no_elder_is_made_before_it_is_asked_for() -> None:
    model = model_of(13)
    assert model.agents_by_type[VillageCommittee] and Elder in model.agents_by_type and len(model.agent_types) > 3
    assert not [thing for thing in gc.get_objects() if type(thing) is Elder and thing.model is model]


def test_asking_for_elders_registers_nobody() -> None:
    model = model_of(2)
    before = len(model.agents)
    kept = model.agents_by_type[Elder].to_list()
    assert len(kept) == model.state.elders.present.sum()
    assert len(model.agents) == before


def test_elders_give_their_state_as_a_set_of_agents_does(model: CoproductionModel) -> None:
    elders, table = model.agents_by_type[Elder], model.state.elders
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
def test_what_mesa_offers_for_a_set_gives_what_the_table_holds(method: str, model: CoproductionModel) -> None:
    ask, expected = SET_METHODS[method]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        elders = model.agents_by_type[Elder]
        gc.collect()
        assert isinstance(elders, AgentSet)
        assert ask(elders) == expected(model.elders_frame())


def test_set_writes_to_the_table() -> None:
    model = model_of(1)
    model.agents_by_type[Elder].select(lambda elder: elder.village == 0).set("trust", 0.25)
    table = model.state.elders
    assert ((table.trust == 0.25) == (table.present & (table.village == 0))).all()


def test_shuffling_elders_changes_no_run() -> None:
    one, other = model_of(3), model_of(3)
    one.agents_by_type[Elder].shuffle_do("explain")
    assert one.run().monthly.equals(other.run().monthly)


# Numbers, copies, words


def numbers(model: CoproductionModel) -> list[int]:
    """Of all agents."""
    return [agent.unique_id for kind in model.agents_by_type for agent in model.agents_by_type[kind]]


def test_numbers_of_agents_are_unique_across_kinds_and_an_elders_stays() -> None:
    model = model_of(14)
    before = {elder.row: elder.unique_id for elder in model.agents_by_type[Elder]}
    model.state.villages.association[:] = ~model.state.villages.association
    model._register_associations()
    model.step()
    twin = model.branch(model.scenario_run)
    for one in (model, copy.deepcopy(model), twin):
        one.state.villages.association[:] = ~one.state.villages.association
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


def test_agents_say_who_they_are(model: CoproductionModel) -> None:
    model.state.villages.association[0] = True
    model._register_associations()
    for kind, agents in model.agents_by_type.items():
        agent = next(iter(agents))
        said = repr(agent)
        assert said.startswith(f"<{kind.__name__} {agent.row}: ") and "np." not in said and "object at" not in said
        assert all(f"{name}=" in said for name in kind.telling)
        assert set(agent.state()) <= set(dir(agent))
    elders = model.agents_by_type[Elder]
    assert "age" in dir(next(iter(elders))) and repr(elders) == f"<ElderSet of {len(elders)} elders>"
    assert f"month {model.month} of 48" in repr(model) and "seed 7" in repr(model)
    assert "Elder: " in repr(model.agents_by_type)


def test_an_elders_age_is_that_of_the_frame() -> None:
    model = model_of(2)
    for _ in range(2):
        frame = model.elders_frame()
        assert model.agents_by_type[Elder].get("age") == frame["age"].tolist()
        model.step()


# Mesa's ways of running a model

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
    model = CoproductionModel(scenario(horizon=SHORT), rng=3)
    assert model.running
    model.run_model()
    assert model.month == 5 and not model.running
    assert model.monthly.equals(CoproductionModel(scenario(horizon=SHORT), rng=3).run().monthly)
    assert not model.branch(model.scenario_run).running


def test_batch_run_gives_the_last_month_of_one_run_a_seed() -> None:
    rows = batch(CoproductionModel, range(3))
    models = [CoproductionModel(scenario(horizon=SHORT), rng=seed).run() for seed in range(3)]
    assert [row["rng"] for row in rows] == [0, 1, 2]
    for row, model in zip(rows, models, strict=True):
        last = model.monthly.iloc[-1]
        assert {key: row[key] for key in last.index} == pytest.approx(last.to_dict(), nan_ok=True)
    assert len({row["elders"] for row in rows}) == 3


def test_batch_run_gives_every_month_and_takes_several_scenarios() -> None:
    scenarios = [scenario(horizon=SHORT), scenario(horizon=SHORT, access={"fee": 7.0})]
    rows = pd.DataFrame(batch(CoproductionModel, [4, 5], scenarios, data_collection_period=1))
    assert len(rows) == 2 * 2 * 5
    for (_, months), (chosen, seed) in zip(rows.groupby("RunId"), of_runs(scenarios, (4, 5)), strict=True):
        model = CoproductionModel(chosen, rng=seed).run()
        pd.testing.assert_frame_equal(
            months[model.monthly.columns].reset_index(drop=True), model.monthly, check_dtype=False
        )


def of_runs(scenarios: list[Scenario], seeds: tuple[int, ...]) -> list[tuple[Scenario, int]]:
    """In the order in which Mesa runs them."""
    if NEW:
        return [(chosen, seed) for seed in seeds for chosen in scenarios]
    return [(chosen, seed) for chosen in scenarios for seed in seeds]


def test_batch_run_without_seeds_runs_nothing() -> None:
    with pytest.raises((TypeError, ValueError), match="rng"):
        batch(CoproductionModel)
    if NEW:  # where a seed among the parameters is overwritten, and iterations are told by None
        for told in ({"parameters": {"scenario": scenario(), "rng": range(5)}}, {"rng": [None] * 5}):
            with pytest.raises(ValueError, match=r"must be a whole number .*got None.*rng=range\(5\)"):
                mesa.batch_run(CoproductionModel, **{"parameters": {"scenario": scenario()}, **told})


def test_a_model_needs_a_scenario_and_a_seed() -> None:
    with pytest.raises(TypeError, match="rng"):
        CoproductionModel(scenario())  # type: ignore[call-arg]
    for seed in (None, -1, True, 1.0, "7", np.float64(2)):
        with pytest.raises(ValueError, match=r"rng: must be a whole number of at least 0"):
            CoproductionModel(scenario(), rng=seed)  # type: ignore[arg-type]
    assert CoproductionModel(scenario(), rng=np.uint64(7)).state.chance.seed == 7  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scenario: must be a Scenario, as load_scenario gives, got 'village_small'"):
        CoproductionModel("village_small", rng=1)  # type: ignore[arg-type]


class Watched(CoproductionModel):
    """Collects what Mesa's users collect, as they do."""

    def __init__(self, scenario: Scenario, rng: int) -> None:
        super().__init__(scenario, rng)
        self.datacollector = mesa.DataCollector(
            model_reporters={"oldest": lambda model: model.agents_by_type[Elder].agg("age", max), "own": self.own},
            agenttype_reporters={Elder: {"trust": "trust"}, VillageCommittee: {"cash": "cash"}},
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
    elders = model.datacollector.get_agenttype_vars_dataframe(Elder)
    assert len(elders) == model.monthly["elders"].iloc[-1] - died(model)


def died(model: CoproductionModel) -> int:
    """By how many the elders became fewer when the month ended, after its row was written."""
    return int(model.monthly["elders"].iloc[-1]) - len(model.agents_by_type[Elder])


# Living with Mesa


def test_the_models_random_numbers_never_comes_from_mesas_generators() -> None:
    model = CoproductionModel(scenario(), rng=4)
    numpys, pythons = model.rng.bit_generator.state, model.random.getstate()
    for _ in range(14):
        model.step()
    assert model.rng.bit_generator.state == numpys
    assert model.random.getstate() == pythons


def test_a_model_that_nobody_holds_is_let_go() -> None:
    model = model_of(2)
    kept = model.agents_by_type[Elder].to_list()
    gone = weakref.ref(model)
    del model, kept
    gc.collect()
    assert gone() is None


def test_it_works_with_warnings_about_the_future_as_errors() -> None:
    code = (
        "from coprod_sim.model.model import CoproductionModel as Model;"
        "from coprod_sim.model.mesa_agents import Elder;"
        "from coprod_sim.scenario.schema import Scenario;"
        "s = Scenario.model_validate({'population': {'villages': 3, 'elders_per_village': 40}, 'horizon': "
        "{'months': 3, 'reform_month': 0, 'state_window': 1}});"
        "m = Model(s, rng=1).run(); e = next(iter(m.agents_by_type[Elder]));"
        "m.explain(e), m.monthly, m.outcome(), m.elders_frame(), m.sites_frame(), m.villages_frame(), m.agents"
    )
    command = [sys.executable, "-Werror::FutureWarning", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
