"""The county at the start: villages, people, committees (ODD 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coprod_sim.model.agents.association import Associations
from coprod_sim.model.agents.government import SCORECARD_MIX, CountyFiles, CountyOffice
from coprod_sim.model.agents.government import ideal as government_ideal
from coprod_sim.model.agents.social_organization import Contracts, Organizations
from coprod_sim.model.agents.village_committee import Committees
from coprod_sim.model.columns import Ints
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.places import Land, Sites
from coprod_sim.model.population import Ages, HasPeople, months_of_rows, people_of
from coprod_sim.model.randomness import Chance, Stream
from coprod_sim.model.state import State
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.villages import VillageRow

STARTING_VIEW = (0.5, 0.4, 0.08, 0.02)  # what a committee thinks users need before it has any: assumed


def populate(scenario: Scenario, params: Scenario, chance: Chance, rules: Rules) -> State:
    """The state at month 0, and the values that parameters have then."""
    rates = Rates(scenario)
    ages = Ages(rates, scenario.population.share_60_69)
    land, here, coming = settle(scenario, chance, ages, scenario.county.villages)
    elders = people_of(scenario, params, chance, rates, ages, land, here, coming)
    committees = _committees(scenario, chance, land.villages, scenario.county.villages)
    state = State(
        scenario=scenario, params=params, chance=chance, rules=rules, rates=rates, land=land, elders=elders,
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


def settle(scenario: HasPeople, chance: Chance, ages: Ages, villages: Sequence[VillageRow]) -> tuple[Land, Ints, Ints]:
    """Land, elders now in each hamlet, and those still to reach 60 there."""
    population = scenario.population
    number = population.villages
    spread = population.village_size_spread
    z = chance.normals(Stream.INITIAL_SIZE, 0, number)
    size = population.elders_per_village * np.exp(spread * z - spread**2 / 2)
    u = chance.uniforms(Stream.INITIAL_HAMLETS, 0, number * 3).reshape(number, 3)
    hamlets = 1 + (u < (population.hamlets_per_village - 1) / 3).sum(axis=1)
    if villages:
        size = np.array([v.elders for v in villages], dtype=float)
        hamlets = np.array([v.hamlets for v in villages])
    hamlets = np.minimum(hamlets, np.maximum(size // 2, 1)).astype(np.int32)
    part = 0.5 + chance.uniforms(Stream.INITIAL_PARTS, 0, number * 8).reshape(number, 8)[:, : hamlets.max()]
    part = np.where(np.arange(hamlets.max()) < hamlets[:, None], part, 0)
    parts = (part / part.sum(axis=1, keepdims=True) * np.maximum(size, 5)[:, None])[part > 0]
    here = np.maximum(np.round(parts), 1).astype(np.int32)
    coming = np.round(here * ages.arrivals(months_of_rows(scenario)).sum()).astype(np.int32)
    names = tuple(v.name for v in villages) if villages else tuple(f"village {row + 1}" for row in range(number))
    return Land(hamlets, here + coming, names), here, coming


def _committees(scenario: Scenario, chance: Chance, number: int, villages: Sequence[VillageRow]) -> Committees:
    committees, people, params = Committees(number), scenario.population, scenario.committee
    streams = (Stream.INITIAL_VILLAGE_INCOME, Stream.INITIAL_SERVICE_MOTIVATION, Stream.INITIAL_PROPENSITY)
    z = [chance.normals(stream, 0, number) for stream in streams]
    u = chance.uniforms(Stream.INITIAL_POOR, 0, number)
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
