"""Results: what an elder and a county add to each, by hand, and what a run gives."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.counting_elders import (
    BELOW,
    CALLED,
    CELLS,
    DENOMINATORS,
    FIRST,
    OF_PLANNED,
    OF_SERVED,
    SUMS,
    Counts,
    above_and_below,
    add_to,
    counts_of,
    denominator_of,
    vanishes,
)
from coprod_sim.model.county import flows
from coprod_sim.model.indicators import (
    BY_GROUP,
    GROUPS,
    INDICATORS,
    LIMITS,
    OF_COUNTY,
    PLACES,
    STAGES,
    gauges_of,
    limits,
    of_county,
    of_viewpoints,
    selects,
    shown_in,
)
from coprod_sim.model.indicators.declaring import DECLARED
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, PlanLost, Services, among, part
from coprod_sim.model.indicators.tally import People, Prices, Tally, at_least, over, yearly_part
from coprod_sim.model.indicators.tally import Places as Sums
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.outcomes import ROWS, Record
from coprod_sim.model.people import willing
from coprod_sim.scenario.schema import Scenario
from tests.rules import both, written

NAMED = (
    "need_closed", "need_closed_meals", "need_closed_company", "need_closed_daily_help", "need_closed_health",
    "people_helped", "qol_years", "family_time_freed", "meals_bought", "meals_served", "meals_spoiled", "hours_offered",
    "hours_worked", "aims_spread", "money_late_share", "duties_undone_share", "score_inflation", "loss_no_money",
    "loss_no_cook", "loss_no_manager", "loss_no_helper", "loss_undone_duty", "loss_worn_room", "loss_not_known",
    "loss_not_come",
)  # fmt: skip

ELDER = ElderMonth(
    open_need=Services(40.0, 20.0, 10.0, 0.5), closed=Services(10.0, 5.0, 4.0, 0.1), closed_by_others=3.0,
    open_yuan=800.0, closed_yuan=200.0, covered=Services(0.8, 0.5, 0.79, 1.0), needs_help=True, served=True, helped=0.5,
    quality=0.6, role=0.1793, freed=2.5, planned=40.0,
    lost=PlanLost(0.0, 8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 11.0), trust=0.6, recognition=0.3, enrolled=True,
    helper=True, able=True, offered=30.0, worked=26.0, unpaid=20.0, target=True, reached=True, lately=False,
)  # fmt: skip
# What this elder adds above and below the line, by hand.
ADDS = {
    "need_closed": (200, 800), "need_closed_meals": (10, 40), "need_closed_company": (5, 20),
    "need_closed_company_by_others": (3, 20), "need_closed_daily_help": (4, 10), "need_closed_health": (0.1, 0.5),
    "meals_closed": (1000, 1), "company_closed": (500, 1), "daily_help_closed": (400, 1), "visits_closed": (10, 1),
    "people_helped": (0.5, 1), "qol_years": (60, 1), "qol_years_alike": (100 * (0.8 + 0.5 + 0.79 + 1) / 4, 1),
    "qol_years_role": (17.93, 1), "family_time_freed": (2.5, 1), "trust": (0.6, 1), "met_meals": (1, 1),
    "met_company": (0, 1), "met_daily_help": (0, 1), "met_all": (0, 1), "loss_not_known": (0, 40),
    "loss_not_come": (8, 40), "loss_no_money": (1, 40), "loss_worn_room": (2, 40), "loss_undone_duty": (3, 40),
    "loss_no_manager": (4, 40), "loss_no_cook": (5, 40), "loss_no_helper": (6, 40), "plan_served": (11, 40),
    "enrolled_share": (1, 1), "took_part_12m": (0, 1), "helper_rate": (1, 1), "helper_hours": (26 / (52 / 12), 1),
    "hours_offered": (30, 1), "hours_worked": (26, 1), "unpaid_hours": (20, 1), "recognition": (0.3, 1),
}  # fmt: skip


def test_names_that_others_rely_on_are_there_and_every_declaration_is_whole() -> None:
    assert set(NAMED) <= set(INDICATORS)
    for name, i in INDICATORS.items():
        assert i.name == name == i.count.__name__ and i.meaning and not i.meaning.endswith(".")
        assert i.label[0].isupper() and "_" not in i.label and not i.label.endswith(".")
        assert i.denominator or not (i.unit in ("share", "0-1", "1/year") or "/" in i.unit), f"{name}: of what?"
        assert bool(i.subject) == (i.side == "cost" and "headline" in i.shown), name
    assert len({i.label for i in INDICATORS.values()}) == len(INDICATORS) == len(DECLARED)
    assert all(shown_in(place) for place in PLACES) and selects() == "need_closed"
    assert [gauges_of(stage)[0] for stage in STAGES] == [
        "aims_spread", "money_late_share", "duties_undone_share", "score_inflation"
    ]  # fmt: skip
    assert set(shown_in("groups")) <= {i.name for i in BY_GROUP} and len(of_viewpoints()) == 3
    assert {"yuan", "yuan/elder-month"} == {i.unit for i in INDICATORS.values()} - set(LIMITS)


def test_an_elder_adds_to_each_indicator_what_was_worked_out_by_hand() -> None:
    assert set(ADDS) == set(Counts._fields) == {i.name for i in BY_GROUP}
    found = both(counts_of)(ELDER)
    for name, by_hand in ADDS.items():
        assert tuple(getattr(found, name)) == pytest.approx(by_hand), name
    nothing = Counted(0.0, 0.0)
    changes = {"target": "enrolled_share", "reached": "took_part_12m", "able": "helper_rate", "helper": "helper_hours",
               "needs_help": "met_daily_help"}  # fmt: skip
    for field, name in changes.items():
        assert getattr(counts_of(ELDER._replace(**{field: False})), name) == nothing, name
    met = ELDER._replace(covered=Services(0.8, 0.8, 0.0, 0.9), needs_help=False)
    assert counts_of(met).met_all == Counted(1.0, 1.0) and counts_of(met).met_daily_help == nothing
    assert counts_of(met).qol_years_alike.above == pytest.approx(100 * (0.8 + 0.8 + 1 + 0.9) / 4)
    assert both(CALLED["adequate"])(0.8) and not both(CALLED["adequate"])(0.79)


def test_a_denominator_of_several_indicators_is_summed_once() -> None:
    assert {"among True", "among elder.helper", "part elder.planned"} <= set(DENOMINATORS) and len(FIRST) == 12
    alike = {i.name: DENOMINATORS[BELOW[place]] for place, i in enumerate(BY_GROUP)}
    assert alike["qol_years_alike"] == alike["trust"] == alike["meals_closed"] == "among True"
    one, other = counts_of(ELDER), counts_of(ELDER._replace(target=False, needs_help=False, planned=7.0))
    sums = np.zeros(SUMS)
    for counts in (one, other):
        written(add_to)(sums, counts, True, True)
    above, below = above_and_below(sums)
    for place, i in enumerate(BY_GROUP):
        assert above[place] == getattr(one, i.name).above + getattr(other, i.name).above, i.name
        assert below[place] == getattr(one, i.name).below + getattr(other, i.name).below, i.name


UNSERVED = {
    "closed": Services(0.0, 0.0, 0.0, 0.0),
    "closed_by_others": 0.0,
    "closed_yuan": 0.0,
    "helped": 0.0,
    "freed": 0.0,
}
UNPLANNED = {"planned": 0.0, "lost": PlanLost(*(0.0 for _ in PlanLost._fields))}


@pytest.mark.parametrize(("fields", "nothing"), [(OF_SERVED, UNSERVED), (OF_PLANNED, UNPLANNED)])
def test_what_is_passed_over_is_nothing_and_all_else_is_added(fields: tuple[str, ...], nothing: dict[str, Any]) -> None:
    assert set(fields) == set(nothing)
    without = counts_of(ELDER._replace(**nothing))
    for i in BY_GROUP:
        for below in (False, True):
            if vanishes(i, below, fields):
                assert getattr(without, i.name)[below] == 0.0, (i.name, below)
    sums, all_of_it = np.zeros((2, SUMS))
    for served, planned in product((False, True), repeat=2):
        counts = counts_of(ELDER._replace(**({} if served else UNSERVED), **({} if planned else UNPLANNED)))
        written(add_to)(sums, counts, served, planned)
        written(add_to)(all_of_it, counts, True, True)
    assert np.array_equal(sums, all_of_it)
    passed_over = {i.name for i in BY_GROUP if vanishes(i, False, OF_SERVED)}
    closed = {name for name in ADDS if "closed" in name}
    assert passed_over == closed | {"people_helped", "family_time_freed"}
    of_plans = {name for name in ADDS if name.startswith("loss_")} | {"plan_served"}
    assert of_plans == {i.name for i in BY_GROUP if vanishes(i, False, OF_PLANNED)}
    assert of_plans == {i.name for i in BY_GROUP if vanishes(i, True, OF_PLANNED)}


def test_of_ones_own_indicators_only_plain_ones_are_passed_over() -> None:
    def twice(elder: ElderMonth) -> Counted:
        """A multiple of a sum."""
        return among((elder.closed.meals + elder.freed) * 2 / 3.0, elder.able)

    def also_of_others(elder: ElderMonth) -> Counted:
        return among(elder.closed.meals + elder.open_need.meals, True)

    def less(elder: ElderMonth) -> Counted:
        return among(elder.closed.meals - elder.trust, True)

    def unhelped(elder: ElderMonth) -> Counted:
        return among(1.0 - elder.helped, True)

    def is_unhelped(elder: ElderMonth) -> Counted:
        return among(elder.helped == 0.0, True)

    def share(elder: ElderMonth) -> Counted:
        return among(elder.helped / elder.trust, True)

    def another(elder: ElderMonth) -> Counted:
        elder = elder._replace(freed=1.0)
        return among(elder.freed, True)

    def of_a_part(elder: ElderMonth) -> Counted:
        return part(elder.trust, elder.freed)

    base = INDICATORS["trust"]
    plain = [replace(base, count=count) for count in (
        twice, also_of_others, less, unhelped, is_unhelped, share, another, of_a_part
    )]  # fmt: skip
    assert [vanishes(i, False, OF_SERVED) for i in plain] == [True] + [False] * 7
    assert [vanishes(i, True, OF_SERVED) for i in plain] == [False] * 7 + [True]
    assert not any(vanishes(i, below, OF_PLANNED) for i in plain for below in (False, True))


def test_a_denominator_that_cannot_be_read_off_is_an_indicators_own() -> None:
    def by_way(elder: ElderMonth) -> Counted:
        able = elder.able and elder.reached
        return among(elder.helper, able)

    def two_ways(elder: ElderMonth) -> Counted:
        if elder.target:
            return among(True, True)
        return among(False, True)

    trust = INDICATORS["trust"]
    assert [denominator_of(replace(trust, name="own", count=count)) for count in (by_way, two_ways)] == ["own", "own"]
    typed = eval("lambda elder: among(elder.trust, True)", {"among": among})
    assert denominator_of(replace(trust, count=typed)) == "trust"


def test_a_text_that_is_not_the_functions_own_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.13 returns the program given to `-c` for whatever was typed in."""
    trust = INDICATORS["trust"]
    own = inspect.getsource(trust.count)
    for text in (own + own, own.replace("def ", "def other_", 1), "return among(True, True", "among(True, True)"):
        monkeypatch.setattr(inspect, "getsource", lambda _, text=text: text)
        assert denominator_of(trust) == "trust", text


