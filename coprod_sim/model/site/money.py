"""Money of a site: costs and what is paid of them, purses, topping up, donations, fees and admission (ODD 7.3.6)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import expit
from coprod_sim.model.prices import price_of_delivery, price_of_food, price_of_upkeep, wage_of_cook
from coprod_sim.model.units import DAYS, MIDDLE, MONTHS
from coprod_sim.scenario.levers import Access, Supervision
from coprod_sim.scenario.parameters import Committee, Economics, Motives, Population, Services

# Hours of a cook: one fixed and one a meal; the declared wage is of two and a half meals a day (ODD 10.3) [A].
COOKS_FIXED, COOKS_USUAL = 1.0, 3.5
FULL_MOTIVATION = 2.0  # over which a committee of middling motivation tops up half as much (ODD 7.3.6)
POOR = 1.5  # pensions, below which a fee may be waived (ODD 10.3) [A]
MOST_YEARS = 3.0  # of its yearly money that a village keeps (ODD 10.3) [A]


class Costs(NamedTuple):
    """Costs of a site in a month, yuan."""

    wage: float
    upkeep: float
    book: float
    food: float
    delivery: float


class FromPurses(NamedTuple):
    """What is paid from a site's two purses, yuan.

    Attributes:
        own: fees, donations, dues and village money.
        public: running money.
    """

    own: float
    public: float


class ToppedUp(NamedTuple):
    """What a site gets of the cash that it lacks, yuan, by who gives it."""

    association: float
    village: float


class FeeOfMeal(NamedTuple):
    """Who pays how much for a meal, yuan."""

    elder: float
    county: float


class SiteToFill(NamedTuple):
    """What places of a site are calculated from.

    Attributes:
        running: running money per site, yuan a month; 0 where none is given.
        running_per_elder: running money per user, yuan a month; 0 where none is given.
        expectation: of the committee, 0-1.
        donations: yuan a month.
        village_cash: cash of the village over its sites, yuan.
        association_cash: cash of the association that runs the site, yuan; 0 without.
        own_cash: in the site's own purse, yuan.
        by_association: an association runs the site.
        meals: of the plan, a day.
        fee: of the plan, yuan a meal.
        eaten: mean meals a day of users and waiting, the plan's without any.
    """

    running: float
    running_per_elder: float
    expectation: float
    donations: float
    village_cash: float
    association_cash: float
    own_cash: float
    by_association: bool
    meals: float
    fee: float
    eaten: float


@rule
def wage_by_meals(meals: float, economics: Economics) -> float:
    """Wage of a cook by the meals a day of the plan, yuan a month (ODD 7.3.6)."""
    return wage_of_cook(economics) * (COOKS_FIXED + meals) / COOKS_USUAL


@rule
def wage_of_site(by_association: bool, meals: float, economics: Economics) -> float:
    """Wage that a site has to pay, yuan a month: none where an association runs it (ODD 7.3.6)."""
    return 0.0 if by_association else wage_by_meals(meals, economics)


@rule
def planned_costs(
    wage: float, food: float, carried: float, open_book: bool, economics: Economics, supervision: Supervision
) -> Costs:
    """Costs that a site plans for a month (ODD 7.3.6).

    Args:
        wage: of `wage_of_site`, yuan.
        food: meals to buy food for.
        carried: meals to carry to homes.
        open_book: the site keeps one.
    """
    return Costs(
        wage=wage,
        upkeep=price_of_upkeep(economics),
        book=supervision.book_cost if open_book else 0.0,
        food=price_of_food(economics) * food,
        delivery=price_of_delivery(economics) * carried,
    )


@rule
def total_of_costs(costs: Costs) -> float:
    """Sum of a site's costs, yuan (ODD 7.3.6)."""
    return costs.wage + costs.upkeep + costs.book + costs.food + costs.delivery


@rule
def share_of_costs_paid(cash: float, planned: float) -> float:
    """Share of its planned costs that a site's cash reaches; all if it plans none (ODD 7.3.6).

    Args:
        cash: in both purses, yuan.
        planned: yuan.
    """
    there = max(cash, 0.0)
    return there / planned if there < planned else 1.0


@rule
def costs_paid(planned: Costs, paid: float, bought: float, carried: float, economics: Economics) -> Costs:
    """What a site pays: all costs cut alike, food and carrying at most for what was bought and carried (ODD 7.3.6).

    Args:
        paid: share of planned costs that cash reaches.
        bought: meals that food was bought for.
        carried: meals that were carried to homes.
    """
    return Costs(
        wage=paid * planned.wage,
        upkeep=paid * planned.upkeep,
        book=paid * planned.book,
        food=min(paid * planned.food, price_of_food(economics) * bought),
        delivery=min(paid * planned.delivery, price_of_delivery(economics) * carried),
    )


@rule
def paid_from_purses(cost: float, own: float, public: float) -> FromPurses:
    """A site spends own money first, then public money, and never more than there is (ODD 7.3.6).

    Args:
        cost, own, public: yuan to pay, and in either purse.
    """
    from_own = min(cost, max(own, 0.0))
    return FromPurses(own=from_own, public=min(cost - from_own, max(public, 0.0)))


