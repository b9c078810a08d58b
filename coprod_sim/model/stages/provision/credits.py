"""The time bank: credits are issued, redeemed, expire (ODD 7.4.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents.elder import experience
from coprod_sim.model.agents.elder.table import COMPANY, DAILY_HELP
from coprod_sim.model.columns import Floats
from coprod_sim.model.stages.provision.demand import Demand
from coprod_sim.model.state import State

MOST_A_MONTH = 12.0  # hours that one holder may redeem in a month (assumed)


def redeem(state: State, demand: Demand, hours: Floats) -> Floats:
    """(sites,) helpers' hours that holders of credits claim first; their company and care are served from them.

    A holder claims for open needs of company and daily help, whether enrolled or not.
    """
    if not state.params.incentive.time_bank:
        return np.zeros(state.sites.rows)
    elders = state.elders
    holders = np.flatnonzero((elders.credits >= 1) & elders.present & state.served_row)
    gaps = state.needs.take(holders).gaps
    need = gaps[COMPANY] + gaps[DAILY_HELP]
    wanted = np.minimum(np.minimum(elders.credits.take(holders), need), MOST_A_MONTH)
    rows, need = holders[wanted >= 1], need[wanted >= 1]
    claim = state.spread(wanted[wanted >= 1], rows)
    asked = state.by_site(claim)
    most = state.params.incentive.redemption_right * np.maximum(hours, 0) * state.sites.open
    rate = np.where(asked > 0, np.minimum(most / np.maximum(asked, 1e-9), 1), 0.0)
    honoured = state.spread(state.at_site(rate, rows), rows)
    got = claim * honoured
    elders.credits -= got
    for service in (COMPANY, DAILY_HELP):
        state.past.served[service, rows] = got[rows] / need
    experience.update_belief_in_credits(elders, state.params.elders, state.acquaintances, claim > 0, honoured)
    state.past.count("credits_redeemed", float(got.sum()))
    taken = rate * asked
    state.hours.use("elders", "credits redeemed", taken)
    return taken


def earn(state: State) -> None:
    """Hours helped are booked; a part of old credits expires; the booking is paid for."""
    elders, incentive = state.elders, state.params.incentive
    expired = elders.credits / incentive.credit_life
    elders.credits -= expired
    state.past.count("credits_expired", float(expired.sum()))
    if not incentive.time_bank:
        return
    elders.credits += elders.hours
    state.past.count("credits_issued", float(elders.hours.sum()))
    villages = float((state.land.by_village(elders.helper) > 0).sum())
    state.charge(bills.booking, villages)
