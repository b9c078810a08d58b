"""What must a county bureau know before it decides: how to pay, whom to admit, what to cut, what if money or will end?

Questions that are each a comparison or a few, parameter set by parameter set. Where two uses of money are compared, the
one is read off its own curve of doses at what the other costs. Three futures are studies of their own, on the same
seeds:

- 30% less money from above: of what a parameter set's county covers of its plans, three tenths are lost from the reform
  month on. (One shortfall for all sets would be another cut in each of them, and more money where a county already
  covers less.)
- All four recommendations taken back at month 84: every lever returns to what it was in that set, and not to a default.
- Twice as many years. The model has no forecast of ages: cohorts go on growing at the steady rate of its start, so that
  there are more elders every year, about as old as before; children move away; prices, pensions and levers stay. What
  ten more years cost is to be read with that, and with sites being built in the first years. Families that weaken
  faster are the question of `migration`.

Which reform should come first is the question of `recommendations`. Writes:

- answers.csv: each comparison in open need closed, elders helped, helpers, the county's bill and what is owed
- transfers.csv: what breaks and who pays with 30% less money, under three policies
- withdrawn.csv: what remains in the last year of what was taken back
- long_run.csv: the bill, the elders and their open need in the first years and in the ten after them
- who_loses.csv: groups and payers that are worse off in at least nine in ten sets, and how much
- bureau.png

    python experiments/bureau.py
    python experiments/bureau.py --small
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from coprod_sim.analysis.extrapolation import per_elder_year
from coprod_sim.analysis.fair import read_off
from coprod_sim.analysis.losers import LOSERS, Gap, clearly_worse, looked_at
from coprod_sim.analysis.pairs import by_draw, monthly_means, of_difference, ratio, share_above, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.indicators.groups import DISABLED
from coprod_sim.presentation import lettering
from coprod_sim.presentation.answers import NINE_IN_TEN, change, level, mean_with_interval, percent, with_interval
from coprod_sim.presentation.dots import draw_sets
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import group_phrase, label, unit_words
from coprod_sim.presentation.looks import LOOKS
from coprod_sim.scenario.schema import LEVER_GROUPS, scenario_from
from coprod_sim.scenario.timeline import merge_at, value_at
from coprod_sim.study.design import Study, drawn
from coprod_sim.study.intervals import NOWHERE
from coprod_sim.study.result import StudyResult

YEAR = 12  # months
LESS = 0.3  # of the money that comes from above
TAKEN_BACK = 84  # month; four years after the reform
TINY = 1e-6  # yuan: what is left of equal costs by rounding
LONGER = 2  # times the months of the main study
SHORTFALL = "funding.shortfall"

PAY, ADMIT, PAPER, CUT, BACK, LATER = QUESTIONS = (
    "Running money per site or per elder?",
    "Admit the disabled?",
    "Cut paperwork, or hire a coordinator?",
    "What if transfers fall by 30%?",
    "What if it is withdrawn?",
    "What do ten more years cost?",
)
TODAY, GUARANTEE, ALL = "today", "guarantee", "all four"
AT_240, COORDINATOR, HALF_PAPER = "per elder 240", "coordinator 1500", "half of the paper"
PER_ELDER = "per elder, for the same money"
DISABLED_IN, CARRIED = "admit the disabled", "admit the disabled, home delivery"
PAY_KEPT, PAY_WITHDRAWN = "pay kept", "pay withdrawn"
SAID = {  # of a policy within a sentence; others as they are called
    TODAY: "today's policy",
    GUARANTEE: "the guarantee of R2",
}

NEED, COST = "need_closed", "cost_government"
BROKEN = ("sites_open", "sites_stopped", "enrolled", "meals_served", "money_lacking_share", "money_late_share",
          "duties_undone_share", "people_helped")  # fmt: skip
# Beside the county, whose bill is a measure of every comparison.
PAYERS = ("cost_village", "cost_elders", "cost_donors", "cost_organizations", "unpaid_hours")
REMAINS = ("need_closed", "helper_rate", "enrolled_share", "motivation_elders", "trust", "sites_open")
MOST_OF_CUT = 2  # groups that lose most under one policy with less money, named in the answer

Window = tuple[int, int]  # months first … last-1


class Measure(NamedTuple):
    """What each comparison is read in.

    Attributes:
        said: in a heading.
        times: what the number is multiplied by.
        unit: of it then.
    """

    said: str
    times: float
    unit: str


MEASURES: Mapping[str, Measure] = {
    NEED: Measure("open need closed", 1, "share"),
    "people_helped": Measure("elders with substantial help in a month", 1_000, "of 1,000 elders"),
    "helper_rate": Measure("helpers among the able", 1, "share"),
    COST: Measure("the county pays", 1, "yuan/elder-year"),
    "owed": Measure("owed in the last year", 1, "yuan/elder"),
}


class Side(NamedTuple):
    """One side of a comparison.

    Attributes:
        result, policy: where it is read.
        window: months that count; None: from the reform month to the end.
        curve: policies that are doses of one use of money, to be read where they cost what `policy` does.
    """

    result: StudyResult
    policy: str
    window: Window | None = None
    curve: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """One side less another one, as part of a question."""

    question: str
    said: str
    one: Side
    other: Side


class Futures(NamedTuple):
    """The main study, and those of three futures on the same seeds."""

    main: StudyResult
    cut: StudyResult
    back: StudyResult
    long: StudyResult


Levels = Callable[[StudyResult, Window | None], Mapping[str, Floats]]  # policy → (draws, replications)


def find(lab: Experiment) -> str:
    """Run the futures, compare, look for what breaks, what remains and who loses."""
    main = lab.study()
    study = main.study
    back = taken_back(study, ALL, withdrawal(study))
    futures = Futures(main, lab.run(with_less_money(study.part((GUARANTEE, ALL))), "less_money"),
                      lab.run(back, "taken_back"), lab.run(longer(study.part((ALL,))), "longer"))  # fmt: skip
    compared = comparisons(futures)
    answers = lab.table("answers", answers_of(compared), index=False)
    broken = lab.table("transfers", transfers(compared), index=False)
    remains = lab.table("withdrawn", withdrawn(futures), index=False)
    run = lab.table("long_run", long_run(futures.long), index=False)
    losers = lab.table("who_loses", who_loses(compared), index=False)
    lab.figure("bureau", draw(answers, lab.intervals))
    ends = remains.set_index(["what", "state", "indicator"])
    years = (withdrawal(study) - study.scenarios[TODAY].horizon.reform_month) / YEAR
    lab.finding(
        f"If all four are taken back after {years:g} years, open need closed is changed by "
        f"{ends.loc[(ALL, 'taken back', NEED), 'said']} in the last year; if they are kept, by "
        f"{ends.loc[(ALL, 'kept', NEED), 'said']}."
    )
    return words(futures, compared, answers, broken, remains, run, losers)


# The futures.


def with_less_money(study: Study) -> Study:
    """The study with so much less of what each set's county covers of its plans, from the reform month on."""
    today = study.scenarios[study.baseline]
    draws = {}
    for number, draw in study.parameter_sets.items():
        reform = today.horizon.reform_month
        short = float(value_at(drawn(today, draw, today).funding.shortfall, reform))
        draws[number] = {**draw, SHORTFALL: merge_at(short, 1 - (1 - LESS) * (1 - short), reform)}
    return replace(study, draws=draws)


