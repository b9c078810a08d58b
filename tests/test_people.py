"""Need, cover, helping and help at home: values worked out by hand, and what must hold."""

from __future__ import annotations

import math
from copy import deepcopy
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.month.burn_in import help_neighbours
from coprod_sim.model.month.start import state_at_start
from coprod_sim.model.month.state import State
from coprod_sim.model.people import helping, home, need, population, presence
from coprod_sim.model.people.choosing_help import HelpKeys
from coprod_sim.model.people.helping import Helper, HelpSeen
from coprod_sim.model.people.home import HomeKeys, SiteWork, VillageWork
from coprod_sim.model.people.life import LifeKeys, live_a_month
from coprod_sim.model.people.need import CoverBase, Household
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.people.willing import willing
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario
from tests.listed import offering, signed_up, there
from tests.rules import both, rule_values

VALUES = rule_values()
WEEKS, DAYS = 52 / 12, 365 / 12


def test_needs_by_grade() -> None:
    able = both(need.need_of)(0, VALUES.health)
    assert able == pytest.approx((3 * DAYS, 7 * WEEKS, 0, 4 / 12))
    # 8 hours a week with mild loss, times 2.2 with each grade: 8, 17.6, 38.72.
    for grade, hours in ((1, 8), (2, 17.6), (3, 38.72)):
        worse = both(need.need_of)(grade, VALUES.health)
        assert worse.daily_help == pytest.approx(hours * WEEKS)
        assert worse.health == pytest.approx(4 * (1 + grade) / 12)


def household(**changed: Any) -> Household:
    home = Household(age=70.0, grade=0, child=4, with_others=False, has_partner=False, fit=0.0)
    return home._replace(**changed)


BASE = CoverBase(care=-0.3, alone=0.1, with_others=0.7, married=1.6, health=-0.4)


def test_mean_cover_by_household() -> None:
    means = both(need.cover_means)
    alone = means(household(), BASE, VALUES.family)
    assert alone == pytest.approx((2.4, 0.1, -0.3 + 0.8, -0.4))  # an independent elder's daily help is of no use
    # Eighty, mild loss, a fit wife, a child in the village: 2.4 + 1 + 1.5 x .5 - .3 - .8 = 3.05.
    helped = means(household(age=80.0, grade=1, child=1, has_partner=True, fit=1.0), BASE, VALUES.family)
    assert helped == pytest.approx((3.05, 1.6, -0.3 + 1 + 0.75 - 0.3, -0.4))
    # A child in the home counts fully, one away an eighth; whoever lives with others is less lonely than alone.
    assert means(household(child=0), BASE, VALUES.family).meals == pytest.approx(2.4 + 1.5)
    assert means(household(child=3), BASE, VALUES.family).meals == pytest.approx(2.4 + 1.5 / 8)
    assert means(household(with_others=True), BASE, VALUES.family).company == 0.7


def test_each_part_of_mean_cover_has_a_parameter_of_its_own() -> None:
    family = VALUES.family._replace(
        meals=2.0, spouse=0.75, child=1.25, child_decay=0.5, age=0.125, grade=0.5, spread=1.0, crowd_out=0.25
    )
    home = household(age=90.0, grade=2, child=1, has_partner=True, fit=0.5)
    found = both(need.cover_means)(home, BASE, family)
    # 0.75 x 0.5 + 1.25 x 0.5 = 1; twenty years over 70 are two decades, 0.25; grades 0.5 x 2 and 0.5 x 1.
    assert found == pytest.approx((2.0 + 1.0 - 0.25 - 1.0, 1.6, -0.3 + 1.0 - 0.25 - 0.5, -0.4), rel=1e-12)
    # At sixty it is a decade under 70: a gain.
    young = both(need.cover_means)(household(age=60.0), BASE, family)
    assert young.meals == 2.0 + 0.125 and young.daily_help == pytest.approx(-0.3 + 0.125 + 0.5, rel=1e-12)


