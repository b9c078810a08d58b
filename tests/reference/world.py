"""The world of the textbook model: elders, sites, villages, organisations, townships, the county (ODD 2).

Names are those of docs/state.md where it has one. Every entity knows its row. A row of `sites` is a hamlet, with its
site if there is one.

Each entity has its state, and beside it what a month works out for other modules to read. Numbers are drawn by
`World.uniform` and `World.normal`, sums of the month are kept by `World.add` under the names of the model's books.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from coprod_sim.model.engine.random_numbers import normal, uniform
from coprod_sim.model.randomness import Chance
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import Timeline

WEEKS = 52 / 12
DAYS = 365 / 12
NOBODY = -1
NEVER = -1  # month of what has not been
LONG_AGO = -1_200  # month in which who never took part is taken to have
VILLAGES_A_TOWNSHIP = 13
WALKING = 4  # km an hour

# Services, in the order of an elder's cover
MEALS, COMPANY, DAILY_HELP, HEALTH = range(4)
# Items of a plan
PLAN_MEALS, PLAN_FEE, PLAN_HOMES, PLAN_NEEDY, PLAN_ELDERS = range(5)
# Duties of a site
KITCHEN, ACCOUNTS, KEYS, LIST, REPAIRS = range(5)
DUTY_SHARES = (0.3, 0.2, 0.3, 0.1, 0.1)
# Kinds of fault, and their states
MONEY, DAYS_FAULT, PEOPLE = range(3)
NO_FAULT, STANDS, FOLLOWED_UP = range(3)
# Runners of a site
COMMITTEE, ASSOCIATION = range(2)
# Where the nearest child lives
HOME, VILLAGE, COUNTY, AWAY, NONE = range(5)
# Who sits at a talk, in the order of 7.2.4
SEAT_COUNTY, SEAT_COMMITTEE, SEAT_ELDERS, SEAT_ASSOCIATION, SEAT_ORGANIZATION = range(5)


class Status(IntEnum):
    """State of a site."""

    NONE = 0
    APPLIED = 1
    BUILDING = 2
    OPEN = 3
    STOPPED = 4


def expit(x: float) -> float:
    """1/(1 + e^-x)."""
    if x < 0:
        grown = math.exp(max(x, -700.0))
        return grown / (1 + grown)
    return 1 / (1 + math.exp(-min(x, 700.0)))


def logit(p: float) -> float:
    """The inverse of expit."""
    return math.log(p / (1 - p))


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """x held between two bounds."""
    return min(max(x, low), high)


def distance(one: list[float], other: list[float]) -> float:
    """D of two plans: the root of the mean of the squared differences of their items (ODD 2.2)."""
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / len(one))


@dataclass
class Seen:
    """What an elder sees of its acquaintances as they were at the beginning of the month (ODD 4.5).

    Shares are over the acquaintances who count, 0 if none do.
    """

    count: int = 0
    users: float = 0.0
    helpers: float = 0.0
    members: float = 0.0
    attended: float = 0.0
    knows_helpers: bool = False
    worked: float = 0.0  # mean hours last month of those who help
    knows_users: bool = False
    satisfaction: float = 0.5  # mean of those who are users; one half without any


@dataclass
class Elder:
    """A person of 60 or over, or who will be within the run."""

    row: int
    village: int
    hamlet: int
    birth_month: int
    female: bool
    alive: bool = True
    present: bool = False
    adl: int = 0
    partner: int = NOBODY
    child: int = NONE
    with_others: bool = False
    income: float = 0.0
    filial: float = 0.5
    taste: float = 0.0
    conditional: bool = False
    motivation: float = 0.5
    motivation_rests: float = 0.5
    trust: float = 0.5
    trust_rests: float = 0.5
    recognition: float = 0.5
    satisfaction: float = 0.5
    belief: float = 0.5
    cover: list[float] = field(default_factory=lambda: [0.0] * 4)
    aware: bool = False
    waiting: bool = False
    enrolled: bool = False
    helper: bool = False
    member: bool = False
    asked: bool = False
    attended: bool = False
    offered: float = 0.0
    worked: float = 0.0
    credits: float = 0.0
    took_part: int = LONG_AGO
    acquaintances: list[int] = field(default_factory=lambda: [NOBODY] * 8)

    # Draws for life
    cover_common: float = 0.0
    cover_draws: list[float] = field(default_factory=lambda: [0.0] * 4)
    threshold: float = 0.0  # the own threshold of the rival form of helping
    order_lot: float = 0.0  # needy first if below the plan's item
    queue_lot: float = 0.0  # place in waiting lists
    waiver_lot: float = 0.0
    taken_lot: float = 0.0

    # Need of the month (ODD 7.1)
    need: list[float] = field(default_factory=lambda: [0.0] * 4)
    open_need: list[float] = field(default_factory=lambda: [0.0] * 4)
    company_open: float = 0.0  # open company that the table left
    company_covered: float = 0.0  # own company, N F, that was not yet withdrawn for the table's
    seen: Seen = field(default_factory=Seen)
    ideal: list[float] | None = None  # of the last January; None for whoever came since

    # What the month brought
    meals_got: float = 0.0
    table_company: float = 0.0
    table_gain: float = 0.0
    table_withdrawn: float = 0.0
    help_left: float = 0.0
    company_left: float = 0.0
    daily_help: float = 0.0
    company: float = 0.0
    by_neighbours: float = 0.0
    by_list: float = 0.0
    visits: float = 0.0
    own_company: float = 0.0
    for_site: float = 0.0
    for_list: float = 0.0
    claims: bool = False
    asked_for: float = 0.0
    honoured: float = 0.0
    list_worked: float = 0.0  # of the hours kept for names on the list, worked
    visits_left: float = 0.0  # claimable visits

    @property
    def able(self) -> bool:
        """Grade 0 or 1."""
        return self.adl <= 1

    @property
    def homebound(self) -> bool:
        """Grade 2 or 3."""
        return self.adl >= 2

    @property
    def left_behind(self) -> bool:
        """Without a child in the home (ODD 5)."""
        return self.child != HOME

    def months_over_60(self, month: int) -> int:
        """Months of age over 60."""
        return month - self.birth_month - 720

    def age(self, month: int) -> int:
        """Age in completed years."""
        return (month - self.birth_month) // 12

    def enroll(self) -> None:
        """Take a place of a site; a new user's satisfaction is one half (ODD 7.4.4)."""
        self.enrolled, self.waiting, self.satisfaction = True, False, 0.5

    def wait(self) -> None:
        """Lose the place, or sign up: be on the waiting list."""
        self.enrolled, self.waiting = False, True

    def leave(self) -> None:
        """Neither use nor wait."""
        self.enrolled = self.waiting = False