def tally(**moved: float) -> Tally:
    """A month with a site of ten users that pays for itself, in which nothing is built."""
    places = dict.fromkeys(Sums._fields, 0.0) | {
        "sites": 1.0, "ever_opened": 2.0, "running": 1.0, "meal_days": 0.75, "served": 300.0, "wanted": 400.0,
        "duties_done": 0.8, "faults": 1.0, "due": 1_000.0, "claimed": 700.0, "paid_on_day": 600.0, "owed": 50.0,
        "scored": 2.0, "score": 1.5, "score_true": 1.3, "villages": 4.0, "villages_with_site": 1.0,
        "aims_spread": 0.25, "townships": 1.0, "county_duties_done": 0.9,
    }  # fmt: skip
    people = People(400.0, 20.0, 10.0, 2.0, 40.0, 5.0, 200.0, 300.0, 250.0, 10.0)
    yuan, used = [0.0] * len(flows.FLOWS), [0.0] * len(flows.USES)
    for name, amount in moved.items():
        yuan[getattr(flows, name)] = amount
    used[flows.COMMITTEES_PAPER], used[flows.COMMITTEES_LEFT], used[flows.TOWNSHIPS_DUTIES] = 30.0, 99.0, 8.0
    prices = Prices(rural_wage=12.0, pay=2.0, building_life=20.0, discount_rate=0.05)
    return Tally(
        people, Sums(**places), yuan, [500.0, 300.0, 60.0, 40.0, 5.0], used, prices, 80_000.0, 0.5, 0.5, 1.0, 2.0
    )


