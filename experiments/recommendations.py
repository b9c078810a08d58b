"""Which of the four recommendations, alone and together, buys how much, for whom, at what cost, with what certainty?

All sixteen combinations of the four on the same seeds, each alone at half and double dose, and the two parts of R2 by
themselves, over the accepted parameter sets. Which comes first is asked of all sets, and of those in which a problem
is small, middling and large: a county that knows where it stands finds its own answer. Writes:

- effects.csv: effects alone, last, on average, Shapley shares, interactions and synergy, on both scales
- policies.csv, groups.csv: what each recommendation changes, for all elders and by group, money for each elder and year
- services.csv: what each changes service by service, and which is best if one service alone counted
- doses.csv: effect and public cost of each dose, the cost also as a part of today's bill
- budgets.csv: what each, and each combination, changes if it may cost at most 2, 5 or 10% of today's bill more
- first.csv, diagnosis.csv, dependence.csv: which is best by a lead worth acting on; the same by thirds of each gauge,
  and whether it depends on the gauge
- ranking.csv: the probability of each to be the best of the four, or harmful
- learning.csv, measuring.csv: what it is worth to learn a parameter, or to measure a gauge, before choosing
- unknowns.csv, variance.csv: which unknowns make the recommendations' effects differ between sets; stochastic variation
  and parameter uncertainty apart
- discovery.csv: the box of parameters and gauges in which the one that leads most often does so (scenario discovery)
- incremental.csv, acceptability.csv: cost-effectiveness of all policies, for society and for the county
- recommendations.png, first.png, cost_effectiveness.png

    python experiments/recommendations.py
    python experiments/recommendations.py --small
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import coprod_sim as cs
from coprod_sim.analysis.attribution import attribution
from coprod_sim.analysis.by_set import LEAD, NO_FIRST, means
from coprod_sim.analysis.cost_effectiveness import acceptability, incremental, plane, ranking
from coprod_sim.analysis.diagnosis import by_thirds, differs, probability_first, probability_near_best
from coprod_sim.analysis.discovery import boxes
from coprod_sim.analysis.extrapolation import per_elder_year
from coprod_sim.analysis.fair import BUDGETS, KEEPING, KEPT, within_budget
from coprod_sim.analysis.gauges import before_reform
from coprod_sim.analysis.learning import value_of_learning, value_of_measuring
from coprod_sim.analysis.pairs import by_draw, summary, values
from coprod_sim.analysis.variance import NEED_AND_FAMILY, explained, within_and_between
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_COUNTY, INDICATORS
from coprod_sim.model.indicators.groups import DISABLED, GROUPS
from coprod_sim.presentation.answers import (
    NINE_IN_TEN,
    bought,
    change,
    in_brackets,
    mean_with_interval,
    percent,
    with_interval,
)
from coprod_sim.presentation.dots import draw_sets, scale_of
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import group_phrase, in_words, label, lower, meaning
from coprod_sim.presentation.lettering import group_digits, labels_of, title_of
from coprod_sim.presentation.looks import LOOKS, SERIES
from coprod_sim.presentation.report import report
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Study

FACTORS = tuple(recommendations())
HEADLINES = ("need_closed", "people_helped", "qol_years")
RESULTS = (*HEADLINES, "need_closed_company", "need_closed_meals", "need_closed_daily_help", "helper_rate",
           "enrolled_share", "trust", "cost_government", "cost_society")  # fmt: skip
EFFECTS = {"alone": "alone", "main": "on average over the others", "last": "as the last of four"}  # in figures
DRAWN = tuple(name for name in RESULTS if name != "trust")
OF_MONEY = ("cost_government", "cost_village", "cost_elders", "cost_society", "owed")
BY_GROUP = ("need_closed", "people_helped", "qol_years")
SERVICES = tuple(f"need_closed_{service}" for service in ("meals", "company", "daily_help", "health"))
ASKED_OF = ("all", "target group", DISABLED)  # for whom "which first" is asked
PAYERS = {"society": "cost_society", "county": "cost_government"}
PAID = {"society": "society", "county": "the county government"}
WORTH = np.linspace(0, 40e6, 81)  # yuan for one percentage point more of open need closed
HALF = 0.5  # of the variance between sets: more than need and family are to explain of no headline
FEWEST = 40  # parameter sets, from which thirds of them and what is learned from them are spoken of
Table = Mapping[str, pd.DataFrame]


def find(lab: Experiment) -> str:
    """Run all combinations; then every comparison, each a table."""
    result = lab.study()
    report(result, lab.folder / "report.html")
    made = {
        "effects": pd.concat([attribution(result, FACTORS, key) for key in RESULTS]).sort_index(),
        "policies": policies(result), "groups": groups(result), "doses": doses(result),
        "services": services(result),
        "budgets": within_budget(result, FACTORS, ("need_closed",), policies=combined(result.study)),
        "ranking": ranking(result, RESULTS, FACTORS),
        "first": pd.DataFrame({of: probability_first(result, FACTORS, group=of) for of in ASKED_OF}).T,
        "incremental": pd.concat({who: incremental(result, "need_closed", cost) for who, cost in PAYERS.items()},
                                 names=["payer"]),
        "acceptability": pd.concat({who: acceptability(result, "need_closed", 100 * WORTH, cost)
                                    for who, cost in PAYERS.items()}, names=["payer"]),
    }  # fmt: skip
    if len(result.study.parameter_sets) >= FEWEST:
        made |= {
            "diagnosis": (thirds := by_thirds(result, FACTORS)), "dependence": differs(thirds),
            "learning": value_of_learning(result, FACTORS), "measuring": value_of_measuring(result, FACTORS),
            "variance": of_headlines(within_and_between, result), "unknowns": of_headlines(explained, result),
            "discovery": boxes(result, FACTORS, leader(made), lead=LEAD, gauges=means(result, before_reform(result))),
        }  # fmt: skip
    for name, table in made.items():
        lab.table(name, table)
    for words_of, claims in findings(result, made):
        lab.finding(words_of, claims=claims)
    lab.figure("recommendations", draw_effects(made["effects"], lab.intervals))
    if "diagnosis" in made:
        lab.figure("first", draw_first(made["first"], made["diagnosis"]))
    lab.figure("cost_effectiveness", draw_costs(result, made["acceptability"]))
    return words(result, made)


def leader(made: Table) -> str:
    """The recommendation that leads in most parameter sets."""
    return str(made["first"].loc["all"].drop(NO_FIRST).astype(float).idxmax())


def all_four(study: Study) -> str:
    """The scenario of all recommendations together."""
    found = study.made_of(*FACTORS)
    assert found is not None
    return found


def combined(study: Study) -> list[str]:
    """The scenarios of two or more recommendations together."""
    found = [study.made_of(*some) for number in range(2, 1 + len(FACTORS)) for some in combinations(FACTORS, number)]
    return [name for name in found if name is not None]


def singles(result: cs.StudyResult) -> tuple[str, ...]:
    """What rows of tables are about: each recommendation, the parts of R2, and all four."""
    parts_of = [name for name in result.study.scenarios if name.startswith("R2 ") and name.endswith(" alone")]
    return ("R1", "R2", *parts_of, "R3", "R4", all_four(result.study))


def policies(result: cs.StudyResult) -> pd.DataFrame:
    """What each changes, money for each elder of 60 or over and year: indexed scenario, indicator."""
    view = Context(result)
    years, lived = each(view.discounted_elder_years), each(12 * view.elder_years_of_sets())
    rows = {}
    for what in (*RESULTS, *(cost for cost in OF_MONEY if cost not in RESULTS)):
        found, of = values(result, what), INDICATORS[what].unit
        for name in singles(result):
            gap = found[name] - found[result.study.baseline]
            rows[name, what] = {"unit": of, **summary(gap)}
            if what == "people_helped":
                rows[name, "people_helped_each"] = {"unit": "of 1,000 elders", **summary(1_000 * gap / lived)}
            if what in OF_MONEY:
                unit, over = (
                    ("yuan/elder-year", years) if what != "owed" else ("yuan/elder", each(view.elders_at_the_end))
                )
                rows[name, f"{what}_each"] = {"unit": unit, **summary(gap / over)}
    return indexed(rows, ["scenario", "indicator"]).sort_index()


def indexed(rows: Mapping[Any, Mapping[str, object]], names: list[str]) -> pd.DataFrame:
    """Rows by key, whose cells may be tuples."""
    return pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(list(rows), names=names))


def each(of_sets: pd.Series[float]) -> Floats:
    """(draws, 1) a number of each set, to divide a result's pairs by: sets have counties of different sizes."""
    column: Floats = of_sets.to_numpy()[:, None]
    return column


