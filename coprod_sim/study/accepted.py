"""The parameter sets that ship with the product: those that keep to the official's sheet."""

from __future__ import annotations

from coprod_sim.evidence import rows
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.study.design import Draw

NAME = "accepted"


def accepted_draws(number: int | None = None) -> dict[int, Draw]:
    """Parameter sets under which a county keeps to the official's sheet, by their number from 1.

    They are a sample, no posterior: each is as good as any other, and the first few are as good a sample as any few.
    How they were found says docs/calibration.md.

    They may lack what became uncertain since: its default holds, and the study says so (`fitting`).

    Args:
        number: how many; None for all.

    Raises:
        ScenarioError: fewer than one, or more than there are.

    Example:
        >>> list(accepted_draws(3))
        [1, 2, 3]
    """
    sets = rows("accepted_draws")
    most = len(sets)
    if number is None:
        number = most
    number = plain(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
        raise ScenarioError(f"draws.{NAME}: must be a whole number between 1 and {most}, got {number!r}")
    return {place: dict(row) for place, row in enumerate(sets[:number], start=1)}
