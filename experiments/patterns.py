"""Which published patterns does the model reproduce?

Every pattern of docs/patterns.md as a check: those that calibration used, in Xinyu with its 414 villages; and those
that were kept for validation, which no parameter was fitted to. Verdicts are by parameter sets: a pattern is reproduced
if at least nine in ten sets, of at least ten, lie in what was published or have the published sign; partly if half of
them do. A pattern that fails stays. Beside it stands the share among as many sets of the prior, spread over all
of the ranges: what already they show follows from the rules and not from calibration. Writes:

- patterns.csv: id, use, published in words, its ends low and high, model, ci_low, ci_high, share of accepted sets
  inside and of prior ones (of those with a value), verdict, pairs of runs, and how many are missing
- at_start.csv: lonely elders and those without care as a run begins, beside the parameters that they are set by
- patterns.png

    python experiments/patterns.py
    python experiments/patterns.py --small
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import coprod_sim as cs
from coprod_sim.analysis import patterns, validation
from coprod_sim.analysis.history_matching import measured, spread
from coprod_sim.analysis.pairs import by_draw, monthly_means, summary, values
from coprod_sim.analysis.rerun import paired
from coprod_sim.analysis.validation import share_inside, share_on_side, verdict
from coprod_sim.model.columns import Floats
from coprod_sim.presentation.answers import NO_VALUE, of_pairs, percent, three_digits
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.study.design import Draw, Study
from coprod_sim.study.standard import AGREE
from coprod_sim.study.uncertain import Space, uncertain

XINYU_DRAWS, MODES_DRAWS = 24, 20
# Verdict → colour and marker, which people who see no red and green tell apart.
VERDICTS = {
    "reproduced": ("#0072b2", "o"),
    "partly": ("#e69f00", "s"),
    "not": ("#d55e00", "X"),
    NO_VALUE: ("#888888", "."),
}
COLUMNS = ["id", "what", "use", "published", "low", "high", "model", "ci_low", "ci_high", "inside", "verdict", "pairs",
           "missing"]  # fmt: skip
SHOWN = ["model", "ci_low", "ci_high"]
BAND = "#cfe3f2"  # behind what was published
WIDEST = 60  # characters of a line beside a row
PRIOR_SEED = 2  # another one than that of calibration's first wave
Row = dict[str, object]


def find(lab: Experiment) -> str:
    """Check the calibration aims in the whole prefecture, then what was kept for validation."""
    table = checks(lab)
    table["prior"] = checks(lab, prior=True)["inside"]
    lab.table("patterns", table, index=False)
    lab.figure("patterns", draw(table))
    count = table.groupby(["use", "verdict"]).size()
    said = [
        f"{use}: " + ", ".join(f"{number} {verdict}" for verdict, number in count[use].items())
        for use in ("calibration", "validation")
    ]
    kept = table[table["use"] == "validation"]
    reproduced = kept[kept["verdict"] == "reproduced"]
    before = int((reproduced["prior"] >= AGREE).sum())
    of_rules = f"{before} of these {len(reproduced)} also under nine in ten sets of the prior"
    lab.finding(
        f"Of {len(kept)} checks against what was published and kept for validation, "
        f"{len(reproduced)} are reproduced, {int((kept['verdict'] == 'partly').sum())} partly and "
        f"{int((kept['verdict'] == 'not').sum())} not; {of_rules}, so that they follow from the rules and not from "
        "calibration."
    )
    lines = ["| id | what | published | model | accepted sets inside | prior sets inside | verdict |",
             "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    lines += [
        f"| {row.id} | {row.what} | {row.published} | {_found(row)} | {percent(float(row.inside))} "
        f"| {percent(float(row.prior))} | {row.verdict} |"
        for row in table.itertuples()
    ]
    return (
        f"Of the checks, {'; '.join(said)}. Of the {len(reproduced)} that are reproduced in validation, {before} are "
        "so under nine in ten sets of the prior, too: they follow from the rules and not from calibration.\n\n"
        + "\n".join(lines)
        + "\n\nShares of sets are of those that give a value. Sets of the prior are spread evenly over the ranges of "
        "all that no source fixes; in some of them hardly a site opens."
    )


def checks(lab: Experiment, *, prior: bool = False) -> pd.DataFrame:
    """Every check, a row each, under accepted parameter sets or under as many of the prior."""
    others = the_others(lab, prior)  # first: its study is the experiment's own
    return pd.DataFrame([*aims(lab, prior), *grassroots(lab, prior), *others], columns=COLUMNS)


def prior_sets(number: int) -> dict[int, Draw]:
    """So many parameter sets spread over all of the ranges (Latin hypercube)."""
    space = Space(uncertain())
    return dict(enumerate(space.draws(spread(space.columns, number, PRIOR_SEED)), start=1))


def _part(name: str, prior: bool) -> str:
    return f"{name}_prior" if prior else name


def aims(lab: Experiment, prior: bool) -> list[Row]:
    """The figures that calibration used, in the whole prefecture."""
    villages = 6 if lab.small else 414
    county = cs.load_scenario(patterns.COUNTY, [f"population.villages={villages}", f"horizon.months={patterns.MONTHS}"])
    draws = lab.accepted(XINYU_DRAWS)
    draws = prior_sets(len(draws)) if prior else draws
    study = Study({"today": county}, 1, draws=draws, question="the published series")
    result = lab.run(study, _part("xinyu", prior))
    if not prior:
        lab.table("at_start", as_runs_begin(lab, result), index=False)
    found = measured(result.monthly, patterns.aims(villages), result.runs)
    return [
        _range(aim.id, aim.name, "calibration", f"{aim.published:.3g} ± {2 * aim.spread:.2g}",
               found[aim.name].to_numpy()[:, None], (aim.published - 2 * aim.spread, aim.published + 2 * aim.spread))
        for aim in patterns.aims(villages)
    ]  # fmt: skip


def as_runs_begin(lab: Experiment, result: cs.StudyResult) -> pd.DataFrame:
    """Shares of lonely elders and of those without care, beside the parameters that they follow from."""
    seen = lab.look(result, ["today"], patterns.at_start)
    family = result.study.scenarios["today"].family
    return pd.DataFrame([
        {"share": name, "parameter": f"family.{key}", "default": getattr(family, key),
         **summary(paired(seen, name)["today"])}
        for name, key in patterns.AT_START.items()
    ])  # fmt: skip


def grassroots(lab: Experiment, prior: bool) -> list[Row]:
    """Sites that the villages run themselves against the county's alone: which last, and for how many public yuan."""
    study = lab.plan(*(() if lab.small else (f"draws={{accepted:{MODES_DRAWS}}}",)), experiment="co_production")
    if prior:
        study = replace(study, draws=prior_sets(len(study.parameter_sets)))
    result = lab.run(study, _part("modes", prior))
    open_sites, active, cost = (values(result, key) for key in ("sites_open", "sites_active_share", "cost_government"))
    # Yuan for a site, and not sites for a yuan: a scheme may cost the county nothing. Without a site there is no value.
    price = {mode: cost[mode] / np.where(open_sites[mode] > 0, open_sites[mode], np.nan)
             for mode in ("grass-roots", "government-led")}  # fmt: skip
    each = "public yuan for a site that is open at the end, grass-roots less government-led"
    lasting = active["grass-roots"] - active["government-led"]
    return [
        _sign("grassroots", each, price["grass-roots"] - price["government-led"], -1),
        _sign("grassroots", "sites that still serve of those built, grass-roots less government-led", lasting, 1),
    ]