def test_what_a_child_adds_halves_with_each_step_away() -> None:
    family = VALUES.family._replace(child=1.2, child_decay=0.5)
    assert [both(need.nearness)(child, family) for child in range(5)] == pytest.approx([1.2, 0.6, 0.3, 0.15, 0.0])
    assert [both(need.to_the)(steps, 0.5) for steps in range(4)] == [1.0, 0.5, 0.25, 0.125]


def test_cover_varies_around_its_mean() -> None:
    covered = both(need.covered)
    assert covered(0.0, 0.0, 0.0, 1.6) == 0.5
    assert covered(1.0, 1.0, 1.0, 1.6) == pytest.approx(1 / (1 + math.exp(-(1 + 1.6 * 2 / math.sqrt(2)))))
    assert both(need.fitness)(True, 0) == 1 and both(need.fitness)(True, 1) == 0.5
    assert both(need.fitness)(True, 2) == 0 and both(need.fitness)(False, 0) == 0


def test_published_shares_hold_in_the_mean() -> None:
    base, normal, spread = need.cover_base(Scenario()), NormalDist(), Scenario().family.spread
    # Less than half is covered where the draw is below -mean / spread.
    assert normal.cdf(-base.alone / spread) == pytest.approx(0.48)
    assert normal.cdf(-base.with_others / spread) == pytest.approx(0.32)
    assert normal.cdf(-base.married / spread) == pytest.approx(0.16)
    assert normal.cdf(base.health / spread) == pytest.approx(0.40)
    least = math.log(0.1 / 0.9)
    family = Scenario().family
    mix = need._reference_mix(Scenario().population, Scenario().health, family)
    assert sum(part for part, _ in mix) == pytest.approx(1)
    without = sum(part * normal.cdf((least - base.care - more) / spread) for part, more in mix)
    assert without == pytest.approx(0.14)


def test_what_service_adds() -> None:
    # Ten hours of need, of which family covers six; it withdraws .3 of an hour served, with mild loss .225.
    assert both(need.withdrawing)(1, VALUES.family) == pytest.approx(0.3 * 3 / 4)
    withdraws = 0.3
    assert both(need.withdrawn)(5.0, 6.0, withdraws) == pytest.approx(1.5)
    assert both(need.net_gain)(5.0, 4.0, 6.0, withdraws) == pytest.approx(3.5)
    assert both(need.net_gain)(8.0, 4.0, 6.0, withdraws) == 4  # 8 - .3 x 6 = 6.2: no more than was open
    # 4 / .7 = 5.71 hours meet the need, since that is less than the six that can be withdrawn from.
    assert both(need.claimable)(4.0, 6.0, withdraws) == pytest.approx(4 / 0.7)
    assert both(need.claimable)(9.0, 1.0, withdraws) == pytest.approx(9.3)


@given(
    amount=st.floats(0, 300), cover=st.floats(0, 1), withdraws=st.floats(0, 0.5), served=st.floats(0, 600)
)  # fmt: skip
def test_claimable_service_just_meets_the_need(amount: float, cover: float, withdraws: float, served: float) -> None:
    family = amount * cover
    open_need = amount - family
    enough = need.claimable(open_need, family, withdraws)
    assert need.net_gain(enough, open_need, family, withdraws) == pytest.approx(open_need, abs=1e-9)
    gain = need.net_gain(served, open_need, family, withdraws)
    assert 0 <= gain <= open_need + 1e-12
    assert served > enough or gain <= served + 1e-12


ELDER = Helper(
    age=70.0, mild=False, income=700.0, taste=0.0, motivation=0.5, trust=0.5, recognition=0.5, belief=0.5,
    conditional=True, lonely=0.25, asked=False, threshold=0.3, later=0.4,
)  # fmt: skip
SEEN = HelpSeen(
    helping=0.5, served=True, distance=0.0, expectation=0.5, honour=0.0, pay=0.0, pay_was_offered=False,
    time_bank=False, own_cost=False,
)  # fmt: skip
REST = (VALUES.helping, VALUES.services, VALUES.economics)  # 12 yuan an hour, 3,000 an accident, .2 a 1,000 days


def terms(elder: Helper = ELDER, seen: HelpSeen = SEEN, form: int = 0) -> Any:
    return both(helping.utility_of_helping)(
        elder, seen, form, VALUES.helping, VALUES.motives, VALUES.services, VALUES.economics
    )


