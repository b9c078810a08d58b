"""NumPy's and pandas' types are taken where numbers, lists and sets are, and nothing remembers which it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops import check_each, for_each
from studies import tiny, tiny_policies

import coprod_sim as cs
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import OWN, plain
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.study import record
from coprod_sim.study.identity import draw_hash, scenario_hash
from coprod_sim.study.sampling import point_names

FEE, FEEL, SETS = "access.fee", "motives.feel", "health.adl_set"
PAY, BANK = "incentive.pay_per_hour", "incentive.time_bank"


def same_to_the_last_type(one: Any, other: Any) -> None:
    assert one == other and repr(one) == repr(other)


def own(value: Any) -> bool:
    """Whether a value is made of Python's own types alone."""
    if isinstance(value, Mapping):
        return all(own(key) and own(single) for key, single in value.items())
    return all(map(own, value)) if isinstance(value, list | tuple) else type(value) in OWN


# The one place where values are converted

TEXT = st.text(st.characters(exclude_characters="\0"))  # which NumPy's texts end at
SCALARS = st.one_of(st.booleans(), st.integers(-(2**62), 2**62), st.floats(), TEXT)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)
KINDS: dict[type, Callable[[Any], Any]] = {bool: np.bool_, int: np.int64, float: np.float64, str: np.str_}


def as_numpys(value: Any) -> Any:
    if isinstance(value, dict):
        return {np.str_(key): as_numpys(single) for key, single in value.items()}
    if isinstance(value, list):
        kinds = {type(single) for single in value}
        if len(kinds) == 1 and kinds <= {bool, int, float}:
            return np.array(value)
        return [as_numpys(single) for single in value]
    return KINDS[type(value)](value)


@given(VALUES)
def test_plain_gives_back_pythons_own_values_to_the_bit(value: Any) -> None:
    found = plain(as_numpys(value))
    assert own(found) and repr(found) == repr(value)
    assert repr(plain(value)) == repr(value)


def test_plain_knows_every_number_and_container_of_numpy_and_pandas() -> None:
    for kind in {np.dtype(letter).type for letter in np.typecodes["AllInteger"] + np.typecodes["Float"]}:
        assert own(plain(kind(3))) and plain(kind(3)) == 3
    for several in (np.array([1, 2]), pd.Series([1, 2]), pd.Index([1, 2]), pd.array([1, 2]), range(1, 3)):
        same_to_the_last_type(plain(several), [1, 2])
    same_to_the_last_type(plain(np.array(2.5)), 2.5)
    same_to_the_last_type(plain((np.int8(1), np.float32(0.5))), (1, 0.5))
    same_to_the_last_type(plain({np.int64(0): np.bool_(True)}), {0: True})
    path = Path("x")
    assert plain(path) is path and plain(pd.NA) is pd.NA


# Where values come in: each takes NumPy's as Python's own