def groups(result: cs.StudyResult) -> pd.DataFrame:
    """What each changes for each group of elders: indexed scenario, indicator, group."""
    rows = {}
    for what in BY_GROUP:
        for group in GROUPS:
            found = values(result, what, group)
            for name in singles(result):
                gap = found[name] - found[result.study.baseline]
                rows[name, what, group] = {"unit": INDICATORS[what].unit, **summary(gap)}
    return indexed(rows, ["scenario", "indicator", "group"]).sort_index()


def services(result: cs.StudyResult) -> pd.DataFrame:
    """What each changes in the open need of one service, and the share of sets in which it is the best of the four by
    that service alone: indexed scenario, indicator."""
    rows = {}
    for what in SERVICES:
        found, first = values(result, what), probability_first(result, FACTORS, what)
        for name in (*FACTORS, all_four(result.study)):
            gap = found[name] - found[result.study.baseline]
            rows[name, what] = {"unit": INDICATORS[what].unit, **summary(gap), "first": first.get(name, np.nan)}
    return indexed(rows, ["scenario", "indicator"])


def doses(result: cs.StudyResult) -> pd.DataFrame:
    """Effect and public cost of each dose of each recommendation: indexed recommendation, dose."""
    need, cost, base = values(result, "need_closed"), values(result, "cost_government"), result.study.baseline
    years = each(Context(result).discounted_elder_years)
    rows = {}
    for factor in FACTORS:
        for name, dose in result.study.doses_of(factor).items():
            paid = cost[name] - cost[base]
            rows[factor, dose] = {
                **summary(need[name] - need[base]), "yuan_each": summary(paid / years)["value"],
                "of_the_bill": float(np.nanmean(by_draw(paid)) / np.nanmean(by_draw(cost[base]))),
            }  # fmt: skip
    return indexed(rows, ["recommendation", "dose"])


