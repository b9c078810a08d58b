"""The world at the start, and the 24 months before month 0 (ODD 5, 2.4)."""

from __future__ import annotations

import math

from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario
from tests.reference import helping, home, need
from tests.reference.life import MEN, OLDEST, WOMEN, LifeTables, draw_grade, tables
from tests.reference.world import (
    VILLAGES_A_TOWNSHIP,
    Elder,
    Organisation,
    Site,
    Township,
    Village,
    World,
    clip,
    expit,
    logit,
)

SPREAD = 0.8  # of traits in 0-1, on the logit
SPREAD_OF_COMMITTEES = 0.15
SPREAD_OF_MONEY = 0.6  # of the logarithm
POOR_INCOME = 50_000  # yuan a year of collective income
POOR_SHARE, POOR_MOST = 0.1, 5_000
PART_FOR_CARE = 0.1  # of collective income
HIGHEST_TEMPTATION = 0.9
MOST_HAMLETS = 4
FEWEST_ELDERS = 5
FIRST_ROUNDS = 10
BEFORE = 24  # months
FOR_LIFE, PLACES = 6, 8  # acquaintances for life, and places for all
LEAST_MONEY = 1.0  # yuan a year
DECADE = 120


def build(scenario: Scenario, seed: int) -> World:
    """The world at the beginning of month 0."""
    world = World(scenario, seed)
    life = tables(world)
    make_places(world, life)
    world.index()
    for village_rows in world.by_hamlet:
        marry(world, life, village_rows)
    for elder in world.elders:
        give_traits(world, life, elder)
    for elder in world.elders:
        get_acquainted(world, elder)
    for village in world.villages:
        give_a_committee(world, village)
    give_beginnings(world)
    live_before(world)
    for elder in world.elders:
        if elder.helper:
            elder.took_part = -1
    found_associations(world)
    world.month = 0
    return world


# -- villages, hamlets, ages ---
def make_places(world: World, life: LifeTables) -> None:
    """Villages with their hamlets, and in these elders of all ages, then those who will be 60 within the run."""
    growth = growth_of_cohorts(life, world.now.population.share_60_69)
    decades = math.ceil(world.now.horizon.months / DECADE)
    ages = AgesOfElders(life, growth)
    coming = AgesToCome(growth, decades * DECADE)
    for row in range(world.now.population.villages):
        world.villages.append(Village(row))
        elders, hamlets = size_of_village(world, row)
        for size in sizes_of_hamlets(world, row, elders, hamlets):
            hamlet = len(world.sites)
            world.sites.append(Site(hamlet, row))
            for _ in range(size):
                settle(world, row, hamlet, ages)
            for _ in range(round(size * coming.total / ages.total)):
                settle(world, row, hamlet, coming)


def size_of_village(world: World, row: int) -> tuple[float, int]:
    """Elders, not rounded yet, and hamlets of a village: from the county's file, else drawn (ODD 5)."""
    people = world.now.population
    if world.now.county.villages:
        elders = float(world.now.county.villages[row].elders)
        hamlets = world.now.county.villages[row].hamlets
    else:
        spread = people.village_size_spread
        drawn = spread * world.normal_for_life(Stream.INITIAL_SIZE, row) - spread**2 / 2
        elders = people.elders_per_village * math.exp(drawn)
        more = (people.hamlets_per_village - 1) / (MOST_HAMLETS - 1)
        there = range(row * (MOST_HAMLETS - 1), (row + 1) * (MOST_HAMLETS - 1))
        hamlets = 1 + sum(world.uniform_for_life(Stream.INITIAL_HAMLETS, place) < more for place in there)
    return max(elders, FEWEST_ELDERS), min(hamlets, max(math.floor(elders / 2), 1))


def sizes_of_hamlets(world: World, village: int, elders: float, hamlets: int) -> list[int]:
    """Elders by hamlet, in proportion to one half and a uniform number; none is empty."""
    first = PLACES * village
    weights = [0.5 + world.uniform_for_life(Stream.INITIAL_PARTS, first + at) for at in range(hamlets)]
    return [max(round(elders * weight / sum(weights)), 1) for weight in weights]


