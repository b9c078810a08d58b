"""The duties a site lives by, the county's own, and the hours for them (ODD 7.3.3, 7.3.4)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.reference.world import (
    ACCOUNTS,
    ASSOCIATION,
    DUTY_SHARES,
    KITCHEN,
    PLAN_ELDERS,
    SEAT_ASSOCIATION,
    SEAT_COUNTY,
    SEAT_ORGANIZATION,
    WEEKS,
    Site,
    Status,
    Township,
    Village,
    World,
    expit,
)

DUTIES = range(5)
HANDLES_MONEY = (KITCHEN, ACCOUNTS)  # duties that helpers cannot own
TWO_COMMITTEES = 2
TWO_DESKS = 2
OFFICER_HOURS = 160
VILLAGES_AN_OFFICER = 20
HOURS_A_CASE = 4  # of an office, an application or finding; of a committee, a finding followed up
HALVINGS = 40


def volunteers(parties: float, cost: float, sharpness: float) -> float:
    """The chance p with which each of several parties does what nobody is named for (ODD 7.3.4)."""
    if parties <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        p = (low + high) / 2
        if p < expit(sharpness * ((parties - 1) * math.log(1 - p) - math.log(cost))):
            low = p
        else:
            high = p
    return (low + high) / 2


def owner_acts(watch: float, cost: float, sharpness: float) -> float:
    """The chance with which a named owner does a duty (ODD 7.3.4)."""
    return expit(sharpness * (math.log(1 + watch) - math.log(cost)))


# -- hours (ODD 7.3.3) ------------------------------------------------------------------------------------------------
def paper(world: World, village: Village) -> float:
    """Hours of what is inspected: reports, audits, the open book, talk, findings followed up."""
    now = world.now
    sites = world.open_sites_of(village.row)
    a_site = now.responsibility.report_hours * now.responsibility.paperwork / 3
    if now.supervision.open_book:
        a_site += now.supervision.book_hours
    audits = sum(site.row in world.audited for site in sites)
    return (
        a_site * len(sites)
        + now.supervision.audit_hours * audits
        + rounds_held(world) * now.negotiation.round_hours / 12
        + HOURS_A_CASE * village.findings
    )


def rounds_held(world: World) -> float:
    """Rounds of talk a year, in the share that was paid where they cost something (ODD 7.3.1)."""
    negotiation = world.now.negotiation
    return negotiation.rounds * (world.county.share_of_office if negotiation.facilitation else 1.0)


def count_parties(world: World) -> None:
    """As the month begins: members of each association who help."""
    for village in world.villages:
        village.helping_members = 0.0
    for elder in world.elders:
        world.villages[elder.village].helping_members += elder.helper and elder.member


def work(world: World) -> None:
    """The hours of offices and cadres, and the duties that they do (ODD 7.3.3, 7.3.4)."""
    for township in world.townships:
        county_duties(world, township)
    for village in world.villages:
        committee_hours(world, village)
    book_coordinators(world)
    book_talk(world)


def committee_hours(world: World, village: Village) -> None:
    """First paper, then the duties of the sites, then the rest of the paper, then asking."""
    now = world.now
    sites = world.open_sites_of(village.row)
    village.given = now.committee.hours * WEEKS * 2 * village.motivation
    village.paper = paper(world, village)
    first = min(village.given, now.committee.paper_first * village.paper)
    left = village.given - first
    a_site = left / len(sites) if sites else 0.0
    for site in sites:
        used = site_duties(world, village, site, a_site)
        if site.runner != ASSOCIATION:
            left -= used
    rest = min(max(left, 0.0), village.paper - first)
    village.asking = max(left, 0.0) - rest  # as far as there is somebody to ask
    world.add("committees: given", village.given)
    world.add("committees: paper", first + rest)
    village.paper_done = (first + rest) / village.paper if village.paper > 0 else 1.0
    wanted = village.paper + now.duties.hours * len(sites)
    if wanted <= 0:
        village.load = 0.0
    else:
        village.load = wanted / village.given if village.given >= 1 / 3600 else 2.0


# -- duties of a site (ODD 7.3.4) -------------------------------------------------------------------------------------
@dataclass
class Side:
    """The runner's side or the helpers' side of a site's duties.

    Args:
        parties: who could act where nobody is named.
        left: hours that are there for duties.
    """

    parties: float
    left: float
    used: float = 0.0

    def take(self, wanted: float) -> float:
        """Use hours as far as they last; the part of what was wanted that was there, 1 if none was wanted."""
        part = min(1.0, self.left / wanted) if wanted > 0 else 1.0
        self.left = max(self.left - wanted * part, 0.0)
        self.used += wanted * part
        return part


def site_duties(world: World, village: Village, site: Site, committee_hours: float) -> float:
    """Do the five duties of a site; the hours that its runner used.

    Args:
        committee_hours: what the committee has for this site after its first paper.
    """
    now = world.now
    site.duty_hours, site.twice = [0.0] * 4, [0.0] * 5
    site.duties_left, site.hours_there = 0.0, 1.0
    if now.structure.perfect_duties > 0:
        site.done, site.acted = [1.0] * 5, [1.0] * 5
        return 0.0
    runner, helpers = sides(village, site, committee_hours)
    watch = watched(world)
    coordinator = coordinator_part(world)
    for duty in DUTIES:
        ours = helpers if duty not in HANDLES_MONEY else Side(0.0, 0.0)
        before = runner.used
        there = do_duty(world, village, site, duty, runner, ours, watch)
        if duty not in HANDLES_MONEY:
            site.duty_hours[2] += runner.used - before
        if duty == ACCOUNTS:
            site.hours_there = there
        undone = 1 - site.done[duty]
        site.duty_hours[3] += coordinator * undone * DUTY_SHARES[duty] * now.duties.hours
        site.done[duty] += coordinator * undone
        site.acted[duty] = max(site.acted[duty] + coordinator * (1 - site.acted[duty]), site.done[duty])
    site.duty_hours[0], site.duty_hours[1] = runner.used, helpers.used
    site.duties_left = helpers.used + (runner.used if site.runner == ASSOCIATION else 0.0)
    if site.runner != ASSOCIATION:
        world.add("committees: duties", runner.used)
    return runner.used


def sides(village: Village, site: Site, committee_hours: float) -> tuple[Side, Side]:
    """The runner's side and the helpers': parties, and hours that helpers offered last month.

    Where an association runs the site its helping members are its runner's side, and all other helpers the helpers'.
    """
    if site.runner != ASSOCIATION:
        return Side(TWO_COMMITTEES, committee_hours), Side(site.helpers, site.help_offered)
    members = village.helping_members
    return (
        Side(members, site.members_offered),
        Side(max(site.helpers - members, 0.0), max(site.help_offered - site.members_offered, 0.0)),
    )


def watched(world: World) -> float:
    """What a named owner has to fear: an expected sanction, by the chance of a look in a year."""
    seen = world.now.supervision
    a, s = seen.audit_probability, seen.survey_share
    return world.now.committee.deterrence * seen.sanction * (a + s - a * s)


def coordinator_part(world: World) -> float:
    """The part of what is left undone that a paid coordinator has the hours for."""
    return min(1.0, coordinator_hours(world) / world.now.duties.hours)


def coordinator_hours(world: World) -> float:
    """Hours a month that a paid coordinator has for a site."""
    return world.now.staff.coordinator * world.county.share_of_rest / world.prices.coordinator_wage


def do_duty(world: World, village: Village, site: Site, duty: int, runner: Side, helpers: Side, watch: float) -> float:
    """Do one duty of a site; the part of the runner's hours wanted that was there."""
    now = world.now
    hours = DUTY_SHARES[duty] * now.duties.hours
    sharp, cost = now.duties.sharpness, village.duty_cost
    named = 1.0 if world.month <= site.named[duty] else now.responsibility.named_share
    theirs = village.plan[PLAN_ELDERS] if helpers.parties > 0 else 0.0  # of the duty, what helpers own
    acts = owner_acts(watch, cost, sharp)
    usual = now.structure.duties == "usual"
    if usual:  # unnamed duties are the runner's alone, as one, unwatched
        parties, p = (min(runner.parties, 1.0), 0.0), owner_acts(0.0, cost, sharp)
    else:
        parties = (runner.parties, helpers.parties)
        p = volunteers(runner.parties + helpers.parties, cost, sharp)
    wanted = [
        hours * (named * owned * acts + (1 - named) * n * p)
        for owned, n in ((1 - theirs, parties[0]), (theirs, parties[1]))
    ]
    there = (runner.take(wanted[0]), helpers.take(wanted[1]))
    by_owner = acts * ((1 - theirs) * there[0] + theirs * there[1])
    nobody = (1 - p * there[0]) ** parties[0] * (1 - p * there[1]) ** parties[1]
    site.done[duty] = named * by_owner + (1 - named) * (1 - nobody)
    site.acted[duty] = named * acts + (1 - named) * (1 - (1 - p) ** (parties[0] + parties[1]))
    times = named * by_owner + (1 - named) * (parties[0] * p * there[0] + parties[1] * p * there[1])
    site.twice[duty] = max(times - site.done[duty], 0.0)
    return there[0]


