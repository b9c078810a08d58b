"""The county and organisations recognise many villages' plans; the county's motivation follows (ODD 7.2.4, 7.5.4)."""

from __future__ import annotations

from coprod_sim.model.attitudes import mean_recognition, motivation_after
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.model.places import County, Organizations, Villages
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.parameters import Motives


@compiled_pass
def recognise_plans(
    villages: Villages, organizations: Organizations, county: County, open_site: Flags, total: Floats, number: Floats
) -> None:
    """Recognition of the plans of villages with an open site: by the county of all, by an organisation of its own.

    Args:
        open_site: (villages,) a site of the village is open.
        total, number: (organisations,) room.
    """
    of_all, plans = 0.0, 0.0
    for row in range(total.size):
        total[row], number[row] = 0.0, 0.0
    for village in range(villages.given.size):
        if open_site[village]:
            of_all += villages.county_recognition[village]
            plans += 1.0
            if villages.contract[village] >= 0:
                total[villages.contract[village]] += villages.organization_recognition[village]
                number[villages.contract[village]] += 1.0
    county.recognition[0] = mean_recognition(of_all, plans)
    for row in range(total.size):
        organizations.recognition[row] = mean_recognition(total[row], number[row])


@compiled_pass
def county_experience(county: County, motives: Motives) -> None:
    """The county's motivation after a month: its recognition counts, its experience is one half."""
    county.motivation[0] = motivation_after(county.motivation[0], MIDDLE, county.recognition[0], MIDDLE, 0.0, motives)
