"""What is asked of each site in a month (ODD 7.4.5)."""

from __future__ import annotations

from dataclasses import dataclass

from coprod_sim.model.columns import Flags, Floats, Rows


@dataclass
class Demand:
    """Who is to be served, and what that asks of each site.

    Attributes:
        rows: those who are to be served.
        gaps: (4, rows to be served) their open needs.
        comes: (rows,) users who come to the site.
        visited: (rows,) elders who cannot come and are promised visits.
        fed_at_home: (rows,) users whose meals are carried.
        units: (4, sites) meals, hours of company and daily help, visits asked for.
        helper_hours: (4, sites) reference hours of elders for these.
        skilled_hours: (4, sites) reference skilled hours for these.
    """

    rows: Rows
    gaps: Floats
    comes: Flags
    visited: Flags
    fed_at_home: Flags
    units: Floats
    helper_hours: Floats
    skilled_hours: Floats
