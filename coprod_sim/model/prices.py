"""Prices: each is the declared one times the factor of its kind, food, wages or all other (ODD 7.3.1)."""

from __future__ import annotations

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.parameters import Economics


@rule
def price_of_food(economics: Economics) -> float:
    """Food and fuel of a meal, yuan (ODD 7.3.1)."""
    return economics.food * economics.food_factor


@rule
def wage_of_cook(economics: Economics) -> float:
    """Wage of a cook of two and a half meals a day, yuan a month (ODD 7.3.1)."""
    return economics.cook_wage * economics.wage_factor


@rule
def wage_in_village(economics: Economics) -> float:
    """What an hour is worth in the villages, yuan (ODD 7.3.1)."""
    return economics.rural_wage * economics.wage_factor


@rule
def wage_of_skilled(economics: Economics) -> float:
    """What a skilled hour costs an organisation, yuan (ODD 7.3.1)."""
    return economics.skilled_wage * economics.wage_factor


@rule
def wage_of_coordinator(economics: Economics) -> float:
    """Wage of a paid coordinator, yuan an hour (ODD 7.3.1)."""
    return economics.coordinator_wage * economics.wage_factor


@rule
def wage_of_officer(economics: Economics) -> float:
    """Wage of a township service officer, yuan a month (ODD 7.3.1)."""
    return economics.officer_wage * economics.wage_factor


@rule
def price_of_upkeep(economics: Economics) -> float:
    """Power, water and repairs of a site, yuan a month (ODD 7.3.1)."""
    return economics.upkeep * economics.other_factor


@rule
def donations_at_first(economics: Economics) -> float:
    """What donors give a site that is new, yuan a month (ODD 7.3.6)."""
    return economics.donations * economics.other_factor / MONTHS


@rule
def dues_of_member(economics: Economics) -> float:
    """Dues of a member of an association, yuan a month (ODD 7.3.6)."""
    return economics.dues * economics.other_factor


@rule
def price_of_building(economics: Economics) -> float:
    """Cost of refitting rooms for a site, yuan (ODD 7.3.2)."""
    return economics.building * economics.other_factor


@rule
def price_of_accident(economics: Economics) -> float:
    """Treatment and compensation of an accident, yuan (ODD 7.4.8)."""
    return economics.accident * economics.other_factor


@rule
def price_of_premium(economics: Economics) -> float:
    """Insurance of a user or helper, yuan a year (ODD 7.3.1)."""
    return economics.premium * economics.other_factor


@rule
def price_of_delivery(economics: Economics) -> float:
    """Carrying a meal to a home, yuan (ODD 7.3.6)."""
    return economics.delivery * economics.other_factor