def words(result: cs.StudyResult, made: Table) -> str:
    """What came out."""
    said = [what_each_buys(result, made), which_first(made), by_service(made["services"]),
            for_whom(made["groups"], all_four(result.study)), dosed(made["doses"], bill_today(result)),
            afforded(made["budgets"]), together(made["effects"])]  # fmt: skip
    if "diagnosis" in made:
        said += [diagnosed(made), discovered(made["discovery"]), learned(made), what_differs(made)]
    return "\n\n".join(part for part in said if part)


def findings(result: cs.StudyResult, made: Table) -> list[tuple[str, dict[str, str]]]:
    """What a reader in a hurry finds first, and which clear effects each sentence claims."""
    of_all = made["first"].loc["all"]
    ranked = of_all.drop(NO_FIRST).sort_values(ascending=False, kind="stable")
    four = all_four(result.study)
    rows = made["policies"].loc[four]
    said: list[tuple[str, dict[str, str]]] = [
        (f"Which first: {ranked.index[0]} leads by {_lead()} of open need closed in {percent(ranked.iloc[0])} of the "
         f"parameter sets, {ranked.index[1]} in {percent(ranked.iloc[1])}; in {percent(of_all[NO_FIRST])} none does. "
         f"{ranked.index[0]} is the best, or less than {_lead()} below the best, in "
         f"{percent(float(probability_near_best(result, FACTORS)[ranked.index[0]]))}.",
         {ranked.index[0]: "need_closed"} if made["policies"].loc[(ranked.index[0], "need_closed")]["clear"] else {}),
        (f"All four together change open need closed by {change(result, four, 'need_closed')}; the county pays "
         f"{with_interval(rows.loc['cost_government_each'], sign=True)}.",
         {"all four": "need_closed"} if rows.loc["need_closed"]["clear"] else {}),
    ]  # fmt: skip
    if "dependence" in made:
        said.append((f"Which is first {_depends(made['dependence'])}.", {}))
    return said


