"""The elders at both ends of a month: who is counted at its beginning, and a month of their lives (ODD 3, 7.6)."""

from __future__ import annotations

from coprod_sim.model.columns import Ints
from coprod_sim.model.county.credits import LOST
from coprod_sim.model.engine.compiling import compiled_pass, part_of_month, row_step
from coprod_sim.model.engine.copying import copy_into
from coprod_sim.model.land import look_who_serves
from coprod_sim.model.month.books import open_books
from coprod_sim.model.month.offers import see_offers
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.acquaintances import look_round
from coprod_sim.model.people.counting import count_everybody, count_users, count_who_may_come
from coprod_sim.model.people.life import LifeKeys, live_a_month
from coprod_sim.model.people.presence import see_who_is_there, see_who_signed_up
from coprod_sim.model.people.table import FOR_LIFE, Elders
from coprod_sim.model.stages.serving import empty_gains
from coprod_sim.model.streams import Stream

YEAR = 12


@part_of_month
def begin(world: World, now: Now) -> None:
    """Start the month: books, who serves whom, what acquaintances do, users, helpers and members as they stand."""
    values, sites, places = now.values, world.sites, world.places
    open_books(world, now)
    before = world.reach.site.copy()
    look_who_serves(
        sites.status, sites.village, places.first_site, places.hamlets, values.geography.between_hamlets,
        int(values.access.villages_per_site), world.reach,
    )  # fmt: skip
    see_who_is_there(world.elders, places.starts, places.rows, world.there)
    look_round(world.elders, places.starts, places.rows, world.there, world.shown, world.known)
    if now.month == 0 or now.month % YEAR == 1:  # some got to know each other in talk
        for row in range(world.elders.present.size):
            copy_into(world.known.met[row], world.elders.acquaintances[row, FOR_LIFE:])
    wait_at_other_site(world.elders, world.reach.site, before)
    empty_gains(world.signed_up, world.company, world.share, world.gains)
    count(world, now)


@row_step
def another(site: Ints, before: Ints) -> bool:
    """Whether any hamlet has another site than last month, or one more or less."""
    found = False
    for hamlet in range(site.size):
        found = found or site[hamlet] != before[hamlet]
    return found


@compiled_pass
def wait_at_other_site(elders: Elders, site: Ints, before: Ints) -> None:
    """Users whose hamlet another site serves from now on, or none, wait (ODD 2.4).

    Args:
        site, before: (hamlets,) the site that serves each this month, and last month; -1 without.
    """
    if not another(site, before):
        return
    for row in range(elders.enrolled.size):
        hamlet = elders.hamlet[row]
        if elders.enrolled[row] and site[hamlet] != before[hamlet]:
            elders.waiting[row], elders.enrolled[row] = True, False


@part_of_month
def count(world: World, now: Now) -> None:
    """Users, helpers and members as they stand, and what plans offer."""
    see_offers(world, now)
    see_who_signed_up(world.elders, world.there, world.signed_up)
    count_users(world.elders, world.signed_up, world.sites, world.reach.site, world.offers.meals, now.values.services)
    starts, rows = world.places.hamlet_starts, world.places.hamlet_rows
    count_everybody(world.elders, world.there, world.sites, world.villages, world.reach.site, world.counted)
    count_who_may_come(
        world.elders, world.sites, world.reach.site, starts, rows, now.month, world.counted, now.values.access
    )


@part_of_month
def live(world: World, now: Now) -> None:
    """A month of life of everybody."""
    values, keys = now.values, now.keys
    moving = 1.0 - (1.0 - values.population.migration_rate) ** (1.0 / YEAR)
    ended = live_a_month(
        world.elders, world.there, now.tables, now.month, moving,
        LifeKeys(keys[Stream.ADL], keys[Stream.DEATH], keys[Stream.CHILD_MOVES]), now.base, values.family,
        world.draws, world.cover, world.changed, now.cover_anew, values.access.home_delivery,
    )  # fmt: skip
    world.passing.credits[0, LOST] = ended.credits
    world.passing.stopped_in_life[0] = ended.helpers
