"""Where helpers' hours go: the site, neighbours, names on the list; skilled hours; credits (ODD 7.4.6, 7.4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import floor

from coprod_sim.model.streams import Stream
from tests.reference import need
from tests.reference.world import (
    DAILY_HELP,
    HEALTH,
    KEYS,
    LIST,
    NO_FAULT,
    NOBODY,
    PEOPLE,
    PLAN_HOMES,
    PLAN_NEEDY,
    Elder,
    Site,
    Village,
    World,
)

SEVERE, MODERATE = 3, 2
LITTLE = 1e-9  # hours that are none


@dataclass
class Left:
    """Hours that helpers can still give at a site this month."""

    cook: float
    hands: float


@dataclass
class Pool:
    """A village's hours for names on the list: who gave how many, and how many there are."""

    givers: list[tuple[Elder, float]] = field(default_factory=list)
    hours: float = 0.0


def help_each_other(world: World) -> None:
    """A month of help: helpers in a drawn order, the list's pool, contract hours, credits (ODD 7.4.6, 7.4.7)."""
    for elder in world.elders:
        elder.worked = elder.for_site = elder.for_list = elder.list_worked = 0.0
        if elder.present:
            what_can_be_given(world, elder)
    left = {}
    for site in world.sites:
        site.duty_given = site.cook_hours = site.hand_hours = site.help_for_site = 0.0
        if site.is_open:
            left[site.row] = Left(site.cook_wanted, site.hands_wanted)
    for village in world.villages:
        names = names_on_the_list(world, village)
        village.names_in_need = village.names_in_need or (bool(names) and world.month >= 0)
        pool = Pool()
        for helper in in_turn(world, village):
            serve(world, helper, left, pool)
        serve_names(world, village, names, pool)
        give_contract_hours(world, village)
        if world.month >= 0:
            village.users_open_share = need.open_share_of_users(world, village.row)
    count_hours(world)
    if world.now.incentive.time_bank and world.month >= 0:
        settle_credits(world)


def what_can_be_given(world: World, elder: Elder) -> None:
    """Claimable daily help, company (less the table's) and visits; who claims credits (ODD 7.1, 7.4.7)."""
    c = need.withdrawing(world, elder)
    covered = [elder.need[service] * elder.cover[service] for service in range(4)]
    elder.help_left = need.claimable(c, elder.open_need[DAILY_HELP], covered[DAILY_HELP])
    elder.company_left = need.claimable(c, elder.company_open, elder.company_covered)
    elder.visits_left = need.claimable(c, elder.open_need[HEALTH], covered[HEALTH])
    if world.now.incentive.time_bank and elder.credits > 0 and elder.help_left > LITTLE:
        elder.claims = True
        elder.asked_for = min(elder.credits / (1 + world.now.services.travel), elder.help_left)


def names_on_the_list(world: World, village: Village) -> list[Elder]:
    """The homebound of a village with claimable daily help."""
    return [
        elder
        for elder in world.by_village[village.row]
        if elder.present and elder.homebound and elder.help_left > LITTLE
    ]


def names_reached(world: World, village: Village) -> float:
    """The share of the list duty, less what a fault of people not reached costs; the list that is kept best counts."""
    size = world.now.faults.size
    sites = world.open_sites_of(village.row)
    return max((site.done[LIST] * (1 - size * (site.fault[PEOPLE] != NO_FAULT)) for site in sites), default=0.0)


def list_kept(world: World, village: Village) -> float:
    """The share of the list duty that is done: of several lists in a village the one that is kept best counts."""
    return max((site.done[LIST] for site in world.open_sites_of(village.row)), default=0.0)


def in_turn(world: World, village: Village) -> list[Elder]:
    """The helpers of a village in the order of a number drawn each month."""
    helpers = [elder for elder in world.by_village[village.row] if elder.present and elder.helper]
    return sorted(helpers, key=lambda elder: (world.uniform(Stream.TURN, elder.row), elder.row))