def the_others(lab: Experiment, prior: bool) -> list[Row]:
    """Closures after a lapse, signs of participation, who is reached, the time bank, decay, inflated reports."""
    result = lab.study() if not prior else lab.study(part="prior", draws=prior_sets(len(lab.plan().parameter_sets)))
    rate = values(result, "helper_rate")
    idle = values(result, "sites_stopped")
    inflated = values(result, "score_inflation")
    looked = {
        name: lab.look(result, [scenario], see)
        for name, (scenario, see) in LOOKS.items()
    }  # fmt: skip
    stops = {key: paired(looked["lapse"], key)["lapse"] for key in ("before", "after", "poor", "other")}
    who = {key: paired(looked["reached"], key)["today"] for key in ("unmet", "enrolled_able", "enrolled_disabled")}
    bank, balances = paired(looked["bank"], "hours")["time bank"], paired(looked["idle"], "idle")["time bank"]
    second, last = (monthly_means(result, "helper_rate", *window)["today"] for window in ((12, 24), _last(result)))
    rows = [
        _sign("building", "sites stopped at the end, lapse less today", idle["lapse"] - idle["today"], 1),
        _sign("building", "closures in the year after the lapse less the year before", stops["after"] - stops["before"],
              1),
        _sign("building", "closed within half a year of the lapse, poor villages less others",
              stops["poor"] - stops["other"], 1),
    ]  # fmt: skip
    for act, signs in (("help", validation.HELP_SIGNS), ("join", validation.JOIN_SIGNS)):
        for trait, sign in signs.items():
            slope = paired(looked["signs"], f"{act}: {trait}")["today"]
            rows.append(_sign("signs", f"{_ACTS[act]} and {trait}, per standard deviation", slope, sign))
    rows += [
        _range("neediest", "rural disabled people of 80 and over with an unmet need of daily help", "validation",
               "0.59 ± 0.1", who["unmet"], (0.49, 0.69)),
        _sign("neediest", "enrolled of the able less enrolled of the disabled",
              who["enrolled_able"] - who["enrolled_disabled"], 1),
        _range("time-bank", "hours a week of those with credits, with the bank less without", "validation",
               "1.37 (0.20 to 2.54)", bank, (0.20, 2.54)),
        _range("idle-balances", "holders of credits who claimed nothing in the last year", "validation", "most",
               balances, (0.5, 1.0)),
        _sign("decay", "helpers in the last year less the second, without talk or sanction", last - second, -1),
        _sign("decay", "helpers under talk and sanction less the better of either alone",
              rate["talk and sanction"] - np.maximum(rate["talk"], rate["sanction"]), 1),
        _sign("inflated", "reported less true score, internal evaluation", inflated["today"], 1),
        _sign("inflated", "reported less true score, outside less internal", inflated["outside evaluator"]
              - inflated["today"], -1),
    ]  # fmt: skip
    return rows


