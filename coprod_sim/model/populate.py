"""The county at the start: villages, families, traits, ties (ODD 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coprod_sim.model.agents.association import Associations
from coprod_sim.model.agents.elder.table import INDEPENDENT, LISTED, MILD, MODERATE, SEVERE, Elders
from coprod_sim.model.agents.government import SCORECARD_MIX, CountyFiles, CountyOffice
from coprod_sim.model.agents.government import ideal as government_ideal
from coprod_sim.model.agents.social_organization import Contracts, Organizations
from coprod_sim.model.agents.village_committee import Committees
from coprod_sim.model.columns import Flags, Floats, Ints, expit
from coprod_sim.model.lifecourse import MONTHS, Rates
from coprod_sim.model.places import Land, Sites
from coprod_sim.model.randomness import Chance, Stream
from coprod_sim.model.state import State
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.villages import VillageRow

TRAIT_SPREAD = 0.8  # sd of the logit of traits that lie between 0 and 1: assumed
STARTING_VIEW = (0.5, 0.4, 0.08, 0.02)  # what a committee thinks users need before it has any: assumed


def populate(scenario: Scenario, params: Scenario, chance: Chance) -> State:
    """The state at month 0, and the values that parameters have then."""
    rates = Rates(scenario)
    ages = Ages(rates, scenario.population.share_60_69)
    land, here, coming = _settle(scenario, chance, ages, scenario.county.villages)
    elders = _people(scenario, chance, rates, ages, land, here, coming)
    committees = _committees(scenario, chance, land.villages, scenario.county.villages)
    state = State(
        scenario=scenario, params=params, chance=chance, rates=rates, land=land, elders=elders,
        committees=committees, associations=_associations(land.villages), organizations=_organizations(scenario, land),
        contracts=_contracts(land.villages), office=CountyOffice(1), files=CountyFiles(land.villages),
        sites=_sites(scenario, land), queue=chance.uniforms(Stream.QUEUE, 0, elders.rows),
        waiver_uniforms=chance.uniforms(Stream.WAIVER, 0, elders.rows),
        visit_uniforms=chance.uniforms(Stream.VISIT, 0, elders.rows),
    )  # fmt: skip
    state.committees.named[:] = params.responsibility.named_share
    state.files.need_seen[:] = SCORECARD_MIX
    state.committees.plan[:] = government_ideal(state.files.need_seen, params.access, params.government.counts_elders)
    state.start_month(0, params)
    unmet = np.where(state.needs.needed, 1 - state.needs.cover, 0.0).sum(axis=0)
    elders.well_being[:] = np.clip(elders.set_point - params.elders.unmet_cost * unmet, 0, 30)
    return state


class Ages:
    """Age distribution of a population whose cohorts grow steadily, and how many reach 60.

    Growth is set so that the share aged 60-69 is the given one.
    """

    def __init__(self, rates: Rates, share_60_69: float) -> None:
        self.survival = np.cumprod(np.concatenate([np.ones((2, 1)), 1 - rates.table[:, :-1]], axis=1), axis=1)
        low, high = -0.05, 0.15
        for _ in range(60):
            middle = (low + high) / 2
            weight = self._weight(middle)
            low, high = (middle, high) if weight[:, :120].sum() / weight.sum() < share_60_69 else (low, middle)
        self.growth = (low + high) / 2
        self.weight = self._weight(self.growth)

    def _weight(self, growth: float) -> Floats:
        weight: Floats = self.survival * np.exp(-growth * np.arange(MONTHS) / 12)
        return weight

    def arrivals(self, months: int) -> Floats:
        """Persons who reach 60 in each month of the run, per elder at the start."""
        monthly = self.weight[:, 0].sum() / self.weight.sum()
        coming: Floats = monthly * np.exp(self.growth * np.arange(1, months + 1) / 12)
        return coming

    def ages_and_sex(self, u_age: Floats, u_sex: Floats) -> tuple[Ints, Flags]:
        """Ages in months over 60 and women, for uniform numbers."""
        by_sex = self.weight.sum(axis=1)
        female = u_sex < by_sex[1] / by_sex.sum()
        curves = np.cumsum(self.weight, axis=1) / by_sex[:, None]
        men, women = np.searchsorted(curves[0], u_age), np.searchsorted(curves[1], u_age)
        ages: Ints = np.minimum(np.where(female, women, men), MONTHS - 1).astype(np.int32)
        return ages, female


def months_of_rows(scenario: Scenario) -> int:
    """Months for which rows of those still to reach 60 are there: whole decades, so that a shorter run is the same."""
    return 120 * int(np.ceil(scenario.horizon.months / 120))


def _settle(scenario: Scenario, chance: Chance, ages: Ages, villages: Sequence[VillageRow]) -> tuple[Land, Ints, Ints]:
    """Land, elders now in each hamlet, and those still to reach 60 there."""
    population = scenario.population
    number = population.villages
    generator = chance.generator(Stream.INITIAL_VILLAGES)
    spread = population.village_size_spread
    size = population.elders_per_village * np.exp(spread * generator.standard_normal(number) - spread**2 / 2)
    hamlets = 1 + (generator.random((number, 3)) < (population.hamlets_per_village - 1) / 3).sum(axis=1)
    if villages:
        size = np.array([v.elders for v in villages], dtype=float)
        hamlets = np.array([v.hamlets for v in villages])
    hamlets = np.minimum(hamlets, np.maximum(size // 2, 1)).astype(np.int32)
    part = 0.5 + generator.random((number, 8))[:, : hamlets.max()]
    part = np.where(np.arange(hamlets.max()) < hamlets[:, None], part, 0)
    parts = (part / part.sum(axis=1, keepdims=True) * np.maximum(size, 5)[:, None])[part > 0]
    here = np.maximum(np.round(parts), 1).astype(np.int32)
    coming = np.round(here * ages.arrivals(months_of_rows(scenario)).sum()).astype(np.int32)
    names = tuple(v.name for v in villages) if villages else tuple(f"village {row + 1}" for row in range(number))
    return Land(hamlets, here + coming, names), here, coming


def _people(
    scenario: Scenario, chance: Chance, rates: Rates, ages: Ages, land: Land, here: Ints, coming: Ints
) -> Elders:
    total = here + coming
    elders = Elders(int(total.sum()))
    elders.hamlet[:] = np.repeat(np.arange(land.hamlets), total)
    elders.village[:] = land.village_of_hamlet[elders.hamlet]
    u = chance.generator(Stream.INITIAL_ELDERS).random((6, elders.rows))
    order = np.arange(elders.rows) - land.hamlet_starts[elders.hamlet]
    now = order < here[elders.hamlet]
    old, elders.female = ages.ages_and_sex(u[0], u[1])
    arrival = ages.arrivals(months_of_rows(scenario))
    arrives = 1 + np.searchsorted(np.cumsum(arrival) / arrival.sum(), u[0])
    elders.female = np.where(now, elders.female, u[1] < 0.5)
    elders.birth_month[:] = np.where(now, -720 - old, arrives - 720)
    elders.alive[:] = True
    elders.present[:] = now
    disabled = u[2] < np.where(now, rates.prevalence[old], scenario.health.adl_at_60)
    cuts = np.cumsum(rates.mix)
    grade = np.where(u[3] < cuts[0], MILD, np.where(u[3] < cuts[1], MODERATE, SEVERE))
    elders.adl[:] = np.where(disabled, grade, INDEPENDENT)
    shares = scenario.population
    child = np.cumsum([shares.child_same_home, shares.child_in_village, shares.child_in_county, shares.child_away])
    elders.child[:] = np.searchsorted(child, u[4], side="right")
    _marry(elders, ages, scenario.population.married_at_60, u[5])
    _traits(elders, scenario, chance)
    _know(elders, land, chance, scenario.geography.ties_in_hamlet)
    return elders


def _marry(elders: Elders, ages: Ages, married_at_60: float, u: Floats) -> None:
    """Pair the k-th youngest man of a hamlet with its k-th youngest woman, fewer with age.

    Only the living are paired, so that older women, whom fewer men are left for, are widows already; the couples are
    thinned by women's survival alone, which keeps the share steady as cohorts grow.
    """
    youngest_first = np.lexsort((np.arange(elders.rows), -elders.birth_month, elders.female, elders.hamlet))
    key = elders.hamlet[youngest_first] * 2 + elders.female[youngest_first]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(elders.rows), 0))
    rank = np.empty(elders.rows, dtype=np.int64)
    rank[youngest_first] = np.arange(elders.rows) - start
    couple = elders.hamlet.astype(np.int64) * elders.rows + rank
    men, women = np.flatnonzero(~elders.female), np.flatnonzero(elders.female)
    _, his, hers = np.intersect1d(couple[men], couple[women], assume_unique=True, return_indices=True)
    husband, wife = men[his], women[hers]
    over_60 = np.clip(-720 - elders.birth_month[wife], 0, MONTHS - 1)
    together = u[wife] < married_at_60 * ages.survival[1, over_60]
    elders.partner[:] = -1
    elders.partner[husband[together]] = wife[together]
    elders.partner[wife[together]] = husband[together]


def _traits(elders: Elders, scenario: Scenario, chance: Chance) -> None:
    params, generator = scenario.elders, chance.generator(Stream.INITIAL_TRAITS)
    z = generator.standard_normal((6, elders.rows))
    u = generator.random((2, elders.rows))
    people = scenario.population
    elders.income[:] = np.maximum(people.income_median * np.exp(people.income_spread * z[0]), max(people.pension, 50))
    elders.filial[:] = expit(TRAIT_SPREAD * z[1])
    elders.motivation[:] = expit(_logit(params.motivation_at_start) + TRAIT_SPREAD * z[2])
    elders.taste[:] = z[3]
    elders.trust[:] = expit(_logit(params.trust_at_start) + TRAIT_SPREAD * z[4])
    elders.disposition[:] = elders.trust
    elders.set_point[:] = np.clip(params.set_point + params.set_point_spread * z[5], 0, 30)
    elders.aware[:] = u[0] < params.aware_at_start
    kinds = np.cumsum([params.conditional, params.free_rider, params.hump])
    elders.cooperator[:] = np.searchsorted(kinds, u[1], side="right")
    elders.belief[:] = 0.5
    elders.expectation[:] = elders.satisfaction[:] = 0.6
    elders.took_part[:] = -1000


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))


def _know(elders: Elders, land: Land, chance: Chance, in_hamlet: float) -> None:
    """Eight acquaintances each, most from the own hamlet, drawn over all rows of the village."""
    generator = chance.generator(Stream.INITIAL_TIES)
    near = generator.random((elders.rows, LISTED)) < in_hamlet
    u = generator.random((elders.rows, LISTED))
    hamlet_size = land.rows_of_hamlet[elders.hamlet][:, None]
    hamlet_start = land.hamlet_starts[elders.hamlet][:, None]
    village_size = land.hamlets_to_village(land.rows_of_hamlet).astype(np.int64)[elders.village][:, None]
    village_start = land.hamlet_starts[land.first_hamlet][elders.village][:, None]
    near &= hamlet_size > 1
    start = np.where(near, hamlet_start, village_start)
    size = np.where(near, hamlet_size, village_size)
    # One of the others: skip oneself by counting on from the next row round the circle.
    step = 1 + (u * np.maximum(size - 1, 1)).astype(np.int64)
    own = np.arange(elders.rows)[:, None] - start
    elders.acquaintances[:] = start + (own + step) % size


def _committees(scenario: Scenario, chance: Chance, number: int, villages: Sequence[VillageRow]) -> Committees:
    committees, people, params = Committees(number), scenario.population, scenario.committee
    generator = chance.generator(Stream.INITIAL_FAMILIES)
    z, u = generator.standard_normal((3, number)), generator.random(number)
    committees.poor[:] = u < people.poor_village_share
    rich = people.rich_village_money * np.exp(0.6 * z[0])
    committees.income[:] = np.where(committees.poor, np.minimum(0.1 * rich, 5_000), rich)
    for row, village in enumerate(villages):
        if village.collective_income is not None:
            committees.income[row] = 0.1 * village.collective_income
            committees.poor[row] = village.collective_income < 50_000
    committees.service_motivation[:] = np.clip(
        params.service_motivation + params.service_motivation_spread * z[1], 0, 1
    )
    committees.disposition[:] = committees.service_motivation
    committees.inspected_done[:] = 1.0
    committees.propensity[:] = z[2]
    committees.need_seen[:] = STARTING_VIEW
    committees.belief[:] = params.belief_in_others_at_start
    committees.reliance[:] = 0.7
    committees.recognition[:] = 0.5
    committees.fear[:] = 0.2
    return committees


def _associations(number: int) -> Associations:
    associations = Associations(number)
    associations.organiser[:] = -1
    associations.standing[:] = 0.5
    return associations


def _organizations(scenario: Scenario, land: Land) -> Organizations:
    params = scenario.organizations
    organizations = Organizations(int(np.ceil(params.per_100_villages * land.villages / 100)))
    organizations.mission[:] = params.mission
    organizations.cost[:] = params.cost_per_hour
    organizations.belief[:] = 0.8
    return organizations


def _contracts(number: int) -> Contracts:
    contracts = Contracts(number)
    contracts.organization[:] = -1
    return contracts


def _sites(scenario: Scenario, land: Land) -> Sites:
    sites = Sites(land.hamlets)
    sites.village[:] = land.village_of_hamlet
    sites.opened[:] = -1
    sites.paid_share[:] = 1.0
    sites.grant_factor[:] = 1.0
    sites.donor_belief[:] = 0.5
    sites.quality[:] = 0.5
    sites.condition[:] = 1.0
    sites.funded[:] = True
    return sites