# -- the county's own duties (ODD 7.3.3, 7.3.4) -----------------------------------------------------------------------
def county_duties(world: World, township: Township) -> None:
    """The share done of deciding, paying on the day and following up: one for all three."""
    now = world.now
    villages = [village for village in world.villages if village.township == township.row]
    sites = [site for village in villages for site in world.sites_of(village.row)]
    in_hand = sum(site.status == Status.APPLIED for site in sites)
    claims = sum(site.is_open for site in sites)
    wanted = HOURS_A_CASE * (in_hand + township.findings) + claims
    office = now.duties.office_hours * 2 * world.county.motivation
    officers = OFFICER_HOURS * now.staff.officers * len(villages) / VILLAGES_AN_OFFICER * world.county.share_of_office
    township.hours = [office, officers, 0.0]
    if now.structure.perfect_duties > 0:
        township.done = 1.0
        book_township(world, township)
        return
    there = min(1.0, (office + officers) / wanted) if wanted > 0 else 1.0
    sharp, cost, named = now.duties.sharpness, township.duty_cost, now.responsibility.county_deadlines
    owner = owner_acts(0.0, cost, sharp)
    if now.structure.duties == "usual":
        desks, p = 1, owner
    else:
        desks, p = TWO_DESKS, volunteers(TWO_DESKS, cost, sharp)
    township.done = named * owner * there + (1 - named) * (1 - (1 - p * there) ** desks)
    acting = named * owner + (1 - named) * desks * p  # acting takes the hours of every desk that acts
    township.hours[2] = min(wanted * acting * there, office + officers)
    book_township(world, township)


