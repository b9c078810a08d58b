"""Compiled and as they are written, rules and whole runs come to the same bits."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
import pytest
from rules import rule_values, written

import coprod_sim as cs
from coprod_sim.model.engine.compiling import COMPILED
from coprod_sim.model.engine.functions import clip, expit, log_odds_of
from coprod_sim.model.engine.random_numbers import (
    fill_gumbels,
    fill_normals,
    fill_uniforms,
    gumbel,
    normal,
    uniform,
)
from coprod_sim.model.life_tables import MONTHS, Rates
from coprod_sim.model.people.helping import (
    Helper,
    HelpSeen,
    hours_offered,
    hours_wished,
    is_helper,
    needs_help_later,
    utility_of_helping,
)
from coprod_sim.model.people.lifecourse import child_moves, dies, grade_at_onset, grade_next_month
from coprod_sim.model.people.population import income_of, lives_with_others, place_of_child, trait_of

HERE = Path(__file__).resolve().parent

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")

# Rules one by one.

few_and_many = pytest.mark.parametrize("number", [10_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
VALUES = rule_values({"helping": {"slope": 0.83, "matching": 0.35}})
PARAMS = VALUES.helping
# The rule's arguments, drawn by `draw`; a parameter group stands where the rule takes one.
DRAWS: dict[str, tuple[Any, Callable[[np.random.Generator, int], list[Any]]]] = {
    "clip": (clip, lambda rng, n: [rng.normal(size=n), -rng.random(n), rng.random(n)]),
    "expit": (expit, lambda rng, n: [rng.normal(0, 15, n)]),
    "trait_of": (trait_of, lambda rng, n: [rng.normal(0, 3, n)]),
    "income_of": (income_of, lambda rng, n: [rng.normal(0, 3, n), VALUES.population]),
    "hours_wished": (hours_wished, lambda rng, n: [rng.normal(0, 5, n), PARAMS]),
    "hours_offered": (
        hours_offered,
        lambda rng, n: [rng.exponential(9, n), rng.random(n) < 0.5, rng.integers(0, 4, n), rng.exponential(9, n), 0,
                        PARAMS],
    ),
    "is_helper": (
        is_helper,
        lambda rng, n: [rng.random(n) < 0.5, rng.normal(0, 3, n), rng.random(n) / 10, rng.random(n), PARAMS],
    ),
    "needs_help_later": (needs_help_later, lambda rng, n: [rng.integers(0, 4, n), rng.random(n)]),
    "place_of_child": (place_of_child, lambda rng, n: [rng.random(n), VALUES.population]),
    "lives_with_others": (lives_with_others, lambda rng, n: [rng.random(n), VALUES.population]),
    "child_moves": (child_moves, lambda rng, n: [rng.integers(0, 5, n), np.full(n, 0.2), rng.random(n)]),
    "grade_at_onset": (grade_at_onset, lambda rng, n: [rng.random(n), TABLES]),
    "grade_next_month": (
        grade_next_month,
        lambda rng, n: [rng.integers(0, 4, n), rng.integers(0, 2, n), rng.integers(0, MONTHS, n), TABLES,
                        rng.random(n) ** 4],
    ),
    "dies": (
        dies,
        lambda rng, n: [rng.integers(0, 4, n), rng.integers(0, 2, n), rng.integers(0, MONTHS, n), TABLES,
                        rng.random(n) ** 4],
    ),
}  # fmt: skip
TABLES = Rates(cs.Scenario()).tables


def looped(rule: Any, arguments: list[Any]) -> Any:
    """A compiled loop that calls a rule with one value of each array, and with what is no array as it is."""
    names = [f"a{place}" for place in range(len(arguments))]
    one = [name + "[i]" * isinstance(value, np.ndarray) for name, value in zip(names, arguments, strict=True)]
    source = f"def loop({', '.join(names)}, out):\n for i in range(out.size):\n  out[i] = rule({', '.join(one)})\n"
    found: dict[str, Any] = {"rule": rule}
    exec(source, found)
    return numba.njit(found["loop"])


def one_by_one(rule: Any, arguments: list[Any], number: int) -> np.ndarray:
    """The same with the rule as it is written, for plain Python numbers."""
    plain = written(rule)
    columns = [value.tolist() if isinstance(value, np.ndarray) else [value] * number for value in arguments]
    return np.array([plain(*of_one) for of_one in zip(*columns, strict=True)], dtype=float)


@few_and_many
@pytest.mark.parametrize("name", DRAWS)
def test_a_rule_comes_to_the_same_bits(name: str, number: int) -> None:
    rule, draw = DRAWS[name]
    arguments, out = draw(np.random.default_rng(8), number), np.empty(number)
    looped(rule, arguments)(*arguments, out)
    plain = one_by_one(rule, arguments, number)
    assert out.tobytes() == plain.tobytes()
    assert len(np.unique(out)) > 1


@few_and_many
@pytest.mark.parametrize(("fill", "draw"), [(fill_uniforms, uniform), (fill_normals, normal), (fill_gumbels, gumbel)])
def test_random_numbers_come_to_the_same_bits(fill: Any, draw: Any, number: int) -> None:
    key, out, plain = np.uint64(0x0123_4567_89AB_CDEF), np.empty(number), written(draw)
    fill(key, out)
    with np.errstate(over="ignore"):
        one_by_one = np.array([plain(key, row) for row in range(number)])
    assert out.tobytes() == one_by_one.tobytes()


@few_and_many
@pytest.mark.parametrize("form", [0, 1], ids=["matching", "threshold"])
def test_the_utility_of_helping_comes_to_the_same_bits_term_by_term_and_in_sum(form: int, number: int) -> None:
    rng = np.random.default_rng(9)
    brings = np.column_stack(
        [
            rng.uniform(60, 100, number), rng.random(number) < 0.1, rng.lognormal(6, 1, number),
            rng.normal(size=number), *rng.random((4, number)), rng.random(number) < 0.5, rng.random(number),
            rng.random(number) < 0.3, *rng.random((2, number)),
        ]
    )  # fmt: skip
    sees = np.column_stack(
        [
            rng.random(number), rng.random(number) < 0.7, rng.uniform(0, 5, number), *rng.random((2, number)),
            rng.uniform(0, 30, number) * (rng.random(number) < 0.5), *(rng.random((3, number)) < 0.5),
        ]
    )  # fmt: skip
    groups = (PARAMS, VALUES.motives, VALUES.services, VALUES.economics)

    @numba.njit  # type: ignore[untyped-decorator]
    def loop(b: Any, s: Any, form: int, groups: Any, out: Any) -> None:
        for i in range(b.shape[0]):
            elder = Helper(
                b[i, 0], b[i, 1] > 0, b[i, 2], b[i, 3], b[i, 4], b[i, 5], b[i, 6], b[i, 7], b[i, 8] > 0, b[i, 9],
                b[i, 10] > 0, b[i, 11], b[i, 12],
            )  # fmt: skip
            seen = HelpSeen(
                s[i, 0], s[i, 1] > 0, s[i, 2], s[i, 3], s[i, 4], s[i, 5], s[i, 6] > 0, s[i, 7] > 0, s[i, 8] > 0
            )  # fmt: skip
            terms = utility_of_helping(elder, seen, form, groups[0], groups[1], groups[2], groups[3])
            for place in range(len(terms)):
                out[i, place] = terms[place]
            out[i, len(terms)] = log_odds_of(terms)

    out = np.empty((number, 12))
    loop(brings, sees, form, groups, out)
    plain, total = written(utility_of_helping), written(log_odds_of)
    for row in range(number):
        b, s = brings[row].tolist(), sees[row].tolist()
        elder = Helper(b[0], b[1] > 0, *b[2:8], b[8] > 0, b[9], b[10] > 0, *b[11:])
        seen = HelpSeen(s[0], s[1] > 0, *s[2:6], s[6] > 0, s[7] > 0, s[8] > 0)
        terms = plain(elder, seen, form, *groups)
        of_one = np.array([*terms, total(terms)], dtype=float)
        assert out[row].tobytes() == of_one.tobytes(), (row, terms)
    assert (np.ptp(out[:, 1:], axis=0) > 0).all()


# Whole runs.

REFORMS = (
    "negotiation=talk", "legal=guarantee", "responsibility=clear", "supervision=strong", "access=wide",
    "funding=per_elder", "incentive=time_bank", "incentive.pay_per_hour=8", "incentive.awards_per_year=2",
)  # fmt: skip
SHORT = ("horizon.months=15", "horizon.reform_month=6", "horizon.state_window=6")
LONG = ("horizon.months=60", "horizon.reform_month=12", "horizon.state_window=12")
# For `make test`, one village: a run in which nothing is compiled takes seconds.
ONE_RUN: dict[str, tuple[str, ...]] = {
    "village_small with all reforms": ("village_small", "population.villages=1", *SHORT, *REFORMS),
}
RUNS: dict[str, tuple[str, ...]] = {
    "village_small": ("village_small", "population.villages=2", *SHORT),
    "village_small with all reforms": ("village_small", "population.villages=2", *SHORT, *REFORMS),
    "county_a, 2 villages": ("county_a", "population.villages=2", *SHORT, *REFORMS),
}
LONG_RUNS: dict[str, tuple[str, ...]] = {
    "village_small": ("village_small", *LONG),
    "village_small with all reforms": ("village_small", *LONG, *REFORMS),
    "county_a, 5 villages": ("county_a", "population.villages=5", *LONG, *REFORMS),
}


def frames_of(runs: dict[str, tuple[str, ...]]) -> dict[str, list[pd.DataFrame]]:
    """Monthly results, outcome and elders of each run."""
    found = {}
    for name, (county, *overrides) in runs.items():
        model = cs.CoproductionModel(cs.load_scenario(county, overrides), rng=6).run()
        found[name] = [model.monthly, model.outcome(), model.elders_frame()]
    return found


def uncompiled(which: str, folder: Path) -> dict[str, list[pd.DataFrame]]:
    """The same runs in a process in which nothing is compiled."""
    kept = folder / "frames.pickle"
    code = f"import pickle, numba, test_bits as t; assert numba.config.DISABLE_JIT and not t.COMPILED; " \
           f"pickle.dump(t.frames_of(t.{which}), open({str(kept)!r}, 'wb'))"  # fmt: skip
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    frames: dict[str, list[pd.DataFrame]] = pickle.loads(kept.read_bytes())
    return frames


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Two frames are the same to the bit: -0.0 is not 0.0 here."""
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    for name in one.columns:
        if one[name].dtype.kind in "fiub":
            assert one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes(), name


