"""Provision: elders choose, helpers serve, sites feed (ODD 7.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.accidents import risk_of_user
from coprod_sim.model.columns import Floats
from coprod_sim.model.county import flows
from coprod_sim.model.month import booking, paying
from coprod_sim.model.month.numbers import opening_numbers, table_numbers
from coprod_sim.model.month.state import State
from coprod_sim.model.people import choosing_help, choosing_site, counting, home
from coprod_sim.model.people.beginning import help_numbers
from coprod_sim.model.people.choosing_help import HelpKeys, HelpView
from coprod_sim.model.people.choosing_site import SiteKeys, SiteNumbers, SiteView
from coprod_sim.model.people.home import HomeKeys, SiteWork, VillageWork
from coprod_sim.model.places import OPEN
from coprod_sim.model.stages import after_help, opening, serving
from coprod_sim.model.stages.after_help import Accidents, Skilled
from coprod_sim.model.stages.booking import set_out_duties
from coprod_sim.model.stages.opening import OpeningKeys
from coprod_sim.model.stages.serving import TableNumbers
from coprod_sim.model.streams import Stream
from coprod_sim.model.units import LIABLE_ELDER

LIST, PEOPLE = 3, 2  # places among duties, and among faults


def run(state: State) -> None:
    """One month of provision."""
    choose(state)
    numbers = table_numbers(state)
    state.rules.version(counting.count_users)(
        state.elders.arrays, state.sites.arrays, state.site, state.meals_offered, numbers.services
    )
    prepare(state, numbers)
    listed = help_each_other(state)
    booking.book_service(state, work_under_contract(state, listed))
    feed(state, numbers)
    if state.params.incentive.time_bank:
        values = state.values
        credits = state.rules.version(after_help.book_credits)(
            state.elders.arrays,
            state.helped.arrays,
            state.shares.rest,
            values.incentive,
            values.services,
            values.motives,
        )
        state.credits.expired, state.credits.spent, state.credits.issued = credits
    have_accidents(state)
    stop_sites(state)


def site_view(state: State) -> SiteView:
    """What can be seen of sites and associations."""
    values, villages, counted, params = state.values, state.villages, state.counted, state.params
    scheme = params.government.target_share > 0 and params.funding.building_grant > 0
    users = counted.users_in_association
    risk = state.rules.python(risk_of_user)(values.helping, values.services, values.economics, values.legal)
    return SiteView(
        state.reach.served, state.reach.distance, state.expectation(state.sites), villages.association | scheme,
        state.meals_offered, state.fees, villages.association, users,
        counted.their_satisfaction / np.maximum(users, 1), risk,
    )  # fmt: skip


def site_numbers(state: State) -> SiteNumbers:
    """What choices of a site and an association read."""
    values = state.values
    return SiteNumbers(
        values.enrolling, values.motives, values.services, values.economics, values.access, values.population,
        values.associations, values.health, values.helping,
    )  # fmt: skip


def help_view(state: State) -> HelpView:
    """What can be seen of helping."""
    villages, params = state.villages, state.params
    offered_now = (params.incentive.pay_per_hour > 0) & state.village_served
    awards = params.incentive.awards_per_year * state.shares.rest  # in the share that was paid of the last bill
    honour = np.where(villages.helpers > 0, awards / np.maximum(villages.helpers, 1), 0.0)
    own_cost = int(state.values.legal.liability) == LIABLE_ELDER and not params.legal.insurance
    return HelpView(
        state.reach.served, state.reach.distance, state.expectation(state.sites), np.minimum(honour, 1.0),
        villages.pay_was_offered | offered_now, float(params.incentive.pay_per_hour),
        bool(params.incentive.time_bank), own_cost,
    )  # fmt: skip


def choose(state: State) -> None:
    """Elders hear, enrol or leave, join or leave, help or stop."""
    view, numbers = site_view(state), site_numbers(state)
    keys = SiteKeys(
        hear=state.key(Stream.HEAR),
        enrol_again=state.key(Stream.ENROL_AGAIN),
        enrol=state.key(Stream.ENROL),
        join_again=state.key(Stream.JOIN_AGAIN),
        join=state.key(Stream.JOIN),
        waiver=state.chance.key(Stream.WAIVER),
    )
    state.rules.version(choosing_site.choose_site)(state.elders.arrays, state.known, view, state.month, keys, numbers)
    _choose_to_help(state)


def _choose_to_help(state: State) -> None:
    view = help_view(state)
    state.villages.pay_was_offered[:] = view.pay_was_offered
    keys = HelpKeys(state.key(Stream.HELP_AGAIN), state.key(Stream.HELP), state.chance.key(Stream.THRESHOLD))
    people = state.people
    stopped = state.rules.version(choosing_help.choose_to_help)(
        state.elders.arrays, view, people.rates.prevalence, state.month, keys, help_numbers(state.values), people.before
    )
    state.passing.stopped_by_choice = int(stopped)


def prepare(state: State, numbers: TableNumbers) -> None:
    """Costs and days of sites, and the company of their users."""
    sites = state.sites
    state.rules.version(serving.prepare_sites)(sites.arrays, state.meals_offered, state.out, numbers)
    state.rules.version(serving.company_at_sites)(
        state.elders.arrays, sites.arrays, state.site, numbers, state.site_company, state.site_share
    )


def help_each_other(state: State) -> Floats:
    """Helpers serve in their order; (villages,) share of the list of the homebound that is kept."""
    values, sites, people, params = state.values, state.sites, state.people, state.params
    state.rules.version(home.see_what_is_claimable)(
        state.elders.arrays, state.helped.arrays, state.site_company, state.site_share,
        bool(params.incentive.time_bank), params.services.travel, values.health, values.family,
    )  # fmt: skip
    passed_over = np.where(sites.fault[:, PEOPLE] > 0, params.faults.size, 0.0)
    kept = np.where(sites.status == OPEN, sites.done[:, LIST] * (1 - passed_over), 0.0)
    listed: Floats = np.maximum.reduceat(kept, state.first_site)
    state.rules.version(set_out_duties)(sites.arrays)
    work = SiteWork(state.site, sites.duties_left, state.out.cooking, state.out.hands, state.out.keys)
    plan = VillageWork(
        state.villages.plan[:, 2] * listed, state.villages.plan[:, 3].copy(), *np.zeros((2, state.villages.rows))
    )
    keys = HomeKeys(state.key(Stream.TURN), state.key(Stream.NEIGHBOUR), state.chance.key(Stream.ORDER))
    state.rules.version(home.help_each_other)(
        state.elders.arrays, state.helped.arrays, state.starts, people.land.rows_of_village, work, plan, keys,
        params.services.travel, people.order, people.drawn,
    )  # fmt: skip
    sites.help_for_site[:] = state.reach.by_site(people.land.by_hamlet(state.helped.for_site))
    state.villages.list_worked[:] = plan.pool_worked / np.maximum(plan.pool, home.LEAST)
    return listed


def work_under_contract(state: State, listed: Floats) -> Skilled:
    """Skilled hours of contracts."""
    rows, villages = state.elders.rows, state.villages
    out = Skilled(np.zeros(rows), np.zeros(villages.rows), np.zeros(villages.rows))
    state.rules.version(after_help.work_under_contract)(
        state.elders.arrays, state.helped.arrays, villages.arrays, state.starts, state.people.land.rows_of_village,
        listed, float(state.params.funding.contract_hours), out, state.values.health, state.values.family,
    )  # fmt: skip
    state.helped.daily_help += out.daily_help
    state.rules.version(after_help.see_need_of_users)(
        state.elders.arrays, state.helped.arrays, state.values.health, state.values.family, state.need_open
    )
    return out


def feed(state: State, numbers: TableNumbers) -> None:
    """Meals are made and eaten; costs, fees and meals are booked."""
    sites, out, moved, meals = state.sites, state.out, state.money.moved, state.meals.moved
    before = sites.own.copy()
    state.rules.version(serving.serve_meals)(sites.arrays, state.meals_offered, out, numbers)
    own = before - sites.own
    costs = np.stack([out.wage, out.upkeep, out.book, out.food, out.delivery])
    total = costs.sum(axis=0)
    part = np.divide(own, total, out=np.zeros(sites.rows), where=total > 0)
    by_own = (costs * part).sum(axis=1)
    moved[flows.OWN_WAGE : flows.OWN_WAGE + 5] += by_own
    moved[flows.PUBLIC_WAGE : flows.PUBLIC_WAGE + 5] += costs.sum(axis=1) - by_own
    meals[flows.BOUGHT] += out.bought.sum()
    meals[flows.SERVED] += out.served.sum()
    meals[flows.NO_SHOW] += out.no_show.sum()
    meals[flows.SHUT_DAYS] += out.shut.sum()
    state.rules.version(serving.gain_at_sites)(
        state.elders.arrays, sites.arrays, state.site, state.meals_offered, state.fees, state.site_company,
        state.site_share, state.chance.key(Stream.WAIVER), state.gains, out, numbers,
    )  # fmt: skip
    moved[flows.FEES] += out.fees.sum()
    sites.waived[:] = out.waived


def have_accidents(state: State) -> None:
    """Accidents, and who bears them."""
    values, moved = state.values, state.money.moved
    out = Accidents(*np.zeros((len(Accidents._fields), state.sites.rows)))
    state.rules.version(after_help.have_accidents)(
        state.sites.arrays, state.villages.arrays, state.key(Stream.ACCIDENT), out, values.services, values.economics,
        values.legal,
    )  # fmt: skip
    moved[flows.ACCIDENTS_OF_VILLAGES] += out.village.sum()
    moved[flows.ACCIDENTS_OF_ELDERS] += out.elder.sum()
    moved[flows.ACCIDENTS_INSURED] += out.insurer.sum()
    state.accidents_of_county = float((out.county > 0).sum())
    state.passing.accidents = int(out.happened.sum())
    state.passing.accidents_of_elders = int((out.elder > 0).sum())


def stop_sites(state: State) -> None:
    """Sites that go badly stop: public money returns, food is lost, users wait."""
    sites, elders = state.sites, state.elders
    streams = (Stream.APPLY, Stream.DECIDE, Stream.BUILD, Stream.PHANTOM, Stream.AUDIT)
    keys = OpeningKeys(*(state.key(stream) for stream in streams))
    stopped, owed = np.zeros(sites.rows, np.bool_), sites.arrears + sites.unclaimed
    state.rules.version(opening.stop_sites)(
        sites.arrays, state.villages.arrays, sites.users.copy(), keys, state.shares.office, stopped,
        opening_numbers(state),
    )  # fmt: skip
    lapsed = state.by_village(owed - sites.arrears - sites.unclaimed)
    state.news[paying.LAPSED] += lapsed / paying.month_of_due_money(state)
    if stopped.any():
        state.money.moved[flows.PUBLIC_RETURNED] += sites.public[stopped].sum()
        state.meals.moved[flows.LOST_WITH_SITE] += sites.stock[stopped].sum()
        sites.public[stopped], sites.stock[stopped] = 0.0, 0.0
        at = state.site[elders.hamlet]
        hit = elders.enrolled & (at >= 0) & stopped[np.maximum(at, 0)]
        elders.waiting |= hit
        elders.enrolled &= ~hit
