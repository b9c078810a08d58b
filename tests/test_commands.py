"""Every command that README and docs show does what they say: it is run, or asked what it would run, or looked up.

A block of commands says which, by a word after its language that no reader sees: `sh run`, `sh dry`, `sh long`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from studies import tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.presentation.app import serve
from coprod_sim.scenario import composing

pytestmark = pytest.mark.usefixtures("few_panels")

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "experiments/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
TAGS = ("run", "dry", "long")
SHELL = ("", "sh", "bash", "shell", "console")  # languages of a block that may hold commands
PROGRAMS = ("coprod-sim", "python", "make", "pip", "git", "npm", "dask", "jupyter", "pytest", "solara", "cd", ".")
COMMAND = re.compile(rf"(\w+=\S+ )*(\.venv/bin/)?({'|'.join(map(re.escape, PROGRAMS))})( |$)")
SPACES = re.compile(r"\s{2,}|\s+#\s")  # before what a line says of its command
LEFT_OPEN = re.compile(r"NAME|FILE|ADDRESS|FOLDER")  # what the reader fills in


class Block(NamedTuple):
    page: str
    line: int
    language: str
    tag: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Commands line by line, without what is said of them."""
        lines = [SPACES.split(line.strip())[0] for line in self.text.splitlines()]
        return [command for line in lines for command in re.split(r"; | && ", line) if command]

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(text: str, page: str) -> list[Block]:
    found, opened, language, tag, held = [], 0, "", "", [""]
    for number, line in enumerate(text.splitlines(), start=1):
        if fence := re.match(r" *```(\w*) ?([^`]*)$", line):
            if opened:
                found.append(Block(page, opened, language, tag, "\n".join(held)))
                opened = 0
            else:
                opened, language, tag, held = number, fence[1], fence[2].strip(), []
        elif opened:
            held.append(line)
    return found


TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
BLOCKS = [block for page, text in TEXTS.items() for block in blocks_of(text, page)]
IN_SENTENCES = [
    (page, code)
    for page, text in TEXTS.items()
    for code in re.findall(r"`(coprod-sim [^`\n]*=[^`\n]*)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))
]
SHOWN = sorted(
    {(page, command) for page, command in IN_SENTENCES if not LEFT_OPEN.search(command)}
    | {
        (block.page, command)
        for block in BLOCKS
        for command in block.commands
        if command.split()[0] == "coprod-sim" and block.tag in ("dry", "long") and not LEFT_OPEN.search(command)
    }
)
RUN = sorted({block.page for block in BLOCKS if block.tag == "run"})


def untagged(blocks: list[Block]) -> list[str]:
    """Blocks of commands that do not say how they are tested."""
    return [
        block.place
        for block in blocks
        if (block.language == "sh" and block.tag not in TAGS)
        or (block.language in SHELL and block.language != "sh" and any(map(COMMAND.match, block.commands)))
    ]


def test_every_block_of_commands_says_how_it_is_tested() -> None:
    assert not untagged(BLOCKS)
    # Nor do commands stand in a block that is only indented, which no tag could reach.
    indented = [
        f"{page}: {line}"
        for page, text in TEXTS.items()
        for line in re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S).splitlines()
        if line.startswith("    ") and COMMAND.match(line.strip())
    ]
    assert not indented


def test_a_block_without_a_tag_is_found() -> None:
    for text in ("```sh\nmake run\n```", "```\ncoprod-sim -m a=1\n```", "   ```sh run it\n   make run\n   ```"):
        assert untagged(blocks_of(text, "page.md")) == ["page.md:1"]
    assert not untagged(blocks_of("```sh long\nmake run\n```\n\n```\nutility = 1\n```", "page.md"))


def test_there_are_commands_to_try() -> None:
    assert len(SHOWN) >= 20
    assert {"README.md", "docs/studies.md", "docs/designs.md", "docs/own_county.md"} <= {page for page, _ in SHOWN}
    assert len(RUN) >= 3


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


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=() if page == "docs/policies.md" else pytest.mark.slow) for page in dict(SHOWN)],
)
def test_each_command_is_one_that_the_command_knows(
    page: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for shown in (shown for where, shown in SHOWN if where == page):
        words = shlex.split(shown)[1:]
        if words and words[0] == "--villages-template":
            words[1] = f"new_{len(list(folder.iterdir()))}_{words[1]}"
        elif words[:1] == ["app"]:  # serves until it is ended: its words alone are tried
            serve.asked([word for word in words[1:] if not word.startswith("language=")])
            continue
        elif words and words[0] == "--levers":
            pass  # stands alone
        elif "my_county.xlsx" in shown:
            pytest.importorskip("openpyxl")
            workbook(folder / "my_county.xlsx")
            words.append("dry=true")
        elif words[:1] == ["merge"]:
            words[-1] = f"output={folder / 'whole' / page.replace('/', '_')}"
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


def test_what_is_left_to_hand_can_be_read_and_names_what_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    wrong = []
    for block in (block for block in BLOCKS if block.language == "sh"):
        parsed = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True, check=False)
        wrong += [f"{block.place}: {parsed.stderr}"] if parsed.returncode else []
        for command in block.commands:
            if not COMMAND.match(command):
                wrong.append(f"{block.place}: {command}: none of the programs that pages use")
                continue
            words = shlex.split(command)
            if words[0] == "make" and words[1] not in targets:
                wrong.append(f"{block.place}: no target {words[1]}")
            script = words[1] if words[0].endswith("python") and len(words) > 1 else ""
            if script.endswith(".py") and not (ROOT / script).is_file():
                wrong.append(f"{block.place}: no file {script}")
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN)
def test_blocks_that_are_to_be_run_run(page: str, tmp_path: Path) -> None:
    """All such blocks of a page, from top to bottom, in a copy of what they may write to."""
    for name in ("docs", "experiments", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "answers"))
    text = "\n".join(block.text for block in BLOCKS if block.page == page and block.tag == "run")
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    env = {**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=tmp_path, env=env, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, f"{page}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
