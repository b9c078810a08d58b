"""Parameter sets as rows: what each policy gains under them, which comes first, and what their parameters are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from coprod_sim.analysis.pairs import common, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_SOCIETY, INDICATORS, selects
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.intervals import means_of_sets
from coprod_sim.study.ranges import NAMES_OF_SETS
from coprod_sim.study.result import StudyResult

# Half a percentage point of a share: the least by which a county would prefer one reform to another. An assumption; a
# smaller lead is no reason to choose, and within a set it may be stochastic variation.
LEAD = 0.005
NO_FIRST = "none leads"
AS_IN_SCENARIO = "as in the scenario"  # level of what some draws set and the comparator does not name


def gains(
    analysis: str, result: StudyResult, policies: Sequence[str], indicator: str | None = None, group: str = "all",
    worth: float | None = None, cost: str = COST_TO_SOCIETY, fewest: int = 2,
) -> dict[str, Floats]:  # fmt: skip
    """What each policy gains over the comparator: policy → (draws, replications), more being better.

    A pair that any of them lacks is NaN in all.

    Args:
        analysis: named if this is refused.
        policies: scenarios other than the comparator.
        indicator: what is gained, turned round where less is better; None for that by which policies are picked.
        worth: yuan that one unit of it is worth: the gain is then the net benefit in yuan; None for the indicator.
        cost: indicator of what is paid, where `worth` is given.
        fewest: parameter sets with a pair that it takes.

    Raises:
        ScenarioError: another indicator, a policy that the study lacks, or fewer sets than it takes.
    """
    base, indicator = result.study.baseline, indicator or selects()
    able = [name for name in result.study.scenarios if name != base]
    if isinstance(policies, str) or not policies:
        raise ScenarioError(f"{analysis}: policies: must be a list of names, got {policies!r}")
    for key, given, allowed in (
        *(("indicator", name, tuple(INDICATORS)) for name in (indicator, cost)),
        *(("policies", name, able) for name in policies),
    ):
        if given not in allowed:
            raise ScenarioError(f"{analysis}: {key}: must be one of {', '.join(allowed)}, got {given!r}")
    read = [values(result, indicator, group), *([values(result, cost)] if worth is not None else [])]
    effects, *costs = common(analysis, *({name: table[name] for name in (base, *policies)} for table in read))
    sign = -1 if INDICATORS[indicator].better < 0 else 1
    gained: dict[str, Floats] = {name: sign * (effects[name] - effects[base]) for name in policies}
    for paid in costs:
        gained = {name: float(worth or 0) * gained[name] - (paid[name] - paid[base]) for name in policies}
    number = int(np.isfinite(gained[policies[0]]).any(axis=1).sum())
    if number < fewest:
        raise ScenarioError(f"{analysis}: must be given at least {fewest} parameter sets, got {number}")
    return gained


def means(result: StudyResult, by_name: Mapping[str, Floats]) -> pd.DataFrame:
    """Means over replications: one row a draw, one column a name, NaN where a set has none."""
    draws = pd.Index(sorted(set(result.runs["draw"])), name="draw")
    return pd.DataFrame({name: means_of_sets(array[None])[0] for name, array in by_name.items()}, index=draws)


def lead_of(analysis: str, indicator: str | None, lead: float | None) -> float:
    """The smallest lead that counts, in the indicator's unit: what was given, or `LEAD` of a share.

    Raises:
        ScenarioError: none was given for an indicator that is no share, or one below 0.
    """
    indicator = indicator or selects()
    unit = INDICATORS[indicator].unit if indicator in INDICATORS else "share"  # an unknown one is refused by `gains`
    if lead is None and unit != "share":
        raise ScenarioError(f"{analysis}: lead: must be given in {unit} for {indicator!r}, got none")
    if lead is not None and not lead >= 0:
        raise ScenarioError(f"{analysis}: lead: must be a number of at least 0, got {lead!r}")
    return LEAD if lead is None else lead


def which_first(table: pd.DataFrame, lead: float) -> pd.Series[str]:
    """The policy that gains more than every other and than nothing by the lead, for each set; `NO_FIRST` without.

    Args:
        table: one row a set, one column a policy, no value missing.
        lead: in the unit of the gains.
    """
    beside = np.sort(np.column_stack([table.to_numpy(), np.zeros(len(table))]), axis=1)
    best = table.max(axis=1)
    ahead = best - beside[:, -2]
    clear = (best > 0) & (ahead > 0) & (ahead >= lead)
    return table.idxmax(axis=1).where(clear, NO_FIRST)


def varying(result: StudyResult, draws: pd.Index) -> pd.DataFrame:
    """Parameters that differ between draws: one row a draw, one column a parameter; what is no number is a level.

    What a draw lacks has the comparator's value.
    """
    sets = result.study.parameter_sets
    county = result.study.scenarios[result.study.baseline].values()
    columns = {}
    for key in dict.fromkeys(key for draw in draws for key in sets[draw]):
        group, _, name = key.partition(".")
        default = county.get(group, {}).get(name, AS_IN_SCENARIO)
        column = [sets[draw].get(key, default) for draw in draws]
        numbers = key not in NAMES_OF_SETS and all(isinstance(v, Real) and not isinstance(v, bool) for v in column)
        columns[key] = [float(v) if numbers else str(v) for v in column]
    frame = pd.DataFrame(columns, index=draws)
    return frame.loc[:, frame.nunique() > 1]


def scaled(column: pd.Series) -> Floats:
    """Numbers as their ranks between -1 and 1, ties sharing one; NaN where there is none.

    Ranks, because ranges of parameters are as often of orders of magnitude as of sizes.
    """
    known = column.notna().to_numpy()
    found = np.full(len(column), np.nan)
    found[known] = (2 * rankdata(column[known]) - 1) / known.sum() - 1
    return found
