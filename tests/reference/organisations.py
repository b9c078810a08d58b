"""Social organisations: where they work, and what they were paid (ODD 7.3.8)."""

from __future__ import annotations

from coprod_sim.model.streams import Stream
from tests.reference.world import NOBODY, Organisation, Village, World, clip, expit


def contract(world: World) -> None:
    """Each January villages with an open site get an organisation for the year, in the order of a lot."""
    for village in world.villages:
        village.contract = NOBODY
    free = [world.now.organizations.hours for _ in world.organisations]
    seeking = [village for village in world.villages if world.open_sites_of(village.row)]
    seeking.sort(key=lambda village: (world.uniform(Stream.CONTRACT_LOT, village.row), village.row))
    hours = world.now.funding.contract_hours
    for village in seeking:
        able = [organisation for organisation in world.organisations if free[organisation.row] >= hours]
        if not able:
            break
        organisation = max(able, key=lambda one: (free[one.row], -one.row))
        if world.uniform(Stream.CONTRACT, village.row) < willing(world, organisation, village):
            village.contract = organisation.row
            free[organisation.row] -= hours


def willing(world: World, organisation: Organisation, village: Village) -> float:
    """The chance that an organisation works in a village for a year."""
    now = world.now
    cost = now.funding.contract_hours * world.prices.skilled_wage
    money = organisation.expectation * now.funding.service_purchase
    profit = clip((money - cost) / cost, -1.0, 1.0) if cost > 0 else 1.0
    return expit(
        now.organizations.enter
        + now.motives.intrinsic * (organisation.motivation - 0.5)
        + now.organizations.need * village.users_open_share
        + now.motives.per_income * profit
    )
