"""Users at the table: meals offered and eaten, who comes, who pays (ODD 7.2.4, 7.3.6, 7.4.1, 7.4.4)."""

from __future__ import annotations

from tests.reference.world import MEALS, Elder, World

LITTLE = 1.5  # pensions


def offer(world: World, elder: Elder) -> tuple[float, float]:
    """Meals a day and fee of the plan; those of the county's guideline where no site has opened (ODD 7.2.4)."""
    village = world.villages[elder.village]
    if village.has_plan:
        return 3 * village.plan[0], 10 * village.plan[1]
    return world.now.access.meals_a_day, world.now.access.fee


def eaten(world: World, elder: Elder) -> float:
    """Meals a day that an elder eats, or would eat, at the site."""
    return min(offer(world, elder)[0], 3 * (1 - elder.cover[MEALS]) + world.now.services.extra_meals)


def wish(world: World, elder: Elder) -> float:
    """Meals a day that an elder would eat where three are offered (ODD 7.2.1)."""
    return min(3.0, 3 * (1 - elder.cover[MEALS]) + world.now.services.extra_meals)


def comes(elder: Elder) -> float:
    """The share of days on which a user comes, by satisfaction of last month (ODD 7.4.4)."""
    return 0.5 + 0.5 * elder.satisfaction


def fee_waived(world: World, elder: Elder) -> bool:
    """Whether the county pays an elder's fees, for want of income (ODD 7.3.6)."""
    poor = elder.income < LITTLE * world.now.population.pension
    return poor and elder.waiver_lot < world.now.access.fee_waiver_share


def count_users(world: World) -> None:
    """Sums over the users of each site, and who waits there (ODD 7.4.4)."""
    for site in world.sites:
        site.users = site.waiting = site.eaten = site.coming = site.carried = 0.0
        site.comers = site.days_come = site.wish = 0.0
    for elder in world.elders:
        served = world.site_of(elder)
        if served is None:
            continue
        served.waiting += elder.waiting
        if not elder.enrolled:
            continue
        meals, share = eaten(world, elder), comes(elder)
        served.users += 1
        served.eaten += meals
        served.coming += meals * share
        served.days_come += share
        served.wish += wish(world, elder)
        if world.fed_at_home(elder):
            served.carried += meals
        else:
            served.comers += 1
