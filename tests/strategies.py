"""Scenarios for tests: small counties drawn over the schema's declared ranges, extreme ones, and a lively one.

A world is named by what it changes of `SMALL`, "group.name" → value, so that a failing example prints short and
shrinks towards no change at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.schema import COMPOSITIONS, LEVER_GROUPS, Scenario, declarations, scenario_from

Changes = Mapping[str, Any]

DECLARED = {f"{group}.{name}": declared for group, name, declared in declarations()}
PARTS = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
LEVERS = tuple(key for key in DECLARED if key.partition(".")[0] in LEVER_GROUPS)
LONGEST = 30  # months

# What every drawn world starts from: the defaults, smaller and shorter.
SMALL: dict[str, Any] = {
    "population.villages": 2,
    "population.elders_per_village": 30.0,
    "horizon.months": 18,
    "horizon.reform_month": 6,
}


def scenario_with(changes: Changes) -> Scenario:
    """The scenario of `SMALL` with some values changed; the reform month stays within the run."""
    values = Scenario().values()
    for key, value in {**SMALL, **changes}.items():
        group, _, name = key.partition(".")
        values[group][name] = value
    horizon = values["horizon"]
    horizon["reform_month"] = min(horizon["reform_month"], horizon["months"] - 1)
    return scenario_from(values)


def end(declared: Declaration, high: bool) -> Any:
    """The lowest or the highest value of a parameter; for words the first or the last, for flags no or yes."""
    if declared.kind == "flag":
        return high
    if declared.kind == "choice":
        return declared.choices[-1 if high else 0]
    return declared.high if high else declared.low


def single_values(key: str) -> st.SearchStrategy[Any]:
    """Single values of a parameter: often an end of its range, else anything in between."""
    declared = DECLARED[key]
    if declared.kind == "flag":
        return st.booleans()
    if declared.kind == "choice":
        return st.sampled_from(declared.choices)
    if declared.kind == "text":
        return st.sampled_from(("", "county A", "江西 甲县"))
    low, high = SMALL_RANGES.get(key, (declared.low, declared.high))
    assert low is not None and high is not None
    ends = st.sampled_from((low, high))
    if declared.kind == "count":
        return ends | st.integers(int(low), int(high))
    return ends | st.floats(low, high, allow_nan=False, allow_infinity=False)


SMALL_RANGES = {
    "population.villages": (1, 4),
    "population.elders_per_village": (5, 60),
    "horizon.months": (13, LONGEST),
    "horizon.reform_month": (0, LONGEST),
}


def any_values(key: str) -> st.SearchStrategy[Any]:
    """Values of a parameter, schedules included where it may have one."""
    single = single_values(key)
    if not DECLARED[key].scheduled:
        return single
    later = st.dictionaries(st.integers(1, LONGEST), single, max_size=3)
    return single | st.builds(lambda first, steps: {0: first, **dict(sorted(steps.items()))}, single, later)


def compositions(group: str, names: tuple[str, ...]) -> st.SearchStrategy[dict[str, float]]:
    """Shares of one whole; one may be all of it."""
    weights = st.lists(st.integers(0, 20), min_size=len(names), max_size=len(names)).filter(any)
    return weights.map(lambda w: {f"{group}.{n}": part / sum(w) for n, part in zip(names, w, strict=True)})


def scenario_changes() -> st.SearchStrategy[dict[str, Any]]:
    """Changes of `SMALL` that make a valid scenario: any number of parameters, anywhere in their ranges."""
    given = ("county.villages", "county.sheet")
    free = {key: any_values(key) for key in DECLARED if key not in PARTS and key not in given}
    shares = st.tuples(*(st.just({}) | compositions(group, names) for group, names in COMPOSITIONS))
    one_by_one = st.fixed_dictionaries({}, optional=free)
    return st.builds(lambda changes, parts: _within({**changes, **{k: v for p in parts for k, v in p.items()}}),
                     one_by_one, shares)  # fmt: skip


def _within(changes: dict[str, Any]) -> dict[str, Any]:
    """The same with the reform before the end, where either is changed."""
    if not changes.keys() & {"horizon.months", "horizon.reform_month"}:
        return changes
    months, reform = (changes.get(key, SMALL[key]) for key in ("horizon.months", "horizon.reform_month"))
    return {**changes, "horizon.months": months, "horizon.reform_month": min(reform, months - 1)}


def _bases(*names: str) -> dict[str, float]:
    return {key: end(DECLARED[key], high=False) for key in names}


# A village cannot be without any money of its own: all are poor, and have a tenth of the least.
NO_MONEY = dict.fromkeys(
    (
        "funding.building_grant",
        "funding.running_per_site",
        "funding.running_per_elder",
        "funding.service_purchase",
        "staff.coordinator",
        "access.fee",
        "economics.donations",
        "economics.dues",
    ),
    0.0,
) | {"population.poor_village_share": 1.0, "population.rich_village_money": 5_000.0}

# People who join, villages that open sites, organisations that come, accidents that happen: within a year and a half.
LIVELY: dict[str, Any] = {
    "population.villages": 4,
    "population.elders_per_village": 60.0,
    "population.hamlets_per_village": 2.0,
    "population.village_size_spread": 0.1,
    "horizon.months": 24,
    "horizon.reform_month": 12,
    "enrolling.base": 3.0,
    "enrolling.reconsider": 0.5,
    "helping.base": -2.0,
    "helping.reconsider": 0.06,
    "committee.opening": 1.0,
    "access.fewest_users": 2.0,
    "access.eligible_age": 60.0,
    "organizations.per_county": 2,
    "organizations.enter": 1.0,
    "associations.at_start": 0.5,
    "associations.founding": 0.005,
    "associations.join": 0.0,
    "supervision.audit_probability": 0.4,
    "services.accidents": 1.0,
}

EXTREMES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "lively": LIVELY,
    "no money": {**LIVELY, **NO_MONEY},
    "no money from the start of the reform": {
        **LIVELY,
        "funding.shortfall": {0: 0.0, 12: 1.0},
        "funding.running_per_site": {0: 10_000.0, 12: 0.0},
    },
    "no organisations": {**LIVELY, "organizations.per_county": 0},
    "one village": {**LIVELY, "population.villages": 1},
    "five elders": {**LIVELY, "population.villages": 1, "population.elders_per_village": 5.0},
    "one village of five elders, one hamlet, alone": {
        **LIVELY,
        "population.villages": 1,
        "population.elders_per_village": 5.0,
        "population.hamlets_per_village": 1.0,
        "population.married_at_60": 0.5,
        **{f"population.{name}": float(name == "child_none") for name in COMPOSITIONS[0][1]},
    },
    "everybody severely disabled": {
        **LIVELY,
        "health.adl_set": 5,
        "access.requires_self_care": False,
        "access.home_delivery": True,
        **{f"health.{name}": float(name == "severity_severe") for name in COMPOSITIONS[1][1]},
    },
    "nobody willing": _bases(
        "enrolling.base", "helping.base", "design.attend", "associations.join", "committee.opening"
    ),
    "everybody willing": {
        **LIVELY,
        **{key: DECLARED[key].high for key in ("enrolling.base", "helping.base", "design.attend")},
        "incentive.time_bank": True,
        "incentive.pay_per_hour": {0: 0.0, 9: 30.0, 15: 0.0},
        "negotiation.rounds": 12.0,
        "negotiation.elders_seat": True,
        "negotiation.association_seat": True,
        "negotiation.organization_seat": True,
    },
    "all levers at their low ends": {**LIVELY, **{key: end(DECLARED[key], high=False) for key in LEVERS}},
    "all levers at their high ends": {**LIVELY, **{key: end(DECLARED[key], high=True) for key in LEVERS}},
    "the high ends at the reform, the low ends before": {
        **LIVELY,
        **{key: {0: end(DECLARED[key], high=False), 12: end(DECLARED[key], high=True)} for key in LEVERS},
    },
}

# What a committee leaves of a small sum is less than its open book costs.
ALL_DIVERTED: dict[str, Any] = {
    **LIVELY,
    "committee.greed": 0.4,
    "committee.deterrence": 0.0,
    "faults.onset": 2.0,
    "faults.repair": 0.0,
    "faults.mending": 0.0,
    "supervision.open_book": True,
    "supervision.book_cost": 200.0,
    "economics.donations": 0.0,
    "funding.running_per_site": 300.0,
    "access.fee": 0.0,
}
