"""Evaluation: faults and findings, experience, reports and what follows from them (ODD 7.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.county import flows
from coprod_sim.model.month.state import State
from coprod_sim.model.stages import experience, looking, recognizing, reporting, yearly
from coprod_sim.model.stages.looking import LookKeys, LookMonth, LookNumbers
from coprod_sim.model.stages.reporting import ReportNumbers
from coprod_sim.model.streams import Stream


def run(state: State) -> None:
    """One month of evaluation."""
    look(state)
    add_to_year(state)
    feel(state)
    if state.month % 3 == 2:
        state.rules.version(reporting.report_users)(state.sites.arrays, state.villages.arrays, report_numbers(state))
    if state.month % 12 == 11:
        judge(state)


def report_numbers(state: State) -> ReportNumbers:
    """What reports read."""
    values = state.values
    return ReportNumbers(values.committee, values.services, values.supervision, values.structure)


def look(state: State) -> None:
    """Faults begin, are found and mended."""
    values, rows = state.values, state.elders.rows
    left, of_homebound = np.empty(rows), np.empty(rows)
    state.rules.version(looking.see_what_is_left)(
        state.elders.arrays, state.helped.arrays, state.villages.arrays, left, of_homebound
    )
    homebound = state.by_village_of_elders(of_homebound) / np.maximum(state.by_village_of_elders(left), 1e-9)
    streams = (Stream.ONSET, Stream.REPAIR, Stream.MEND, Stream.FIND, Stream.FOLLOW, Stream.WANTING)
    state.rules.version(looking.look_at_sites)(
        state.sites.arrays, state.villages.arrays, state.townships.arrays,
        LookMonth(state.month, state.shares.office, state.audits, homebound),
        LookKeys(*(state.key(stream) for stream in streams)),
        LookNumbers(values.faults, values.services, values.supervision, values.structure),
    )  # fmt: skip


def add_to_year(state: State) -> None:
    """The month's part of every site's year."""
    sites, land, reach, helped = state.sites, state.people.land, state.reach, state.helped
    on_list = reach.by_site(land.by_hamlet(helped.for_list)) * state.villages.list_worked[sites.village]
    offered = reach.by_site(land.by_hamlet(state.elders.offered))
    of_all = sites.duty_hours[:, 1] + sites.duty_hours[:, 2]
    state.rules.version(yearly.add_to_year)(
        sites.arrays, on_list, offered, sites.duty_hours[:, 1].copy(), of_all, state.params.services.capacity
    )


def feel(state: State) -> None:
    """Trust and motivation follow."""
    values, elders = state.values, state.elders
    open_site = state.open_sites > 0
    state.rules.version(experience.elders_experience)(
        elders.arrays, state.known, open_site, state.gains.meals_got, state.gains.meals_wanted, values.motives
    )
    state.rules.version(recognizing.recognise_plans)(
        state.villages.arrays, state.organizations.arrays, state.county.arrays, open_site,
        *np.zeros((2, state.organizations.rows)),
    )  # fmt: skip
    state.rules.version(recognizing.county_experience)(state.county.arrays, values.motives)
    state.rules.version(experience.parties_experience)(
        state.villages.arrays, state.organizations.arrays, open_site, values.motives
    )


def judge(state: State) -> None:
    """Scores of the year, and what follows."""
    sites, county = state.sites, state.county
    paid = np.zeros(sites.rows)
    state.rules.version(reporting.evaluate_year)(
        sites.arrays, state.villages.arrays, state.townships.arrays, state.month, state.key(Stream.EVALUATE), paid,
        report_numbers(state),
    )  # fmt: skip
    state.money.moved[flows.SANCTION] += paid.sum()
    county.sanctions[:] = paid.sum()
    county.cash += paid.sum()
