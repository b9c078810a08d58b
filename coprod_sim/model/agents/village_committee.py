"""The village committee: what it is, sees, wants and decides (ODD 7.3, 7.5).

It wants its mission, a good report, few hours and private gain. It sees its cash, the site, the users and who
comes to meetings; it does not see those who never come. Every rule's arguments are what it sees.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import DAILY_HELP
from coprod_sim.model.columns import Flags, Floats, Table, expit, flags, floats
from coprod_sim.model.plan import BY_ELDERS, FEE, FEE_UNIT, HOME_VISITS, ITEMS, MEALS_A_DAY, MIX, MIX_NAMES
from coprod_sim.model.terms import Terms
from coprod_sim.scenario import levers
from coprod_sim.scenario.parameters import CommitteeParameters

TASKS = ("report", "audit", "talk", "book", "manage", "canvass")
INSPECTED, MANAGE, CANVASS = slice(0, 4), 4, 5  # columns of `Committees.hours`
PARTIES = ("committee", "elders", "organization", "officer")
COMMITTEE, HELPERS, ORGANIZATION, OFFICER = range(4)


class Committees(Table):
    """One row a village: its committee and what the village remembers."""

    poor: Flags = flags("village of little collective income")
    income: Floats = floats("yuan/year", "collective money that can go to care")
    cash: Floats = floats("yuan", "village money set aside for care")
    service_motivation: Floats = floats("0-1", "public-service motivation")
    disposition: Floats = floats("0-1", "service motivation that it returns to when nothing happens")
    propensity: Floats = floats("sd", "lasting propensity to divert")
    need_seen: Floats = floats("share", "service mix that users and meeting-goers seem to need", MIX_NAMES)
    plan: Floats = floats("see plan.py", "plan in force", ITEMS)
    recognition: Floats = floats("0-1", "closeness of the plan to the committee's ideal")
    aims_spread: Floats = floats("0-1", "mean distance of the parties' ideals from the plan")
    hours: Floats = floats("hours/month", "hours given last month, by task", TASKS)
    inspected_done: Floats = floats("share", "inspected work (reports, talk, book) done for the hours it asks")
    workload: Floats = floats("ratio", "hours asked over hours there are, last month")
    belief: Floats = floats("0-1", "each party's belief that another does a task", PARTIES)
    reliance: Floats = floats("0-1", "how reliably named parties do their tasks, as the others see it")
    diverting: Floats = floats("share", "share of public money diverted")
    fear: Floats = floats("0-1", "fear after accidents known in the village")
    visits_promised: Floats = floats("hours/month", "company and daily help promised to those visited this month")
    visits_kept: Floats = floats("hours/month", "what came of it")
    promises_broken: Floats = floats("share", "share of the plan's promises not kept this month")
    trust_shock: Floats = floats("0-1", "trust that elders lose this month over accidents not answered for")
    disappointment: Floats = floats("0-1", "share of the plan's promises lately not kept")
    crowding: Floats = floats("0-1", "weight that elders' motivation has lost to pay")
    named_undone: Floats = floats("share", "tasks named to a party that it did not do last month")
    named: Floats = floats("share", "largest share of tasks with a named party so far (drafted)")


def ideal(
    seen: Floats, hours_ratio: Floats, service_motivation: Floats, break_even_fee: Floats, cash_months: Floats
) -> Floats:
    """(villages, items) plan that the committee would make: what its hours and cash can run.

    Args:
        seen: (villages, 4) service mix that those it sees need.
        hours_ratio: hours there are over hours asked, at most 1.
        service_motivation: 0-1.
        break_even_fee: fee at which the site pays its way, yuan a month.
        cash_months: months of cost that its cash covers.
    """
    wish = np.zeros((len(seen), len(ITEMS)))
    can_do = np.stack([np.ones_like(hours_ratio), np.ones_like(hours_ratio), hours_ratio, hours_ratio], axis=1)
    mix = seen * np.maximum(can_do, 0.1)
    wish[:, MIX] = mix / mix.sum(axis=1, keepdims=True)
    wish[:, FEE] = np.clip(break_even_fee / FEE_UNIT, 0, 1)
    wish[:, MEALS_A_DAY] = np.where(cash_months >= 1, 1.0, 2 / 3)
    wish[:, HOME_VISITS] = service_motivation * hours_ratio * np.minimum(1, 2 * seen[:, DAILY_HELP])
    wish[:, BY_ELDERS] = 1 - service_motivation * hours_ratio
    return wish


def utility_of_working(params: CommitteeParameters, motivation: Floats, recognition: Floats, workload: Floats) -> Terms:
    """Log-odds with which an hour that could go to this work does: mission and workload weighed.

    Being watched is no term: audits look at money and papers, not at hours.
    """
    return Terms(
        base=params.effort_base,
        motivation=params.effort_motivation * (motivation - 0.5),
        recognition=params.effort_recognition * (recognition - 0.5),
        workload=-params.effort_workload * workload,
    )


def split_hours(
    params: CommitteeParameters, available: Floats, inspected: Floats, manage_need: Floats, exposure: float,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Hours for tasks that are inspected, for managing sites, and for asking elders.

    Inspected tasks go first as far as somebody may check; what is left is split, and management beyond its
    need goes to asking.
    """
    first = expit(np.full_like(available, params.report_first + params.first_exposure * exposure))
    for_inspected = np.minimum(inspected, available) * first
    rest = available - for_inspected
    manage = np.minimum(rest * (1 - params.canvass_share), manage_need)
    return for_inspected, manage, rest - manage


