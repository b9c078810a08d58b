"""A county, whole: books, limits, what a policy cannot change, and the same run again."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.columns import Floats
from coprod_sim.model.county import flows
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import people, provision
from coprod_sim.model.people.table import Elders
from coprod_sim.model.places import OPEN, Sites, Villages
from coprod_sim.scenario.schema import Scenario

MONTHS = 40
EVERYTHING = {
    "negotiation": {"rounds": 2, "elders_seat": True, "association_seat": True, "organization_seat": True,
                    "facilitation": True},
    "legal": {"insurance": True, "liability": "government", "contract_enforcement": True, "payment_guarantee": True},
    "incentive": {"time_bank": True, "awards_per_year": 2.0, "pay_per_hour": 2.0},
    "responsibility": {"named_share": 0.9, "county_deadlines": 0.9, "paperwork": 0.5},
    "supervision": {"audit_probability": 0.5, "survey_share": 0.2, "open_book": True, "sanction": 1.0,
                    "evaluator": "external", "follow_up": 0.9, "money_follows_score": 0.5},
    "access": {"requires_self_care": False, "home_delivery": True, "fee_waiver_share": 0.5},
    "staff": {"coordinator": 500.0, "officers": 1.0},
}  # fmt: skip


def scenario(groups: dict[str, dict[str, Any]], **more: dict[str, Any]) -> Scenario:
    size = {"population": {"villages": 14, "elders_per_village": 140}}
    return Scenario.model_validate({**size, **groups, **more})


def months(model: CoproductionModel, number: int) -> CoproductionModel:
    for _ in range(number):
        model.step()
    return model


@cache
def run(policy: str) -> tuple[CoproductionModel, list[tuple[float, ...]], list[int], Floats]:
    """A model after some months, its books' imbalances and open sites month by month; and hours used in all."""
    groups = {"today": {}, "everything": EVERYTHING, "grass roots": {"government": {"target_share": 0.0},
              "associations": {"at_start": 0.7}, "funding": {"running_per_site": 0.0},
              "economics": {"building": 20_000.0}, "access": {"fewest_users": 3.0}}}[policy]  # fmt: skip
    model, gaps, sites, used = CoproductionModel(scenario(groups), rng=5), [], [], np.zeros(len(flows.USES))
    for _ in range(MONTHS):
        model.step()
        books = (model.state.money, model.state.meals, model.state.hours, model.state.credits)
        gaps.append(tuple(book.imbalance() for book in books))
        assert model.state.hours.used.min() >= -1e-9
        used += model.state.hours.used
        sites.append(int((model.state.sites.status == OPEN).sum()))
    return model, gaps, sites, used


@pytest.mark.parametrize("policy", ["today", "everything", "grass roots"])
def test_books_of_yuan_meals_hours_and_credits_balance_every_month(policy: str) -> None:
    model, gaps, _, _ = run(policy)
    assert max(max(gap) for gap in gaps) < 1e-9
    state = model.state
    for cash in (state.sites.own, state.sites.public, state.villages.cash, state.villages.dues_cash, state.county.cash):
        assert np.all(cash >= -1e-6)
    assert np.all(state.elders.worked <= state.elders.offered + 1e-9)


@pytest.mark.parametrize("policy", ["today", "everything", "grass roots"])
def test_every_number_of_the_state_is_one_and_shares_are_shares(policy: str) -> None:
    state = run(policy)[0].state
    tables = (
        state.elders, state.helped, state.sites, state.villages, state.townships, state.organizations, state.county,
    )  # fmt: skip
    for table in tables:
        for name, column in table.columns.items():
            values = getattr(table, name)
            if values.dtype == np.float64:
                assert np.isfinite(values).all(), name
                if column.unit in ("0-1", "share"):
                    assert values.min() >= -1e-9 and values.max() <= 1 + 1e-9, name
    assert not (state.elders.enrolled & state.elders.waiting).any()


def test_todays_scheme_works() -> None:
    """Loosely, at the defaults: sites open, are used, are helped at, and some money is late."""
    model, _, sites, _ = run("today")
    state = model.state
    at = state.sites.status == OPEN
    assert sites[0] == 0 and max(sites) >= 10
    assert 4 < state.sites.users[at].mean() < 25 and 0.5 < state.sites.meal_days[at].mean() < 1
    assert 0.05 < state.elders.helper[state.elders.present].mean() < 0.2
    assert state.sites.help_for_site[at].sum() > 0 and 0 < state.sites.done[at].mean() < 1


def test_every_use_of_hours_occurs_and_credits_are_issued_spent_and_lost() -> None:
    """Nothing is declared that no county uses; only credits of a time bank move."""
    used = run("today")[3] + run("everything")[3] + run("grass roots")[3]
    assert [of for of, hours in zip(flows.USES, used, strict=True) if hours <= 0] == []
    book = run("everything")[0].state.credits
    assert book.issued > 0 and book.expired > 0 and book.spent > 0
    book = run("today")[0].state.credits
    assert book.issued == book.spent == book.expired == book.lost == 0.0 and not book.balances.any()
    grass_roots = run("grass roots")[3]
    assert grass_roots[flows.HELPERS_DUTIES] > 0 and grass_roots[flows.COMMITTEES_DUTIES] == 0


