"""What there is to count of an elder in a month, and what one adds to an indicator.

Functions are plain here, so that whoever reads what indicators there are need not wait for numba; `counting_elders`
compiles them for the pass.
"""

from __future__ import annotations

from typing import NamedTuple

ADEQUATE = 0.8  # cover from which a need counts as adequately met, to compare with surveys (ODD 9)
HUNDRED = 100.0


class Counted(NamedTuple):
    """What one elder adds to an indicator: to the sum above the line, and to the one below it."""

    above: float
    below: float


class Services(NamedTuple):
    """A number for each service: meals, hours of company and of daily help, skilled visits; or shares of them."""

    meals: float
    company: float
    daily_help: float
    health: float


class PlanLost(NamedTuple):
    """Meals that a plan means for an elder, by what became of them; they sum to what was planned (ODD 9)."""

    not_known: float
    not_come: float
    no_money: float
    worn_room: float
    undone_duty: float
    no_manager: float
    no_cook: float
    no_helper: float
    served: float


class ElderMonth(NamedTuple):
    """What there is to count of an elder of 60 or over in a month.

    Attributes:
        open_need: of each need what self and family leave open without service, in its unit.
        closed: of that, what service closed.
        closed_by_others: hours of company that service closed, without the company that helping brings a helper.
        open_yuan, closed_yuan: the same of all four, weighed by yuan.
        covered: share of each need that is covered, service included.
        needs_help: there is a need of daily help.
        served: any service came, or family and self left something to it; without, nothing is closed, helped or freed.
        helped: how far the elder counts as substantially helped, 0-1.
        quality: value of the quality of life, ICECAP-O without role.
        role: value of the role that helping gives.
        freed: hours of daily help and company that family and self left to others.
        planned: meals of a plan that are meant for an elder of the target group in reach of an open site, else 0.
        lost: what became of these.
        unpaid: hours worked for which nothing was paid.
        target: belongs to the group for which the programme began.
        reached: has heard of mutual aid and lives within reach of a site.
        lately: used or helped within the last twelve months.
    """

    open_need: Services
    closed: Services
    closed_by_others: float
    open_yuan: float
    closed_yuan: float
    covered: Services
    needs_help: bool
    served: bool
    helped: float
    quality: float
    role: float
    freed: float
    planned: float
    lost: PlanLost
    trust: float
    recognition: float
    enrolled: bool
    helper: bool
    able: bool
    offered: float
    worked: float
    unpaid: float
    target: bool
    reached: bool
    lately: bool


def among(value: float, counts: bool) -> Counted:
    """A value of one who counts; nothing of one who does not."""
    return Counted(1.0 * value, 1.0) if counts else Counted(0.0, 0.0)


def part(value: float, whole: float) -> Counted:
    """A part of a whole, both added up."""
    return Counted(1.0 * value, 1.0 * whole)


def per_hundred(value: float) -> Counted:
    """A value of everybody, for a hundred elders."""
    return Counted(HUNDRED * value, 1.0)


def adequate(cover: float) -> bool:
    """Whether a need that is covered so far is adequately met."""
    return cover >= ADEQUATE


def all_adequate(covered: Services, needs_help: bool) -> bool:
    """Whether every need that there is is adequately met."""
    help_met = adequate(covered.daily_help) or not needs_help
    return adequate(covered.meals) and adequate(covered.company) and help_met and adequate(covered.health)