@rule
def most_topped_up(motivation: float, committee: Committee) -> float:
    """Share of the cash lacking at its sites that a village would put in, were there cash (ODD 7.3.6).

    Args:
        motivation: of the committee, 0-1.
    """
    return min(committee.top_up * FULL_MOTIVATION * motivation, 1.0)


@rule
def share_topped_up(most: float, lacking: float, cash: float) -> float:
    """Share of what its sites lack that one who tops up gives to each alike, as far as its cash goes (ODD 7.3.6).

    Args:
        most: share that it would give: all of an association, `most_topped_up` of a village.
        lacking: at all its sites, yuan.
        cash: its own, yuan.
    """
    there = max(cash, 0.0)
    return there / lacking if there < most * lacking else most


@rule
def topped_up(lacking: float, share_of_association: float, share_of_village: float) -> ToppedUp:
    """What the association that runs a site gives of the cash it lacks, and the village of the rest (ODD 7.3.6).

    Args:
        lacking: at this site, yuan.
        share_of_association: of what it lacks, 0 where no association runs it.
        share_of_village: of what is lacking still.
    """
    by_association = lacking * share_of_association
    return ToppedUp(association=by_association, village=(lacking - by_association) * share_of_village)


@rule
def share_shown(found_in_order: bool, open_book: bool, paper_done: float) -> float:
    """How far donors can tell what their money does: by an audit of the last year, or an open book (ODD 7.3.6).

    Args:
        found_in_order: an audit found money in order in the last twelve months.
        open_book: the site keeps one.
        paper_done: share of its paper that the committee did.
    """
    if found_in_order:
        return 1.0
    return paper_done if open_book else 0.0


@rule
def donations_after(donations: float, shown: float, economics: Economics) -> float:
    """Donations a month later: donors who cannot tell what their money does are lost (ODD 7.3.6).

    Args:
        donations: yuan a month.
        shown: of `share_shown`.
    """
    return donations * (1 - economics.donation_decay / MONTHS * (1 - shown))


@rule
def fee_of_meal(fee: float, income: float, draw: float, access: Access, population: Population) -> FeeOfMeal:
    """The fee of a meal, which the county pays for a share of those with little beyond the pension (ODD 7.3.6).

    Args:
        fee: of the plan, yuan.
        income: of the elder, yuan a month.
        draw: of the elder, for life, 0-1.
    """
    if income < POOR * population.pension and draw < access.fee_waiver_share:
        return FeeOfMeal(elder=0.0, county=fee)
    return FeeOfMeal(elder=fee, county=0.0)


@rule
def village_cash_after(cash: float, yearly_money: float) -> float:
    """Cash of a village with a twelfth of its yearly money; above three years' money it goes elsewhere (ODD 7.3.6)."""
    return min(cash + yearly_money / MONTHS, MOST_YEARS * yearly_money)


@rule
def means_of_site(site: SiteToFill, services: Services) -> float:
    """What is expected to come to a site with all its places taken, yuan a month (ODD 7.3.6)."""
    cash = (site.village_cash + site.association_cash + site.own_cash) / MONTHS
    of_user = site.fee * site.eaten * DAYS + site.running_per_elder * site.expectation
    return site.running * site.expectation + site.donations + cash + services.capacity * of_user


@rule
def needs_of_site(site: SiteToFill, services: Services, economics: Economics) -> float:
    """What a site with all its places taken costs, yuan a month (ODD 7.3.6)."""
    food = price_of_food(economics) * services.capacity * site.eaten * DAYS
    return wage_of_site(site.by_association, site.meals, economics) + price_of_upkeep(economics) + food


@rule
def places_of_site(site: SiteToFill, services: Services, economics: Economics) -> int:
    """Places of a site: as many of its capacity as its means reach; all if they cost nothing (ODD 7.3.6)."""
    means, needs = means_of_site(site, services), needs_of_site(site, services, economics)
    return math.floor(services.capacity * (max(means, 0.0) / needs if means < needs else 1.0))


@rule
def share_of_yearly_money(yuan: float, yearly_money: float) -> float:
    """What a village weighs a sum by: its share of the money of a year, at most all of it (ODD 7.3.2, 7.3.6)."""
    if yuan <= 0:
        return 0.0
    return yuan / yearly_money if yuan < yearly_money else 1.0


@rule
def chance_to_be_taken(grade: int, motivation: float, risk: float, yearly_money: float, motives: Motives) -> float:
    """Chance that a committee takes an elder with ADL loss: its mission against the risk (ODD 7.3.6).

    Args:
        grade: of ADL loss; who has none is taken.
        motivation: of the committee, 0-1.
        risk: of `risk_of_admitting`, yuan a month.
        yearly_money: of the village, yuan.
    """
    if grade == 0:
        return 1.0
    share = share_of_yearly_money(risk * MONTHS, yearly_money)
    return expit(motives.intrinsic * (motivation - MIDDLE) - motives.per_income * share)
