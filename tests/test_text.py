"""Text is text: names, questions and folders reach terminals, figures, files, spreadsheets and pages as they are."""

from __future__ import annotations

import html
import io
import os
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from colours import nearest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.text import Text
from rich.console import Console
from studies import tiny, tiny_policies

import coprod_sim as cs
from coprod_sim.model.indicators import GROUPED, shown_in
from coprod_sim.presentation import lettering, plots
from coprod_sim.presentation.console import print_result
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.language import pgettext, speaking
from coprod_sim.presentation.looks import COMPARATOR, LOOKS, MARKERS, SERIES
from coprod_sim.presentation.plan import COLORS as COLORS_OF_PLAN
from coprod_sim.presentation.plan import PLAN
from coprod_sim.presentation.plots import forest, groups, plan, trajectories
from coprod_sim.presentation.progress import StudyProgress
from coprod_sim.presentation.report.drawing import Canvas, inline
from coprod_sim.presentation.report.page import page
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.collector import Progress
from coprod_sim.study.commands import Request
from coprod_sim.study.files import plain_names
from coprod_sim.study.foreseen import foreseen
from coprod_sim.study.names import LONGEST, check_name
from coprod_sim.study.spreadsheet import as_text, write_csv

# Each was read as something else somewhere: markup, formulas, emoji, tags, paths, devices, directions, nothing.
AWKWARD = (
    "fee [/meal]", "[bold]", "fee $5 or $6", "$x_", "\\frac{1}{2}", "_hidden", ":smile:", "=1+1", "+1", "-1",
    "@SUM(A1)",
    "<script>alert(1)</script>", "</title>", "a \"b\" 'c' & d", "{{ 1 }}", "{% x %}", "a b", "a/b", "..", "CON",
    "nul.txt", "县政府补贴", "مرحبا", "👵🏽👴", "e\u0301", "\u00e9", "policy", "difference", "today ", "100%", "%s",
    "{0}", "#1", "'", "null",
)  # fmt: skip


def possible(name: str) -> bool:
    """Whether a scenario may have this name."""
    try:
        return check_name("x", name) == name
    except ScenarioError:
        return False


NAMES = st.text(min_size=1, max_size=30).filter(possible) | st.sampled_from(AWKWARD)


@dataclass
class Renamed:
    """A study's result under other names, without a run."""

    study: cs.Study
    runs: pd.DataFrame
    outcomes: pd.DataFrame
    monthly: pd.DataFrame
    folder: Path

    @property
    def replications(self) -> int:
        return 2

    def differences(self, *_: Any, **__: Any) -> pd.DataFrame:
        return cs.differences(self.outcomes, self.runs, self.study.baseline)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    return cs.run_study(cs.Study(tiny_policies(2), 2), tmp_path_factory.mktemp("text") / "s", workers=1)


def renamed(real: cs.StudyResult, comparator: str, *policies: str, question: str = "") -> Any:
    """The result with its comparator under another name, and its policy under others."""
    origins = {comparator: "today", **dict.fromkeys(policies, "fee 0")}
    tables = [
        pd.concat([table[table["scenario"] == old].assign(scenario=new) for new, old in origins.items()])
        for table in (real.runs, real.outcomes, real.monthly)
    ]
    scenarios = {new: real.study.scenarios[old] for new, old in origins.items()}
    study = replace(real.study, scenarios=scenarios, baseline=comparator, question=question)
    return Renamed(study, *tables, real.folder)


def on_screen(show: Any, width: int = 400) -> str:
    file = io.StringIO()
    show(Console(file=file, width=width, color_system=None))
    return file.getvalue()


# Names


@pytest.mark.parametrize(
    "name", ["", "  ", "\u3000", "a\nb", "a\tb", "\x1b[31m", "a\u202eb", "\ud800", "x" * 2001, False, 3]
)
def test_what_no_line_can_hold_is_no_name(name: Any) -> None:
    with pytest.raises(ScenarioError, match=r"scenarios: .*must") as refused:
        cs.Study({"today": tiny(), name: tiny(access={"fee": 0})})
    str(refused.value).encode()
    assert len(str(refused.value)) < 200 or len(name) > LONGEST


