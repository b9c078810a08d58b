"""Plain words for what the declarations name, in the language that is spoken: sides, units, groups, policies."""

from __future__ import annotations

import re
from functools import cache

from coprod_sim.model.indicators import INDICATORS, STAGES, gauges_of
from coprod_sim.presentation.language import ENGLISH, N_, gettext, in_chinese, pgettext, spoken
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.recommendations import LEVERS, recommendations
from coprod_sim.scenario.schema import declarations

SIDES = {
    "value": N_("Value: what old people get"),
    "participation": N_("Participation: who takes part"),
    "cost": N_("Cost: what it takes"),
    "process": N_("Process gauges: how the work is done"),
}

# How a unit is said after a number, where `unit_words` does not make that of it.
UNIT_WORDS = {
    "share": "%",
    **dict.fromkeys(("0-1", "score", "exponent", "distance", "index", "ratio", "0 or 1"), ""),
    "multiple of today's": "× today's",
    "multiple of the money at stake": "× the money at stake",
}

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
    "any loss": "Any loss: the disabled",
    "alone": "Alone",
    "spouse or others": "With a spouse or others",
    "child at home": "With a child in the home",
    "poor villages": "Poor villages",
    "target group": "Target group",
    "enrolled": "Enrolled elders",
}

# The same groups within a sentence.
GROUP_PHRASES = {
    "all": "all elders",
    "independent": "the independent",
    "mild": "elders with mild loss of self-care",
    "moderate": "elders with moderate loss",
    "severe": "elders with severe loss",
    "any loss": "the disabled (any loss of self-care)",
    "alone": "those who live alone",
    "spouse or others": "those with a spouse or others in the home",
    "child at home": "those with a child in the home",
    "poorest third": "the poorest third",
    "middle third": "the middle third",
    "richest third": "the richest third",
    "poor villages": "elders in poor villages",
    "other villages": "elders in other villages",
    "target group": "the target group",
    "enrolled": "the enrolled",
}

# Parameters whose meaning is too long to stand beside a row of a figure.
PARAMETER_TITLES = {
    "access.meals_a_day": "Meals a day of the guideline",
    "committee.deterrence": "How far an expected sanction deters",
    "committee.hours": "Cadre hours for this work",
    "committee.vanity": "What a report adds where nobody looks",
    "design.close_at": "Distance at which a round of talk closes",
    "design.heed": "How far the county heeds a village",
    "design.learning": "What a round of talk teaches",
    "duties.cost": "Cost of doing a duty",
    "duties.office_hours": "Township hours for county duties",
    "enrolling.need": "Need that the site is expected to close",
    "enrolling.reconsider": "Chance to think again about enrolling",
    "faults.size": "Days or people that a fault costs",
    "funding.shortfall": "Shortfall of the county's money",
    "government.revenue_spread": "Yearly fluctuation of county revenue",
    "health.company_need": "Company needed beside the household's",
    "helping.credit_value": "Worth of an hour of help in old age",
    "helping.fear": "Weight of a liability over its cost",
    "helping.hours_base": "Part of hours given, all else zero",
    "helping.reconsider": "Chance to think again about helping",
    "motives.feel": "How far experience moves motives",
    "motives.per_income": "Weight of money worth one's income",
    "population.income_median": "Median income of an elder",
    "responsibility.named_share": "Duties with a named party",
    "services.table_company": "Company among users of a table",
    "structure.duties": "How a duty that names nobody is answered",
    "structure.talk_bargains": "Those who talk bargain over the plan",
}

# Levers in years that are an age and no span of time, which Chinese says with a unit of its own.
AGES = ("access.eligible_age",)
OF_AGE = "years of age"

PER = re.compile(r"(?P<what>.*?)/(?P<of>.*)")
TOGETHER, TIMES_DOSE = " + ", " × "  # in the names of combinations and of doses
TIMES = re.compile(r"-(?=(month|year|round)\b)")


def label(indicator: str) -> str:
    """An indicator in plain words."""
    return pgettext("indicator", INDICATORS[indicator].label)


def meaning(indicator: str) -> str:
    """What an indicator is, within a sentence."""
    return pgettext("indicator's meaning", INDICATORS[indicator].meaning)


def parameter_meaning(key: str) -> str:
    """What a parameter is, as group.name; a name that the schema does not have is itself."""
    found = (declared.meaning for group, name, declared in declarations() if f"{group}.{name}" == key)
    return pgettext("parameter's meaning", next(found, key))


