"""Social organisations enter villages that offer a contract, work there, leave (ODD 7.3.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import social_organization
from coprod_sim.model.agents.elder.table import DAILY_HELP, HEALTH
from coprod_sim.model.columns import Floats, expit
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State


def advance(state: State) -> None:
    """Each organisation may leave villages and, with hours free, enter one more."""
    if not state.organizations.rows:
        return
    need = visible_need(state)
    _leave(state, need)
    _enter(state, need)
    _pay_staff(state)


def visible_need(state: State) -> Floats:
    """(villages,) share of users with care or health needs whose need in them is not met: what a visitor sees."""
    elders = state.elders
    needs = elders.enrolled & (elders.adl > 0)
    unmet = needs & ~(elders.met[:, DAILY_HELP] & elders.met[:, HEALTH])
    users = state.land.by_village(elders.enrolled)
    seen: Floats = state.land.by_village(unmet) / np.maximum(users, 1)
    return seen


def _price(state: State) -> float:
    return state.params.funding.service_purchase / state.params.organizations.hours_a_contract


def _leave(state: State, need: Floats) -> None:
    organizations, contracts, params = state.organizations, state.contracts, state.params.organizations
    there = contracts.organization >= 0
    who = np.maximum(contracts.organization, 0)
    gain = social_organization.gain_an_hour(
        organizations.mission[who], organizations.cost[who], organizations.belief[who], _price(state), need
    )
    u = state.chance.uniforms(Stream.ORGANIZATION_LEAVE, state.month, contracts.rows)
    nothing_to_do = state.land.hamlets_to_village(state.sites.open) == 0
    leaves = there & ((u < expit(social_organization.utility_of_leaving(params, gain).sum())) | nothing_to_do)
    contracts.organization[leaves] = -1


def _enter(state: State, need: Floats) -> None:
    """In the order of their rows, organisations each take the free village of largest gain plus a Gumbel number."""
    organizations, contracts, params = state.organizations, state.contracts, state.params.organizations
    gumbels = state.chance.gumbels(Stream.ORGANIZATION_PLACE, state.month, (organizations.rows, contracts.rows))
    u = state.chance.uniforms(Stream.ORGANIZATION_ENTER, state.month, organizations.rows)
    served = np.bincount(contracts.organization[contracts.organization >= 0], minlength=organizations.rows)
    has_site = state.land.hamlets_to_village(state.sites.open) > 0
    for row in range(organizations.rows):
        free = (contracts.organization < 0) & has_site
        if (served[row] + 1) * params.hours_a_contract > params.hours or not free.any():
            continue
        gain = social_organization.gain_an_hour(
            organizations.mission[row],
            organizations.cost[row],
            organizations.belief[row],
            _price(state),
            need,
        )
        place = int(np.argmax(np.where(free, params.enter_gain * gain + gumbels[row], -np.inf)))
        enters = expit(social_organization.utility_of_entering(params, gain[[place]]).sum())[0]
        if u[row] < enters:
            contracts.organization[place] = row


def _pay_staff(state: State) -> None:
    """Hours go to the contracted villages; staff are paid whether or not the county has paid."""
    organizations, contracts, params = state.organizations, state.contracts, state.params.organizations
    works = contracts.organization >= 0
    contracts.hours[:] = params.hours_a_contract * works
    by_organization = np.bincount(
        contracts.organization[works], weights=contracts.hours[works], minlength=organizations.rows
    )
    wages = by_organization * organizations.cost
    state.money.move("organizations", "staff", "skilled_wages", wages)
    # An organisation covers what it lacks from donors elsewhere, and pays a surplus back into other work.
    lacking = np.maximum(-organizations.cash, 0)
    state.money.move("organization donors", "organizations", "own funds", lacking)
    spare = np.maximum(organizations.cash - 6 * params.hours * organizations.cost, 0)
    state.money.move("organizations", "organization donors", "other work", spare)
