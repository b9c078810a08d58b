"""Elders start and stop helping and choose their hours (ODD 7.4.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.accounts import PAYERS, PaymentError
from coprod_sim.model.agents.elder.helping import (
    NOBODY,
    Helper,
    HelpSeen,
    Payment,
    fatigue_after,
    hours_helped,
    log_odds_to_start,
    log_odds_to_stop,
    payment_for_helping,
    utility_of_helping,
)
from coprod_sim.model.agents.elder.table import MILD, MODERATE, Elders
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.columns import Flags, Floats, Rows
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State
from coprod_sim.scenario.parameters import ElderParameters

SIXTY = 720  # months


class HelpView(NamedTuple):
    """What can be seen of helping, as it stood before anybody chose this month.

    Attributes:
        helping: (rows,) share of acquaintances who helped last month.
        fear, crowding, others_do_tasks, honour, recognition_kept: (villages,) see `HelpSeen`; the last is the part of
            recognition that broken promises left.
        association: (villages,) there is one, which finds something to do for helpers where no site is.
        served: (hamlets,) a site serves the hamlet.
        distance: (hamlets,) way to it, km.
        pay: (hamlets,) pay an hour there, yuan.
        credit: hours are booked as credits.
    """

    helping: Floats
    fear: Floats
    crowding: Floats
    others_do_tasks: Floats
    honour: Floats
    recognition_kept: Floats
    association: Flags
    served: Flags
    distance: Floats
    pay: Floats
    credit: bool


class Started(NamedTuple):
    """How many started and stopped helping this month, and the row of whoever is promised pay that nobody can pay."""

    started: int
    stopped: int
    wrong_row: int


@row_step
def may_help(row: int, elders: Elders, view: HelpView) -> bool:
    """Whether an elder is well enough, and has somewhere to help."""
    somewhere = view.served[elders.hamlet[row]] or view.association[elders.village[row]]
    return elders.present[row] and elders.adl[row] <= MILD and somewhere


@row_step
def helper_at(row: int, elders: Elders, month: int) -> Helper:
    """What the elder of a row brings to the choice."""
    spouse = elders.partner[row]
    return Helper(
        years_over_60=max((month - elders.birth_month[row] - SIXTY) / 12.0, 0.0),
        mild_loss=elders.adl[row] == MILD,
        cares_for_spouse=spouse >= 0 and elders.present[spouse] and elders.adl[spouse] >= MODERATE,
        income=elders.income[row],
        motivation=elders.motivation[row],
        taste=elders.taste[row],
        trust=elders.trust[row],
        cooperator=elders.cooperator[row],
        belief=elders.belief[row],
        fatigue=elders.fatigue[row],
        asked=elders.asked[row],
    )


@row_step
def help_seen_from(row: int, elders: Elders, view: HelpView) -> HelpSeen:
    """What the elder of a row sees of helping."""
    village, hamlet = elders.village[row], elders.hamlet[row]
    return HelpSeen(
        helping=view.helping[row],
        distance=view.distance[hamlet],
        fear=view.fear[village],
        honour=view.honour[village],
        credit=view.credit,
        pay=view.pay[hamlet],
        crowding=view.crowding[village],
        others_do_tasks=view.others_do_tasks[village],
        recognition=elders.recognition[row] * view.recognition_kept[village],
    )


@compiled_pass
def choose_to_help(
    elders: Elders, view: HelpView, params: ElderParameters, month: int, start: np.uint64, stop: np.uint64, due: Floats
) -> Started:
    """Everybody starts, stops or goes on, chooses hours and tires.

    Args:
        elders: columns; written: helper, hours, fatigue, took_part.
        start, stop: keys of random numbers.
        due: (payers + 1, hamlets) written: what payments by the hour come to, yuan, and in the last row the hours that
            they pay.
    """
    started, stopped, wrong = 0, 0, -1
    for row in range(elders.present.size):
        helped, helps, hours = elders.helper[row], False, 0.0
        if (helped or elders.aware[row]) and may_help(row, elders, view):
            elder, seen = helper_at(row, elders, month), help_seen_from(row, elders, view)
            utility = log_odds_of(utility_of_helping(elder, seen, params))
            if helped:
                helps = uniform(stop, row) >= expit(log_odds_to_stop(utility, params))
            else:
                helps = uniform(start, row) < expit(log_odds_to_start(utility, params))
            if helps:
                hours = hours_helped(utility, params)
                elders.took_part[row] = month
                if not book_pay(payment_for_helping(elder, seen, params), hours, elders.hamlet[row], due):
                    wrong = row
        started += helps and not helped
        stopped += helped and not helps
        elders.helper[row], elders.hours[row] = helps, hours
        if elders.present[row]:
            elders.fatigue[row] = fatigue_after(elders.fatigue[row], hours, params)
    return Started(started, stopped, wrong)


@row_step
def book_pay(payment: Payment, hours: float, hamlet: int, due: Floats) -> bool:
    """Add what somebody pays for a helper's hours to what is due; False if nobody is named, or less than nothing."""
    if payment.yuan_per_hour == 0.0:
        return True
    if not (payment.yuan_per_hour > 0.0 and NOBODY < payment.payer < due.shape[0] - 1):
        return False
    due[payment.payer, hamlet] += payment.yuan_per_hour * hours
    due[due.shape[0] - 1, hamlet] += hours
    return True