def count(name: str, **moved: float) -> float:
    return float(INDICATORS[name].count(tally(**moved)))


def test_indicators_of_a_county_by_hand() -> None:
    assert count("money_late_share") == pytest.approx(0.4) and count("money_lacking_share") == pytest.approx(0.1)
    assert count("duties_undone_share") == pytest.approx(0.2) and count("faults_standing") == pytest.approx(1 / 3)
    assert count("score_inflation") == pytest.approx(0.1) and count("aims_spread") == 0.25
    assert count("meals_served_share") == 0.75 and count("sites_not_running_share") == 0.5
    assert count("meals_spoiled") == 105 and count("meals_bought") == 500 and count("meals_served") == 300
    assert count("helper_turnover") == pytest.approx(12 / 40) and count("enrolled_per_site") == 10
    assert count("county_duties_undone_share") == pytest.approx(0.1)
    assert count("diverted_share", BY_COUNTY=400.0, DIVERSION=10.0) == pytest.approx(0.025)
    assert math.isnan(count("diverted_share")) and math.isnan(over(1.0, 0.0))


def test_costs_of_a_county_by_hand() -> None:
    paid = {"BY_COUNTY": 600.0, "HELPERS_PAY": 100.0, "SANCTION": 20.0, "PUBLIC_RETURNED": 30.0, "UNSPENT": 5_000.0,
            "FEES": 200.0, "DUES": 10.0, "DONATIONS": 40.0, "TOP_UP_OF_VILLAGES": 15.0, "VILLAGE_SURPLUS": 999.0,
            "OWN_FOOD": 240.0, "PUBLIC_WAGE": 500.0, "SKILLED_WAGES": 70.0, "CONTRACTS_UNPAID": 25.0,
            "ACCIDENTS_OF_ELDERS": 3.0, "APPROPRIATION": 9_999.0}  # fmt: skip
    # What the county paid, less a sanction and what sites returned; what returns to the treasury is no cost.
    assert count("cost_government", **paid) == 600 + 100 - 20 - 30
    assert count("cost_village", **paid) == 15 + 20  # with the sanction; surplus goes elsewhere
    assert count("cost_elders", **paid) == 200 + 10 + 3 and count("cost_donors", **paid) == 40
    assert count("cost_organizations", **paid) == 25
    assert count("cost_locality", **paid) == 35 + 213 + 40 + 25
    # A building of 80,000 yuan over twenty years at 5%: 6,419.41 a year. Transfers are no resources.
    annuity = 80_000 * 0.05 / (1 - 1.05**-20) / 12
    resources = 240 + 500 + 70 + 100 + 3 + annuity
    assert count("cost_society_no_wage", **paid) == pytest.approx(resources)
    unpaid = (250 - 100 / 2) + 30 + 8  # fifty hours were paid; hours that were left are nobody's
    assert count("cost_society_full_wage", **paid) == pytest.approx(resources + 12 * unpaid)
    assert count("cost_society", **paid) == pytest.approx(resources + 6 * unpaid)
    assert count("owed") == 50 + 10 * 12
    assert count("elders_share_of_cost", **paid) == pytest.approx(200 / 740)
    assert count("sites_paid_by_elders", **paid) == pytest.approx(200 / (600 + 200 + 40 + 15))
    assert count("yuan_per_enrolled_month", **paid) == pytest.approx((resources - annuity) / 10)