def taken_back(study: Study, policy: str, month: int) -> Study:
    """The study of one policy that ends in a month: each lever is then again what it is today in that set.

    Since sets differ in today's levers, it is the sets that hold the schedules, and the one scenario is today's.
    """
    today, draws = study.scenarios[study.baseline], {}
    for number, draw in study.parameter_sets.items():
        before, after = (drawn(study.scenarios[name], draw, today).values() for name in (study.baseline, policy))
        draws[number] = dict(draw) | {
            f"{group}.{name}": merge_at(value, before[group][name], month)
            for group in LEVER_GROUPS for name, value in after[group].items() if value != before[group][name]
        }  # fmt: skip
    return replace(study, scenarios={policy: today}, baseline=policy, draws=draws, factors={})


def longer(study: Study) -> Study:
    """The study over more months."""
    horizon = study.scenarios[study.baseline].horizon
    more = horizon.model_copy(update={"months": LONGER * horizon.months})
    scenarios = {name: scenario_from({**each.groups(), "horizon": more}) for name, each in study.scenarios.items()}
    return replace(study, scenarios=scenarios)


def withdrawal(study: Study) -> int:
    """The month in which all four are taken back, a year or more before the end."""
    return min(TAKEN_BACK, study.scenarios[study.baseline].horizon.months - YEAR)


