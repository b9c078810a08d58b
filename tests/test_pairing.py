"""What common random numbers gain."""

from __future__ import annotations

from pathlib import Path

import pytest

import coprod_sim as cs


@pytest.mark.slow
def test_pairs_are_at_least_ten_times_as_precise_for_a_small_change(tmp_path: Path) -> None:
    today = cs.load_scenario("village_small")
    audits = cs.load_scenario("village_small", ["supervision.audit_probability=0.2"])
    assert today.supervision.audit_probability == 0.15
    result = cs.run_study(cs.Study({"today": today, "audits": audits}, 30), tmp_path, workers=2)
    ratio = result.differences().loc["audits"].xs("all", level="group")["variance_ratio"]
    assert ratio["helper_rate"] >= 10 and ratio["need_closed_meals"] >= 10
