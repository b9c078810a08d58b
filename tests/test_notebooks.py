"""Every notebook runs from top to bottom, and was committed with what it shows."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
FOUND = sorted(path for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)

pytestmark = pytest.mark.slow


def shows(cell: NotebookNode) -> bool:
    """Whether a cell has output other than messages, which may differ from machine to machine."""
    return any(output.get("name") != "stderr" for output in cell.get("outputs", []))


def test_there_are_notebooks() -> None:
    assert FOUND, "no notebooks, so the test below has run nothing"


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.relative_to(NOTEBOOKS).as_posix())
def test_notebook_runs(path: Path, tmp_path: Path) -> None:
    # In a copy, because a notebook may write beside itself.
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    copy = folder / path.relative_to(NOTEBOOKS)
    committed = nbformat.read(path, as_version=4)
    executed = nbformat.read(copy, as_version=4)

    resources = {"metadata": {"path": str(copy.parent)}}
    NotebookClient(executed, kernel_name="python3", timeout=600, resources=resources).execute()

    assert any(map(shows, executed.cells)), "a notebook that shows nothing"
    silent = [
        number
        for number, (before, after) in enumerate(zip(committed.cells, executed.cells, strict=True))
        if shows(after) and not shows(before)
    ]
    assert not silent, f"cells committed without their output: {silent}; execute the notebook and save it"