def test_payers_are_apart_and_every_flow_to_outside_is_a_resource_a_building_or_a_transfer() -> None:
    payers = {i.payer for i in OF_COUNTY if i.payer}
    assert payers == {"county government", "villages", "elders", "donors", "organisations"}
    sums = {"county", "villages", "elders", "donors", "other donors"}
    outside = {of for of in flows.FLOWS if of.payer in sums and of.payee in flows.OUTSIDE}
    assert {of.payee for of in outside} >= {"treasury", "helpers", "staff", "builders"}


def test_who_would_take_part() -> None:
    # Of one who would enrol with chance .4 and help with .5, seven tenths would do one or the other.
    assert both(willing.willing)(0.4, 0.5) == pytest.approx(0.7)
    assert both(willing.willing)(1.0, 0.0) == 1.0 and both(willing.willing)(0.0, 0.0) == 0.0


def test_months_counted_together_are_what_each_gives_alone() -> None:
    one = {"BY_COUNTY": 600.0, "HELPERS_PAY": 100.0, "FEES": 200.0, "OWN_FOOD": 240.0}
    alone = [tally(**one), tally(), replace(tally(), built=0.0)]
    alone[1] = replace(alone[1], prices=Prices(12.0, 0.0, 20.0, 0.0), people=People(*[0.0] * 10))
    fields = [[getattr(month, name) for month in alone] for name in Tally.__dataclass_fields__]
    people, places, moved, meals, used, prices, *rest = (np.array(values).T for values in fields)
    together = Tally(People(*people), Sums(*places), moved, meals, used, Prices(*prices), *rest)  # type: ignore[arg-type]
    for name, values in of_county(together).items():
        for month, by_month in enumerate(alone):
            assert np.broadcast_to(values, 3)[month].tobytes() == np.float64(of_county(by_month)[name]).tobytes(), name
    assert np.asarray(of_county(together)["helper_turnover"])[:2] == pytest.approx([12 / 40, math.nan], nan_ok=True)
    assert yearly_part(0.0, 20.0) == 1 / 20 and at_least(-1.0, 0.0) == 0.0


