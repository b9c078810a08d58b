"""Notebooks are numbered, say what they show, were committed with it, and run from top to bottom; so do solutions.

What is committed is what the code gives: the slow test runs each notebook and compares what it puts out, so that a
notebook of an earlier model is noticed. `make notebooks` makes them anew.
"""

from __future__ import annotations

import ast
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
FOUND = sorted(path for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
SOLUTIONS = sorted((NOTEBOOKS / "solutions").glob("*.py"))
LARGEST = 1_500_000  # bytes of the whole folder: it is part of every clone
MACHINE = re.compile(r"(?<![\w.])/(home|root|tmp|work|Users|var|opt|usr)/|[A-Z]:\\|site-packages")
# A number as text shows it, its sign and what follows a blank or a bracket; not the digits within a name such as R1.
NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")
# Two machines may round the last shown digit differently; whatever another model gives is further away somewhere.
NEAR = {"rel_tol": 0.02, "abs_tol": 0.011}

each = pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(output: NotebookNode) -> str:
    """What an output says: of a stream its text, of a result its plain text, of a figure nothing."""
    data = output.get("data", {})
    return "" if "image/png" in data else output.get("text", "") or data.get("text/plain", "")


def said(cell: NotebookNode) -> str:
    """All that a cell says, and `<figure>` for each that it shows."""
    outputs = cell.get("outputs", [])
    return "\n".join("<figure>" if "image/png" in one.get("data", {}) else text_of(one) for one in outputs)


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "").replace("−", "-")) for found in NUMBER.findall(text)]


def differs(before: str, after: str) -> bool:
    """Whether two texts say other things: other words, or numbers that rounding does not explain."""
    words = [re.sub(r"[\s─-]+", " ", NUMBER.sub("#", text)).strip() for text in (before, after)]
    pairs = list(zip(numbers(before), numbers(after), strict=False))
    return words[0] != words[1] or not all(math.isclose(a, b, **NEAR) for a, b in pairs)


def test_notebooks_are_numbered_and_each_has_solutions() -> None:
    numbered = [path.stem for path in FOUND]
    assert [name[:3] for name in numbered] == [f"{place:02d}_" for place in range(1, len(FOUND) + 1)] and FOUND
    assert [path.stem for path in SOLUTIONS] == numbered


def test_the_folder_is_small() -> None:
    listed = subprocess.run(["git", "ls-files", "notebooks"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sum((ROOT / name).stat().st_size for name in listed.stdout.splitlines()) < LARGEST


@each
def test_a_notebook_says_what_it_shows_and_ends_with_exercises(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].source.startswith(f"# {int(path.stem[:2])} · ")
    assert "**What you will see:**" in cells[0].source and "**What you need:**" in cells[0].source
    exercises = cells[-1].source.partition("## Exercises")[2]
    assert f"solutions/{path.stem}.py" in exercises
    asked = re.findall(r"^(\d)\. ", exercises, flags=re.MULTILINE)
    solved = re.findall(r"^# %% (\d)\. ", (NOTEBOOKS / "solutions" / f"{path.stem}.py").read_text(), flags=re.MULTILINE)
    assert 2 <= len(asked) <= 3 and asked == solved


@each
def test_a_notebook_was_committed_as_it_ran_from_top_to_bottom(path: Path) -> None:
    notebook = read(path)
    cells = code(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    for cell in cells:
        shown = str(
            [{key: value for key, value in one.get("data", {}).items() if key != "image/png"} for one in cell.outputs]
        )
        for text in (cell.source, said(cell), shown):
            assert not MACHINE.search(text), MACHINE.search(text)
    assert notebook.metadata.kernelspec.name == "python3"


def test_what_a_notebook_quotes_of_stored_answers_stands_there() -> None:
    """Noticed at once when an answer gets other words, not only when all notebooks are run."""
    stored = [path for path in (ROOT / "experiments" / "answers").iterdir() if path.suffix in (".md", ".json")]
    answers = "\n".join(path.read_text(encoding="utf-8") for path in stored)
    said_of = {path.stem: "\n".join(said(cell) for cell in code(read(path))) for path in FOUND}
    quoted = [
        (name, line) for name, text in said_of.items() for line in re.findall(r"^stored answer: (.*)$", text, re.M)
    ]
    assert quoted
    assert not [(name, line) for name, line in quoted if line not in answers]


@each
def test_every_figure_has_a_title_and_names_its_axes(path: Path) -> None:
    for cell in code(read(path)):
        if "<figure>" in said(cell):
            assert "title" in cell.source and "label" in cell.source, cell.source


def imported(source: str) -> set[str]:
    """Modules of the package that some code imports from, and names that are not for others."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(name.name for name in node.names if name.name.startswith("_"))}
    return {name for name in found if name.startswith(("coprod_sim.", "_"))}


@pytest.mark.parametrize("path", [*FOUND, *SOLUTIONS], ids=lambda path: path.name)
def test_only_what_is_documented_is_used(path: Path) -> None:
    source = "\n".join(cell.source for cell in code(read(path))) if path.suffix == ".ipynb" else path.read_text()
    documents = [page for page in (ROOT / "docs").glob("*.md") if page.name != "odd.md"]  # which names all of the model
    pages = "\n".join(page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *documents])
    unknown = [
        name for name in imported(source) if name not in pages and f"{name.replace('.', '/')}.py" not in pages
        and f"{name.replace('.', '/')}/__init__.py" not in pages
    ]  # fmt: skip
    assert not unknown, f"imported, and in no page of the documentation: {unknown}"


def test_texts_that_say_the_same_are_known_from_those_that_do_not() -> None:
    assert not differs("R1  0.123 points", "R1 0.124 points") and not differs("−0.00", "0.00")
    assert (
        differs("0.50 points", "0.60 points")
        and differs("1,200 yuan", "1,300 yuan")
        and differs("R1 first", "R2 first")
    )
    for folder in ("home", "root", "tmp", "work", "Users", "var", "opt", "usr"):
        assert MACHINE.search(f"/{folder}/x") and MACHINE.search(f"'/{folder}/x'"), folder
        assert not MACHINE.search(f"yuan/month, and/or {folder}/x"), folder


@pytest.mark.slow
@each
def test_a_notebook_runs_and_says_what_was_committed(path: Path, tmp_path: Path) -> None:
    # In a copy, because a notebook may write beside itself.
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    committed, executed = read(path), read(folder / path.relative_to(NOTEBOOKS))

    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(executed, kernel_name="python3", timeout=600, startup_timeout=300, resources=resources)
    # Figures as in a notebook, whatever backend the tests have.
    client.execute(env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"})

    pairs = list(zip(code(committed), code(executed), strict=True))
    warned = [one.text for _, cell in pairs for one in cell.outputs if one.get("name") == "stderr"]
    assert not warned, warned
    stale = [after.source for before, after in pairs if differs(said(before), said(after))]
    assert not stale, "cells that were committed with other outputs; `make notebooks` renews them:\n" + "\n---\n".join(
        stale
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_runs_without_a_warning(path: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(path)], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "MPLBACKEND": "Agg"}, timeout=600,
    )  # fmt: skip
    assert ran.returncode == 0 and not ran.stderr, ran.stderr
    assert ran.stdout.strip()
