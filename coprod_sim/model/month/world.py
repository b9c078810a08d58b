"""What compiled code is given of a county: its tables and books, and what holds this month.

Arrays are made once for a run and stay the same ones, so that a month is one call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.county.payment import Got, Scratch
from coprod_sim.model.design.bargain import Room
from coprod_sim.model.land import Reach
from coprod_sim.model.life_tables import LifeTables
from coprod_sim.model.people.acquaintances import Known, Shown
from coprod_sim.model.people.asking import Helpers
from coprod_sim.model.people.counting import Counted
from coprod_sim.model.people.need import CoverBase
from coprod_sim.model.people.population import CoverRoom
from coprod_sim.model.people.presence import Listed, Thinking
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import County, Organizations, Passing, Sites, Townships, Villages
from coprod_sim.model.stages.admitting import Plans
from coprod_sim.model.stages.after_help import Skilled
from coprod_sim.model.stages.believing import News
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.scenario.schema import Scenario

Keys = NDArray[np.uint64]


class Places(NamedTuple):
    """Where the hamlets and the elders of a village stand in their tables; nothing here ever changes.

    Attributes:
        first_site, hamlets: (villages,) row of a village's first hamlet, and how many it has.
        starts, rows: (villages,) row of a village's first elder, and how many rows there are.
        hamlet_starts, hamlet_rows: (hamlets,) the same of a hamlet.
    """

    first_site: Ints
    hamlets: Ints
    starts: Ints
    rows: Ints
    hamlet_starts: Ints
    hamlet_rows: Ints


class Books(NamedTuple):
    """This month's books, by the positions of `county.flows`.

    Attributes:
        moved: (FLOWS,) yuan; meals: (MEALS,) meals; given: (GIVERS,) hours; used: (USES,) hours.
        purses: (PURSES,) yuan, stock: (1,) meals, balances: (1,) hours of credits, all as the month began.
    """

    moved: Floats
    meals: Floats
    given: Floats
    used: Floats
    purses: Floats
    stock: Floats
    balances: Floats


class World(NamedTuple):
    """A county.

    Attributes:
        elders, helped, sites, villages, townships, organizations, county, passing: columns of tables.
        places, reach: where rows stand, and which site serves whom this month.
        shown, known: room for what elders of a village show; what acquaintances see of it, as the month began.
        books: yuan, meals, hours, credits of this month.
        offers: meals and fees of plans, as they stand.
        audits: (hamlets,) 1 where there is an audit this month.
        need_open: (villages,) share of users' skilled need that was open last month.
        aims: (villages, 3) squared distances of the plan from the guideline, the committee's and elders' ideals.
        news: what became of due money this month, in months of it.
        out, gains, skilled, counted, helpers, got: what passes of this month write for later ones.
        company, share: (rows,) company of users, and the share of it that is got.
        there, signed_up, offering: who is there this month, who of them uses a site or waits, who offers hours of help.
        thinks: room for who thinks of a choice.
        changed: (rows,) whose cover changed this month; draws: of everybody's cover, for life;
            cover: room for some of these.
        scratch, bargain, order, drawn, names: room.
    """

    elders: Elders
    helped: Helped
    sites: Sites
    villages: Villages
    townships: Townships
    organizations: Organizations
    county: County
    passing: Passing
    places: Places
    reach: Reach
    shown: Shown
    known: Known
    books: Books
    offers: Plans
    audits: Floats
    need_open: Floats
    aims: Floats
    news: News
    out: TableMonth
    gains: Gains
    skilled: Skilled
    counted: Counted
    helpers: Helpers
    got: Got
    company: Floats
    share: Floats
    there: Listed
    signed_up: Listed
    offering: Listed
    thinks: Thinking
    changed: Flags
    draws: Floats
    cover: CoverRoom
    scratch: Scratch
    bargain: Room
    order: Ints
    drawn: Floats
    names: Ints


class Now(NamedTuple):
    """What holds in a month.

    Attributes:
        month: number, from 0.
        values: of parameters and levers.
        keys: of this month's random numbers, by stream; for_life: of those that are drawn once.
        tables, prevalence, base: of the life course and of cover.
        cover_anew: parameters or rules that cover follows from have changed.
    """

    month: int
    values: Scenario
    keys: Keys
    for_life: Keys
    tables: LifeTables
    prevalence: Floats
    base: CoverBase
    cover_anew: bool