def serve(world: World, helper: Elder, left: dict[int, Left], pool: Pool) -> None:
    """A helper gives the hours offered: to the site, to neighbours, to the list; the rest is turned away."""
    hours = helper.offered
    site = world.site_of(helper)
    village = world.villages[helper.village]
    if site is None or site.row not in left:
        helper.worked += visit_neighbours(world, helper, hours)
        return
    reserve = village.plan[PLAN_HOMES] * hours * names_reached(world, village)
    hours -= do_duties(helper, site, hours)
    above = max(hours - reserve, 0.0)
    reserve = min(reserve, hours)
    above = cook_and_carry(helper, site, left[site.row], above)
    helper.worked += visit_neighbours(world, helper, above)
    if reserve > 0:
        helper.for_list = reserve
        pool.givers.append((helper, reserve))
        pool.hours += reserve


def do_duties(helper: Elder, site: Site, hours: float) -> float:
    """Step 1: duties of the site, up to what is left of the hours in which helpers act."""
    given = min(hours, site.duties_left)
    site.duties_left -= given
    site.duty_given += given
    helper.worked += given
    helper.for_site += given
    return given


def cook_and_carry(helper: Elder, site: Site, left: Left, above: float) -> float:
    """Step 2: cooking, then hands at meals; where keys and rota were not seen to, hours find no work.

    Returns the hours that are left: those turned away are gone.
    """
    tried = min(above, left.cook + left.hands)
    worked = tried * site.done[KEYS]
    cooked = min(worked, left.cook)
    left.cook -= cooked
    site.cook_hours += cooked
    left.hands = max(left.hands - (worked - cooked), 0.0)
    site.hand_hours += worked - cooked
    helper.worked += worked
    helper.for_site += worked
    return above - tried


# -- neighbours ---
def goes_to_the_neediest(world: World, helper: Elder) -> bool:
    """Whether a helper goes to the neediest neighbours first, by a lot for life."""
    return helper.order_lot < world.villages[helper.village].plan[PLAN_NEEDY]


def visit_neighbours(world: World, helper: Elder, hours: float) -> float:
    """Step 3: known neighbours, one after the other, each with what is left up to the claimable need.

    Returns the hours worked, ways included.
    """
    way = 1 + world.now.services.travel
    left = hours
    for neighbour in neighbours(world, helper):
        if left <= LITTLE:
            break
        there = min(left / way, max(neighbour.help_left, neighbour.company_left))
        receive(neighbour, there)
        neighbour.by_neighbours += there
        world.add("helpers: neighbours", there)
        world.add("helpers: ways", there * (way - 1))
        keep_company(helper, there)
        left -= there * way
    return hours - max(left, 0.0)


def neighbours(world: World, helper: Elder) -> Iterator[Elder]:
    """Acquaintances in the village with claimable daily help or company left, in the order in which one goes.

    From a place drawn each month round the list; the needy-first by falling grade, within a grade who claims credits
    first. Others in the order of acquaintance, but before each next one who claims none, those of the same grade who
    claim. A neighbour in two places of the list is helped once.
    """
    first = floor(8 * world.uniform(Stream.NEIGHBOUR, helper.row))
    rows = [row for row in helper.acquaintances[first:] + helper.acquaintances[:first] if row != NOBODY]
    waiting = []
    for row in dict.fromkeys(rows):
        other = world.elders[row]
        if other.present and max(other.help_left, other.company_left) > LITTLE:
            waiting.append(other)
    if goes_to_the_neediest(world, helper):
        yield from sorted(waiting, key=lambda other: (-other.adl, not other.claims))
        return
    while waiting:
        foremost = waiting[0]
        alike = (other for other in waiting if other.adl == foremost.adl and other.claims)
        chosen = next(alike, foremost)
        waiting.remove(chosen)
        yield chosen


def receive(elder: Elder, there: float) -> None:
    """An hour of help at home is also an hour of company."""
    helped, kept_company = min(there, elder.help_left), min(there, elder.company_left)
    elder.daily_help += helped
    elder.help_left -= helped
    if elder.claims:
        elder.honoured += helped
    elder.company += kept_company
    elder.company_left -= kept_company


def keep_company(helper: Elder, there: float) -> None:
    """Company that helping brings the helper, up to the own claimable."""
    kept = min(there, helper.company_left)
    helper.own_company += kept
    helper.company_left -= kept