def exposure(supervision: levers.Supervision) -> float:
    """Loss that a committee expects from being found out: announced audits and interviews times the sanction."""
    seen = 1 - (1 - supervision.audit_probability) * (1 - 0.5 * supervision.survey_share)
    return seen * supervision.sanction


def utility_of_diverting(
    params: CommitteeParameters, propensity: Floats, expected_loss: float, readers: Floats
) -> Terms:
    """Log-odds of each public yuan's being diverted.

    Args:
        params: parameters.
        propensity: lasting trait, sd.
        expected_loss: see `exposure`.
        readers: share of elders who read an open book or whose association asks.
    """
    return Terms(
        base=params.divert_base,
        propensity=params.divert_propensity * propensity,
        deterrence=np.full(len(propensity), -params.divert_deterrence * expected_loss),
        scrutiny=-params.divert_scrutiny * readers,
    )


def inflation(params: CommitteeParameters, supervision: levers.Supervision, motivation: Floats) -> Floats:
    """How far a committee reports above the truth (score points): gain against the chance of being found out.

    It maximises gain·x − (unease + chance·sanction)·x²/2. An inside evaluator, whose office gains from good
    figures too, lets a false report pass half the time; money that follows the score adds to the gain.
    """
    chance = 1 - (1 - supervision.audit_probability) * (1 - supervision.survey_share)
    watching = 0.5 if supervision.evaluator == "internal" else 1.0
    gain = params.inflate_gain * (1 + max(supervision.money_follows_score, 0))
    cost = params.inflate_cost * (0.5 + motivation) + 5 * watching * chance * supervision.sanction
    wanted: Floats = np.minimum(gain / cost, 1)
    return wanted


def utility_of_applying(
    params: CommitteeParameters,
    motivation: Floats,
    pressure: float,
    campaign: Floats,
    grant_ratio: float,
    workload: Floats,
) -> Terms:
    """Log-odds that a committee with sign-ups enough applies for a site this month.

    Args:
        params: parameters.
        motivation: public-service motivation.
        pressure: share of the county's villages that have a site.
        campaign: how much the county wants a site here: its target, where there is none, else 0.
        grant_ratio: building grant over building cost.
        workload: hours that the village's sites ask over hours there are.
    """
    return Terms(
        base=params.open_base,
        motivation=params.open_motivation * motivation,
        pressure=params.open_pressure * pressure * campaign,
        campaign=params.open_campaign * campaign,
        money=np.full(len(motivation), params.open_money * (min(grant_ratio, 2) - 1)),
        workload=-params.open_workload * workload,
    )


def places_affordable(
    fixed_income: Floats, fixed_cost: Floats, income_a_user: Floats, cost_a_user: Floats, capacity: float
) -> Floats:
    """Users whom expected cash can feed and staff; at most the places there are."""
    left = fixed_income - fixed_cost
    short = np.maximum(cost_a_user - income_a_user, 1e-9)
    places = np.where(cost_a_user <= income_a_user, capacity, np.floor(np.maximum(left, 0) / short + 1e-9))
    # A site that cannot even pay its cook admits nobody unless users pay for themselves and for it.
    viable = left + places * (income_a_user - cost_a_user) >= -1e-6
    affordable: Floats = np.where(viable, np.minimum(places, capacity), 0.0)
    return affordable


def admits_the_disabled(motivation: Floats, fear: Floats, liable: bool) -> Flags:
    """Whether a committee takes users with ADL loss: its mission against fear of an accident it must answer for."""
    willing: Flags = motivation >= fear * (1.0 if liable else 0.3)
    return willing


def top_up(params: CommitteeParameters, motivation: Floats, cash: Floats, missing: Floats) -> Floats:
    """Village money that the committee puts into its sites this month, yuan: part of what they lack."""
    given: Floats = np.minimum(np.clip(params.top_up * 2 * motivation, 0, 1) * missing, cash)
    return given


def do_task(params: CommitteeParameters, stake: Floats, believed: Floats, load: Floats | float) -> Floats:
    """Probability that a party does a task: own cost against the loss it expects if nobody else does.

    A volunteer's dilemma with beliefs; the choice is a logit, so that a near tie is near a coin's toss.

    Args:
        params: parameters.
        stake: loss the party feels when the task is undone, 0-1 of the full loss.
        believed: belief that another does it.
        load: how busy the party is; makes the task dearer.
    """
    return expit(params.task_sharpness * (2 * stake * (1 - believed) - params.task_cost * (1 + load)))
