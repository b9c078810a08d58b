"""Each experiment runs at small size and leaves what it promises. What it finds is never tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


def run(name: str, folder: Path) -> None:
    command = [sys.executable, str(ROOT / "experiments" / f"{name}.py"), "--small", "--output", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


def test_recommendations_leave_effects_ranks_ratios_and_curves(tmp_path: Path) -> None:
    run("recommendations", tmp_path)
    effects = pd.read_csv(tmp_path / "effects.csv", index_col=["indicator", "scale", "effect", "factors"]).sort_index()
    of_one = effects["value"]["helper_rate", "as it is"]
    parts = sum(of_one["shapley", factor] for factor in ("R1", "R2", "R3", "R4"))
    assert parts == pytest.approx(of_one["together", "R1 × R2 × R3 × R4"])
    assert len(effects.loc[("helper_rate", "log-odds", "interaction")]) == 6
    curve = pd.read_csv(tmp_path / "acceptability.csv", index_col=["payer", "threshold"])
    assert curve.shape[1] == 16
    np.testing.assert_allclose(curve.sum(axis=1), 1)
    ranks = pd.read_csv(tmp_path / "ranking.csv")
    assert ranks[["best", "harmful"]].stack().between(0, 1).all()
    assert {"incremental.csv", "effects.png", "cost_effectiveness.png", "report.html"} <= {
        file.name for file in tmp_path.iterdir()
    }


def test_calibration_matches_wave_by_wave(tmp_path: Path) -> None:
    run("calibration", tmp_path)
    tried = pd.read_csv(tmp_path / "tried.csv")
    assert len(tried) == 24 and tried.shape[1] == 13
    accepted = pd.read_csv(tmp_path / "accepted.csv")
    assert len(accepted) == (tried["implausibility"] < 3).sum() and accepted.shape[1] > 50
