"""Another language: every word has a translation, numbers are as its readers write them, English stays as it is."""

from __future__ import annotations

import importlib.util
import re
import string
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from studies import tiny

import coprod_sim as cs
from coprod_sim.cli import main
from coprod_sim.presentation import labels, lettering
from coprod_sim.presentation.language import LOCALE, TAGS, catalogue, gettext, of_language, pgettext, speaking
from coprod_sim.presentation.plots import plan, trajectories
from coprod_sim.presentation.registered import registered
from coprod_sim.presentation.report.page import page
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.errors import ScenarioError

ROOT = Path(__file__).resolve().parents[1]
OTHERS = [language for language in TAGS if language != "en"]
# What stands in a Chinese page as it is: names of files, packages and measures.
AS_IT_IS = {"coprod_sim", "differences", "groups", "docs", "indicators", "study", "provenance", "json", "csv", "png",
            "md", "ICECAP", "ADL", "Python", "R1", "R2", "R3", "R4"}  # fmt: skip


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    fees = {
        "R1 talk": tiny(access={"fee": {0: 2.2, 3: 1.0}}),
        "my own <policy>": tiny(access={"fee": {0: 2.2, 3: 9.0}}),
    }
    study = cs.Study({"today": tiny(), **fees}, replications=2, seed=3)
    return cs.run_study(study, tmp_path_factory.mktemp("study") / "tiny", workers=1)


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_of_the_registries_has_a_translation(language: str) -> None:
    known = catalogue(language)._catalog  # type: ignore[attr-defined]
    lacking = [word for word in registered() if f"{word.context}\x04{word.text}" not in known]
    assert not lacking, f"no translation, see docs/languages.md: {lacking}"


def test_catalogues_have_every_message_that_is_used_and_no_other(messages: ModuleType) -> None:
    """What is compiled is what translators edited, too."""
    assert [file.parent.parent.name for file in messages.files()] == OTHERS
    used = messages.template()
    for file in messages.files():
        known = messages.read(file)
        mine, theirs = ({(m.context, m.id) for m in some if m.id} for some in (used, known))
        assert not mine ^ theirs, "run make messages, then translate"
        assert not [m.id for m in known if m.id and not (m.string if isinstance(m.string, str) else all(m.string))]
        content, compiled = messages.renewed(file, used)
        assert file.read_bytes() == content and file.with_suffix(".mo").read_bytes() == compiled


def test_placeholders_and_tags_are_those_of_the_english_text(messages: ModuleType) -> None:
    for file in messages.files():
        for one in messages.read(file):
            ids, said = ((x,) if isinstance(x, str) else tuple(x) for x in (one.id, one.string))
            for text in said if one.id else ():
                assert _placeholders(text) == _placeholders(ids[-1]), f"{ids[0]!r}: {text!r}"
                assert ids[-1].count("%%") == text.count("%%"), ids[0]


def _placeholders(text: str) -> set[str]:
    braces = {name for _, name, *_ in string.Formatter().parse(text) if name} if "draws={" not in text else set()
    return braces | set(re.findall(r"%\(\w+\)s|</?\w+[^>]*>|“", text.replace("’", ""))) - {"“"}


@pytest.mark.parametrize(
    ("value", "unit", "how", "said"),
    [
        (0.305, "share", {}, "30.5%"),
        (0.028, "share", {"sign": True}, "+2.8 个百分点"),
        (9_000, "yuan", {}, "9,000 元"),
        (1_240_000, "yuan", {}, "124.0 万元"),
        (-234_000_000, "yuan", {"sign": True}, "−2.34 亿元"),
        (12_345, "hours", {}, "1.2 万小时"),
        (3_000, "yuan/site-month", {}, "3,000 元/站点·月"),
        (0.2, "share of users", {"exact": True}, "20%（占使用者）"),
    ],
)
def test_numbers_are_as_chinese_readers_write_them(value: float, unit: str, how: dict[str, bool], said: str) -> None:
    with speaking("zh"):
        assert number(value, unit, words=True, **how) == said
    assert "万" not in number(value, unit, words=True, **how)


