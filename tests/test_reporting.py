"""Reports, scores and what follows from them (ODD 7.5.2, 7.5.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coprod_sim.model.places import OPEN, STOPPED, Sites, Townships, Villages
from coprod_sim.model.stages import reporting
from coprod_sim.model.stages.reporting import ReportNumbers
from coprod_sim.model.streams import Chance, Stream
from tests.rules import rule_values


def numbers_of(**groups: Any) -> ReportNumbers:
    values = rule_values(groups)
    return ReportNumbers(values.committee, values.services, values.supervision, values.structure)


class December:
    """Four sites in two villages: two honest, one vain, one that stopped and is reported open."""

    def __init__(self) -> None:
        self.sites, self.villages, self.townships = Sites(4), Villages(2), Townships(1)
        self.sites.village[:], self.sites.status[:] = (0, 0, 1, 1), (OPEN, OPEN, OPEN, STOPPED)
        self.sites.phantom[3] = True
        self.sites.funded[:], self.sites.factor[:], self.sites.users[:] = True, 1.0, 10.0
        # Twelve months: 9.6 months of days, half of the places used, 6 of satisfaction, no money diverted.
        self.sites.year[:, :6] = (12, 9.6, 6.0, 6.0, 36_000, 0)
        self.villages.vanity[:], self.villages.paper_done[:] = (0.0, 0.5), 1.0

    def evaluate(self, **groups: Any) -> np.ndarray:
        paid = np.zeros(4)
        reporting.evaluate_year(
            self.sites.arrays, self.villages.arrays, self.townships.arrays, 11, Chance(2).key(Stream.EVALUATE, 11),
            paid, numbers_of(**groups),
        )  # fmt: skip
        return paid


def test_users_are_reported_as_far_as_nobody_looks() -> None:
    it = December()
    it.sites.users_reported[:] = 12.0
    reporting.report_users(it.sites.arrays, it.villages.arrays, numbers_of())
    # Vanity .5 less deterrence 1 x sanction .3 x chance .15: .455 of the fifteen places that are free. What stopped and
    # is reported open keeps its last report.
    assert it.sites.users_reported.tolist() == pytest.approx([10, 10, 10 + 15 * 0.455, 12])
    it.sites.phantom[3] = False
    reporting.report_users(it.sites.arrays, it.villages.arrays, numbers_of())
    assert it.sites.users_reported[3] == 0


def test_an_honest_site_is_scored_as_it_is() -> None:
    it = December()
    it.evaluate()
    # .8 of days, .5 of places, .5 of satisfaction, all money in order: .7.
    assert it.sites.score_true[:3] == pytest.approx(0.7) and it.sites.score[:2] == pytest.approx(0.7)
    assert it.sites.days_reported[:2] == pytest.approx(0.8)


def test_a_vain_one_is_scored_higher_and_satisfaction_that_nobody_is_asked_for_is_asserted() -> None:
    it = December()
    it.evaluate()
    asked_nobody, looked = 0.5, 0.5 - 0.3 * 0.15
    parts = [0.8 + 0.2 * looked, 0.5 + 0.5 * looked, 0.5 + 0.5 * asked_nobody, 1.0]
    assert it.sites.score[2] == pytest.approx(np.mean(parts)) and it.sites.days_reported[2] == pytest.approx(parts[0])


def test_what_stopped_and_is_reported_open_keeps_its_last_report() -> None:
    it = December()
    it.evaluate()
    assert not it.sites.scored[3]  # it was never reported
    it.sites.scored[3], it.sites.score[3], it.sites.score_true[3], it.sites.days_reported[3] = True, 0.9, 0.7, 0.8
    it.evaluate()
    assert it.sites.scored[3] and (it.sites.score[3], it.sites.days_reported[3]) == (0.9, 0.8)
    assert it.sites.funded[3] and it.sites.score_true[3] == 0  # there is no truth to it
    it.evaluate(supervision={"renewal_score": 0.95})
    assert not it.sites.funded[3]


def test_a_township_adds_its_own_interest_and_an_audit_tells_the_truth() -> None:
    it = December()
    it.townships.vanity[:], it.sites.audited[1] = 0.4, True
    it.evaluate()
    parts = np.array([0.8, 0.5, 0.5, 1.0])
    assert it.sites.score[0] == pytest.approx((parts + (1 - parts) * 0.4).mean())
    assert it.sites.score[1] == pytest.approx(0.7)


def test_an_outside_evaluator_is_near_the_truth() -> None:
    it = December()
    it.townships.vanity[:] = 0.4
    it.evaluate(supervision={"evaluator": "external"})
    assert np.abs(it.sites.score[:3] - 0.7).max() < 0.4 and not np.allclose(it.sites.score[:3], 0.7)
    it.evaluate(structure={"perfect_evaluation": 1.0})
    assert it.sites.score[:3] == pytest.approx(0.7) and it.sites.score[3] == 0


def test_money_ends_with_a_low_score_and_follows_scores_within_a_fixed_total() -> None:
    it = December()
    it.sites.year[1, 1:4] = 0.0  # all that counts for it is that no money was diverted
    it.evaluate(supervision={"renewal_score": 0.6, "money_follows_score": 1.0})
    assert it.sites.funded[:3].tolist() == [True, False, True]
    funded = it.sites.funded & (it.sites.status == OPEN)
    assert it.sites.factor[funded].mean() == pytest.approx(1)
    assert it.sites.factor[2] / it.sites.factor[0] == pytest.approx((it.sites.score[2] / 0.7) ** 2)


def test_a_sanction_is_paid_by_the_village_as_far_as_its_cash_goes_and_hurts() -> None:
    it = December()
    it.sites.year[:3, 5], it.sites.money_found[:3] = (3_600.0, 0.0, 7_200.0), (True, True, True)
    it.villages.cash[:] = (10_000.0, 1_000.0)
    paid = it.evaluate(supervision={"sanction": 0.5})
    assert paid.tolist() == pytest.approx([1_800.0, 0.0, 1_000.0, 0.0])
    assert it.villages.cash.tolist() == pytest.approx([8_200.0, 0.0])
    # Half of a tenth, and half of a fifth, of what came was diverted.
    assert it.villages.sanctioned.tolist() == pytest.approx([0.05, 0.1])