def test_awkward_names_are_names() -> None:
    assert all(map(possible, AWKWARD))
    assert list(cs.Study({"today": tiny(), **{name: tiny() for name in AWKWARD}}).scenarios)[1:] == list(AWKWARD)


# Terminals


@settings(max_examples=6)
@given(NAMES, NAMES, st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30) | st.sampled_from(AWKWARD))
@example("fee [/meal]", "[red]", "[/red] [bold]why[/bold]? :smile:")
def test_a_result_is_printed_with_the_names_themselves(
    real: cs.StudyResult, base: str, policy: str, asked: str
) -> None:
    if base == policy:
        policy += "2"
    printed = on_screen(lambda console: print_result(renamed(real, base, policy, question=asked), console), 10_000)
    assert f"“{policy}”" in printed and f"“{base}”" in printed and f"against {base}, means" in printed
    assert not asked.strip() or asked.rstrip() in printed


@given(NAMES)
@example("fee [/meal]")
def test_what_would_be_run_and_how_far_it_is_are_said_with_the_names_themselves(name: str) -> None:
    from coprod_sim.presentation import terminal

    line = f"1 runs of {name}, into results/{name}; nothing was run"
    assert on_screen(lambda console: terminal.say(console, line)).rstrip("\n") == line


def test_a_plan_names_its_policies_and_folder_as_they_are(tmp_path: Path) -> None:
    study = cs.Study({"today": tiny(), "fee [/meal]": tiny(access={"fee": 0})}, 1)
    said = foreseen(Request(study, tmp_path / "[/x]", 1, dry=True))
    assert "fee [/meal]" in said and "[/x]" in said


def test_progress_shows_words_as_they_are() -> None:
    study = cs.Study({"today": tiny(), "a": tiny()}, cs.Precision("met_all", 0.01, 8))
    file = io.StringIO()
    with StudyProgress(Console(file=file, force_terminal=True, width=200), study) as progress:
        progress.words = lambda _: "half-width in [/x]"  # type: ignore[method-assign]
        progress.show(Progress(1, 8, 0, 1, 1.0, 0.1))
    assert "half-width in [/x]" in file.getvalue()


def test_the_time_left_does_not_count_what_came_before_the_first_run() -> None:
    study = cs.Study({"today": tiny(), "a": tiny()}, 100)
    progress = StudyProgress(Console(file=io.StringIO()), study)
    begun, first, later = (Progress(n, 200, 0, n, seconds) for n, seconds in ((0, 0.1), (1, 60.0), (101, 63.0)))
    assert progress.words(begun) == progress.words(first) == "runs done"
    assert progress.words(later) == "runs done, 2,000 a minute, 0:03 left"  # 100 in 3 seconds, and 99 to come


# Figures


def figures_of(result: Any) -> dict[str, plt.Figure]:
    base, table = result.study.baseline, result.differences()
    return {
        "trajectories": trajectories(result.monthly, base, 3, ("enrolled_share", "need_closed")),
        "forest": forest(table, base),
        "groups": groups(table, indicators=shown_in(GROUPED)[:2]),
        "plan": plan(pd.DataFrame(1 / len(PLAN), index=list(result.study.scenarios), columns=list(PLAN))),
        "dots": dots(dict.fromkeys((base, *result.study.scenarios), table), ["met_all", "need_closed"], base),
    }