def parameter_title(key: str) -> str:
    """A parameter in a few words, as beside a row of a figure: its meaning without what a colon goes on to say, if that
    is short."""
    if key in PARAMETER_TITLES:
        return pgettext("parameter's title", PARAMETER_TITLES[key])
    return parameter_meaning(key).partition(": ")[0]


def side(name: str) -> str:
    """A side of the results as a heading."""
    return gettext(SIDES[name])


def policy(name: str) -> str:
    """A scenario's name: of those that come with the package as this language says it, any other as it is."""
    return pgettext("policy", name)


def in_words(name: str) -> str:
    """A scenario's name; a recommendation's with what that is in plain words, "R1 talk", in a combination and of a
    dose, too: "R1 talk + R3 clear duties", "R4 supervision × 0.5"."""
    return TOGETHER.join(_one_in_words(one) for one in name.split(TOGETHER))


def _one_in_words(name: str) -> str:
    alone, times, dose = name.partition(TIMES_DOSE)
    if alone not in _recommended():
        return name
    return policy(f"{alone} {recommendations()[alone].label}") + times + dose


@cache
def _recommended() -> frozenset[str]:
    return frozenset(recommendations())


def stage(name: str) -> str:
    """A stage of co-production within a table: its name, in another language its title."""
    return name if spoken() == ENGLISH else pgettext("stage", name.capitalize())


def third(place: str) -> str:
    """A third of some values: low, middle or high."""
    words = f"{place} third"
    return pgettext("third", words)


def payer(indicator: str) -> str:
    """Who pays a cost, within a sentence."""
    return gettext("the {payer}").format(payer=pgettext("payer", INDICATORS[indicator].payer))


def payer_of_line(indicator: str) -> str:
    """Who pays a cost, at the head of a line."""
    if spoken() == ENGLISH:
        return INDICATORS[indicator].label.removeprefix("Paid by ").capitalize()
    return pgettext("payer", INDICATORS[indicator].payer)


def question(text: str) -> str:
    """A study's question, likewise."""
    return pgettext("question", text)


COUNTIES = {
    "county_a": "County A",
    "county_a_sample": "County A, a sample of villages",
    "village_small": "Small example county",
    "xinyu": "Xinyu",
}


def county(name: str) -> str:
    """A county's name, likewise."""
    return COUNTIES.get(name, name) if spoken() == ENGLISH else pgettext("county", name)


def unit_words(unit: str) -> str:
    """A unit as it is said after a number: `yuan/site-month` as `yuan a site and month`."""
    if spoken() == ENGLISH or not unit or UNIT_WORDS.get(unit) in ("", "%"):
        return _unit_in_english(unit)
    return pgettext("unit", unit)


def unit_of(declared: Declaration) -> str:
    """The unit of a parameter as `unit_words` takes it: as declared, where English is spoken."""
    is_age = spoken() != ENGLISH and any(declared == LEVERS[key] for key in AGES)
    return OF_AGE if is_age else declared.unit


@cache
def _unit_in_english(unit: str) -> str:
    per = PER.fullmatch(unit)
    if unit in UNIT_WORDS or not per:
        return UNIT_WORDS.get(unit, unit)
    what, of = per["what"].removeprefix("1"), per["of"]
    if of[0].isdigit():
        return f"{what} for {of}".strip()
    article = "an" if of.startswith(("a", "e", "i", "o", "u", "hour")) else "a"
    return f"{what} {article} {TIMES.sub(' and ', of)}".strip()


def problems() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """The problems of the source study: stage, problem, the recommendation that answers it, and its gauges."""
    return tuple(
        (
            pgettext("stage", r.stage.capitalize()),
            pgettext("problem", r.problem),
            gettext("{name}, {answer}").format(name=r.name, answer=pgettext("answer to a problem", r.answer)),
            gauges_of(r.stage),
        )
        for r in recommendations().values()
        if r.stage in STAGES
    )


def lower(words: str) -> str:
    """Words as they stand within a sentence."""
    return words if in_chinese() else words[:1].lower() + words[1:]


def group_label(group: str) -> str:
    """A group of elders in plain words, without its factor."""
    return pgettext("group", group_label_in_english(group))


def group_label_in_english(group: str) -> str:
    """The same as the catalogue has it."""
    name = group.partition(": ")[2] or group
    return GROUP_LABELS.get(name, name.capitalize())


def group_phrase(group: str) -> str:
    """A group of elders within a sentence."""
    return pgettext("group within a sentence", group_phrase_in_english(group))


def group_phrase_in_english(group: str) -> str:
    """The same as the catalogue has it."""
    name = group.partition(": ")[2] or group
    return GROUP_PHRASES.get(name, name)