def growth_of_cohorts(life: LifeTables, share: float) -> float:
    """The yearly rate of growth at which a share of the elders is 60-69 (ODD 5)."""
    low, high = -0.05, 0.15
    for _ in range(60):
        middle = (low + high) / 2
        if AgesOfElders(life, middle).share_below(DECADE) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


class AgesOfElders:
    """How many elders there are of each month of age over 60, for each one that reaches 60 a month."""

    def __init__(self, life: LifeTables, growth: float) -> None:
        """Cohorts that grow at a yearly rate, as far as they survive."""
        self.women = [life.surviving[WOMEN][j] / 2 * math.exp(-growth * j / 12) for j in range(OLDEST + 1)]
        self.men = [life.surviving[MEN][j] / 2 * math.exp(-growth * j / 12) for j in range(OLDEST + 1)]
        self.numbers = [women + men for women, men in zip(self.women, self.men, strict=True)]
        self.total = sum(self.numbers)

    def share_below(self, months: int) -> float:
        """The share of all who are younger."""
        return sum(self.numbers[:months]) / self.total

    def share_of_women(self) -> float:
        """Of all elders."""
        return sum(self.women) / self.total

    def drawn(self, u: float, female: bool) -> int:
        """Months over 60 that a uniform number stands for, of a sex."""
        numbers = self.women if female else self.men
        return found(numbers, u * sum(numbers))


class AgesToCome:
    """How many will reach 60 in each month of the run, for each one that does now; months over 60 are negative."""

    def __init__(self, growth: float, months: int) -> None:
        """Cohorts that grow at a yearly rate."""
        self.numbers = [math.exp(growth * t / 12) for t in range(1, months + 1)]
        self.total = sum(self.numbers)

    def share_of_women(self) -> float:
        """Half of those who will be 60 are women."""
        return 0.5

    def drawn(self, u: float, _: bool) -> int:
        """Months over 60 that a uniform number stands for, negative."""
        return -1 - found(self.numbers, u * self.total)


def found(numbers: list[float], amount: float) -> int:
    """The first place up to which numbers add up to an amount."""
    for at, number in enumerate(numbers):
        amount -= number
        if amount <= 0:
            return at
    return len(numbers) - 1


def settle(world: World, village: int, hamlet: int, ages: AgesOfElders | AgesToCome) -> None:
    """A person of drawn sex and age."""
    row = len(world.elders)
    female = world.uniform_for_life(Stream.INITIAL_SEX, row) < ages.share_of_women()
    j = ages.drawn(world.uniform_for_life(Stream.INITIAL_AGE, row), female)
    world.elders.append(Elder(row, village, hamlet, birth_month=-720 - j, female=female, present=j >= 0))


# -- families and traits ---
def marry(world: World, life: LifeTables, people: list[Elder]) -> None:
    """The k-th youngest man and the k-th youngest woman of a hamlet, if the number drawn for her says so (ODD 5)."""
    by_age = sorted(people, key=lambda elder: (-elder.birth_month, elder.row))
    men = [elder for elder in by_age if not elder.female]
    women = [elder for elder in by_age if elder.female]
    for man, woman in zip(men, women, strict=False):
        j = max(woman.months_over_60(0), 0)
        chance = world.now.population.married_at_60 * life.surviving[WOMEN][min(j, OLDEST)]
        if world.uniform_for_life(Stream.INITIAL_MARRIED, woman.row) < chance:
            man.partner, woman.partner = woman.row, man.row


