"""An elder's state: one row for everyone aged 60 or over, and for those who will be within the run (ODD 2.2)."""

from __future__ import annotations

from coprod_sim.model.columns import Codes, Flags, Floats, Ints, Smalls, Table, codes, flags, floats, indices, months

SERVICES = ("meals", "company", "daily_help", "health")
MEALS, COMPANY, DAILY_HELP, HEALTH = range(4)
GRADES = ("independent", "mild", "moderate", "severe")
INDEPENDENT, MILD, MODERATE, SEVERE = range(4)
NEAREST_CHILD = ("same home", "village", "county", "away", "none")
CHILD_HOME, CHILD_VILLAGE, CHILD_COUNTY, CHILD_AWAY, CHILD_NONE = range(5)
FOR_LIFE = 6  # acquaintances from the start (ODD 5)
PLACES = 8  # those, and two for whom one meets in talk (ODD 5)
SIXTY = 720  # months of age (ODD 2.1)
LONG_AGO = -1_200  # month in which who never took part is taken to have


class Elders(Table):
    """State of the elders, rows sorted by village and hamlet; numbers of rows and their random numbers never shift."""

    village: Ints = indices("village lived in")
    hamlet: Ints = indices("hamlet lived in; also the row of its site")
    birth_month: Smalls = months("month of birth, counted from the start of the run (negative)")
    female: Flags = flags("woman")
    alive: Flags = flags("not dead; those still to reach 60 count as alive")
    present: Flags = flags("alive and 60 or over")
    adl: Codes = codes("0 independent, 1 mild, 2 moderate, 3 severe", "grade of ADL loss")
    partner: Ints = indices("row of the spouse, -1 without")
    child: Codes = codes("0 same home, 1 village, 2 county, 3 away, 4 none", "where the nearest child lives")
    with_others: Flags = flags("others than a child live in the home, if no child does")
    income: Floats = floats("yuan/month", "pension, land or wages, children's transfers")
    filial: Floats = floats("0-1", "filial-face norm: shame at being cared for by others than one's children")
    taste: Floats = floats("sd", "lasting taste for helping")
    conditional: Flags = flags("conditional cooperator")
    motivation: Floats = floats("0-1", "own motivation to help")
    motivation_rests: Floats = floats("0-1", "motivation without experience")
    trust: Floats = floats("0-1", "trust in the village committee")
    trust_rests: Floats = floats("0-1", "trust without experience")
    recognition: Floats = floats("0-1", "recognition of the plan")
    satisfaction: Floats = floats("0-1", "meals got over meals wanted last month, of users")
    belief: Floats = floats("0-1", "belief that credits will be honoured")
    cover: Floats = floats("share of need", "what self and family cover without the scheme", SERVICES)
    aware: Flags = flags("has heard of mutual aid")
    waiting: Flags = flags("signed up and on the waiting list")
    enrolled: Flags = flags("user of a site")
    helper: Flags = flags("has the standing of a helper")
    member: Flags = flags("member of the elders' association")
    asked: Flags = flags("was asked to help this month")
    attended: Flags = flags("attended the last meeting about the plan")
    offered: Floats = floats("hours/month", "hours of help offered this month")
    worked: Floats = floats("hours/month", "hours of help worked last month")
    credits: Floats = floats("hours", "time credits")
    took_part: Smalls = months("last month as a user of a site or a helper; long ago if never")
    acquaintances: Ints = indices("whom an elder knows, -1 for an empty place", tuple(str(i) for i in range(PLACES)))


class Helped(Table):
    """What a month brings each elder from neighbours, and what is still claimable; written anew each month."""

    help_left: Floats = floats("hours", "daily help that can still be given")
    company_left: Floats = floats("hours", "company that can still be given")
    daily_help: Floats = floats("hours", "daily help received at home")
    company: Floats = floats("hours", "company received at home")
    by_neighbours: Floats = floats("hours", "hours for which neighbours were there, ways left out")
    by_list: Floats = floats("hours", "hours for which helpers from the list's pool were there, ways left out")
    visits: Floats = floats("visits", "skilled visits received")
    own_company: Floats = floats("hours", "company that helping brought the helper")
    for_site: Floats = floats("hours", "hours worked for the site: duties, cooking, meals")
    for_list: Floats = floats("hours", "hours kept for names on the list")
    claims: Flags = flags("claims credits")
    asked_for: Floats = floats("hours", "daily help claimed with credits")
    honoured: Floats = floats("hours", "daily help received while claiming")
