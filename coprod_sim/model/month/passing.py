"""What happens in a month and leaves no trace in the tables, for indicators."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Passing:
    """Counts of one month.

    Attributes:
        stopped_by_choice: helpers who stopped as they chose to.
        stopped_in_life: helpers who died or became homebound in the life course, which ends the month.
        accidents: accidents at sites.
        accidents_of_elders: of these, such as the injured elder bore a part of the cost of.
    """

    stopped_by_choice: int = 0
    stopped_in_life: int = 0
    accidents: int = 0
    accidents_of_elders: int = 0
