"""The road of villages with their hamlets as a picture, coloured by people reached or by the state of the site."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from coprod_sim.model.columns import Flags, Ints, Rows
from coprod_sim.model.places import STATUS
from coprod_sim.presentation.app.flow import state_word
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import Side
from coprod_sim.presentation.app.texts import say

REACHED, STATE = "reached", "state"
COLOURS_BY = (REACHED, STATE)
# From light to dark, so that the order is seen without colour; upper ends of classes in percent.
CLASSES = ((5, "#ffffff"), (15, "#cfe1f2"), (30, "#93c4df"), (50, "#4a97c9"), (101, "#08519c"))
STATE_COLOURS = ("#ffffff", "#f0e442", "#56b4e9", "#0072b2", "#d55e00")
STATE_SIGNS = ("–", "A", "B", "O", "S")
WHITE_ON = ("#4a97c9", "#08519c", "#0072b2", "#d55e00")
ACROSS, WIDTH, HEIGHT = 4, 100, 92  # villages beside each other; units of a village's part of the picture
RADIUS = 17
SPOTS = {1: ((0, 0),), 2: ((-20, 0), (20, 0)), 3: ((-20, -18), (20, -18), (0, 18)),
         4: ((-20, -18), (20, -18), (-20, 18), (20, 18))}  # fmt: skip


@dataclass(frozen=True)
class Hamlet:
    """A hamlet on the map.

    Attributes:
        village: row of its village; place: its number within the village.
        elders: of 60 or over; reached: of them, those who use a site or got help, company or a visit at home in the
            month.
        status: of its site, a code of `places.STATUS`.
    """

    village: int
    place: int
    elders: int
    reached: int
    status: int

    @property
    def share(self) -> float:
        """Reached of the elders, percent."""
        return 100 * self.reached / self.elders if self.elders else 0.0


def hamlets(session: Session, side: Side) -> list[Hamlet]:
    """Every hamlet of one run, in the order of the road."""
    with session.lock:
        state = session.state(side)
        elders, helped = state.elders, state.helped
        at_home = (helped.daily_help > 0) | (helped.company > 0) | (helped.visits > 0)
        number = len(state.sites.village)
        living = _by_hamlet(elders.hamlet, elders.present, number)
        reached = _by_hamlet(elders.hamlet, elders.present & (elders.enrolled | at_home), number)
        villages, statuses = state.sites.village.copy(), state.sites.status.copy()
    found, seen = [], dict[int, int]()
    for row in range(number):
        village = int(villages[row])
        place = seen[village] = seen.get(village, -1) + 1
        found.append(Hamlet(village, place, int(living[row]), int(reached[row]), int(statuses[row])))
    return found


def _by_hamlet(hamlet: Ints, counted: Flags, number: int) -> Rows:
    """(hamlets,) how many elders of each are counted."""
    return np.bincount(hamlet[counted], minlength=number)


def picture(found: list[Hamlet], names: list[str], colour_by: str, title: str, chosen: int = -1) -> str:
    """The map as SVG.

    Args:
        found: hamlets.
        names: of the villages.
        colour_by: REACHED or STATE.
        title: what the map shows, for those who do not see it.
        chosen: row of a village that is framed.
    """
    lines = -(-len(names) // ACROSS)
    size = f"0 0 {ACROSS * WIDTH} {lines * HEIGHT}"
    parts = [f'<svg viewBox="{size}" role="img" aria-label="{escape(title, quote=True)}" class="map">', _road(lines)]
    parts += [_village(village, name, village == chosen) for village, name in enumerate(names)]
    number = {village: sum(one.village == village for one in found) for village in range(len(names))}
    parts += [_hamlet(one, names[one.village], number[one.village], colour_by) for one in found]
    return "".join([*parts, "</svg>"])


def _centre(village: int) -> tuple[float, float]:
    """Where a village stands: the road runs to the right, and back in the next line."""
    line, place = divmod(village, ACROSS)
    across = place if line % 2 == 0 else ACROSS - 1 - place
    return (across + 0.5) * WIDTH, line * HEIGHT + 54


def _road(lines: int) -> str:
    points = []
    for line in range(lines):
        ends = [_centre(line * ACROSS), _centre(line * ACROSS + ACROSS - 1)]
        points += [f"{x:g},{y:g}" for x, y in ends]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="#c9c9c9" stroke-width="6"/>'


def _village(village: int, name: str, chosen: bool) -> str:
    x, y = _centre(village)
    short = name if len(name) <= 14 else f"{name[:13]}…"
    frame = (
        f'<rect x="{x - 48}" y="{y - 52}" width="96" height="90" rx="8" fill="none" stroke="#222" stroke-width="2"/>'
        if chosen else ""
    )  # fmt: skip
    # A white rim keeps the name readable where a road runs behind it.
    return (
        f'{frame}<text x="{x}" y="{y - 39}" text-anchor="middle" font-size="12" fill="#222" stroke="#fff" '
        f'stroke-width="3" paint-order="stroke">{escape(short)}</text>'
    )


def _hamlet(one: Hamlet, village: str, number: int, colour_by: str) -> str:
    x, y = _centre(one.village)
    spots = SPOTS[min(number, len(SPOTS))]
    dx, dy = spots[min(one.place, len(spots) - 1)]
    if colour_by == STATE:
        colour, inside = STATE_COLOURS[one.status], STATE_SIGNS[one.status]
    else:
        colour, inside = colour_of_share(one.share), f"{one.share:.0f}"
    ink = "#ffffff" if colour in WHITE_ON else "#222222"
    tip = say("hamlet_tip", village=village, place=one.place + 1, elders=one.elders, reached=one.reached,
              state=state_word(one.status))  # fmt: skip
    return (
        f'<g><title>{escape(tip)}</title><circle cx="{x + dx:g}" cy="{y + dy:g}" r="{RADIUS}" fill="{colour}" '
        f'stroke="#555" stroke-width="1.2"/><text x="{x + dx:g}" y="{y + dy + 4.5:g}" text-anchor="middle" '
        f'font-size="13" fill="{ink}">{inside}</text></g>'
    )


def colour_of_share(share: float) -> str:
    """Colour of a percentage."""
    return next(colour for end, colour in CLASSES if share < end)


def legend(colour_by: str) -> list[tuple[str, str, str]]:
    """(colour, sign, words) of what the colours mean."""
    if colour_by == STATE:
        return [
            (colour, sign, state_word(status))
            for status, (colour, sign) in enumerate(zip(STATE_COLOURS, STATE_SIGNS, strict=True))
        ]
    starts = (0, *(end for end, _ in CLASSES[:-1]))
    last = len(CLASSES) - 1
    return [
        (colour, "", say("from_on", start=start) if i == last else say("from_to", start=start, end=end))
        for i, (start, (end, colour)) in enumerate(zip(starts, CLASSES, strict=True))
    ]


def summary(found: list[Hamlet]) -> str:
    """The map in a sentence: how many elders are reached, and how many sites are open."""
    elders, reached = sum(one.elders for one in found), sum(one.reached for one in found)
    sites = sum(STATUS[one.status] == "open" for one in found)
    share = 100 * reached / elders if elders else 0.0
    return say("map_summary", reached=f"{reached:,}", elders=f"{elders:,}", share=f"{share:.0f}", open=sites)
