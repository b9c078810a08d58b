"""The county's year: sites that it expects, the sums that it appropriates, and what is left of them (ODD 7.3.1)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.levers import Funding, Supervision
from coprod_sim.scenario.parameters import Government

IDLE = 0.5  # share of days reported open under which a site is seen idle (ODD 7.3.1)
MOST_LOG = 40.0  # bound of the logarithm of a year's revenue, beyond which no draw comes
WHOLE = 1e-9  # villages: what a product of a share and a whole number may be off by, a bound of arithmetic


class Expected(NamedTuple):
    """Sites that the county expects to open in a year.

    Attributes:
        sites: all.
        to_build: those in hamlets without rooms, which take a grant.
    """

    sites: float
    to_build: float


class Year(NamedTuple):
    """The county's year so far, yuan.

    Attributes:
        running, building: sums appropriated in January.
        sanctions: received this year.
        paid: all that was paid this year, grants among it.
        granted: grants that were paid this year.
    """

    running: float
    building: float
    sanctions: float
    paid: float
    granted: float


class Purse(NamedTuple):
    """What the county can pay from, yuan.

    Attributes:
        pool: what has been released and not been paid.
        reserve: what grants have not taken of the sum for building.
    """

    pool: float
    reserve: float


@rule
def villages_lacking(villages: float, served: float, government: Government) -> float:
    """Villages that the campaign still lacks: its share of all, rounded up, less those that a site serves
    (ODD 7.3.1)."""
    wanted = math.ceil(government.target_share * villages - WHOLE)
    return max(wanted - served, 0.0)


@rule
def sites_expected(applications: float, lacking: float, with_rooms: float) -> Expected:
    """The larger of applications in hand and villages that the campaign lacks; those with rooms of a site that
    stopped take no grant (ODD 7.3.1).

    Args:
        applications: in hand, all of hamlets without rooms: a site that stopped opens again without a decision.
        lacking: see `villages_lacking`.
        with_rooms: villages that no site serves where rooms stand.
    """
    return Expected(sites=max(applications, lacking), to_build=max(applications, lacking - with_rooms, 0.0))


@rule
def seen_idle(days_reported: float) -> bool:
    """A reported site is seen idle if it was reported open on under half of last year's days (ODD 7.3.1)."""
    return days_reported < IDLE


@rule
def sum_appropriated(
    planned: float, z: float, idle_share: float, funding: Funding, government: Government, supervision: Supervision
) -> float:
    """The county appropriates the planned cost less a shortfall, as its revenue of the year has it, less a penalty for
    the share of reported sites that were seen idle (ODD 7.3.1).

    Args:
        planned: cost, yuan.
        z: the year's standard normal draw of revenue, one for both sums.
        idle_share: of reported sites, see `seen_idle`.
    """
    revenue = math.exp(clip(government.revenue_spread * z, -MOST_LOG, MOST_LOG))
    return planned * (1.0 - funding.shortfall) * revenue * (1.0 - supervision.idle_penalty * idle_share)


@rule
def purse_of_month(year: Year, month_of_year: int) -> Purse:
    """In the n-th month of the year the pool is n twelfths of the running sum, the building sum and sanctions received,
    less all paid so far; the reserve is what grants have not taken of the building sum (ODD 7.3.1)."""
    released = year.running * month_of_year / MONTHS + year.building + year.sanctions
    return Purse(pool=max(released - year.paid, 0.0), reserve=max(year.building - year.granted, 0.0))


@rule
def public_money_returned(public: float, of_a_month: float) -> float:
    """In January a site's public money above one month's running money goes back (ODD 7.3.1)."""
    return max(public - of_a_month, 0.0)
