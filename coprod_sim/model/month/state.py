"""The state of a run, and what is fixed of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.county.books import Hours, Meals, Money
from coprod_sim.model.county.credits import CreditBook
from coprod_sim.model.county.drafting import LegalRules
from coprod_sim.model.county.payment import Got, Scratch
from coprod_sim.model.county.payment_order import Shares
from coprod_sim.model.design.bargain import Room
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.land import Reach
from coprod_sim.model.month.passing import Passing
from coprod_sim.model.people.acquaintances import Known
from coprod_sim.model.people.asking import Helpers
from coprod_sim.model.people.beginning import People
from coprod_sim.model.people.counting import Counted
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import OPEN, County, Organizations, Sites, Townships, Villages
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import value_at

WAYS_BETWEEN_VILLAGES = 3.0  # times the way between hamlets (ODD 2.4)


def at_month(scenario: Scenario, month: int) -> Scenario:
    """The scenario with the values that hold in a month."""
    groups: dict[str, Any] = {}
    for name, group in scenario.groups().items():
        held = {key: value_at(getattr(group, key), month) for key in type(group).model_fields}
        groups[name] = type(group).model_construct(**held)
    return Scenario.model_construct(**groups)


@dataclass
class State:
    """State of one run.

    Attributes:
        scenario: what is run; params, values: as they hold this month, the latter for compiled code.
        chance, people: random numbers; the elders and what is fixed of them.
        sites, villages, townships, organizations, county: tables.
        money, meals, hours, credits: this month's books.
        passing: counts of this month.
        first_site, hamlets: (villages,) row of a village's first hamlet, and how many it has.
        starts: (villages,) row of a village's first elder.
        out, gains, counted, helpers: what this month's passes write.
        site_company, site_share: (rows,) company of users, and the share of it that is got.
        got, scratch, shares, legal_rules: of payments, and legal rules so far.
        rules: the package's, or some of one's own.
        room: for bargains.
        news: (3, villages) months of running money paid on the day, paid late, lapsed, this month.
        audits, users_open: (hamlets,) audited this month; and room.
        need_open: (villages,) share of users' skilled need that was open last month.
        aims: squared distances of plan and aims, (villages, 3).
        month: this month.
        covered_by: parameters and rules by which everybody's cover was last written.
        changes: months in which a schedule of the scenario changes.
    """

    scenario: Scenario
    chance: Chance
    people: People
    sites: Sites
    villages: Villages
    townships: Townships
    organizations: Organizations
    county: County
    money: Money
    meals: Meals
    first_site: Ints
    hamlets: Ints
    starts: Ints
    out: TableMonth
    gains: Gains
    counted: Counted
    helpers: Helpers
    site_company: Floats
    site_share: Floats
    got: Got
    scratch: Scratch
    room: Room
    news: Floats
    audits: Floats
    need_open: Floats
    aims: Floats
    shares: Shares = field(default_factory=lambda: Shares(1.0, 1.0))
    legal_rules: LegalRules = field(default_factory=lambda: LegalRules(False, False, False, False))
    rules: Rules = field(default_factory=Rules)
    accidents_of_county: float = 0.0
    hours: Hours = field(default_factory=Hours)
    passing: Passing = field(default_factory=Passing)
    credits: CreditBook = field(init=False)
    month: int = 0
    covered_by: tuple[Any, Rules] | None = None
    params: Scenario = field(init=False)
    values: Any = field(init=False)
    reach: Reach = field(init=False)
    known: Known = field(init=False)
    changes: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Open the book of credits, and read what holds at first."""
        self.credits = CreditBook(self.elders.credits)
        self.put_under(self.scenario)

    def put_under(self, scenario: Scenario) -> None:
        """Let the values hold that a scenario has this month."""
        schedules = (value for group in scenario.groups().values() for _, value in group)
        self.changes = frozenset(month for value in schedules if isinstance(value, dict) for month in value)
        self.scenario, self.params = scenario, at_month(scenario, self.month)
        self.values = values_of(self.params)

    @property
    def elders(self) -> Elders:
        """The elders."""
        return self.people.elders

    @property
    def helped(self) -> Helped:
        """What a month brings elders from neighbours."""
        return self.people.helped

    @property
    def site(self) -> Ints:
        """(hamlets,) the site that serves each, -1 without."""
        return self.reach.site

    @property
    def village_served(self) -> Flags:
        """(villages,) a site serves one of its hamlets."""
        served: Flags = np.maximum.reduceat(self.reach.served, self.first_site)
        return served

    @property
    def open_sites(self) -> Floats:
        """(villages,) open sites."""
        return self.by_village(self.sites.status == OPEN)

    @property
    def meals_offered(self) -> Floats:
        """(villages,) meals a day of the plan, of the county's guideline until the first site opens."""
        offered: Floats = np.where(
            self.villages.has_plan, self.villages.plan[:, 0] * 3.0, self.params.access.meals_a_day
        )
        return offered

    @property
    def fees(self) -> Floats:
        """(villages,) fee of the plan, of the guideline until the first site opens, yuan a meal."""
        asked: Floats = np.where(self.villages.has_plan, self.villages.plan[:, 1] * 10.0, self.params.access.fee)
        return asked

    def by_village(self, values: Floats | Flags) -> Floats:
        """Sums of hamlets' values by village."""
        total: Floats = np.add.reduceat(values, self.first_site, dtype=np.float64)
        return total

    def by_village_of_elders(self, values: Floats | Flags) -> Floats:
        """Sums of elders' values by village."""
        return self.people.land.by_village(values)

    def expectation(self, table: Sites | Villages | Organizations) -> Floats:
        """Mean of each row's belief."""
        mean: Floats = table.kept / (table.kept + table.broken)
        return mean

    def key(self, stream: Stream) -> np.uint64:
        """Key of this month's numbers of a stream."""
        return self.chance.key(stream, self.month)

    def start_month(self) -> None:
        """Close the books, read what holds this month, and see who serves whom and what acquaintances do."""
        self.money.start_month()
        self.meals.start_month()
        self.hours.start_month()
        self.credits.start_month()
        self.passing = Passing()
        if self.month == 0 or self.month in self.changes:
            self.put_under(self.scenario)
        way = self.params.geography.between_hamlets
        cluster = int(self.params.access.villages_per_site)
        self.reach = Reach(self.people.land, self.sites.open, way, WAYS_BETWEEN_VILLAGES * way, cluster)
        self._look_round()

    def _look_round(self) -> None:
        """Note what elders can see of acquaintances; whom they know changes in the first month of a year alone."""
        if self.month == 0:
            self.known = Known(*(getattr(self.elders, name).copy() for name in Known._fields))
        for name, seen in zip(Known._fields, self.known, strict=True):
            if name != "acquaintances" or self.month % 12 == 1:
                seen[...] = getattr(self.elders, name)
