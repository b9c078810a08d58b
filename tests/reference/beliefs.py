"""Expectation that the scheme goes on and pays, a Beta belief of each party (ODD 7.3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tests.reference.world import Organisation, Site, Village, World, clip

OF_NEIGHBOURS = 0.2
MEMORY = 2  # times the prior
LATE = 0.5  # worth of money that came late
SLOW, FAST = 0.06, 0.24  # of the rival form


class Believer(Protocol):
    """Whoever has an expectation."""

    kept: float
    broken: float


@dataclass(frozen=True)
class Event:
    """Something that was seen, worth 0-1."""

    worth: float
    weight: float


def believe(world: World, party: Believer, events: Iterable[Event]) -> None:
    """Learn from events in turn; memory is bounded after each."""
    for event in events:
        if event.weight <= 0:
            continue
        if world.now.structure.expectation == "adaptive":
            adapt(party, event)
        else:
            party.kept += event.weight * event.worth
            party.broken += event.weight * (1 - event.worth)
        most = MEMORY * world.now.expectation.prior
        weight = party.kept + party.broken
        if weight > most:
            party.kept *= most / weight
            party.broken *= most / weight


def adapt(party: Believer, event: Event) -> None:
    """The rival form: the mean moves part of the way, and further for bad news."""
    weight = party.kept + party.broken
    mean = party.kept / weight
    pace = min((SLOW + FAST * clip((mean - event.worth) / 0.5)) * event.weight, 1.0)
    mean += pace * (event.worth - mean)
    party.kept, party.broken = weight * mean, weight * (1 - mean)


def of_committee(village: Village, weight: float = 1.0) -> list[Event]:
    """What a committee's running money of the month says."""
    return [
        Event(1.0, weight * village.paid_on_the_day),
        Event(LATE, weight * village.paid_late),
        Event(0.0, weight * village.lapsed),
    ]


def of_site(site: Site, weight: float = 1.0) -> Event:
    """What a site that was ever open says: on how many days there were meals last month."""
    return Event(site.meal_days if site.is_open else 0.0, weight)


def of_organisation(organisation: Organisation) -> Event | None:
    """What an organisation's contracts say; None without any."""
    if organisation.due <= 0:
        return None
    return Event(clip(organisation.received / organisation.due), 1.0)


def expect(world: World) -> None:
    """Committees, elders of each hamlet and organisations learn from their own events, then from neighbours'."""
    for village in world.villages:
        believe(world, village, of_committee(village))
        for neighbour in (village.row - 1, village.row + 1):
            if 0 <= neighbour < len(world.villages):
                believe(world, village, of_committee(world.villages[neighbour], OF_NEIGHBOURS))
    for site in world.sites:
        if site.opened >= 0:
            believe(world, site, [of_site(site)])
        others = [of_site(one).worth for one in world.sites_of(site.village) if one is not site and one.opened >= 0]
        if others:
            believe(world, site, [Event(sum(others) / len(others), OF_NEIGHBOURS)])
    events = [of_organisation(organisation) for organisation in world.organisations]
    for organisation, own in zip(world.organisations, events, strict=True):
        if own:
            believe(world, organisation, [own])
        of_others = [event.worth for event in events if event and event is not own]
        if of_others:
            believe(world, organisation, [Event(sum(of_others) / len(of_others), OF_NEIGHBOURS)])
