"""Process: how the work is done. The gauges of the study's four problems are among these."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.indicators.declaring import FLOW, LATER, PROCESS, TABLE, by_group, of_county
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, among
from coprod_sim.model.indicators.tally import Tally


@of_county("Distance between the parties' aims", PROCESS, "0-1", of="villages", better=-1, gauge="design",
           shown=(TABLE,))  # fmt: skip
def aims_spread(tally: Tally) -> float:
    """Mean distance of the parties' ideals from the plan."""
    return float(tally.state.committees.aims_spread.mean())


@by_group("How close the plan is to elders' wishes", PROCESS, "0-1", of="elders", shown=(TABLE, LATER))
def recognition(elder: ElderMonth) -> Counted:
    """Mean closeness of the plan to elders' own ideals."""
    return among(elder.recognition, True)


@of_county("Sites whose running money came late or short", PROCESS, "share", of="open sites", better=-1,
           gauge="management", shown=(TABLE,))  # fmt: skip
def money_late_share(tally: Tally) -> float:
    """Open sites whose running money was not paid in full."""
    return tally.of_open_sites(tally.state.sites.late)


@of_county("Accidents for which the injured paid", PROCESS, "accidents", kind=FLOW, better=-1, gauge="management",
           shown=(TABLE,))  # fmt: skip
def accidents_unanswered(tally: Tally) -> float:
    """Accidents of which the injured bore a cost."""
    return tally.counted("accidents_unanswered")


@of_county("Tasks left undone", PROCESS, "share", of="tasks at open sites", better=-1, gauge="provision",
           shown=(TABLE,))  # fmt: skip
def tasks_undone_share(tally: Tally) -> float:
    """Tasks left undone."""
    return tally.of_open_sites(tally.state.sites.undone)


@of_county("Tasks done twice", PROCESS, "share", of="tasks at open sites", better=-1)
def tasks_twice_share(tally: Tally) -> float:
    """Tasks done twice."""
    return tally.of_open_sites(tally.state.sites.twice)


@of_county("Reported score above the true score", PROCESS, "score", of="sites of the last year", better=-1,
           gauge="evaluation", shown=(TABLE,))  # fmt: skip
def score_inflation(tally: Tally) -> float:
    """Reported less true score of the last year."""
    true, reported = tally.state.scores
    return reported - true


@of_county("Public money diverted of what reached sites", PROCESS, "share", of="public money that reached sites",
           better=-1, gauge="evaluation", shown=(TABLE,))  # fmt: skip
def diverted_share(tally: Tally) -> float:
    """Diverted of the public money that reached sites."""
    return tally.state.money.paid_for("diverted") / tally.public_money if tally.public_money > 0 else np.nan
