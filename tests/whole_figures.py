"""Runs a script, and ends it where a figure that it saves is cut off at its edge.

python tests/whole_figures.py SCRIPT ...
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Mapping
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coprod_sim.presentation import lettering

TOLERATED = 0.02  # inches, two pixels: what lines and letters are drawn by beyond their box


def beyond(figure: Figure) -> float:
    """Inches by which what is drawn lies beyond a figure's edge, at the side where it is most."""
    with lettering.lettered():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        box = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    return float(max(-box.x0, -box.y0, box.x1 - width, box.y1 - height))


def _saved(figure: Figure, path: Path, dpi: int, stamp: Mapping[str, str] | None = None) -> None:
    _save(figure, path, dpi, stamp)
    if (inches := beyond(figure)) > TOLERATED:
        raise SystemExit(f"{path.name}: is cut off, {inches:.2f} inches lie beyond its edge")


_save = lettering.save

if __name__ == "__main__":
    lettering.save = _saved
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
