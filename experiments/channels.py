"""By which way does each recommendation work, and is its effect one assumption?

Each recommendation is run without one of its parts, and with one weight, through which it could work, nil from the
start; everything else, random numbers too, is the same. What part of the effect goes with it is that channel's share:
shares need not add up, as channels feed one another. Last, a placebo: reports twice as long, which tell the
county no more than today's. They only take cadres' hours, so they must not help. Writes:

- parts.csv: the effect of each recommendation, whole and without each part
- channels.csv: the same without one weight, with the share of the effect that is gone
- harm.csv: share of parameter sets with no effect or harm
- channels.png

    python experiments/channels.py
    python experiments/channels.py --small
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from coprod_sim.analysis.pairs import by_draw, of_difference, ratio, share_above, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import change, percent, with_interval
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import in_words, label, lower, parameter_meaning
from coprod_sim.presentation.lettering import parameter_lines
from coprod_sim.presentation.looks import SERIES
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Study
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import AGREE, why_unclear

FACTORS = tuple(recommendations())
EFFECTS = ("need_closed", "helper_rate", "enrolled_share", "qol_years", "recognition", "duties_undone_share",
           "diverted_share", "score_inflation", "cost_government")  # fmt: skip
# What each recommendation is first of all for: there a channel's share is given.
CHIEF = {"R1": "enrolled_share", "R2": "need_closed", "R3": "duties_undone_share", "R4": "diverted_share"}
ASKED = tuple(dict.fromkeys((name, of) for name in FACTORS for of in ("need_closed", CHIEF[name])))
# Ways by which each could work, and what closes each: a weight nil, or a structure in its plain form.
CHANNELS: Mapping[str, Mapping[str, object]] = {
    "R1": {"design.learning": 0.0, "structure.talk_bargains": False, "structure.talk_meets": False,
           "motives.recognition": 0.0, "motives.feel": 0.0, "design.heed": 0.0, "motives.others": 0.0},
    "R2": {"helping.credit_value": 0.0, "economics.accident": 0.0, "motives.others": 0.0, "motives.feel": 0.0},
    "R3": {"structure.duties": "usual", "committee.deterrence": 0.0, "motives.trust": 0.0, "motives.feel": 0.0},
    "R4": {"committee.deterrence": 0.0, "faults.mending": 0.0, "supervision.renewal_score": 0.0,
           "economics.donation_decay": 0.0, "motives.trust": 0.0, "motives.feel": 0.0},
}  # fmt: skip
PLACEBO = "placebo"
WIDEST = 60  # characters of a line in a panel
MOST = 0.8  # of an effect; what carries more is said to be the effect
DRAWS = 40  # of each world without a weight: as many as there are of the whole, and as an interval takes


def find(lab: Experiment) -> str:
    """Take parts away, then weights."""
    result = lab.study()
    parts = lab.table("parts", effects_of_parts(result), index=False)
    whole = lab.plan(*(() if lab.small else (f"draws={{accepted:{DRAWS}}}",)))
    plain = lab.run(_only(whole, FACTORS, {}), "as_it_is")
    rows = []
    for factor, weights in CHANNELS.items():
        for weight in list(weights)[:2] if lab.small else weights:
            closed = {weight: weights[weight]}
            without = lab.run(_only(whole, (factor,), closed), f"without_{factor}_{weight}".replace(".", "_"))
            rows += _rows(plain, without, factor, weight)
    channels = lab.table("channels", pd.DataFrame(rows), index=False)
    harm = lab.table("harm", harmful(result), index=False)
    lab.figure("channels", draw(parts, channels))
    lab.carried = carried = assumptions(channels)
    lost = channels[channels["indicator"] == "need_closed"].set_index(["scenario", "without"])
    lab.finding(
        "More than four fifths of its effect on open need closed are lost when a single way by which it works is "
        "closed: "
        + ("; ".join(_lost(name, way, lost.loc[(name, way)]) for name, way in carried.items()) or "no recommendation")
        + "."
    )
    return words(result, parts, channels, harm)


def _lost(name: str, way: str, row: pd.Series) -> str:
    """Which recommendation loses how much with which way, on average and over the parameter sets."""
    most = "" if np.isnan(row["lose_most"]) else f", and that much in {percent(row['lose_most'])} of the parameter sets"
    return f"{name} without “{lower(parameter_meaning(way))}” (`{way}`), {percent(row['gone'])} on average{most}"


def _only(study: Study, factors: tuple[str, ...], closed: Mapping[str, object]) -> Study:
    """Today and some recommendations, in worlds in which some ways are closed."""
    draws = {number: {**draw, **closed} for number, draw in study.parameter_sets.items()}
    return study.part(factors, draws)


def _rows(plain: StudyResult, without: StudyResult, factor: str, weight: str) -> list[dict[str, object]]:
    """What is left of a recommendation's effects without a weight, over the pairs that both have; what is
    gone of an effect only where it is clear."""
    rows = []
    for indicator in EFFECTS:
        here, there = values(plain, indicator), values(without, indicator)
        effect, left = here[factor] - here["today"], there[factor] - there["today"]
        both = np.isfinite(effect) & np.isfinite(left)
        effect, left = (np.where(both, gap, np.nan) for gap in (effect, left))
        found = summary(left, of_difference(indicator))
        del found["sets"]
        rows.append({"scenario": factor, "without": weight, "indicator": indicator, "whole": summary(effect)["value"],
                     **{f"left_{key}": value for key, value in found.items()},
                     "gone": 1 - ratio(left, effect), **gone_over_sets(left, effect)})  # fmt: skip
    return rows


def gone_over_sets(left: Floats, effect: Floats) -> dict[str, float]:
    """Of the parameter sets with any effect: the middle 95% of the part that is gone, and how many lose most of it."""
    of_sets, whole = by_draw(left), by_draw(effect)
    there = np.isfinite(of_sets) & np.isfinite(whole) & (whole != 0)
    if not there.any():
        return {"gone_low": np.nan, "gone_high": np.nan, "lose_most": np.nan}
    gone = 1 - of_sets[there] / whole[there]
    low, high = np.quantile(gone, [0.025, 0.975])
    return {"gone_low": low, "gone_high": high, "lose_most": float((gone > MOST).mean())}


def effects_of_parts(result: StudyResult) -> pd.DataFrame:
    """Effects of every scenario against today, and the share of the whole one's that a part's absence takes; none where
    the whole effect is not clear."""
    rows = []
    for indicator in EFFECTS:
        found = values(result, indicator)
        for name in found:
            factor = next((f.partition(".")[0] for f in result.study.factors.get(name, ())), "")
            if factor in FACTORS:
                part = "" if result.study.made_of(factor) == name else name.removeprefix(f"{factor} without ")
                gap, whole = found[name] - found["today"], found[factor] - found["today"]
                rows.append({"scenario": factor, "without": part, "indicator": indicator,
                             **summary(gap, of_difference(indicator)),
                             "gone": 1 - ratio(gap, whole) if part else np.nan})  # fmt: skip
    return pd.DataFrame(rows)


def harmful(result: StudyResult) -> pd.DataFrame:
    """Share of parameter sets in which a recommendation does nothing or harm, by result."""
    rows = []
    for indicator in EFFECTS:
        found, better = values(result, indicator), INDICATORS[indicator].better or 1
        for name in FACTORS:
            gap = better * by_draw(found[name] - found["today"])
            rows.append({"scenario": name, "indicator": indicator, "no_gain": 1 - share_above(gap)})
    return pd.DataFrame(rows)


def assumptions(channels: pd.DataFrame) -> dict[str, str]:
    """Recommendation → the one weight with which more than four fifths of its effect on open need closed go."""
    rows = channels[(channels["indicator"] == "need_closed") & (channels["gone"] > MOST)]
    return {str(row.scenario): str(row.without) for row in rows.sort_values("gone").itertuples()}


def words(result: StudyResult, parts: pd.DataFrame, channels: pd.DataFrame, harm: pd.DataFrame) -> str:
    """What came out."""
    lines = []
    for factor, indicator in ASKED:
        unit = INDICATORS[indicator].unit
        here = channels[(channels["scenario"] == factor) & (channels["indicator"] == indicator)]
        here = here.sort_values("gone", ascending=False)
        of_parts = parts[(parts["scenario"] == factor) & (parts["indicator"] == indicator)]
        whole = of_parts[of_parts["without"] == ""].iloc[0]
        ranked = of_parts[of_parts["without"] != ""].sort_values("gone", ascending=False)
        weights = ", ".join(f"`{row.without}` {percent(row.gone)}" for row in here.head(3).itertuples())
        pieces = ", ".join(f"{row.without} {percent(row.gone)}" for row in ranked.head(3).itertuples())
        none = harm[(harm["scenario"] == factor) & (harm["indicator"] == indicator)]["no_gain"].iloc[0]
        top, part = here.iloc[0], ranked.iloc[0]
        verdict, sets = "", int(whole["draws"])
        if top["gone"] > MOST:
            over = f"{percent(top['gone_low'])} to {percent(top['gone_high'])}, middle 95% of {sets} parameter sets"
            hangs = ": the effect hangs on it" if top["lose_most"] >= AGREE else ""
            verdict = (
                f" More than four fifths are lost on average if `{top['without']}` alone is switched off ({over}), in "
                f"{percent(float(top['lose_most']))} of the sets so many{hangs}."
            )
        elif part["gone"] > MOST:
            verdict = f" More than four fifths go with one part, {part['without']}: without it there is little left."
        gone = f"Gone without a weight: {weights}; without a part: {pieces}.{verdict}"
        if not ranked["gone"].notna().any() and not here["gone"].notna().any():
            gone = f"No share of it is given, since {why_unclear(sets)}."
        lines.append(
            f"- {factor}, {label(indicator).lower()} {with_interval(whole, unit)}; no gain in {percent(none)} of "
            f"parameter sets. {gone}"
        )
    placebo = ", ".join(
        f"{label(key).lower()} {change(result, PLACEBO, key)}"
        for key in ("need_closed", "helper_rate", "enrolled_share", "qol_years", "duties_undone_share")
    )
    return "\n".join(lines) + f"\n\nPlacebo (reports that only take hours): {placebo}."


def draw(parts: pd.DataFrame, channels: pd.DataFrame) -> Figure:
    """Share of each recommendation's chief effect that goes with each part and each weight."""
    figure, axes = plt.subplots(2, 2, figsize=(13, 11), layout="constrained")
    for axis, (factor, indicator) in zip(axes.flat, CHIEF.items(), strict=True):
        names, gone, colours = [], [], []
        for frame, colour, said in ((parts, SERIES[0], str), (channels, SERIES[1], parameter_lines)):
            rows = frame[(frame["scenario"] == factor) & (frame["indicator"] == indicator) & (frame["without"] != "")]
            names += [said(name) for name in rows["without"]]
            gone += list(100 * rows["gone"])
            colours += [colour] * len(rows)
        axis.set_title(f"{in_words(factor)}: {label(indicator).lower()}", fontsize=9, loc="left")
        if not np.isfinite(gone).any():
            axis.set_axis_off()
            sets = int(parts[(parts["scenario"] == factor) & (parts["indicator"] == indicator)]["draws"].iloc[0])
            words = textwrap.fill(f"No share of the effect is given: {why_unclear(sets)}.", WIDEST)
            axis.text(0, 0.95, words, transform=axis.transAxes, va="top", fontsize=8)
            continue
        axis.barh(names, np.clip(gone, -100, 200), color=colours)
        axis.axvline(100 * MOST, color="#888888", lw=0.8, ls="--")
        axis.axvline(0, color="#888888", lw=0.8)
        axis.set_ylim(len(names) - 0.5, -0.5)  # all rows, also where none has a bar
        axis.tick_params(labelsize=7)
        axis.set_xlabel("% of the effect that is lost", fontsize=8)
    marks = [Patch(color=SERIES[0]), Patch(color=SERIES[1]), Line2D([], [], color="#888888", lw=0.8, ls="--")]
    names = ["without one of its parts", "without one way by which it works", "four fifths"]
    figure.legend(marks, names, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    figure.suptitle("How much of what each recommendation chiefly does is lost when one part of it, or one way by "
                    "which it works, is taken away; means over parameter sets", fontsize=10)  # fmt: skip
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
