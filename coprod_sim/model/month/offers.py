"""What several parts of a month ask for: what plans offer, open sites, expectations."""

from __future__ import annotations

from coprod_sim.model.columns import Floats
from coprod_sim.model.design.plan import FEE_UNIT, MEALS_UNIT
from coprod_sim.model.engine.compiling import compiled_pass, part_of_month
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.places import OPEN, Sites

MEALS, FEE = 0, 1  # places among a plan's items


@part_of_month
def see_offers(world: World, now: Now) -> None:
    """Meals and fees of plans as they stand, of the county's guideline until a village's first site opens."""
    villages, access = world.villages, now.values.access
    for village in range(villages.given.size):
        planned = villages.has_plan[village]
        world.offers.meals[village] = villages.plan[village, MEALS] * MEALS_UNIT if planned else access.meals_a_day
        world.offers.fee[village] = villages.plan[village, FEE] * FEE_UNIT if planned else access.fee


@compiled_pass
def count_open_sites(sites: Sites, open_sites: Floats) -> None:
    """Open sites of every village; (villages,) written."""
    open_sites[:] = 0.0
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            open_sites[sites.village[row]] += 1.0


@compiled_pass
def expect(sites: Sites, expectation: Floats) -> None:
    """What elders of every hamlet expect of the scheme; (hamlets,) written."""
    for row in range(sites.village.size):
        expectation[row] = mean_of_belief(Belief(sites.kept[row], sites.broken[row]))