@dataclass
class Site:
    """A hamlet, and its site if there is one."""

    row: int
    village: int
    status: Status = Status.NONE
    runner: int = COMMITTEE
    applied: int = 0  # month; then of the decision: place in the order in which grants are paid
    granted: bool = False
    ready: int = -1
    opened: int = -1
    users: float = 0.0
    waiting: float = 0.0
    eaten: float = 0.0
    coming: float = 0.0
    carried: float = 0.0
    comers: float = 0.0
    days_come: float = 0.0
    wish: float = 0.0
    helpers: float = 0.0
    help_offered: float = 0.0
    members_offered: float = 0.0
    help_for_site: float = 0.0  # duties, cooking and hands
    stock: float = 0.0
    own: float = 0.0
    public: float = 0.0
    due: float = 0.0
    claimed: float = 0.0
    unclaimed: float = 0.0
    arrears: float = 0.0
    donations: float = 0.0
    village_gave: float = 0.0
    in_order_until: int = NEVER
    condition: float = 0.0
    done: list[float] = field(default_factory=lambda: [0.0] * 5)
    acted: list[float] = field(default_factory=lambda: [0.0] * 5)
    twice: list[float] = field(default_factory=lambda: [0.0] * 5)
    duty_hours: list[float] = field(default_factory=lambda: [0.0] * 4)
    duties_left: float = 0.0
    hours_there: float = 0.0
    named: list[float] = field(default_factory=lambda: [float(NEVER)] * 5)
    fault: list[int] = field(default_factory=lambda: [NO_FAULT] * 3)
    days: float = 0.0
    meal_days: float = 0.0
    paid: float = 0.0
    satisfaction: float = 0.0
    kept: float = 0.0
    broken: float = 0.0
    shut: int = 0
    empty: int = 0
    phantom: bool = False
    audited: bool = False
    money_found: bool = False
    funded: bool = True
    factor: float = 1.0
    users_reported: float = 0.0
    days_reported: float = 0.0
    named_height: float = 0.0
    waived: float = 0.0
    scored: bool = False
    score_true: float = 0.0
    score: float = 0.0
    year: dict[str, float] = field(default_factory=dict)

    # The month's
    cook_wanted: float = 0.0
    hands_wanted: float = 0.0
    duty_given: float = 0.0
    cook_hours: float = 0.0
    hand_hours: float = 0.0
    on_list: float = 0.0  # hours that its hamlets' helpers worked for names on the list
    offered: float = 0.0  # hours that they offered

    # The table of the month (7.4.4)
    meals_wanted: float = 0.0  # Z x DAYS
    food_planned: float = 0.0  # meals

    @property
    def is_open(self) -> bool:
        """Open, with or without meals."""
        return self.status == Status.OPEN

    @property
    def expectation(self) -> float:
        """Elders' expectation in this hamlet (ODD 7.3.5)."""
        return self.kept / (self.kept + self.broken)


