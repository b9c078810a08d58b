"""Elders' associations: how they begin and end (ODD 7.3.7)."""

from __future__ import annotations

import math

from coprod_sim.model.streams import Stream
from tests.reference.world import ASSOCIATION, COMMITTEE, Elder, Village, World

FEWEST_MEMBERS = 5


def members_of(world: World, village: Village) -> list[Elder]:
    """Members of a village's association, in row order."""
    return [elder for elder in world.by_village[village.row] if elder.present and elder.member]


def begin_and_end(world: World) -> None:
    """Associations are founded, then those with few members dissolve."""
    for village in world.villages:
        if world.now.associations.allowed and not village.association:
            found(world, village)
    for village in world.villages:
        if village.association and len(members_of(world, village)) < FEWEST_MEMBERS:
            dissolve(world, village)


def found(world: World, village: Village) -> None:
    """Helpers who know helpers may found an association; its members are those at either end of such a tie."""
    ties = 0
    linked: dict[int, Elder] = {}
    for elder in world.by_village[village.row]:
        if elder.present and elder.helper:
            for other in world.known_to(elder):
                if other.helper:
                    ties += 1
                    linked[elder.row], linked[other.row] = elder, other
    if world.uniform(Stream.FOUND, village.row) < 1 - math.exp(-world.now.associations.founding * ties):
        village.association = True
        village.dues_cash = 0.0
        for elder in linked.values():
            elder.member = True
        village.members = len(linked)


def dissolve(world: World, village: Village) -> None:
    """Its cash goes to the village, sites that it runs to the committee."""
    for elder in world.by_village[village.row]:
        elder.member = False
    village.association, village.members = False, 0.0
    world.add("associations to villages: dissolved", village.dues_cash)
    village.cash += village.dues_cash
    village.dues_cash = 0.0
    for site in world.sites_of(village.row):
        if site.runner == ASSOCIATION:
            site.runner = COMMITTEE