# The comparisons.


def comparisons(futures: Futures) -> list[Comparison]:
    """All that is compared, question by question."""
    main, cut, back, long = futures
    today, names = Side(main, TODAY), list(main.study.scenarios)
    per_elder, coordinators = (
        tuple(name for name in names if name.startswith(first)) for first in ("per elder ", "coordinator ")
    )
    last, (early, late) = last_year(main), periods(long)
    then = {name: Side(main, name, last) for name in (TODAY, ALL, PAY_KEPT, PAY_WITHDRAWN)}
    gone = Side(back, ALL, last)
    return [
        Comparison(PAY, PER_ELDER, Side(main, TODAY, curve=per_elder), today),
        Comparison(PAY, "per elder at 240 yuan", Side(main, AT_240), today),
        Comparison(ADMIT, DISABLED_IN, Side(main, DISABLED_IN), today),
        Comparison(ADMIT, CARRIED, Side(main, CARRIED), today),
        Comparison(PAPER, HALF_PAPER, Side(main, HALF_PAPER), today),
        Comparison(PAPER, "coordinators at 1,500 yuan", Side(main, COORDINATOR), today),
        Comparison(PAPER, "half of the paper against coordinators for the same money", Side(main, HALF_PAPER),
                   Side(main, HALF_PAPER, curve=(TODAY, *coordinators))),
        *(Comparison(CUT, f"less money under {_said(name)}", Side(cut, name), Side(main, name))
          for name in (TODAY, GUARANTEE, ALL)),
        *(Comparison(CUT, f"{_said(name)} against today's policy, with less money", Side(cut, name), Side(cut, TODAY))
          for name in (GUARANTEE, ALL)),
        Comparison(BACK, "all four taken back, last year", gone, then[TODAY]),
        Comparison(BACK, "all four kept, last year", then[ALL], then[TODAY]),
        Comparison(BACK, "all four taken back, all years", Side(back, ALL), today),
        Comparison(BACK, "pay withdrawn, last year", then[PAY_WITHDRAWN], then[TODAY]),
        Comparison(BACK, "pay kept, last year", then[PAY_KEPT], then[TODAY]),
        *(Comparison(LATER, f"{_said(name)}, {_years(late)} against {_years(early)}", Side(long, name, late),
                     Side(long, name, early)) for name in (TODAY, ALL)),
        *(Comparison(LATER, f"all four against today's policy, {_years(window)}", Side(long, ALL, window),
                     Side(long, TODAY, window)) for window in (early, late)),
    ]  # fmt: skip


def last_year(result: StudyResult) -> Window:
    """The last year of a study."""
    months = result.study.scenarios[result.study.baseline].horizon.months
    return months - YEAR, months


def periods(long: StudyResult) -> tuple[Window, Window]:
    """The years from the reform to the end of the main study, and those after it."""
    horizon = long.study.scenarios[TODAY].horizon
    end = horizon.months // LONGER
    return (horizon.reform_month, end), (end, horizon.months)


def _years(window: Window) -> str:
    return f"years {window[0] // YEAR + 1}-{window[1] // YEAR}"


def _said(policy: str) -> str:
    return SAID.get(policy, policy)


@cache
def measured(result: StudyResult, window: Window | None) -> Mapping[str, Mapping[str, Floats]]:
    """Measure → policy → (draws, replications).

    Sums are for each elder and year. Open need closed is a ratio of sums over all years, and within other windows the
    mean of its months. Helpers and what is owed are means of the window's last year.
    """
    horizon = result.study.scenarios[result.study.baseline].horizon
    first, last = window or (horizon.reform_month, horizon.months)
    year = (last - YEAR, last)
    owed, elders = (monthly_means(result, key, *year) for key in ("owed", "elders"))
    return {
        NEED: values(result, NEED) if window is None else monthly_means(result, NEED, first, last),
        "people_helped": per_elder_year(result, "people_helped", first, last),
        "helper_rate": monthly_means(result, "helper_rate", *year),
        COST: per_elder_year(result, COST, first, last),
        "owed": {name: owed[name] / elders[name] for name in owed},
    }


