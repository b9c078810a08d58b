"""Need, and what self and family cover of it without the scheme (ODD 7.1)."""

from __future__ import annotations

from statistics import NormalDist

from coprod_sim.scenario.schema import Scenario
from tests.reference.world import (
    AWAY,
    COMPANY,
    DAILY_HELP,
    DAYS,
    HEALTH,
    HOME,
    MEALS,
    WEEKS,
    Elder,
    World,
    expit,
    logit,
)

NORMAL = NormalDist()
SERVICES = (MEALS, COMPANY, DAILY_HELP, HEALTH)


def amount(scenario: Scenario, grade: int, service: int) -> float:
    """The amount N that is needed in a month."""
    health = scenario.health
    if service == MEALS:
        return 3 * DAYS
    if service == COMPANY:
        return health.company_need * WEEKS
    if service == DAILY_HELP:
        return health.care_mild * health.care_step ** (grade - 1) * WEEKS if grade > 0 else 0.0
    return health.health_visits * (1 + grade) / 12


def near(scenario: Scenario, child: int) -> float:
    """What a child adds to the logit of cover, by where the nearest lives."""
    return scenario.family.child * scenario.family.child_decay**child if child <= AWAY else 0.0


def fit(partner: Elder | None) -> float:
    """How fit a partner is to care: 1 if alive and independent, one half with mild loss."""
    if partner is None or not partner.alive:
        return 0.0
    return {0: 1.0, 1: 0.5}.get(partner.adl, 0.0)


def care(scenario: Scenario) -> float:
    """The mean of the logit of daily help such that `family.without_care` have less than a tenth (ODD 7.1).

    Over the reference mix: age 78; half with a partner of fit one half, half with none; places of children by the
    population's shares; grades by severity; all independent of each other.
    """
    family, people, health = scenario.family, scenario.population, scenario.health
    children = (
        people.child_same_home,
        people.child_in_village,
        people.child_in_county,
        people.child_away,
        people.child_none,
    )
    grades = (health.severity_mild, health.severity_moderate, health.severity_severe)
    mix = [
        (
            0.5 * of_children * of_grades,
            family.spouse * fitness + near(scenario, child) - family.age * 0.8 - family.grade * (grade - 1),
        )
        for fitness in (0.5, 0.0)
        for child, of_children in enumerate(children)
        for grade, of_grades in enumerate(grades, start=1)
    ]

    def without(mean: float) -> float:
        return sum(share * NORMAL.cdf((logit(0.1) - mean - rest) / family.spread) for share, rest in mix)

    low, high = -50.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        if without(middle) > family.without_care:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cover(world: World, elder: Elder, service: int) -> float:
    """The share F that self and family cover without the scheme."""
    family = world.now.family
    partner = world.elders[elder.partner] if elder.partner >= 0 else None
    old = (elder.age(world.date) - 70) / 10
    kin = family.spouse * fit(partner) + near(world.now, elder.child) - family.age * old
    if service == MEALS:
        mean = family.meals + kin - family.grade * elder.adl
    elif service == DAILY_HELP:
        if "care" not in world.tables:
            world.tables["care"] = care(world.now)
        base = world.tables["care"]
        assert isinstance(base, float)
        mean = base + kin - family.grade * (elder.adl - 1)
    elif service == COMPANY:
        if partner is not None and partner.alive:
            lonely = family.lonely_married
        elif elder.child == HOME or elder.with_others:
            lonely = family.lonely_with_others
        else:
            lonely = family.lonely_alone
        mean = -family.spread * NORMAL.inv_cdf(lonely)
    else:
        mean = family.spread * NORMAL.inv_cdf(family.checked_up)
    return expit(mean + family.spread * (elder.cover_common + elder.cover_draws[service]) / 2**0.5)


def withdrawing(world: World, elder: Elder) -> float:
    """The part c of what others serve by which self and family withdraw."""
    return world.now.family.crowd_out * (4 - elder.adl) / 4


def withdrawn(c: float, served: float, covered: float) -> float:
    """What self and family withdraw, w, where others serve and they cover N F."""
    return c * min(served, covered)


def gain(c: float, served: float, still_open: float, covered: float) -> float:
    """Net gain C."""
    return min(still_open, served - withdrawn(c, served, covered))


def claimable(c: float, still_open: float, covered: float) -> float:
    """The service at which service less what it lets withdraw is the open need."""
    refilled = still_open / (1 - c)
    return refilled if refilled <= covered else still_open + c * covered


def work_out(world: World) -> None:
    """Need, cover and open need of the month; what the month brings is still nothing (ODD 3, start)."""
    for elder in world.elders:
        bring_nothing(elder)
        if not elder.present:
            elder.need, elder.open_need = [0.0] * 4, [0.0] * 4
            elder.company_open = elder.company_covered = 0.0
            continue
        for service in SERVICES:
            elder.need[service] = amount(world.now, elder.adl, service)
            elder.cover[service] = cover(world, elder, service)
            elder.open_need[service] = elder.need[service] * (1 - elder.cover[service])
        elder.company_open = elder.open_need[COMPANY]
        elder.company_covered = elder.need[COMPANY] * elder.cover[COMPANY]


def cover_everybody(world: World, month: int) -> None:
    """What self and family cover as a month begins."""
    world.month = month
    for elder in world.present:
        for service in SERVICES:
            elder.cover[service] = cover(world, elder, service)


def bring_nothing(elder: Elder) -> None:
    """Empty what last month brought an elder; hours for the site are kept until helpers go again."""
    elder.meals_got = elder.table_company = elder.table_gain = elder.table_withdrawn = 0.0
    elder.help_left = elder.company_left = elder.visits_left = 0.0
    elder.daily_help = elder.company = elder.by_neighbours = elder.by_list = 0.0
    elder.visits = elder.own_company = 0.0
    elder.claims = False
    elder.asked_for = elder.honoured = 0.0


def company_at_table(world: World, elder: Elder, full: float, share: float) -> None:
    """Company at the table: full service S*, of which the share q is got (ODD 7.1, 7.4.5).

    What helpers bring is read after this, against what it left.
    """
    c = withdrawing(world, elder)
    still_open, covered = elder.open_need[COMPANY], elder.need[COMPANY] * elder.cover[COMPANY]
    elder.table_company = share * full
    elder.table_withdrawn = share * withdrawn(c, full, covered)
    elder.table_gain = share * gain(c, full, still_open, covered)
    elder.company_open = still_open - elder.table_gain
    elder.company_covered = covered - elder.table_withdrawn
    world.add("users: given", elder.table_company)
    world.add("users: company", elder.table_company)


def open_share_of_users(world: World, village: int) -> float:
    """The open share of daily help and health of a village's users this month, in hours (ODD 7.3.8).

    One half where no need is open. A visit is one skilled hour.
    """
    wanted = left = 0.0
    for elder in world.by_village[village]:
        if elder.present and elder.enrolled:
            c = withdrawing(world, elder)
            for service, served in ((DAILY_HELP, elder.daily_help), (HEALTH, elder.visits)):
                still_open, covered = elder.open_need[service], elder.need[service] * elder.cover[service]
                wanted += still_open
                left += still_open - gain(c, served, still_open, covered)
    return left / wanted if wanted > 0 else 0.5
