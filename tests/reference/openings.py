"""How sites open, apply, are decided, and stop (ODD 7.3.2)."""

from __future__ import annotations

from coprod_sim.model.streams import Stream
from tests.reference.associations import members_of
from tests.reference.choices import eligible
from tests.reference.money import begin_building, grant_of, lapse, of_yearly_money, served
from tests.reference.reports import inflation
from tests.reference.world import (
    ASSOCIATION,
    COMMITTEE,
    NEVER,
    NO_FAULT,
    Site,
    Status,
    Village,
    World,
    expit,
)

FEW_DAYS, MONTHS_OF_FEW_DAYS = 0.15, 3
LITTLE = 1e-9  # yuan
FEW_USERS, MONTHS_OF_FEW_USERS = 0.5, 6  # of the fewest


def month_of_openings(world: World) -> None:
    """Sites open, villages apply, applications are decided; shares and lists are those of the month's beginning."""
    is_served = [served(world, village) for village in world.villages]
    pressed = [county_scheme(world) and campaign(world, village, is_served) for village in world.villages]
    wanted = [wanted_by_elders(world, village, pressed[village.row]) for village in world.villages]
    for site in world.sites:
        if site.status == Status.BUILDING and site.ready <= world.month:
            open_site(world, site)
    for village in world.villages:
        apply_for_site(world, village, is_served, pressed[village.row], wanted[village.row])
    decide(world, is_served)


# -- opening ----------------------------------------------------------------------------------------------------------
def open_site(world: World, site: Site) -> None:
    """A site opens, or opens again, as new; own cash and expectations stay."""
    site.status = Status.OPEN
    if site.opened < 0:
        site.opened = world.month
    site.condition, site.stock = 1.0, 0.0
    site.fault = [NO_FAULT] * 3
    site.named = [float(NEVER)] * 5
    site.in_order_until = NEVER
    site.donations = world.prices.donations / 12
    site.meal_days = site.days = 1.0
    site.funded, site.factor = True, 1.0
    site.phantom = False
    site.shut = site.empty = 0


# -- applying ---------------------------------------------------------------------------------------------------------
def county_scheme(world: World) -> bool:
    """Where there is one committees apply, else associations."""
    return world.now.government.target_share > 0 and world.now.funding.building_grant > 0


def campaign(world: World, village: Village, is_served: list[bool]) -> bool:
    """Whether the campaign presses a village: one without a site, and none applied for or being built."""
    if is_served[village.row] or sum(is_served) >= world.now.government.target_share * len(world.villages):
        return False
    return not any(site.status in (Status.APPLIED, Status.BUILDING) for site in world.sites_of(village.row))


def wanted_by_elders(world: World, village: Village, pressed: bool) -> list[Site]:
    """Hamlets in which enough elders wait, use a site of another hamlet, or in a campaign are eligible."""
    found = []
    for site in world.sites_of(village.row):
        people = [elder for elder in world.by_hamlet[site.row] if elder.present]
        elsewhere = world.serves[site.row] != site.row
        wanting = sum(elder.waiting or (elder.enrolled and elsewhere) for elder in people)
        in_campaign = sum(eligible(world, elder) for elder in people) if pressed else 0
        if max(wanting, in_campaign) >= world.now.access.fewest_users:
            found.append(site)
    return found


def share_of_cost(world: World, site: Site, runner: int) -> float:
    """What a site costs the village: no grant for rooms that stand, or that an association reuses."""
    building, reuse = world.prices.building, world.now.economics.reuse
    if site.opened >= 0:
        return building * reuse * (1 - site.condition)
    return building * reuse if runner == ASSOCIATION else building - grant_of(world)


def purse(village: Village, runner: int) -> float:
    """Cash that a share of cost can be paid from."""
    return village.cash + (village.dues_cash if runner == ASSOCIATION else 0.0)


def pay_share(world: World, village: Village, runner: int, share: float) -> None:
    """An association that applies pays as far as its cash goes, then the village."""
    if runner == ASSOCIATION:
        by_association = min(share, village.dues_cash)
        village.dues_cash -= by_association
        share -= by_association
        world.add("associations to builders: building", by_association)
    village.cash = max(0.0, village.cash - share)
    world.add("villages to builders: building", share)