def in_measure(key: str) -> Levels:
    """A measure, as a side is read in it."""
    return lambda result, window: {
        name: MEASURES[key].times * each for name, each in measured(result, window)[key].items()
    }


def in_indicator(key: str, group: str = "all") -> Levels:
    """An indicator over all years, or its mean over the months of a window."""
    return lambda result, window: values(result, key, group) if window is None else monthly_means(result, key, *window)


def read(side: Side, levels: Levels) -> Floats:
    """What a side is, pair by pair; of a curve of doses, where they cost the same."""
    found = levels(side.result, side.window)
    return found[side.policy] if not side.curve else _at_its_cost(side, found)


def _at_its_cost(side: Side, found: Mapping[str, Floats]) -> Floats:
    """The curve where it costs what the policy does, or today where that saves; NaN where no dose costs so much."""
    costs = measured(side.result, side.window)[COST]
    doses = (np.stack([each[name] for name in side.curve]) for each in (costs, found))
    other, within = read_off(np.maximum(costs[side.policy], costs[TODAY]), *doses)
    return np.where(within, other, np.nan)


def gap(compared: Comparison, levels: Levels) -> Floats:
    """One side less the other, pair by pair."""
    return read(compared.one, levels) - read(compared.other, levels)


# The tables.


def answers_of(compared: Sequence[Comparison]) -> pd.DataFrame:
    """Every comparison in every measure."""
    rows = []
    for each in compared:
        for key, measure in MEASURES.items():
            paired = gap(each, in_measure(key))
            limits = of_difference(key) if measure.unit == "share" else NOWHERE
            same = key == COST and (each.one.curve or each.other.curve) and not (np.abs(paired) > TINY).any()
            said = "the same" if same else mean_with_interval(paired, measure.unit, limits=limits)
            rows.append({"question": each.question, "comparison": each.said, "measure": key, "unit": measure.unit,
                         **summary(paired, limits), "said": said, "above": share_above(by_draw(paired))})  # fmt: skip
    return pd.DataFrame(rows)


def transfers(compared: Sequence[Comparison]) -> pd.DataFrame:
    """What less money breaks, and who pays or works more for it."""
    return pd.DataFrame([
        row_of(each, key, "all") for each in compared if each.question == CUT for key in (*BROKEN, *PAYERS)
    ])  # fmt: skip


def who_loses(compared: Sequence[Comparison]) -> pd.DataFrame:
    """Groups and payers that are worse off in a comparison over all years, by the standard of evidence."""
    return clearly_worse(
        (Gap(of_comparison(each), key, group, gap(each, in_indicator(key, group)))
         for each in compared if each.one.window is None for key, group in looked_at(PAYERS)),
        ("question", "comparison"),
    )  # fmt: skip


def row_of(compared: Comparison, key: str, group: str) -> dict[str, Any]:
    """A comparison in an indicator for a group."""
    found = summary(gap(compared, in_indicator(key, group)), of_difference(key))
    return {**of_comparison(compared), "indicator": key, "group": group, "unit": INDICATORS[key].unit, **found}


def of_comparison(compared: Comparison) -> dict[str, str]:
    """What is compared, as columns of a table."""
    return {"question": compared.question, "comparison": compared.said}


def withdrawn(futures: Futures) -> pd.DataFrame:
    """The last year under what was taken back and what was kept, against never begun; and how much of it remains."""
    main, last = futures.main, last_year(futures.main)
    never = Side(main, TODAY, last)
    pairs = {
        ALL: (Side(futures.back, ALL, last), Side(main, ALL, last)),
        "pay": (Side(main, PAY_WITHDRAWN, last), Side(main, PAY_KEPT, last)),
    }
    rows = []
    for what, sides in pairs.items():
        for key in REMAINS:
            gaps = [read(side, in_indicator(key)) - read(never, in_indicator(key)) for side in sides]
            for state, paired in zip(("taken back", "kept"), gaps, strict=True):
                rows.append({"what": what, "state": state, "indicator": key, "unit": INDICATORS[key].unit,
                             **summary(paired, of_difference(key)),
                             "said": mean_with_interval(paired, INDICATORS[key].unit, limits=of_difference(key)),
                             "of_kept": ratio(paired, gaps[1])})  # fmt: skip
    return pd.DataFrame(rows)


