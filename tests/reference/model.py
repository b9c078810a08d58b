"""The textbook model: one step is a month (ODD 3)."""

from __future__ import annotations

from coprod_sim.scenario.schema import Scenario
from tests.reference import (
    associations,
    beliefs,
    choices,
    design,
    duties,
    experience,
    faults,
    helping,
    home,
    kitchen,
    life,
    money,
    need,
    openings,
    organisations,
    reports,
    start,
)
from tests.reference.world import World, clip


class Textbook:
    """A county, month by month.

    Attributes:
        world: everything there is, as it is after the last step.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """The world as it is before month 0."""
        self.world: World = start.build(scenario, seed)
        self.months = 0

    def step(self) -> None:
        """A month, in the order of ODD 3."""
        world = self.world
        self.begin(world)
        if world.month % 12 == 0:
            self.design_year(world)
        self.manage(world)
        self.provide(world)
        self.evaluate(world)
        life.live(world)
        self.months += 1
        need.cover_everybody(world, self.months)

    def begin(self, world: World) -> None:
        """Levers of the month, who serves which hamlet, need, cover, acquaintances."""
        world.begin_month(self.months)
        helping.look_around(world)
        world.find_who_serves()
        need.work_out(world)
        helping.count(world)
        duties.count_parties(world)
        for village in world.villages:
            village.guideline_homes = start.homes_of_the_guideline(world, village)
            village.members_content = choices.members_content(world, village)

    def design_year(self, world: World) -> None:
        """In January: contracts, attendance, talk, learning, bargain, recognition."""
        design.keep(world)
        organisations.contract(world)
        design.talk_and_plan(world)
        reports.close_books(world)

    def manage(self, world: World) -> None:
        """The county's year, openings, associations, hours, money, admission."""
        if world.month % 12 == 0:
            money.begin_year(world)
        openings.month_of_openings(world)
        associations.begin_and_end(world)
        design.have_plans(world)
        faults.draw_audits(world)
        duties.work(world)
        helping.ask(world)
        money.give(world)
        reports.open_books(world)
        money.claim(world)
        money.pay(world)
        money.top_up(world)
        beliefs.expect(world)
        for village in world.villages:
            village.paid_on_the_day = village.paid_late = village.lapsed = 0.0
        money.admit(world)

    def provide(self, world: World) -> None:
        """Choices, helpers, the table, accidents, closures."""
        choices.choose(world)
        sites = [site for site in world.sites if site.is_open]
        for site in sites:
            kitchen.settle(world, site)
            kitchen.give_company(world, site)
        home.help_each_other(world)
        for site in sites:
            kitchen.serve(world, site)
            kitchen.wear(world, site)
            kitchen.accident(world, site)
        openings.close_sites(world)

    def evaluate(self, world: World) -> None:
        """Faults, experience; in the last month of a quarter and of a year reports."""
        faults.evaluate(world)
        reports.count_month(world)
        self.feel(world)
        if world.month % 3 == 2:
            reports.report_users(world)
        if world.month % 12 == 11:
            reports.report_year(world)

    def feel(self, world: World) -> None:
        """Experience of all parties (ODD 7.5.4)."""
        design.average_recognition(world)
        experience.feel(world)
        for village in world.villages:
            recognition = village.recognition if world.open_sites_of(village.row) else 0.5
            aim = experienced(world, village.motivation_rests, recognition, village.expectation)
            moved = village.motivation + world.now.motives.rate * (aim - village.motivation)
            village.motivation = clip(moved - world.now.motives.feel * village.sanctioned)
            village.sanctioned = 0.0
        for organisation in world.organisations:
            aim = experienced(world, 0.5, organisation.recognition, organisation.expectation)
            organisation.motivation = clip(
                organisation.motivation + world.now.motives.rate * (aim - organisation.motivation)
            )
        county = world.county
        aim = experienced(world, 0.5, county.recognition, 0.5)
        county.motivation = clip(county.motivation + world.now.motives.rate * (aim - county.motivation))


def experienced(world: World, rests: float, recognition: float, experience_of_it: float) -> float:
    """Where experience puts a party's motivation."""
    feel = world.now.motives.feel
    return rests + feel * (recognition - 0.5) + feel * (experience_of_it - 0.5)
