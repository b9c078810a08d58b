"""The model as Mesa's users meet it: a Model, agents of five kinds, the elders among them made when asked for."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

import mesa
import numpy as np
import pytest
from worlds import lively, scenario

import coprod_sim as cs
from coprod_sim.model import explaining
from coprod_sim.model.agents.elder import enrolling
from coprod_sim.model.columns import Floats, Rows
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
        present = int(model.world.elders.present.sum())
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
    assert len(elders) == model.world.elders.present.sum()
    assert (elders["age"] >= 60).all()
    assert len(model.villages_frame()) == model.world.land.villages
    assert len(model.sites_frame()) == model.world.land.hamlets


# The few


def test_only_the_few_are_registered(model: cs.CoproductionModel) -> None:
    world = model.world
    assert not any(isinstance(agent, cs.Elder) for agent in model.agents)
    numbers = {kind: len(model.agents_by_type[kind]) for kind in FEW if kind in model.agents_by_type}
    assert numbers == {
        cs.Government: 1,
        cs.VillageCommittee: world.land.villages,
        cs.SocialOrganization: world.organizations.rows,
        cs.Association: int(world.associations.exists.sum()),
    }
    assert len(model.agents) == sum(numbers.values())
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_associations_are_agents_for_as_long_as_they_exist() -> None:
    model = model_of(14)
    exists = model.world.associations.exists
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
    world = model.world
    assert committee.service_motivation == world.committees.service_motivation[committee.row]
    assert set(committee.state()) == set(world.committees.columns)
    with pytest.raises(AttributeError, match="no state variable 'wisdom'"):
        _ = committee.wisdom


def test_what_is_written_to_an_agent_reaches_the_table() -> None:
    model = model_of(2)
    elder = model.elder(3)
    elder.trust = 0.125
    assert model.world.elders.trust[3] == 0.125
    assert model.elder(3).state()["trust"] == 0.125


# The elders


def test_elders_are_the_living_aged_60_and_over(model: cs.CoproductionModel) -> None:
    elders, table = model.agents_by_type[cs.Elder], model.world.elders
    rows = [elder.row for elder in elders]
    assert rows == np.flatnonzero(table.present).tolist()
    assert len(elders) == table.present.sum() == len(rows)
    assert (table.age(model.month)[rows] >= 60).all() and table.alive[rows].all()


def test_the_dead_are_elders_no_longer() -> None:
    model = model_of(2)
    elders = model.agents_by_type[cs.Elder]
    one, number = model.elder(5), len(elders)
    assert one in elders
    model.world.elders.present[5] = model.world.elders.alive[5] = False
    assert one not in elders and len(elders) == number - 1


def test_an_elder_is_the_same_object_for_as_long_as_anyone_holds_it() -> None:
    model = model_of(2)
    held = model.elder(5)
    held.note = "kept"  # type: ignore[attr-defined]
    model.step()
    assert model.elder(5) is held
    assert next(e for e in model.agents_by_type[cs.Elder] if e.row == 5) is held
    gone = weakref.ref(held)
    del held
    gc.collect()
    assert gone() is None


def test_asking_for_elders_registers_nobody() -> None:
    model = model_of(2)
    before = len(model.agents)
    kept = model.agents_by_type[cs.Elder].to_list()
    assert len(kept) == model.world.elders.present.sum()
    assert len(model.agents) == before


def test_elders_give_their_state_as_a_set_of_agents_does(model: cs.CoproductionModel) -> None:
    elders, table = model.agents_by_type[cs.Elder], model.world.elders
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


SET_METHODS: dict[str, Callable[[Any], int]] = {
    "do": _touch,
    "map": lambda elders: len(elders.map(lambda elder: elder.row)),
    "sort": lambda elders: len(elders.sort("trust")),
    "shuffle": lambda elders: len(elders.shuffle()),
    "groupby": lambda elders: sum(len(group) for _, group in elders.groupby("village", result_type="list")),
}


@pytest.mark.parametrize("method", SET_METHODS)
def test_what_mesa_offers_for_a_set_reaches_every_elder_or_says_that_it_does_not(method: str) -> None:
    elders = model_of(1).agents_by_type[cs.Elder]
    try:
        reached = SET_METHODS[method](elders)
    except (NotImplementedError, TypeError):
        return  # said so
    assert reached == len(elders)


# Why an elder chooses


@pytest.fixture
def log_odds(monkeypatch: pytest.MonkeyPatch) -> list[Floats]:
    """The log-odds by which elders act, in the order in which they do; one value a row, NaN for who has no choice."""
    asked: list[Floats] = []

    def spy(rows: Rows, log_odds: Floats, luck: Floats) -> Rows:
        of_all = np.full(len(luck), np.nan)
        of_all[rows] = log_odds
        asked.append(of_all)
        return act(rows, log_odds, luck)

    for module in (signing_up, helping, evaluation, design, associations):
        monkeypatch.setattr(module, "act", spy)
    return asked


def both(sums: Floats, asked: Floats) -> np.ndarray:
    """Rows that were explained and had the choice."""
    there: np.ndarray = np.isfinite(sums) & np.isfinite(asked)
    assert there.any()
    return there


def explained(months: int, choice: str, **groups: Any) -> tuple[Any, Floats]:
    world = lively(months, **groups)
    world.associations.exists[:] = True
    rows = range(0, world.elders.rows, 7)
    sums = np.full(world.elders.rows, np.nan)
    for row in rows:
        sums[row] = sum(explaining.elder_choices(world, row)[choice].values())
    return world, sums


def test_explained_terms_add_up_to_the_log_odds_of_enrolling_and_leaving(log_odds: list[Floats]) -> None:
    for choice, place in (("leave", 0), ("enrol", 1)):
        world, sums = explained(25, choice)
        log_odds.clear()
        signing_up.decide(world)
        there = both(sums, log_odds[place])
        np.testing.assert_allclose(sums[there], log_odds[place][there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_starting_to_help(log_odds: list[Floats]) -> None:
    world, sums = explained(25, "help", incentive={"time_bank": True})
    log_odds.clear()
    helping.decide(world)
    weight = world.policy.elders
    start, stop = log_odds
    for asked, expected in ((start, weight.start_base + sums), (stop, weight.stop_base - weight.habit * sums)):
        there = both(sums, asked)
        np.testing.assert_allclose(expected[there], asked[there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_attending(log_odds: list[Floats]) -> None:
    world, sums = explained(24, "attend", negotiation={"rounds": 2, "elders_seat": True})
    log_odds.clear()
    design._attend(world)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_joining(log_odds: list[Floats]) -> None:
    world, sums = explained(25, "join")
    log_odds.clear()
    associations._join(world)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_explained_terms_add_up_to_the_log_odds_of_complaining(log_odds: list[Floats]) -> None:
    world, sums = explained(25, "complain", elders={"adaptation": 0.0})  # expectations stay as they are
    log_odds.clear()
    evaluation.live_and_learn(world)
    there = both(sums, log_odds[0])
    np.testing.assert_allclose(sums[there], log_odds[0][there], rtol=1e-12)


def test_an_elder_explains_itself_by_row_or_as_an_agent(model: cs.CoproductionModel) -> None:
    elder = next(iter(model.agents_by_type[cs.Elder]))
    reasons = model.explain(elder)
    assert reasons == model.explain(elder.row) == elder.explain()
    assert {"enrol", "leave", "help", "attend", "complain", "join"} <= set(reasons)
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
    world = model.world
    site = signing_up.see_site(world)
    rule = enrolling.pull_to_enrol(world.elders, world.policy.elders, world.needs, world.ties, site)
    assert list(model.explain(0)["enrol"]) == list(rule.named)


# Living with Mesa


def test_the_models_luck_never_comes_from_mesas_generators() -> None:
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
    public = {name for name, value in vars(cs).items() if name[0] != "_" and not isinstance(value, ModuleType)}
    assert public == set(cs.__all__)
    assert list(cs.__all__) == sorted(set(cs.__all__))
    here: dict[str, Any] = {}
    exec("from coprod_sim import *", here)
    assert set(cs.__all__) <= set(here)
    assert all((getattr(cs, name).__doc__ or "").strip() for name in cs.__all__)


def test_the_small_county_has_an_organisation() -> None:
    model = cs.CoproductionModel(cs.load_scenario("village_small"), rng=0)
    assert len(model.agents_by_type[cs.SocialOrganization]) >= 1
