"""A study's figures drawn in processes of their own, while this one writes the report.

What draws is imported where something is drawn: it takes half a second, for which a study need not wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from coprod_sim.presentation.language import of_language, speaking, spoken
from coprod_sim.study.derived import Derived
from coprod_sim.study.design import Study
from coprod_sim.study.processes import own_processes
from coprod_sim.study.result import StudyResult

# Figures that one process draws: the halves take about as long, and those of one half share a table.
HALVES = (("trajectories", "plan"), ("differences", "groups"))

Drawn = dict[str, bytes]


class Pictures:
    """The figures of a study that this answer lacks: drawn from now on, written when asked for.

    Args:
        result: of the study.
        derived: the files made from its answer.
        processes: that draw; with one, nothing is drawn before it is written.
    """

    def __init__(self, result: StudyResult, derived: Derived, processes: int) -> None:
        self._result, self._derived = result, derived
        self._coming = self._begun(processes)

    def write(self) -> None:
        """Write every figure as PNG."""
        tried = []
        try:
            for drawn in self._coming:
                for name, png in drawn.items():
                    self._derived.make(name, lambda path, png=png: path.write_bytes(png))  # type: ignore[misc]
                    tried.append(name)
        except TerminatedWorkerError:
            pass  # for lack of memory, as it seems: one after another, then, and here
        if len(tried) < sum(map(len, HALVES)):
            from coprod_sim.presentation.plots import draw_all

            draw_all(self._result, self._derived, without=tried)

    def _begun(self, processes: int) -> Iterator[Drawn]:
        lacking = [[name for name in half if self._lacks(name)] for half in HALVES]
        if processes == 1 or not all(lacking):
            return iter(())
        study, folder, often = self._result.study, self._result.folder, self._result.replications
        with own_processes():
            jobs = Parallel(n_jobs=processes, return_as="generator", batch_size=1)
            found: Iterator[Drawn] = jobs(
                delayed(_drawn)(study, folder, often, names, self._derived.stamp, spoken()) for names in lacking
            )
        return found

    def _lacks(self, name: str) -> bool:
        try:
            return self._derived.lacks(of_language(f"{name}.png"))
        except OSError:  # which is said when it is to be written
            return False


def _drawn(
    study: Study, folder: Path, replications: int, names: Sequence[str], stamp: Mapping[str, str], language: str
) -> Drawn:
    """Some figures of a study in a process of its own: name of the file → PNG."""
    from coprod_sim.presentation.plots import figures_of, save

    draws, found = figures_of(StudyResult(study, folder, replications)), {}
    with speaking(language), TemporaryDirectory() as place:
        for name in names:
            path = Path(place) / of_language(f"{name}.png")
            save(draws[name](), path, stamp)
            found[path.name] = path.read_bytes()
    return found
