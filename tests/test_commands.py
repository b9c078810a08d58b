"""Every command that README and docs show does what they say: it is run, or asked what it would run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from studies import tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario import composing

pytestmark = pytest.mark.usefixtures("few_panels")

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "experiments" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SPACES = re.compile(r"\s{2,}|\s+#\s")  # before what a line says of its command


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) for each line of a block of code, and each command within a sentence."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for language, block in re.findall(r"^ *```(\w*)\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
            for line in block.splitlines() if language in ("", "sh") else ():
                if line.strip().startswith("coprod-sim"):
                    yield page.name, SPACES.split(line.strip())[0]
        for code in re.findall(r"`(coprod-sim [^`\n]*=[^`\n]*)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            yield page.name, code


SHOWN = sorted({(page, command) for page, command in commands() if not re.search(r"NAME|FILE|ADDRESS|FOLDER", command)})


def test_there_are_commands_to_try() -> None:
    assert len(SHOWN) >= 20 and {"README.md", "studies.md", "designs.md", "own_county.md"} <= {p for p, _ in SHOWN}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with what the pages' commands name: a county's villages, configs of one's own, parts of a study."""
    rows = "name,elders,hamlets\nA,30,1\nB,20,1\n"
    for name in ("my_county.csv", "my_villages.csv"):
        (tmp_path / name).write_text(rows)
    own = tmp_path / "my_configs" / "experiment"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("# @package _global_\nscenarios: {free: [access.fee=0]}\n")
    for part in (1, 2):
        study = cs.Study(tiny_policies(2), 2)
        cs.run_study(study, tmp_path / "results" / f"part_{part}", workers=1, part=(part, 2))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    composing.use_configs(None)


def test_each_command_is_one_that_the_command_knows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for page, shown in SHOWN:
        words = shlex.split(shown)[1:]
        if words and words[0] == "--villages-template":
            words[1] = f"new_{len(list(folder.iterdir()))}_{words[1]}"
        elif "my_county.xlsx" in shown:
            pytest.importorskip("openpyxl")
            workbook(folder / "my_county.xlsx")
            words.append("dry=true")
        elif words[:1] == ["merge"]:
            words[-1] = f"output={folder / page}"
        elif "dry=true" not in words:
            words = [word.replace("output=results/part", "output=results/mine") for word in words] + ["dry=true"]
        assert cli.main(words) == 0, (page, shown, capsys.readouterr().err)
        capsys.readouterr()


def workbook(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "villages"
    for row in (("name", "elders", "hamlets"), ("A", 30, 1), ("B", 20, 1)):
        sheet.append(row)
    book.save(path)