def texts_of(figure: plt.Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("first", [0, 6])
def test_every_name_stands_in_figures_as_it_is(
    first: int, real: cs.StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "SHOWN", {"few": ("met_all", "need_closed")})
    base, *policies = AWKWARD[first : first + 7]
    wanted = {"trajectories": {base, *policies}, "dots": {base, *policies}, "plan": {base, *policies}}
    for kind, figure in figures_of(renamed(real, base, *policies)).items():
        lettering.save(figure, tmp_path / "figure.png", dpi=20)  # draws it all: no formula is parsed
        assert wanted.get(kind, set(policies)) <= set(texts_of(figure)), kind
        assert not [text for text in figure.findobj(Text) if text.get_text() and text.get_parse_math()], kind
        plt.close(figure)


def test_ten_series_are_told_apart_and_their_legend_stays_within_the_figure(real: cs.StudyResult) -> None:
    table = real.differences()
    figure = dots({f"variation of another kind {one}": table for one in range(10)}, ["met_all"], "ten")
    figure.canvas.draw()
    found = figure.legends[0].get_window_extent()
    assert found.x0 >= 0 and found.x1 <= figure.bbox.x1
    looks = {(line.get_color(), line.get_marker(), line.get_mfc()) for line in figure.legends[0].get_lines()}
    plt.close(figure)
    assert len(looks) == 10


def test_trajectories_say_in_words_what_they_show_and_in_which_unit(real: cs.StudyResult) -> None:
    figure = trajectories(real.monthly, indicators=("enrolled_share", "sites_open"))
    titles = [axis.get_title(loc="left") for axis in figure.axes[:2]]
    months = [axis.get_xlabel() for axis in figure.axes[:2]]
    plt.close(figure)
    assert titles == ["Enrolled among the target group\n(%)", "Sites open (sites)"] and months == ["month", "month"]
    assert "median" in figure.get_suptitle()


def test_figures_can_be_saved_by_others_with_settings_of_their_own(
    real: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "SHOWN", {"few": ("met_all", "need_closed")})
    figure = forest(renamed(real, "fee $5 or $6", "$x_").differences(), "fee $5 or $6")
    assert mpl.rcParams["text.parse_math"] and mpl.rcParams["font.family"] == ["sans-serif"]  # theirs are untouched
    figure.savefig(io.BytesIO(), dpi=20)
    plt.close(figure)


def test_a_legend_has_each_name_once_whatever_it_begins_with() -> None:
    with lettering.lettered():
        figure, axis = plt.subplots()
        lines = [axis.plot([0, 1], [0, 1])[0] for _ in range(3)]
        made = lettering.legend(axis, lines, ["_a", "$b", "_" + "x" * 300])
    said = [text.get_text() for text in made.get_texts()]
    assert said[:2] == ["_a", "$b"] and len(said) == 3 and len(said[2]) == lettering.LONGEST
    plt.close(figure)


@given(st.lists(st.text(max_size=100), unique=True, max_size=6))
@example(["a\nb", "a b", "x" * 99, "x" * 98])
def test_labels_are_one_line_short_and_all_different(names: list[str]) -> None:
    labels = lettering.labels_of(names)
    assert len(set(labels)) == len(names)
    assert not any("\n" in label or len(label) > lettering.LONGEST + 4 for label in labels)


def test_a_recommendation_is_called_what_it_is_in_every_figure() -> None:
    named = {name: f"{name} {one.label}" for name, one in recommendations().items()}
    assert lettering.labels_of(list(named)) == list(named.values()) and named["R1"] == "R1 talk"
    names = ["R1 + R3", "R4 × 0.5", "all four", "R5 + R1 + mine", "R1+R3"]
    said = ["R1 talk + R3 clear duties", "R4 supervision × 0.5", "all four", "R5 + R1 talk + mine", "R1+R3"]
    assert lettering.labels_of(names) == said
    with speaking("zh"):
        assert lettering.label_of("R1") == pgettext("policy", "R1 talk") != "R1 talk"
        assert lettering.label_of("R1 + R4 × 2") == lettering.label_of("R1") + " + " + lettering.label_of("R4") + " × 2"


def test_places_look_the_same_in_every_kind_of_figure_and_unlike_one_another() -> None:
    assert list(SERIES) == [look.color for look in LOOKS[: len(SERIES)]] == list(plots.COLORS[1 : 1 + len(SERIES)])
    assert list(MARKERS) == [look.marker for look in LOOKS[: len(MARKERS)]]
    for part in ("color", "marker", "line"):
        assert len({getattr(look, part) for look in LOOKS}) == len(LOOKS), part


def test_colour_blind_readers_tell_apart_what_differs_by_colour() -> None:
    """The figures' common looks and the comparator, and what becomes of planned meals, where nothing else differs."""
    for colors in ([COMPARATOR.color, *SERIES], [*COLORS_OF_PLAN.values()]):
        distance, vision, pair = nearest(colors)
        assert distance >= 15, (distance, vision, pair)  # ΔE; just noticeable is 2.3


def test_a_short_name_is_its_own_label() -> None:
    assert lettering.labels_of(AWKWARD) == [name.strip() for name in AWKWARD]


# Where everything has to pass there is such a font, and not to find it is a failure.
needs_chinese = pytest.mark.skipif(
    len(lettering.families()) == 1 and not os.environ.get("CI"), reason="no font with Chinese characters here"
)


@needs_chinese
def test_chinese_is_drawn_and_not_boxes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = {}
    for name in ("县", "政"):
        with lettering.lettered():
            figure = plt.figure(figsize=(1, 1))
            figure.text(0.2, 0.2, name, fontsize=40)
        lettering.save(figure, tmp_path / f"{name}.png", dpi=50)
        drawn[name] = np.asarray(plt.imread(tmp_path / f"{name}.png"))
        assert lettering.unwritable(figure) == ""
        plt.close(figure)
    assert (drawn["县"] < 0.5).any() and (drawn["县"] != drawn["政"]).any()  # two boxes would be the same
    assert capsys.readouterr().err == ""


@needs_chinese
def test_chinese_figures_have_the_forms_of_characters_that_china_uses() -> None:
    """A file with fonts of several countries begins with Japan's, whose forms of these characters are others."""
    known = {font.name for font in font_manager.fontManager.ttflist} & set(lettering.CHINESE)
    if not {"Noto Sans CJK SC", "Noto Sans CJK JP"} <= known:
        pytest.skip("matplotlib knows no font with both forms here")

    def drawn(family: list[str]) -> Any:
        figure = plt.figure(figsize=(3, 1))
        figure.text(0.1, 0.3, "骨直海", fontsize=40, family=family)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        plt.close(figure)
        picture.seek(0)
        return np.asarray(plt.imread(picture))

    with speaking("zh"):
        ours = drawn(lettering.in_order())
    assert (ours == drawn(["Noto Sans CJK SC"])).all() and (ours != drawn(["Noto Sans CJK JP"])).any()


def test_without_a_font_for_it_a_sentence_says_so_and_nothing_else_warns(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    monkeypatch.setattr(lettering, "families", lambda: (lettering.LATIN,))
    lettering._covered.cache_clear()
    with lettering.lettered():
        figure = plt.figure(figsize=(2, 1))
        figure.text(0.1, 0.5, "fee 县政 ok")
    lettering.save(figure, tmp_path / "figure.png", dpi=50)
    plt.close(figure)
    lettering._covered.cache_clear()
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "no font on this machine has 县 政;" in said and "Noto Sans CJK SC" in said
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_numbers_are_shortened_in_tags_and_never_in_text() -> None:
    tags = '<g id="a.1"><path d="M 1.25 0.05" href="#a.1"/><text>0.05 id="x" 1.25</text></g>'
    made = inline(f'<svg viewBox="0 0 1.25 2">{tags}</svg>', "f1", "0.05 & more")
    assert '<text>0.05 id="x" 1.25</text>' in made and '<path d="M 1.2 0.1" href="#f1-a.1"/>' in made
    canvas = Canvas()
    with canvas.panel() as panel:
        panel.axes.set_yticks([0, 0.05], ["0.05", "$0.25"])
    assert ">0.05<" in panel.svg and ">$0.25<" in panel.svg


# Files


@given(st.lists(NAMES | st.text(max_size=300), unique=True, min_size=1, max_size=8))
@example(["a b", "a/b", "A b", "a_b"])
@example(["\u00e9", "e\u0301", "E\u0301"])
@example(["x" * 300, "x" * 299 + "y", "", " ", ".."])
@example(["a b", "a/b", "a_b-" + plain_names(["a b", "a/b"])["a b"][-8:]])
def test_no_two_names_share_a_file_on_any_file_system(names: list[str]) -> None:
    files = plain_names(names)
    assert list(files) == names and plain_names(reversed(names)) == files
    one = {unicodedata.normalize("NFKC", file).casefold() for file in files.values()}
    assert len(one) == len(names)
    for file in files.values():
        assert re.fullmatch(r"[\w.=+-]+", file) and file[0] not in ".-" and file[-1] != "." and len(file.encode()) < 180
        assert not re.fullmatch(r"(con|prn|aux|nul|(com|lpt)\d)", file.partition(".")[0], re.IGNORECASE)


def test_names_that_are_plain_and_alone_are_their_own_files() -> None:
    names = ["today", "funding=steady access.fee=0.2", "县政府补贴", "Fee", "CON", "nul.txt", "..", "a"]
    assert list(plain_names(names).values()) == [
        "today", "funding=steady_access.fee=0.2", "县政府补贴", "Fee", "_CON", "_nul.txt", "_", "a",
    ]  # fmt: skip
    assert plain_names(["Fee", "fee"])["Fee"].startswith("Fee-")


@pytest.mark.usefixtures("few")
def test_each_scenario_has_a_file_of_its_own(tmp_path: Path) -> None:
    fees = {
        name: tiny(access={"fee": {0: 2.2, 3: place}}) for place, name in enumerate(("a b", "a/b", "A b", "=1", "CON"))
    }
    result = cs.run_study(cs.Study({"today": tiny(), **fees}, 1), tmp_path / "s", workers=1)
    text = page(result)
    for name, file in plain_names(result.study.scenarios).items():
        path = tmp_path / "s" / "scenarios" / f"{file}.yaml"
        assert cs.load_scenario(path) == result.study.scenarios[name]
        assert f"scenarios/{path.name}" in text
    assert len(list((tmp_path / "s" / "scenarios").iterdir())) == 6


# Spreadsheets

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")) | st.sampled_from(AWKWARD)


@given(st.lists(CELLS, min_size=1, max_size=5), st.floats(allow_nan=False))
@example(["=1+1", "'=1+1", "\t=1"], -1.5)
def test_no_text_of_a_table_reaches_a_spreadsheet_as_a_formula_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], value: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "table.csv"
    index = pd.MultiIndex.from_product([cells[:1], range(len(cells))], names=["=name", "n"])
    columns = {"text": cells, "category": pd.Categorical(cells), "=head": value, "whole": -1}
    frame = pd.DataFrame(columns, index=index)
    write_csv(path, frame)
    read = pd.read_csv(
        path, dtype={"text": str, "category": str, "'=name": str}, keep_default_na=False, encoding="utf-8-sig"
    )
    assert list(read.columns) == ["'=name", "n", "text", "category", "'=head", "whole"]
    for column in ("'=name", "text", "category"):
        there = [cell.removeprefix("'") for cell in read[column]]
        assert there == (cells[:1] * len(cells) if column == "'=name" else cells)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in read[column])
    assert (read["'=head"] == value).all() and (read["whole"] == -1).all()  # numbers stay numbers
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and len(set(map(as_text, cells))) == len(set(cells))