def long_run(long: StudyResult) -> pd.DataFrame:
    """Levels of both periods and how many times the first the second is, under today's policy and all four."""
    windows = periods(long)
    quantities: dict[str, tuple[str, Levels]] = {
        "elders": ("elders", lambda result, window: monthly_means(result, "elders", *(window or windows[0]))),
        "bill of the county": ("yuan/year", lambda result, window: _bill(result, window or windows[0])),
        "bill for an elder": (MEASURES[COST].unit, in_measure(COST)),
        "open need closed": ("share", in_measure(NEED)),
    }
    rows = []
    for quantity, (unit, levels) in quantities.items():
        for name in (TODAY, ALL):
            both = [read(Side(long, name, window), levels) for window in windows]
            rows += [
                {"quantity": quantity, "policy": name, "years": _years(window), "unit": unit, **summary(paired),
                 "said": mean_with_interval(paired, unit, sign=False)}
                for window, paired in zip(windows, both, strict=True)
            ]  # fmt: skip
            times = both[1] / both[0]
            rows.append({"quantity": quantity, "policy": name, "years": "second over first", "unit": "times",
                         **summary(times), "said": mean_with_interval(times, "times", sign=False)})  # fmt: skip
    return pd.DataFrame(rows)


def _bill(result: StudyResult, window: Window) -> dict[str, Floats]:
    return {name: YEAR * each for name, each in monthly_means(result, COST, *window).items()}


# The words.


def words(
    futures: Futures, compared: Sequence[Comparison], answers: pd.DataFrame, broken: pd.DataFrame,
    remains: pd.DataFrame, run: pd.DataFrame, losers: pd.DataFrame,
) -> str:  # fmt: skip
    """What came out: a row a comparison, a paragraph a question."""
    met = answers.set_index(["comparison", "measure"])
    lines = ["| question | compared | " + " | ".join(measure.said for measure in MEASURES.values()) + " |",
             "| --- |" + " --- |" * (len(MEASURES) + 1)]  # fmt: skip
    before = ""
    for each in compared:
        cells = [str(met.loc[(each.said, key), "said"]) for key in MEASURES]
        asked = each.question if each.question != before else ""
        lines.append(f"| {asked} | {each.said} | " + " | ".join(cells) + " |")
        before = each.question
    said = {
        PAY: on_pay(futures.main, met),
        ADMIT: on_admitting(futures.main, met),
        PAPER: on_paper(met),
        CUT: on_less_money(met, broken, losers),
        BACK: on_withdrawal(futures, remains),
        LATER: on_later(run, met, futures.long),
        "Who loses?": on_losers(losers),
        "Which reform first?": "That is asked in [recommendations](#recommendations).",
    }
    return "\n".join(lines) + "\n\n" + "\n\n".join(f"**{asked}** {text}" for asked, text in said.items())


def verdict(row: Any) -> str:
    """In which share of the parameter sets there is more or less, where they agree by the standard of evidence."""
    sign = int(row["clear"])
    if not sign:
        return "fewer than nine in ten sets agree in the sign"
    share = percent(row["share_above_zero" if sign > 0 else "share_below_zero"])
    return f"{'more' if sign > 0 else 'less'} in {share} of sets"


def on_pay(main: StudyResult, met: pd.DataFrame) -> str:
    """Per site or per elder."""
    row = met.loc[(PER_ELDER, NEED)]
    left_out = "; pairs in which no rate costs that are left out" if row["missing"] else ""
    return (
        f"For the same yuan of the county, running money for each reported user instead of each site changes open need "
        f"closed by {row['said']}: {verdict(row)}{left_out}. At 240 yuan a user, which are today's 3,000 a site at "
        f"12.5 users, the county pays {met.loc[('per elder at 240 yuan', COST), 'said']}, since a site has "
        f"{level(main, TODAY, 'enrolled_per_site')}."
    )


