"""What passes are handed of parameters and levers, where several parts of a month hand it."""

from __future__ import annotations

from coprod_sim.model.engine.compiling import row_step
from coprod_sim.model.stages.opening import OpeningNumbers
from coprod_sim.model.stages.receiving import MoneyNumbers
from coprod_sim.model.stages.serving import TableNumbers
from coprod_sim.scenario.schema import Scenario


@row_step
def opening_numbers(values: Scenario) -> OpeningNumbers:
    """What openings read."""
    return OpeningNumbers(
        values.committee, values.motives, values.economics, values.government, values.funding, values.access,
        values.supervision, values.structure,
    )  # fmt: skip


@row_step
def table_numbers(values: Scenario) -> TableNumbers:
    """What a month at the sites reads."""
    return TableNumbers(
        values.services, values.economics, values.faults, values.committee, values.supervision, values.access,
        values.population, values.health, values.family,
    )  # fmt: skip


@row_step
def money_numbers(values: Scenario) -> MoneyNumbers:
    """What money of sites reads."""
    return MoneyNumbers(
        values.committee, values.design, values.economics, values.funding, values.incentive, values.services,
        values.supervision, values.structure,
    )  # fmt: skip
