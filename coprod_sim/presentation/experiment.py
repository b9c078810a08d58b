"""What every script in `experiments/` does: run its studies, write its tables, figure and answer, say how it went.

A script asks one question. Its main study is the experiment config of the same name; `--small` runs that in six small
villages under two made-up parameter sets, to see how it works. Each run of a script writes into its folder the studies,
tables as CSV, figures as PNG, and `answer.md`: what came out, in words that are made from the tables.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from rich.console import Console

from coprod_sim.presentation import lettering
from coprod_sim.presentation.answers import sums_are, with_minus, years_of_sums
from coprod_sim.presentation.progress import StudyProgress
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.cluster import on_cluster
from coprod_sim.study.commands import request_of
from coprod_sim.study.derived import answer_of, stamp_of
from coprod_sim.study.design import Draw, Study
from coprod_sim.study.errors import StudyError, StudyInterrupted
from coprod_sim.study.fingerprint import fingerprint
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.record import RECORD
from coprod_sim.study.result import StudyResult
from coprod_sim.study.runner import run_study
from coprod_sim.study.spreadsheet import write_csv
from coprod_sim.study.standard import STANDARD

if TYPE_CHECKING:
    from coprod_sim.model.model import CoproductionModel

# Made up, so that it can be seen how an experiment works whatever calibration leaves open.
SMALL_SETS: tuple[Draw, ...] = (
    {"helping.base": -3.0, "motives.others": 2.5},
    {"helping.base": -3.6, "duties.cost": 0.5},
)
_COUNTY = ("county=village_small", "population.villages=6", "horizon.months=84")
_SETS = ",".join("{" + ",".join(f"{key}:{value}" for key, value in draw.items()) + "}" for draw in SMALL_SETS)
SMALL = (*_COUNTY, "replications=1", f"draws=[{_SETS}]")
# Of an experiment whose parameter sets are its own: worlds, or counties.
SMALL_OWN_SETS = (*_COUNTY, "replications=3")
BRACKETS = (
    "In square brackets: the share of parameter sets in which a change is above zero, and also below it where more lie "
    "there and some at zero."
)
BETWEEN = "In square brackets: the share of counties in which a change is above zero."
OF_EACH_WORLD = "Each world is read by itself: a change is called clear when that interval excludes zero."
CONTAINS = {
    "both": "Intervals are 95% and contain parameter uncertainty, as far as the patterns kept for calibration leave it "
    f"open, and the stochastic variation of a run. {BRACKETS}",
    "range": "In parentheses: the range over {sets} parameter sets, from the smallest to the largest; with fewer than "
    f"{ENOUGH_DRAWS} sets there is no 95% interval. {BRACKETS}",
    "design": "Intervals are 95% and contain the choice of the design's points, neither stochastic variation nor what "
    "it leaves fixed.",
    "replication": "Intervals are 95% and contain the stochastic variation of a run only, no parameter uncertainty.",
    "counties": "Intervals are 95% and contain the differences between the counties that were drawn, those between the "
    f"parameter sets that they have, and the stochastic variation of a run. {BETWEEN}",
    "few counties": "In parentheses: the range over {sets} counties that were drawn, from the smallest to the largest; "
    f"with fewer than {ENOUGH_DRAWS} there is no 95% interval. {BETWEEN}",
}
# What the command knows and a script of several studies says otherwise, or not at all.
NOT_HERE = {
    "output": "--output FOLDER", "workers": "--workers N", "dry": "--small, to see how it works",
    "experiment": "the script's own", "part": "the whole of it", "cluster": "--cluster ADDRESS",
    **dict.fromkeys(("scenarios", "sweep", "baseline", "question"), "what its config says"),
}  # fmt: skip


@dataclass
class Experiment:
    """One run of an experiment's script.

    Attributes:
        name: of the script and its config.
        folder: where its results go.
        small: whether it is only to be seen how it works.
        overrides: of the user, for all its studies.
        workers: processes; None for one each core.
        worlds: whether the parameter sets are worlds that the config makes, each to be read by itself: they stay at
            small size, and intervals are over runs.
        counties: whether they are counties that the config draws: they stay at small size, and intervals are between
            them.
        cluster: address of a Dask scheduler that the runs go to; None for this machine.
        tried: effects (`scenario indicator`) that were tried under changes of what should not matter → whether they
            stayed clear, for the overview of all experiments.
        carried: scenario → the one assumption that carries its effect on open need closed, for the same.
    """

    name: str
    folder: Path
    small: bool = False
    overrides: Sequence[str] = ()
    workers: int | None = None
    worlds: bool = False
    counties: bool = False
    cluster: str | None = None
    _studies: list[StudyResult] = field(default_factory=list)
    _figures: list[str] = field(default_factory=list)
    _findings: list[dict[str, Any]] = field(default_factory=list)
    tried: dict[str, bool] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)

    def plan(self, *overrides: str, experiment: str | None = None) -> Study:
        """The study of a config, under overrides of its own and then those of the user."""
        own_sets = self.worlds or self.counties
        small = () if not self.small else SMALL_OWN_SETS if own_sets else SMALL
        words = [f"experiment={experiment or self.name}", *_unlike(overrides, small), *_unlike(small, self.overrides)]
        return request_of([*words, *self.overrides]).study

    def accepted(self, number: int) -> Mapping[int, Draw]:
        """So many accepted parameter sets; at small size the made-up ones."""
        return dict(enumerate(SMALL_SETS, start=1)) if self.small else accepted_draws(number)

    def study(self, *overrides: str, part: str = "", draws: Mapping[int, Draw] | None = None) -> StudyResult:
        """Run the experiment's config, or a part of it.

        Args:
            overrides: parameters and levers that hold for this part in all scenarios.
            part: its own folder within the experiment's; the main study has none, and is run first.
            draws: parameter sets instead of the config's.
        """
        study = self.plan(*overrides)
        if draws is not None:
            study = replace(study, draws=draws)
        return self.run(study, part)

    def run(self, study: Study, part: str = "") -> StudyResult:
        """Run a study, or read what there is of it, with progress."""
        with StudyProgress(Console(stderr=True), study) as progress:
            result = run_study(study, self.folder / part if part else self.folder, self.workers, progress.show)
        self._studies.append(result)
        return result

    def look(
        self, result: StudyResult, scenarios: Sequence[str], see: Callable[[CoproductionModel], Mapping[str, float]]
    ) -> pd.DataFrame:
        """Run scenarios of a study again and measure each model, with progress (see `rerun.look`)."""
        from coprod_sim.analysis.rerun import look  # with the model, which a study's own process does without

        with StudyProgress(Console(stderr=True), result.study) as progress:
            return look(result, scenarios, see, self.workers, progress.show)

    def table(self, name: str, frame: pd.DataFrame, *, index: bool = True) -> pd.DataFrame:
        """Write a table, parameter sets that stand in a cell with spaces between them; gives it back.

        The file also says of which answer it is: comparator, seed, number of parameter sets and source, and the hash of
        what the main study gave.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        plain = frame
        if "sets" in frame and frame["sets"].dtype == object:  # those of few sets, and not their number
            plain = frame.assign(sets=[" ".join(f"{value:.6g}" for value in some) for some in frame["sets"]])
        taken = {*plain.columns, *plain.index.names}  # a table's own column of that name stays what it is
        stamp = {f"study_{key}" if key in taken else key: value for key, value in self._stamp().items()}
        write_csv(self.folder / f"{name}.csv", plain.assign(**stamp), index=index)
        return frame

    def figure(self, name: str, figure: Figure) -> None:
        """Write a figure and close it; the first stands beside the answer. Below its title it says of what it is."""
        if self._studies:
            study = self._studies[0].study
            years = years_of_sums(study.scenarios[study.baseline])
            totals = f"sums are those of the {years:g} years from the reform month on"
            figure.suptitle(f"{figure.get_suptitle()}\n{self._made()}; {totals}", fontsize=10)
        lettering.save(figure, self.folder / f"{name}.png", dpi=110, stamp=self._stamp())
        plt.close(figure)
        self._figures.append(f"{name}.png")

    def finding(self, words: str, hangs_on: str = "", claims: Mapping[str, str] | None = None) -> None:
        """Add a sentence to the findings of the experiment's answer, which the overview of all experiments quotes.

        Args:
            words: one sentence with its number and its probability, made from the tables.
            hangs_on: the assumption that it hangs on, within a sentence; nothing if no single one carries it.
            claims: clear effects that it claims, scenario → indicator: the overview says whether they survived changes
                of what should not matter (`experiments/robustness.py`).
        """
        self._findings.append(
            {"words": with_minus(words), "hangs_on": with_minus(hangs_on), "claims": dict(claims or {})}
        )

    def answer(self, text: str, seconds: float) -> None:
        """Write the answer, how large the experiment was and what its intervals contain."""
        runs = sum(len(result.runs) for result in self._studies)
        failed = sum(int(result.runs["failed"].sum()) for result in self._studies)
        said = [text.strip()]
        if self._studies:
            said.append(f"{self.size()} {self._contains()}")
        if failed:
            said.append(f"{failed} of {runs} runs failed; they are left out with all that they are compared with.")
        (self.folder / "answer.md").write_text(with_minus("\n\n".join(said)) + "\n", encoding="utf-8")
        made = sum(float(result.timing["seconds"].sum()) for result in self._studies)
        facts = {"seconds": round(seconds), "processor_seconds": round(made), "runs": runs, "small": self.small,
                 "model": fingerprint(draws=self._reads_shipped()), "overrides": list(self.overrides),
                 "answers": [answer_of(result) for result in self._studies],
                 "figure": self._figures[0] if self._figures else None,
                 "findings": self._findings, "tried": self.tried, "carried": self.carried}  # fmt: skip
        (self.folder / "made.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")

    def _reads_shipped(self) -> bool:
        """Whether a study took any parameter set that ships, or a design within their ranges."""
        shipped = {json.dumps(one, sort_keys=True) for one in accepted_draws().values()}
        studies = [result.study for result in self._studies]
        return any(study.common_seeds for study in studies) or any(
            json.dumps(dict(one), sort_keys=True) in shipped
            for study in studies for one in study.parameter_sets.values()
        )  # fmt: skip

    def _stamp(self) -> dict[str, str]:
        return stamp_of(self._studies[0]) if self._studies else {}

    def begin(self) -> None:
        """Take away the answer of an earlier run: until this one has come to its end there is none."""
        if (self.folder / RECORD).is_file():  # else the folder is new, or somebody else's
            for name in ("answer.md", "made.json"):
                (self.folder / name).unlink(missing_ok=True)

    def size(self) -> str:
        """How large the main study was, and of what its sums are, in two sentences."""
        study = self._studies[0].study
        return f"{self._made()}. {sums_are(study.scenarios[study.baseline])}"

    def _made(self) -> str:
        """How large the main study was."""
        study = self._studies[0].study
        land = study.scenarios[study.baseline].population
        often = study.most_replications
        own = any(word.startswith("draws=") for word in self.overrides)
        made_up = "made-up parameter sets" if self.small and not own else "accepted parameter sets"
        kind = "parameter sets of a design" if study.common_seeds else made_up
        kind = "worlds" if self.worlds else "counties of drawn profile" if self.counties else kind
        draws = f"{self._draws()} {kind}" if self._draws() > 1 else "default parameters"
        where = f"{land.villages} village{'s' if land.villages > 1 else ''}"
        return f"{where}, {len(study.scenarios)} policies, {draws}, {often} run{'s' if often > 1 else ''} of each"

    @property
    def intervals(self) -> str:
        """What lines in figures of the main study's changes are, as their titles say it."""
        draws, few = self._draws(), self._draws() < ENOUGH_DRAWS
        if draws == 1 or self.worlds:
            return "95% intervals over paired runs"
        over = "counties" if self.counties else "parameter sets"
        return f"range over {draws} {over}" if few else f"95% intervals over {over}"

    def _contains(self) -> str:
        """What the intervals of the answer contain, and what is called clear."""
        draws, study = self._draws(), self._studies[0].study
        if study.common_seeds:
            return CONTAINS["design"]
        if draws == 1 or self.worlds:
            return f"{CONTAINS['replication']} {STANDARD if draws == 1 else OF_EACH_WORLD}"
        if self.counties:
            which = "few counties" if draws < ENOUGH_DRAWS else "counties"
            return f"{CONTAINS[which].format(sets=draws)} {STANDARD}"
        return f"{CONTAINS['range' if draws < ENOUGH_DRAWS else 'both'].format(sets=draws)} {STANDARD}"

    def _draws(self) -> int:
        return len(self._studies[0].study.parameter_sets)


