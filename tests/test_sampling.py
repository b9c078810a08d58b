"""Designs: points over levers and parameters, as policies and as draws."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coprod_sim as cs
from coprod_sim.scenario.schema import COMPOSITIONS, declarations
from coprod_sim.study.experiment import draws_of, replications_of, sweep_of
from coprod_sim.study.simplex_sampling import even_shares

CHILD = tuple(f"population.{name}" for name in COMPOSITIONS[0][1])
SEVERITY = tuple(f"health.{name}" for name in COMPOSITIONS[1][1])
# All that a draw may set: not which county it is, nor when results are read.
EVERYTHING: dict[str, Any] = {f"{g}.{name}": None for g, name, _ in declarations() if g not in ("county", "horizon")}
EVERYTHING["population.villages"] = (1, 5_000)  # with the largest villages, as many elders as there may be
FACTORS = {
    "funding": ["today", "steady"],
    "incentive": ["none", "time_bank"],
    "access.fee": [0, 4],
    "supervision.open_book": [False, True],
    "negotiation.rounds": [0, 4],
    "legal": ["today", "guarantee"],
    "responsibility.paperwork": [0.5, 1],
}


def column(points: list[dict[str, Any]], key: str) -> list[Any]:
    return [point[key] for point in points]


def test_a_grid_is_every_combination_once_and_the_last_key_changes_fastest() -> None:
    points = cs.grid({"funding": ["today", "steady"], "access.fee": [0, 1, 2]})
    assert [tuple(point.values()) for point in points] == list(product(["today", "steady"], [0, 1, 2]))
    assert all(list(point) == ["funding", "access.fee"] for point in points)


def test_zipped_takes_the_first_choices_together_then_the_second() -> None:
    assert cs.zipped({"funding": ["steady", "today"], "access.fee": [0, 1]}) == [
        {"funding": "steady", "access.fee": 0},
        {"funding": "today", "access.fee": 1},
    ]


def test_one_at_a_time_changes_one_key_of_the_base_and_does_not_repeat_the_base() -> None:
    base = {"funding": "today", "access.fee": 1, "incentive": "none"}
    points = cs.one_at_a_time(base, {"funding": ["today", "steady"], "access.fee": [0, 2]})
    assert points == [
        base,
        {**base, "funding": "steady"},
        {**base, "access.fee": 0},
        {**base, "access.fee": 2},
    ]


# Fractions of factorial designs.


@pytest.mark.parametrize(
    ("factors", "resolution", "points"),
    # Box, Hunter and Hunter's table of two-level fractions.
    [(3, 3, 4), (5, 3, 8), (6, 3, 8), (7, 3, 8), (8, 4, 16), (9, 3, 16), (11, 3, 16), (15, 3, 16), (4, 4, 8),
     (6, 4, 16), (7, 4, 16), (16, 4, 32), (5, 5, 16), (6, 6, 32), (8, 5, 64), (10, 5, 128), (11, 5, 128)],
)  # fmt: skip
def test_a_fraction_of_a_resolution_has_as_few_points_as_the_tables_say(
    factors: int, resolution: int, points: int
) -> None:
    generators = cs.generators_for(factors, resolution)
    assert 2 ** (factors - len(generators)) == points
    assert cs.resolution_of(generators) >= resolution


@pytest.mark.parametrize(
    ("generators", "resolution"), [(["D=ABC"], 4), (["C=AB"], 3), (["D=AB", "E=AC"], 3), (["F=ABCD", "G=ABDE"], 4)]
)
def test_the_resolution_is_the_length_of_the_shortest_constant_product(generators: list[str], resolution: int) -> None:
    assert cs.resolution_of(generators) == resolution


def test_in_a_fraction_each_level_is_met_as_often_and_no_two_factors_are_mixed_up() -> None:
    points = cs.fractional_factorial(FACTORS, resolution=4)
    assert len(points) == 16 == len({tuple(point.values()) for point in points})
    low, high = ({key: levels[i] for key, levels in list(FACTORS.items())[:4]} for i in (0, 1))
    assert [{key: point[key] for key in low} for point in points[:2]] == [low, {**low, "funding": high["funding"]}]
    signs = np.array([[1 if point[k] == levels[1] else -1 for k, levels in FACTORS.items()] for point in points])
    assert (signs.sum(axis=0) == 0).all()
    assert (signs.T @ signs == 16 * np.eye(7)).all()
    # Resolution 4: nor is an effect of one mixed up with that of two together.
    pairs = np.array([signs[:, i] * signs[:, j] for i, j in combinations(range(7), 2)])
    assert (pairs @ signs == 0).all()


def test_a_generator_makes_the_level_of_its_factor_and_a_sign_turns_it_over() -> None:
    factors = {key: FACTORS[key] for key in list(FACTORS)[:4]}
    for generator, plus in (("D=ABC", 1), ("D=-ABC", -1), ("D = ABC", 1)):
        for point in cs.fractional_factorial(factors, [generator]):
            a, b, c, d = (1 if point[key] == levels[1] else -1 for key, levels in factors.items())
            assert d == plus * a * b * c


@pytest.mark.parametrize(
    ("generators", "words"),
    [
        (["D=ABX"], "must be products of the factors A, B, C, D"),
        (["E=ABC"], "products of the factors"),
        (["D=ABD"], "such as D=ABC"),
        (["D=AAB"], "such as D=ABC"),
        (["D=ABC", "D=AB"], "each factor made once"),
        (["C=AB", "D=AC"], "products of free factors alone"),
        (["D=A"], "mix up no two factors"),
        (["C=AB", "D=AB"], "mix up no two factors"),
        (["nonsense"], "such as D=ABC"),
        ([], "one or more"),
        ("D=ABC", "a list such as"),
    ],
)
def test_generators_that_make_no_sense_are_refused(generators: Any, words: str) -> None:
    with pytest.raises(cs.ScenarioError, match=words):
        cs.fractional_factorial({key: FACTORS[key] for key in list(FACTORS)[:4]}, generators)


def test_a_resolution_that_cannot_be_had_is_refused() -> None:
    for resolution, words in ((2, "at least 3"), (8, "at most 7"), (3.5, "at least 3")):
        with pytest.raises(cs.ScenarioError, match=words):
            cs.fractional_factorial(FACTORS, resolution=resolution)  # type: ignore[arg-type]
    with pytest.raises(cs.ScenarioError, match="either generators or resolution"):
        cs.fractional_factorial(FACTORS)
    with pytest.raises(cs.ScenarioError, match="must in a fractional factorial have two levels, got 3"):
        cs.fractional_factorial({**FACTORS, "access.fee": [0, 1, 2]}, resolution=3)


# Samples.


@pytest.mark.parametrize("method", [cs.latin_hypercube, cs.sobol])
def test_any_parameter_of_the_schema_can_be_sampled_and_makes_a_scenario(method: Any) -> None:
    points = method(EVERYTHING, 16, 3)
    assert len(points) == 16
    study = cs.Study({"today": cs.load_scenario("village_small")}, draws=points)
    for point in points:
        assert list(point) == list(EVERYTHING)
        assert {type(value) for value in point.values()} <= {int, float, bool, str}  # as JSON and YAML know them
    assert len(study.keys()) == 16 * 4


@pytest.mark.parametrize("method", [cs.latin_hypercube, cs.sobol])
def test_the_same_seed_gives_the_same_points_and_another_seed_others(method: Any) -> None:
    over = {"motives.feel": None, "access.fee": (0, 5)}
    assert method(over, 8, 5) == method(over, 8, 5) != method(over, 8, 6)


def test_sobol_points_extend_and_those_of_a_latin_hypercube_do_not() -> None:
    over = {"motives.feel": None, **dict.fromkeys(CHILD), "health.adl_set": None}
    few = cs.sobol(over, 5, 1)
    for more in (8, 9, 100):
        assert cs.sobol(over, more, 1)[:5] == few
    assert cs.latin_hypercube(over, 6, 1)[:5] != cs.latin_hypercube(over, 5, 1)


def test_a_latin_hypercube_meets_each_part_of_a_range_once() -> None:
    points = cs.latin_hypercube({"access.fee": (2, 7), "services.capacity": (14, 28, "log")}, 20, 9)
    fees = sorted((fee - 2) / 5 for fee in column(points, "access.fee"))
    logs = sorted(math.log(capacity / 14) / math.log(2) for capacity in column(points, "services.capacity"))
    for place, (fee, log) in enumerate(zip(fees, logs, strict=True)):
        assert place / 20 <= fee <= (place + 1) / 20
        assert place / 20 - 1e-6 <= log <= (place + 1) / 20 + 1e-6


@pytest.mark.parametrize(("key", "low", "high"), [("population.villages", 3, 6), ("health.adl_set", 1, 5)])
def test_whole_numbers_are_as_likely_at_the_ends_as_within(key: str, low: int, high: int) -> None:
    given = list(range(low, high + 1)) if key == "health.adl_set" else (low, high)
    counts = Counter(column(cs.latin_hypercube({key: given}, 60, 2), key))
    assert counts == dict.fromkeys(range(low, high + 1), 60 // (high + 1 - low))


def test_flags_words_and_groups_are_drawn_as_likely_each() -> None:
    over = {"incentive.time_bank": None, "legal.liability": None, "access.fee": [0, 7], "funding": ["today", "steady"]}
    points = cs.latin_hypercube(over, 60, 2)
    assert Counter(column(points, "incentive.time_bank")) == {False: 30, True: 30}
    assert Counter(column(points, "legal.liability")) == {"elder": 20, "village": 20, "government": 20}
    assert Counter(column(points, "access.fee")) == {0: 30, 7: 30}
    assert Counter(column(points, "funding")) == {"today": 30, "steady": 30}


def test_numbers_are_rounded_to_what_a_reader_can_bear_and_stay_in_their_range() -> None:
    values = column(cs.sobol({"motives.feel": (0.123456789, 0.123456999)}, 64, 1), "motives.feel")
    assert all(0.123456789 <= value <= 0.123456999 for value in values)
    assert max(len(str(value)) for value in column(cs.sobol({"access.fee": (1, 10)}, 64, 1), "access.fee")) <= 9


# Shares of one whole.


def test_shares_of_a_whole_add_up_to_one_and_each_stays_in_its_range() -> None:
    ranges = dict(zip(CHILD, [(0.3, 0.5), (0.2, 0.4), (0.1, 0.2), (0.02, 0.1), (0.06, 0.06)], strict=True))
    points = cs.sobol(ranges, 256, 1)
    for point in points:
        assert sum(point.values()) == pytest.approx(1, abs=1e-12)
        assert all(low <= point[key] <= high for key, (low, high) in ranges.items())
    for key in CHILD[:4]:  # all of the range that the others leave is used
        assert max(column(points, key)) - min(column(points, key)) > 0.7 * (ranges[key][1] - ranges[key][0])


def test_without_narrower_ranges_shares_are_spread_evenly_over_the_simplex() -> None:
    points = cs.sobol(dict.fromkeys(CHILD), 4096, 1)
    for key in CHILD:  # Dirichlet(1, …, 1): mean 1/5, variance 4/25/6, beyond x with chance (1-x)^4
        values = np.array(column(points, key))
        assert values.mean() == pytest.approx(0.2, abs=2e-3)
        assert values.var() == pytest.approx(4 / 150, rel=0.03)
        assert (values > 0.3).mean() == pytest.approx(0.7**4, abs=5e-3)


@settings(max_examples=30, deadline=None)
@given(
    ranges=st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 1)), min_size=2, max_size=5),
    numbers=st.lists(st.floats(0, 1, exclude_max=True), min_size=4, max_size=4),
)
def test_shares_add_up_and_stay_in_any_ranges_that_allow_it(
    ranges: list[tuple[float, float]], numbers: list[float]
) -> None:
    low = np.array([min(r[0], 0.9 / len(ranges)) for r in ranges])
    high = np.minimum(low + np.array([r[1] for r in ranges]), 1.0)
    high[np.argmax(high)] = 1.0
    (shares,) = even_shares(np.array([numbers]), low, high)
    assert shares.sum() == pytest.approx(1, abs=1e-9)
    assert (shares >= low - 1e-12).all() and (shares <= high + 1e-12).all()


def test_the_order_of_shares_does_not_decide_how_they_are_spread() -> None:
    numbers = np.random.default_rng(1).random((4000, 2))
    low, high = np.array([0.1, 0.2, 0.0]), np.array([0.6, 0.5, 0.6])
    there, back = even_shares(numbers, low, high), even_shares(numbers, low[::-1], high[::-1])[:, ::-1]
    assert there.mean(axis=0) == pytest.approx(back.mean(axis=0), abs=0.01)
    assert there.std(axis=0) == pytest.approx(back.std(axis=0), abs=0.01)


# Refusals.


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"helping.nothing": None}, "helping.nothing: unknown key"),
        ({"weather.rain": None}, "weather.rain: unknown key"),
        ({"funding": ["lavish"]}, "funding: must be one of"),
        ({"funding": (0, 1)}, "funding: must be a list of options"),
        ({"county.name": None}, "county.name: is text"),
        ({"access.fee": (0, 1e9)}, "access.fee: must be between 0 and 10 .*, got 1000000000.0"),
        ({"access.fee": (9, 5)}, "whose low end comes first"),
        ({"access.fee": (0, 5, "log")}, "must with log be a range above 0"),
        ({"access.fee": (1, 5, "exp")}, "access.fee: must be"),
        ({"access.fee": (10,)}, "access.fee: must be"),
        ({"access.fee": []}, "access.fee: must be a list"),
        ({"access.fee": 7}, "access.fee: .*got 7"),
        ({"access.fee": ({0: 1}, {0: 2})}, "access.fee: .*got"),
        ({"population.villages": (1.5, 3)}, "must be a whole number .*, got 1.5"),
        ({"incentive.time_bank": (0, 1)}, "incentive.time_bank: must be a list of options"),
        ({"incentive.time_bank": ["yes"]}, "incentive.time_bank: must be true or false, got 'yes'"),
        ({"health.adl_set": (1, 3)}, "health.adl_set: must be a list of options"),
        ({"health.severity_mild": None}, "got without health.severity_moderate, health.severity_severe"),
        (dict.fromkeys(SEVERITY, (0, 0.2)), "add up to 0 to 0.6, must be ranges"),
        (dict.fromkeys(SEVERITY, (0.4, 0.6)), "add up to 1.2 to 1.8"),
        (dict.fromkeys(SEVERITY, (0.1, 0.8, "log")), "must for a share of a whole be"),
        ({key: [0.1, 0.8] for key in SEVERITY}, "health.severity_mild: .*got"),
        ({}, "over: .*got {}"),
        ("motives", "over: .*got 'motives'"),
    ],
    ids=str,
)  # fmt: skip
def test_a_sample_over_what_the_schema_refuses_is_refused_in_one_sentence(over: Any, words: str) -> None:
    for method in (cs.latin_hypercube, cs.sobol):
        with pytest.raises(cs.ScenarioError, match=words) as caught:
            method(over, 4, 1)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("samples", "seed"), [(0, 1), (2.5, 1), (True, 1), (4, -1), (4, "x")])
def test_a_number_of_samples_or_a_seed_that_means_nothing_is_refused(samples: Any, seed: Any) -> None:
    for method in (cs.latin_hypercube, cs.sobol):
        with pytest.raises(cs.ScenarioError, match="must be a whole number"):
            method({"access.fee": None}, samples, seed)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"funding": "today"}, "funding: must be a list of options or values, got 'today'"),
        ({"funding": []}, "funding: must be a list"),
        ({"funding": ["lavish"]}, "must be one of front_loaded"),
        ({"funding.bribes": [1]}, "funding.bribes: unknown key"),
        ({"access.fee": [0, "much"]}, "access.fee: must be a number .*, got 'much'"),
        ({"access.fee": [{36: 1}]}, "access.fee: a schedule must have month 0"),
        ({}, "got {}"),
    ],
)
def test_choices_that_the_schema_refuses_are_refused(choices: Any, words: str) -> None:
    for method in (cs.grid, cs.zipped, lambda choices: cs.one_at_a_time({}, choices)):
        with pytest.raises(cs.ScenarioError, match=words):
            method(choices)


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(cs.ScenarioError, match="got 2 for funding, 1 for access"):
        cs.zipped({"funding": ["today", "steady"], "access.fee": [1]})
    with pytest.raises(cs.ScenarioError, match="must have a base for all choices, got none of access"):
        cs.one_at_a_time({"funding": "today"}, {"funding": ["steady"], "access.fee": [1]})


# Points as policies.


def test_points_become_scenarios_named_as_the_command_line_names_them() -> None:
    points = cs.grid({"funding": ["steady"], "supervision.audit_probability": [0.2], "incentive.time_bank": [True]})
    points.append({"incentive.pay_per_hour": {0: 8, 72: 0}})
    made = cs.policies(points, "village_small", ["population.villages=3"])
    assert list(made) == [
        "funding=steady supervision.audit_probability=0.2 incentive.time_bank=true",
        "incentive.pay_per_hour={0:8,72:0}",
    ]
    for name, scenario in made.items():
        assert scenario == cs.load_scenario("village_small", ["population.villages=3", *name.split()])


def test_a_point_counts_over_the_overrides_and_its_errors_are_one_sentence() -> None:
    (scenario,) = cs.policies([{"access.fee": 5}], "village_small", ["access.fee=7"]).values()
    assert scenario.access.fee == {0: 2.2, 36: 5.0}
    for point, words in (
        ({"access.fees": 5}, "unknown key"),
        ({"funding": "x"}, "must be one of"),
        ({"access.fee": -1}, "-1"),
    ):
        with pytest.raises(cs.ScenarioError, match=words):
            cs.policies([point], "village_small")


def test_points_over_a_saved_scenario_hold_from_its_reform_month(tmp_path: Any) -> None:
    cs.save_scenario(cs.load_scenario("village_small"), tmp_path / "saved.yaml")
    (scenario,) = cs.policies([{"access.fee": 5}], tmp_path / "saved.yaml").values()
    assert scenario == cs.load_scenario("village_small", ["access.fee=5"])


# What an experiment may say.


@pytest.mark.parametrize(
    ("given", "points"),
    [
        ({"grid": {"funding": ["today", "steady"], "access.fee": [0, 1]}}, 4),
        ({"zipped": {"funding": ["today", "steady"], "access.fee": [0, 1]}}, 2),
        ({"one_at_a_time": {"base": {"access.fee": 0}, "choices": {"access.fee": [1, 2]}}}, 3),
        ({"fractional_factorial": {"factors": FACTORS, "resolution": 3}}, 8),
        ({"fractional_factorial": {"factors": FACTORS, "generators": ["D=AB", "E=AC", "F=BC", "G=ABC"]}}, 8),
        ({"latin_hypercube": {"over": {"access.fee": [0, 5], "funding": None}, "samples": 5, "seed": 2}}, 5),
        ({"sobol": {"over": {"access.fee": [1, 5, "log"]}, "samples": 5}}, 5),
        (None, 0),
    ],
    ids=str,
)
def test_a_sweep_is_exactly_one_method_with_what_it_has_to_be_told(given: Any, points: int) -> None:
    assert len(sweep_of(given)) == points


def test_two_numbers_in_a_config_are_a_range_and_options_can_be_said() -> None:
    sample = {"samples": 40, "seed": 1}
    ranged = sweep_of({"sobol": {"over": {"access.fee": [0, 5]}, **sample}})
    assert len(set(column(ranged, "access.fee"))) == 40
    for options in ({"options": [0, 5]}, [0, 2.5, 5]):
        chosen = sweep_of({"sobol": {"over": {"access.fee": options}, **sample}})
        assert set(column(chosen, "access.fee")) <= {0, 2.5, 5}
    sets = draws_of({"sobol": {"over": {"health.adl_set": [2, 4]}, **sample}})
    assert sets is not None and {draw["health.adl_set"] for draw in sets} == {2, 4}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("grid", "exactly one method of grid, zipped"),
        ({}, "exactly one method"),
        ({"gird": {}}, "exactly one method"),
        ({"grid": {"access.fee": [1]}, "zipped": {"access.fee": [1]}}, "exactly one method"),
        ([{"access.fee": 1}], "exactly one method"),
        ({"sobol": {"over": {"access.fee": None}}}, "sweep.sobol: .*got no samples"),
        ({"sobol": {"over": {"access.fee": None}, "samples": 3, "sead": 1}}, "sweep.sobol.sead: unknown key"),
        ({"sobol": [1]}, r"sweep.sobol: .*got \[1\]"),
        ({"grid": ["funding"]}, "grid: .*got"),
        ({"grid": {"motives.feel": [0.1]}}, "sweep: must be levers"),
        ({"grid": {"population.villages": [2]}}, "sweep: must be levers"),
        ({"grid": {"county": ["xinyu"]}}, "sweep: must be levers"),
        ({"grid": {"experiment": ["flagship"]}}, "sweep: must be levers"),
    ],
    ids=str,
)
def test_a_sweep_that_says_too_little_or_too_much_is_refused(given: Any, words: str) -> None:
    with pytest.raises(cs.ScenarioError, match=words):
        sweep_of(given)


def test_draws_are_nothing_a_list_or_a_method() -> None:
    assert draws_of(None) is None
    assert draws_of([{"motives.feel": 1}, {}]) == [{"motives.feel": 1}, {}]
    assert len(draws_of({"latin_hypercube": {"over": {"motives.feel": None}, "samples": 3}}) or ()) == 3
    for wrong, words in (([], "parameter sets"), ([1], "parameter sets"), (3, "exactly one method")):
        with pytest.raises(cs.ScenarioError, match=words):
            draws_of(wrong)


def test_replications_are_a_number_or_a_precision() -> None:
    assert replications_of(7) == 7
    rule = {"indicator": "helper_rate", "half_width": 0.01, "at_most": 40}
    assert replications_of({**rule, "batch": 2}) == cs.Precision("helper_rate", 0.01, 40, batch=2)
    for wrong, words in (
        ({"indicator": "helper_rate"}, "got no half_width, at_most"),
        ({**rule, "width": 1}, "replications.width: unknown key"),
        ({**rule, "indicator": "happiness"}, "replications.indicator"),
        ("many", "replications: .*got 'many'"),
        ([4], "replications: .*got"),
    ):
        with pytest.raises(cs.ScenarioError, match=words):
            replications_of(wrong)