def test_motives_to_help_one_by_one() -> None:
    plain = terms()
    assert plain.base == -3.3 and plain.taste == plain.intrinsic == plain.trust == plain.material == 0
    assert plain.others == pytest.approx(2.0 * 0.5) and plain.company == pytest.approx(1.0 * 0.25)
    assert terms(ELDER._replace(conditional=False)).others == 0
    assert terms(ELDER._replace(taste=2.0)).taste == pytest.approx(3.0)
    assert terms(ELDER._replace(motivation=0.75)).intrinsic == pytest.approx(0.5)
    lost = terms(ELDER._replace(motivation=0.75), SEEN._replace(pay_was_offered=True))
    assert lost.intrinsic == pytest.approx(0.5 * 0.6)
    assert terms(ELDER._replace(trust=0.9)).trust == pytest.approx(0.6)
    assert terms(ELDER._replace(recognition=0.3)).recognition == pytest.approx(-0.3)
    assert terms(ELDER._replace(asked=True)).asked == 1
    assert terms(seen=SEEN._replace(honour=0.5)).honour == pytest.approx(0.15)
    assert terms(ELDER._replace(age=85.0, mild=True)).frailty == pytest.approx(-0.5 * (1.5 + 1))


def test_where_no_site_serves_the_scheme_moves_nobody() -> None:
    far = SEEN._replace(served=False, distance=3.0, pay=20.0, time_bank=True, own_cost=True)
    alone = terms(ELDER._replace(trust=0.9, recognition=0.1), far)
    assert alone.trust == alone.recognition == alone.material == 0


def test_what_helping_earns_and_costs() -> None:
    yuan = both(helping.yuan_of_helping)
    assert yuan(ELDER, SEEN, *REST) == 0
    assert yuan(ELDER, SEEN._replace(pay=10.0), *REST) == pytest.approx(8 * 10 * 0.5)
    # A credit: 30 yuan x belief .5 x need later .4 = 6 yuan, eight hours.
    assert yuan(ELDER, SEEN._replace(time_bank=True), *REST) == pytest.approx(48)
    # Four ways there and back of 1.2 km at 4 km an hour: 2.4 hours at 12 yuan.
    assert yuan(ELDER, SEEN._replace(distance=1.2), *REST) == pytest.approx(-28.8)
    # Two person-days, .2 accidents a thousand, 3,000 yuan, feared five times over.
    assert yuan(ELDER, SEEN._replace(own_cost=True), *REST) == pytest.approx(-6)
    assert terms(seen=SEEN._replace(time_bank=True)).material == pytest.approx(2 * 48 / 700)


def test_what_a_conditional_cooperator_answers_with() -> None:
    answer, unmoved = both(helping.answer_to_others), ELDER._replace(conditional=False)
    assert [answer(ELDER, share, 0) for share in (0.0, 0.29, 1.0)] == [0.0, 0.29, 1.0]
    assert [answer(ELDER, share, 1) for share in (0.0, 0.29, 0.3, 1.0)] == [0.0, 0.0, 1.0, 1.0]  # from three in ten on
    assert [answer(unmoved, 1.0, form) for form in (0, 1)] == [0.0, 0.0]
    assert [answer(ELDER._replace(threshold=0.0), share, 1) for share in (0.0, 0.01)] == [0.0, 1.0]  # none call nothing


def test_rival_form_of_others() -> None:
    assert terms(form=1).others == 2 and terms(ELDER._replace(threshold=0.6), form=1).others == 0
    assert terms(ELDER._replace(threshold=0.0), SEEN._replace(helping=0.0), 1).others == 0


def test_hours() -> None:
    # At utility 1.3 hours_base -1.3 leaves log-odds 0: half of fourteen hours a week.
    assert both(helping.hours_wished)(1.3, VALUES.helping) == pytest.approx(7 * WEEKS)
    offered = both(helping.hours_offered)
    assert offered(10.0, True, 2, 5.0, 0, VALUES.helping) == pytest.approx(0.6 * 10 + 0.4 * 0.8 * 5)
    for conditional, helpers, form in ((False, 2, 0), (True, 0, 0), (True, 2, 1)):
        assert offered(10.0, conditional, helpers, 5.0, form, VALUES.helping) == 10