def experiment(
    find: Callable[[Experiment], str], doc: str | None, file: str, *, worlds: bool = False, counties: bool = False
) -> None:
    """Run an experiment's script from its command line.

    Args:
        find: runs studies, writes tables and figures, gives back what came out.
        doc, file: of the script; its first line is the question.
        worlds, counties: see `Experiment`.
    """
    lab = _asked(doc or "", Path(file).stem)
    lab.worlds, lab.counties = worlds, counties
    begun = time.monotonic()
    try:
        lab.begin()
        with on_cluster(lab.cluster), lettering.lettered():
            text = find(lab)
        lab.answer(text, time.monotonic() - begun)
    except (ScenarioError, StudyError) as error:
        print(f"{lab.name}: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"{lab.name}: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)
    except StudyInterrupted as stopped:
        print(f"{lab.name}: {stopped}", file=sys.stderr)
        sys.exit(130)
    print((lab.folder / "answer.md").read_text(encoding="utf-8"))
    print(f"Tables, figures and studies: {lab.folder}")


def _asked(doc: str, name: str) -> Experiment:
    parser = argparse.ArgumentParser(description=doc.strip().splitlines()[0], allow_abbrev=False)
    parser.add_argument("--small", action="store_true", help="six small villages, to see how it works")
    parser.add_argument("--output", type=Path, default=None, help="folder of results")
    parser.add_argument("--workers", type=int, default=None, help="processes; one for each core if not given")
    parser.add_argument("--cluster", metavar="ADDRESS", default=None, help="Dask scheduler, such as tcp://host:8786")
    parser.add_argument("overrides", nargs="*", help="as for coprod-sim, such as replications=2 or draws={accepted:10}")
    given = parser.parse_args()
    for override in given.overrides:
        key = override.partition("=")[0].lstrip("+~")
        if key in NOT_HERE:
            parser.error(f"{key}: must in a script be {NOT_HERE[key]}, got {override!r}")
    folder = given.output or Path("results") / (f"{name}_small" if given.small else name)
    return Experiment(name, folder, given.small, given.overrides, given.workers, cluster=given.cluster)


def _unlike(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Overrides whose keys the others do not give."""
    keys = {other.partition("=")[0] for other in others}
    return [one for one in some if one.partition("=")[0] not in keys]