def apply_for_site(world: World, village: Village, is_served: list[bool], pressed: bool, wanted: list[Site]) -> None:
    """The committee, or else the association, applies for the first hamlet that may have a site."""
    runner = COMMITTEE if county_scheme(world) else ASSOCIATION
    if runner == ASSOCIATION and not village.association:
        return
    for site in wanted:
        if site.status not in (Status.NONE, Status.STOPPED):
            continue
        share = share_of_cost(world, site, runner)
        if share > purse(village, runner) + LITTLE:
            continue
        if world.uniform(Stream.APPLY, site.row) < willing(world, village, is_served, runner, pressed, share):
            apply(world, village, site, runner, pressed, share)
        return


def willing(world: World, village: Village, is_served: list[bool], runner: int, pressed: bool, share: float) -> float:
    """The chance that a committee, or an association, applies this month."""
    committee, motives = world.now.committee, world.now.motives
    motivation = village.motivation
    if runner == ASSOCIATION:
        members = members_of(world, village)
        motivation = sum(member.motivation for member in members) / len(members) if members else 0.5
    unpaid = 12 * (1 - village.expectation) * world.now.funding.running_per_site
    cost = share / world.now.economics.building_life + unpaid
    return expit(
        committee.opening
        + motives.intrinsic * (motivation - 0.5)
        + committee.pressure * pressed * (0.5 + sum(is_served) / len(world.villages))
        - motives.per_income * of_yearly_money(village, cost)
    )


def apply(world: World, village: Village, site: Site, runner: int, pressed: bool, share: float) -> None:
    """Apply; an association needs no decision, rooms that stand open at once, a first site in a campaign is decided."""
    site.runner = runner
    if site.opened >= 0:
        pay_share(world, village, runner, share)
        open_site(world, site)
    elif runner == ASSOCIATION:
        pay_share(world, village, runner, share)
        begin_building(world, site)
    else:
        site.status, site.applied, site.granted = Status.APPLIED, world.month, False
        if pressed:
            grant(world, site)


# -- deciding ---------------------------------------------------------------------------------------------------------
def decide(world: World, is_served: list[bool]) -> None:
    """The county decides with its duties as done last month, those of villages that no site serves first."""
    undecided = [site for site in world.sites if site.status == Status.APPLIED and not site.granted]
    poor_first = world.now.access.poor_villages_first

    def rank(site: Site) -> tuple[bool, bool]:
        return not is_served[site.village], poor_first and world.villages[site.village].poor

    foremost = max(map(rank, undecided), default=None)
    for site in undecided:
        township = world.townships[world.villages[site.village].township]
        if rank(site) == foremost and world.uniform(Stream.DECIDE, site.row) < township.done:
            grant(world, site)


def grant(world: World, site: Site) -> None:
    """Decide an application once the village can pay its share; it then waits for its grant."""
    village = world.villages[site.village]
    share = share_of_cost(world, site, site.runner)
    if share > purse(village, site.runner) + LITTLE:
        return
    pay_share(world, village, site.runner, share)
    site.granted, site.applied = True, world.month


# -- stopping ---------------------------------------------------------------------------------------------------------
def close_sites(world: World) -> None:
    """Sites stop after some months with meals on few days, or with few users; audits find those only reported open."""
    for site in world.sites:
        if site.phantom and site.row in world.audited:
            site.phantom = False
            lapse(world, site)
        if site.is_open:
            site.shut = site.shut + 1 if site.meal_days < FEW_DAYS else 0
            few = site.users < FEW_USERS * world.now.access.fewest_users
            site.empty = site.empty + 1 if few else 0
            if site.shut >= MONTHS_OF_FEW_DAYS or site.empty >= MONTHS_OF_FEW_USERS:
                stop(world, site)


def stop(world: World, site: Site) -> None:
    """The stock spoils, public money returns, users wait; the site may still be reported open."""
    world.add("meals lost with a site", site.stock)
    world.add("public to treasury: unspent", site.public)
    for elder in world.users_of(site):
        elder.wait()
    site.phantom = world.uniform(Stream.PHANTOM, site.row) < inflation(world, site, "days")
    if not site.phantom:
        lapse(world, site)
    site.stock = site.public = 0.0
    site.status = Status.STOPPED