@pytest.mark.parametrize(
    "which", ["ONE_RUN", *(pytest.param(which, marks=pytest.mark.slow) for which in ("RUNS", "LONG_RUNS"))]
)
def test_whole_runs_come_to_the_same_bits_with_nothing_compiled(which: str, tmp_path: Path) -> None:
    plain, compiled = uncompiled(which, tmp_path), frames_of(globals()[which])
    assert plain.keys() == compiled.keys()
    for name, frames in compiled.items():
        for one, other in zip(frames, plain[name], strict=True):
            same(one, other)
        elders = frames[2]
        assert elders["helper"].any() and (elders["worked"] > 0).any(), f"{name}: nobody helps"


# Processes.


def months_of_a_run(folder: str) -> None:
    """Write what a short run gives; in whatever process this is."""
    scenario = cs.load_scenario("village_small", ["horizon.months=18", "horizon.reform_month=6"])
    cs.CoproductionModel(scenario, rng=3).run().monthly.to_pickle(Path(folder) / f"{os.getpid()}.pickle")


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # of fork, which is tried all the same
@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, marks=pytest.mark.slow if way == "forkserver" else ())
        for way in multiprocessing.get_all_start_methods()
    ],
)
def test_a_run_comes_to_the_same_bits_in_a_process_however_it_was_started(way: str, tmp_path: Path) -> None:
    months_of_a_run(str(tmp_path))
    process = multiprocessing.get_context(way).Process(target=months_of_a_run, args=(str(tmp_path),))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    one, other = (pd.read_pickle(path) for path in tmp_path.iterdir())
    same(one, other)
