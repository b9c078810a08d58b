"""The state of a run, and what is fixed of it."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.county.books import Hours, Meals, Money
from coprod_sim.model.county.credits import CreditBook
from coprod_sim.model.county.payment import Got
from coprod_sim.model.engine.compiling import COMPILED
from coprod_sim.model.engine.handles import Handle
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.land import Reach
from coprod_sim.model.month import people
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.acquaintances import Known, Shown
from coprod_sim.model.people.asking import Helpers
from coprod_sim.model.people.beginning import People
from coprod_sim.model.people.counting import Counted
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import County, Organizations, Passing, Sites, Townships, Villages
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.model.streams import Chance, Stream, keys_of_month
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import value_at


def at_month(scenario: Scenario, month: int) -> Scenario:
    """The scenario with the values that hold in a month."""
    groups: dict[str, Any] = {}
    for name, group in scenario.groups().items():
        held = dict(group)
        if any(isinstance(value, dict) for value in held.values()):  # else the group is the same in every month
            group = type(group).model_construct(**{key: value_at(value, month) for key, value in held.items()})
        groups[name] = group
    return Scenario.model_construct(**groups)


@dataclass
class State:
    """State of one run.

    Attributes:
        scenario: what is run; params, values: as they hold this month, the latter for compiled code.
        chance, people: random numbers; the elders and what is fixed of them.
        sites, villages, townships, organizations, county, passing: tables.
        money, meals, hours, credits: this month's books.
        world: all of these as compiled code is given them, and what it writes beside; the same arrays throughout.
        rules: the package's, or some of one's own.
        month: this month.
        before: months until month 0, in which ages stand still; 0 from then on.
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
    passing: Passing
    money: Money
    meals: Meals
    hours: Hours
    credits: CreditBook
    world: World
    rules: Rules = field(default_factory=Rules)
    month: int = 0
    before: int = 0
    covered_by: tuple[Any, Rules] | None = None
    params: Scenario = field(init=False)
    values: Scenario = field(init=False)
    changes: frozenset[int] = field(init=False)
    _given: tuple[Handle, Handle] | None = field(default=None, init=False, repr=False)
    _given_of: tuple[Any, ...] = field(default=(), init=False, repr=False)  # what the latter was written from

    def __post_init__(self) -> None:
        """Read what holds at first."""
        self.put_under(self.scenario)

    def put_under(self, scenario: Scenario) -> None:
        """Let the values hold that a scenario has this month."""
        schedules = (value for group in scenario.groups().values() for _, value in group)
        self.changes = frozenset(month for value in schedules if isinstance(value, dict) for month in value)
        self.scenario = scenario
        self._let_hold()

    def read_values(self) -> None:
        """Let the values hold that the scenario has this month, if others may than last month."""
        if self.month == 0 or self.month in self.changes:
            self._let_hold()

    def _let_hold(self) -> None:
        self.params = at_month(self.scenario, self.month)
        self.values = values_of(self.params)

    def begin_month(self) -> None:
        """Begin the month without going on with it: read what holds, and count who stands how."""
        self.read_values()
        people.begin(self)

    @property
    def now(self) -> Now:
        """What holds this month, as compiled code is given it."""
        rates, cover = self.people.rates, (self.values.family, self.rules)  # beside what an elder's cover follows from
        keys, for_life = (keys_of_month(self.chance.seed, month) for month in (self.month - self.before, 0))
        return Now(
            self.month, self.values, keys, for_life, rates.tables, rates.prevalence, self.people.base,
            self.covered_by != cover,
        )  # fmt: skip

    def see(self, part: Any) -> Any:
        """What a part of a month that only looks gives, as the Python that it is written as."""
        with np.errstate(over="ignore"):
            return self.rules.python(part)(self.world, self.now)

    def given(self) -> tuple[Any, Any]:
        """The county and what holds this month, as parts of a month take them."""
        if not COMPILED:
            return self.world, self.now
        of = self.month, self.before, self.values, self.covered_by, self.rules
        if self._given is None:
            now = self.now
            self._given = Handle(self.world), Handle(now._replace(keys=now.keys.copy()))  # written over each month
        elif not all(map(operator.is_, of, self._given_of)):  # as in the parts of a month that follow its first one
            now, (_, held) = self.now, self._given
            held.write("keys", now.keys)
            for name in ("values", "month", "cover_anew"):
                held.put(name, getattr(now, name))
        self._given_of = of
        return self._given

    def __getstate__(self) -> dict[str, Any]:
        """What a copy is made of: addresses are of this one."""
        return {**self.__dict__, "_given": None, "_given_of": ()}

    @property
    def elders(self) -> Elders:
        """The elders."""
        return self.people.elders

    @property
    def helped(self) -> Helped:
        """What a month brings elders from neighbours."""
        return self.people.helped

    @property
    def known(self) -> Known:
        """What acquaintances see of each other."""
        return self.world.known

    @property
    def shown(self) -> Shown:
        """What elders show to those who know them."""
        return self.world.shown

    @property
    def reach(self) -> Reach:
        """Which site serves whom."""
        return self.world.reach

    @property
    def out(self) -> TableMonth:
        """What sites' month came to."""
        return self.world.out

    @property
    def gains(self) -> Gains:
        """What the month at the site brought elders."""
        return self.world.gains

    @property
    def counted(self) -> Counted:
        """Numbers of elders by hamlet and village."""
        return self.world.counted

    @property
    def helpers(self) -> Helpers:
        """Who may be asked to help, and what helpers have between them."""
        return self.world.helpers

    @property
    def got(self) -> Got:
        """What the county paid to whom."""
        return self.world.got

    @property
    def audits(self) -> Floats:
        """(hamlets,) 1 where there is an audit this month."""
        return self.world.audits

    @property
    def aims(self) -> Floats:
        """(villages, 3) squared distances of the plan from what county, committee and elders would have."""
        return self.world.aims

    @property
    def meals_offered(self) -> Floats:
        """(villages,) meals a day of the plan, of the county's guideline until the first site opens."""
        return self.world.offers.meals

    @property
    def fees(self) -> Floats:
        """(villages,) fee of the plan, of the guideline until the first site opens, yuan a meal."""
        return self.world.offers.fee

    @property
    def site(self) -> Ints:
        """(hamlets,) the site that serves each, -1 without."""
        return self.reach.site

    def expectation(self, table: Sites | Villages | Organizations) -> Floats:
        """Mean of each row's belief."""
        mean: Floats = table.kept / (table.kept + table.broken)
        return mean

    def key(self, stream: Stream) -> np.uint64:
        """Key of this month's numbers of a stream."""
        return self.chance.key(stream, self.month)
