"""Units of time and way, ends of scales and positions of words that rules share (ODD 10.3)."""

from __future__ import annotations

from coprod_sim.scenario.levers import LIABILITY

MONTHS = 12.0  # a year
WEEKS = 52.0 / 12.0  # a month
DAYS = 365.0 / 12.0  # a month
MOST_MEALS = 3.0  # a day
WALKING = 4.0  # km an hour
HELP_OF_A_DAY = 4.0  # hours that count as one person-day
MIDDLE = 0.5  # of a scale from 0 to 1: what motivation, trust, recognition and satisfaction are measured from
ABLE = 1  # the highest grade of ADL loss at which an elder is able
LIABLE_ELDER, LIABLE_VILLAGE, LIABLE_COUNTY = (LIABILITY.index(word) for word in ("elder", "village", "government"))