def book_township(world: World, township: Township) -> None:
    """Hours of the office and its officers, of which duties take the same share."""
    office, officers, duties = township.hours
    part = duties / (office + officers) if office + officers > 0 else 0.0
    for giver, hours in (("townships", office), ("officers", officers)):
        world.add(f"{giver}: given", hours)
        world.add(f"{giver}: duties", part * hours)
        world.add(f"{giver}: left", hours - part * hours)


def book_talk(world: World) -> None:
    """Hours of talk of who sits beside the committee, and of elders who attend (ODD 7.2.6)."""
    hours = rounds_held(world) * world.now.negotiation.round_hours / 12
    for village in world.villages:
        sits = {
            "county": village.seated[SEAT_COUNTY],
            "associations": village.seated[SEAT_ASSOCIATION] and village.association,
            "organisations": village.seated[SEAT_ORGANIZATION],
        }
        for giver, there in sits.items():
            world.add(f"{giver}: given", hours * there)
            world.add(f"{giver}: talk", hours * there)
    for elder in world.elders:
        world.add("elders: given", hours * elder.attended)
        world.add("elders: talk", hours * elder.attended)


def book_coordinators(world: World) -> None:
    """Hours of paid coordinators at open sites."""
    for site in world.sites:
        if site.is_open:
            hours = coordinator_hours(world)
            world.add("coordinators: given", hours)
            world.add("coordinators: duties", site.duty_hours[3])
            world.add("coordinators: left", hours - site.duty_hours[3])
