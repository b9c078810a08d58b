"""Social organisations enter villages that offer a contract, work there, leave (ODD 7.3.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import social_organization
from coprod_sim.model.columns import Floats, expit
from coprod_sim.model.randomness import Stream
from coprod_sim.model.world import World


def advance(world: World) -> None:
    """Each organisation may leave villages and, with hours free, enter one more."""
    if not world.organizations.rows:
        return
    need = visible_need(world)
    _leave(world, need)
    _enter(world, need)
    _pay_staff(world)


def visible_need(world: World) -> Floats:
    """(villages,) share of users with care or health needs whose need in them is not met: what a visitor sees."""
    elders = world.elders
    needs = elders.enrolled & (elders.adl > 0)
    unmet = needs & ~(elders.met[:, 2] & elders.met[:, 3])
    users = world.land.by_village(elders.enrolled)
    seen: Floats = world.land.by_village(unmet) / np.maximum(users, 1)
    return seen


def _price(world: World) -> float:
    return world.policy.funding.service_purchase / world.policy.organizations.hours_a_contract


def _leave(world: World, need: Floats) -> None:
    organizations, contracts, weight = world.organizations, world.contracts, world.policy.organizations
    there = contracts.organization >= 0
    who = np.maximum(contracts.organization, 0)
    gain = social_organization.gain_an_hour(
        organizations.mission[who], organizations.cost[who], organizations.belief[who], _price(world), need
    )
    u = world.chance.uniforms(Stream.ORGANIZATION_LEAVE, world.month, contracts.rows)
    nothing_to_do = world.land.hamlets_to_village(world.sites.open) == 0
    leaves = there & ((u < expit(social_organization.pull_to_leave(weight, gain).sum())) | nothing_to_do)
    contracts.organization[leaves] = -1


def _enter(world: World, need: Floats) -> None:
    """Organisations choose in the order of their rows; each takes the free village of largest gain plus luck."""
    organizations, contracts, weight = world.organizations, world.contracts, world.policy.organizations
    luck = world.chance.gumbels(Stream.ORGANIZATION_PLACE, world.month, (organizations.rows, contracts.rows))
    u = world.chance.uniforms(Stream.ORGANIZATION_ENTER, world.month, organizations.rows)
    served = np.bincount(contracts.organization[contracts.organization >= 0], minlength=organizations.rows)
    has_site = world.land.hamlets_to_village(world.sites.open) > 0
    for row in range(organizations.rows):
        free = (contracts.organization < 0) & has_site
        if (served[row] + 1) * weight.hours_a_contract > weight.hours or not free.any():
            continue
        gain = social_organization.gain_an_hour(
            organizations.mission[row],
            organizations.cost[row],
            organizations.belief[row],
            _price(world),
            need,
        )
        place = int(np.argmax(np.where(free, weight.enter_gain * gain + luck[row], -np.inf)))
        enters = expit(social_organization.pull_to_enter(weight, gain[[place]]).sum())[0]
        if u[row] < enters:
            contracts.organization[place] = row


def _pay_staff(world: World) -> None:
    """Hours go to the contracted villages; staff are paid whether or not the county has paid."""
    organizations, contracts, weight = world.organizations, world.contracts, world.policy.organizations
    works = contracts.organization >= 0
    contracts.hours[:] = weight.hours_a_contract * works
    by_organization = np.bincount(
        contracts.organization[works], weights=contracts.hours[works], minlength=organizations.rows
    )
    wages = by_organization * organizations.cost
    world.money.move("organizations", "staff", "skilled_wages", wages)
    # An organisation covers what it lacks from donors elsewhere, and pays a surplus back into other work.
    lacking = np.maximum(-organizations.cash, 0)
    world.money.move("organization donors", "organizations", "own funds", lacking)
    spare = np.maximum(organizations.cash - 6 * weight.hours * organizations.cost, 0)
    world.money.move("organizations", "organization donors", "other work", spare)