def test_who_thinks_again() -> None:
    helps = both(helping.is_helper)
    assert helps(True, -9.0, 0.03, 0.9, VALUES.helping) and not helps(False, 9.0, 0.03, 0.1, VALUES.helping)
    assert helps(False, 0.0, 0.029, 0.49, VALUES.helping) and not helps(True, 0.0, 0.029, 0.51, VALUES.helping)
    # At the edges: who draws the chance itself does not, u being in [0, 1); expit(0) = 1/2.
    params = VALUES.helping._replace(reconsider=0.25)
    assert helps(True, 0.0, 0.25, 0.75, params) and not helps(True, 0.0, 0.249, 0.75, params)
    assert not helps(False, 0.0, 0.0, 0.5, params) and helps(False, 0.0, 0.0, 0.4999, params)
    assert both(helping.needs_help_later)(0, 0.4) == 0.4 and both(helping.needs_help_later)(1, 0.4) == 1


def test_an_hour_of_help_is_an_hour_of_company_and_takes_a_way() -> None:
    # 2.6 hours are two there; one of daily help is left and three of company.
    assert both(home.given_at_home)(2.6, 1.0, 3.0, 0.3) == pytest.approx((1.0, 2.0, 2.6))
    assert both(home.given_at_home)(26.0, 1.0, 3.0, 0.3) == pytest.approx((1.0, 3.0, 3.9))
    assert both(home.given_at_home)(2.6, 0.0, 0.0, 0.3) == (0, 0, 0)


def test_income_traits_and_children() -> None:
    people = VALUES.population
    assert both(population.income_of)(0.0, people) == pytest.approx(700)
    assert both(population.income_of)(-5.0, people) == 188
    assert both(population.trait_of)(0.0) == 0.5
    assert both(population.trait_of)(1.0) == pytest.approx(0.6899744811276125)  # 1 / (1 + e^-0.8)
    assert both(population.trait_of)(-2.0) == pytest.approx(0.16798161486607552)  # 1 / (1 + e^1.6)
    places = [both(population.place_of_child)(u, people) for u in (0.1, 0.45, 0.8, 0.9, 0.97)]
    assert places == [0, 1, 2, 3, 4]
    # 1 - .45 / .59 = .237 of those without a child in the home live with others.
    assert both(population.lives_with_others)(0.236, people) and not both(population.lives_with_others)(0.238, people)
    # At the edge: 1 - 0.375 / (1 - 0.5) = 0.25, which is itself above; nobody where that is less than 0.
    half = people._replace(child_same_home=0.5, alone_or_with_spouse=0.375)
    others = both(population.lives_with_others)
    assert others(0.2499, half) and not others(0.25, half)
    assert not others(0.0, half._replace(alone_or_with_spouse=0.75))


def village(rows: int, **columns: Any) -> tuple[Elders, Helped]:
    """Able elders of one village who know nobody, need nothing and offer nothing, but for the columns given."""
    elders, helped = Elders(rows), Helped(rows)
    elders.present[:] = elders.alive[:] = True
    elders.acquaintances[:] = -1
    for name, values in columns.items():
        getattr(elders if name in Elders.columns else helped, name)[:] = values
    return elders, helped


def serve(elders: Elders, helped: Helped, site: dict[str, float] | None = None, **plan: float) -> tuple[Any, Any]:
    at = np.full(1, -1 if site is None else 0, np.int32)
    sites = SiteWork(at, *(np.full(1, (site or {}).get(name, 0.0)) for name in ("duties", "cooking", "hands", "keys")))
    work = VillageWork(*(np.full(1, plan.get(name, 0.0)) for name in VillageWork._fields))
    keys = HomeKeys(*(Chance(1).key(stream, 0) for stream in (Stream.TURN, Stream.NEIGHBOUR, Stream.ORDER)))
    number = elders.rows
    home.help_each_other(
        0, 0, elders.rows, elders.arrays, helped.arrays, there(elders), offering(elders), sites, work, keys, 0.3,
        np.zeros(number, np.int32), np.zeros(number), np.zeros(number, np.int32),
    )  # fmt: skip
    return sites, work