_ACTS = {"help": "helping", "join": "taking part"}
LOOKS: dict[str, tuple[str, Callable[[cs.CoproductionModel], dict[str, float]]]] = {
    "lapse": ("lapse", validation.closures),
    "signs": ("today", validation.participation),
    "reached": ("today", validation.reached),
    "bank": ("time bank", validation.members_hours),
    "idle": ("time bank", validation.idle_balances),
}


def _last(result: cs.StudyResult) -> tuple[int, int]:
    months = result.study.scenarios["today"].horizon.months
    return months - 12, months


def _sign(name: str, what: str, numbers: Floats, sign: int) -> Row:
    words, side = ("above 0", (0.0, np.inf)) if sign > 0 else ("below 0", (-np.inf, 0.0))
    return _row(name, what, "validation", words, side, numbers, share_on_side(by_draw(numbers), sign))


def _range(name: str, what: str, use: str, words: str, numbers: Floats, published: tuple[float, float]) -> Row:
    return _row(name, what, use, words, published, numbers, share_inside(by_draw(numbers), published))


def _row(
    name: str, what: str, use: str, words: str, published: tuple[float, float], numbers: Floats, inside: float
) -> Row:  # fmt: skip
    found: dict[str, Any] = summary(numbers)
    said = verdict(inside, int(found["draws"]))
    numbers_found = (found["value"], found["ci_low"], found["ci_high"], inside, said, found["pairs"], found["missing"])
    return dict(zip(COLUMNS, (name, what, use, words, *published, *numbers_found), strict=True))


