"""Whether an elder starts or stops helping, and for how many hours (ODD 7.4.2)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.agents.elder.table import CONDITIONAL, HUMP, UNCONDITIONAL, WEEKS
from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.scenario.parameters import ElderParameters

MOST_HOURS_A_WEEK = 16.0  # assumed
PAID_HOURS_A_MONTH = 40.0  # hours whose pay an elder sets against income: assumed
# A credit is worth what one expects to need: nothing 5 years before 60, all of it 30 years later (assumed).
NEED_BEGINS, NEED_GROWS = 5.0, 30.0
OTHERS_HALF_HELP = 0.5  # an unconditional cooperator helps as if half of the others did
FATIGUE_RATE = 0.1  # a month: fatigue follows hours over about a year (assumed)

NOBODY = -1  # of the payers


class Helper(NamedTuple):
    """What an elder brings to the choice: own state."""

    years_over_60: float
    mild_loss: bool
    cares_for_spouse: bool
    income: float
    motivation: float
    taste: float
    trust: float
    cooperator: int
    belief: float
    fatigue: float
    asked: bool


class HelpSeen(NamedTuple):
    """What an elder sees of helping in the own village.

    Attributes:
        helping: share of acquaintances who helped last month.
        distance: way to the site, km.
        fear: fear of liability after accidents known in the village, 0-1.
        honour: awards a helper of the village, at most 1.
        credit: hours are booked as credits.
        pay: pay an hour as it was paid last month, or as offered where none was due, yuan.
        crowding: weight that intrinsic motivation has lost where pay was offered, 0-1.
        others_do_tasks: belief that others do the village's tasks, from what was seen done.
        recognition: own recognition of the plan, less what broken promises took.
    """

    helping: float
    distance: float
    fear: float
    honour: float
    credit: bool
    pay: float
    crowding: float
    others_do_tasks: float
    recognition: float


class HelpTerms(NamedTuple):
    """Log-odds of helping, term by term."""

    motivation: float
    taste: float
    trust: float
    recognition: float
    reciprocity: float
    honour: float
    credit: float
    pay: float
    asked: float
    age: float
    health: float
    kin: float
    distance: float
    fear: float
    fatigue: float
    bystander: float


class Payment(NamedTuple):
    """What somebody pays for an hour of help, beside the pay of the scenario's levers.

    Attributes:
        yuan_per_hour: yuan.
        payer: NOBODY, or whose cash it is: position in `accounts.PAYERS`.
    """

    yuan_per_hour: float
    payer: int


@rule
def utility_of_helping(elder: Helper, seen: HelpSeen, params: ElderParameters) -> HelpTerms:
    """Motives to help, in log-odds (Alford 2002; Fischbacher et al. 2001; Tang et al. 2010).

    Sources of single terms: schema, group elders.
    """
    return HelpTerms(
        motivation=params.help_motivation * elder.motivation * (1 - seen.crowding),
        taste=params.help_taste * elder.taste,
        trust=params.help_trust * elder.trust,
        recognition=params.help_recognition * seen.recognition,
        reciprocity=params.help_reciprocity * reciprocity(elder.cooperator, seen.helping, params),
        honour=params.help_honour * seen.honour,
        credit=params.help_credit * seen.credit * elder.belief * expected_need(elder.years_over_60),
        pay=params.help_pay * math.log1p(max(seen.pay * PAID_HOURS_A_MONTH / elder.income, 0.0)),
        asked=params.help_asked * elder.asked,
        age=-params.help_age * elder.years_over_60,
        health=-params.help_mild * elder.mild_loss,
        kin=-params.help_kin * elder.cares_for_spouse,
        distance=-params.help_distance * seen.distance,
        fear=-params.help_fear * seen.fear,
        fatigue=-params.help_fatigue * elder.fatigue,
        bystander=-params.help_bystander * seen.others_do_tasks * (not elder.asked),
    )


@rule
def payment_for_helping(elder: Helper, seen: HelpSeen, params: ElderParameters) -> Payment:
    """What an hour of this elder's help is paid beside the pay of the scenario's levers: nothing.

    It is here to be replaced: a rule of one's own that pays names who does.
    """
    return Payment(yuan_per_hour=0.0, payer=NOBODY)


@rule
def expected_need(years_over_60: float) -> float:
    """Care that an elder expects to need, as a share of the most: more with age."""
    return clip((years_over_60 + NEED_BEGINS) / NEED_GROWS, 0.0, 1.0)


@rule
def reciprocity(cooperator: int, share_helping: float, params: ElderParameters) -> float:
    """What acquaintances' helping calls forth, by cooperator type (form: Fischbacher et al. 2001)."""
    if cooperator == CONDITIONAL:
        return params.conditional_slope * share_helping
    if cooperator == HUMP:
        return params.conditional_slope * min(share_helping, 1 - share_helping)
    if cooperator == UNCONDITIONAL:
        return params.conditional_slope * OTHERS_HALF_HELP
    return 0.0


@rule
def log_odds_to_start(utility: float, params: ElderParameters) -> float:
    """Log-odds that an able elder who does not help starts this month."""
    return params.start_base + utility


@rule
def log_odds_to_stop(utility: float, params: ElderParameters) -> float:
    """Log-odds that a helper stops this month: the same motives, weighing less by habit."""
    return params.stop_base - params.habit * utility


@rule
def hours_helped(utility: float, params: ElderParameters) -> float:
    """Hours a month of a helper: more with a higher utility, up to sixteen hours a week."""
    more = math.exp(clip(params.hours_slope * (utility - params.hours_utility), -3.0, 3.0))
    return min(params.hours_active * more, MOST_HOURS_A_WEEK) * WEEKS


@rule
def fatigue_after(fatigue: float, hours: float, params: ElderParameters) -> float:
    """Fatigue follows hours, over about a year."""
    strain = min(hours / (params.fatigue_hours * WEEKS), 1.0)
    return fatigue + FATIGUE_RATE * (strain - fatigue)
