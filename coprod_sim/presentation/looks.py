"""How policies are told apart in figures: a colour, a marker and a line each, the same everywhere for the same place.

The first four places are those of the four recommendations, the fifth of all four together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How a policy is drawn."""

    color: str
    marker: str
    line: str | tuple[float, tuple[float, ...]]

    @property
    def dashes(self) -> str:
        """The line as an SVG `stroke-dasharray`."""
        return "none" if isinstance(self.line, str) else " ".join(f"{2 * part:g}" for part in self.line[1])


# The first four after Okabe and Ito (2008); colour-blind readers tell the first five and the comparator apart, too.
LOOKS = (
    Look("#0072b2", "o", "solid"), Look("#d55e00", "s", (0, (5, 1.5))), Look("#009e73", "^", (0, (1.2, 1.2))),
    Look("#cc79a7", "D", (0, (6, 1.5, 1.2, 1.5))), Look("#5c3a00", "v", (0, (3, 1))),
    Look("#56b4e9", "P", (0, (8, 2))), Look("#7a3e9d", "X", (0, (1, 2.5))),
    Look("#000000", "*", (0, (4, 1, 1, 1, 1, 1))),
)  # fmt: skip
COMPARATOR = Look("#5f6368", "o", "solid")
SERIES = tuple(look.color for look in LOOKS[:5])
MARKERS = tuple(look.marker for look in LOOKS[:5])
