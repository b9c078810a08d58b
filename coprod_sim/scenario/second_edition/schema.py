"""A scenario of the second edition: every parameter of one county and one policy, checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, Self

from pydantic import BaseModel, ConfigDict, model_validator

from coprod_sim.scenario.declaring import Declaration, Group
from coprod_sim.scenario.limits import MOST_ELDERS
from coprod_sim.scenario.parameters import County, Horizon
from coprod_sim.scenario.schema import SLACK, elders_sentence, shares_sentence
from coprod_sim.scenario.second_edition import levers, parameters

LEVER_GROUPS = ("funding", "incentive", "supervision", "negotiation", "legal", "responsibility", "access", "staff")

# Shares that are parts of one whole.
COMPOSITIONS = (
    ("population", ("child_same_home", "child_in_village", "child_in_county", "child_away", "child_none")),
    ("health", ("severity_mild", "severity_moderate", "severity_severe")),
)

# Groups that hold no behaviour: prices, which a study moves by three factors, and instruments of experiments.
PRICES, INSTRUMENTS = "economics", "structure"
PRICE_FACTORS = tuple(f"{PRICES}.{name}" for name in ("food_factor", "wage_factor", "other_factor"))
BEHAVIOUR_AMONG_PRICES = ("economics.donation_decay",)
# What says how large the county is, and how much of it an experiment sets.
SIZES = ("population.villages", "organizations.per_county", "government.target_share")


class Scenario(BaseModel):
    """One county under one policy; frozen. Unknown keys, wrong types and values out of range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: County = County()
    horizon: Horizon = Horizon()
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
        elders = sum(row.elders for row in rows) if rows else people.villages * people.elders_per_village
        if elders > MOST_ELDERS:
            raise ValueError(elders_sentence(people.villages, elders))
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

    def values(self) -> dict[str, Any]:
        """The scenario as nested plain values."""
        return self.model_dump()

    def groups(self) -> dict[str, Group]:
        """The scenario's groups by name."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def declarations() -> Iterator[tuple[str, str, Declaration]]:
    """Every parameter of the schema as (group, name, declaration)."""
    for group, field in Scenario.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type) and issubclass(kind, Group)
        for name, declared in kind.declarations().items():
            yield group, name, declared


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