@dataclass
class Village:
    """A village: its committee, its association, its plan."""

    row: int
    poor: bool = False
    yearly_money: float = 0.0
    cash: float = 0.0
    motivation: float = 0.5
    motivation_rests: float = 0.5
    greed: float = 0.0
    vanity: float = 0.0
    duty_cost: float = 0.5
    kept: float = 0.0
    broken: float = 0.0
    recognition: float = 0.5
    county_recognition: float = 0.5
    organization_recognition: float = 0.5
    seated: list[bool] = field(default_factory=lambda: [False] * 5)
    sanctioned: float = 0.0
    seen_meals: float = 0.0
    seen_homes: float = 0.0
    homes_found: float = 0.0
    known: float = 0.0
    voice: list[float] = field(default_factory=lambda: [0.0] * 5)
    cost_known: float = 0.0
    plan: list[float] = field(default_factory=lambda: [0.0] * 5)
    plan_kept: list[float] = field(default_factory=lambda: [0.0] * 5)
    has_plan: bool = False
    given: float = 0.0
    paper: float = 0.0
    paper_done: float = 1.0
    load: float = 0.0
    findings: float = 0.0
    asking: float = 0.0
    pay_was_offered: bool = False
    association: bool = False
    members: float = 0.0
    dues_cash: float = 0.0
    contract: int = NOBODY
    helpers: float = 0.0
    helping_members: float = 0.0  # members of the association who help
    members_content: float = 0.0  # mean satisfaction above one half of members who are users
    list_worked: float = 0.0
    names_in_need: bool = False

    # The month's, and what the parties work out for each other
    break_even: float = 0.0  # break-even fee, yuan a meal (7.2.1)
    guideline_homes: float = 0.0  # *homes* of the county's guideline here, without what a fault has shown
    users_open_share: float = 0.5  # of users' daily help and health, in hours of last month (7.3.8)
    paid_on_the_day: float = 0.0  # running money of the month, in months of due money (7.3.5)
    paid_late: float = 0.0
    lapsed: float = 0.0

    @property
    def expectation(self) -> float:
        """The committee's expectation (ODD 7.3.5)."""
        return self.kept / (self.kept + self.broken)

    @property
    def township(self) -> int:
        """Row of its township."""
        return self.row // VILLAGES_A_TOWNSHIP


@dataclass
class Organisation:
    """A social organisation."""

    row: int
    motivation: float = 0.5
    kept: float = 0.0
    broken: float = 0.0
    owed: float = 0.0
    recognition: float = 0.5
    due: float = 0.0  # of contracts this month, what was owed before included
    received: float = 0.0

    @property
    def expectation(self) -> float:
        """Its expectation (ODD 7.3.5)."""
        return self.kept / (self.kept + self.broken)


