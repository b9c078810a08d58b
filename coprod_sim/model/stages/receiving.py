"""Sites and villages get money: from donors, members, villagers and the county, less what is diverted (ODD 7.3.6)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Floats
from coprod_sim.model.county.appropriation import public_money_returned
from coprod_sim.model.county.bill import awards_of_village, helpers_pay_of_site, running_money_of_site
from coprod_sim.model.design.talk import knowledge, taught_by_open_book
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.model.evaluation import chances_of_being_found_out, share_diverted
from coprod_sim.model.looks import book_kept, book_read
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN, Sites, Villages
from coprod_sim.model.prices import dues_of_member
from coprod_sim.model.site.money import donations_after, share_shown, village_cash_after
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.levers import Funding, Incentive, Supervision
from coprod_sim.scenario.parameters import Committee, Design, Economics, Services, Structure

MONEY = 0  # place among a site's faults
RECEIVED, DIVERTED = 4, 5  # places among the sums of a site's year


class MoneyNumbers(NamedTuple):
    """Parameters and levers that money of sites reads."""

    committee: Committee
    design: Design
    economics: Economics
    funding: Funding
    incentive: Incentive
    services: Services
    supervision: Supervision
    structure: Structure


class LocalMoney(NamedTuple):
    """Yuan that came this month, written: (hamlets,) donations; (villages,) dues, of the village, and what went on."""

    donations: Floats
    dues: Floats
    village: Floats
    surplus: Floats


@compiled_pass
def awards_of_villages(villages: Villages, incentive: Incentive) -> float:
    """Yuan for honours of all villages this month."""
    total = 0.0
    for village in range(villages.helpers.size):
        total += awards_of_village(villages.helpers[village], incentive)
    return total


@compiled_pass
def local_money(sites: Sites, villages: Villages, month: int, out: LocalMoney, numbers: MoneyNumbers) -> None:
    """Donors give, and are lost as far as they cannot tell what it does; members pay dues; a village has its money."""
    for village in range(villages.cash.size):
        members = villages.members[village] if villages.association[village] else 0.0
        out.dues[village] = members * dues_of_member(numbers.economics)
        villages.dues_cash[village] += out.dues[village]
        before, yearly = villages.cash[village], villages.yearly_money[village]
        villages.cash[village] = village_cash_after(before, yearly)
        out.village[village] = yearly / MONTHS
        out.surplus[village] = before + yearly / MONTHS - villages.cash[village]
    for row in range(sites.village.size):
        out.donations[row] = 0.0
        if sites.status[row] == OPEN:
            out.donations[row] = sites.donations[row]
            sites.own[row] += sites.donations[row]
            in_order = month <= sites.in_order_until[row]
            village = sites.village[row]
            paper = villages.paper_done[village]
            if numbers.supervision.open_book:
                villages.cost_known[village] = knowledge(
                    villages.cost_known[village], taught_by_open_book(numbers.design)
                )
            shown = share_shown(in_order, numbers.supervision.open_book, paper)
            sites.donations[row] = donations_after(sites.donations[row], shown, numbers.economics)


@compiled_pass
def running_money_due(sites: Sites, pay: Floats, numbers: MoneyNumbers) -> None:
    """Running money due to every funded site, phantoms too, and pay of helpers' hours; `due` and `pay` are written.

    Args:
        pay: (hamlets,) written: yuan for hours worked for the site last month.
    """
    for row in range(sites.village.size):
        due, pay[row] = 0.0, 0.0
        if sites.status[row] == OPEN:
            pay[row] = helpers_pay_of_site(sites.help_for_site[row], numbers.incentive)
        if sites.funded[row] and (sites.status[row] == OPEN or sites.phantom[row]):
            others = sites.donations[row] + sites.village_gave[row]
            due = running_money_of_site(sites.factor[row], sites.users_reported[row], others, numbers.funding)
        sites.due[row] = due


@compiled_pass
def receive_running_money(
    sites: Sites, villages: Villages, came: Floats, diverted: Floats, numbers: MoneyNumbers
) -> None:
    """Running money comes, less what is diverted while the money fault stands; all of it where the site is none.

    Args:
        came: (hamlets,) yuan paid by the county.
        diverted: (hamlets,) written: yuan.
    """
    for row in range(sites.village.size):
        village = sites.village[row]
        by_committee = sites.runner[row] != ASSOCIATION_RUNS
        kept = book_kept(villages.paper_done[village], numbers.supervision)
        chances = chances_of_being_found_out(book_read(kept, sites.users[row], numbers.services), numbers.supervision)
        part = share_diverted(
            villages.greed[village] if by_committee else 0.0, chances.money, sites.fault[row, MONEY] > 0.0,
            numbers.committee, numbers.supervision, numbers.structure,
        )  # fmt: skip
        diverted[row] = came[row] * (part if sites.status[row] == OPEN else 1.0)
        sites.public[row] += came[row] - diverted[row]
        sites.year[row, RECEIVED] += came[row]
        sites.year[row, DIVERTED] += diverted[row]


@compiled_pass
def return_public_money(sites: Sites, returned: Floats, numbers: MoneyNumbers) -> None:
    """In January public money above one month's running money goes back; `returned` is written.

    Args:
        returned: (hamlets,) yuan.
    """
    for row in range(sites.village.size):
        month = numbers.funding.running_per_site * sites.factor[row] if sites.funded[row] else 0.0
        returned[row] = public_money_returned(sites.public[row], month)
        sites.public[row] -= returned[row]
