"""A study as one page to hand on: a single HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of
from coprod_sim.study import files
from coprod_sim.study.errors import StudyError, writing

if TYPE_CHECKING:
    from coprod_sim.presentation.findings import Findings
    from coprod_sim.study.result import StudyResult


def report(result: StudyResult | str | Path, path: str | Path, language: str = "en") -> Path:
    """Write a study's report, one self-contained HTML file, and give back its path.

    Args:
        result: of a study, or the folder that holds it; failed runs are named in the report.
        path: file to write; its folder is made if need be.
        language: en, or zh for Chinese; it changes nothing of the study.

    Raises:
        ScenarioError: a folder without a study; a name in the study's own folder that is none of a file made from an
            answer; no such language.
        StudyError: the file cannot be written.
    """
    from coprod_sim.presentation.language import ENGLISH, speaking
    from coprod_sim.study.derived import Derived, is_derived
    from coprod_sim.study.locking import only_writer
    from coprod_sim.study.result import open_study

    result = open_study(result) if isinstance(result, str | Path) else result
    with speaking(language):
        path = path_of("report", path)
        if path.is_dir():
            raise ScenarioError(f"report: must be a file, got {str(path)!r}, which is a folder")
        if path.parent.resolve() == result.folder.resolve():
            if not is_derived(path.name):
                raise ScenarioError(f"report: must in a study's folder have a name in .html, got {str(path)!r}")
            if language != ENGLISH and not path.stem.endswith(f"_{language}"):  # beside what there is in English
                raise ScenarioError(
                    f"report: must in a study's folder have a name in _{language}.html if language is {language}, "
                    f"got {str(path)!r}"
                )
            with only_writer(result.folder):
                derived = Derived.of(result)  # so that it goes when the folder's answer is another
                derived.make(path.name, lambda file: write_page(result, file))
            if derived.unwritten:
                raise StudyError(derived.unwritten[-1])
            return path
        with writing(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_by(path, lambda file: write_page(result, file))
        return path


def write_page(result: StudyResult, path: Path, found: Findings | None = None) -> None:
    """Write a study's report to a file; `found` where what it begins with has been worked out."""
    # Not at the top: whoever only runs models, such as a worker process, needs neither jinja2 nor matplotlib.
    from coprod_sim.presentation.report.page import page

    path.write_text(page(result, found), encoding="utf-8", newline="\n")
