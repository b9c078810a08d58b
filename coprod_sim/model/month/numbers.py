"""What several drivers hand to passes: parameters and levers as they hold this month."""

from __future__ import annotations

from coprod_sim.model.month.state import State
from coprod_sim.model.stages.opening import OpeningNumbers
from coprod_sim.model.stages.serving import TableNumbers


def opening_numbers(state: State) -> OpeningNumbers:
    """What openings read."""
    values = state.values
    return OpeningNumbers(
        values.committee, values.motives, values.economics, values.government, values.funding, values.access,
        values.supervision, values.structure,
    )  # fmt: skip


def table_numbers(state: State) -> TableNumbers:
    """What a month at the sites reads."""
    values = state.values
    return TableNumbers(
        values.services, values.economics, values.faults, values.committee, values.supervision, values.access,
        values.population, values.health, values.family,
    )  # fmt: skip
