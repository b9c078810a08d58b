"""Rules of one's own: in a model, in studies and their workers, paid through the books."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from coprod_sim.model.accounts import GOVERNMENT, PAYERS, VILLAGES, PaymentError
from coprod_sim.model.agents.elder.helping import NOBODY, HelpTerms, Payment, reciprocity, utility_of_helping
from coprod_sim.model.stages.provision.helping import book_pay

import coprod_sim as cs
from coprod_sim.model.engine.compiling import COMPILED, python_function
from coprod_sim.model.engine.own_rules import Rules, identity
from coprod_sim.scenario.errors import ScenarioError

SHORT = ["horizon.months=24", "horizon.reform_month=12"]
RATE = 12.0


def scenario(*overrides: str) -> cs.Scenario:
    return cs.load_scenario("village_small", [*SHORT, *overrides])


def paid_by_county(elder: Any, seen: Any, params: Any) -> Payment:
    """An hour of help is paid by the county."""
    return Payment(yuan_per_hour=RATE, payer=GOVERNMENT)


def paid_by_village(elder: Any, seen: Any, params: Any) -> Payment:
    """An hour of help is paid by the village, more than it has."""
    return Payment(yuan_per_hour=5_000.0, payer=VILLAGES)


def paid_by_nobody(elder: Any, seen: Any, params: Any) -> Payment:
    """Somebody is paid, and nobody pays."""
    return Payment(yuan_per_hour=1.0, payer=NOBODY)


class KeenTerms(NamedTuple):
    """Log-odds of helping with a motive of one's own."""

    reciprocity: float
    example: float


def keen(elder: Any, seen: Any, params: Any) -> KeenTerms:
    """Nothing counts but what others do, and that a new motive is strong."""
    return KeenTerms(reciprocity=reciprocity(elder.cooperator, seen.helping, params), example=2.5 * elder.motivation)


def the_same(elder: Any, seen: Any, params: Any) -> HelpTerms:
    """The package's rule, called from one's own."""
    return utility_of_helping(elder, seen, params)


def months(model: cs.CoproductionModel, number: int) -> cs.CoproductionModel:
    for _ in range(number):
        model.step()
    return model


def test_a_paid_term_lowers_the_payers_cash_by_what_helpers_receive() -> None:
    plain, paying = (
        cs.CoproductionModel(scenario(), rng=4, rules=rules)
        for rules in (None, {"payment_for_helping": paid_by_county})
    )
    for _ in range(24):
        plain.step(), paying.step()
        if paying.state.elders.hours.any():
            break
    elders, money = paying.state.elders, paying.state.money
    received = money.moved["government", "helpers", "helpers_pay_by_rule"]
    assert received == pytest.approx(RATE * elders.hours.sum()) and received > 0
    assert (elders.hours == plain.state.elders.hours).all()  # paid for the first time, and not yet felt
    cash = float(plain.state.office.cash[0]), float(paying.state.office.cash[0])
    assert cash[0] - cash[1] == pytest.approx(received)
    costs = [float(model.monthly["cost_government"].iloc[-1]) for model in (plain, paying)]
    assert costs[1] - costs[0] == pytest.approx(received)


def test_a_payer_pays_no_more_than_it_has_and_the_books_balance() -> None:
    model = cs.CoproductionModel(scenario(), rng=4, rules={"payment_for_helping": paid_by_village})
    short = False
    for _ in range(24):
        model.step()
        money, hours = model.books
        assert money.imbalance() < 1e-9 and hours.imbalance() < 1e-9
        assert (model.state.committees.cash >= -1e-9).all()
        paid = model.state.past.counted["paid_by_rules"]
        due = 5_000.0 * model.state.elders.hours.sum()
        assert paid <= due + 1e-6
        paid_hours = model.state.past.counted["hours_paid_by_rules"]
        assert paid_hours * 5_000 == pytest.approx(paid)
        short |= paid < due
    assert short


def test_a_payment_without_a_payer_ends_the_run() -> None:
    with pytest.raises(PaymentError, match=r"names nobody who does.*0 government, 1 villages"):
        cs.CoproductionModel(scenario(), rng=4, rules={"payment_for_helping": paid_by_nobody}).run()


@pytest.mark.parametrize(
    "payment", [Payment(1.0, NOBODY), Payment(1.0, len(PAYERS)), Payment(-1.0, 0), Payment(math.nan, 0)]
)
def test_a_payment_by_nobody_or_of_less_than_nothing_is_not_booked(payment: Payment) -> None:
    due = np.zeros((len(PAYERS) + 1, 2))
    assert not python_function(book_pay)(payment, 3.0, 1, due)
    assert not due.any()


def test_a_payment_is_booked_by_payer_and_hamlet_with_the_hours_that_it_pays() -> None:
    due = np.zeros((len(PAYERS) + 1, 2))
    assert python_function(book_pay)(Payment(4.0, VILLAGES), 3.0, 1, due)
    assert python_function(book_pay)(Payment(0.0, NOBODY), 5.0, 1, due)  # unpaid help is nobody's bill
    expected = np.zeros_like(due)
    expected[VILLAGES, 1], expected[-1, 1] = 4.0 * 3.0, 3.0
    assert (due == expected).all()


def test_a_rule_that_says_the_same_gives_the_same_bits() -> None:
    plain = cs.CoproductionModel(scenario(), rng=4).run()
    own = cs.CoproductionModel(scenario(), rng=4, rules={"utility_of_helping": the_same}).run()
    assert plain.monthly.equals(own.monthly) and plain.elders_frame().equals(own.elders_frame())