def what_each_buys(result: cs.StudyResult, made: Table) -> str:
    """The table of what each changes and costs."""
    shown = {
        "need_closed": lower(label("need_closed")), "people_helped_each": "elders with substantial help, of 1,000",
        "helper_rate": lower(label("helper_rate")),
        "cost_government_each": "the county pays, yuan an elder and year",
        "cost_society_each": "society uses, yuan an elder and year", "owed_each": "owed at the end, yuan an elder",
    }  # fmt: skip
    lines = ["| | " + " | ".join(shown.values()) + " | harmful |", "| --- |" + " --- |" * (len(shown) + 1)]
    for name in singles(result):
        rows = made["policies"].loc[name]
        cells = [_cell(rows.loc[what]) for what in shown]
        harmful = percent(rows.loc["need_closed"]["share_below_zero"])
        lines.append(f"| {_short(name)} | " + " | ".join(cells) + f" | {harmful} |")
    return "\n".join(lines) + (
        "\n\nHarmful: the share of parameter sets in which open need closed falls. Owed at the end, by the county: "
        f"{meaning('owed')}."
    )


def _cell(row: Any) -> str:
    """A change with its interval and the share of sets above zero, without a unit that the column's head says."""
    said = with_interval(row, "share" if row["unit"] == "share" else "", sign=True)
    return said + in_brackets(row)


def _short(name: str) -> str:
    """A scenario as it is called in the answer."""
    return "all four" if name == " + ".join(FACTORS) else name


def which_first(made: Table) -> str:
    """Which comes first, by the lead that is worth acting on, for all and for two groups."""
    said = []
    for of, row in made["first"].iterrows():
        ranked = row.drop(NO_FIRST).sort_values(ascending=False, kind="stable")
        others = ", ".join(f"{name} {percent(share)}" for name, share in ranked.items())
        said.append(f"for {group_phrase(str(of))} {others}, none {percent(row[NO_FIRST])}")
    return (
        f"**Which first.** Best of the four, and better than today, by at least {_lead()} of open need closed, in so "
        f"many parameter sets: {'; '.join(said)}."
    )


