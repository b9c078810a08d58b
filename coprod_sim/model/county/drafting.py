"""Legal rules are drafted once, when they first come into force (ODD 7.3.1)."""

from __future__ import annotations

from typing import Any, NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.scenario.levers import LIABILITY, Legal

ELDER_LIABLE: Any = LIABILITY.index("elder")  # what rules are given: the position of the word


class LegalRules(NamedTuple):
    """Legal rules that are drafted once, when they first come into force: which there are."""

    insurance: bool
    liability: bool
    enforcement: bool
    guarantee: bool


@rule
def legal_rules_so_far(before: LegalRules, legal: Legal) -> LegalRules:
    """Legal rules that are in force now or were before: they are drafted once (ODD 7.3.1)."""
    return LegalRules(
        insurance=before.insurance or legal.insurance,
        liability=before.liability or legal.liability != ELDER_LIABLE,
        enforcement=before.enforcement or legal.contract_enforcement,
        guarantee=before.guarantee or legal.payment_guarantee,
    )


@rule
def rules_to_draft(before: LegalRules, legal: Legal) -> float:
    """How many legal rules come into force for the first time (ODD 7.3.1)."""
    now = legal_rules_so_far(before, legal)
    new = 0.0
    new += 1.0 if now.insurance and not before.insurance else 0.0
    new += 1.0 if now.liability and not before.liability else 0.0
    new += 1.0 if now.enforcement and not before.enforcement else 0.0
    new += 1.0 if now.guarantee and not before.guarantee else 0.0
    return new
