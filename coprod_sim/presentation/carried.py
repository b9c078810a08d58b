"""Which recommendation's effect is one assumption, as the experiment `channels` found it.

For sentences about studies of the same model.

The table (`evidence/carried.csv`) is written by `experiments/make_readme.py` from the stored answer of that experiment,
with the fingerprint of the model that gave it: under another model nothing is said.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

from coprod_sim.model.indicators import selects
from coprod_sim.presentation import labels
from coprod_sim.presentation.labels import label, lower
from coprod_sim.presentation.language import gettext
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.study.design import Study
from coprod_sim.study.fingerprint import UNKNOWN, fingerprint
from coprod_sim.study.identity import PACKAGE

EXPERIMENT = "channels"
TABLE = PACKAGE / "evidence" / "carried.csv"


@dataclass(frozen=True)
class Carried:
    """An assumption, as `group.name`, and the part of a recommendation's effect that went when it was off."""

    recommendation: str
    assumption: str
    gone: float

    def words(self, policy: str) -> str:
        """The same as a sentence about a policy."""
        meaning = labels.parameter_meaning(self.assumption)
        return gettext(
            "What “{policy}” does hangs on one assumption, “{meaning}” ({assumption}): where it does not hold, {gone} "
            "of what {recommendation} adds to {result} is lost on average (experiment “{experiment}”)."
        ).format(
            policy=labels.policy(policy), meaning=lower(meaning), assumption=self.assumption, experiment=EXPERIMENT,
            gone=f"{self.gone:.0%}", recommendation=self.recommendation, result=lower(label(selects())),
        )  # fmt: skip


def carried(study: Study, policy: str) -> Carried | None:
    """What carries a policy that is one whole recommendation and nothing else; None where it is not known.

    Not known either where the study has rules of its own, or sets the assumption otherwise than usual.
    """
    made_of = dict(study.factors.get(policy, {}))
    if study.own_rules:
        return None
    one = next((one for one in known() if made_of == {one.recommendation: 1.0}), None)
    return one if one and _as_usual(study, one.assumption) else None


def known() -> tuple[Carried, ...]:
    """The table, or nothing where another model made it. An installed package, which has no baselines to know a model
    by, takes the table that it was built with."""
    today = fingerprint()
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Carried(row["recommendation"], row["assumption"], float(row["gone"]))
            for row in csv.DictReader(file)
            if today in (UNKNOWN, row["model"])
        )


def _as_usual(study: Study, assumption: str) -> bool:
    """Whether every scenario and parameter set of a study leaves an assumption at its default."""
    group, name = assumption.split(".")
    usual, *found = (getattr(getattr(one, group), name) for one in (scenario_from({}), *study.scenarios.values()))
    return all(one == usual for one in found) and all(
        draw.get(assumption, usual) == usual for draw in study.parameter_sets.values()
    )
