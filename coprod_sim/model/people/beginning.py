"""The people of a county before any site: settled, and helping each other as they always did (ODD 2.4, 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.land import Land
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.people.ages import Ages
from coprod_sim.model.people.choosing_help import (
    HelpKeys,
    HelpNumbers,
    HelpView,
    begin_to_help,
    choose_to_help,
)
from coprod_sim.model.people.home import (
    HomeKeys,
    SiteWork,
    VillageWork,
    help_each_other,
    see_what_is_claimable,
)
from coprod_sim.model.people.need import CoverBase, cover_base
from coprod_sim.model.people.population import cover_everybody, cover_keys, people_of
from coprod_sim.model.people.settling import settle
from coprod_sim.model.people.table import LONG_AGO, Elders, Helped
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario

BURN_IN = 24  # months before month 0 (ODD 10.3)
PACKAGE = Rules()
ROUNDS = 10  # in which the first helpers are found (ODD 2.4)


@dataclass
class People:
    """The elders of a county, and what is fixed of them for a run.

    Attributes:
        elders, helped: their state, and what a month brings them from neighbours.
        land, rates, base: geography, life tables, and the log-odds of cover that published shares give.
        before: (rows,) who helped before this month's choices.
        changed: (rows,) with whom something changed this month that cover follows from.
        order, drawn: room for the order of a village's helpers.
    """

    elders: Elders
    helped: Helped
    land: Land
    rates: Rates
    base: CoverBase
    before: Flags
    changed: Flags
    order: np.ndarray
    drawn: Floats


def people_at_start(scenario: Scenario, chance: Chance, rules: Rules = PACKAGE) -> People:
    """Everybody at month 0, after the months in which there was nothing but neighbours' help."""
    rates = Rates(scenario)
    ages = Ages(rates, scenario.population.share_60_69)
    land, here, coming = settle(scenario, chance, ages, scenario.county.villages)
    elders = people_of(scenario, chance, rates, ages, land, here, coming, rules)
    most = int(land.rows_of_village.max())
    people = People(
        elders, Helped(elders.rows), land, rates, cover_base(scenario), np.zeros(elders.rows, np.bool_),
        np.zeros(elders.rows, np.bool_), np.zeros(most, np.int32), np.zeros(most),
    )  # fmt: skip
    rules.version(cover_everybody)(elders.arrays, 0, people.base, values_of(scenario).family, cover_keys(chance))
    help_as_ever(people, scenario, chance, rules)
    elders.took_part[:] = np.where(elders.helper & elders.present, -1, LONG_AGO)
    return people


def help_as_ever(people: People, scenario: Scenario, chance: Chance, rules: Rules = PACKAGE) -> None:
    """The months before month 0: ages and families are those of month 0, and there is no site."""
    view, elders = no_site(people.land), people.elders
    numbers = help_numbers(values_of(scenario))
    first = _keys(chance, -BURN_IN - 1)
    prevalence = people.rates.prevalence
    for _ in range(ROUNDS):
        rules.version(begin_to_help)(elders.arrays, view, prevalence, 0, first, numbers, people.before)
    elders.motivation[:] = np.where(
        elders.helper, np.clip(elders.motivation_rests + scenario.motives.feel / 2, 0, 1), elders.motivation_rests
    )
    for month in range(-BURN_IN, 0):
        rules.version(choose_to_help)(elders.arrays, view, prevalence, 0, _keys(chance, month), numbers, people.before)
        help_neighbours(people, scenario, chance, month, rules)


def help_neighbours(people: People, scenario: Scenario, chance: Chance, month: int, rules: Rules = PACKAGE) -> None:
    """A month of help where no site serves anybody."""
    values, land, elders, helped = values_of(scenario), people.land, people.elders, people.helped
    rules.version(see_what_is_claimable)(
        elders.arrays, helped.arrays, *np.zeros((2, elders.rows)), False, scenario.services.travel, values.health,
        values.family,
    )  # fmt: skip
    none = np.full(land.hamlets, -1, np.int32)
    sites = SiteWork(none, *np.zeros((4, land.hamlets)))
    plan = VillageWork(*np.zeros((4, land.villages)))
    keys = HomeKeys(chance.key(Stream.TURN, month), chance.key(Stream.NEIGHBOUR, month), order=chance.key(Stream.ORDER))
    starts = land.hamlet_starts[land.first_hamlet]
    rules.version(help_each_other)(
        elders.arrays, helped.arrays, starts, land.rows_of_village, sites, plan, keys, scenario.services.travel,
        people.order, people.drawn,
    )  # fmt: skip


def no_site(land: Land) -> HelpView:
    """What can be seen of helping where no site is."""
    return HelpView(
        served=np.zeros(land.hamlets, np.bool_), distance=np.zeros(land.hamlets), expectation=np.zeros(land.hamlets),
        honour=np.zeros(land.villages), pay_was_offered=np.zeros(land.villages, np.bool_), pay=0.0, time_bank=False,
        own_cost=False,
    )  # fmt: skip


def help_numbers(values: Scenario) -> HelpNumbers:
    """What choices to help read of a scenario's values."""
    form = int(values.structure.helping)  # as rules are given a choice: its place among the forms
    return HelpNumbers(form, values.helping, values.motives, values.services, values.economics)


def _keys(chance: Chance, month: int) -> HelpKeys:
    return HelpKeys(chance.key(Stream.HELP_AGAIN, month), chance.key(Stream.HELP, month), chance.key(Stream.THRESHOLD))
