"""The state of a run: all tables, books and random numbers, and the values that parameters have this month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coprod_sim.model.accounts import Hours, Money
from coprod_sim.model.agents.association import Associations
from coprod_sim.model.agents.elder.needs import Needs, assess
from coprod_sim.model.agents.elder.table import MODERATE, Elders
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.agents.government import CountyFiles, CountyOffice
from coprod_sim.model.agents.social_organization import Contracts, Organizations
from coprod_sim.model.agents.village_committee import Committees
from coprod_sim.model.bills import Item, Yuan
from coprod_sim.model.columns import Flags, Floats, Rows, Values
from coprod_sim.model.lifecourse import Rates
from coprod_sim.model.places import Land, Reach, Sites
from coprod_sim.model.randomness import Chance
from coprod_sim.scenario.schema import Scenario


@dataclass
class Month:
    """What a month leaves behind for its results; never read by an agent.

    Attributes:
        served: (4, rows) share of each open need that the scheme served.
        care_by_family, care_by_scheme: (rows,) hours of daily help.
        covered: (4, rows) share of each need that family and scheme cover.
        taken: numbers counted in passing (audits, accidents, meals, visits, asked to redeem, …).
        billed: yuan that the county was billed for, by item (see `bills`), whether it could pay or not.
    """

    served: Floats
    care_by_family: Floats
    care_by_scheme: Floats
    covered: Floats
    taken: dict[str, float] = field(default_factory=dict)
    billed: dict[str, float] = field(default_factory=dict)

    def count(self, name: str, number: float) -> None:
        """Add to a count of this month."""
        self.taken[name] = self.taken.get(name, 0.0) + number


@dataclass
class State:
    """State of one run. Stages change it; agents' rules see only the arguments they are given.

    `params` is the scenario with the values that hold this month.
    """

    scenario: Scenario
    params: Scenario
    chance: Chance
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
    task_hours: Floats = field(init=False)
    visits_promised: Floats = field(init=False)
    visits_kept: Floats = field(init=False)
    trust_shock: Floats = field(init=False)
    promises_broken: Floats = field(init=False)

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
        self.task_hours = np.zeros(self.land.hamlets)
        self.visits_promised = self.visits_kept = self.trust_shock = self.promises_broken = np.zeros(self.land.villages)

    def start_month(self, month: int, params: Scenario) -> None:
        """Start the month: books, the values of parameters, needs and ties as they stand now."""
        self.month, self.params = month, params
        self.money.start_month()
        self.hours.start_month()
        rows = self.elders.rows
        self.past = Month(np.zeros((4, rows)), np.zeros(rows), np.zeros(rows), np.zeros((4, rows)))
        self.refresh_perceptions()

    def refresh_perceptions(self) -> None:
        """Needs, acquaintances and the site within reach, as they stand now."""
        self.needs: Needs = assess(self.elders, self.params, self.month)
        self.ties = Ties(self.elders)
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
