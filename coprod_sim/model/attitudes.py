"""How motivation and trust of every party follow experience: one equation (ODD 7.5.4)."""

from __future__ import annotations

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.levers import Supervision
from coprod_sim.scenario.parameters import Motives


@rule
def motivation_after(
    motivation: float, rest: float, recognition: float, experience: float, sanctioned: float, motives: Motives
) -> float:
    """Motivation moves to where it rests, higher or lower by recognition and experience (ODD 7.5.4).

    Args:
        motivation: of any party, 0-1.
        rest: where it rests if nothing happens, 0-1.
        recognition: of the plan, 0-1; see `recognition_felt`.
        experience: of a helper, of a committee or organisation its expectation, else one half; 0-1.
        sanctioned: of a committee in the month of a sanction, else 0 (sign: Frey & Oberholzer-Gee 1997).
        motives: parameters.
    """
    moved = rest + motives.feel * (recognition - MIDDLE) + motives.feel * (experience - MIDDLE) - motivation
    return clip(motivation + motives.rate * moved - motives.feel * sanctioned, 0.0, 1.0)


@rule
def trust_after(trust: float, rest: float, received: float, motives: Motives) -> float:
    """Trust moves to where it rests, higher or lower by what was received (ODD 7.5.4)."""
    return clip(trust + motives.rate * (rest + motives.feel * (received - MIDDLE) - trust), 0.0, 1.0)


@rule
def recognition_felt(recognition: float, plan: bool) -> float:
    """Recognition of the plan, one half where there is none, without an open site (ODD 7.5.4)."""
    return recognition if plan else MIDDLE


@rule
def mean_recognition(total: float, villages: float) -> float:
    """County's and organisations' recognition is the mean over villages with a plan, one half without any (ODD 7.2.4).

    Args:
        total: sum of the party's recognition of each village's plan.
        villages: how many there are.
    """
    return total / villages if villages > 0.0 else MIDDLE


@rule
def experience_of_helper(worked: float, offered: float) -> float:
    """A helper's experience is hours worked over hours offered, one half if none were offered (ODD 7.5.4)."""
    return worked / offered if offered > 0.0 else MIDDLE


@rule
def received_by_elder(user: bool, got: float, wanted: float, told: float) -> float:
    """What an elder received: a user's meals got over wanted, else what acquaintances who are users say (ODD 7.5.4).

    Args:
        user: uses a site.
        got: meals got this month.
        wanted: meals that the elder eats a month if all are served.
        told: mean satisfaction of acquaintances who are users, one half without any.
    """
    if not user:
        return told
    return got / wanted if wanted > 0.0 else MIDDLE


@rule
def weight_of_sanction(diverted: float, supervision: Supervision) -> float:
    """What a sanction takes from a committee's motivation, by the share that was diverted (ODD 7.5.4).

    Frey & Oberholzer-Gee 1997: sign.
    """
    return min(supervision.sanction, 1.0) * diverted
