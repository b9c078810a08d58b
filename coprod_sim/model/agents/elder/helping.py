"""Whether an elder starts or stops helping, and for how many hours (ODD 7.4.2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model.agents.elder.needs import WEEKS, cares_for_spouse
from coprod_sim.model.agents.elder.table import CONDITIONAL, HUMP, MILD, UNCONDITIONAL, Elders
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.columns import Floats
from coprod_sim.model.terms import Terms
from coprod_sim.scenario.parameters import ElderParameters


@dataclass
class HelpSeen:
    """What each elder can see of helping in the own village; one value a row.

    Attributes:
        distance: way to the site, km.
        fear: fear of liability after accidents known in the village, 0-1.
        honour: awards a helper of the village, at most 1.
        credit: hours are booked as credits.
        pay: pay an hour as it was paid last month, or as offered where none was due, yuan.
        crowding: weight that intrinsic motivation has lost where pay was offered, 0-1.
        others_do_it: belief that others do the village's tasks, from what was seen done.
        recognition: own recognition of the plan, less what broken promises took.
    """

    distance: Floats
    fear: Floats
    honour: Floats
    credit: bool
    pay: Floats
    crowding: Floats
    others_do_it: Floats
    recognition: Floats


def utility_of_helping(elders: Elders, params: ElderParameters, ties: Ties, seen: HelpSeen, month: int) -> Terms:
    """Motives to help, in log-odds, term by term (Alford 2002; Fischbacher et al. 2001; Tang et al. 2010).

    Sources of single terms: schema, group elders.
    """
    years_over_60 = np.maximum(elders.age(month) - 60, 0)
    # A credit is worth what one expects to need: more with age.
    expected_need = np.clip((years_over_60 + 5) / 30, 0, 1)
    return Terms(
        motivation=params.help_motivation * elders.motivation * (1 - seen.crowding),
        taste=params.help_taste * elders.taste,
        trust=params.help_trust * elders.trust,
        recognition=params.help_recognition * seen.recognition,
        reciprocity=params.help_reciprocity * reciprocity(elders, params, ties.helping),
        honour=params.help_honour * seen.honour,
        credit=params.help_credit * seen.credit * elders.belief * expected_need,
        pay=params.help_pay * np.log1p(seen.pay * 40 / elders.income) if seen.pay.any() else 0.0,
        asked=params.help_asked * elders.asked,
        age=-params.help_age * years_over_60,
        health=-params.help_mild * (elders.adl == MILD),
        kin=-params.help_kin * cares_for_spouse(elders),
        distance=-params.help_distance * seen.distance,
        fear=-params.help_fear * seen.fear,
        fatigue=-params.help_fatigue * elders.fatigue,
        bystander_effect=-params.help_stood_back * seen.others_do_it * ~elders.asked,
    )


def reciprocity(elders: Elders, params: ElderParameters, share_helping: Floats) -> Floats:
    """Giving in response to acquaintances' helping, by cooperator type (form: Fischbacher et al. 2001)."""
    slope = params.conditional_slope
    kind = elders.cooperator
    return slope * (
        (kind == CONDITIONAL) * share_helping
        + (kind == HUMP) * np.minimum(share_helping, 1 - share_helping)
        + (kind == UNCONDITIONAL) * 0.5
    )


def log_odds_to_start(utility: Floats, params: ElderParameters) -> Floats:
    """Log-odds that an able elder who does not help starts this month."""
    return params.start_base + utility


def log_odds_to_stop(utility: Floats, params: ElderParameters) -> Floats:
    """Log-odds that a helper stops this month: the same motives, weighing less by habit."""
    return params.stop_base - params.habit * utility


def hours_helped(utility: Floats, params: ElderParameters) -> Floats:
    """Hours a month of a helper: more with higher utility, up to sixteen hours a week."""
    hours = params.hours_active * np.exp(np.clip(params.hours_slope * (utility - params.hours_pull), -3, 3))
    weekly: Floats = np.minimum(hours, 16.0)
    return weekly * WEEKS


def update_fatigue(elders: Elders, params: ElderParameters) -> None:
    """Fatigue follows hours, over about a year."""
    strain = np.minimum(elders.hours / (params.fatigue_hours * WEEKS), 1)
    elders.fatigue += 0.1 * (strain - elders.fatigue)
