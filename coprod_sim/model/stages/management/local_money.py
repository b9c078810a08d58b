"""Money of the village: fees, donors, dues, village funds, what is diverted, what a month costs (ODD 7.3.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.needs import DAYS
from coprod_sim.model.columns import Flags, Floats, Rows, expit
from coprod_sim.model.plan import FEE, FEE_UNIT, meals_a_day
from coprod_sim.model.world import World


def fees(world: World, rows: Rows) -> tuple[Floats, Flags]:
    """Fee that the plan asks of each elder of some rows, and who is waived: those with little beyond the pension."""
    elders, policy, plan = world.elders.take(rows), world.policy, world.committees.plan
    fee = plan[:, FEE] * FEE_UNIT * meals_a_day(plan) / 3
    needy = elders.income < 1.5 * max(policy.population.pension, 50)
    waived = needy & (world.waiver_luck.take(rows) < policy.access.fee_waiver_share)
    return fee.take(elders.village), waived


def fees_due(world: World, waived: bool) -> Floats:
    """(sites,) fees of users for the month, of those who pay or of those whose fee is waived.

    Days on which the site was shut last month are not charged.
    """
    users = np.flatnonzero(world.elders.enrolled)
    fee, spared = fees(world, users)
    due = np.zeros(world.elders.rows)
    due[users] = fee * (spared if waived else ~spared)
    return world.by_site(due) * world.sites.days_open * world.sites.open


def divert(world: World, public: Floats) -> None:
    """The committee takes its cut of public money; readers of an open book and members hold it back."""
    committees, land, policy = world.committees, world.land, world.policy
    loss = village_committee.exposure(policy.supervision)
    pull = village_committee.pull_to_divert(policy.committee, committees.propensity, loss, _readers(world))
    committees.diverting[:] = expit(pull.sum())
    cut = np.minimum(public * committees.diverting[land.village_of_hamlet], np.maximum(world.sites.cash, 0))
    world.money.move("sites", "pockets", "diverted", cut)
    world.sites.year[:, 4] += public
    world.sites.year[:, 5] += cut


def _readers(world: World) -> Floats:
    """(villages,) share of elders who ask after the money: members of a free association; users where the book hangs.

    The book hangs as far as the committee gave the hours for it.
    """
    elders, land = world.elders, world.land
    number = np.maximum(land.by_village(elders.present), 1)
    members = elders.member & ~land.in_village(world.associations.captured)
    asking = land.by_village(members)
    if world.policy.supervision.open_book:
        world.money.move("sites", "printers", "open_book", _book_cost(world))
        asking = asking + world.committees.inspected_done * land.by_village(elders.enrolled & ~members)
    readers: Floats = asking / number
    return readers


def _book_cost(world: World) -> Floats:
    return np.minimum(world.policy.economics.book_cost * world.sites.open, np.maximum(world.sites.cash, 0))


def donate(world: World) -> None:
    """Donors give less each year the less they believe that their money is used as meant (prior one half)."""
    sites, land, policy = world.sites, world.land, world.policy
    world.money.move("donors", "sites", "donations", sites.donations * sites.open)
    village = land.village_of_hamlet
    book = policy.supervision.open_book * world.committees.inspected_done[village]
    shown = np.maximum(sites.audited, book) * sites.open
    used = (1 - world.committees.diverting[village]) * sites.days_open
    sites.donor_belief += 0.1 * (shown * used + (1 - shown) * 0.5 - sites.donor_belief)
    loss = np.clip(policy.economics.donation_decay * 2 * (1 - sites.donor_belief), 0, 0.99)
    sites.donations *= np.where(sites.open, (1 - loss) ** (1 / 12), 1.0)


def top_up(world: World) -> None:
    """Village money and dues fill part of what the village's sites lack this month."""
    committees, sites, land, policy = world.committees, world.sites, world.land, world.policy
    village = land.village_of_hamlet
    world.money.move("village income", "villages", "income", committees.income / 12)
    missing = np.maximum(full_cost(world) - sites.cash - fees_due(world, waived=False), 0) * sites.open
    lacking = land.hamlets_to_village(missing)
    split = missing / np.maximum(lacking, 1e-9)[village]
    dues = np.minimum(lacking, world.associations.cash * ~world.associations.captured)
    world.money.move("associations", "sites", "dues", dues[village] * split, at_payer=dues)
    given = village_committee.top_up(policy.committee, committees.service_motivation, committees.cash, lacking - dues)
    world.money.move("villages", "sites", "top_up", given[village] * split, at_payer=given)
    sites.topped_up[:] = given[village] * split
    # What a village saves for care beyond three years' income goes to other ends.
    surplus = np.maximum(committees.cash - 3 * committees.income, 0)
    world.money.move("villages", "village income", "other ends", surplus)


def food_cost(world: World) -> Floats:
    """(sites,) food of a full month for the present users, and carrying it to those who cannot come, yuan."""
    prices = world.policy.economics
    meals = meals_a_day(world.committees.plan)[world.land.village_of_hamlet] * DAYS
    bound = world.by_site(world.elders.enrolled & world.homebound)
    delivers = world.policy.access.home_delivery
    eaters = world.sites.users - bound * (not delivers)
    cost: Floats = meals * (eaters * prices.food_cost + bound * prices.delivery_cost * delivers)
    return cost * world.sites.open


def full_cost(world: World) -> Floats:
    """(sites,) cost of a full month: cook, upkeep, food, carrying, yuan."""
    prices = world.policy.economics
    fixed = (prices.cook_wage + prices.upkeep) * world.sites.open
    cost: Floats = fixed + food_cost(world)
    return cost


def collect_fees(world: World) -> None:
    """Users pay their fees for the month."""
    world.money.move("elders", "sites", "fees", fees_due(world, waived=False))
