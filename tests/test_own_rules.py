"""Rules of one's own, exchanged for the package's by name: in a model, in studies and their workers."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.model.engine.compiling import COMPILED
from coprod_sim.model.engine.own_rules import Rules, identity
from coprod_sim.model.indicators.tally import UNPAID_USES
from coprod_sim.model.people.helping import HelpTerms, utility_of_helping
from coprod_sim.model.prices import wage_in_village
from coprod_sim.scenario.errors import ScenarioError

SHORT = ["horizon.months=24", "horizon.reform_month=12"]
KEEN = 2.5


def scenario(*overrides: str) -> cs.Scenario:
    return cs.load_scenario("village_small", [*SHORT, *overrides])


class KeenTerms(NamedTuple):
    """Log-odds of helping with a motive of one's own."""

    base: float
    others: float
    example: float


def keen(elder: Any, seen: Any, form: int, params: Any, motives: Any, services: Any, economics: Any) -> KeenTerms:
    """Nothing counts but the base, what others do, and that a new motive is strong."""
    return KeenTerms(base=params.base, others=motives.others * seen.helping, example=KEEN * elder.motivation)


def the_same(elder: Any, seen: Any, form: int, params: Any, motives: Any, services: Any, economics: Any) -> HelpTerms:
    """The package's rule, called from one's own."""
    return utility_of_helping(elder, seen, form, params, motives, services, economics)


def all_hear(users: float, helpers: float, enrolling: Any) -> float:
    """Everybody hears at once."""
    return 1.0


def nothing(planned: float, z: float, idle_share: float, funding: Any, government: Any, supervision: Any) -> float:
    """The county appropriates nothing."""
    return 0.0


def vouchers(hours: float, incentive: Any) -> float:
    """Three yuan for each of a site's first twenty hours."""
    return 3.0 * min(hours, 20.0)


def no_number(planned: float, z: float, idle_share: float, funding: Any, government: Any, supervision: Any) -> float:
    """A rule that meets what it cannot answer."""
    if planned >= 0.0:
        raise ValueError("no sum is known of this")
    return 0.0


def months(model: cs.CoproductionModel, number: int) -> cs.CoproductionModel:
    for _ in range(number):
        model.step()
    return model


@pytest.mark.slow
def test_a_rule_that_says_the_same_gives_the_same_bits() -> None:
    plain = cs.CoproductionModel(scenario(), rng=4).run()
    own = cs.CoproductionModel(scenario(), rng=4, rules={"utility_of_helping": the_same}).run()
    assert plain.monthly.equals(own.monthly) and plain.elders_frame().equals(own.elders_frame())


def test_a_rule_of_a_pass_and_one_that_the_month_itself_calls_can_be_exchanged() -> None:
    plain, heard, poor = (
        months(cs.CoproductionModel(scenario(), rng=4, rules=rules), 2).state
        for rules in (None, {"chance_to_hear": all_hear}, {"sum_appropriated": nothing})
    )
    there = plain.elders.present
    assert heard.elders.aware[there].mean() > 0.99 > plain.elders.aware[there].mean()
    sums = [float(state.county.running[0] + state.county.building[0]) for state in (plain, poor)]
    assert sums[0] > 0 == sums[1]
    assert plain.money.imbalance() < 1e-9 and poor.money.imbalance() < 1e-9


def test_a_term_of_ones_own_is_explained_and_decides() -> None:
    model = months(cs.CoproductionModel(scenario(), rng=4), 13)
    mine = months(cs.CoproductionModel(scenario(), rng=4, rules={"utility_of_helping": keen}), 13)
    elders = mine.state.elders
    row = int(np.flatnonzero(elders.present & (elders.adl == 0))[0])
    explained = mine.explain(row)["help"]
    params = mine.scenario_run.helping
    assert list(explained) == ["base", "others", "example"]
    assert explained["example"] == pytest.approx(KEEN * elders.motivation[row])
    assert explained.log_odds == pytest.approx(params.base + explained["others"] + explained["example"])
    assert not (model.state.elders.helper == elders.helper).all()