def test_results_that_are_asked_for_on_the_way_are_those_of_the_end() -> None:
    model, record = recorded()
    asked = CoproductionModel(model.state.scenario, rng=5)
    for month in range(26):
        asked.step()
        if month % 5 == 0:
            assert len(asked.record.months) == month + 1
    assert asked.record.months.tobytes() == record.months[:26].tobytes()


@cache
def recorded() -> tuple[CoproductionModel, Record]:
    """A model after forty months, its reform month the 24th."""
    given = {"population": {"villages": 14, "elders_per_village": 140},
             "horizon": {"months": 40, "reform_month": 24, "state_window": 12}}  # fmt: skip
    model = CoproductionModel(Scenario.model_validate(given), rng=5).run()
    return model, model.record


def test_a_run_gives_every_indicator_and_group_within_the_limits_of_its_unit() -> None:
    model, record = recorded()
    outcome, monthly = record.outcome(model.state)["value"], record.monthly()
    assert list(outcome.index) == list(ROWS) and len(GROUPS) == 18
    for name, i in INDICATORS.items():
        low, high = limits(i.unit)
        for values in (outcome[name].to_numpy(), monthly[name].to_numpy()):
            seen = values[np.isfinite(values)]
            assert len(seen) and (seen >= low - 1e-9).all() and (seen <= high + 1e-9).all(), name
    losses = [name for name in INDICATORS if name.startswith("loss_")]
    assert len(losses) == 8
    assert outcome.loc[(losses, "all")].sum() + outcome["plan_served", "all"] == pytest.approx(1)
    gained = outcome["need_closed", "all"] - outcome["need_closed_company_by_others", "all"]
    assert np.isfinite(gained) and 0 < outcome["need_closed", "all"] < 0.5
    assert outcome["need_closed_company_by_others", "all"] < outcome["need_closed_company", "all"]


def test_groups_add_up_and_what_is_counted_is_what_the_state_says() -> None:
    model, record = recorded()
    outcome, last, elders = record.outcome(model.state)["value"], record.monthly().iloc[-1], model.state.elders
    for factor in ("adl", "living", "sex", "income", "village"):
        parts = [group for group in GROUPS if group.startswith(f"{factor}: ") and group != "adl: any loss"]
        for flow in ("people_helped", "hours_worked"):
            assert outcome[flow][parts].sum() == pytest.approx(outcome[flow, "all"]), factor
    any_loss = ["adl: mild", "adl: moderate", "adl: severe"]
    assert outcome["people_helped"][any_loss].sum() == pytest.approx(outcome["people_helped", "adl: any loss"])
    assert last["elders"] >= elders.present.sum() - 40  # of this month, before those who died and turned 60
    months = record.monthly()
    after = months["month"] >= 24
    assert outcome["hours_worked", "all"] == pytest.approx(months["hours_worked"][after].sum())
    rate = (1.05) ** (-(months["month"][after] - 24) / 12)
    assert outcome["cost_elders", "all"] == pytest.approx((months["cost_elders"][after] * rate).sum())
    window = months["month"] >= 28
    assert outcome["sites_open", "all"] == pytest.approx(months["sites_open"][window].mean())
    assert (months[[f"loss_{cause}" for cause in ("not_known", "not_come", "no_money")]].iloc[12:] >= 0).all().all()
    assert CELLS == 144
