"""Whether an elder helps others, and for how many hours (ODD 7.4.2)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.accidents import feared_cost_of_accidents
from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import expit
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.units import AGEING_FROM, DECADE, HELP_OF_A_DAY, MIDDLE, THERE_AND_BACK, WALKING, WEEKS
from coprod_sim.scenario.parameters import FORMS_OF_HELPING, Economics, Helping, Motives, Services

MATCHING, THRESHOLD = range(len(FORMS_OF_HELPING))
MOST_HOURS_A_WEEK = 14.0  # of a helper: a bound (ODD 10.3)
TYPICAL_HOURS = 8.0  # a month of a typical helper (CNCS 2007: two hours a week; ODD 10.3)
TYPICAL_WAYS = 4.0  # a month, to the site and back (ODD 10.3)


class Helper(NamedTuple):
    """What an elder brings to the choice whether to help.

    Attributes:
        age: completed years.
        mild: with mild ADL loss.
        income: yuan a month.
        taste: lasting taste for helping, standard deviations.
        motivation, trust, recognition, belief: 0-1.
        conditional: a conditional cooperator.
        lonely: share of the need of company that is not covered.
        asked: was asked this month.
        threshold: share of acquaintances from which one joins in (rival form).
        later: chance to need help in old age.
    """

    age: float
    mild: bool
    income: float
    taste: float
    motivation: float
    trust: float
    recognition: float
    belief: float
    conditional: bool
    lonely: float
    asked: bool
    threshold: float
    later: float


class HelpSeen(NamedTuple):
    """What an elder sees of helping.

    Attributes:
        helping: share of acquaintances who help.
        served: a site serves the hamlet.
        distance: way to it, km.
        expectation: that the scheme goes on and pays.
        honour: chance of an honour in a year.
        pay: yuan an hour offered.
        pay_was_offered: in the village, ever.
        time_bank: hours are credits.
        own_cost: accidents are at the own cost.
    """

    helping: float
    served: bool
    distance: float
    expectation: float
    honour: float
    pay: float
    pay_was_offered: bool
    time_bank: bool
    own_cost: bool


class HelpTerms(NamedTuple):
    """Log-odds of helping, term by term."""

    base: float
    taste: float
    intrinsic: float
    trust: float
    recognition: float
    others: float
    company: float
    asked: float
    honour: float
    frailty: float
    material: float


@rule
def utility_of_helping(
    elder: Helper, seen: HelpSeen, form: int, params: Helping, motives: Motives, services: Services,
    economics: Economics,
) -> HelpTerms:  # fmt: skip
    """Motives to help outside the home, in log-odds (Alford 2002; Fischbacher et al. 2001; ODD 7.4.2)."""
    scheme = 1.0 if seen.served else 0.0
    kept = 1.0 - params.crowding if seen.pay_was_offered else 1.0
    yuan = yuan_of_helping(elder, seen, params, services, economics)
    return HelpTerms(
        base=params.base,
        taste=params.taste * elder.taste,
        intrinsic=motives.intrinsic * (elder.motivation - MIDDLE) * kept,
        trust=motives.trust * (elder.trust - MIDDLE) * scheme,
        recognition=motives.recognition * (elder.recognition - MIDDLE) * scheme,
        others=motives.others * answer_to_others(elder, seen.helping, form),
        company=params.company * elder.lonely,
        asked=params.asked * elder.asked,
        honour=params.honour * seen.honour,
        frailty=-params.frailty * (max(elder.age - AGEING_FROM, 0.0) / DECADE + elder.mild),
        material=motives.per_income * yuan * scheme / elder.income,
    )


@rule
def answer_to_others(elder: Helper, share: float, form: int) -> float:
    """What acquaintances' helping calls forth in a conditional cooperator: its share, or all from a threshold on."""
    if not elder.conditional:
        return 0.0
    if form == THRESHOLD:
        return 1.0 if share >= elder.threshold and share > 0.0 else 0.0
    return share


@rule
def yuan_of_helping(elder: Helper, seen: HelpSeen, params: Helping, services: Services, economics: Economics) -> float:
    """What a month of a typical helper's hours is expected to earn, less ways and feared accidents, in yuan."""
    credit = params.credit_value * elder.belief * elder.later if seen.time_bank else 0.0
    earned = TYPICAL_HOURS * (seen.pay * seen.expectation + credit)
    ways = wage_in_village(economics) * TYPICAL_WAYS * THERE_AND_BACK * seen.distance / WALKING
    feared = feared_cost_of_accidents(TYPICAL_HOURS / HELP_OF_A_DAY, params, services, economics)
    return earned - ways - (feared if seen.own_cost else 0.0)


@rule
def hours_wished(utility: float, params: Helping) -> float:
    """Hours a month that a helper would give whatever others do: more with a higher utility (ODD 7.4.2)."""
    return MOST_HOURS_A_WEEK * WEEKS * expit(params.hours_base + utility)


@rule
def hours_offered(wished: float, conditional: bool, helpers: int, hours: float, form: int, params: Helping) -> float:
    """A conditional cooperator's hours follow in part, and imperfectly, those of known helpers (ODD 7.4.2).

    Source: Fischbacher & Gächter 2010.

    Args:
        wished: hours of the own target.
        helpers, hours: how many helpers he knows, and their mean hours worked last month.
    """
    if form == THRESHOLD or not conditional or helpers == 0:
        return wished
    return (1.0 - params.matching) * wished + params.matching * params.slope * hours


@rule
def is_helper(helps: bool, utility: float, u_again: float, u: float, params: Helping) -> bool:
    """Who thinks again helps with the probability of the utility; all others go on as they were (Blume 1993)."""
    if u_again >= params.reconsider:
        return helps
    return u < expit(utility)


@rule
def needs_help_later(grade: int, prevalence: float) -> float:
    """The chance that one will need help: that of an elder fifteen years on, certain with ADL loss (ODD 7.4.2)."""
    return 1.0 if grade > 0 else prevalence
