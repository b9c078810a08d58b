"""What do the level, the tilt, the unit, the shortfall and the timing of public money do, and where do sites close?

"Heavy on building, light on managing": a full factorial of five choices of money, from the first month of a county's
scheme. Writes:

- policies.csv: every combination: sites stopped, sites active, need closed, public money, yuan for an elder-month of
  substantial help
- main_effects.csv: each choice's mean effect over all others
- closures.csv: part of sites ever opened that stand idle at the end, in poor and in other villages
- funding.png

    python experiments/funding.py
    python experiments/funding.py --small
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from coprod_sim.analysis.pairs import common, count, of_difference, ratio, summary, values
from coprod_sim.analysis.rerun import paired
from coprod_sim.analysis.validation import part
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.places import STOPPED
from coprod_sim.presentation.answers import change, level, mean_with_interval, with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.study.result import StudyResult

# Choice → (as it is first, as it is then): the words of a policy's name in their order.
CHOICES = {
    "level": ("half", "more"),
    "tilt": ("running", "building"),
    "unit": ("site", "elder"),
    "shortfall": ("covered", "short"),
    "timing": ("steady", "front"),
}
# The same options as a reader meets them.
WORDS = {
    "half": "half of today's", "more": "1.4 times today's", "running": "to running", "building": "to building",
    "site": "per site", "elder": "per reported user", "covered": "none", "short": "30%", "steady": "even",
    "front": "more at first and less later",
}  # fmt: skip
RESULTS = ("sites_stopped", "sites_active_share", "sites_open", "enrolled_share", "need_closed_meals", "need_closed",
           "money_late_share", "cost_government")  # fmt: skip
HELPED = "people_helped"
HEAVY = "todays building site short front"
LIGHT = "todays running site covered steady"
WEALTH = ("village: poor villages", "village: other villages")
BY_WEALTH = ("enrolled_share", "need_closed_meals", "need_closed")
LOOKED_AT = {
    "today": "today",
    HEAVY: "heavy on building",
    LIGHT: "light on building (today's level tilted to running, per site, no shortfall, even)",
}


def find(lab: Experiment) -> str:
    """Read the factorial: all policies, each choice's main effect, who closes."""
    result = lab.study()
    lab.table("policies", policies(result), index=False)
    effects = lab.table("main_effects", main_effects(result))
    seen = lab.look(result, list(LOOKED_AT), idle_by_wealth)
    closed = lab.table("closures", closures(seen), index=False)
    lab.figure("funding", draw(effects, lab.intervals))
    whole = effects["said"].xs("all", level="group").droplevel("scenario")
    lines = ["| choice | " + " | ".join(label(key).lower() for key in SHOWN) + " |",
             "| --- |" + " --- |" * len(SHOWN)]  # fmt: skip
    for key, (first, then) in CHOICES.items():
        lines.append(f"| {said_of(key, first, then)} | " + " | ".join(whole[key, one] for one in SHOWN) + " |")
    gaps = closed[closed["villages"] == "poor less other"].set_index("policy")
    return (
        "\n".join(lines)
        + "\n\nEach is the mean over all combinations of the other choices. Level is of running money alone. Tilted to "
        "running is a grant of 50,000 yuan a site and a fifth more running money, which is paid first; tilted to "
        "building is 150,000 yuan and a fifth less, and buildings are paid first: that choice does not keep the sum of "
        "the money. All hold from the scheme's first month on. Heavy on building, light on managing "
        "(today's level tilted to building, per site, short, front-loaded) against today: "
        f"{change(result, HEAVY, 'sites_stopped')} stopped, {change(result, HEAVY, 'need_closed_meals')} in open need "
        "of meals closed, "
        f"the county {change(result, HEAVY, 'cost_government')}; today {level(result, 'today', 'sites_stopped')} "
        "are stopped at the end. Stopped of all sites ever opened, poor villages less others: "
        + ", ".join(f"{words} {with_interval(gaps.loc[name], 'share')}" for name, words in LOOKED_AT.items())
        + "."
    )


