"""The state of a run: all tables, books and random numbers, and the values that parameters have this month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coprod_sim.model.accounts import Hours, Money
from coprod_sim.model.agents.association import Associations
from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.needs import Needs, assess
from coprod_sim.model.agents.elder.table import MODERATE, Elders
from coprod_sim.model.agents.government import CountyFiles, CountyOffice
from coprod_sim.model.agents.social_organization import Contracts, Organizations
from coprod_sim.model.agents.village_committee import Committees
from coprod_sim.model.bills import Item, Yuan
from coprod_sim.model.columns import Flags, Floats, Ints, Rows, Values
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.places import Land, Reach, Sites
from coprod_sim.model.randomness import Chance
from coprod_sim.scenario.schema import Scenario

# What is counted in passing each month: name → unit.
COUNTED = {
    "accidents": "accidents", "accidents_unanswered": "accidents", "associations_dissolved": "associations",
    "audits": "sites", "awards": "helpers", "complaints": "complaints", "credits_expired": "hours",
    "credits_issued": "hours", "credits_redeemed": "hours", "hours_paid_by_rules": "hours", "lapsed": "yuan",
    "left": "elders", "meals": "meals", "paid_by_rules": "yuan", "plans_refused": "villages", "signed_up": "elders",
    "started": "elders", "stopped": "elders", "stopped_sites": "sites", "visits": "visits",
}  # fmt: skip


@dataclass
class Month:
    """What a month leaves behind for its results; never read by an agent.

    Attributes:
        served: (4, rows) share of each open need that the scheme served.
        care_by_family, care_by_scheme: (rows,) hours of daily help.
        covered: (4, rows) share of each need that family and scheme cover.
        counted: numbers counted in passing, by the names of `COUNTED`.
        billed: yuan that the county was billed for, by item (see `bills`), whether it could pay or not.
    """

    served: Floats
    care_by_family: Floats
    care_by_scheme: Floats
    covered: Floats
    counted: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0.0))
    billed: dict[str, float] = field(default_factory=dict)

    def count(self, name: str, number: float) -> None:
        """Add to a count of this month; KeyError if it is not one of `COUNTED`."""
        self.counted[name] += number


@dataclass
class State:
    """State of one run. Stages change it; agents' rules see only the arguments they are given.

    Attributes:
        scenario: what is run.
        params: the scenario with the values that hold this month.
        values: the same for compiled code (see `engine.values`).
        chance, rules: random numbers; the package's rules, or one's own.
        rates, land: life tables; geography.
        elders, committees, associations, organizations, contracts, office, files, sites: tables, one row an agent.
        queue, waiver_uniforms, visit_uniforms: (rows,) order of elders who wait, ask for a waiver, are visited.
        money, hours: this month's books.
        month: this month.
        built: yuan that the buildings so far cost.
        attendance: share of those who could attend the last meeting that did.
        scores: mean true and reported score of the last year.
        drafted: legal rules that have been drafted.
        bills_due: kind of bill → yuan that the county owes.
        paid: kind of claim → share that the county paid when it last paid.
        past: what the month leaves behind for its results.
        needs, acquaintances, reach: what is seen this month; which site serves which hamlet.
        site_of_row, served_row, distance_row: (rows,) the site of an elder, -1 without; there is one; km to it.
    """

    scenario: Scenario
    params: Scenario
    chance: Chance
    rules: Rules
    rates: Rates
    land: Land
    elders: Elders
    committees: Committees
    associations: Associations
    organizations: Organizations
    contracts: Contracts
    office: CountyOffice
    files: CountyFiles
    sites: Sites
    queue: Floats
    waiver_uniforms: Floats
    visit_uniforms: Floats
    values: Scenario = field(init=False)
    money: Money = field(init=False)
    hours: Hours = field(init=False)
    month: int = 0
    built: float = 0.0
    attendance: float = 0.0
    scores: tuple[float, float] = (float("nan"), float("nan"))
    drafted: set[str] = field(default_factory=set)
    bills_due: dict[str, float] = field(default_factory=dict)
    paid: dict[str, float] = field(default_factory=dict)
    past: Month = field(init=False)
    needs: Needs = field(init=False)
    acquaintances: Acquaintances = field(init=False)
    reach: Reach = field(init=False)
    site_of_row: Ints = field(init=False)
    served_row: Flags = field(init=False)
    distance_row: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.money = Money(
            {
                "government": self.office.cash,
                "villages": self.committees.cash,
                "sites": self.sites.cash,
                "associations": self.associations.cash,
                "organizations": self.organizations.cash,
            }
        )
        self.hours = Hours()
        self.values = values_of(self.params)

    def start_month(self, month: int, params: Scenario) -> None:
        """Start the month: books, the values of parameters, needs and acquaintances as they stand now."""
        if params is not self.params:
            self.put_under(params)
        self.month = month
        self.money.start_month()
        self.hours.start_month()
        rows = self.elders.rows
        self.past = Month(np.zeros((4, rows)), np.zeros(rows), np.zeros(rows), np.zeros((4, rows)))
        self.refresh_perceptions()

    def put_under(self, params: Scenario) -> None:
        """Let other values of parameters hold, for compiled code as well."""
        self.params, self.values = params, values_of(params)

    def refresh_perceptions(self) -> None:
        """Needs, acquaintances and the site within reach, as they stand now."""
        self.needs = assess(self.elders, self.params, self.values.health, self.month, self.rules)
        self.acquaintances = Acquaintances(self.elders)
        self.find_sites()

    def find_sites(self) -> None:
        """Which site serves which hamlet, after openings and closures."""
        way = self.params.geography
        cluster = int(self.params.access.villages_per_site)
        self.reach = Reach(self.land, self.sites, way.between_hamlets, way.between_villages, cluster)
        rows_of_hamlet = self.land.rows_of_hamlet
        self.site_of_row = np.repeat(self.reach.site, rows_of_hamlet)
        self.served_row = np.repeat(self.reach.served, rows_of_hamlet)
        self.distance_row = np.repeat(self.reach.distance, rows_of_hamlet)

    def at_site(self, values: Floats, rows: Rows | None = None, otherwise: float = 0.0) -> Floats:
        """A site's value for each elder (of some rows, or all) whom it serves, `otherwise` where none does."""
        site = self.site_of_row if rows is None else self.site_of_row.take(rows)
        return np.append(values, otherwise).take(site)  # no site is row -1, the last

    def by_site(self, values: Floats | Flags) -> Floats:
        """Sum of elders' values by the site that serves their hamlet."""
        return self.reach.by_site(self.land.by_hamlet(values))

    def spread(self, values: Values, rows: Rows) -> Values:
        """Values of some elders among those of all, which are 0 for the others."""
        of_all = np.zeros(self.elders.rows, dtype=values.dtype)
        of_all[rows] = values
        return of_all

    def bill(self, item: Item, *quantities: Yuan) -> Any:
        """Yuan of an item for so much, which are noted as billed to the county."""
        yuan = item(self.params, *quantities)
        self.past.billed[item.name] = self.past.billed.get(item.name, 0.0) + float(np.sum(yuan))
        return yuan

    def charge(self, item: Item, *quantities: float) -> None:
        """Put a bill for audits, talks, booking or drafting on the county's desk; it is claimed next month."""
        self.bills_due[item.claim] = self.bills_due.get(item.claim, 0.0) + self.bill(item, *quantities)

    def share_paid(self, kind: str) -> float:
        """Share of this kind of claim that the county paid when it last paid: unpaid staff do not work."""
        return self.paid.get(kind, 1.0)

    @property
    def homebound(self) -> Flags:
        """Elders who cannot come to a site: moderate or severe ADL loss."""
        bound: Flags = self.elders.present & (self.elders.adl >= MODERATE)
        return bound