def view_of(state: State) -> HelpView:
    """What can be seen of helping as things stand."""
    committees, params, reach = state.committees, state.params, state.reach
    helpers = state.land.by_village(state.elders.helper)
    return HelpView(
        helping=state.acquaintances.helping,
        fear=committees.fear,
        crowding=committees.crowding,
        others_do_tasks=committees.belief[:, HELPERS].copy(),
        honour=np.minimum(params.incentive.awards_per_year / np.maximum(helpers, 1), 1),
        recognition_kept=1 - params.design.broken_promise * committees.disappointment,
        association=state.associations.exists,
        served=reach.served,
        distance=reach.distance,
        pay=np.append(state.sites.pay, 0.0).take(reach.site),  # no site is row -1, the last
        credit=params.incentive.time_bank,
    )


def recognition_kept(state: State, rows: Rows | None = None) -> Floats:
    """(rows,) elders' recognition of the plan, less what promises not kept in the own village took."""
    elders = state.elders.take(rows)
    lost = state.params.design.broken_promise * state.committees.disappointment
    kept: Floats = elders.recognition * (1 - lost).take(elders.village)
    return kept


def decide(state: State) -> None:
    """One month of starting, stopping and choosing hours; without a site or an association nobody can help."""
    elders = state.elders
    _crowd(state)
    due = np.zeros((len(PAYERS) + 1, state.land.hamlets))
    keys = (state.chance.key(stream, state.month) for stream in (Stream.START, Stream.STOP))
    choose = state.rules.version(choose_to_help)
    started = choose(elders.arrays, view_of(state), state.values.elders, state.month, *keys, due)
    _refuse_payment_by_nobody(started.wrong_row)
    state.past.count("started", float(started.started))
    state.past.count("stopped", float(started.stopped))
    state.hours.give("elders", elders.hours)
    state.sites.help_hours[:] = state.by_site(elders.hours)
    # Where no site serves, help goes from neighbour to neighbour and is booked as company.
    state.hours.use("elders", "company: neighbours", elders.hours[np.flatnonzero(~state.served_row)])
    if due.any():
        _pay(state, due)


def _refuse_payment_by_nobody(row: int) -> None:
    if row >= 0:
        allowed = ", ".join(f"{position} {name}" for position, name in enumerate(PAYERS))
        raise PaymentError(
            f"payment_for_helping: pays the elder of row {row} and names nobody who does, or pays less than nothing; "
            f"payer must be one of {allowed}"
        )


def _pay(state: State, due: Floats) -> None:
    """What rules pay by the hour, from the payers' cash as far as it goes; what is not paid is not owed either."""
    hours = float(due[-1].sum())
    promised = float(due[:-1].sum())
    paid = sum(_pay_from(state, payer, due[position]) for position, payer in enumerate(PAYERS))
    state.past.count("paid_by_rules", paid)
    state.past.count("hours_paid_by_rules", hours * paid / promised)


def _pay_from(state: State, payer: str, due: Floats) -> float:
    """Move what one kind of payer owes helpers; yuan paid."""
    by_purse = _by_purse(state, payer, due)
    purse = state.money.purses.get(payer)
    paid = by_purse if purse is None else np.minimum(by_purse, np.maximum(purse, 0))
    state.money.move(payer, "helpers", "helpers_pay_by_rule", float(paid.sum()), at_payer=paid)
    return float(paid.sum())


def _by_purse(state: State, payer: str, due: Floats) -> Floats:
    """Yuan due by hamlet as yuan due of each purse: the county's, the village's, the site's that serves the hamlet."""
    if payer == "sites":
        return state.reach.by_site(due)
    if payer in ("villages", "associations"):
        return state.land.hamlets_to_village(due)
    return np.array([due.sum()])


def _crowd(state: State) -> None:
    """Pay on offer takes weight from elders' own motivation; part of that stays when pay ends."""
    crowding, params = state.committees.crowding, state.params.elders
    if state.params.incentive.pay_per_hour > 0:
        crowding[:] = np.maximum(crowding, params.crowding)
    else:
        crowding[:] = np.minimum(crowding, params.crowding * params.crowding_persistence)
