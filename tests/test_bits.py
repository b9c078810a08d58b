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
from coprod_sim.model.agents.elder.helping import (
    Helper,
    HelpSeen,
    expected_need,
    fatigue_after,
    hours_helped,
    log_odds_to_start,
    log_odds_to_stop,
    reciprocity,
    utility_of_helping,
)
from rules import values, written

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
from coprod_sim.model.people.ages import (
    TraitNumbers,
    acquaintance,
    cooperator_type,
    logit,
    nearest_child,
    traits_of,
)
from coprod_sim.model.people.lifecourse import dies, grade_at_onset, grade_next_month

HERE = Path(__file__).resolve().parent

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")

# Rules one by one.

few_and_many = pytest.mark.parametrize("number", [10_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
VALUES = values({"elders": {"hours_slope": 0.31, "habit": 0.35}})
PARAMS = VALUES.elders
# The rule's arguments, drawn by `draw`; a parameter group stands where the rule takes one.
DRAWS: dict[str, tuple[Any, Callable[[np.random.Generator, int], list[Any]]]] = {
    "clip": (clip, lambda rng, n: [rng.normal(size=n), -rng.random(n), rng.random(n)]),
    "expit": (expit, lambda rng, n: [rng.normal(0, 15, n)]),
    "logit": (logit, lambda rng, n: [rng.random(n) ** rng.integers(1, 30, n)]),
    "expected_need": (expected_need, lambda rng, n: [rng.uniform(-20, 60, n)]),
    "hours_helped": (hours_helped, lambda rng, n: [rng.normal(2, 8, n), PARAMS]),
    "fatigue_after": (fatigue_after, lambda rng, n: [rng.random(n), rng.exponential(20, n), PARAMS]),
    "log_odds_to_start": (log_odds_to_start, lambda rng, n: [rng.normal(0, 5, n), PARAMS]),
    "log_odds_to_stop": (log_odds_to_stop, lambda rng, n: [rng.normal(0, 5, n), PARAMS]),
    "reciprocity": (reciprocity, lambda rng, n: [rng.integers(0, 4, n), rng.random(n), PARAMS]),
    "cooperator_type": (cooperator_type, lambda rng, n: [rng.random(n), PARAMS]),
    "nearest_child": (nearest_child, lambda rng, n: [rng.random(n), VALUES.population]),
    "acquaintance": (
        acquaintance,
        lambda rng, n: [rng.integers(500, 600, n), np.full(n, 500), rng.integers(100, 200, n), rng.random(n)],
    ),
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
def test_the_utility_of_helping_comes_to_the_same_bits_term_by_term_and_in_sum(number: int) -> None:
    rng = np.random.default_rng(9)
    brings = np.column_stack(
        [
            rng.uniform(0, 50, number), rng.random(number) < 0.2, rng.random(number) < 0.1, rng.lognormal(6, 1, number),
            rng.random(number), rng.normal(size=number), rng.random(number), rng.integers(0, 4, number),
            rng.random(number), rng.random(number), rng.random(number) < 0.3,
        ]
    )  # fmt: skip
    sees = np.column_stack(
        [
            rng.random(number), rng.uniform(0, 5, number), rng.random(number), rng.random(number),
            rng.random(number) < 0.5, rng.uniform(-1, 30, number), rng.random(number), rng.random(number),
            rng.random(number),
        ]
    )  # fmt: skip

    @numba.njit  # type: ignore[untyped-decorator]
    def loop(b: Any, s: Any, params: Any, out: Any) -> None:
        for i in range(b.shape[0]):
            elder = Helper(
                b[i, 0], b[i, 1] > 0, b[i, 2] > 0, b[i, 3], b[i, 4], b[i, 5], b[i, 6], int(b[i, 7]), b[i, 8], b[i, 9],
                b[i, 10] > 0,
            )  # fmt: skip
            seen = HelpSeen(
                s[i, 0], s[i, 1], s[i, 2], s[i, 3], s[i, 4] > 0, s[i, 5], s[i, 6], s[i, 7], s[i, 8]
            )  # fmt: skip
            terms = utility_of_helping(elder, seen, params)
            for place in range(len(terms)):
                out[i, place] = terms[place]
            out[i, len(terms)] = log_odds_of(terms)

    out = np.empty((number, 17))
    loop(brings, sees, PARAMS, out)
    plain, total = written(utility_of_helping), written(log_odds_of)
    for row in range(number):
        b, s = brings[row].tolist(), sees[row].tolist()
        elder = Helper(b[0], b[1] > 0, b[2] > 0, *b[3:7], int(b[7]), *b[8:10], b[10] > 0)
        terms = plain(elder, HelpSeen(*s[:4], s[4] > 0, *s[5:]), PARAMS)
        of_one = np.array([*terms, total(terms)], dtype=float)
        assert out[row].tobytes() == of_one.tobytes(), (row, terms)


@few_and_many
def test_traits_come_to_the_same_bits(number: int) -> None:
    rng = np.random.default_rng(10)
    drawn = np.column_stack([rng.normal(0, 1.5, (number, 6)), rng.random((number, 2))])

    @numba.njit  # type: ignore[untyped-decorator]
    def loop(d: Any, people: Any, params: Any, out: Any) -> None:
        for i in range(d.shape[0]):
            numbers = TraitNumbers(d[i, 0], d[i, 1], d[i, 2], d[i, 3], d[i, 4], d[i, 5], d[i, 6], d[i, 7])
            found = traits_of(numbers, people, params)
            out[i, 0], out[i, 1], out[i, 2], out[i, 3] = found.income, found.filial, found.motivation, found.taste
            out[i, 4], out[i, 5], out[i, 6], out[i, 7] = found.trust, found.set_point, found.aware, found.cooperator

    out, plain = np.empty((number, 8)), written(traits_of)
    loop(drawn, VALUES.population, PARAMS, out)
    for row, numbers in enumerate(drawn.tolist()):
        found = np.array(plain(TraitNumbers(*numbers), VALUES.population, PARAMS), dtype=float)
        assert out[row].tobytes() == found.tobytes(), (row, numbers)


# Whole runs.

REFORMS = (
    "negotiation=talk", "legal=guarantee", "responsibility=clear", "supervision=strong", "access=wide",
    "funding=per_elder", "incentive=time_bank", "incentive.pay_per_hour=8", "incentive.awards_per_year=2",
)  # fmt: skip
SHORT = ("horizon.months=15", "horizon.reform_month=6", "horizon.state_window=6")
LONG = ("horizon.months=60", "horizon.reform_month=12", "horizon.state_window=12")
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


@pytest.mark.parametrize("which", ["RUNS", pytest.param("LONG_RUNS", marks=pytest.mark.slow)])
def test_whole_runs_come_to_the_same_bits_with_nothing_compiled(which: str, tmp_path: Path) -> None:
    plain, compiled = uncompiled(which, tmp_path), frames_of(globals()[which])
    assert plain.keys() == compiled.keys()
    for name, frames in compiled.items():
        for one, other in zip(frames, plain[name], strict=True):
            same(one, other)
        elders = frames[2]
        assert elders["helper"].any() and (elders["fatigue"] > 0).any(), f"{name}: nobody helps"


# Processes.


def months_of_a_run(folder: str) -> None:
    """Write what a short run gives; in whatever process this is."""
    scenario = cs.load_scenario("village_small", ["horizon.months=18", "horizon.reform_month=6"])
    cs.CoproductionModel(scenario, rng=3).run().monthly.to_pickle(Path(folder) / f"{os.getpid()}.pickle")


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # of fork, which is tried all the same
@pytest.mark.parametrize("way", multiprocessing.get_all_start_methods())
def test_a_run_comes_to_the_same_bits_in_a_process_however_it_was_started(way: str, tmp_path: Path) -> None:
    months_of_a_run(str(tmp_path))
    process = multiprocessing.get_context(way).Process(target=months_of_a_run, args=(str(tmp_path),))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    one, other = (pd.read_pickle(path) for path in tmp_path.iterdir())
    same(one, other)
