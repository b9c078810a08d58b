"""A scenario: every parameter of one county and one policy, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from coprod_sim.scenario import levers, parameters
from coprod_sim.scenario.declaring import Declaration, Group
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_ELDERS
from coprod_sim.scenario.retired import RETIRED

# 2: a county from data holds its villages' rows; 3: two motives of helping have other names; 4: the second edition.
SCHEMA_VERSION = 4
LEVER_GROUPS = ("funding", "incentive", "supervision", "negotiation", "legal", "responsibility", "access", "staff")

# Shares that are parts of one whole.
COMPOSITIONS = (
    ("population", ("child_same_home", "child_in_village", "child_in_county", "child_away", "child_none")),
    ("health", ("severity_mild", "severity_moderate", "severity_severe")),
)

# What is drawn where no data say it, and says nothing where they do.
OF_DRAWN_VILLAGES = ("population.elders_per_village", "population.village_size_spread",
                     "population.hamlets_per_village")  # fmt: skip
SLACK = 1e-6  # of a sum of shares

# Groups that hold no behaviour: prices, which a study moves by three factors, and instruments of experiments.
PRICES, INSTRUMENTS = "economics", "structure"
PRICE_FACTORS = tuple(f"{PRICES}.{name}" for name in ("food_factor", "wage_factor", "other_factor"))
BEHAVIOUR_AMONG_PRICES = ("economics.donation_decay",)
# What says how large the county is, and how much of it an experiment sets.
SIZES = ("population.villages", "organizations.per_county", "government.target_share")


class Scenario(BaseModel):
    """One county under one policy; frozen. Unknown keys, wrong types and values out of range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: parameters.County = parameters.County()
    horizon: parameters.Horizon = parameters.Horizon()
    population: parameters.Population = parameters.Population()
    geography: parameters.Geography = parameters.Geography()
    health: parameters.Health = parameters.Health()
    family: parameters.Family = parameters.Family()
    motives: parameters.Motives = parameters.Motives()
    helping: parameters.Helping = parameters.Helping()
    enrolling: parameters.Enrolling = parameters.Enrolling()
    design: parameters.Design = parameters.Design()
    associations: parameters.Associations = parameters.Associations()
    organizations: parameters.Organizations = parameters.Organizations()
    committee: parameters.Committee = parameters.Committee()
    duties: parameters.Duties = parameters.Duties()
    expectation: parameters.Expectation = parameters.Expectation()
    faults: parameters.Faults = parameters.Faults()
    services: parameters.Services = parameters.Services()
    economics: parameters.Economics = parameters.Economics()
    government: parameters.Government = parameters.Government()
    structure: parameters.Structure = parameters.Structure()
    funding: levers.Funding = levers.Funding()
    incentive: levers.Incentive = levers.Incentive()
    supervision: levers.Supervision = levers.Supervision()
    negotiation: levers.Negotiation = levers.Negotiation()
    legal: levers.Legal = levers.Legal()
    responsibility: levers.Responsibility = levers.Responsibility()
    access: levers.Access = levers.Access()
    staff: levers.Staff = levers.Staff()

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        for group, names in COMPOSITIONS:
            shares = [getattr(getattr(self, group), name) for name in names]
            if abs(sum(shares) - 1) > SLACK:
                raise ValueError(shares_sentence(group, names, shares))
        return self

    @model_validator(mode="after")
    def _sizes(self) -> Self:
        rows, people = self.county.villages, self.population
        if rows and people.villages != len(rows):
            raise ValueError(f"population.villages: must with rows be {len(rows)}, got {people.villages}")
        if self.elders_at_start > MOST_ELDERS:
            raise ValueError(elders_sentence(people.villages, self.elders_at_start))
        return self

    @model_validator(mode="after")
    def _reform_within(self) -> Self:
        when, end = self.horizon.reform_month, self.horizon.months
        if when >= end:
            raise ValueError(f"horizon.reform_month: must be a month before the end, got {when} of {end} months")
        return self

    def __iter__(self) -> NoReturn:
        """Refused: what takes one value or several, such as `mesa.batch_run`, is to take a scenario for one."""
        raise TypeError("a scenario is one value: ask for its groups() or values()")

    def groups(self) -> dict[str, Group]:
        """The scenario's groups by name."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    @property
    def elders_at_start(self) -> float:
        """Elders at the start, in all villages: as the data say, else about as many."""
        rows, people = self.county.villages, self.population
        return sum(row.elders for row in rows) if rows else people.villages * people.elders_per_village

    def values(self) -> dict[str, Any]:
        """The scenario as nested plain values."""
        return self.model_dump()


def shares_sentence(group: str, names: Sequence[str], shares: Sequence[float]) -> str:
    """That shares of one whole do not add up to 1."""
    keys = ", ".join(f"{group}.{name}" for name in names)
    return f"{keys}: must add up to 1, got {sum(shares):g}"


def elders_sentence(villages: float, elders: float) -> str:
    """That there are too many elders."""
    return f"population: must have at most {MOST_ELDERS:,} elders in all, got {elders:,.0f} in {villages:,} villages"


def organizations_for(villages: int) -> dict[str, float]:
    """Organisations of a county of so many villages, by key: as many to a village, and skilled hours, as in county A.

    There is one at least, as far as the schema goes; hours of each are whole.
    """
    reference, people = parameters.Organizations(), parameters.Population()
    declared = parameters.Organizations.declarations()
    per_county = _within(declared["per_county"], reference.per_county * villages / people.villages, 1)
    hours = reference.per_county * reference.hours * villages / people.villages / per_county
    return {"organizations.per_county": per_county, "organizations.hours": _within(declared["hours"], hours)}


def _within(declared: Declaration, value: float, least: float = 0) -> int:
    """The whole number nearest to a value that the schema allows."""
    assert declared.low is not None and declared.high is not None
    return round(min(max(value, declared.low, least), declared.high))


def declarations() -> Iterator[tuple[str, str, Declaration]]:
    """Every parameter of the schema as (group, name, declaration)."""
    for group, field in Scenario.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type) and issubclass(kind, Group)
        for name, declared in kind.declarations().items():
            yield group, name, declared


def lever_group_label(group: str) -> str:
    """What a group of levers is about, in plain words; empty for a group of other parameters."""
    kind = Scenario.model_fields[group].annotation
    return str(getattr(kind, "label", ""))


def scenario_from(values: Mapping[str, Any]) -> Scenario:
    """A checked scenario from nested values; ScenarioError in one sentence if anything is not allowed."""
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        raise ScenarioError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key}: unknown key, {_known_keys(first['loc'])}"
    if first["type"] == "value_error":
        words = str(first["ctx"]["error"])
        return f"{key}: {words}" if key else words
    return f"{key}: got {first.get('input')!r}, {first['msg'].lower()}"


def _known_keys(loc: tuple[int | str, ...]) -> str:
    fields = Scenario.model_fields
    if len(loc) > 1 and loc[0] in fields:
        kind = fields[str(loc[0])].annotation
        assert isinstance(kind, type) and issubclass(kind, BaseModel)
        fields = kind.model_fields
    return "must be one of " + ", ".join(fields)


def budgeted() -> list[str]:
    """Numbers that count against the budget of ninety: of grade T, I or A, no lever, price, size or instrument."""
    free = (*LEVER_GROUPS, INSTRUMENTS, "county", "horizon")
    return [
        f"{group}.{name}"
        for group, name, declared in declarations()
        if declared.kind in ("number", "count")
        and declared.grade != "M"
        and group not in free
        and f"{group}.{name}" not in SIZES
        and (group != PRICES or f"{group}.{name}" in BEHAVIOUR_AMONG_PRICES)
    ]


def todays_policy() -> dict[str, tuple[float, float]]:
    """Numbers of today's policy that differ between counties and are drawn beside the budget: between which ends."""
    return {
        "funding.shortfall": (0.0, 0.6),
        "access.meals_a_day": (1.0, 3.0),
        "access.fee": (0.0, 5.0),
        "responsibility.named_share": (0.0, 0.5),
        "responsibility.county_deadlines": (0.0, 0.5),
        "supervision.audit_probability": (0.02, 0.4),
        "supervision.follow_up": (0.0, 0.5),
    }


__all__ = [
    "COMPOSITIONS",
    "LEVER_GROUPS",
    "OF_DRAWN_VILLAGES",
    "PRICE_FACTORS",
    "RETIRED",
    "SCHEMA_VERSION",
    "SIZES",
    "SLACK",
    "Scenario",
    "budgeted",
    "declarations",
    "elders_sentence",
    "lever_group_label",
    "scenario_from",
    "shares_sentence",
    "todays_policy",
]
