"""A study as one page to hand on: a single HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coprod_sim.study.result import StudyResult


def report(result: StudyResult, path: str | Path) -> Path:
    """Write a study's report, one self-contained HTML file, and give back its path.

    Args:
        result: a finished study; failed runs are named in the report.
        path: file to write; its folder is made if need be.
    """
    # Not at the top: whoever only runs models, such as a worker process, needs neither jinja2 nor matplotlib.
    from coprod_sim.presentation.report.page import page

    path = Path(path)
    text = page(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8", newline="\n")
    return partial.replace(path)
