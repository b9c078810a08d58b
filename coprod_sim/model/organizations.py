"""Whether a social organisation works in a village for a year (ODD 7.3.8)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.prices import wage_of_skilled
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.levers import Funding
from coprod_sim.scenario.parameters import Economics, Motives, Organizations


class ContractTerms(NamedTuple):
    """Log-odds of working in a village for a year, term by term."""

    base: float
    intrinsic: float
    need: float
    material: float


@rule
def share_of_users_need_open(left: float, open_need: float) -> float:
    """Share of users' daily help and health that nobody closed last month; one half where none was open (ODD 7.3.8).

    Args:
        left: sum of O - C of the ODD over users and both services, hours.
        open_need: sum of O, hours.
    """
    return left / open_need if open_need > 0 else MIDDLE


@rule
def cost_of_contract(funding: Funding, economics: Economics) -> float:
    """What a contract's skilled hours cost an organisation, yuan a month (ODD 7.3.8)."""
    return funding.contract_hours * wage_of_skilled(economics)


@rule
def gain_of_contract(expectation: float, funding: Funding, economics: Economics) -> float:
    """What a contract is expected to bring beyond its cost, over its cost; at most 1 either way (ODD 7.3.8).

    Args:
        expectation: of the organisation that the county pays, 0-1.
    """
    cost = cost_of_contract(funding, economics)
    if cost <= 0:
        return 1.0
    return clip((expectation * funding.service_purchase - cost) / cost, -1.0, 1.0)


@rule
def utility_of_contract(
    motivation: float,
    expectation: float,
    need_open: float,
    organizations: Organizations,
    motives: Motives,
    funding: Funding,
    economics: Economics,
) -> ContractTerms:
    """Motives of an organisation to take a contract in a village (ODD 7.3.8).

    Args:
        motivation, expectation: its own, 0-1.
        need_open: of `share_of_users_need_open`.
    """
    return ContractTerms(
        base=organizations.enter,
        intrinsic=motives.intrinsic * (motivation - MIDDLE),
        need=organizations.need * need_open,
        material=motives.per_income * gain_of_contract(expectation, funding, economics),
    )