# -- names on the list ---
def serve_names(world: World, village: Village, names: list[Elder], pool: Pool) -> None:
    """The pool's hours: the needy-first part severe before moderate, the rest all alike; claims first."""
    needy = pool.hours * village.plan[PLAN_NEEDY]
    rest = pool.hours - needy
    for grade in (SEVERE, MODERATE):
        for claims in (True, False):
            needy = share_out(world, [n for n in names if n.adl == grade and n.claims == claims], needy)
    rest += needy
    for claims in (True, False):
        rest = share_out(world, [n for n in names if n.claims == claims], rest)
    worked = 1 - rest / pool.hours if pool.hours > 0 else 0.0
    for helper, gave in pool.givers:
        helper.list_worked = gave * worked
        helper.worked += helper.list_worked
        keep_company(helper, helper.list_worked / (1 + world.now.services.travel))
    village.list_worked = worked


def share_out(world: World, names: Iterable[Elder], hours: float) -> float:
    """Serve some names all in the same share of what each can claim, ways included; the hours that are left."""
    way = 1 + world.now.services.travel
    wants = [(name, name.help_left) for name in names if name.help_left > LITTLE]
    wanted = sum(want for _, want in wants) * way
    if hours <= LITTLE or wanted <= LITTLE:
        return max(hours, 0.0)
    share = min(hours / wanted, 1.0)
    for name, want in wants:
        receive(name, share * want)
        name.by_list += share * want
        world.add("helpers: names on the list", share * want)
        world.add("helpers: ways", share * want * (way - 1))
    return hours - wanted if wanted < hours else 0.0


# -- skilled hours ---
def give_contract_hours(world: World, village: Village) -> None:
    """Contract hours: health and daily help, of users in full, of other homebound as far as the list is kept."""
    if village.contract == NOBODY or world.month < 0:
        return
    hours = world.now.funding.contract_hours
    known = list_kept(world, village)
    claims = []
    for elder in world.by_village[village.row]:
        if elder.present and (elder.enrolled or elder.homebound):
            share = 1.0 if elder.enrolled else known
            claims.append((elder, elder.help_left * share, elder.visits_left * share))
    wanted = sum(helped + visits for _, helped, visits in claims)
    share = min(hours / wanted, 1.0) if wanted > 0 else 0.0
    for elder, helped, visits in claims:
        elder.daily_help += share * helped
        elder.help_left -= share * helped
        world.add("organisations: daily help", share * helped)
        world.add("organisations: health", share * visits)
        elder.visits += share * visits
        elder.visits_left -= share * visits
    world.add("organisations: given", hours)
    world.add("organisations: lost: turned away", hours - share * wanted)


# -- books ---
def count_hours(world: World) -> None:
    """Hours of sites, and the month's sums: hours offered are worked or turned away."""
    for elder in world.present:
        world.add("helpers: given", elder.offered)
        world.add("helpers: lost: turned away", elder.offered - elder.worked)
    for site in world.sites:
        site.help_for_site = site.duty_given + site.cook_hours + site.hand_hours
        world.add("helpers: duties", site.duty_given)
        world.add("helpers: meals", site.cook_hours + site.hand_hours)


# -- credits (ODD 7.4.7) ---
def settle_credits(world: World) -> None:
    """In a month credits expire, are spent, are earned; belief follows what claims got."""
    way = 1 + world.now.services.travel
    shares = {}
    for elder in world.elders:
        if elder.claims:
            shares[elder.row] = min(elder.honoured / elder.asked_for, 1.0)
    for elder in world.elders:
        if not elder.present:
            continue
        expired = elder.credits / world.now.incentive.credit_life
        spent = min(elder.honoured * way, elder.credits - expired)
        booked = world.county.share_of_rest * elder.worked  # as far as booking was paid for
        elder.credits += booked - expired - spent
        world.add("credits expired", expired)
        world.add("credits spent", spent)
        world.add("credits issued", booked)
        believe(world, elder, shares)


def believe(world: World, elder: Elder, shares: dict[int, float]) -> None:
    """Belief moves to the share of the own claim that was served, else to what acquaintances who claimed got."""
    if elder.row in shares:
        got = [shares[elder.row]]
    else:
        got = [shares[other.row] for other in world.known_to(elder) if other.row in shares]
    if got:
        elder.belief += world.now.motives.rate * (sum(got) / len(got) - elder.belief)
