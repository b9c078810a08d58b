"""Common random numbers: bit for bit where nothing differs, and where something does, only as far as it can reach."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import for_each
from rules import both
from strategies import DECLARED, EXTREMES, LEVERS, LIVELY, end, scenario_with

from coprod_sim import CoproductionModel
from coprod_sim.model.columns import Table
from coprod_sim.model.engine.random_numbers import gumbel, mixed, normal, uniform
from coprod_sim.model.outcomes import COLUMNS
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario, scenario_from
from coprod_sim.scenario.timeline import reform

HERE = Path(__file__).resolve().parent
SEED = 5


# What a model holds, to the bit.


def tables(model: CoproductionModel) -> dict[str, Table]:
    """The tables of a model by name."""
    state = model.state
    found = {**vars(state), "elders": state.elders, "helped": state.helped}
    return {name: table for name, table in found.items() if isinstance(table, Table)}


def everything(model: CoproductionModel) -> Iterator[tuple[str, Any]]:
    """All state and results of a model, by name."""
    for table_name, table in tables(model).items():
        for column in table.columns:
            if (table_name, column) != ("county", "drafted"):  # laws differ between policies, whatever they do
                yield f"{table_name}.{column}", getattr(table, column)
    for month, row in enumerate(model.record.months):
        for name, value in zip(COLUMNS, row, strict=True):
            yield f"{name} in month {month}", np.array([value])
    yield "yuan moved", model.state.money.moved
    yield "meals moved", model.state.meals.moved
    if model.month == model.scenario_run.horizon.months:
        for key, value in model.outcome()["value"].items():
            yield f"outcome {key}", np.array([value])


def first_difference(a: CoproductionModel, b: CoproductionModel) -> str | None:
    """What first differs in so much as a bit, or None."""
    of_a, of_b = dict(everything(a)), dict(everything(b))
    if of_a.keys() != of_b.keys():
        return f"only one of them has {sorted(map(str, of_a.keys() ^ of_b.keys()))[0]}"
    return next((name for name, values in of_a.items() if values.tobytes() != of_b[name].tobytes()), None)


def run(scenario: Scenario, seed: int = SEED, months: int | None = None) -> CoproductionModel:
    model = CoproductionModel(scenario, rng=seed)
    for _ in range(scenario.horizon.months if months is None else months):
        model.step()
    return model


def digest(model: CoproductionModel, with_outcome: bool = True) -> str:
    """A fingerprint of all that a model holds."""
    parts = hashlib.sha256()
    for name, values in everything(model):
        if name.startswith("outcome") and not with_outcome:
            continue
        parts.update(name.encode() + values.tobytes())
    return parts.hexdigest()


@cache
def lively() -> CoproductionModel:
    """The lively world under today's policy, run to its end. Not to be changed."""
    return run(scenario_with(LIVELY))


def reformed(changes: dict[str, Any]) -> Scenario:
    """The lively world with levers that change in its reform month, as a policy's overrides make them."""
    today = scenario_with(LIVELY)
    policy = scenario_with({**LIVELY, **changes})
    return scenario_from(reform(today.values(), policy.values(), today.horizon.reform_month))


# The streams.


@settings(max_examples=50)
@given(
    stream=st.sampled_from(Stream),
    month=st.integers(0, 600),
    slots=st.integers(0, 300),
    before=st.lists(st.tuples(st.sampled_from(Stream), st.integers(0, 600), st.integers(0, 300)), max_size=5),
)
def test_a_streams_numbers_do_not_depend_on_what_was_drawn_before(
    stream: Stream, month: int, slots: int, before: list[tuple[Stream, int, int]]
) -> None:
    fresh, used = Chance(SEED), Chance(SEED)
    for other, when, number in before:
        used.uniforms(other, when, number)
        used.normals(other, when, number)
        used.gumbels(other, when, (2, number))
    assert fresh.uniforms(stream, month, slots).tobytes() == used.uniforms(stream, month, slots).tobytes()
    assert fresh.normals(stream, month, slots).tobytes() == used.normals(stream, month, slots).tobytes()
    assert fresh.gumbels(stream, month, (3, slots)).tobytes() == used.gumbels(stream, month, (3, slots)).tobytes()


@settings(max_examples=30)
@given(stream=st.sampled_from(Stream), month=st.integers(0, 600), slots=st.integers(1, 200), more=st.integers(0, 200))
def test_a_slots_number_does_not_change_with_how_many_slots_follow(
    stream: Stream, month: int, slots: int, more: int
) -> None:
    few, many = Chance(SEED).uniforms(stream, month, slots), Chance(SEED).uniforms(stream, month, slots + more)
    assert few.tobytes() == many[:slots].tobytes()
    assert ((many > 0) & (many < 1)).all()


