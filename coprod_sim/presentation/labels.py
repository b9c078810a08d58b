"""Plain words for what the declarations name: sides, units, groups. Names themselves stay as they are."""

from __future__ import annotations

from functools import cache

from coprod_sim.model.indicators import INDICATORS, STAGES, gauges_of
from coprod_sim.scenario.recommendations import recommendations

SIDES = {
    "value": "Value: what old people get",
    "participation": "Participation: who takes part",
    "cost": "Cost: what it takes",
    "process": "Process gauges: how the work is done",
}

# How a unit is said after a number; other units are said as declared.
UNIT_WORDS = {
    "share": "%",
    "0-1": "",
    "score": "",
    "exponent": "",
    "points of 30": "points (of 30)",
    "hours/week": "hours a week",
    "hours/village-month": "hours a village and month",
    "1/year": "a year",
    "1/site-year": "a site and year",
    "yuan/hour": "yuan an hour",
    "yuan/elder-month": "yuan an elder and month",
    "multiple of today's": "× today's",
    "multiple of the money or score at stake": "× the money or score at stake",
    "yuan/month for three meals a day": "yuan a month for three meals a day",
    "yuan/site": "yuan a site",
    "yuan/site-month": "yuan a site and month",
    "yuan/enrolled elder-month": "yuan an enrolled elder and month",
    "yuan/contract-month": "yuan a contract and month",
    "yuan/village-month": "yuan a village and month",
    "yuan/award": "yuan an award",
    "awards/village-year": "awards a village and year",
    "rounds/year": "rounds a year",
    "officers/20 villages": "officers for 20 villages",
}

# How a unit stands in a glossary.
UNIT_NAMES = {"share": "%", "0-1": "scale from 0 to 1", "score": "score from 0 to 1", "1/year": "share a year"}

FACTOR_LABELS = {
    "adl": "Self-care (ADL grade)",
    "living": "Living arrangement",
    "sex": "Sex",
    "income": "Income",
    "village": "Village",
}
GROUP_LABELS = {
    "all": "All elders",
    "independent": "Independent",
    "mild": "Mild loss of self-care",
    "moderate": "Moderate loss",
    "severe": "Severe loss",
    "child at home": "A child in the home",
    "poor villages": "Poor villages",
    "target group": "Target group",
    "enrolled": "Enrolled elders",
}

# The same groups within a sentence.
GROUP_PHRASES = {
    "independent": "the independent",
    "mild": "elders with mild loss of self-care",
    "moderate": "elders with moderate loss",
    "severe": "elders with severe loss",
    "alone": "those who live alone",
    "spouse only": "those with a spouse only",
    "child at home": "those with a child in the home",
    "poorest third": "the poorest third",
    "middle third": "the middle third",
    "richest third": "the richest third",
}


def label(indicator: str) -> str:
    """An indicator in plain words."""
    return INDICATORS[indicator].label


@cache
def problems() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """The problems of the source study: stage, problem, the recommendation that answers it, and its gauges."""
    return tuple(
        (r.stage.capitalize(), r.problem, f"{r.name}, {r.answer}", gauges_of(r.stage))
        for r in recommendations().values()
        if r.stage in STAGES
    )


def lower(words: str) -> str:
    """Words as they stand within a sentence."""
    return words[:1].lower() + words[1:]


def group_label(group: str) -> str:
    """A group of elders in plain words, without its factor."""
    name = group.partition(": ")[2] or group
    return GROUP_LABELS.get(name, name.capitalize())


def group_phrase(group: str) -> str:
    """A group of elders within a sentence."""
    name = group.partition(": ")[2] or group
    return GROUP_PHRASES.get(name, name)
