"""Money of the village: fees, donors, dues, village funds, what is diverted, what a month costs (ODD 7.3.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.need import DAYS
from coprod_sim.model.columns import Flags, Floats, Rows, expit
from coprod_sim.model.places import DIVERTED, RECEIVED
from coprod_sim.model.plan import FEE, FEE_UNIT, meals_a_day
from coprod_sim.model.state import State


def fees(state: State, rows: Rows) -> tuple[Floats, Flags]:
    """Fee that the plan asks of each elder of some rows, and who is waived: those with little beyond the pension."""
    elders, params, plan = state.elders.take(rows), state.params, state.committees.plan
    fee = plan[:, FEE] * FEE_UNIT * meals_a_day(plan) / 3
    needy = elders.income < 1.5 * max(params.population.pension, 50)
    waived = needy & (state.waiver_uniforms.take(rows) < params.access.fee_waiver_share)
    return fee.take(elders.village), waived


def fees_due(state: State) -> Floats:
    """(sites,) fees of users who pay, for the month; days on which the site was shut last month are not charged."""
    return _full_fees(state, waived=False) * state.sites.days_open * state.sites.open


def fees_waived(state: State) -> Floats:
    """(sites,) fees that the county owes for users whose fee is waived, for the same days."""
    billed: Floats = state.bill(bills.waivers, _full_fees(state, waived=True) * state.sites.open, state.sites.days_open)
    return billed


def _full_fees(state: State, *, waived: bool) -> Floats:
    """(sites,) fees of a full month, of users who pay or of those who are waived."""
    users = np.flatnonzero(state.elders.enrolled)
    fee, spared = fees(state, users)
    due = np.zeros(state.elders.rows)
    due[users] = fee * (spared if waived else ~spared)
    return state.by_site(due)


def divert(state: State, public: Floats) -> None:
    """The committee takes its cut of public money; readers of an open book and members hold it back."""
    committees, land, params = state.committees, state.land, state.params
    loss = village_committee.exposure(params.supervision)
    utility = village_committee.utility_of_diverting(params.committee, committees.propensity, loss, _readers(state))
    committees.diverting[:] = expit(utility.sum())
    cut = np.minimum(public * committees.diverting[land.village_of_hamlet], np.maximum(state.sites.cash, 0))
    state.money.move("sites", "pockets", "diverted", cut)
    state.sites.year[:, RECEIVED] += public
    state.sites.year[:, DIVERTED] += cut


def _readers(state: State) -> Floats:
    """(villages,) share of elders who ask after the money: members of a free association; users where the book hangs.

    The book hangs as far as the committee gave the hours for it.
    """
    elders, land = state.elders, state.land
    number = np.maximum(land.by_village(elders.present), 1)
    members = elders.member & ~land.in_village(state.associations.captured)
    asking = land.by_village(members)
    if state.params.supervision.open_book:
        state.money.move("sites", "printers", "open_book", _book_cost(state))
        asking = asking + state.committees.inspected_done * land.by_village(elders.enrolled & ~members)
    readers: Floats = asking / number
    return readers


def _book_cost(state: State) -> Floats:
    return np.minimum(state.params.economics.book_cost * state.sites.open, np.maximum(state.sites.cash, 0))


def donate(state: State) -> None:
    """Donors give less each year the less they believe that their money is used as meant (prior one half)."""
    sites, land, params = state.sites, state.land, state.params
    state.money.move("donors", "sites", "donations", sites.donations * sites.open)
    village = land.village_of_hamlet
    book = params.supervision.open_book * state.committees.inspected_done[village]
    shown = np.maximum(sites.audited, book) * sites.open
    used = (1 - state.committees.diverting[village]) * sites.days_open
    sites.donor_belief += 0.1 * (shown * used + (1 - shown) * 0.5 - sites.donor_belief)
    loss = np.clip(params.economics.donation_decay * 2 * (1 - sites.donor_belief), 0, 0.99)
    sites.donations *= np.where(sites.open, (1 - loss) ** (1 / 12), 1.0)


def top_up(state: State) -> None:
    """Village money and dues fill part of what the village's sites lack this month."""
    committees, sites, land, params = state.committees, state.sites, state.land, state.params
    village = land.village_of_hamlet
    state.money.move("village income", "villages", "income", committees.income / 12)
    missing = np.maximum(full_cost(state) - sites.cash - fees_due(state), 0) * sites.open
    lacking = land.hamlets_to_village(missing)
    split = missing / np.maximum(lacking, 1e-9)[village]
    dues = np.minimum(lacking, state.associations.cash * ~state.associations.captured)
    state.money.move("associations", "sites", "dues", dues[village] * split, at_payer=dues)
    given = village_committee.top_up(params.committee, committees.service_motivation, committees.cash, lacking - dues)
    state.money.move("villages", "sites", "top_up", given[village] * split, at_payer=given)
    sites.topped_up[:] = given[village] * split
    # What a village saves for care beyond three years' income goes to other ends.
    surplus = np.maximum(committees.cash - 3 * committees.income, 0)
    state.money.move("villages", "village income", "other ends", surplus)


def food_cost(state: State) -> Floats:
    """(sites,) food of a full month for the present users, and carrying it to those who cannot come, yuan."""
    prices = state.params.economics
    meals = meals_a_day(state.committees.plan)[state.land.village_of_hamlet] * DAYS
    bound = state.by_site(state.elders.enrolled & state.homebound)
    delivers = state.params.access.home_delivery
    eaters = state.sites.users - bound * (not delivers)
    cost: Floats = meals * (eaters * prices.food_cost + bound * prices.delivery_cost * delivers)
    return cost * state.sites.open


def full_cost(state: State) -> Floats:
    """(sites,) cost of a full month: cook, upkeep, food, carrying, yuan."""
    prices = state.params.economics
    fixed = (prices.cook_wage + prices.upkeep) * state.sites.open
    cost: Floats = fixed + food_cost(state)
    return cost


def collect_fees(state: State) -> None:
    """Users pay their fees for the month."""
    state.money.move("elders", "sites", "fees", fees_due(state))