def test_hours_go_to_duties_meals_neighbours_and_the_list_in_turn() -> None:
    elders, helped = village(3, offered=(20.0, 0.0, 0.0), adl=(0, 1, 2))
    elders.acquaintances[0, 2] = 1
    helped.help_left[:], helped.company_left[:] = (0, 2.0, 50.0), (9.0, 1.0, 0.0)
    site = {"duties": 3.0, "cooking": 1.0, "hands": 2.0, "keys": 0.5}
    sites, work = serve(elders, helped, site, homes=0.25)
    # 20: three for duties, a reserve of five; three gone for meals, half of which find no rota, cooking before hands;
    # 2.6 for the neighbour of row 1.
    assert helped.for_site[0] == pytest.approx(3 + 1.5)
    assert (sites.duties[0], sites.cooking[0], sites.hands[0]) == (0, 0, 1.5)
    assert helped.daily_help[1] == 2 and helped.company[1] == 1 and helped.own_company[0] == pytest.approx(2 + 5 / 1.3)
    # The list gets the reserve of five: 5 / 1.3 hours of daily help for row 2.
    assert helped.daily_help[2] == pytest.approx(5 / 1.3) and work.pool_worked[0] == pytest.approx(5)
    assert elders.worked[0] == pytest.approx(4.5 + 2.6 + 5)


def test_nothing_to_do_is_turned_away() -> None:
    elders, helped = village(2, offered=(10.0, 0.0))
    serve(elders, helped, {"keys": 1.0}, homes=0.5)
    assert elders.worked[0] == 0


def test_the_neediest_first_and_claims_first_among_those_of_like_need() -> None:
    for needy_first, served in ((1.0, 3), (0.0, 0)):
        elders, helped = village(5, offered=(0, 0, 0, 0, 2.6), adl=(1, 1, 1, 2, 0))
        elders.acquaintances[4, :4] = (0, 1, 2, 3)
        helped.help_left[:4] = 50.0
        serve(elders, helped, needy_first=needy_first)
        # Whoever does not go to the neediest begins at a drawn place of the round.
        got = np.flatnonzero(helped.daily_help)
        assert got.tolist() == [served] if needy_first else len(got) == 1
    elders, helped = village(
        5, offered=(0, 0, 0, 0, 2.6), adl=(1, 1, 1, 2, 0), claims=(False, False, True, False, False)
    )
    elders.acquaintances[4, :4] = (0, 1, 2, 3)
    helped.help_left[:4] = (50.0, 50.0, 50.0, 0.0)
    serve(elders, helped)
    assert helped.daily_help.tolist() == pytest.approx([0, 0, 2, 0, 0]) and helped.honoured[2] == pytest.approx(2)


def test_a_claim_never_passes_somebody_who_needs_more() -> None:
    elders, helped = village(3, offered=(0, 0, 2.6), adl=(2, 1, 0), claims=(False, True, False))
    elders.acquaintances[2, :2] = (0, 1)
    helped.help_left[:2] = 50.0
    serve(elders, helped, needy_first=1.0)
    assert helped.daily_help.tolist() == pytest.approx([2, 0, 0])


@cache
def county() -> State:
    scenario = Scenario.model_validate({"population": {"villages": 20, "elders_per_village": 120}})
    return state_at_start(scenario, Chance(5), Rules())


def test_books_of_hours_at_home_balance() -> None:
    state = deepcopy(county())
    help_neighbours(state)
    elders, helped = state.elders, state.helped
    there = (helped.company + np.maximum(helped.daily_help - helped.company, 0)).sum()
    assert np.all(elders.worked <= elders.offered + 1e-9) and np.all(helped.help_left >= -1e-9)
    assert elders.worked.sum() >= there - 1e-6  # an hour there is of daily help, of company, or of both
    assert 0.8 < elders.worked.sum() / elders.offered.sum() <= 1
    assert not helped.for_site.any() and not helped.for_list.any()


