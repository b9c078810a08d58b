"""Files made from a study's answer: whether each of them shows the present answer is decided here, by content.

An answer is known by its hash: comparator, scenarios, parameter sets, replications, seed, which runs there are and
which failed, and the source that made it. `derived.json` says of which answer the files of a folder are, and what was
in each of them when it was written. So a file is made again whenever it is not what this answer makes of it: because
something else is asked now, because it could not be written last time, because somebody changed it, or because it is
not there.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study import files
from coprod_sim.study.identity import digest, draw_hash, package_hash, scenario_hash
from coprod_sim.study.result import StudyResult

LIST = "derived.json"
SCENARIOS = "scenarios"  # the only folder of derived files


class NotWrittenWarning(UserWarning):
    """A file could not be written; the next call makes it."""


def answer_of(result: StudyResult) -> str:
    """Hash of the answer that a result gives: of all that a file made from it depends on."""
    study = result.study
    runs = result.runs[["scenario", "draw", "replication", "seed", "failed", "month", "stage", "error"]]
    return digest({
        "baseline": study.baseline,
        "question": study.question,
        "seed": study.seed,
        "common_seeds": study.common_seeds,
        "scenarios": [[name, scenario_hash(scenario)] for name, scenario in study.scenarios.items()],
        "draws": [[number, draw_hash(draw)] for number, draw in study.parameter_sets.items()],
        "replications": [str(study.replications), result.replications],
        "runs": hashlib.sha256(pd.util.hash_pandas_object(runs, index=False).to_numpy().tobytes()).hexdigest(),
        "source": package_hash(),
    })  # fmt: skip


def stamp_of(result: StudyResult) -> dict[str, str]:
    """What every file made from a result says of it: comparator, seed, parameter sets, source and answer."""
    return {
        "comparator": result.study.baseline,
        "seed": str(result.study.seed),
        "parameter_sets": str(len(result.study.parameter_sets)),
        "source": package_hash(),
        "answer": answer_of(result),
    }


def forget(folder: Path) -> None:
    """Remove the files made from an earlier answer: runs are added, and until they are finished there is none."""
    Derived(folder, {"answer": ""})


@dataclass(frozen=True)
class Made:
    """A file as it was made: of which answer, and the hash of what was in it."""

    answer: str
    content: str


class Derived:
    """The files of a folder that are made from one answer.

    Attributes:
        stamp: what each of them says of the answer (see `stamp_of`).
        unwritten: a sentence for each that could not be written.
    """

    def __init__(self, folder: Path, stamp: Mapping[str, str]) -> None:
        self.folder, self.stamp = folder, stamp
        self.unwritten: list[str] = []
        self._made = self._read()
        self._keep_only(lambda name: self._made[name].answer == self.stamp["answer"])

    @classmethod
    def of(cls, result: StudyResult) -> Derived:
        """Those of a result's folder and answer; files of another answer go.

        Raises:
            ScenarioError: the study can only be read.
        """
        if result.study.read_only:
            raise ScenarioError(
                f"{str(result.folder)!r}: holds a study that is {result.study.read_only}, must be a file elsewhere"
            )
        return cls(result.folder, stamp_of(result))

    def make(self, name: str, write: Callable[[Path], None]) -> None:
        """Make a file, unless it is there as this answer makes it.

        Args:
            name: its path within the folder.
            write: fills the file that it is given.
        """
        path = self.folder / name
        try:
            if not self.lacks(name):
                return
            path.parent.mkdir(exist_ok=True)
            files.write_by(path, lambda partial: self._fill(name, partial, write), sync=False)
        except OSError as error:
            self._say(path, error)

    def lacks(self, name: str) -> bool:
        """Whether a file is not there as this answer makes it.

        Raises:
            OSError: what is there cannot be read.
        """
        return self._made.get(name) != Made(self.stamp["answer"], _content(self.folder / name) or "")

    def _fill(self, name: str, partial: Path, write: Callable[[Path], None]) -> None:
        """Write a file that has no name yet, and deal with what has its name."""
        write(partial)
        made = Made(self.stamp["answer"], _content(partial) or "")
        self._make_way(self.folder / name, name, made.content)
        self._made[name] = made
        self._write()  # first, so that a file which gets its name as this process ends is nobody's change

    def _keep_only(self, wanted: Callable[[str], bool]) -> None:
        """Remove the files that were made for an answer before, but for those wanted, and for what somebody changed."""
        for name in [name for name in self._made if not wanted(name)]:
            path = self.folder / name
            try:
                self._make_way(path, name)
                del self._made[name]
                self._write()
            except OSError as error:
                self._say(path, error)

    def _make_way(self, path: Path, name: str, wanted: str = "") -> None:
        """Remove a file that was made for an answer before; one that is somebody else's gets another name, and that is
        said. One that is as `wanted` stays."""
        found, was = _content(path), self._made.get(name)
        if found in (None, wanted):
            return
        if was and found == was.content:
            files.remove(path)
            return
        kept = _free_name(path)
        files.rename(path, kept)
        how = "was changed since it was written" if was else "was not written by this study"
        warnings.warn(f"{path}: {how}, and is kept as {kept.name}", stacklevel=4)

    def _say(self, path: Path, error: OSError) -> None:
        sentence = f"{path}: cannot be written ({error.strerror or error}); once mended, the same call writes it"
        self.unwritten.append(sentence)
        warnings.warn(sentence, NotWrittenWarning, stacklevel=4)

    def _read(self) -> dict[str, Made]:
        try:
            content = json.loads((self.folder / LIST).read_text(encoding="utf-8"))
            made = {name: Made(str(entry["answer"]), str(entry["content"])) for name, entry in content.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}  # none yet, or damaged: then everything is made anew
        return {name: entry for name, entry in made.items() if is_derived(name)}

    def _write(self) -> None:
        content = {name: {"answer": made.answer, "content": made.content} for name, made in self._made.items()}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        files.write_by(self.folder / LIST, lambda path: _put(path, text), sync=False)


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def is_derived(name: str) -> bool:
    """Whether a name can be that of a file made from an answer: no table, no record, nothing above the folder."""
    path = Path(name)
    inside = not path.is_absolute() and ".." not in path.parts and path.parts[:-1] in ((), (SCENARIOS,))
    return inside and path.suffix in (".csv", ".html", ".png", ".yaml")


def _content(path: Path) -> str | None:
    """Hash of what is in a file; None if it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _free_name(path: Path) -> Path:
    number, kept = 1, path.with_name(f"{path.stem}.changed{path.suffix}")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.stem}.changed-{number}{path.suffix}")
    return kept
