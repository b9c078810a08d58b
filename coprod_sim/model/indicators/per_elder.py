"""What there is to count of an elder in a month, and what one adds to an indicator.

Functions are plain here, so that whoever reads what indicators there are need not wait for numba; `counting_elders`
compiles them for the pass.
"""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """What one elder adds to an indicator: to the sum above the line, and to the one below it."""

    above: float
    below: float


class ElderMonth(NamedTuple):
    """What there is to count of an elder of 60 or over in a month.

    Attributes:
        needed, met: whether there is a need of each service, and whether it is adequately met.
        covered: share of each need that family and scheme cover.
        care_by_family, care_by_scheme: hours of daily help.
        unpaid: share of the hours helped for which nothing was paid.
        target: belongs to the group for which the programme began.
        reached: has heard of mutual aid and lives within reach of a site.
        lately: used or helped within the last twelve months.
    """

    needed: tuple[bool, bool, bool, bool]
    met: tuple[bool, bool, bool, bool]
    covered: tuple[float, float, float, float]
    care_by_family: float
    care_by_scheme: float
    well_being: float
    trust: float
    recognition: float
    enrolled: bool
    helper: bool
    able: bool
    hours: float
    unpaid: float
    target: bool
    reached: bool
    lately: bool


def among(value: float, counts: bool) -> Counted:
    """A value of one who counts; nothing of one who does not."""
    return Counted(1.0 * value, 1.0) if counts else Counted(0.0, 0.0)


def all_met(needed: tuple[bool, bool, bool, bool], met: tuple[bool, bool, bool, bool]) -> bool:
    """Whether every need that there is is met."""
    unmet = 0
    for service in range(4):
        unmet += needed[service] and not met[service]
    return unmet == 0
