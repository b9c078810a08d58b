"""The elders at both ends of a month: who is counted at its beginning, and a month of their lives (ODD 3, 7.6)."""

from __future__ import annotations

from coprod_sim.model.columns import Ints
from coprod_sim.model.month.state import State
from coprod_sim.model.people import counting, life
from coprod_sim.model.people.life import LifeKeys
from coprod_sim.model.people.population import cover_keys
from coprod_sim.model.streams import Stream

YEAR = 12


def begin(state: State) -> None:
    """Start the month: books, what holds, who serves whom, users, helpers and members as they stand."""
    before = state.site
    state.start_month()
    wait_at_other_site(state, before)
    count(state)


def wait_at_other_site(state: State, before: Ints) -> None:
    """Users whose hamlet another site serves from now on wait there (ODD 2.4).

    Args:
        before: (hamlets,) the site that served each last month, -1 without.
    """
    other = (state.site != before) & (state.site >= 0)
    if other.any():
        moved = state.elders.enrolled & other[state.elders.hamlet]
        state.elders.waiting[moved], state.elders.enrolled[moved] = True, False


def count(state: State) -> None:
    """Users, helpers and members as they stand."""
    state.rules.version(counting.count_users)(
        state.elders.arrays, state.sites.arrays, state.site, state.meals_offered, state.values.services
    )
    state.rules.version(counting.count_everybody)(
        state.elders.arrays, state.sites.arrays, state.villages.arrays, state.site, state.month, state.counted,
        state.values.access,
    )  # fmt: skip


def live(state: State) -> None:
    """A month of life of everybody."""
    moving = 1 - (1 - state.params.population.migration_rate) ** (1 / YEAR)
    keys = LifeKeys(*(state.key(stream) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)))
    people = state.people
    follows = state.values.family, state.rules  # beside the elders' own state, what cover follows from
    ended = state.rules.version(life.live_a_month)(
        state.elders.arrays, people.rates.tables, state.month, moving, keys, people.base, state.values.family,
        cover_keys(state.chance), people.changed, state.covered_by != follows,
    )  # fmt: skip
    state.covered_by = follows
    state.credits.lost = float(ended.credits)
    state.passing.stopped_in_life = int(ended.helpers)