def test_county_and_organisations_recognise_plans_and_who_takes_part_is_known() -> None:
    for policy in ("today", "everything"):
        state = run(policy)[0].state
        assert state.county.recognition[0] != 0.5 and state.county.motivation[0] != 0.5
        under = np.unique(state.villages.contract[state.villages.contract >= 0])
        assert len(under) and np.all(state.organizations.recognition[under] != 0.5)
        elders = state.elders
        assert np.all(elders.took_part[elders.enrolled & elders.present] >= MONTHS - 2)
        assert 0 < (elders.took_part >= MONTHS - 12).sum() < (elders.took_part >= -1).sum() < elders.rows
        assert elders.took_part.max() == MONTHS - 1 and state.helped.visits.sum() > 0


def test_an_association_runs_what_it_founds_and_no_county_pays() -> None:
    model, _, _, _ = run("grass roots")
    sites = model.state.sites
    opened = sites.opened >= 0
    assert opened.any() and (sites.runner[opened & (sites.status == OPEN)] == 1).all()
    assert not sites.due.any() and model.state.money.sum_of(payer="county", purpose="running") == 0


FROM_BIRTH = ("birth_month", "female", "alive", "present", "adl", "partner", "child", "with_others", "income", "filial",
              "taste", "conditional", "motivation_rests", "trust_rests", "cover")  # fmt: skip


@pytest.mark.parametrize("policy", ["everything", "grass roots"])
def test_no_policy_changes_who_is_ill_dies_or_is_left_behind(policy: str) -> None:
    today, other = run("today")[0].state.elders, run(policy)[0].state.elders
    for name in FROM_BIRTH:
        assert np.array_equal(getattr(today, name), getattr(other, name)), name
    assert not np.array_equal(today.enrolled, other.enrolled)


def test_the_same_scenario_and_seed_give_the_same_bits_and_a_policy_begins_when_it_begins() -> None:
    """A lever changed from a month on changes nothing before it: the null policy is exactly zero."""
    today = run("today")[0].state
    changed = {"supervision": {"audit_probability": {0: 0.15, MONTHS: 0.9}}, "access": {"fee": {0: 2.2, MONTHS: 0.0}}}
    again = months(CoproductionModel(scenario(changed), rng=5), MONTHS).state
    for kind, table, other in (
        (Elders, today.elders, again.elders), (Sites, today.sites, again.sites),
        (Villages, today.villages, again.villages),
    ):  # fmt: skip
        for name in kind.columns:
            assert np.array_equal(getattr(table, name), getattr(other, name)), name


def test_a_committee_has_seen_of_wishes_what_the_guideline_says() -> None:
    """Where whoever has ADL loss may enrol, the guideline's homes are the share of these among elders of the age."""
    open_to_all = CoproductionModel(scenario({"access": {"requires_self_care": False}}), rng=5).state
    elders, age = open_to_all.elders, open_to_all.params.access.eligible_age
    there = elders.present & (elders.birth_month <= -12 * age) & (elders.village == 3)
    assert open_to_all.villages.seen_homes[3] == pytest.approx((elders.adl[there] > 0).mean())
    assert not CoproductionModel(scenario({}), rng=5).state.villages.seen_homes.any()


def test_users_wait_where_another_site_comes_to_serve_them() -> None:
    """A village's second site opens: users of its hamlet, who went to the first, wait at their own."""
    model = CoproductionModel(scenario({}), rng=5)
    state = model.state
    own = np.arange(state.sites.rows)
    while not ((state.site >= 0) & (state.site != own)).any() or not state.elders.enrolled.any():
        model.step()
    far = np.flatnonzero((state.site >= 0) & (state.site != own))
    users = state.elders.enrolled & np.isin(state.elders.hamlet, far)
    hamlet = int(state.elders.hamlet[np.flatnonzero(users)[0]])
    mine = state.elders.enrolled & (state.elders.hamlet == hamlet)
    state.sites.status[hamlet], state.sites.opened[hamlet] = OPEN, state.month
    before = state.site.copy()
    state.begin_month()
    assert state.site[hamlet] == hamlet != before[hamlet]
    assert state.elders.waiting[mine].all() and not state.elders.enrolled[mine].any()


def test_until_a_first_site_opens_elders_go_by_the_guideline() -> None:
    state = CoproductionModel(scenario({}), rng=5).state
    state.villages.plan[:], state.villages.has_plan[:] = 0.1, np.arange(state.villages.rows) == 2
    access = state.params.access
    people.count(state)
    assert state.meals_offered[2] == pytest.approx(0.3) and state.fees[2] == pytest.approx(1.0)
    others = np.arange(state.villages.rows) != 2
    assert np.all(state.meals_offered[others] == access.meals_a_day) and np.all(state.fees[others] == access.fee)


def test_what_is_owed_to_a_site_that_stops_lapses_and_an_association_pretends_nothing() -> None:
    model = months(CoproductionModel(scenario({"committee": {"vanity": 0.8}}), rng=5), 20)
    state = model.state
    at = np.flatnonzero(state.sites.status == OPEN)
    state.sites.runner[at[::2]] = 1
    state.sites.shut[at], state.sites.meal_days[at], state.sites.arrears[at] = 9, 0.0, 5_000.0
    provision.stop_sites(state)
    gone = state.sites.status[at] != OPEN
    assert gone.all() and not state.sites.phantom[at[::2]].any() and state.sites.phantom[at[1::2]].any()
    assert np.all(state.sites.arrears[at] == np.where(state.sites.phantom[at], 5_000.0, 0.0))
    assert state.world.news.lapsed.sum() > 0
