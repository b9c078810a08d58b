"""Everybody who is able helps or stops, and helpers offer hours (ODD 7.4.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.people.acquaintances import Known, helping_of_acquaintances
from coprod_sim.model.people.helping import (
    Helper,
    HelpSeen,
    hours_offered,
    hours_wished,
    is_helper,
    needs_help_later,
    utility_of_helping,
)
from coprod_sim.model.people.presence import Thinking, list_who_thinks
from coprod_sim.model.people.table import COMPANY, MILD, SIXTY, Elders
from coprod_sim.model.units import WHOLE_YEAR
from coprod_sim.scenario.parameters import Economics, Helping, Motives, Services
from coprod_sim.scenario.schema import Scenario

YEARS_ON = 15 * 12  # months after which one thinks of needing help (ODD 10.3)


class HelpView(NamedTuple):
    """What can be seen of helping, as it stood before anybody chose this month.

    Attributes:
        served: (hamlets,) a site serves the hamlet.
        distance: (hamlets,) way to it, km.
        expectation: (hamlets,) that the scheme goes on and pays.
        honour: (villages,) chance of an honour in a year.
        pay_was_offered: (villages,) pay was offered where a site served, ever.
        pay: yuan an hour.
        time_bank: hours are credits.
        own_cost: accidents are at one's own cost.
    """

    served: Flags
    distance: Floats
    expectation: Floats
    honour: Floats
    pay_was_offered: Flags
    pay: float
    time_bank: bool
    own_cost: bool


class HelpNumbers(NamedTuple):
    """Parameters that these choices read, and the form of helping (position among the rival forms)."""

    form: int
    helping: Helping
    motives: Motives
    services: Services
    economics: Economics


@row_step
def help_numbers(values: Scenario) -> HelpNumbers:
    """What choices to help read of a scenario's values."""
    form = int(values.structure.helping)  # as rules are given a choice: its place among the forms
    return HelpNumbers(form, values.helping, values.motives, values.services, values.economics)


class HelpKeys(NamedTuple):
    """Keys of random numbers: thinking again, helping, and the threshold for life."""

    again: np.uint64
    help: np.uint64
    threshold: np.uint64


@row_step
def helper_of(row: int, elders: Elders, prevalence: Floats, month: int, threshold: np.uint64) -> Helper:
    """What the elder of a row brings to the choice."""
    over_60 = max(month - elders.birth_month[row] - SIXTY, 0)
    later = prevalence[min(over_60 + YEARS_ON, prevalence.size - 1)]
    return Helper(
        age=float((over_60 + SIXTY) // WHOLE_YEAR),
        mild=elders.adl[row] == MILD,
        income=elders.income[row],
        taste=elders.taste[row],
        motivation=elders.motivation[row],
        trust=elders.trust[row],
        recognition=elders.recognition[row],
        belief=elders.belief[row],
        conditional=elders.conditional[row],
        lonely=1.0 - elders.cover[row, COMPANY],
        asked=elders.asked[row],
        threshold=uniform(threshold, row),
        later=needs_help_later(elders.adl[row], later),
    )


@row_step
def help_seen_by(row: int, elders: Elders, view: HelpView, helping: float) -> HelpSeen:
    """What the elder of a row sees of helping; of acquaintances, the share who help."""
    village, hamlet = elders.village[row], elders.hamlet[row]
    return HelpSeen(
        helping=helping,
        served=view.served[hamlet],
        distance=view.distance[hamlet],
        expectation=view.expectation[hamlet],
        honour=view.honour[village],
        pay=view.pay,
        pay_was_offered=view.pay_was_offered[village],
        time_bank=view.time_bank,
        own_cost=view.own_cost,
    )


@row_step
def utility_at(
    row: int, elders: Elders, helping: float, view: HelpView, prevalence: Floats, month: int, threshold: np.uint64,
    numbers: HelpNumbers,
) -> float:  # fmt: skip
    """The utility of helping of the elder of a row; of acquaintances, the share who help."""
    elder = helper_of(row, elders, prevalence, month, threshold)
    seen = help_seen_by(row, elders, view, helping)
    terms = utility_of_helping(
        elder, seen, numbers.form, numbers.helping, numbers.motives, numbers.services, numbers.economics
    )
    return log_odds_of(terms)


@row_step
def think_of_helping(
    row: int, elders: Elders, known: Known, view: HelpView, prevalence: Floats, month: int, keys: HelpKeys,
    numbers: HelpNumbers,
) -> bool:  # fmt: skip
    """The elder of a row, who helps or thinks of it again, helps or does not, and offers hours; whether one stops."""
    helped, others = elders.helper[row], helping_of_acquaintances(row, known)
    utility = utility_at(row, elders, others.share, view, prevalence, month, keys.threshold, numbers)
    helps = is_helper(helped, utility, uniform(keys.again, row), uniform(keys.help, row), numbers.helping)
    elders.helper[row] = helps
    if helps:
        wished = hours_wished(utility, numbers.helping)
        elders.offered[row] = hours_offered(
            wished, elders.conditional[row], others.helpers, others.hours, numbers.form, numbers.helping
        )
    return helped and not helps


@compiled_pass
def choose_to_help(
    elders: Elders, known: Known, view: HelpView, prevalence: Floats, month: int, keys: HelpKeys, numbers: HelpNumbers,
    room: Thinking,
) -> int:  # fmt: skip
    """Everybody who thinks again starts, stops or goes on; helpers offer hours. Returns how many stopped.

    Args:
        elders: columns; written: helper, offered.
        known: what acquaintances did as the month began.
        room: for those who are able, and help or think of it again.
    """
    stopped = 0
    for row in range(elders.present.size):  # on its own, and without an `if`, this is done for several rows at a time
        again = uniform(keys.again, row) < numbers.helping.reconsider
        room.thinks[row] = elders.present[row] & (elders.adl[row] <= MILD) & (elders.helper[row] | again)
        elders.offered[row] = 0.0
    for first in range(0, elders.present.size, room.rows.size):
        for row in room.rows[: list_who_thinks(first, room)]:
            stopped += think_of_helping(row, elders, known, view, prevalence, month, keys, numbers)
    return stopped


@compiled_pass
def begin_to_help(
    elders: Elders, known: Known, view: HelpView, prevalence: Floats, month: int, keys: HelpKeys, numbers: HelpNumbers
) -> None:
    """Who helps before anything is known of others: by the utility as it is with the helpers of the time before.

    Args:
        known: what acquaintances did the time before.
    """
    for row in range(elders.present.size):
        elders.offered[row] = 0.0  # with this, the same columns as in `choose_to_help`: its steps are compiled once
        if elders.present[row] and elders.adl[row] <= MILD:
            others = helping_of_acquaintances(row, known)
            utility = utility_at(row, elders, others.share, view, prevalence, month, keys.threshold, numbers)
            elders.helper[row] = uniform(keys.help, row) < expit(utility)
