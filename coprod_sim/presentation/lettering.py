"""Text in figures: names as they are, in fonts that have their characters."""

from __future__ import annotations

import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.ticker import StrMethodFormatter

from coprod_sim.presentation.labels import in_words, parameter_title, policy
from coprod_sim.presentation.language import gettext, in_chinese

# A dollar sign is a dollar sign, and no formula begins there.
# A panel's title stands at its top, where nothing else is: a title that makes way looks at every tick once more.
SETTINGS: dict[str, Any] = {"text.parse_math": False, "axes.unicode_minus": True, "axes.titley": 1.0}
LATIN = "DejaVu Sans"  # comes with matplotlib
# Fonts with Chinese characters, simplified forms first; one of them is on most machines.
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "SimSun", "STHeiti",
    "Songti SC", "Noto Sans CJK JP", "Noto Serif CJK SC", "Noto Serif CJK JP", "Source Han Sans JP",
    "Droid Sans Fallback", "AR PL UMing CN", "Arial Unicode MS",
)  # fmt: skip
FILES = ("cjk", "sourcehan", "wqy", "msyh", "simhei", "simsun", "pingfang", "heiti", "songti", "droidsansfallback")
LONGEST = 60  # characters of a name in a figure
WIDEST_TITLE = 34  # characters of a line above a panel
WIDEST_MEANING = 48  # characters of a line beside a row
WIDEST_IN_CHINESE = 22  # which are wider
GROUPED_FROM = 1_000
MOST_LOOKED_FOR = 8  # fonts that are named where none is there


@contextmanager
def lettered() -> Iterator[None]:
    """What every figure is drawn and saved under; also a decorator of functions that draw."""
    # By name and not as "sans-serif": text remembers names, and finds them when somebody else saves the figure.
    settings: Any = {**SETTINGS, "font.family": in_order()}
    with mpl.rc_context(settings):
        yield


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Font families to look for a character in, one after the other; all of them are installed."""
    found = _installed()
    if not found:
        _look_again()
        found = _installed()
    return (LATIN, *found[:1])


def in_order() -> list[str]:
    """The same, that first which has most of the characters of the language that is spoken."""
    return list(reversed(families())) if in_chinese() else list(families())


def save(figure: Figure, path: Path, dpi: int, stamp: Mapping[str, str] | None = None) -> None:
    """Write a figure as PNG; a sentence on standard error if no font has some of its characters.

    Args:
        stamp: what the file is to say of the answer that it shows (see `derived.stamp_of`).
    """
    said = "; ".join(f"{key.replace('_', ' ')} {value}" for key, value in (stamp or {}).items())
    with lettered(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # said once, and in words
        # Not by `savefig`, which draws a figure of a layout that looks for its margins twice.
        figure.set_dpi(dpi)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(path, metadata={"Description": said} if said else None)
    if lacking := unwritable(figure):
        some = " ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")
        print(_no_font(path.name, some), file=sys.stderr)


def _no_font(file: str, characters: str) -> str:
    """That a figure has gaps, and which fonts would fill them."""
    if not in_chinese():
        return f"{file}: no font on this machine has {characters}; with one such as {CHINESE[0]} figures show it"
    return gettext(
        "{file}: no font on this machine has {characters}; looked for: {fonts} and others; with one of them figures "
        "show it"
    ).format(file=file, characters=characters, fonts=", ".join(CHINESE[:MOST_LOOKED_FOR]))


def title_of(words: str) -> str:
    """Words above a panel, on as many lines as they need."""
    return textwrap.fill(words, WIDEST_IN_CHINESE if in_chinese() else WIDEST_TITLE)


def unwritable(figure: Figure) -> str:
    """Characters of a figure's text that none of `families` has, in order."""
    texts = "".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())
    return "".join(sorted({one for one in texts if ord(one) not in _covered() and not one.isspace()}))


def labels_of(names: Sequence[str]) -> list[str]:
    """Names of scenarios as a figure has room for them: one line each, long ones cut in their middle, all different; a
    recommendation's name with what it is, "R1 talk"."""
    found: list[str] = []
    for name in map(policy, map(in_words, names)):
        line = " ".join(name.split())
        short = line if len(line) <= LONGEST else f"{line[: LONGEST // 2]}…{line[-LONGEST // 2 + 1 :]}"
        twice = 2
        label = short
        while label in found:
            label, twice = f"{short} ({twice})", twice + 1
        found.append(label)
    return found


def parameter_lines(key: str) -> str:
    """A parameter beside its row of a figure: what it is, on as many lines as that needs, and its name below."""
    return f"{textwrap.fill(parameter_title(key), WIDEST_MEANING)}\n{key}"


def group_digits(*axes: Axis) -> None:
    """Numbers along axes of a figure with their digits grouped, where any has more than three before the point."""
    for axis in axes:
        if max(map(abs, axis.get_view_interval())) >= GROUPED_FROM:
            axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))


def label_of(name: str) -> str:
    """One name (see `labels_of`)."""
    return labels_of([name])[0]


def legend(owner: Axes | Figure, handles: Sequence[Any], names: Sequence[str], **how: Any) -> Legend:
    """A legend of names as they are: matplotlib leaves out those that begin with an underscore."""
    made: Legend = owner.legend(list(handles), ["?"] * len(names), **how)
    for text, label in zip(made.get_texts(), labels_of(names), strict=True):
        text.set_text(label)
    return made


def _installed() -> list[str]:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in CHINESE if name in known]


def _look_again() -> None:
    """Fonts that were installed after matplotlib made its list."""
    known = {Path(font.fname) for font in font_manager.fontManager.ttflist}
    for file in font_manager.findSystemFonts():
        plain = Path(file).name.lower().replace("-", "").replace("_", "")
        if Path(file) not in known and any(word in plain for word in FILES):
            font_manager.fontManager.addfont(file)


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Code points that some font of `families` has."""
    found: set[int] = set()
    for family in families():
        file = font_manager.findfont(font_manager.FontProperties(family=[family]))
        found |= set(font_manager.get_font(file).get_charmap())
    return frozenset(found)
