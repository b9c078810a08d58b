"""Units of time and way, ends of scales and positions of words that rules share (ODD 10.3)."""

from __future__ import annotations

from coprod_sim.scenario.levers import LIABILITY

MONTHS = 12.0  # a year (ODD 7.1)
WHOLE_YEAR = 12  # months, as a whole number: age is in completed years (ODD 7.1)
WEEKS = 52.0 / 12.0  # a month (ODD, symbols)
DAYS = 365.0 / 12.0  # a month (ODD, symbols)
MOST_MEALS = 3.0  # a day (ODD 7.1)
WALKING = 4.0  # km an hour (ODD 10.3)
THERE_AND_BACK = 2.0  # times a way that one goes and comes (ODD 7.2.2, 7.4.1, 7.4.2)
HELP_OF_A_DAY = 4.0  # hours that count as one person-day (ODD 10.3)
AGEING_FROM, DECADE = 70.0, 10.0  # years of age that ageing is counted from, and in (ODD 7.1, 7.4.2)
MIDDLE = 0.5  # of a scale from 0 to 1: what motivation, trust, recognition and satisfaction are measured from (ODD 5)
ABLE = 1  # the highest grade of ADL loss at which an elder is able (ODD 2.2)
LIABLE_ELDER, LIABLE_VILLAGE, LIABLE_COUNTY = (LIABILITY.index(word) for word in ("elder", "village", "government"))