def give_traits(world: World, life: LifeTables, elder: Elder) -> None:
    """Grade, nearest child, income and traits for life (ODD 5)."""
    row, people = elder.row, world.now.population
    if elder.present:
        draw_grade(world, life, elder, elder.months_over_60(0))
    elder.child = place_of_child(world, world.uniform_for_life(Stream.INITIAL_CHILD, row))
    with_others = max(1 - people.alone_or_with_spouse / (1 - people.child_same_home), 0.0)
    elder.with_others = world.uniform_for_life(Stream.INITIAL_OTHERS, row) < with_others
    drawn = people.income_median * math.exp(people.income_spread * world.normal_for_life(Stream.INITIAL_INCOME, row))
    elder.income = max(drawn, people.pension)
    elder.filial = expit(SPREAD * world.normal_for_life(Stream.INITIAL_FILIAL, row))
    elder.motivation_rests = expit(SPREAD * world.normal_for_life(Stream.INITIAL_MOTIVATION, row))
    elder.trust_rests = expit(SPREAD * world.normal_for_life(Stream.INITIAL_TRUST, row))
    elder.motivation, elder.trust = elder.motivation_rests, elder.trust_rests
    elder.taste = world.normal_for_life(Stream.INITIAL_TASTE, row)
    elder.conditional = world.uniform_for_life(Stream.INITIAL_CONDITIONAL, row) < world.now.helping.conditional
    elder.aware = world.uniform_for_life(Stream.INITIAL_AWARE, row) < world.now.enrolling.aware_at_start
    give_lots(world, elder)


def give_lots(world: World, elder: Elder) -> None:
    """Numbers for life that have no column of their own."""
    row = elder.row
    elder.cover_common = world.normal_for_life(Stream.COVER_COMMON, row)
    streams = (Stream.COVER_MEALS, Stream.COVER_COMPANY, Stream.COVER_DAILY_HELP, Stream.COVER_HEALTH)
    elder.cover_draws = [world.normal_for_life(stream, row) for stream in streams]
    elder.threshold = world.uniform_for_life(Stream.THRESHOLD, row)
    elder.order_lot = world.uniform_for_life(Stream.ORDER, row)
    elder.queue_lot = world.uniform_for_life(Stream.QUEUE, row)
    elder.waiver_lot = world.uniform_for_life(Stream.WAIVER, row)
    elder.taken_lot = world.uniform_for_life(Stream.TAKEN, row)


def place_of_child(world: World, u: float) -> int:
    """Where the nearest child lives, by the published shares."""
    people = world.now.population
    shares = (people.child_same_home, people.child_in_village, people.child_in_county, people.child_away)
    bound = 0.0
    for place, share in enumerate(shares):
        bound += share
        if u < bound:
            return place
    return len(shares)


def get_acquainted(world: World, elder: Elder) -> None:
    """Six for life, each from the own hamlet or from the whole village; one-sided, not oneself (ODD 5)."""
    for place in range(FOR_LIFE):
        number = elder.row * PLACES + place
        near = world.uniform_for_life(Stream.INITIAL_NEAR, number) < world.now.geography.ties_in_hamlet
        group = world.by_hamlet[elder.hamlet] if near else world.by_village[elder.village]
        if len(group) < 2:
            group = world.by_village[elder.village]
        step = 1 + math.floor(world.uniform_for_life(Stream.INITIAL_ACQUAINTANCE, number) * (len(group) - 1))
        own = elder.row - group[0].row
        elder.acquaintances[place] = group[(own + step) % len(group)].row


# -- parties ---
def exponential(mean: float, u: float) -> float:
    """An exponential number, held below 0.9."""
    return min(-mean * math.log(1 - u), HIGHEST_TEMPTATION)


def duty_cost(world: World, row: int) -> float:
    """What doing a duty costs, for life (ODD 7.3.4)."""
    return expit(logit(world.now.duties.cost) + SPREAD * world.normal_for_life(Stream.DUTY_COST, row))


def give_a_committee(world: World, village: Village) -> None:
    """Money, motivation, greed and vanity of a committee (ODD 5)."""
    row, people, committee = village.row, world.now.population, world.now.committee
    given = world.now.county.villages[row].collective_income if world.now.county.villages else None
    if given is not None:
        village.poor = given < POOR_INCOME
        village.yearly_money = PART_FOR_CARE * given
    else:
        village.poor = world.uniform_for_life(Stream.INITIAL_POOR, row) < people.poor_village_share
        drawn = SPREAD_OF_MONEY * world.normal_for_life(Stream.INITIAL_VILLAGE_INCOME, row)
        village.yearly_money = people.rich_village_money * math.exp(drawn)
        if village.poor:
            village.yearly_money = min(POOR_SHARE * village.yearly_money, POOR_MOST)
    village.yearly_money = max(village.yearly_money, LEAST_MONEY)
    village.cash = village.yearly_money
    drawn = SPREAD_OF_COMMITTEES * world.normal_for_life(Stream.INITIAL_SERVICE_MOTIVATION, row)
    village.motivation = village.motivation_rests = clip(0.5 + drawn)
    village.greed = exponential(committee.greed, world.uniform_for_life(Stream.INITIAL_GREED, row))
    village.vanity = exponential(committee.vanity, world.uniform_for_life(Stream.INITIAL_VANITY, row))
    village.duty_cost = duty_cost(world, row)


