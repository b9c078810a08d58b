"""Figures as inline SVG: small, so that they stay legible on a telephone, and with text as text."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coprod_sim.presentation import lettering
from coprod_sim.presentation.language import in_chinese

WIDTH, HEIGHT = 320, 204  # SVG units, shown about one to one
INK, FAINT = "#333333", "#c9ccd1"

SETTINGS = {
    "svg.fonttype": "none",  # text stays text: small files, the reader's fonts, any script
    "svg.hashsalt": "coprod_sim",  # the same result gives the same file
    "font.size": 11.5,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "path.simplify": True,
    **lettering.SETTINGS,
}


def _settings() -> dict[str, object]:
    """Text stays text, and is measured in the fonts that it will most likely be read in."""
    return {**SETTINGS, "font.family": lettering.in_order()} if in_chinese() else dict(SETTINGS)


class Canvas:
    """Draws the figures of one section; with a letter of its own, ids within them are unique in the page."""

    def __init__(self, letter: str = "f") -> None:
        self._letter = letter
        self._numbers = count(1)

    @contextmanager
    def panel(self, height: int = HEIGHT, width: int = WIDTH) -> Iterator[Panel]:
        """A figure with one pair of axes; its SVG is `panel.svg` afterwards."""
        with mpl.rc_context(_settings()), warnings.catch_warnings():  # type: ignore[arg-type]
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # text stays text
            panel = Panel(height, width)
            yield panel
            panel.close(f"{self._letter}{next(self._numbers)}")


class Panel:
    """One small figure being drawn."""

    def __init__(self, height: int, width: int = WIDTH) -> None:
        self.figure = Figure(figsize=(width / 72, height / 72))
        self.axes: Axes = self.figure.add_axes((0.125, 0.185, 0.835, 0.775))
        for side in ("top", "right"):
            self.axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            self.axes.spines[side].set_color("#8a8d91")
        self.axes.tick_params(colors=INK, length=3, color="#8a8d91")
        self.axes.grid(axis="y", color="#e6e8eb", lw=0.7)
        self.axes.set_axisbelow(True)
        self.alt = ""
        self.svg = Markup("")

    def close(self, name: str) -> None:
        """Turn what was drawn into SVG."""
        file = io.StringIO()
        self.figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        self.svg = inline(file.getvalue(), name, self.alt)


def inline(text: str, name: str, alt: str) -> Markup:
    """matplotlib's SVG file as a part of a page: no header, no address, short numbers, own ids, read aloud as `alt`."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<title>.*?</title>", "", text, flags=re.DOTALL)
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text))
    kept = {one or other for one, other in used}
    text = re.sub(r"<[^>]*>", lambda tag: _short(tag[0], name, kept), text)  # and never what stands between tags
    text = re.sub(r">\n\s*", ">\n", text)
    box = re.search(r'viewBox="[^"]+"', text)
    assert box is not None
    head = f'<svg {box[0]} role="img" aria-label="{escape(alt)}">'
    return Markup(re.sub(r"<svg[^>]*>", lambda _: head, text, count=1))


def _short(tag: str, name: str, kept: set[str]) -> str:
    """A tag with short numbers, without ids that nothing refers to, others made unique by `name`."""
    tag = re.sub(r"(?<![\w#])-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), tag)
    tag = re.sub(r' id="([^"]+)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in kept else "", tag)
    tag = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", tag)
    return re.sub(r"\n\s*", "\n", tag).replace("xlink:href", "href")