@pytest.mark.slow
def test_a_rule_replaced_deep_down_reaches_every_pass() -> None:
    """That nobody answers to others' helping can be said in the rule of it, or in the utility that calls that rule."""

    def nobody_answers(elder: Any, share: float, form: int) -> float:
        return 0.0

    def without_others(
        elder: Any, seen: Any, form: int, params: Any, motives: Any, services: Any, economics: Any
    ) -> HelpTerms:
        terms = utility_of_helping(elder, seen, form, params, motives, services, economics)
        return HelpTerms(
            terms.base, terms.taste, terms.intrinsic, terms.trust, terms.recognition, 0.0, terms.company, terms.asked,
            terms.honour, terms.frailty, terms.material,
        )  # fmt: skip

    plain, deep, above = (
        cs.CoproductionModel(scenario(), rng=4, rules=rules).run().elders_frame()
        for rules in (None, {"answer_to_others": nobody_answers}, {"utility_of_helping": without_others})
    )
    assert deep.equals(above) and not deep.equals(plain)


def test_hours_that_a_rule_of_ones_own_pays_for_count_as_paid() -> None:
    """By hand: a month's vouchers are for last month's hours, three yuan each, and these hours are not unpaid."""
    model, paid = cs.CoproductionModel(scenario(), rng=4, rules={"helpers_pay_of_site": vouchers}), []
    while model.month < 24:
        hours = model.state.sites.help_for_site.copy()
        model.step()
        money, used, _ = model.books
        yuan = money.sum_of(payer="county", payee="helpers", purpose="helpers_pay")
        assert yuan <= 3.0 * np.minimum(hours, 20.0).sum() + 1e-9  # the county may have less than it owes
        paid.append(yuan / 3.0)
    months = model.monthly
    assert max(paid) > 10.0
    assert (months["hours_worked"] - months["unpaid_hours"]).to_numpy() == pytest.approx(paid, abs=1e-9)
    # What society counts for hours, at the rural wage, has the same ones left out.
    counted = (months["cost_society_full_wage"] - months["cost_society_no_wage"]).iloc[-1]
    others = sum(used.used[use] for use in UNPAID_USES)
    wage = wage_in_village(model.state.values.economics)
    assert counted == pytest.approx(wage * (months["hours_worked"].iloc[-1] - paid[-1] + others))


def test_rules_after_the_reform_are_in_force_from_its_month_on() -> None:
    plain = cs.CoproductionModel(scenario(), rng=4)
    after = cs.CoproductionModel(scenario(), rng=4, rules_after_reform={"chance_to_hear": all_hear})
    months(plain, 12), months(after, 12)
    assert plain.elders_frame().equals(after.elders_frame())
    plain.step(), after.step()
    assert after.state.elders.aware.sum() > plain.state.elders.aware.sum()


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"utility_of_helpin": keen}, "did you mean utility_of_helping"),
        ({"zzz": keen}, "must be one of"),
        ({"utility_of_helping": 3}, "must be a function"),
        (
            {"utility_of_helping": lambda elder: 1.0},
            "takes 1 arguments, utility_of_helping is given 7: elder, seen, form, params, motives, services, economics",
        ),
    ],
)
def test_what_is_no_rule_is_refused_in_a_sentence(rules: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        cs.CoproductionModel(scenario(), rng=4, rules=rules)


def test_a_rule_of_ones_own_is_checked_as_the_packages_are() -> None:
    def powers(users: float, helpers: float, enrolling: Any) -> float:
        return users**2

    def unbounded(users: float, helpers: float, enrolling: Any) -> float:
        return math.exp(users)

    for rule, said in ((powers, "power"), (unbounded, "no bounds")):
        with pytest.raises(ScenarioError, match=said):
            cs.CoproductionModel(scenario(), rng=4, rules={"chance_to_hear": rule})


def made(constant: float, default: float, inner: Callable[[float], float], text: str) -> Callable[..., float]:
    def rule(x: float, y: float = default) -> float:
        return constant * inner(x) + y + len(text)

    return rule


def test_a_rule_is_known_by_bytecode_constants_defaults_closure_and_what_it_refers_to() -> None:
    def double(x: float) -> float:
        return 2 * x

    def triple(x: float) -> float:
        return 3 * x

    base = identity(made(1.0, 2.0, double, "a"))
    assert base == identity(made(1.0, 2.0, double, "a"))
    others = [(1.5, 2.0, double, "a"), (1.0, 2.5, double, "a"), (1.0, 2.0, triple, "a"), (1.0, 2.0, double, "b")]
    assert len({base, *(identity(made(*other)) for other in others)}) == 5


def test_a_global_that_a_rule_refers_to_counts_however_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(keen)
    monkeypatch.setitem(globals(), "KEEN", 3.5)
    assert identity(keen) != before


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], np.zeros(3), object(), np])
def test_a_rule_that_leans_on_anything_else_is_refused(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "KEEN", value)
    with pytest.raises(ScenarioError, match=r"KEEN (is|refers to) "):
        Rules({"utility_of_helping": keen})