class Words(HTMLParser):
    """Text that a reader sees or hears, without code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in ("style", "script", "code")
        self.found += [value or "" for name, value in attrs if name in ("aria-label", "title")]

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("style", "script", "code")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.found.append(data)


def test_a_chinese_report_is_chinese_and_the_english_one_is_as_before(result: cs.StudyResult) -> None:
    before = page(result)
    with speaking("zh"):
        text = page(result)
    assert page(result) == before
    assert '<html lang="en">' in before and '<html lang="zh-CN">' in text
    assert "R1 协商" in text and "my own &lt;policy&gt;" in text and "现行政策" in text
    shown = " ".join(Words(text).found).replace("my own <policy>", "").replace(str(result.folder.name), "")
    english = set(re.findall(r"[A-Za-z][A-Za-z0-9_]+", shown)) - AS_IT_IS
    assert {word for word in english if not re.fullmatch(r"[0-9a-f]{8,}", word)} == set()


def test_a_language_changes_nothing_of_a_stored_study(result: cs.StudyResult, tmp_path: Path) -> None:
    cs.report(result, result.folder / "report.html")
    before = {file.name: file.read_bytes() for file in result.folder.rglob("*") if file.is_file()}
    cs.report(result, result.folder / "report_zh.html", language="zh")
    after = {file.name: file.read_bytes() for file in result.folder.rglob("*") if file.is_file()}
    assert set(after) - set(before) == {"report_zh.html"}
    assert [name for name in before if after[name] != before[name]] == ["derived.json"]
    with pytest.raises(ScenarioError, match=r"_zh\.html if language is zh"):
        cs.report(result, result.folder / "report.html", language="zh")
    with pytest.raises(ScenarioError, match="language: must be one of en, zh, got fr"):
        cs.report(result, tmp_path / "report.html", language="fr")


def test_the_command_speaks_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "language=zh"]) == 0
    assert "用法" in capsys.readouterr().out
    assert main(["--levers", "language=zh"]) == 0
    assert "时间银行" in capsys.readouterr().out
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: coprod-sim")


def test_a_dry_run_and_its_notes_are_said_in_a_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "v.csv"
    file.write_text("name,elders,hamlets\nA,30,1\nB,20,1\n")
    words = [f"county.villages={file}", "draws={accepted: 2}", "replications=1", f"output={tmp_path / 's'}", "dry=true"]
    assert main(words) == 0
    english = capsys.readouterr().out.splitlines()
    assert main([*words, "language=zh"]) == 0
    runs, *notes = capsys.readouterr().out.splitlines()
    assert english[0].startswith("12 runs of today, R1 talk") and len(english) == 3
    assert runs.startswith("将运行 12 次：") and "本次未运行" in runs and "today" not in runs
    assert len(notes) == 2 and any("organizations.per_county=1" in note and "A 县" in note for note in notes)
    assert any("population.elders_per_village、population" in note for note in notes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["language=fr"], "language: must be one of en, zh, got fr"),
        (["language=en,zh"], "language: must be one of en, zh, got en,zh"),
        (["language=zh", "language=en"], "language: must be given once, got twice"),
    ],
)
def test_a_language_that_is_none_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "dry=true"]) == 2
    assert said in capsys.readouterr().err


def test_names_of_files_and_of_ones_own_policies() -> None:
    with speaking("zh"):
        assert of_language("report.html") == "report_zh.html"
        assert labels.policy("all four") == "四项全部" and labels.policy("half of it") == "half of it"
        assert pgettext("unit", "") == gettext("") == ""  # which in gettext is the catalogue's header
    assert of_language("report.html") == "report.html" and labels.policy("all four") == "all four"


def test_shares_are_drawn_in_percent_and_say_so_and_the_title_names_the_county(result: cs.StudyResult) -> None:
    with speaking("zh"):
        figure = trajectories(result.monthly, "today", indicators=("helper_rate", "trust"), where="A 县")
        titles = [axis.get_title(loc="left") for axis in figure.axes[:2]]
        drawn = [axis.get_lines()[0].get_ydata() for axis in figure.axes[:2]]
    plt.close(figure)
    assert titles == ["有能力者中的助老率（%）", "对村委会的信任（0—1 的量表）"]
    assert figure.get_suptitle().startswith("A 县 · ")
    of_today = result.monthly[result.monthly["scenario"] == "today"].groupby("month")
    for line, wanted in zip(drawn, (100 * of_today["helper_rate"].median(), of_today["trust"].median()), strict=True):
        np.testing.assert_allclose(np.asarray(line, dtype=float), wanted)


def test_figures_are_lettered_in_a_font_with_chinese_or_say_which_would_do(
    result: cs.StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from coprod_sim.presentation.plan import PLAN

    shares = pd.DataFrame(1 / len(PLAN), index=["today", "R1 talk"], columns=list(PLAN))
    with speaking("zh"):
        figure = plan(shares)
        lettering.save(figure, tmp_path / "plan_zh.png", 40)
        if len(lettering.families()) > 1:
            assert lettering.unwritable(figure) == "" and capsys.readouterr().err == ""
        monkeypatch.setattr(lettering, "_covered", lambda: frozenset(range(128)))
        lettering.save(figure, tmp_path / "plan_zh.png", 40)
    plt.close(figure)
    said = capsys.readouterr().err
    assert all(font in said for font in lettering.CHINESE[:3]) and "plan_zh.png" in said
    assert (LOCALE / "zh").is_dir()
