"""Helping as a standing: what an elder sees of acquaintances, who is asked, the utility, the hours (ODD 7.4.2)."""

from __future__ import annotations

from coprod_sim.model.streams import Stream
from tests.reference.life import OLDEST, tables
from tests.reference.table import count_users
from tests.reference.world import COMPANY, NOBODY, WEEKS, Elder, Seen, World, expit

MOST_HOURS = 14  # a week
TYPICAL_HOURS, TYPICAL_WAYS, TYPICAL_DAYS = 8, 4, 2  # of a helper in a month
LATER = 15  # years
HOURS_TO_ASK = 0.5  # an elder


def look_around(world: World) -> None:
    """See acquaintances as they are (ODD 3, 4.5)."""
    for elder in world.elders:
        elder.seen = see(world, elder) if elder.present else Seen()


def count(world: World) -> None:
    """Count users and helpers of sites and villages as the month begins."""
    count_users(world)
    count_helpers(world)
    for village in world.villages:
        served = any(world.serves[hamlet] != NOBODY for hamlet in world.hamlets[village.row])
        if world.now.incentive.pay_per_hour > 0 and served:
            village.pay_was_offered = True


def see(world: World, elder: Elder) -> Seen:
    """What an elder sees of its acquaintances; shares are over those who are alive and 60 or over (ODD 4.6)."""
    known = world.known_to(elder)
    if not known:
        return Seen()
    helpers = [other.worked for other in known if other.helper]
    users = [other.satisfaction for other in known if other.enrolled]
    return Seen(
        count=len(known),
        users=len(users) / len(known),
        helpers=len(helpers) / len(known),
        members=sum(other.member for other in known) / len(known),
        attended=sum(other.attended for other in known) / len(known),
        knows_helpers=bool(helpers),
        worked=sum(helpers) / len(helpers) if helpers else 0.0,
        knows_users=bool(users),
        satisfaction=sum(users) / len(users) if users else 0.5,
    )


def count_helpers(world: World) -> None:
    """Helpers of the hamlets that a site serves, as the month begins, and their hours of last month (ODD 7.3.4)."""
    for site in world.sites:
        site.helpers = site.help_offered = site.members_offered = 0.0
    for village in world.villages:
        village.helpers = village.members = 0.0
    for elder in world.elders:
        village = world.villages[elder.village]
        village.members += elder.member
        site = world.site_of(elder)
        village.helpers += elder.helper
        if elder.helper and site is not None:
            site.helpers += 1
            site.help_offered += elder.offered
            site.members_offered += elder.offered if elder.member else 0.0


def ask(world: World) -> None:
    """The committee asks elders to help, half an hour each, all with the same probability (ODD 7.3.3)."""
    for village in world.villages:
        candidates = []
        for elder in world.by_village[village.row]:
            elder.asked = False
            if may_be_asked(world, elder):
                candidates.append(elder)
        hours = min(village.asking, HOURS_TO_ASK * len(candidates))
        world.add("committees: left", village.asking - hours)
        world.add("committees: asking", hours)
        village.given -= village.asking - hours
        village.asking = hours
        for elder in candidates:
            probability = min(village.asking / HOURS_TO_ASK / len(candidates), 1.0)
            elder.asked = world.uniform(Stream.ASK, elder.row) < probability


def may_be_asked(world: World, elder: Elder) -> bool:
    """Able and aware, no helper, and a user, at the last meeting, or acquainted with a helper; where a site serves."""
    return (
        elder.present
        and elder.able
        and elder.aware
        and not elder.helper
        and (elder.enrolled or elder.attended or elder.seen.knows_helpers)
        and world.site_of(elder) is not None
    )


def own_cost(world: World) -> bool:
    """Whether an accident is at the cost of the elder: who is liable, nobody being insured."""
    return world.now.legal.liability == "elder" and not world.now.legal.insurance


def material(world: World, elder: Elder) -> float:
    """What a typical helper expects of helping at a site, yuan a month (ODD 7.4.2)."""
    incentive, helping = world.now.incentive, world.now.helping
    yuan = TYPICAL_HOURS * incentive.pay_per_hour * world.sites[elder.hamlet].expectation
    if incentive.time_bank:
        yuan += TYPICAL_HOURS * helping.credit_value * elder.belief * need_later(world, elder)
    yuan -= world.prices.rural_wage * TYPICAL_WAYS * 2 * world.km(elder) / 4
    if own_cost(world):
        yuan -= helping.fear * world.now.services.accidents / 1000 * TYPICAL_DAYS * world.prices.accident
    return yuan


def need_later(world: World, elder: Elder) -> float:
    """The prevalence of ADL loss fifteen years on, at most at 110; 1 with ADL loss."""
    if elder.adl > 0:
        return 1.0
    return tables(world).prevalence[min(elder.months_over_60(world.date) + LATER * 12, OLDEST)]


def others(world: World, elder: Elder, share: float) -> float:
    """What acquaintances who help weigh (ODD 7.4.2)."""
    if not elder.conditional:
        return 0.0
    if world.now.structure.helping == "threshold":
        return world.now.motives.others * (share >= elder.threshold and share > 0)
    return world.now.motives.others * share


def utility(world: World, elder: Elder, share_of_helpers: float) -> float:
    """The utility of helping: one for starting, staying and hours (ODD 7.4.2)."""
    helping, motives, incentive = world.now.helping, world.now.motives, world.now.incentive
    village = world.villages[elder.village]
    served = world.site_of(elder) is not None
    weight = motives.intrinsic * (1 - helping.crowding if village.pay_was_offered else 1)
    found = helping.base + helping.taste * elder.taste
    found += weight * (elder.motivation - 0.5)
    found += others(world, elder, share_of_helpers)
    found += helping.company * (1 - elder.cover[COMPANY])
    found += helping.asked * elder.asked
    if village.helpers > 0:
        awards = incentive.awards_per_year * world.county.share_of_rest
        found += helping.honour * min(awards / village.helpers, 1.0)
    found -= helping.frailty * (max(elder.age(world.date) - 70, 0) / 10 + (elder.adl == 1))
    if served:
        found += motives.trust * (elder.trust - 0.5) + motives.recognition * (elder.recognition - 0.5)
        found += motives.per_income * material(world, elder) / elder.income
    return found


def revise(world: World, elder: Elder) -> None:
    """Think again, with a fixed chance, whether to help; then offer hours (ODD 4.3, 7.4.2)."""
    if not elder.present or not elder.able:
        elder.helper, elder.offered = False, 0.0
        return
    value = utility(world, elder, elder.seen.helpers)
    if world.uniform(Stream.HELP_AGAIN, elder.row) < world.now.helping.reconsider:
        elder.helper = world.uniform(Stream.HELP, elder.row) < expit(value)
    elder.offered = hours(world, elder, value) if elder.helper else 0.0


def hours(world: World, elder: Elder, value: float) -> float:
    """Hours offered in a month: the own target, or in part what helpers whom one knows worked (ODD 7.4.2)."""
    helping = world.now.helping
    target = MOST_HOURS * WEEKS * expit(helping.hours_base + value)
    matches = elder.conditional and elder.seen.knows_helpers and world.now.structure.helping == "matching"
    if not matches:
        return target
    return (1 - helping.matching) * target + helping.matching * helping.slope * elder.seen.worked