SHOWN = ("sites_stopped", "sites_active_share", "need_closed_meals", "need_closed", "cost_government")


def said_of(key: str, first: str, then: str) -> str:
    """A choice about money in words: "level: 1.4 times today's instead of half of today's"."""
    return f"{key}: {WORDS[then]} instead of {WORDS[first]}"


def parts_of(result: StudyResult) -> dict[str, dict[str, str]]:
    """Policy → its choices."""
    names = [name for name in result.study.scenarios if name != "today"]
    return {name: dict(zip(CHOICES, name.split(), strict=True)) for name in names}


def policies(result: StudyResult) -> pd.DataFrame:
    """Levels under every policy, with yuan of the county for an elder-month of substantial help (mean over mean; none
    where it is not clear that there are any); all over the pairs in which every policy has every result."""
    rows: list[dict[str, object]] = []
    names = (*RESULTS, "cost_government", HELPED)
    *levels, cost, helped = common("funding", *(values(result, name) for name in names))
    for name, chosen in {"today": dict.fromkeys(CHOICES, "today"), **parts_of(result)}.items():
        row: dict[str, object] = {"policy": name, **chosen}
        row |= {indicator: summary(found[name])["value"] for indicator, found in zip(RESULTS, levels, strict=True)}
        row["yuan_per_elder_month_helped"] = ratio(cost[name], helped[name])
        rows.append(row | count(cost[name]))
    return pd.DataFrame(rows)


def main_effects(result: StudyResult) -> pd.DataFrame:
    """Each choice's second option less its first, mean over the other choices, with intervals over draws."""
    chosen = parts_of(result)
    rows = []
    for indicator in RESULTS:
        groups = ("all", *WEALTH) if indicator in BY_WEALTH else ("all",)
        for group in groups:
            found = values(result, indicator, group)
            for key, (first, then) in CHOICES.items():
                gap, ends = _mean(found, chosen, key, then) - _mean(found, chosen, key, first), of_difference(indicator)
                rows.append({"scenario": said_of(key, first, then), "choice": key, "indicator": indicator,
                             "group": group, **summary(gap, ends),
                             "said": mean_with_interval(gap, INDICATORS[indicator].unit, limits=ends)})  # fmt: skip
    frame = pd.DataFrame(rows).rename(columns={"value": "difference"})
    return frame.set_index(["scenario", "choice", "indicator", "group"])


def _mean(found: dict[str, Floats], chosen: dict[str, dict[str, str]], key: str, option: str) -> Floats:
    mean: Floats = np.mean([found[name] for name in chosen if chosen[name][key] == option], axis=0)
    return mean


def idle_by_wealth(model: CoproductionModel) -> dict[str, float]:
    """Part of sites ever opened that stand idle at the end, in poor villages and in others; NaN where none opened."""
    sites = model.run().sites_frame()
    poor = model.state.villages.poor[model.state.sites.village]
    opened, idle = (sites["opened"] >= 0).to_numpy(), (sites["status"] == STOPPED).to_numpy()
    return {wealth: part(idle, opened & among) for wealth, among in (("poor", poor), ("other", ~poor))}


def closures(seen: pd.DataFrame) -> pd.DataFrame:
    """Idle sites by village wealth under some policies, and the gap between poor villages and others."""
    poor, other = paired(seen, "poor"), paired(seen, "other")
    rows = []
    for name in poor:
        for what, numbers in (
            ("poor", poor[name]),
            ("other", other[name]),
            ("poor less other", poor[name] - other[name]),
        ):
            rows.append({"policy": name, "villages": what, **summary(numbers)})
    return pd.DataFrame(rows)


def draw(effects: pd.DataFrame, intervals: str) -> Figure:
    """Main effects by result."""
    frame = effects.reset_index("choice", drop=True)
    title = f"What one choice about money changes instead of another, on average over all other choices; {intervals}"
    return dots({"": frame}, RESULTS, title)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
