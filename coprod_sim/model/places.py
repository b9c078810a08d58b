"""Sites, villages, townships, organisations and the county: their state (ODD 2.2), one row each."""

from __future__ import annotations

from coprod_sim.model.columns import Codes, Flags, Floats, Ints, Smalls, Table, codes, flags, floats, indices, months

NONE, APPLIED, BUILDING, OPEN, STOPPED = range(5)  # status of a site
STATUS = ("none", "applied", "building", "open", "stopped")
COMMITTEE_RUNS, ASSOCIATION_RUNS = range(2)
DUTIES = ("kitchen", "accounts", "keys", "list", "repairs")
FAULTS = ("money", "days", "people")
PARTIES = ("county", "committee", "elders", "association", "organization")
OFFICE = ("office", "officers", "duties")
ITEMS = ("meals", "fee", "homes", "needy_first", "by_elders")
VILLAGES_A_TOWNSHIP = 13  # (ODD 10.3)
MOST_VILLAGES_A_SITE = 5  # that one site may serve: bound of the lever `access.villages_per_site`
LEGAL = ("insurance", "liability", "enforcement", "guarantee")
CREDITS = ("issued", "spent", "expired", "lost")
YEAR = ("months", "days", "users", "satisfaction", "received", "diverted", "list_done", "on_list", "offered",
        "duties_of_helpers", "duties")  # fmt: skip


class Sites(Table):
    """One row a hamlet: its site, if there is one."""

    village: Ints = indices("village of the hamlet")
    status: Codes = codes("0 none, 1 applied, 2 building, 3 open, 4 stopped", "state of the site")
    runner: Codes = codes("0 committee, 1 association", "who runs it")
    applied: Smalls = months("month of the application, then of the decision: place in the order of grants")
    granted: Flags = flags("decided, and waits for its grant")
    ready: Smalls = months("month in which building ends")
    opened: Smalls = months("month of the first opening, -1 before")
    users: Floats = floats("elders", "enrolled at this site")
    waiting: Floats = floats("elders", "on its waiting list")
    eaten: Floats = floats("meals/day", "meals that users eat on days on which they come")
    coming: Floats = floats("meals/day", "meals eaten as users come")
    carried: Floats = floats("meals/day", "of those eaten, meals of users who are fed at home")
    comers: Floats = floats("elders", "users who are not fed at home")
    days_come: Floats = floats("elders", "sum over users of the share of days on which each comes")
    wish: Floats = floats("meals/day", "meals that users would eat where three are offered")
    helpers: Floats = floats("elders", "helpers of the hamlets served, last month")
    help_offered: Floats = floats("hours/month", "hours that they offered last month")
    members_offered: Floats = floats("hours/month", "of these, hours that members of the association offered")
    help_for_site: Floats = floats("hours/month", "hours that they worked for the site last month")
    stock: Floats = floats("meals", "food at the end of last month")
    own: Floats = floats("yuan", "cash from fees, donations, dues and the village")
    public: Floats = floats("yuan", "cash from the county")
    due: Floats = floats("yuan", "running money due this month")
    claimed: Floats = floats("yuan", "of it, claimed on the day")
    unclaimed: Floats = floats("yuan", "of it, claimed next month")
    arrears: Floats = floats("yuan", "running money of earlier months, claimed and owed")
    donations: Floats = floats("yuan/month", "what donors give")
    village_gave: Floats = floats("yuan", "village money of last month")
    in_order_until: Smalls = months("month until which an audit that found money in order counts")
    condition: Floats = floats("0-1", "state of the rooms")
    done: Floats = floats("share", "duties done", DUTIES)
    acted: Floats = floats("share", "duties that would be done with hours enough", DUTIES)
    twice: Floats = floats("times", "duties done beyond the first time", DUTIES)
    duty_hours: Floats = floats(
        "hours",
        "hours of duties: runner's, helpers', runner's on those that helpers could own, a coordinator's",
        ("runner", "helpers", "runner_ownable", "coordinator"),
    )
    duties_left: Floats = floats("hours", "of duties in which helpers act, what no helper gave this month")
    hours_there: Floats = floats("share", "part of the runner's hours wanted for accounts that was there")
    named: Floats = floats("month", "last month in which each duty found wanting has a named owner", DUTIES)
    fault: Floats = floats("0 none, 1 stands, 2 followed up", "faults", FAULTS)
    days: Floats = floats("share", "days open: the kitchen duty, less what a fault costs")
    meal_days: Floats = floats("share", "days on which meals could be had last month")
    paid: Floats = floats("share", "share of costs paid this month")
    satisfaction: Floats = floats("0-1", "meals cooked over meals wanted last month")
    kept: Floats = floats("weight", "elders' expectation: good events")
    broken: Floats = floats("weight", "elders' expectation: bad events")
    shut: Codes = codes("months", "months in a row with meals on few days")
    empty: Codes = codes("months", "months in a row with few users")
    phantom: Flags = flags("stopped, and reported open")
    audited: Flags = flags("audited this year")
    money_found: Flags = flags("money fault found this year")
    funded: Flags = flags("the county pays running money")
    factor: Floats = floats("multiple", "running money by last year's score")
    users_reported: Floats = floats("elders", "users last reported")
    days_reported: Floats = floats("share", "days last reported")
    named_height: Floats = floats("share", "largest share of named duties so far")
    waived: Floats = floats("yuan", "waived fees of last month")
    scored: Flags = flags("was scored at the end of the last year")
    score_true: Floats = floats("0-1", "score of the last year")
    score: Floats = floats("0-1", "official score of the last year")
    year: Floats = floats("sums", "sums over the year", YEAR)

    @property
    def open(self) -> Flags:
        """Sites that are open."""
        there: Flags = self.status == OPEN
        return there


