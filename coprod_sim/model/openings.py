"""Whether a committee or an association applies for a site, what it costs, and when a site stops (ODD 7.3.2)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.prices import price_of_building
from coprod_sim.model.site.money import share_of_yearly_money
from coprod_sim.model.units import MIDDLE, MONTHS
from coprod_sim.scenario.levers import Access, Funding
from coprod_sim.scenario.parameters import Committee, Economics, Government, Motives

FEW_DAYS, MOST_SHUT = 0.15, 3  # a site stops after so many months in a row with meals on fewer days (ODD 10.3) [A]
FEW_USERS, MOST_EMPTY = 0.5, 6  # and so many with under this part of the fewest users (ODD 10.3) [A]
PRESSED_ANYHOW = 0.5  # part of a campaign's pressure that no other village's site adds to (ODD 7.3.2) [A]
LONGEST_OVER_MEAN = 2.0  # building takes between no time and twice its mean (ODD 7.3.2)


class Applicant(NamedTuple):
    """Who may apply for a site.

    Attributes:
        motivation: of the committee, or mean of the association's members, 0-1.
        expectation: of the village's committee that the scheme goes on and pays, 0-1.
        yearly_money: of the village, yuan.
        share_of_cost: of the site that no grant pays, yuan.
        campaign: of `campaign_reaches`.
        served: share of villages that a site serves.
    """

    motivation: float
    expectation: float
    yearly_money: float
    share_of_cost: float
    campaign: bool
    served: float


class ApplyTerms(NamedTuple):
    """Log-odds of applying in a month, term by term."""

    base: float
    intrinsic: float
    pressure: float
    material: float


class PaidForSite(NamedTuple):
    """What is paid of the share of cost at decision, yuan; what neither can pay is lacking."""

    association: float
    village: float
    lacking: float


class MonthsInRow(NamedTuple):
    """Months in a row for which a site has gone badly.

    Attributes:
        shut: with meals on few days.
        empty: with few users.
    """

    shut: int
    empty: int


@rule
def has_county_scheme(government: Government, funding: Funding) -> bool:
    """Whether there is a county scheme, under which committees apply; else associations do (ODD 7.3.2)."""
    return government.target_share > 0 and funding.building_grant > 0


@rule
def campaign_reaches(by_association: bool, is_served: bool, served: float, government: Government) -> bool:
    """Whether the campaign presses: a committee's village unserved while served villages lack the target (ODD 7.3.2).

    Args:
        by_association: an association applies.
        is_served: a site serves the village.
        served: share of villages that a site serves.
    """
    return not by_association and not is_served and served < government.target_share


@rule
def has_enough_users(waiting: int, eligible: int, campaign: bool, access: Access) -> bool:
    """Whether enough of a hamlet's elders wait or use a site elsewhere, or in a campaign are eligible (ODD 7.3.2)."""
    return waiting >= access.fewest_users or (campaign and eligible >= access.fewest_users)


@rule
def cost_of_site(by_association: bool, economics: Economics) -> float:
    """Cost of opening a site, yuan: less in rooms that an association reuses (ODD 7.3.2)."""
    return price_of_building(economics) * (economics.reuse if by_association else 1.0)


@rule
def share_of_cost(by_association: bool, funding: Funding, economics: Economics) -> float:
    """What no grant pays of the cost of a site, yuan; an association gets none (ODD 7.3.2)."""
    cost = cost_of_site(by_association, economics)
    return cost if by_association else cost - min(funding.building_grant, cost)


@rule
def paid_for_site(cost: float, association_cash: float, village_cash: float) -> PaidForSite:
    """The share of cost is paid by an association that applies as far as its cash goes, then the village (ODD 7.3.2).

    Args:
        cost: share of cost, yuan.
        association_cash: of the association that applies, 0 where the committee does, yuan.
        village_cash: yuan.
    """
    association = min(cost, max(association_cash, 0.0))
    village = min(cost - association, max(village_cash, 0.0))
    return PaidForSite(association=association, village=village, lacking=cost - association - village)


@rule
def yearly_cost_of_applying(applicant: Applicant, economics: Economics, funding: Funding) -> float:
    """What a site is expected to cost the village a year: its share written off, and money that fails (ODD 7.3.2)."""
    failing = MONTHS * (1 - applicant.expectation) * funding.running_per_site
    return applicant.share_of_cost / economics.building_life + failing


@rule
def utility_of_applying(
    applicant: Applicant, committee: Committee, motives: Motives, economics: Economics, funding: Funding
) -> ApplyTerms:
    """Motives to apply for a site (ODD 7.3.2)."""
    pressure = committee.pressure * (PRESSED_ANYHOW + applicant.served)
    yearly = yearly_cost_of_applying(applicant, economics, funding)
    return ApplyTerms(
        base=committee.opening,
        intrinsic=motives.intrinsic * (applicant.motivation - MIDDLE),
        pressure=pressure if applicant.campaign else 0.0,
        material=-motives.per_income * share_of_yearly_money(yearly, applicant.yearly_money),
    )


@rule
def months_to_build(draw: float, government: Government) -> int:
    """Months that building takes, at least one (ODD 7.3.2).

    Args:
        draw: of the hamlet, 0-1.
    """
    return max(math.ceil(LONGEST_OVER_MEAN * government.building_months * draw), 1)


@rule
def months_in_row_after(months: MonthsInRow, days_with_meals: float, users: int, access: Access) -> MonthsInRow:
    """Months in a row with meals on few days, and with few users (ODD 7.3.2).

    Args:
        months: before.
        days_with_meals: share of the month's days.
    """
    return MonthsInRow(
        shut=months.shut + 1 if days_with_meals < FEW_DAYS else 0,
        empty=months.empty + 1 if users < FEW_USERS * access.fewest_users else 0,
    )


@rule
def site_stops(months: MonthsInRow) -> bool:
    """A site stops after three months in a row shut on most days, or six with too few users (ODD 7.3.2)."""
    return months.shut >= MOST_SHUT or months.empty >= MOST_EMPTY


@rule
def cost_of_reopening(condition: float, economics: Economics) -> float:
    """Cost of opening a site again, yuan: rooms are mended as far as they are worn, without grant (ODD 7.3.2)."""
    return price_of_building(economics) * economics.reuse * (1 - condition)