@dataclass
class Township:
    """A township: a run of 13 neighbouring villages."""

    row: int
    vanity: float = 0.0
    duty_cost: float = 0.5
    done: float = 0.0
    hours: list[float] = field(default_factory=lambda: [0.0] * 3)
    findings: float = 0.0
    deadline_height: float = 0.0


@dataclass
class County:
    """The county government."""

    motivation: float = 0.5
    recognition: float = 0.5
    cash: float = 0.0
    running: float = 0.0
    building: float = 0.0
    sanctions: float = 0.0
    paid: float = 0.0
    granted: float = 0.0
    share_of_office: float = 1.0  # paid of the last bill of the group (7.3.1)
    share_of_rest: float = 1.0
    rules: set[str] = field(default_factory=set)  # legal rules that have come into force
    accidents: float = 0.0  # accidents of last month that the county answers for


@dataclass(frozen=True)
class Prices:
    """Prices of the month: those of the group `economics`, times their factor (ODD 7.3.1)."""

    food: float
    cook_wage: float
    rural_wage: float
    skilled_wage: float
    coordinator_wage: float
    officer_wage: float
    upkeep: float
    donations: float
    dues: float
    building: float
    accident: float
    premium: float
    delivery: float

    @classmethod
    def of(cls, scenario: Scenario) -> Prices:
        """The prices of a scenario."""
        given = scenario.economics
        factors = {"food": given.food_factor}
        factors |= dict.fromkeys(
            ("cook_wage", "rural_wage", "skilled_wage", "coordinator_wage", "officer_wage"), given.wage_factor
        )
        names = cls.__dataclass_fields__
        return cls(**{name: getattr(given, name) * factors.get(name, given.other_factor) for name in names})