def by_service(table: pd.DataFrame) -> str:
    """What each changes in each service, and which would come first if one service alone counted."""
    heads = [lower(label(what)) for what in SERVICES]
    lines = ["| | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    for name, rows in table.groupby(level="scenario", sort=False):
        cells = [_cell(row) for _, row in rows.iterrows()]
        lines += [f"| {_short(str(name))} | {' | '.join(cells)} |"]
    firsts = []
    for what, head in zip(SERVICES, heads, strict=True):
        ranked = table.xs(what, level="indicator")["first"].dropna().sort_values(ascending=False, kind="stable")
        leading = ", ".join(f"{name} {percent(share)}" for name, share in ranked.items() if share > 0)
        firsts.append(f"{head} {leading or 'none in any set'}")
    return (
        "**By service.** The ranking depends on how the services are weighed, which the model does by yuan.\n\n"
        + "\n".join(lines)
        + f"\n\nBest of the four by {_lead()}, if one service alone counted: {'; '.join(firsts)}."
    )


def for_whom(table: pd.DataFrame, together: str) -> str:
    """Which groups all four together serve most and least, and which group loses under any of them by the standard of
    evidence."""
    of_all = table.loc[together, "need_closed"].drop("all").dropna(subset=["value"]).sort_values("value")
    few, many = of_all.iloc[0], of_all.iloc[-1]
    clear = table[(table["clear"] == -1)]
    losers = [f"under {_short(key[0])} {lower(label(key[1]))} of {group_phrase(key[2])} {with_interval(row)}"
              for key, row in clear.iterrows()]  # fmt: skip
    lost = "; ".join(losers[:6]) + (f"; and {len(losers) - 6} more" if len(losers) > 6 else "")
    return (
        f"**For whom.** All four together close most of the open need of {group_phrase(str(many.name))}, "
        f"{with_interval(many)}, and least of {group_phrase(str(few.name))}, {with_interval(few)}. "
        f"Worse off {NINE_IN_TEN}: {lost or 'no group'}."
    )


def bill_today(result: cs.StudyResult) -> str:
    """What the county pays under today's policy, in words."""
    found = per_elder_year(result, COST_TO_COUNTY)[result.study.baseline]
    return mean_with_interval(found, "yuan an elder and year", sign=False)


def dosed(table: pd.DataFrame, bill: str) -> str:
    """What doses cost and give."""
    said = []
    for name in table.index.unique("recommendation"):
        doses_of = [
            f"dose {dose:g}: {with_interval(row, 'share')}{in_brackets(row)} for {row['of_the_bill']:+.1%} of the bill"
            for dose, row in table.loc[name].iterrows()
        ]
        said.append(f"{name} {'; '.join(doses_of)}")
    return (
        f"**Doses** (open need closed, and what the county pays more of today's bill, "
        f"which is {bill}, not discounted; the mean cost over the mean bill). "
        f"{'. '.join(said)}."
    )


def afforded(table: pd.DataFrame) -> str:
    """What the best of the four alone, and the best combination, change where all may cost the same at most."""
    heads = ("at most so much more", "best alone", "best combination", "the combination changes more in")
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " --- |" * (len(heads) - 1)]

    def named(row: Any) -> str:
        return f"{_short(str(row.name))} {bought(row)}"

    ways = {"on average": "on average", "in nearly all sets": f"in {KEPT:.0%} of the sets"}
    for budget in BUDGETS:
        for keeping in KEEPING:
            rows = table[(table["budget"] == budget) & (table["keeping"] == keeping)].set_index("factor")
            alone, several = (rows[rows.index.isin(FACTORS) == single].sort_values("value") for single in (True, False))
            best, most = alone.iloc[-1], several.iloc[-1]
            more = percent(float(most["beats_factors"]))
            lines.append(f"| {budget:.0%}, {ways[keeping]} | {named(best)} | {named(most)} | {more} of the sets |")
    return (
        "**At equal cost** (open need closed, and what is then spent on average, of what the county pays today).\n\n"
        + "\n".join(lines)
        + "\n\nOne dose holds for all parameter sets, as a county chooses before it knows in which of them it lives; a "
        "combination is given at most at the middle dose of each. Between two doses, and between nothing and a "
        "combination, a part of the villages is assumed to have the larger one, and everything to go in proportion. "
        "Best is what changes most on average over the sets, which flatters the best of many a little; what is not "
        "needed buys nothing, and what will be owed is in no cost."
    )


def together(effects: pd.DataFrame) -> str:
    """Shapley shares, and whether the four help or hinder one another."""
    plain, odds = effects.loc[("need_closed", "as it is")], effects.loc[("need_closed", "log-odds")]
    whole = " × ".join(FACTORS)
    shares = ", ".join(f"{name} {_share(plain.loc[('share', name)])}" for name in FACTORS)
    return (
        f"**Together.** Shapley shares of what all four do to open need closed: {shares}; these intervals are of "
        "the mean over the parameter sets and not of a single county. "
        "All four together less the sum of each alone: "
        f"{with_interval(plain.loc[('synergy', whole)], 'share')} as shares, "
        f"{with_interval(odds.loc[('synergy', whole)], '')} in log-odds."
    )