@pytest.mark.slow
def test_studies_and_their_workers_run_ones_own_rules_and_know_them_again(tmp_path: Path) -> None:
    scenarios = {"today": scenario(), "poor": scenario()}
    rules = {"utility_of_helping": keen, "poor": {"sum_appropriated": nothing}}
    study = cs.Study(scenarios, replications=2, seed=3, rules=rules)
    results = [cs.run_study(study, tmp_path / str(workers), workers=workers) for workers in (1, 2)]
    assert results[0].monthly.equals(results[1].monthly) and not results[0].runs["failed"].any()
    monthly = results[0].monthly
    own = monthly[(monthly["scenario"] == "poor") & (monthly["replication"] == 1)]
    again = results[0].model("poor", 1).run()
    for name in ("cost_government", "helper_rate"):
        assert (own[name].to_numpy() == again.monthly[name].to_numpy()).all()
    early = monthly["month"] < 12
    by = monthly[early].groupby("scenario")["cost_government"].sum()
    assert by["poor"] == by["today"] > 0  # a scenario's own rules hold from the reform month, as its levers do
    late = monthly[~early].groupby("scenario")["cost_government"].sum()
    assert late["poor"] < late["today"]


def test_a_study_is_not_resumed_under_another_rule(tmp_path: Path) -> None:
    first = cs.Study({"today": scenario()}, replications=1, rules={"utility_of_helping": keen})
    cs.run_study(first, tmp_path, workers=1)
    cs.run_study(first, tmp_path, workers=1)
    for rules in (None, {"utility_of_helping": the_same}, {"chance_to_hear": all_hear}):
        with pytest.raises(ScenarioError, match=r"rules: .* by other functions there than given"):
            cs.run_study(cs.Study({"today": scenario()}, replications=1, rules=rules), tmp_path, workers=1)


def test_an_opened_study_makes_no_models_without_its_rules(tmp_path: Path) -> None:
    rules = {"utility_of_helping": keen}
    cs.run_study(cs.Study({"today": scenario()}, replications=1, rules=rules), tmp_path, workers=1)
    opened = cs.open_study(tmp_path)
    assert len(opened.monthly) == 24
    with pytest.raises(ScenarioError, match=r"rules of their own \(utility_of_helping\)"):
        opened.model("today")
    model = cs.open_study(tmp_path, rules=rules).model("today").run()
    assert (model.monthly["helper_rate"].to_numpy() == opened.monthly["helper_rate"].to_numpy()).all()


def test_a_rule_that_raises_is_a_failed_run_and_says_so(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario()}, replications=1, rules={"sum_appropriated": no_number})
    runs = cs.run_study(study, tmp_path, workers=2).runs
    assert runs["failed"].all() and runs["stage"].iloc[0] == "management" and "no sum" in runs["error"].iloc[0]


def test_a_rule_for_a_scenario_that_there_is_not_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"rules: scenarios must be one of today.*, got 'tody'"):
        cs.Study({"today": scenario()}, rules={"tody": {"utility_of_helping": keen}})


def test_what_cannot_be_compiled_is_said_in_a_sentence() -> None:
    def mistaken(users: float, helpers: float, enrolling: Any) -> float:
        return enrolling.no_such_thing  # type: ignore[no-any-return]

    model = cs.CoproductionModel(scenario(), rng=4, rules={"chance_to_hear": mistaken})
    with pytest.raises(ScenarioError if COMPILED else AttributeError, match="no_such_thing") as raised:
        model.run()
    assert not COMPILED or str(raised.value).startswith("rules: chance_to_hear cannot be compiled")