class World:
    """Everything there is: entities by row, parameters of the month, flows of the month.

    Attributes:
        scenario: parameters, with schedules.
        chance: the random numbers.
        month: of the run, from 0; before it -25 to -1.
        now: the scenario with the values of this month: `world.now.helping.taste`.
        prices: prices of this month, factors included.
        by_village, by_hamlet: elders, those under 60 and the dead among them, in row order.
        hamlets: rows of the sites of each village.
        audited: rows of the sites that are audited this month.
        serves: of each hamlet, the row of the site that serves it, -1 without.
        flows: the month's yuan, meals and hours by name.
        tables: life tables and the number `care` (see `life` and `need`), which depend on parameters alone.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """An empty world."""
        self.scenario = scenario
        self.timeline = Timeline(scenario)
        self.chance = Chance(seed)
        self.month = 0
        self.now = self.timeline.at(0)
        self.prices = Prices.of(self.now)
        self.elders: list[Elder] = []
        self.sites: list[Site] = []
        self.villages: list[Village] = []
        self.organisations: list[Organisation] = []
        self.townships: list[Township] = []
        self.county = County()
        self.by_village: list[list[Elder]] = []
        self.by_hamlet: list[list[Elder]] = []
        self.hamlets: list[list[int]] = []
        self.serves: list[int] = []
        self.audited: set[int] = set()
        self.flows: dict[str, float] = {}
        self.tables: dict[str, object] = {}

    # -- random numbers (ODD 4.8) ---------------------------------------------------------------------------------
    def uniform(self, stream: IntEnum, row: int) -> float:
        """The uniform number of a row in this month."""
        return float(uniform(self.chance.key(stream, self.month), row))

    def normal(self, stream: IntEnum, row: int) -> float:
        """The standard normal number of a row in this month."""
        return float(normal(self.chance.key(stream, self.month), row))

    def uniform_for_life(self, stream: IntEnum, row: int) -> float:
        """The uniform number of a row for life."""
        return float(uniform(self.chance.key(stream, 0), row))

    def normal_for_life(self, stream: IntEnum, row: int) -> float:
        """The standard normal number of a row for life."""
        return float(normal(self.chance.key(stream, 0), row))

    # -- the month ------------------------------------------------------------------------------------------------
    def begin_month(self, month: int) -> None:
        """Read the levers of the month, empty its flows (ODD 3, start)."""
        self.month = month
        self.now = self.timeline.at(max(month, 0))
        self.prices = Prices.of(self.now)
        self.flows = {}

    def add(self, name: str, amount: float) -> None:
        """Add to a flow of the month."""
        self.flows[name] = self.flows.get(name, 0.0) + amount

    # -- who is where ---------------------------------------------------------------------------------------------
    def index(self) -> None:
        """Make the lists by village and hamlet from the rows."""
        self.by_village = [[] for _ in self.villages]
        self.by_hamlet = [[] for _ in self.sites]
        self.hamlets = [[] for _ in self.villages]
        for site in self.sites:
            self.hamlets[site.village].append(site.row)
        for elder in self.elders:
            self.by_village[elder.village].append(elder)
            self.by_hamlet[elder.hamlet].append(elder)

    @property
    def date(self) -> int:
        """The month by which ages go: before month 0 they are those of month 0 (ODD 2.4)."""
        return max(self.month, 0)

    @property
    def present(self) -> Iterator[Elder]:
        """Elders who are alive and 60 or over, in row order."""
        return (elder for elder in self.elders if elder.present)

    def sites_of(self, village: int) -> list[Site]:
        """The hamlets of a village with their sites."""
        return [self.sites[row] for row in self.hamlets[village]]

    def open_sites_of(self, village: int) -> list[Site]:
        """The open sites of a village."""
        return [site for site in self.sites_of(village) if site.is_open]

    def cluster(self, village: int) -> list[int]:
        """The villages that share sites with one, itself among them (ODD 2.4)."""
        size = int(self.now.access.villages_per_site)
        first = village // size * size
        return list(range(first, min(first + size, len(self.villages))))

    def way(self, hamlet: int, site: int) -> float:
        """Kilometres from a hamlet to a site (ODD 2.4)."""
        if hamlet == site:
            return 0.0
        step = self.now.geography.between_hamlets
        apart = abs(self.sites[hamlet].village - self.sites[site].village)
        return step if apart == 0 else 3 * step * apart

    def find_who_serves(self) -> None:
        """Find which site serves each hamlet; where it is another than before, its users wait there (ODD 2.4)."""
        before = self.serves or [NOBODY] * len(self.sites)
        self.serves = [self.server(hamlet) for hamlet in range(len(self.sites))]
        for hamlet, (was, now) in enumerate(zip(before, self.serves, strict=True)):
            if was != now:
                for elder in self.by_hamlet[hamlet]:
                    if elder.enrolled:
                        elder.wait()

    def server(self, hamlet: int) -> int:
        """The row of the open site nearest to a hamlet, in its village or cluster; -1 without (ODD 2.4)."""
        if self.sites[hamlet].is_open:
            return hamlet
        village = self.sites[hamlet].village
        near = [site.row for other in self.cluster(village) for site in self.open_sites_of(other)]
        return min(near, key=lambda site: (self.way(hamlet, site), site), default=NOBODY)

    def site_of(self, elder: Elder) -> Site | None:
        """The open site that serves an elder."""
        row = self.serves[elder.hamlet]
        return None if row == NOBODY else self.sites[row]

    def served_by(self, site: Site) -> list[Elder]:
        """Elders of the hamlets that a site serves, in row order, those under 60 and the dead among them."""
        return [elder for hamlet, row in enumerate(self.serves) if row == site.row for elder in self.by_hamlet[hamlet]]

    def users_of(self, site: Site) -> list[Elder]:
        """Users of a site, in row order."""
        return [elder for elder in self.served_by(site) if elder.enrolled]

    def waiting_for(self, site: Site) -> list[Elder]:
        """Who waits at a site, in row order."""
        return [elder for elder in self.served_by(site) if elder.waiting]

    def km(self, elder: Elder) -> float:
        """The way of an elder to the site; without one as between hamlets (ODD 2.4)."""
        row = self.serves[elder.hamlet]
        return self.now.geography.between_hamlets if row == NOBODY else self.way(elder.hamlet, row)

    def fed_at_home(self, elder: Elder) -> bool:
        """Homebound where meals come home (ODD 7.4.1)."""
        return elder.homebound and self.now.access.home_delivery

    def known_to(self, elder: Elder) -> list[Elder]:
        """The acquaintances who count: alive and 60 or over (ODD 4.6), as often as they are named."""
        known = (self.elders[row] for row in elder.acquaintances if row != NOBODY)
        return [other for other in known if other.present]