def test_what_a_pass_draws_by_its_key_is_what_the_streams_numbers_are() -> None:
    chance = Chance(SEED)
    key = chance.key(Stream.HELP, 14)
    for numbers, draw in ((chance.uniforms, uniform), (chance.normals, normal)):
        np.testing.assert_array_equal(numbers(Stream.HELP, 14, 40), [both(draw)(key, row) for row in range(40)])
    by_row = np.array([both(gumbel)(key, row) for row in range(40)])
    np.testing.assert_array_equal(chance.gumbels(Stream.HELP, 14, (4, 10)), by_row.reshape(4, 10))


def test_bits_are_mixed_as_published() -> None:
    # SplitMix64 from seed 0 gives the mixed multiples of its constant: the first three numbers as published.
    for multiple, published in ((1, 0xE220A8397B1DCDAF), (2, 0x6E789E6AA1B965F4), (3, 0x06C45D188009454F)):
        z = np.uint64((0x9E3779B97F4A7C15 * multiple) % 2**64)
        assert int(both(mixed)(z)) == published
    assert int(both(mixed)(np.uint64(0))) == 0


@pytest.mark.parametrize("row", [0, 1, 7, 2**31, 2**40])
@pytest.mark.parametrize("key", [0, 1, 2**63, 2**64 - 1])
def test_a_uniform_number_is_the_middle_of_one_of_so_many_equal_parts(key: int, row: int) -> None:
    def by_hand(z: int) -> int:  # in whole numbers of any size
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
        return z ^ (z >> 31)

    part = by_hand(key ^ by_hand((row + 1) * 0x9E3779B97F4A7C15 % 2**64)) >> 12
    assert both(uniform)(np.uint64(key), row) == (2 * part + 1) / 2**53


def test_normal_and_gumbel_numbers_follow_from_uniform_ones() -> None:
    key = Chance(SEED).key(Stream.HELP)
    for row in range(20):
        first, second, one = (both(uniform)(key, slot) for slot in (2 * row, 2 * row + 1, row))
        by_hand = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
        assert both(normal)(key, row) == pytest.approx(by_hand, abs=1e-14)
        assert both(gumbel)(key, row) == pytest.approx(-np.log(-np.log(one)), abs=1e-14)


def test_streams_months_and_seeds_have_numbers_of_their_own() -> None:
    assert len(Stream.__members__) == len(Stream), "two purposes share one number, and so one sequence"
    keys = [(seed, stream, month) for seed in (0, 1) for stream in Stream for month in (0, 1, 2)]
    numbers = [tuple(Chance(seed).uniforms(stream, month, 4)) for seed, stream, month in keys]
    assert len(set(numbers)) == len(keys)


def test_numbers_fill_the_unit_interval_evenly_and_streams_do_not_move_together() -> None:
    table = np.array([Chance(SEED).uniforms(stream, 3, 4_000) for stream in Stream])
    # Mean of 4,000: sd 0.0046; the largest of about 60 stays under four of these. Correlations: sd 0.016.
    assert np.abs(table.mean(axis=1) - 0.5).max() < 0.02
    assert np.abs(np.corrcoef(table) - np.eye(len(table))).max() < 0.08


# Rows of each stream (ODD 4.8). The elder's: choices, health and family, what one has for life.
ROWS: dict[str, set[str]] = {
    "village": {"CLOSE", "FOUND", "CONTRACT", "CONTRACT_LOT", "INITIAL_SIZE", "INITIAL_POOR", "INITIAL_VILLAGE_INCOME",
                "INITIAL_SERVICE_MOTIVATION", "INITIAL_GREED", "INITIAL_VANITY", "INITIAL_ASSOCIATION"},
    "village x 3": {"INITIAL_HAMLETS"},
    "village x 8": {"INITIAL_PARTS"},
    "hamlet": {"APPLY", "DECIDE", "BUILD", "CLAIM", "LOT", "AUDIT", "PHANTOM", "EVALUATE", "ACCIDENT"},
    "hamlet x 8": {"ONSET", "REPAIR", "MEND", "FIND", "FOLLOW", "WANTING"},
    "township": {"INITIAL_TOWNSHIP_VANITY"},
    "village, then township": {"DUTY_COST"},
    "one": {"REVENUE"},
    "elder x 8": {"INITIAL_NEAR", "INITIAL_ACQUAINTANCE"},
}  # fmt: skip
NORMAL = {"INITIAL_SIZE", "INITIAL_INCOME", "INITIAL_FILIAL", "INITIAL_TASTE", "INITIAL_MOTIVATION", "INITIAL_TRUST",
          "INITIAL_VILLAGE_INCOME", "INITIAL_SERVICE_MOTIVATION", "COVER_COMMON", "COVER_MEALS", "COVER_COMPANY",
          "COVER_DAILY_HELP", "COVER_HEALTH", "DUTY_COST", "REVENUE", "EVALUATE"}  # fmt: skip
