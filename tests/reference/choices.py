"""What elders choose in a month: hear, enrol or leave, join or leave the association, help (ODD 7.4.1-7.4.3)."""

from __future__ import annotations

from coprod_sim.model.streams import Stream
from tests.reference import helping
from tests.reference.table import count_users, eaten, fee_waived, offer
from tests.reference.world import COMPANY, DAYS, HOME, MEALS, VILLAGE, WALKING, Elder, Village, World, expit


def choose(world: World) -> None:
    """All choices of the month, in the order hear, enrol, join, help (ODD 3)."""
    content = {village.row: village.members_content for village in world.villages if village.association}
    for elder in world.elders:
        if elder.present:
            hear(world, elder)
    for elder in world.elders:
        if elder.present:
            enrol(world, elder)
    for elder in world.elders:
        if elder.present and elder.village in content:
            join(world, elder, content[elder.village])
    for elder in world.elders:
        helping.revise(world, elder)
        if elder.enrolled or elder.helper:
            elder.took_part = world.month
    count_users(world)


# -- hearing and enrolling (ODD 7.4.1) ---
def hear(world: World, elder: Elder) -> None:
    """Hear of mutual aid from acquaintances who are users or helpers."""
    chance = world.now.enrolling.reconsider * max(elder.seen.users, elder.seen.helpers)
    if not elder.aware and world.uniform(Stream.HEAR, elder.row) < chance:
        elder.aware = True


def eligible(world: World, elder: Elder) -> bool:
    """Whether the rules of access let an elder sign up."""
    access = world.now.access
    if elder.age(world.date) < access.eligible_age:
        return False
    if access.requires_left_behind and not elder.left_behind:
        return False
    if access.requires_self_care:
        return elder.adl == 0
    return elder.able or access.home_delivery


def may_apply(world: World, village: Village) -> bool:
    """Whether a committee may apply, by a county scheme, or an association (ODD 7.3.2)."""
    scheme = world.now.government.target_share > 0 and world.now.funding.building_grant > 0
    return scheme or village.association


def enrol(world: World, elder: Elder) -> None:
    """Think again whether to use, or wait for, a site."""
    may = elder.enrolled or eligible(world, elder)
    if not may:
        elder.waiting = False
        return
    in_reach = world.site_of(elder) is not None or may_apply(world, world.villages[elder.village])
    if not (elder.aware and in_reach):
        return
    if world.uniform(Stream.ENROL_AGAIN, elder.row) >= world.now.enrolling.reconsider:
        return
    if world.uniform(Stream.ENROL, elder.row) < expit(utility_of_enrolling(world, elder)):
        if not elder.enrolled:
            elder.wait()
    else:
        elder.leave()


def utility_of_enrolling(world: World, elder: Elder) -> float:
    """The utility of being a user, or of waiting to be one."""
    enrolling, motives = world.now.enrolling, world.now.motives
    meals, fee = offer(world, elder)
    at_home = world.fed_at_home(elder)
    table = min(world.now.services.table_company * DAYS / elder.need[COMPANY], 1.0)
    closes = min(meals / 3, 1 - elder.cover[MEALS]) + min(table, 1 - elder.cover[COMPANY])
    quality = elder.satisfaction if elder.enrolled else elder.seen.satisfaction
    yuan = 0.0 if fee_waived(world, elder) else fee * eaten(world, elder) * DAYS
    yuan += world.prices.rural_wage * DAYS * 2 * (0.0 if at_home else world.km(elder)) / WALKING
    if helping.own_cost(world):
        yuan += world.now.helping.fear * world.now.services.accidents / 1000 * DAYS * world.prices.accident
    return (
        enrolling.base
        + enrolling.need * world.sites[elder.hamlet].expectation * quality * closes
        + motives.trust * (elder.trust - 0.5)
        + motives.recognition * (elder.recognition - 0.5)
        + motives.others * elder.seen.users
        - enrolling.face * elder.filial * (elder.child in (HOME, VILLAGE))
        - motives.per_income * yuan / elder.income
    )


# -- the association (ODD 7.4.3) ---
def members_content(world: World, village: Village) -> float:
    """Mean satisfaction of members who are users, above one half; 0 without any."""
    found = [elder.satisfaction for elder in world.by_village[village.row] if elder.member and elder.enrolled]
    return sum(found) / len(found) - 0.5 if found else 0.0


def join(world: World, elder: Elder, content: float) -> None:
    """Think again whether to be a member."""
    motives = world.now.motives
    if world.uniform(Stream.JOIN_AGAIN, elder.row) < world.now.helping.reconsider:
        value = (
            world.now.associations.join
            + motives.intrinsic * (elder.motivation - 0.5)
            + motives.others * elder.seen.members
            + motives.trust * content
            - motives.per_income * world.prices.dues / elder.income
        )
        elder.member = world.uniform(Stream.JOIN, elder.row) < expit(value)
