"""The county's year: what the programme would cost, and what revenue gives for it (ODD 7.3.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government
from coprod_sim.model.agents.elder.need import DAYS
from coprod_sim.model.places import APPLIED
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.state import State

PLANNED_MONTHS = 9 / 12  # part of a year that a site still to open is planned to run: assumed


def receive_revenue(state: State) -> None:
    """At the start of a year unspent money goes back and the year's is fixed; running money comes month by month."""
    office, params, month = state.office, state.params, state.month
    if month % 12 == 0:
        state.money.move("government", "treasury", "unspent", np.maximum(office.cash, 0))
        _fix_the_year(state)
        if not params.legal.payment_guarantee:
            state.past.count("lapsed", float(state.sites.arrears.sum()))
            state.sites.arrears[:] = 0.0
    state.money.move("treasury", "government", "appropriation", office.yearly / 12)


def _fix_the_year(state: State) -> None:
    office, params, month = state.office, state.params, state.month
    z = float(state.chance.normals(Stream.REVENUE, month, 1)[0])
    keep, spread = params.government.revenue_persistence, params.government.revenue_spread
    office.revenue[:] = keep * office.revenue + spread * np.sqrt(1 - keep**2) * z if month else spread * z
    running, building = bills.planned(outlook(state))
    office.applications[:] = 0.0
    office.yearly[:] = government.appropriation(running, float(office.revenue[0]), params.funding)
    # Money for buildings is released at once and kept for them; money for running them comes month by month.
    office.for_building[:] = government.appropriation(building, float(office.revenue[0]), params.funding)
    state.money.move("treasury", "government", "appropriation", office.for_building)


def covered(state: State) -> np.ndarray:
    """(villages,) whether a site serves the village: its own, or one in the cluster that shares a site."""
    own = state.land.hamlets_to_village(state.sites.serving) > 0
    cluster = np.arange(state.land.villages) // int(state.params.access.villages_per_site)
    return np.bincount(cluster, weights=own)[cluster] > 0


def outlook(state: State) -> bills.Outlook:
    """What the county expects of the year, from what is reported to it.

    While a campaign is short of its target it plans a site for each village (or cluster that shares one) without;
    afterwards for applications in hand, and as many more as came last year.
    """
    params, sites = state.params, state.sites
    asked = float((sites.status == APPLIED).sum()) + float(state.office.applications[0])
    without = float((~covered(state)).sum()) / int(params.access.villages_per_site)
    new_sites = max(without if campaigning(state) else 0.0, asked)
    fee, waived = local_money.fees(state, np.arange(state.elders.rows))
    return bills.Outlook(
        params,
        sites=float(sites.serving.sum()) + PLANNED_MONTHS * new_sites,
        new_sites=new_sites,
        users=float(sites.users_reported.sum()),
        helpers=float(state.elders.helper.sum()),
        villages=state.land.villages,
        contracts=float((state.contracts.organization >= 0).sum()),
        fees_waived=float((fee * (state.elders.enrolled & waived)).sum()),
        rules=len(set(government.legal_rules(params.legal)) - state.drafted),
        lists=_lists(state, new_sites),
        applications=float(state.office.applications[0]),
        accidents=_accidents(state),
    )


def _lists(state: State, new_sites: float) -> float:
    """Villages with a site, or to get one, in which more tasks are to be named than ever before."""
    lacking = state.params.responsibility.named_share > state.committees.named
    with_site = state.land.hamlets_to_village(state.sites.open) > 0
    return float((lacking & with_site).sum()) + min(new_sites, float((lacking & ~with_site).sum()))


def _accidents(state: State) -> float:
    """Accidents that users as reported and helpers' hours let expect in a year."""
    way, sites = state.params.geography, state.sites
    of_users = float(sites.users_reported.sum()) * DAYS * way.accident_elder_days
    of_helpers = float(sites.help_hours.sum()) * way.accident_helper_hours
    return 12 * (of_users + of_helpers) / 1000


def campaigning(state: State) -> bool:
    """Whether the share of villages with an open site is short of the county's target."""
    open_in_village = state.land.hamlets_to_village(state.sites.open) > 0
    return bool(
        open_in_village.mean() * int(state.params.access.villages_per_site) < state.params.government.target_share
    )