def on_admitting(main: StudyResult, met: pd.DataFrame) -> str:
    """Admit the disabled."""
    parts = [
        f"{before} of the open need of those with any loss of self-care {change(main, name, NEED, DISABLED)} is "
        f"closed, and of the independent {change(main, name, NEED, 'adl: independent')}; of all elders: "
        f"{verdict(met.loc[(name, NEED)])}"
        for before, name in (("If they are admitted,", DISABLED_IN), ("With meals carried home,", CARRIED))
    ]
    return ". ".join(parts) + "."


def on_paper(met: pd.DataFrame) -> str:
    """Paperwork or a coordinator."""
    paper, hired = (met.loc[(name, NEED)] for name in (HALF_PAPER, "coordinators at 1,500 yuan"))
    same = met.loc[("half of the paper against coordinators for the same money", NEED)]
    cost = met.loc[(HALF_PAPER, COST), "said"]
    return (
        f"Half of the paper changes open need closed by {paper['said']} and what the county pays by "
        f"{cost}; coordinators at 1,500 yuan by {hired['said']} and "
        f"{met.loc[('coordinators at 1,500 yuan', COST), 'said']}. Against coordinators for what the paper costs, and "
        f"against today where it costs nothing, half of the paper gains more in {percent(same['above'])} of parameter "
        "sets."
    )


def on_less_money(met: pd.DataFrame, broken: pd.DataFrame, losers: pd.DataFrame) -> str:
    """What breaks with less money, and who bears it."""
    names = {name: f"less money under {_said(name)}" for name in (TODAY, GUARANTEE, ALL)}
    lost = ", ".join(f"under {_said(name)} {met.loc[(said, NEED), 'said']}" for name, said in names.items())
    parts = []
    for name, said in names.items():
        rows = broken[broken["comparison"] == said]
        worse = [row for row in rows.itertuples(index=False) if row.indicator in BROKEN
                 and row.clear == -INDICATORS[row.indicator].better]  # fmt: skip
        pays = [row for row in rows.itertuples(index=False) if row.indicator in PAYERS and row.clear == 1]
        groups = losers[(losers["comparison"] == said) & (losers["indicator"] == NEED) & (losers["group"] != "all")]
        most = groups.sort_values("value").head(MOST_OF_CUT)
        parts.append(
            f"Under {_said(name)} worse {NINE_IN_TEN}: {_named(worse) or 'nothing'}; pays or works more: "
            f"{_named(pays) or 'nobody'}; loses most of its open need closed: "
            + ("; ".join(f"{group_phrase(row.group)} {with_interval(row._asdict())}"
                         for row in most.itertuples(index=False)) or f"no group {NINE_IN_TEN}")
        )  # fmt: skip
    helps = met.loc[(f"{_said(GUARANTEE)} against today's policy, with less money", NEED)]
    return (
        f"Open need closed changes {lost}. With less money the guarantee gains {helps['said']} over today's policy. "
        + ". ".join(parts)
        + "."
    )


def _named(rows: Sequence[Any]) -> str:
    return ", ".join(f"{label(row.indicator).lower()} {with_interval(row._asdict())}" for row in rows)


def on_withdrawal(futures: Futures, remains: pd.DataFrame) -> str:
    """What remains of what is taken back."""
    study = futures.main.study
    month, reform = withdrawal(study), study.scenarios[TODAY].horizon.reform_month
    met = remains.set_index(["what", "state", "indicator"])
    gone, kept = (met.loc[(ALL, state, NEED)] for state in ("taken back", "kept"))
    part = f": {gone['of_kept']:.0%} of it remains" if np.isfinite(gone["of_kept"]) else ""
    motives = {what: met.loc[(what, "taken back", "motivation_elders")] for what in (ALL, "pay")}
    ends = {
        1: f"higher, {NINE_IN_TEN}, than if",
        -1: f"lower, {NINE_IN_TEN}, than if",
        0: "in fewer than nine in ten sets on the same side of what it would be if",
    }
    than = {what: ends[int(row["clear"])] for what, row in motives.items()}
    return (
        f"All four, taken back after {(month - reform) / YEAR:g} years, change open need closed of the last year by "
        f"{gone['said']} against never begun, and by {kept['said']} where they are kept{part}. Motivation of elders "
        f"then ends {than[ALL]} they had never begun ({motives[ALL]['said']}). After pay was withdrawn it ends "
        f"{than['pay']} nobody had ever been paid ({motives['pay']['said']}), and helpers are "
        f"{met.loc[('pay', 'taken back', 'helper_rate'), 'said']} of the able, against "
        f"{met.loc[('pay', 'kept', 'helper_rate'), 'said']} where pay is kept."
    )