def diagnosed(made: Table) -> str:
    """Which first by thirds of each gauge, as a table, and of which gauges it depends."""
    names = " | ".join((*FACTORS, NO_FIRST))
    lines = [f"| gauge, a year before the reform | third | from | to | sets | {names} |",
             "| --- | --- | --- | --- | --- |" + " --- |" * (len(FACTORS) + 1)]  # fmt: skip
    for (gauge, third), row in made["diagnosis"].iterrows():
        unit = INDICATORS[gauge].unit
        ends = [number(row[end], unit, words=True) for end in ("low", "high")]
        cells = [percent(row[name]) for name in (*FACTORS, NO_FIRST)]
        name = ("low", "middle", "high")[int(third)]
        lines.append(
            f"| {lower(label(gauge))} | {name} | {' | '.join(ends)} | {int(row['sets'])} | {' | '.join(cells)} |"
        )
    return (
        "**Diagnosis: which first, given where a county stands.** Shares of the sets of each third.\n\n"
        + "\n".join(lines)
        + f"\n\nWhich is first {_depends(made['dependence'])}; permutation tests, corrected for their number."
    )


def _depends(dependence: pd.DataFrame) -> str:
    """On which gauges it depends which recommendation is first."""
    on = [f"{lower(label(gauge))} (p = {row['p_holm']:.3f})" for gauge, row in dependence.iterrows() if row["differs"]]
    if not on:
        return "was not found to depend on how large any of these problems is before the reform"
    return f"depends on how large the problems are before the reform: {', '.join(on)}"


def _lead() -> str:
    return number(LEAD, "share", sign=True, words=True).lstrip("+")


def discovered(box: pd.DataFrame) -> str:
    """In which box of parameters the leading recommendation leads, and whether the box holds in the other half."""
    at, leads = box.attrs, f"{box.attrs['first']} leads"
    if not len(box):
        return f"**What turns the ranking.** Where {at['first']} leads is not found: {at['why']}."
    where = " and ".join(f"`{name}` {_ends(row)}" for name, row in box.iterrows())
    share, among, covered = percent(at["density"]), percent(at["base_rate"]), percent(at["coverage"])
    held = f"{percent(at['density_held'])} against {percent(at['base_rate_held'])} (p = {at['p_held']:.3f})"
    return "**What turns the ranking.** " + (
        f"Where {where}, {leads} in {share} of the sets, of all in {among}, and {covered} of those in which it leads "
        f"lie there. It holds in the half of the sets that the search has not seen: {held}."
        if at["holds"]
        else f"Nothing was found that holds. The best that the search found, {where}, has {covered} of the sets in "
        f"which {leads}, and {leads} in {share} of it against {among} of all sets; in the half of the sets that the "
        f"search has not seen, in {held}."
    )


def _ends(row: Any) -> str:
    """A range of which one end may be free."""
    if not np.isfinite(row["low"]):
        return f"up to {row['high']:.3g}"
    return f"from {row['low']:.3g}" + (f" to {row['high']:.3g}" if np.isfinite(row["high"]) else "")


def learned(made: Table) -> str:
    """What is worth learning before choosing."""
    said = []
    for what, table, named in (("parameter", made["learning"], str), ("gauge", made["measuring"], _gauge)):
        best, known = table.iloc[0], table[table["known"]]
        if len(known):
            few = ", ".join(f"{named(key)} {_points(row['value'])} (standard error {_points(row['se'])})"
                            for key, row in known.head(5).iterrows())  # fmt: skip
            said.append(f"of learning a {what}: {few}")
        else:
            said.append(
                f"of learning any one {what}: none above what chance gives; the largest is {named(best.name)}, "
                f"{_points(best['value'])} (standard error {_points(best['se'])})"
            )
    now, perfect = made["learning"].attrs["now"], made["learning"].attrs["perfect"]
    return (
        f"**What it is worth to know more.** By the mean over sets the choice among the four alone is {now}. Whoever "
        f"knew the parameter set would gain {_points(perfect)} more of open need closed at most. Expected gain "
        + "; ".join(said) + "."
    )  # fmt: skip