# Asked for more than once with one answer: what one has for life, the first helpers, who are found in ten rounds, and
# whether somebody thinks again, which is asked of all at once and then of each.
AGAIN = {"THRESHOLD", "ORDER", "WAIVER", "QUEUE", "TAKEN", "HELP", "HELP_AGAIN", "ENROL_AGAIN", "AUDIT",
         *(stream.name for stream in Stream if stream.name.startswith("COVER_"))}  # fmt: skip


@cache
def uses() -> dict[str, Any]:
    """How streams are used in a small county in which everything happens: see streams_used.py."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "streams_used.py")],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_stream_is_drawn() -> None:
    assert {stream.name for stream in Stream} == set(uses()["streams"])


@for_each(stream.name for stream in Stream)
def test_a_stream_is_used_in_one_way_with_the_rows_that_it_is_said_to_have(name: str) -> None:
    """Uniform or normal, never both; its rows within those of who or what it is about, and none asked for twice.

    An audit is drawn in two places: of open sites where hours are given, and of sites that stopped and are reported
    open where it is seen through. No site is both, so that a number of `AUDIT` decides one thing.
    """
    sizes, use = uses()["sizes"], uses()["streams"][name]
    highest = {
        "village": sizes["villages"], "village x 3": 3 * sizes["villages"], "village x 8": 8 * sizes["villages"],
        "hamlet": sizes["hamlets"], "hamlet x 8": 8 * sizes["hamlets"], "township": sizes["townships"],
        "village, then township": sizes["villages"] + sizes["townships"], "one": 1, "elder x 8": 8 * sizes["elders"],
    }  # fmt: skip
    kind = next((kind for kind, names in ROWS.items() if name in names), "elder")
    rows = highest.get(kind, sizes["elders"])
    assert use["kinds"] == ["normal" if name in NORMAL else "uniform"]
    assert use["highest"] < rows
    if kind == "hamlet x 8":
        assert use["highest"] >= sizes["hamlets"] * 8 - 8
    if kind in ("elder", "elder x 8"):
        assert use["highest"] > 8 * sizes["villages"] or name.startswith("JOIN"), "rows of something smaller"
    assert use["often"] == 1 or name in AGAIN


# The same run again.


@pytest.mark.parametrize("name", ["as it is", "lively", "everybody willing", "all levers at their high ends"])
def test_the_same_scenario_and_seed_give_the_same_bits(name: str) -> None:
    scenario = scenario_with(EXTREMES[name])
    a, b = run(scenario), run(scenario_from(scenario.values()))
    assert first_difference(a, b) is None
    pd.testing.assert_frame_equal(a.monthly, b.monthly, check_exact=True)
    pd.testing.assert_frame_equal(a.elders_frame(), b.elders_frame(), check_exact=True)


def test_another_seed_gives_another_history() -> None:
    assert first_difference(lively(), run(scenario_with(LIVELY), seed=SEED + 1)) is not None


@pytest.mark.parametrize("seed", [-1, 1.5, "7", [1.5]], ids=repr)
def test_a_seed_that_is_no_whole_number_is_refused(seed: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        CoproductionModel(scenario_with({}), rng=seed)


def test_a_run_keeps_to_one_seed_even_where_no_seed_was_given() -> None:
    try:
        chance = CoproductionModel(scenario_with({}), rng=None).state.chance  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return  # refused: as good
    assert (chance.uniforms(Stream.DECIDE, 0, 5) == chance.uniforms(Stream.DECIDE, 0, 5)).all()


def test_models_built_and_stepped_in_between_change_no_bit() -> None:
    mine, other = CoproductionModel(scenario_with(LIVELY), rng=SEED), None
    for month in range(mine.scenario_run.horizon.months):
        other = CoproductionModel(scenario_with(EXTREMES["everybody willing"]), rng=month) if month % 5 == 0 else other
        assert other is not None
        other.step()
        mine.step()
    assert first_difference(mine, lively()) is None


def test_looking_at_a_run_changes_no_bit() -> None:
    model = CoproductionModel(scenario_with(LIVELY), rng=SEED)
    for _ in range(model.scenario_run.horizon.months):
        model.step()
        row = int(np.flatnonzero(model.state.elders.present)[0])
        model.explain(row)
        assert len(model.elders_frame()) == len(model.agents_by_type[type(model.elder(row))])
        assert not model.villages_frame().empty and not model.sites_frame().empty and not model.monthly.empty
    model.outcome()
    assert first_difference(model, lively()) is None


def test_another_process_with_another_hash_seed_gives_the_same_bits() -> None:
    script = "from test_chance import digest, lively; print(digest(lively()))"
    for hash_seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert done.stdout.strip() == digest(lively())


# Policies that differ in nothing that matters.

RUNNING = Scenario().funding.running_per_site
NULL_POLICIES: dict[str, dict[str, Any]] = {
    "today under another name": {},
    "a schedule that changes nothing": {"funding.running_per_site": {0: RUNNING, 15: RUNNING}},
    "a budget for pay that nobody is offered": {"incentive.pay_budget": 10_000.0},
    "dearer awards of which there are none": {"incentive.award_cost": 1_000.0},
    "rules of a time bank that there is not": {
        "incentive.credit_life": 6.0,
        "incentive.booking_cost": 2_000.0,
    },
    "seats and a facilitator, but no rounds": {
        "negotiation.elders_seat": True,
        "negotiation.association_seat": True,
        "negotiation.organization_seat": True,
        "negotiation.facilitation": True,
        "negotiation.round_hours": 12.0,
        "negotiation.facilitator_cost": 2_000.0,
    },
    "dearer checks of which there are none": {
        "supervision.survey_cost": 200.0,
        "supervision.evaluator_cost": 5_000.0,
        "supervision.book_cost": 200.0,
        "supervision.book_hours": 20.0,
    },
    "a change after the end of the run": {"funding.running_per_site": {0: RUNNING, 24: 0.0}},
}


@pytest.mark.parametrize("name", NULL_POLICIES)
def test_a_policy_that_changes_nothing_has_a_difference_of_exactly_zero_everywhere(name: str) -> None:
    model = run(reformed(NULL_POLICIES[name]))
    assert first_difference(model, lively()) is None
    gap = model.outcome()["value"] - lively().outcome()["value"]
    assert (gap.fillna(0.0) == 0.0).all()


BASES_WITHOUT_BITE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # name → (what holds in both scenarios, the policy that then cannot matter)
    "a sanction where nobody looks": (
        {"supervision.audit_probability": 0.0, "supervision.survey_share": 0.0},
        {"supervision.sanction": 3.0},
    ),
    "contracts enforceable at no cost where no organisation works": (
        {"organizations.per_county": 0, "legal.drafting": 0.0},
        {"legal.contract_enforcement": True, "funding.service_purchase": 10_000.0},
    ),
    "a guarantee of running money where there is none to pay": (
        {"funding.running_per_site": 0.0, "funding.paid_first": "running", "organizations.per_county": 0,
         "legal.drafting": 0.0},
        {"legal.payment_guarantee": True},
    ),
    "fees waived for the poor where the pension is small and all are rich": (
        {"population.pension": 50.0, "population.income_median": 2_000.0, "population.income_spread": 0.1},
        {"access.fee_waiver_share": 1.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BASES_WITHOUT_BITE)
def test_a_lever_that_cannot_bite_has_a_difference_of_exactly_zero(name: str) -> None:
    base, policy = BASES_WITHOUT_BITE[name]
    today = scenario_with({**LIVELY, **base})
    changed = scenario_with({**LIVELY, **base, **policy})
    changed = scenario_from(reform(today.values(), changed.values(), today.horizon.reform_month))
    assert changed != today
    assert first_difference(run(today), run(changed)) is None


@pytest.mark.parametrize(
    "policy",
    [{"incentive.time_bank": True}, {"incentive.pay_per_hour": 30.0}, {"supervision.open_book": True},
     {"negotiation.rounds": 4.0, "negotiation.elders_seat": True}, {"funding.running_per_site": 0.0}],
    ids=", ".join,
)  # fmt: skip
def test_a_policy_that_changes_something_shows(policy: dict[str, Any]) -> None:
    assert first_difference(run(reformed(policy)), lively()) is not None


# A history that is shared until the reform.

DRIFTING = tuple(key for key, declared in DECLARED.items() if declared.scheduled and key not in LEVERS)


@cache
def lively_until(month: int) -> CoproductionModel:
    return run(scenario_with(LIVELY), months=month)


@for_each([*LEVERS, *DRIFTING])
def test_nothing_that_changes_in_a_month_is_felt_before_it(key: str) -> None:
    month, declared = LIVELY["horizon.reform_month"], DECLARED[key]
    group, _, name = key.partition(".")
    now = getattr(getattr(scenario_with(LIVELY), group), name)
    far = end(declared, high=True) if now != end(declared, high=True) else end(declared, high=False)
    changed = run(scenario_with({**LIVELY, key: {0: now, month: far}}), months=month)
    assert first_difference(changed, lively_until(month)) is None


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    longer = run(scenario_with({**LIVELY, "horizon.months": 30}), months=LIVELY["horizon.months"])
    assert digest(longer, with_outcome=False) == digest(lively(), with_outcome=False)


def test_all_levers_at_once_leave_the_months_before_the_reform_as_they_were() -> None:
    month = LIVELY["horizon.reform_month"]
    far = {key: end(DECLARED[key], high=True) for key in LEVERS}
    changed = run(reformed(far))
    rows = slice(0, month)
    pd.testing.assert_frame_equal(changed.monthly.iloc[rows], lively().monthly.iloc[rows], check_exact=True)
    assert not changed.monthly.iloc[month:].equals(lively().monthly.iloc[month:])


# One changed elder reaches the own village and nobody else.

UNREACHED = (
    "village", "hamlet", "birth_month", "female", "alive", "present", "adl", "partner", "child", "with_others",
    "income", "filial", "taste", "conditional", "cover", "aware", "recognition", "enrolled", "waiting", "helper",
    "offered", "asked", "member", "attended", "acquaintances",
)  # fmt: skip


def pair_that_differs_in_one_elder(
    month: int, column: str, value: float
) -> tuple[CoproductionModel, CoproductionModel, int]:
    """Two states alike until a month, in which one elder, who can help, does not and thinks again, is changed; then
    that month.

    Within a month villages share one thing, the county's purse: it is filled, so that nobody waits for another.
    """
    same, other = (run(scenario_with(LIVELY), months=month) for _ in range(2))
    elders = other.state.elders
    again = other.state.chance.uniforms(Stream.HELP_AGAIN, month, elders.rows) < LIVELY["helping.reconsider"]
    can = np.flatnonzero(
        elders.present & (elders.adl <= 1) & ~elders.helper & (other.state.site[elders.hamlet] >= 0) & again
    )
    row = int(can[np.argmax(other.state.chance.uniforms(Stream.HELP, month, elders.rows)[can])])  # least likely to
    getattr(elders, column)[row] = value
    for model in (same, other):
        model.state.county.running[:] += 1e7
        model.state.county.cash[:] += 1e7
        model.step()
        assert model.state.county.cash[0] > 1e6, "the county was short of money"
    return same, other, row


@pytest.mark.parametrize("month", [7, 13, 14, 22])
@pytest.mark.parametrize(("column", "value"), [("taste", 50.0), ("motivation", 1.0), ("trust", 1.0), ("adl", 3)])
def test_one_changed_elder_leaves_every_other_village_untouched_for_a_month(
    month: int, column: str, value: float
) -> None:
    same, other, row = pair_that_differs_in_one_elder(month, column, value)
    village = same.state.elders.village[row]
    assert first_difference(same, other) is not None
    for table_name, table in tables(same).items():
        # County, townships and organisations are everyone's; this month nothing of theirs depends on one elder.
        everyones = table_name in ("county", "townships", "organizations")
        at = same.state.elders.village if table_name == "helped" else getattr(table, "village", np.arange(table.rows))
        elsewhere = slice(None) if everyones else at != village
        for name in table.columns:
            a, b = getattr(table, name), getattr(tables(other)[table_name], name)
            assert a[elsewhere].tobytes() == b[elsewhere].tobytes(), f"{table_name}.{name}"


@pytest.mark.parametrize("month", [7, 14, 22])
def test_who_starts_to_help_reaches_neighbours_this_month_through_what_is_served_alone(month: int) -> None:
    # Others see helping a month later: whether they help, enrol, join or are asked is as if nothing had happened.
    same, other, row = pair_that_differs_in_one_elder(month, "taste", 50.0)
    a, b = same.state.elders, other.state.elders
    assert b.helper[row] and not a.helper[row]
    others = np.arange(a.rows) != row
    for name in UNREACHED:
        assert getattr(a, name)[others].tobytes() == getattr(b, name)[others].tobytes(), name