def _found(row: Any) -> str:
    """The model's value with its interval, and the pairs that it rests on where some are missing."""
    if not np.isfinite(row.model):
        return NO_VALUE
    ends = "(no interval)"
    if np.isfinite(row.ci_low):
        ends = f"({three_digits(row.ci_low)} to {three_digits(row.ci_high)})"
    return f"{three_digits(row.model)} {ends}{of_pairs(row._asdict())}"


def draw(table: pd.DataFrame) -> Figure:
    """Each check beside what was published, by its verdict, which a colour and a marker say beside its words."""
    ranged = np.isfinite(table["low"]) & np.isfinite(table["high"])
    rows = int(max(ranged.sum(), (~ranged).sum()))
    figure, (left, right) = plt.subplots(1, 2, figsize=(16, 0.3 * rows + 2.2), layout="constrained")
    _panel(left, table[ranged], _in_half_widths, "Figures: blue is the published range",
           "from the middle of the published range, in halves of its width")  # fmt: skip
    _panel(right, table[~ranged], _towards_published, "Signs: blue is the published side",
           "towards the published side, as a part of the larger end: each on a scale of its own")  # fmt: skip
    left.axvspan(-1, 1, color=BAND, lw=0)
    right.axvspan(0, 1.05, color=BAND, lw=0)
    right.set_xlim(-1.05, 1.05)
    figure.suptitle("What was published of schemes, and what the model gives: means and 95% intervals over accepted "
                    "parameter sets", fontsize=10)  # fmt: skip
    marks = [Line2D([], [], color=colour, marker=marker, lw=2, ms=5) for colour, marker in VERDICTS.values()]
    figure.legend(marks, list(VERDICTS), loc="outside lower center", ncols=len(VERDICTS), fontsize=8, frameon=False)
    return figure


def _panel(axis: Axes, rows: pd.DataFrame, scaled: Callable[[pd.DataFrame], pd.DataFrame], title: str,
           unit: str) -> None:  # fmt: skip
    """One check a line, those of calibration first."""
    rows = rows.sort_values("use", kind="stable").reset_index(drop=True)
    values = scaled(rows)
    for name, (colour, marker) in VERDICTS.items():
        places = rows.index[rows["verdict"] == name]
        axis.hlines(places, values["ci_low"][places], values["ci_high"][places], color=colour, lw=2)
        axis.plot(values["model"][places], places, marker, color=colour, ms=5)
    names = [textwrap.fill(f"{row.what} [{row.verdict}]", WIDEST) for row in rows.itertuples()]
    axis.set_yticks(range(len(rows)), names, fontsize=7)
    axis.tick_params(axis="x", labelsize=8)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    calibrated = int((rows["use"] == "calibration").sum())
    if calibrated:
        axis.axhline(calibrated - 0.5, color="#888888", lw=0.8, ls=":")
        title += "; above the line used for calibration, below kept for validation"
    axis.axvline(0, color="#888888", lw=0.8)
    axis.set_title(title, fontsize=9, loc="left")
    axis.set_xlabel(unit, fontsize=8)


def _in_half_widths(rows: pd.DataFrame) -> pd.DataFrame:
    """Values of checks against a range: 0 is its middle, -1 and 1 are its ends."""
    middle, half = (rows["low"] + rows["high"]) / 2, (rows["high"] - rows["low"]) / 2
    return rows[SHOWN].sub(middle, axis=0).div(half, axis=0)


def _towards_published(rows: pd.DataFrame) -> pd.DataFrame:
    """Values of checks of a sign: the published side is above 0, the larger end is 1 or -1."""
    side = np.where(np.isposinf(rows["high"]), 1.0, -1.0)
    turned = rows[SHOWN].mul(side, axis=0)
    return turned.div(turned.abs().max(axis=1).replace(0, 1), axis=0)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