def what_differs(made: Table) -> str:
    """Stochastic variation and parameter uncertainty apart; what need and family explain."""
    rows = made["variance"].loc["need_closed"]
    chance = ", ".join(f"{_short(str(name))} {percent(row['stochastic_share'])}" for name, row in rows.iterrows())
    need = made["unknowns"].xs(NEED_AND_FAMILY, level="family")
    over = [f"{lower(label(what))} under {_short(name)} ({percent(row['share'])})"
            for (what, name), row in need.iterrows() if row["share"] > HALF]  # fmt: skip
    what, name = need["share"].astype(float).idxmax()
    most = need.loc[(what, name)]
    return (
        "**Why sets differ.** Stochastic variation of a set's mean, as a part of the variance between sets of the "
        f"change in open need closed: {chance}. Parameters of need and family together explain more than half of the "
        f"variance between sets, as far as a regression finds it, of {', '.join(over) or 'no headline'}; most, "
        f"{percent(float(most['share']))} ({most['ci_low']:.0%} to {most['ci_high']:.0%}), of {lower(label(what))} "
        f"under {_short(name)}."
    )


def of_headlines(analysis: Callable[..., pd.DataFrame], result: cs.StudyResult) -> pd.DataFrame:
    """An analysis of the recommendations' gains, for each headline."""
    return pd.concat({what: analysis(result, singles(result), what) for what in HEADLINES}, names=["indicator"])


def _gauge(name: object) -> str:
    return lower(label(str(name)))


def _points(share: float) -> str:
    return number(share, "share", sign=True, words=True)


def _share(row: Any) -> str:
    """A part of the whole in percent with its interval; "no value" where the whole is not clear."""
    ends = f" ({row['ci_low']:.0%} to {row['ci_high']:.0%})" if np.isfinite(row["ci_low"]) else ""
    return percent(float(row["value"])) + ends


def draw_effects(effects: pd.DataFrame, intervals: str) -> Figure:
    """The effect of each recommendation alone, on average and last, with intervals."""
    figure, axes = plt.subplots(2, 5, figsize=(17, 6), layout="constrained", sharey=True)
    for axis, indicator in zip(axes.flat, DRAWN, strict=True):
        table, (factor, unit) = effects.loc[(indicator, "as it is")], scale_of(indicator)
        for place, (look, (effect, said)) in enumerate(zip(LOOKS[len(SERIES) :], EFFECTS.items(), strict=True)):
            rows = factor * table.loc[effect].loc[list(FACTORS), ["value", "ci_low", "ci_high"]]
            y = np.arange(len(FACTORS)) + 0.22 * (place - 1)
            axis.hlines(y, rows["ci_low"], rows["ci_high"], color=look.color, lw=1.2)
            axis.plot(rows["value"], y, look.marker, color=look.color, ms=5, label=said)
            draw_sets(axis, table.loc[effect].loc[list(FACTORS)], y, factor, look.color)
        axis.axvline(0, color="#888888", lw=0.8)
        axis.set_yticks(range(len(FACTORS)), labels_of(FACTORS))
        axis.set_ylim(3.5, -0.5)
        axis.tick_params(axis="x", labelsize=8)
        axis.xaxis.set_major_locator(MaxNLocator(4))
        group_digits(axis.xaxis)
        axis.set_title(title_of(label(indicator)), fontsize=9, loc="left")
        axis.set_xlabel(unit, fontsize=8)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    what = "What each recommendation changes: alone, on average over the others, and as the last of four"
    figure.suptitle(f"{what}; {intervals}", fontsize=10)
    return figure