def test_a_term_of_ones_own_is_explained_and_decides() -> None:
    model = months(cs.CoproductionModel(scenario("elders.aware_at_start=1"), rng=4), 13)
    mine = months(
        cs.CoproductionModel(scenario("elders.aware_at_start=1"), rng=4, rules={"utility_of_helping": keen}), 13
    )
    elders = mine.state.elders
    row = int(np.flatnonzero(elders.present & (elders.adl == 0))[0])
    explained = mine.explain(row)["start_helping"]
    params = mine.state.params.elders
    assert list(explained) == ["base", "reciprocity", "example"]
    assert explained["example"] == pytest.approx(2.5 * elders.motivation[row])
    assert explained.log_odds == pytest.approx(params.start_base + explained["reciprocity"] + explained["example"])
    assert not (model.state.elders.helper == elders.helper).all()


def test_a_rule_replaced_deep_down_reaches_every_pass() -> None:
    def nobody_reciprocates(cooperator: int, share_helping: float, params: Any) -> float:
        return 0.0

    without = cs.CoproductionModel(scenario("elders.help_reciprocity=0"), rng=4).run()
    replaced = cs.CoproductionModel(scenario(), rng=4, rules={"reciprocity": nobody_reciprocates}).run()
    assert without.elders_frame().equals(replaced.elders_frame())


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"utility_of_helpin": keen}, "did you mean utility_of_helping"),
        ({"zzz": keen}, "must be one of"),
        ({"utility_of_helping": 3}, "must be a function"),
        (
            {"utility_of_helping": lambda elder: 1.0},
            "takes 1 arguments, utility_of_helping is given 3: elder, seen, params",
        ),
    ],
)
def test_what_is_no_rule_is_refused_in_a_sentence(rules: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        cs.CoproductionModel(scenario(), rng=4, rules=rules)


def test_a_rule_of_ones_own_is_checked_as_the_packages_are() -> None:
    def powers(elder: Any, seen: Any, params: Any) -> KeenTerms:
        return KeenTerms(elder.trust**2, 0.0)

    def unbounded(elder: Any, seen: Any, params: Any) -> KeenTerms:
        return KeenTerms(math.exp(elder.trust), 0.0)

    for rule, said in ((powers, "power"), (unbounded, "no bounds")):
        with pytest.raises(ScenarioError, match=said):
            cs.CoproductionModel(scenario(), rng=4, rules={"utility_of_helping": rule})


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
    before = identity(paid_by_county)
    monkeypatch.setitem(globals(), "RATE", 13.0)
    assert identity(paid_by_county) != before


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], np.zeros(3), object(), np])
def test_a_rule_that_leans_on_anything_else_is_refused(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "RATE", value)
    with pytest.raises(ScenarioError, match=r"RATE (is|refers to) "):
        Rules({"payment_for_helping": paid_by_county})


@pytest.mark.slow
def test_studies_and_their_workers_run_ones_own_rules_and_know_them_again(tmp_path: Path) -> None:
    scenarios = {"today": scenario(), "paid": scenario()}
    rules = {"utility_of_helping": keen, "paid": {"payment_for_helping": paid_by_county}}
    study = cs.Study(scenarios, replications=2, seed=3, rules=rules)
    results = [cs.run_study(study, tmp_path / str(workers), workers=workers) for workers in (1, 2)]
    assert results[0].monthly.equals(results[1].monthly) and not results[0].runs["failed"].any()
    monthly = results[0].monthly
    own = monthly[(monthly["scenario"] == "paid") & (monthly["replication"] == 1)]
    again = results[0].model("paid", 1).run()
    for name in ("cost_government", "helper_rate"):
        assert (own[name].to_numpy() == again.monthly[name].to_numpy()).all()
    early = monthly["month"] < 12
    by = monthly[early].groupby("scenario")["cost_government"].sum()
    assert by["paid"] == by["today"]  # a scenario's own rules hold from the reform month, as its levers do
    late = monthly[~early].groupby("scenario")["cost_government"].sum()
    assert late["paid"] > late["today"]


def test_a_study_is_not_resumed_under_another_rule(tmp_path: Path) -> None:
    first = cs.Study({"today": scenario()}, replications=1, rules={"utility_of_helping": keen})
    cs.run_study(first, tmp_path, workers=1)
    cs.run_study(first, tmp_path, workers=1)
    for rules in (None, {"utility_of_helping": the_same}, {"payment_for_helping": paid_by_county}):
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
    study = cs.Study({"today": scenario()}, replications=1, rules={"payment_for_helping": paid_by_nobody})
    runs = cs.run_study(study, tmp_path, workers=2).runs
    assert runs["failed"].all() and runs["stage"].iloc[0] == "provision" and "names nobody" in runs["error"].iloc[0]


def test_a_rule_for_a_scenario_that_there_is_not_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"rules: scenarios must be one of today.*, got 'tody'"):
        cs.Study({"today": scenario()}, rules={"tody": {"utility_of_helping": keen}})


def test_what_cannot_be_compiled_is_said_in_a_sentence() -> None:
    def mistaken(elder: Any, seen: Any, params: Any) -> KeenTerms:
        return KeenTerms(elder.no_such_thing, 0.0)

    model = cs.CoproductionModel(scenario("elders.aware_at_start=1"), rng=4, rules={"utility_of_helping": mistaken})
    with pytest.raises(ScenarioError if COMPILED else AttributeError, match="no_such_thing") as raised:
        model.run()
    assert not COMPILED or str(raised.value).startswith("rules: utility_of_helping cannot be compiled")