def test_neighbours_help_as_published_before_any_scheme() -> None:
    """A pattern for calibration (base-helping, lonely): within the published range at the defaults."""
    elders = county().elders
    present = elders.present
    assert 0.05 < elders.helper[present].mean() < 0.15
    assert 0.3 < elders.offered[elders.helper].mean() / WEEKS < 5
    alone = present & (elders.partner < 0) & (elders.child != 0) & ~elders.with_others
    assert 0.35 < (elders.cover[alone, 1] < 0.5).mean() < 0.6
    assert 0.12 < (elders.cover[present & (elders.partner >= 0), 1] < 0.5).mean() < 0.22


def test_the_same_people_whatever_else_a_scenario_says() -> None:
    """Needs, cover, deaths, children: nothing of them reads a lever or a weight of a choice."""
    changed = {
        "population": {"villages": 20, "elders_per_village": 120},
        "access": {"fee": 5.0}, "incentive": {"time_bank": True}, "enrolling": {"need": 8.0}, "duties": {"cost": 0.9},
    }  # fmt: skip
    other = state_at_start(Scenario.model_validate(changed), Chance(5), Rules()).elders
    for name in Elders.columns:
        assert np.array_equal(getattr(county().elders, name), getattr(other, name)), name


def test_lists_of_who_is_there_signed_up_and_offers_hours() -> None:
    people = county().people
    land, elders = people.land, deepcopy(people.elders)
    third = np.arange(elders.rows) % 3
    elders.enrolled[:], elders.waiting[:], elders.offered[:] = third == 0, third == 1, third * (third > 1)
    found = [presence.nobody_listed(elders.rows, land.villages) for _ in range(3)]
    elders.offered[~elders.present] = 0.0
    presence.see_who_is_there(elders.arrays, land.hamlet_starts[land.first_hamlet], land.rows_of_village, found[0])
    presence.see_who_signed_up(elders.arrays, found[0], found[1])
    presence.see_who_offers_hours(elders.arrays, found[0], found[2])
    for those, wanted in zip(found, (there(elders), signed_up(elders), offering(elders)), strict=True):
        assert 0 < those.starts[-1] < elders.rows and np.array_equal(those.starts, wanted.starts)
        assert np.array_equal(those.rows[: those.starts[-1]], wanted.rows)


def test_a_year_of_life() -> None:
    chance, people = county().chance, county().people
    elders, values = Elders(people.elders.rows), rule_values()
    for name in Elders.columns:
        getattr(elders, name)[:] = getattr(people.elders, name)
    before = elders.present.sum()
    for month in range(12):
        keys = LifeKeys(*(chance.key(stream, month) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)))
        live_a_month(
            elders.arrays,
            there(elders),
            people.rates.tables,
            month,
            0.001,
            keys,
            people.base,
            values.family,
            people.draws,
            population.room_for_cover(),
            people.changed,
            month == 0,
            False,
        )
    assert elders.present.sum() != before and not elders.helper[~elders.present].any()
    widowed = elders.present & (people.elders.partner >= 0) & (elders.partner < 0)
    assert widowed.any() and np.all(~elders.alive[people.elders.partner[widowed]])
    assert np.all((elders.cover > 0) & (elders.cover < 1) | ~elders.present[:, None])
    assert not elders.helper[elders.adl > 1].any()


def test_helpers_first_helpers_and_later_ones_meet_the_same_numbers() -> None:
    keys = HelpKeys(*(Chance(5).key(stream, 3) for stream in (Stream.HELP_AGAIN, Stream.HELP, Stream.THRESHOLD)))
    assert len(set(map(int, keys))) == 3
    twice = [state_at_start(county().scenario, Chance(5), Rules()).elders.offered for _ in range(2)]
    assert np.array_equal(*twice)


def test_willing_is_to_use_or_to_help_or_both() -> None:
    # 1 - (1 - 0.5)(1 - 0.25) = 0.625; and the one alone where the other is out of the question.
    assert both(willing)(0.5, 0.25) == 0.625
    assert (both(willing)(0.5, 0.0), both(willing)(0.0, 0.25), both(willing)(1.0, 0.25)) == (0.5, 0.25, 1.0)