CALLS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "grid": (lambda v: cs.grid({FEE: v}), np.linspace(0, 8, 3), [0.0, 4.0, 8.0]),
    "grid of a Series": (lambda v: cs.grid({FEE: v}), pd.Series([0, 8]), [0, 8]),
    "grid of flags": (lambda v: cs.grid({"incentive.time_bank": v}), np.array([False, True]), [False, True]),
    "grid of options": (lambda v: cs.grid({"funding": v}), np.array(["today", "steady"]), ["today", "steady"]),
    "zipped": (lambda v: cs.zipped({FEE: v, "incentive.pay_per_hour": v}), np.arange(3), [0, 1, 2]),
    "one_at_a_time": (lambda v: cs.one_at_a_time({FEE: v[0]}, {FEE: v}), np.linspace(0, 9, 4), [0.0, 3.0, 6.0, 9.0]),
    "fraction": (
        lambda v: cs.fractional_factorial({FEE: v, PAY: v, BANK: [False, True]}, ["C=AB"]),
        np.array([0, 5]),
        [0, 5],
    ),
    "fraction by resolution": (
        lambda v: cs.fractional_factorial({FEE: [0, 5], PAY: [0, 5], BANK: [False, True]}, resolution=v),
        np.int64(3),
        3,
    ),
    "range of a sample": (lambda v: cs.sobol({FEEL: v}, 4), (np.float64(0.25), np.float64(0.5)), (0.25, 0.5)),
    "options of a sample": (lambda v: cs.latin_hypercube({SETS: v}, 4), np.array([1, 3]), [1, 3]),
    "samples": (lambda v: cs.sobol({FEEL: None}, v), np.int32(5), 5),
    "seed of a sample": (lambda v: cs.latin_hypercube({FEEL: None}, 3, v), np.uint8(5), 5),
    "accepted": (cs.accepted_draws, np.int64(2), 2),
    "generators": (lambda v: cs.generators_for(v, v), np.int64(4), 4),
    "value": (lambda v: scenario_from({"access": {"fee": v}}).values(), np.float64(0.1), 0.1),
    "no array but a number": (lambda v: scenario_from({"access": {"fee": v}}).values(), np.array(3), 3),
    "whole number": (lambda v: scenario_from({"population": {"villages": v}}).values(), np.int16(3), 3),
    "flag": (lambda v: scenario_from({"incentive": {"time_bank": v}}).values(), np.bool_(True), True),
    "word": (lambda v: scenario_from({"funding": {"paid_first": v}}).values(), np.str_("building"), "building"),
    "schedule": (
        lambda v: scenario_from({"access": {"fee": v}}).values(),
        {np.int64(0): np.float64(1), np.int64(5): np.int8(2)},
        {0: 1.0, 5: 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_what_is_made_of_numpys_values_is_what_pythons_own_make(call: str) -> None:
    make, numpys, pythons = CALLS[call]
    same_to_the_last_type(make(numpys), make(pythons))


def test_policies_of_numpys_points_have_the_names_and_hashes_of_pythons_own() -> None:
    points = [{FEE: 0.1, "incentive.time_bank": True}, {FEE: 5.0, "incentive.time_bank": False}]
    pythons = cs.policies(points, "village_small")
    frame = pd.DataFrame(points)
    for given_points in ([{k: as_numpys(v) for k, v in point.items()} for point in points], frame, list(points)):
        numpys = cs.policies(given_points, "village_small")
        assert list(numpys) == list(pythons) and all(type(name) is str for name in numpys)
        assert [*map(scenario_hash, numpys.values())] == [*map(scenario_hash, pythons.values())]


DRAWS = {1: {FEEL: 0.25, SETS: 2}, 2: {FEEL: 0.5, SETS: 3}, 7: {FEEL: 0.75, SETS: 1}}
FRAME = pd.DataFrame(list(DRAWS.values()), index=list(DRAWS))
SAME_DRAWS: dict[str, Any] = {
    "numbered": {np.int64(n): {k: as_numpys(v) for k, v in s.items()} for n, s in DRAWS.items()},
    "frame": FRAME,
    "mapping of rows": dict(FRAME.astype(object).iterrows()),
    "in nullable columns": FRAME.convert_dtypes(),
}


@pytest.mark.parametrize("given_draws", SAME_DRAWS)
def test_a_study_of_numpys_numbers_leaves_the_record_of_one_of_pythons_own(given_draws: str, tmp_path: Path) -> None:
    pythons = cs.Study(tiny_policies(), 2, 3, draws=DRAWS)
    numpys = cs.Study(
        {np.str_(name): scenario for name, scenario in tiny_policies().items()}, np.int64(2), np.uint8(3),  # type: ignore[arg-type]
        np.str_("today"), SAME_DRAWS[given_draws], common_seeds=np.bool_(False),  # type: ignore[arg-type]
    )  # fmt: skip
    for study, folder in ((pythons, tmp_path / "p"), (numpys, tmp_path / "n")):
        folder.mkdir()
        record.write(folder, study, None)
    assert (tmp_path / "p" / record.RECORD).read_bytes() == (tmp_path / "n" / record.RECORD).read_bytes()
    assert pythons == numpys and pythons.keys() == numpys.keys()
    assert [*map(pythons.run_seed, pythons.keys())] == [*map(numpys.run_seed, numpys.keys())]
    assert [*map(draw_hash, pythons.parameter_sets.values())] == [*map(draw_hash, numpys.parameter_sets.values())]
    assert own(numpys.draws) and own([numpys.replications, numpys.seed, numpys.common_seeds, list(numpys.scenarios)])


def test_a_study_runs_with_numpys_workers_and_its_runs_are_asked_for_with_numpys_numbers(tmp_path: Path) -> None:
    result = cs.run_study(cs.Study({"today": tiny()}, np.int64(1), draws=FRAME), tmp_path / "s", workers=np.int64(1))  # type: ignore[arg-type]
    assert sorted(result.runs["draw"]) == list(DRAWS)
    row = result.runs.iloc[-1]
    model = result.model(row["scenario"], row["replication"], row["draw"])
    assert model.state.chance.seed == row["seed"]


def test_a_rule_of_precision_takes_numpys_numbers() -> None:
    pythons = cs.Precision("met_all", 0.01, 20, at_least=4)
    numpys = cs.Precision(np.str_("met_all"), np.float64(0.01), np.int64(20), at_least=np.int8(4))  # type: ignore[arg-type]
    same_to_the_last_type(numpys, pythons)
    same_to_the_last_type(numpys.looks(), pythons.looks())


def test_a_sequence_of_sets_is_numbered_from_1_and_a_frame_keeps_its_numbers() -> None:
    rows = FRAME.reset_index(drop=True)
    assert list(cs.Study({"today": tiny()}, draws=rows).parameter_sets) == [0, 1, 2]
    for several in (list(DRAWS.values()), tuple(DRAWS.values()), np.array(list(DRAWS.values())), pd.Series(DRAWS)):
        assert list(cs.Study({"today": tiny()}, draws=several).parameter_sets) in ([1, 2, 3], list(DRAWS))


# What is still refused, in a sentence

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a flag for a number": (lambda: cs.Study({"today": tiny()}, np.bool_(True)), "replications: .*got True"),
    "a flag for a value": (lambda: scenario_from({"access": {"fee": np.bool_(True)}}), "access.fee: .*got True"),
    "a fraction": (lambda: cs.Study({"today": tiny()}, np.float64(2.5)), "replications: .*got 2.5"),
    "no number": (lambda: scenario_from({"access": {"fee": np.nan}}), "access.fee: .*got nan"),
    "a missing value": (lambda: scenario_from({"access": {"fee": pd.NA}}), "access.fee: .*got <NA>"),
    "a date": (lambda: scenario_from({"access": {"fee": np.datetime64("2020-01-01")}}), "access.fee: .*got"),
    "a complex number": (lambda: scenario_from({"access": {"fee": np.complex128(1)}}), "access.fee: .*got"),
    "a long one": (lambda: scenario_from({"access": {"fee": np.clongdouble(1)}}), "access.fee: .*got"),
    "no number in a grid": (lambda: cs.grid({FEE: np.array([0, np.nan])}), "access.fee: .*got nan"),
    "an empty grid": (lambda: cs.grid({FEE: np.array([])}), r"access.fee: .*got \[\]"),
    "a table in a grid": (lambda: cs.grid({FEE: np.zeros((2, 2))}), "access.fee: .*got"),
    "a hole in a frame": (lambda: cs.Study({"today": tiny()}, draws=FRAME.shift()), "motives.feel in row 1"),
    "a number of a draw twice": (lambda: cs.Study({"today": tiny()}, draws=FRAME.set_axis([1, 1, 2])), "got 1: "),
    "a negative number": (lambda: cs.Study({"today": tiny()}, draws=FRAME.set_axis([-1, 1, 2])), "got -1: "),
    "a word for a number": (lambda: cs.Study({"today": tiny()}, draws=FRAME.set_axis(list("abc"))), "got 'a': "),
    "a column twice": (lambda: cs.Study({"today": tiny()}, draws=FRAME.set_axis([FEEL] * 2, axis=1)), "two columns"),
    "an unknown column": (lambda: cs.Study({"today": tiny()}, draws=FRAME.rename(columns={FEEL: "x"})), "got 'x'"),
    "no sets": (lambda: cs.Study({"today": tiny()}, draws=FRAME.head(0)), "draws: .*got none"),
    "a table of numbers": (lambda: cs.Study({"today": tiny()}, draws=np.zeros((2, 2))), "draws: .*got"),
    "no scenario": (lambda: cs.Study({"today": "village_small"}), "load_scenario"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_number_is_refused_in_a_sentence(case: str) -> None:
    call, words = REFUSED[case]
    with pytest.raises(ScenarioError, match=words) as refused:
        call()
    assert "must" in str(refused.value) and "\n" not in str(refused.value).replace("\\n", "")


# Names of points


def test_numbers_in_names_are_short_unless_two_points_would_share_one() -> None:
    third = 0.1 + 0.2
    assert point_names([{FEE: third}, {FEE: 2.0}, {FEE: {0: 1 / 3, 5: third}}]) == [
        f"{FEE}=0.3", f"{FEE}=2.0", f"{FEE}={{0:0.333333333333,5:0.3}}",
    ]  # fmt: skip
    assert point_names([{FEE: third}, {FEE: 0.3}, {FEE: 1}]) == [f"{FEE}={third!r}", f"{FEE}=0.3", f"{FEE}=1"]


@given(st.lists(st.floats(0, 1e6) | st.integers(0, 9), min_size=1, max_size=6))
def test_points_that_differ_have_names_that_differ(fees: list[float]) -> None:
    names = point_names([{FEE: fee} for fee in fees])
    assert len(set(names)) == len({repr(fee) for fee in fees})


def test_policies_of_a_line_of_numbers_have_names_that_can_be_read() -> None:
    names = list(cs.policies(cs.grid({"supervision.audit_probability": np.linspace(0, 1, 11)}), "village_small"))
    assert max(map(len, names)) == len("supervision.audit_probability=0.1")


# What is none of what is asked for.

PATHS = {"none": None, "a number": 3, "bytes": b"x", "a NUL": "a\0b", "too long": "x" * 5_000, "no UTF-8": "\udcff",
         "a list": [], "a table": pd.DataFrame({"a": [1, 2]})}  # fmt: skip
TAKES_A_PATH: dict[str, Callable[[Any], object]] = {
    "run_study": lambda path: cs.run_study(cs.Study({"today": tiny()}, 1), path),
    "open_study": cs.open_study,
    "merge": lambda path: cs.merge([path, path], "nowhere"),
    "output of merge": lambda path: cs.merge(["nowhere", "elsewhere"], path),
    "save_scenario": lambda path: cs.save_scenario(tiny(), path),
    "load_scenario": lambda path: cs.load_scenario(f"{path}.yaml" if isinstance(path, str) else path),
    "villages": lambda path: cs.load_scenario("village_small", villages=path if path is not None else ""),
    "report": lambda path: cs.report(cs.StudyResult(cs.Study({"today": tiny()}, 1), Path("nowhere")), path),
}


def one_line(call: Callable[[], object]) -> None:
    with pytest.raises(cs.ScenarioError) as told:
        call()
    assert len(str(told.value).splitlines()) == 1


def test_what_is_no_path_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def is_refused(what: str, takes: str) -> None:
        one_line(lambda: TAKES_A_PATH[takes](PATHS[what]))
        assert list(tmp_path.iterdir()) == []

    check_each([pair for pair in product(PATHS, TAKES_A_PATH) if pair != ("none", "villages")], is_refused)


HUGE = int("f" * 5_000, 16)  # of more digits than Python writes
TAKES_A_NUMBER: dict[str, Callable[[Any], object]] = {
    "a parameter": lambda number: cs.Study({"today": tiny()}, draws=[{"motives.feel": number}]),
    "a draw": lambda number: cs.Study({"today": tiny()}, draws={number: {}}),
    "seed": lambda number: cs.Study({"today": tiny()}, seed=number),
    "replications": lambda number: cs.Study({"today": tiny()}, replications=number),
    "at most": lambda number: cs.Precision("trust", 1, number),
    "workers": lambda number: cs.run_study(cs.Study({"today": tiny()}), "nowhere", number),
    "a value": lambda number: cs.grid({"access.fee": [number]}),
    "an end": lambda number: cs.latin_hypercube({"motives.feel": (0, number)}, 2),
    "samples": lambda number: cs.latin_hypercube({"motives.feel": None}, number),
    "accepted": cs.accepted_draws,
    "a part": lambda number: cs.run_study(cs.Study({"today": tiny()}), "nowhere", part=(1, number)),
    "which part": lambda number: cs.run_study(cs.Study({"today": tiny()}), "nowhere", part=number),
}


NUMBERS = {"huge": HUGE, "1e400": 10**400, "2**70": 2**70, "decimal": Decimal("0.5"), "fraction": Fraction(1, 2),
           "nan": np.nan, "complex": 1j}  # fmt: skip


@for_each(product(NUMBERS, TAKES_A_NUMBER))
def test_what_is_no_number_that_is_allowed_is_refused_in_one_line(number: str, takes: str) -> None:
    one_line(lambda: TAKES_A_NUMBER[takes](NUMBERS[number]))


@pytest.mark.parametrize("takes", [key for key in TAKES_A_NUMBER if key not in ("a parameter", "a draw")])
def test_a_table_where_a_number_is_asked_for_is_refused_in_one_line(takes: str) -> None:
    one_line(lambda: TAKES_A_NUMBER[takes](pd.DataFrame({"a": [1, 2]})))


def test_a_sentence_is_one_line_of_a_length_that_can_be_read() -> None:
    said = str(cs.ScenarioError("key: .*got " + "x\n" * 100_000 + ", allowed is y"))
    assert len(said) < 4_100 and "\n" not in said and said.startswith("key: .*got x") and said.endswith("allowed is y")
