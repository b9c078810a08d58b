"""A county at month 0 (ODD 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.county.books import Hours, Meals, Money
from coprod_sim.model.county.credits import CreditBook
from coprod_sim.model.county.payment import room_to_write
from coprod_sim.model.design.bargain import room_for_bargain
from coprod_sim.model.design.ideals import guideline
from coprod_sim.model.duties import cost_of_duty
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.evaluation import trait_at_start
from coprod_sim.model.expectation import belief_at_start
from coprod_sim.model.land import Land, room_for_reach
from coprod_sim.model.month.burn_in import help_as_ever
from coprod_sim.model.month.state import State, at_month
from coprod_sim.model.month.world import Books, Places, World
from coprod_sim.model.people.acquaintances import nothing_known, nothing_shown
from coprod_sim.model.people.asking import Helpers
from coprod_sim.model.people.beginning import People, people_at_start
from coprod_sim.model.people.counting import Counted
from coprod_sim.model.people.population import room_for_cover
from coprod_sim.model.people.presence import nobody_listed
from coprod_sim.model.places import (
    VILLAGES_A_TOWNSHIP,
    County,
    Organizations,
    Passing,
    Sites,
    Townships,
    Villages,
)
from coprod_sim.model.stages.admitting import Plans
from coprod_sim.model.stages.after_help import Skilled
from coprod_sim.model.stages.believing import News
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.schema import Scenario

MOTIVATION_SPREAD = 0.15  # sd of committees' motivation: scale of the trait (ODD 10.3)
MONEY_SPREAD = 0.6  # sd of the logarithm of villages' money (ODD 10.3)
POOR_PART, POOR_MOST = 0.1, 5_000.0  # of a village's money where it is poor, and the most, yuan a year (ODD 10.3)
POOR_INCOME, PART_FOR_CARE = 50_000.0, 0.1  # collective income below which a village is poor, and part for care (ODD 5)
NEVER = -1
YEAR = 12  # months


def state_at_start(scenario: Scenario, chance: Chance, rules: Rules) -> State:
    """Everybody and everything at month 0: no site, no contract; elders help as they always did."""
    state = county_without_help(scenario, chance, rules)
    help_as_ever(state)
    state.elders.member[:] = state.elders.helper & state.villages.association[state.elders.village]
    return state


def county_without_help(scenario: Scenario, chance: Chance, rules: Rules) -> State:
    """Everybody and everything, before anybody has helped anybody."""
    people = people_at_start(at_month(scenario, 0), chance, rules)
    land = people.land
    hamlets, number = land.hamlets, land.villages
    sites, villages = _sites(land.village_of_hamlet, scenario), _villages(scenario, chance, number, rules)
    organizations, county = Organizations(int(scenario.organizations.per_county)), County(1)
    townships = _townships(scenario, chance, number, villages, rules)
    villages.seen_homes[:] = _homes_of_guideline(scenario, people, rules)
    _believe(scenario, rules, sites, villages, organizations)
    organizations.motivation[:] = organizations.recognition[:] = MIDDLE
    county.motivation[:] = county.recognition[:] = MIDDLE
    county.paid_office[:] = county.paid_office_before[:] = county.paid_rest[:] = 1.0
    passing, hours = Passing(1), Hours()
    money = Money({
        "county": county.cash, "villages": villages.cash, "associations": villages.dues_cash, "own": sites.own,
        "public": sites.public,
    })  # fmt: skip
    meals, credits = Meals(sites.stock), CreditBook(people.elders.credits, passing.credits[0])
    world = World(
        elders=people.elders.arrays, helped=people.helped.arrays, sites=sites.arrays, villages=villages.arrays,
        townships=townships.arrays, organizations=organizations.arrays, county=county.arrays, passing=passing.arrays,
        places=_places(land), reach=room_for_reach(hamlets, number),
        shown=nothing_shown(int(land.rows_of_village.max())), known=nothing_known(people.elders.rows),
        books=Books(
            money.moved, meals.moved, hours.given, hours.used, money.opened, meals.opened, credits.opened
        ),
        **_room(people, hamlets, number, organizations.rows),
    )  # fmt: skip
    return State(
        scenario=scenario, chance=chance, people=people, sites=sites, villages=villages, townships=townships,
        organizations=organizations, county=county, passing=passing, money=money, meals=meals, hours=hours,
        credits=credits, world=world, rules=rules,
    )  # fmt: skip


def _places(land: Land) -> Places:
    first = land.first_hamlet.astype(np.int32)
    hamlets = np.diff(np.append(first, land.hamlets)).astype(np.int32)
    starts, rows = land.hamlet_starts.astype(np.int32), land.rows_of_hamlet.astype(np.int32)
    return Places(first, hamlets, starts[first], land.rows_of_village.astype(np.int32), starts, rows)


def _room(people: People, hamlets: int, villages: int, organizations: int) -> dict[str, Any]:
    """What passes write within a month, and what is known of the last one at the start."""
    rows = people.elders.rows
    got, scratch = room_to_write(hamlets, organizations)
    helpers = Helpers(np.zeros(villages), np.zeros(villages), np.zeros(villages), np.zeros(rows, np.bool_))
    news = News(*(np.zeros(villages) for _ in range(3)), *(np.zeros(organizations) for _ in range(2)))
    return {
        "offers": Plans(np.zeros(villages), np.zeros(villages)), "audits": np.zeros(hamlets),
        "need_open": np.full(villages, MIDDLE), "aims": np.zeros((villages, 3)), "news": news,
        "out": TableMonth(*(np.zeros(hamlets) for _ in TableMonth._fields)),
        "gains": Gains(*(np.zeros(rows) for _ in Gains._fields)), "counted": _uncounted(hamlets, villages),
        "skilled": Skilled(np.zeros(rows), np.zeros(villages), np.zeros(villages)),
        "helpers": helpers, "got": got, "scratch": scratch, "bargain": room_for_bargain(),
        "company": np.zeros(rows), "share": np.zeros(rows), "there": nobody_listed(rows, villages),
        "signed_up": nobody_listed(rows, villages), "offering": nobody_listed(rows, villages),
        "thinks": people.thinks, "changed": people.changed, "draws": people.draws,
        "cover": room_for_cover(),
        "order": people.order, "drawn": people.drawn, "names": np.zeros(people.order.size, np.int32),
    }  # fmt: skip


def _uncounted(hamlets: int, villages: int) -> Counted:
    return Counted(
        waiting=np.zeros(hamlets), eligible=np.zeros(hamlets), of_age=np.zeros(villages), with_loss=np.zeros(villages),
        users_in_association=np.zeros(villages, np.int32), their_satisfaction=np.zeros(villages),
    )  # fmt: skip


def _sites(village: np.ndarray, scenario: Scenario) -> Sites:
    sites = Sites(len(village))
    sites.village[:], sites.opened[:], sites.named[:], sites.in_order_until[:] = village, NEVER, NEVER, NEVER
    sites.condition[:] = sites.factor[:] = 1.0
    sites.funded[:], sites.satisfaction[:] = True, MIDDLE
    return sites


def _villages(scenario: Scenario, chance: Chance, number: int, rules: Rules) -> Villages:
    villages, people, committee = Villages(number), scenario.population, scenario.committee
    poor = chance.uniforms(Stream.INITIAL_POOR, 0, number) < people.poor_village_share
    money = people.rich_village_money * np.exp(MONEY_SPREAD * chance.normals(Stream.INITIAL_VILLAGE_INCOME, 0, number))
    money = np.where(poor, np.minimum(POOR_PART * money, POOR_MOST), money)
    for row, village in enumerate(scenario.county.villages):
        if village.collective_income is not None:
            poor[row] = village.collective_income < POOR_INCOME
            money[row] = PART_FOR_CARE * village.collective_income
    villages.poor[:], villages.yearly_money[:], villages.cash[:] = poor, np.maximum(money, 1.0), np.maximum(money, 1.0)
    z = chance.normals(Stream.INITIAL_SERVICE_MOTIVATION, 0, number)
    villages.motivation[:] = villages.motivation_rests[:] = np.clip(MIDDLE + MOTIVATION_SPREAD * z, 0, 1)
    villages.greed[:] = _traits(rules, committee.greed, chance, Stream.INITIAL_GREED, number)
    villages.vanity[:] = _traits(rules, committee.vanity, chance, Stream.INITIAL_VANITY, number)
    at_start = chance.uniforms(Stream.INITIAL_ASSOCIATION, 0, number) < scenario.associations.at_start
    villages.association[:] = at_start & scenario.associations.allowed
    villages.contract[:], villages.paper_done[:] = NEVER, 1.0
    access = at_month(scenario, 0).access
    guideline = (access.meals_a_day / 3, access.fee / 10, 0.0, 0.0, 0.5)
    villages.plan[:] = villages.plan_kept[:] = villages.voice[:] = guideline
    villages.seen_meals[:], villages.recognition[:] = guideline[0], MIDDLE
    villages.county_recognition[:] = villages.organization_recognition[:] = MIDDLE
    return villages


def _townships(scenario: Scenario, chance: Chance, number: int, villages: Villages, rules: Rules) -> Townships:
    """The townships, and what duties cost in them and in villages."""
    townships = Townships(-(-number // VILLAGES_A_TOWNSHIP))
    townships.deadline_height[:] = at_month(scenario, 0).responsibility.county_deadlines  # what there is was paid for
    z = chance.normals(Stream.DUTY_COST, 0, number + townships.rows)
    duties = values_of(at_month(scenario, 0)).duties
    cost = np.array([rules.python(cost_of_duty)(float(one), duties) for one in z])
    villages.duty_cost[:], townships.duty_cost[:] = cost[:number], cost[number:]
    townships.vanity[:] = _traits(
        rules, scenario.committee.vanity, chance, Stream.INITIAL_TOWNSHIP_VANITY, townships.rows
    )
    return townships


def _traits(rules: Rules, mean: float, chance: Chance, stream: Stream, number: int) -> Floats:
    return np.array([rules.python(trait_at_start)(mean, u) for u in chance.uniforms(stream, 0, number)])


def _homes_of_guideline(scenario: Scenario, people: People, rules: Rules) -> Floats:
    """(villages,) *homes* of the county's guideline at the start, which is all that committees have seen of wishes."""
    access, elders = values_of(at_month(scenario, 0)).access, people.elders
    of_age = elders.present & (-elders.birth_month // YEAR >= access.eligible_age)
    with_loss = people.land.by_village(of_age & (elders.adl > 0))
    share = with_loss / np.maximum(people.land.by_village(of_age), 1)
    return np.array([rules.python(guideline)(float(one), 0.0, access).homes for one in share])


def _believe(scenario: Scenario, rules: Rules, *tables: Sites | Villages | Organizations) -> None:
    belief = rules.python(belief_at_start)(values_of(at_month(scenario, 0)).expectation)
    for table in tables:
        table.kept[:], table.broken[:] = belief.kept, belief.broken
