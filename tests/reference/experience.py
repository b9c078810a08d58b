"""Elders at the talk about the plan, what they want, and how experience moves them (ODD 7.2.1, 7.2.2, 7.5.4)."""

from __future__ import annotations

from math import floor

from coprod_sim.model.streams import Stream
from tests.reference.table import eaten, wish
from tests.reference.world import DAYS, WALKING, Elder, Village, World, clip, distance, expit

SEVENTH_PLACE = 6  # of acquaintances; the eighth follows


# -- the talk (ODD 7.2.2) ---
def attend(world: World) -> None:
    """In January: who attends this year's talk, and whom they get to know. Without talk nobody attends."""
    negotiation = world.now.negotiation
    seat = negotiation.rounds > 0 and negotiation.elders_seat
    for elder in world.elders:
        elder.attended = False
        if elder.present and elder.aware and elder.able and seat:
            elder.attended = world.uniform(Stream.ATTEND, elder.row) < expit(utility_of_attending(world, elder))
    if world.now.structure.talk_meets:
        for village in world.villages:
            meet(world, [elder for elder in world.by_village[village.row] if elder.attended])


def utility_of_attending(world: World, elder: Elder) -> float:
    """The utility of attending; its cost is the month's part of a year's rounds."""
    motives, negotiation = world.now.motives, world.now.negotiation
    hours = negotiation.rounds * (negotiation.round_hours + 2 * world.km(elder) / WALKING) / 12
    return (
        world.now.design.attend
        + motives.intrinsic * (elder.motivation - 0.5)
        + motives.trust * (elder.trust - 0.5)
        + motives.others * elder.seen.attended
        - motives.per_income * world.prices.rural_wage * hours / elder.income
    )


def meet(world: World, those: list[Elder]) -> None:
    """Each who attends gets to know another who does; in even years in the seventh place, in odd in the eighth."""
    if len(those) < 2:
        return
    place = SEVENTH_PLACE + world.month // 12 % 2
    for at, elder in enumerate(those):
        drawn = floor(world.uniform(Stream.MET, elder.row) * (len(those) - 1))
        elder.acquaintances[place] = those[drawn if drawn < at else drawn + 1].row


# -- ideals and voices (ODD 7.2.1, 7.2.2) ---
def form_ideals(world: World, village: Village) -> None:
    """Ideals of a village's elders, with its break-even fee as far as they know what a site costs."""
    fee = clip(village.cost_known * village.break_even / 10)
    for elder in world.by_village[village.row]:
        elder.ideal = None
        if elder.present:
            homes = wants_homes(world, elder)
            elder.ideal = [wish(world, elder) / 3, fee, homes, homes, 1 - elder.trust]


def wants_homes(world: World, elder: Elder) -> float:
    """The ideal of hours kept for the homebound: 1 with ADL loss, else the share of acquaintances with it."""
    if elder.adl > 0:
        return 1.0
    known = world.known_to(elder)
    return sum(other.adl > 0 for other in known) / len(known) if known else 0.0


def voice(world: World, elders: list[Elder]) -> list[float] | None:
    """The mean ideal of some elders, meals and fee weighed by the meals each would eat; None of nobody."""
    heard = [(elder.ideal, wish(world, elder)) for elder in elders if elder.present and elder.ideal is not None]
    if not heard:
        return None
    alike = [1.0] * len(heard)
    weights = [weight for _, weight in heard]
    if sum(weights) <= 0:
        weights = alike
    found = []
    for item in range(5):
        by = weights if item < 2 else alike
        found.append(sum(weight * ideal[item] for weight, (ideal, _) in zip(by, heard, strict=True)) / sum(by))
    return found


def recognise(world: World, village: Village, plan_kept: list[float]) -> None:
    """Elders' recognition of a village's plan: closeness to what each wants, less what was not kept (ODD 7.2.4)."""
    kept = 1 - distance(village.plan, plan_kept)
    for elder in world.by_village[village.row]:
        if elder.present and elder.ideal is not None:
            elder.recognition = (1 - distance(village.plan, elder.ideal)) * kept


# -- the month's experience (ODD 7.5.4) ---
def feel(world: World) -> None:
    """Everybody's trust and motivation."""
    for elder in world.elders:
        if elder.present:
            move_trust(world, elder, received(world, elder))
            move_motivation(world, elder)


def received(world: World, elder: Elder) -> float:
    """What trust goes by: meals got over meals wanted, or what acquaintances who are users had last month."""
    if not elder.enrolled:
        return elder.seen.satisfaction
    wanted = eaten(world, elder) * DAYS
    return elder.meals_got / wanted if wanted > 0 else 0.5


def move_trust(world: World, elder: Elder, got: float) -> None:
    """Trust moves to where what was received puts it."""
    motives = world.now.motives
    aim = elder.trust_rests + motives.feel * (got - 0.5)
    elder.trust = clip(elder.trust + motives.rate * (aim - elder.trust))


def move_motivation(world: World, elder: Elder) -> None:
    """Motivation moves to where recognition and, of a helper, hours worked over offered put it."""
    motives = world.now.motives
    experience = elder.worked / elder.offered if elder.helper and elder.offered > 0 else 0.5
    recognition = elder.recognition if world.open_sites_of(elder.village) else 0.5
    aim = elder.motivation_rests + motives.feel * (recognition - 0.5) + motives.feel * (experience - 0.5)
    elder.motivation = clip(elder.motivation + motives.rate * (aim - elder.motivation))