def on_later(run: pd.DataFrame, met: pd.DataFrame, long: StudyResult) -> str:
    """What ten more years cost."""
    early, late = (_years(window) for window in periods(long))
    table = run.set_index(["quantity", "policy", "years"])["said"]
    parts = [
        f"under {_said(name)} from {table['bill of the county', name, early]} to "
        f"{table['bill of the county', name, late]} ({table['bill of the county', name, 'second over first']})"
        for name in (TODAY, ALL)
    ]
    later = [met.loc[(f"{_said(name)}, {late} against {early}", NEED), "said"] for name in (TODAY, ALL)]
    villages = long.study.scenarios[TODAY].population.villages
    return (
        f"If cohorts go on growing as at the start, {villages} villages have in {late} {table['elders', TODAY, late]} "
        f"instead of {table['elders', TODAY, early]} in {early}. The county's bill goes {', '.join(parts)}; open need "
        f"closed changes by {later[0]} under today's policy and by {later[1]} under all four. This is no "
        f"forecast: the model's elders grow in number and not in age, families lose children to the towns, and prices, "
        f"pensions and the county's levers stay. And in {early} sites are still being built."
    )


def on_losers(losers: pd.DataFrame) -> str:
    """Who is worse off under a policy by the standard of evidence; less money is none."""
    chosen = losers[losers["question"] != CUT]
    parts = {}
    for key, some in (("group", LOSERS), ("payer", PAYERS)):
        first = chosen[chosen["indicator"].isin(some)].drop_duplicates("comparison")
        parts[key] = "; ".join(
            f"{row.comparison}: {label(row.indicator).lower()}"
            + (f" of {group_phrase(row.group)}" if key == "group" else "")
            + f" {with_interval(row._asdict())}"
            for row in first.itertuples(index=False)
        )
    return (
        f"Groups that are worse off {NINE_IN_TEN}, one for each comparison: {parts['group'] or 'none'}. Who pays or "
        f"works more, likewise: {parts['payer'] or 'nobody'}. All of them: who_loses.csv."
    )


# The figure.


def draw(answers: pd.DataFrame, intervals: str) -> Figure:
    """One panel a measure, one line a comparison, one colour and marker a question; few sets as points."""
    lines = list(dict.fromkeys(answers["comparison"]))
    figure, axes = plt.subplots(
        1, len(MEASURES), figsize=(3.4 + 2.9 * len(MEASURES), 2.2 + 0.3 * len(lines)), layout="constrained", sharey=True
    )
    styles = {asked: (look.color, look.marker) for asked, look in zip(QUESTIONS, LOOKS, strict=False)}
    for axis, (key, measure) in zip(axes, MEASURES.items(), strict=True):
        factor, unit = (100, "percentage points") if measure.unit == "share" else (1, unit_words(measure.unit))
        for asked, rows in answers[answers["measure"] == key].groupby("question", sort=False):
            colour, marker = styles[asked]
            y = np.array([lines.index(line) for line in rows["comparison"]])
            axis.hlines(y, factor * rows["ci_low"], factor * rows["ci_high"], color=colour, lw=1.2)
            axis.plot(factor * rows["value"], y, marker, color=colour, ms=4)
            draw_sets(axis, rows, y, factor, colour)
        axis.axvline(0, color="#888888", lw=0.8)
        axis.set_yticks(range(len(lines)), lettering.labels_of(lines), fontsize=8)
        axis.set_ylim(len(lines) - 0.5, -0.5)
        axis.tick_params(axis="x", labelsize=8)
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.set_title(measure.said, fontsize=9, loc="left")
        axis.set_xlabel(unit, fontsize=8)
        lettering.group_digits(axis.xaxis)
    marks = [Line2D([], [], color=colour, marker=marker, lw=1.2, ms=4) for colour, marker in styles.values()]
    lettering.legend(figure, marks, list(styles), loc="outside lower center", ncols=3)
    figure.suptitle(f"What each choice of the bureau changes: means and {intervals}", fontsize=10)
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
