"""Reports by component, scores, and what follows (ODD 7.5.2, 7.5.3)."""

from __future__ import annotations

from coprod_sim.model.streams import Stream
from tests.reference.faults import book_readers
from tests.reference.world import ASSOCIATION, LIST, MONEY, NO_FAULT, Site, World, clip

COMPONENTS = ("days", "users", "satisfaction", "money")
LEAST_SCORE = 0.05
EVALUATORS_ERROR = 0.1


def chance_of_money(world: World, site: Site) -> float:
    """The chance in a year that money gone astray is found out."""
    a, read = world.now.supervision.audit_probability, book_readers(world, site)
    return a + read - a * read


def chances(world: World, site: Site) -> dict[str, float]:
    """The chance in a year that each component of a report is found out."""
    a, s = world.now.supervision.audit_probability, world.now.supervision.survey_share
    return {"days": a, "users": a + s - a * s, "satisfaction": s, "money": chance_of_money(world, site)}


def inflation(world: World, site: Site, component: str) -> float:
    """The part of what is missing that the runner adds to a component."""
    now = world.now
    if now.structure.perfect_evaluation > 0:
        return 0.0
    vanity = 0.0 if site.runner == ASSOCIATION else world.villages[site.village].vanity
    feared = now.committee.deterrence * now.supervision.sanction * chances(world, site)[component]
    return clip(vanity * (1 + max(now.supervision.money_follows_score, 0.0)) - feared)


def diverted_share(world: World, site: Site) -> float:
    """What goes to pockets of running money that comes (ODD 7.3.6)."""
    now = world.now
    if site.runner == ASSOCIATION or site.fault[MONEY] == NO_FAULT or now.structure.perfect_evaluation > 0:
        return 0.0
    feared = now.committee.deterrence * now.supervision.sanction * chance_of_money(world, site)
    return max(0.0, world.villages[site.village].greed - feared)


# -- sums of the year -------------------------------------------------------------------------------------------------
def count_month(world: World) -> None:
    """Add a month to the year of every site that is still open."""
    for site in world.sites:
        if site.is_open:
            add(site, "months", 1)
            add(site, "days", site.meal_days)
            add(site, "users", min(site.users / world.now.services.capacity, 1.0))
            add(site, "satisfaction", site.satisfaction)
            add(site, "list_done", site.done[LIST])
            for elder in world.served_by(site):
                add(site, "on_list", elder.list_worked)
                add(site, "offered", elder.offered)
            add(site, "duties_of_helpers", site.duty_hours[1])
            add(site, "duties", site.duty_hours[1] + site.duty_hours[2])


def add(site: Site, name: str, amount: float) -> None:
    """Add to a sum of the year."""
    site.year[name] = site.year.get(name, 0.0) + amount


def truth(site: Site) -> dict[str, float]:
    """What the year was, in the mean over months open."""
    year, months = site.year, site.year["months"]
    received = year.get("received", 0.0)
    return {
        "days": year["days"] / months,
        "users": year["users"] / months,
        "satisfaction": year["satisfaction"] / months,
        "money": 1 - year.get("diverted", 0.0) / received if received > 0 else 1.0,
    }


def open_books(world: World) -> None:
    """What each open book tells the elders of a village of what a site costs (ODD 7.2.1)."""
    if world.now.supervision.open_book:
        for site in world.sites:
            if site.is_open:
                village = world.villages[site.village]
                village.cost_known += world.now.design.learning / 12 * (1 - village.cost_known)


# -- reports ----------------------------------------------------------------------------------------------------------
def report_users(world: World) -> None:
    """At the end of a quarter users of open sites are reported."""
    capacity = world.now.services.capacity
    for site in world.sites:
        if site.is_open:
            more = max(capacity - site.users, 0.0)
            site.users_reported = site.users + more * inflation(world, site, "users")
        elif not site.phantom:
            site.users_reported = 0.0


def report_year(world: World) -> None:
    """At the end of a year: scores, renewal, next year's money, sanctions."""
    for site in world.sites:
        if site.is_open and site.year.get("months", 0) > 0:
            score(world, site)
        elif site.phantom:
            site.score_true = 0.0  # it is reported as it was last
        else:
            site.scored = False
    renew(world)
    sanction(world)


def score(world: World, site: Site) -> None:
    """The true score, the report as the township passes it on, and the official score."""
    now, true = world.now, truth(site)
    site.scored = True
    site.score_true = sum(true.values()) / len(COMPONENTS)
    if now.structure.perfect_evaluation > 0:
        site.score, site.days_reported = site.score_true, true["days"]
        return
    vanity = world.townships[world.villages[site.village].township].vanity
    passed_on = {}
    for component in COMPONENTS:
        reported = true[component] + (1 - true[component]) * inflation(world, site, component)
        passed_on[component] = reported + (1 - reported) * vanity
    site.days_reported = passed_on["days"]
    site.score = sum(passed_on.values()) / len(COMPONENTS)
    if site.audited:
        site.score = site.score_true
    elif now.supervision.evaluator == "external":
        site.score = clip(site.score_true + EVALUATORS_ERROR * world.normal(Stream.EVALUATE, site.row))


def renew(world: World) -> None:
    """Running money ends for who has a low score, and follows the score within a fixed total (ODD 7.5.3)."""
    supervision = world.now.supervision
    scored = [site for site in world.sites if site.scored]
    for site in world.sites:
        site.factor = 1.0
    for site in scored:
        site.funded = site.score >= supervision.renewal_score
        site.factor = max(site.score, LEAST_SCORE) ** (2 * supervision.money_follows_score)
    shared = [site for site in scored if site.is_open and site.funded]
    if shared:
        mean = sum(site.factor for site in shared) / len(shared)
        for site in scored:
            site.factor /= mean


def sanction(world: World) -> None:
    """Villages pay for what was diverted at sites whose money fault was found; felt and used next year."""
    county, times = world.county, world.now.supervision.sanction
    county.sanctions = 0.0
    for village in world.villages:
        for site in world.sites_of(village.row):
            if site.money_found:
                diverted, received = site.year.get("diverted", 0.0), site.year.get("received", 0.0)
                paid = min(times * diverted, village.cash)
                village.cash -= paid
                county.sanctions += paid
                if received > 0:
                    village.sanctioned = max(village.sanctioned, min(times, 1.0) * diverted / received)
                world.add("villages to county: sanction", paid)
    county.cash += county.sanctions


def close_books(world: World) -> None:
    """A new year begins."""
    for site in world.sites:
        site.year = {}
        site.audited = site.money_found = False
    for village in world.villages:
        village.names_in_need = False
