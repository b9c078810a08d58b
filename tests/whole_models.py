"""Small models in which much happens, for tests of what a model has."""

from __future__ import annotations

from typing import Any

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.schema import Scenario

Values = dict[str, Any]

# Sites open early, everybody has heard of them, elders talk and found associations.
LIVELY: dict[str, Values] = {
    "population": {"villages": 6, "elders_per_village": 60},
    "horizon": {"months": 48, "reform_month": 12, "state_window": 12},
    "enrolling": {"aware_at_start": 0.8},
    "associations": {"at_start": 0.5, "join": 0.0},
    "negotiation": {"rounds": 2, "elders_seat": True},
    "incentive": {"time_bank": True, "awards_per_year": 2.0, "pay_per_hour": 2.0},
    "access": {"requires_self_care": False, "home_delivery": True, "fewest_users": 3.0},
}
SHORT = {"months": 5, "reform_month": 2, "state_window": 1}


def scenario(**groups: Values) -> Scenario:
    """The lively scenario with some groups' values changed: `scenario(incentive={"time_bank": False})`."""
    names = {**LIVELY, **groups}
    return Scenario.model_validate({name: {**LIVELY.get(name, {}), **groups.get(name, {})} for name in names})


def model_of(months: int = 14, seed: int = 7, **groups: Values) -> CoproductionModel:
    """A model after some months."""
    model = CoproductionModel(scenario(**groups), rng=seed)
    while model.month < months:
        model.step()
    return model