def draw_first(first: pd.DataFrame, thirds: pd.DataFrame) -> Figure:
    """Which comes first: of all sets, and by thirds of each gauge, as stacked bars."""
    gauges = thirds.index.unique("gauge")
    figure, axes = plt.subplots(
        1, 1 + len(gauges), figsize=(3 * (1 + len(gauges)), 4), layout="constrained", sharey=True
    )
    tables = [first.loc[["all"]], *(thirds.loc[gauge] for gauge in gauges)]
    titles = ["All parameter sets", *(f"Thirds by: {lower(label(gauge))}" for gauge in gauges)]
    for axis, title, table in zip(axes, titles, tables, strict=True):
        names = [{0: "low", 1: "middle", 2: "high"}.get(name, name) for name in table.index]
        below = np.zeros(len(table))
        for place, who in enumerate((*FACTORS, NO_FIRST)):
            shares = 100 * np.nan_to_num(table[who].to_numpy(float))
            color = SERIES[place] if who != NO_FIRST else "#dddddd"
            bars = axis.bar(names, shares, bottom=below, color=color, label=in_words(who), edgecolor="white")
            said = [who if share > 8 and who != NO_FIRST else "" for share in shares]
            axis.bar_label(bars, said, label_type="center", fontsize=7,
                           color="white" if place == 0 else "black")  # fmt: skip
            below += shares
        axis.set_title(title_of(title), fontsize=8, loc="left")
    axes[0].set_ylabel("% of the parameter sets in which it comes first")
    figure.suptitle(
        "Which recommendation comes first, over all parameter sets and by what a county can read off", fontsize=10
    )
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(FACTORS) + 1)
    return figure


def draw_costs(result: cs.StudyResult, curves: pd.DataFrame) -> Figure:
    """The plane of the four and all together, and who is best at which worth."""
    figure = plt.figure(figsize=(17, 7), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1, 2))
    axes = [left.subplots(), *right.subplots(1, len(PAYERS), sharey=True)]
    points = plane(result, "need_closed")
    for name, look in zip((*FACTORS, all_four(result.study)), LOOKS, strict=False):
        rows = points[points["scenario"] == name]
        style = {"color": look.color, "marker": look.marker}
        axes[0].scatter(100 * rows["effect"], rows["cost"] / 1e6, s=10, alpha=0.4, lw=0, **style)
        middle = rows[["effect", "cost"]].mean()
        axes[0].scatter(100 * middle["effect"], middle["cost"] / 1e6, s=90, edgecolor="black", zorder=3,
                        label=in_words(_short(name)), **style)  # fmt: skip
    left.legend(*axes[0].get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncols=2)
    axes[0].set_xlabel("open need closed, percentage points more than today")
    axes[0].set_ylabel("society uses, million yuan more than today")
    axes[0].set_title("Gain and cost to society: small marks are parameter sets,\nlarge ones their means",
                      fontsize=9, loc="left")  # fmt: skip
    axes[0].axvline(0, color="#999999", lw=0.8)
    # The four and all four as on the left; others that are ever best with what looks are left, the same for all payers.
    shown = [name for payer in PAYERS for name in curves.loc[payer].columns[curves.loc[payer].max() > 0.1]]
    drawn = list(dict.fromkeys((*FACTORS, all_four(result.study), *shown)))
    colours = {name: LOOKS[place % len(LOOKS)].color for place, name in enumerate(drawn)}
    lines = {}
    for axis, payer in zip(axes[1:], PAYERS, strict=True):
        curve = curves.loc[payer]
        for name in curve.columns[curve.max() > 0.1]:
            style = {"color": colours[name], "ls": ("-", "--", ":", "-.")[drawn.index(name) // len(LOOKS) % 4]}
            (lines[in_words(_short(name))],) = axis.plot(WORTH / 1e6, 100 * curve[name], **style)
        axis.set_xlabel("worth of one percentage point of open need closed, million yuan")
        axis.set_title(f"Which policy is best, counting the cost to {PAID[payer]}", fontsize=9, loc="left")
    axes[1].set_ylabel("% of the sets in which it has the highest net benefit")
    right.legend(list(lines.values()), list(lines), fontsize=8, loc="outside lower center", ncols=3)
    for axis in axes:
        axis.axhline(0, color="#999999", lw=0.8)
    figure.suptitle(
        "What the recommendations change in open need and in cost, and which policy is best at which worth of it",
        fontsize=10,
    )
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