def give_beginnings(world: World) -> None:
    """Townships, organisations, expectations, and what committees have seen wished: the guideline (ODD 5)."""
    mean, weight = world.now.expectation.start, world.now.expectation.prior
    good, bad = mean * weight, (1 - mean) * weight
    for row in range(math.ceil(len(world.villages) / VILLAGES_A_TOWNSHIP)):
        vanity = exponential(world.now.committee.vanity, world.uniform_for_life(Stream.INITIAL_TOWNSHIP_VANITY, row))
        cost = duty_cost(world, len(world.villages) + row)
        desks = world.now.responsibility.county_deadlines
        world.townships.append(Township(row, vanity=vanity, duty_cost=cost, deadline_height=desks))
    for row in range(world.now.organizations.per_county):
        world.organisations.append(Organisation(row, kept=good, broken=bad))
    for place in (*world.sites, *world.villages):
        place.kept, place.broken = good, bad
    for village in world.villages:
        access = world.now.access
        village.seen_meals = access.meals_a_day / 3
        first = [access.meals_a_day / 3, access.fee / 10, 0.0, 0.0, 0.5]
        village.plan, village.plan_kept, village.voice = list(first), list(first), list(first)
        village.seen_homes = village.guideline_homes = homes_of_the_guideline(world, village)


def homes_of_the_guideline(world: World, village: Village) -> float:
    """*Homes* of the guideline: none where only the able may enrol, else the share with ADL loss of the old enough."""
    if world.now.access.requires_self_care:
        return 0.0
    people = (elder for elder in world.by_village[village.row] if elder.present)
    old = [elder for elder in people if elder.age(world.date) >= world.now.access.eligible_age]
    return sum(elder.adl > 0 for elder in old) / len(old) if old else 0.0


# -- before month 0 (ODD 2.4) ---
def live_before(world: World) -> None:
    """24 months of neighbours' help, ages and families being those of month 0, helping alone revised."""
    world.find_who_serves()
    world.begin_month(-BEFORE - 1)
    need.work_out(world)
    find_first_helpers(world)
    for month in range(-BEFORE, 0):
        world.begin_month(month)
        need.work_out(world)
        helping.look_around(world)
        for elder in world.elders:
            helping.revise(world, elder)
        home.help_each_other(world)


def find_first_helpers(world: World) -> None:
    """Who helps at the beginning: ten rounds with the same draws, in the first of which nobody is seen to help."""
    for at in range(FIRST_ROUNDS):
        shares = {}
        for elder in world.present:
            known = world.known_to(elder)
            seen = sum(other.helper for other in known) / len(known) if at and known else 0.0
            shares[elder.row] = seen
        for elder in world.present:
            wants = world.uniform(Stream.HELP, elder.row) < expit(helping.utility(world, elder, shares[elder.row]))
            elder.helper = elder.able and wants
    for elder in world.present:
        if elder.helper:
            elder.motivation = clip(elder.motivation_rests + 0.5 * world.now.motives.feel)


def found_associations(world: World) -> None:
    """Associations at the start; members are the helpers of month -1 in the village (ODD 5)."""
    for village in world.villages:
        drawn = world.uniform_for_life(Stream.INITIAL_ASSOCIATION, village.row)
        village.association = world.now.associations.allowed and drawn < world.now.associations.at_start
        if village.association:
            for elder in world.by_village[village.row]:
                elder.member = elder.helper