def test_a_studys_table_is_safe_and_has_the_numbers_that_it_had(real: cs.StudyResult, tmp_path: Path) -> None:
    result = renamed(real, "=today", "@policy")
    write_csv(tmp_path / "t.csv", result.differences())
    read = pd.read_csv(tmp_path / "t.csv", index_col=[0, 1, 2])
    assert read.index.get_level_values(0).unique().tolist() == ["'@policy"]
    expected = result.differences().droplevel(0).assign(comparator="'=today")
    pd.testing.assert_frame_equal(read.droplevel(0), expected, check_dtype=False, check_exact=False)


# Pages


@pytest.mark.usefixtures("few")
@settings(max_examples=1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES, st.sampled_from(AWKWARD))
@example("</title><script>x</script>", "a \"b\" 'c'", "<img src=x onerror=y>")
def test_names_are_text_in_the_report_and_ids_are_unique(
    real: cs.StudyResult, base: str, policy: str, question: str
) -> None:
    if base == policy:
        policy += "2"
    text = page(renamed(real, base, policy, question=question))
    assert html.escape(policy) in text.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")
    assert text.count("<script") == 1 and "<img" not in text and text.count("</title>") == 1
    ids = re.findall(r'<[^>]*\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)) > 5
    assert '<html lang="en">' in text and "PingFang SC" in text and "Noto Sans CJK SC" in text


@pytest.mark.slow
@settings(max_examples=5)
@given(NAMES, NAMES, st.sampled_from(AWKWARD))
def test_many_names_are_text_in_the_whole_report(real: cs.StudyResult, base: str, policy: str, question: str) -> None:
    test_names_are_text_in_the_report_and_ids_are_unique.hypothesis.inner_test(real, base, policy, question)  # type: ignore[attr-defined]