class Villages(Table):
    """One row a village: its committee, its association, its plan."""

    poor: Flags = flags("collective income under 50,000 yuan a year")
    yearly_money: Floats = floats("yuan/year", "money that can go to care")
    cash: Floats = floats("yuan", "cash for care")
    motivation: Floats = floats("0-1", "the committee's")
    motivation_rests: Floats = floats("0-1", "without experience")
    greed: Floats = floats("share", "of public money diverted where nobody looks")
    vanity: Floats = floats("share", "of what is missing that reports add where nobody looks")
    duty_cost: Floats = floats("ratio", "cost of a duty over what its being undone costs")
    kept: Floats = floats("weight", "the committee's expectation: good events")
    broken: Floats = floats("weight", "bad events")
    recognition: Floats = floats("0-1", "the committee's recognition of the plan")
    county_recognition: Floats = floats("0-1", "the county's recognition of the plan")
    organization_recognition: Floats = floats("0-1", "an organisation's recognition of the plan")
    seated: Flags = flags("sits in this year's talk", PARTIES)
    sanctioned: Floats = floats("share", "diverted share of a sanction this month")
    seen_meals: Floats = floats("0-1", "meals that the committee has seen wished")
    seen_homes: Floats = floats("0-1", "homes that it has seen wished")
    homes_found: Floats = floats("0-1", "least homes that a mended fault of people has shown")
    known: Floats = floats("0-1", "what the county knows of the village")
    voice: Floats = floats("0-1", "the voice that it last heard", ITEMS)
    cost_known: Floats = floats("0-1", "how far elders know what a site costs")
    plan: Floats = floats("0-1", "the plan", ITEMS)
    plan_kept: Floats = floats("0-1", "last year's plan as it was kept", ITEMS)
    has_plan: Flags = flags("there is a plan of a site")
    given: Floats = floats("hours/month", "hours that the committee gives")
    paper: Floats = floats("hours/month", "paper wanted")
    paper_done: Floats = floats("share", "paper done last month")
    load: Floats = floats("ratio", "work over hours, last month")
    findings: Floats = floats("findings", "followed up last month")
    asking: Floats = floats("hours/month", "hours for asking")
    pay_was_offered: Flags = flags("pay was offered where a site served, ever")
    association: Flags = flags("there is an elders' association")
    members: Floats = floats("elders", "its members")
    dues_cash: Floats = floats("yuan", "its cash")
    contract: Ints = indices("organisation under contract, -1 without")
    helpers: Floats = floats("elders", "helpers last month")
    list_worked: Floats = floats("share", "of the hours kept for names on the list, worked last month")
    names_in_need: Flags = flags("a name on the list had a need this year")


class Organizations(Table):
    """Social organisations."""

    motivation: Floats = floats("0-1", "its motivation")
    kept: Floats = floats("weight", "expectation: good events")
    broken: Floats = floats("weight", "bad events")
    owed: Floats = floats("yuan", "contract money owed")
    recognition: Floats = floats("0-1", "recognition of the plans of its villages")


class Townships(Table):
    """Townships."""

    vanity: Floats = floats("share", "of what is missing that it adds to reports")
    duty_cost: Floats = floats("ratio", "cost of a duty over what its being undone costs")
    done: Floats = floats("share", "of the county's own duties")
    hours: Floats = floats("hours/month", "of the office, of officers, and of these what duties took", OFFICE)
    findings: Floats = floats("findings", "of last month")
    deadline_height: Floats = floats("share", "largest share of named duties so far")


class County(Table):
    """The county government: one row."""

    motivation: Floats = floats("0-1", "its motivation")
    recognition: Floats = floats("0-1", "recognition of the plans of villages with an open site")
    cash: Floats = floats("yuan", "its cash")
    running: Floats = floats("yuan", "sum appropriated for running this year")
    building: Floats = floats("yuan", "sum appropriated for buildings this year")
    sanctions: Floats = floats("yuan", "received this year")
    paid: Floats = floats("yuan", "paid this year")
    granted: Floats = floats("yuan", "grants paid this year")
    paid_office: Floats = floats("share", "paid of the office's last bill; 1 before any")
    paid_office_before: Floats = floats("share", "the same as the month began")
    paid_rest: Floats = floats("share", "paid of the last bill of all else")
    drafted: Flags = flags("legal rules that have been drafted", LEGAL)
    accidents: Floats = floats("accidents", "of last month, those that the county answers for")


class Passing(Table):
    """What happens in a month and leaves no other trace, for indicators: one row."""

    stopped_by_choice: Floats = floats("elders", "helpers who stopped as they chose to")
    stopped_in_life: Floats = floats("elders", "helpers who died or became homebound in the life course")
    accidents: Floats = floats("accidents", "at sites")
    accidents_of_elders: Floats = floats("accidents", "such as the injured elder bore a part of the cost of")
    credits: Floats = floats("hours", "time credits that were issued, were spent, expired, died", CREDITS)
