"""Whether an elder hears of a site, may enrol, and enrols or stays (ODD 7.4.1)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.units import ABLE, DAYS, MIDDLE, MOST_MEALS, THERE_AND_BACK, WALKING
from coprod_sim.scenario.levers import Access
from coprod_sim.scenario.parameters import Economics, Enrolling, Motives, Services

INDEPENDENT = 0  # grade of who has no ADL loss


class Enroller(NamedTuple):
    """What an elder brings to the choice: own state.

    Attributes:
        income: yuan a month.
        trust: in the committee, 0-1.
        recognition: of the plan, 0-1.
        filial: filial norm, 0-1.
        child_near: the nearest child lives in the home or the village.
        meals_covered, company_covered: share of the need that self and family cover.
        company_need: hours a month.
    """

    income: float
    trust: float
    recognition: float
    filial: float
    child_near: bool
    meals_covered: float
    company_covered: float
    company_need: float


class SiteToEnrolAt(NamedTuple):
    """What an elder sees of the site that serves the own hamlet, or would.

    Attributes:
        expectation: that it goes on, of the elder's hamlet, 0-1.
        quality: of `quality_seen`, 0-1.
        users: share of acquaintances who are users.
        meals: of the plan, a day.
        fee: that this elder is asked, yuan a meal.
        distance: way to the site, km; 0 if fed at home.
        risk: of `risk_of_user`, yuan a month.
    """

    expectation: float
    quality: float
    users: float
    meals: float
    fee: float
    distance: float
    risk: float


class EnrolTerms(NamedTuple):
    """Log-odds of enrolling, or of staying enrolled, term by term."""

    base: float
    need: float
    trust: float
    recognition: float
    others: float
    face: float
    material: float


@rule
def chance_to_hear(users: float, helpers: float, enrolling: Enrolling) -> float:
    """Chance to hear of mutual aid in a month, by shares of acquaintances who are users and who help (ODD 7.4.1)."""
    return enrolling.reconsider * max(users, helpers)


@rule
def is_eligible(age: float, grade: int, left_behind: bool, access: Access) -> bool:
    """Whether the rules let an elder enrol: the homebound at most where meals come home (ODD 7.4.1)."""
    # Without an `if`, as all elders are asked this every month, several at a time.
    able = (grade <= ABLE) | access.home_delivery
    fit = (grade == INDEPENDENT) if access.requires_self_care else able
    return (age >= access.eligible_age) & (left_behind | (not access.requires_left_behind)) & fit


@rule
def keeps_standing(is_user: bool, grade: int, eligible: bool, access: Access) -> bool:
    """A user stays eligible unless homebound without delivery; who waits and is not eligible leaves (ODD 7.4.1)."""
    if is_user:
        return grade <= ABLE or access.home_delivery
    return eligible


@rule
def quality_seen(is_user: bool, satisfaction: float, users_known: int, their_satisfaction: float) -> float:
    """Quality of a site: own satisfaction of a user, else acquaintances' who are users, else one half (ODD 7.4.1).

    Args:
        users_known: acquaintances who are users.
        their_satisfaction: their mean satisfaction; anything if there are none.
    """
    if is_user:
        return satisfaction
    return their_satisfaction if users_known > 0 else MIDDLE


@rule
def meals_eaten(meals: float, meals_covered: float, services: Services) -> float:
    """Meals a day that a user eats at the site: open need and some beyond, as far as the plan offers (ODD 7.4.1).

    Args:
        meals: offered a day.
        meals_covered: share of the need that self and family cover.
    """
    return min(meals, MOST_MEALS * (1 - meals_covered) + services.extra_meals)


@rule
def need_closed_by_table(company_need: float, services: Services) -> float:
    """Share of the need of company that a table open every day closes, at most all of it (ODD 7.4.1).

    Args:
        company_need: hours a month.
    """
    given = services.table_company * DAYS
    return given / company_need if given < company_need else 1.0


@rule
def need_site_closes(elder: Enroller, meals: float, services: Services) -> float:
    """Need of meals and company, each as a share, that a site at its best closes of what is open (ODD 7.4.1).

    Args:
        meals: of the plan, a day.
    """
    table = need_closed_by_table(elder.company_need, services)
    return min(meals / MOST_MEALS, 1 - elder.meals_covered) + min(table, 1 - elder.company_covered)


@rule
def cost_of_coming(elder: Enroller, site: SiteToEnrolAt, services: Services, economics: Economics) -> float:
    """What using the site costs an elder in fees, time on the way and risk, yuan a month (ODD 7.4.1)."""
    fees = site.fee * meals_eaten(site.meals, elder.meals_covered, services) * DAYS
    return fees + wage_in_village(economics) * DAYS * THERE_AND_BACK * site.distance / WALKING + site.risk


@rule
def utility_of_enrolling(
    elder: Enroller,
    site: SiteToEnrolAt,
    enrolling: Enrolling,
    motives: Motives,
    services: Services,
    economics: Economics,
) -> EnrolTerms:
    """Motives to enrol and to stay (ODD 7.4.1; signs: Liu & Sun 2022, Wang & Chen 2023)."""
    closed = site.expectation * site.quality * need_site_closes(elder, site.meals, services)
    return EnrolTerms(
        base=enrolling.base,
        need=enrolling.need * closed,
        trust=motives.trust * (elder.trust - MIDDLE),
        recognition=motives.recognition * (elder.recognition - MIDDLE),
        others=motives.others * site.users,
        face=-enrolling.face * elder.filial if elder.child_near else 0.0,
        material=-motives.per_income * cost_of_coming(elder, site, services, economics) / elder.income,
    )
