"""An elder's state: one row for everyone aged 60 or over, and for those who will be within the run."""

from __future__ import annotations

from coprod_sim.model.columns import (
    Codes,
    Flags,
    Floats,
    Ints,
    Smalls,
    Table,
    codes,
    flags,
    floats,
    indices,
    months,
)

SERVICES = ("meals", "company", "daily_help", "health")
MEALS, COMPANY, DAILY_HELP, HEALTH = range(4)
GRADES = ("independent", "mild", "moderate", "severe")
INDEPENDENT, MILD, MODERATE, SEVERE = range(4)
NEAREST_CHILD = ("same home", "village", "county", "away", "none")
CHILD_HOME, CHILD_VILLAGE, CHILD_COUNTY, CHILD_AWAY, CHILD_NONE = range(5)
COOPERATORS = ("conditional", "free rider", "hump", "unconditional")
CONDITIONAL, FREE_RIDER, HUMP, UNCONDITIONAL = range(4)
WEEKS = 52 / 12  # weeks in a month
LISTED = 8  # acquaintances listed
COUNTED = 6  # acquaintances counted: the first so many among the living


class Elders(Table):
    """State of the elders, rows sorted by village and hamlet; numbers of rows and their random numbers never shift."""

    village: Ints = indices("village lived in")
    hamlet: Ints = indices("hamlet lived in; also the row of its site")
    birth_month: Smalls = months("month of birth, counted from the start of the run (negative)")
    female: Flags = flags("woman")
    alive: Flags = flags("not dead; those still to reach 60 count as alive")
    present: Flags = flags("alive and 60 or over")
    adl: Codes = codes("0 independent, 1 mild, 2 moderate, 3 severe", "ADL grade")
    partner: Ints = indices("row of the spouse, -1 without")
    child: Codes = codes("0 same home, 1 village, 2 county, 3 away, 4 none", "where the nearest child lives")
    income: Floats = floats("yuan/month", "pension, land or wages, children's transfers")
    filial: Floats = floats("0-1", "filial-face norm: shame at being cared for by others than one's children")
    aware: Flags = flags("has heard of mutual aid")
    motivation: Floats = floats("0-1", "intrinsic motivation to help")
    taste: Floats = floats("sd", "lasting taste for helping")
    cooperator: Codes = codes("0 conditional, 1 free rider, 2 hump-shaped, 3 unconditional", "cooperator type")
    trust: Floats = floats("0-1", "trust in the village committee")
    disposition: Floats = floats("0-1", "trust that an elder returns to when nothing happens")
    recognition: Floats = floats("0-1", "closeness of the plan to the own ideal")
    enrolled: Flags = flags("enrolled at a site")
    waiting: Flags = flags("signed up and on the waiting list")
    helper: Flags = flags("has the standing of a helper")
    hours: Floats = floats("hours/month", "hours helped last month")
    fatigue: Floats = floats("0-1", "tiredness from helping")
    asked: Flags = flags("was asked to help this month")
    member: Flags = flags("member of the elders' association")
    attended: Flags = flags("attended the last meeting about the plan")
    credits: Floats = floats("hours", "time credits")
    belief: Floats = floats("0-1", "belief that credits will be honoured")
    satisfaction: Floats = floats("0-1", "share of needs met, as experienced last month by users")
    expectation: Floats = floats("0-1", "what is expected of the site")
    well_being: Floats = floats("points of 30", "30 less CES-D-10")
    set_point: Floats = floats("points of 30", "well-being without unmet need")
    met: Flags = flags("need adequately met last month", SERVICES)
    took_part: Smalls = months("last month in which the elder used or helped; far in the past if never")
    acquaintances: Ints = indices("acquaintances, nearest first", tuple(str(i) for i in range(LISTED)))

    def age(self, month: int) -> Floats:
        """Age in years at a month."""
        years: Floats = (month - self.birth_month) / 12.0
        return years

    def able(self) -> Flags:
        """Elders well enough to help: present, independent or with mild loss."""
        able: Flags = self.present & (self.adl <= MILD)
        return able
