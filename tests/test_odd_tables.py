"""Tables and equations of the design are read as they stand there and held against the code.

What `test_numbers_declared.py` has of section 10.3, and `test_odd.py` and `test_docs.py` of names, is not repeated.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rules import rule_values
from test_chance import NORMAL, ROWS
from test_designed_experiments import DESIGNED, WORLDS
from test_numbers_declared import ROWS as CONSTANTS

from coprod_sim import evidence
from coprod_sim.analysis.official_sheet import SHEET
from coprod_sim.model import attitudes, duties, results, worth
from coprod_sim.model.county.bill import Bill, office_of, others_of
from coprod_sim.model.county.payment_order import (
    CONTRACTS,
    GRANTS,
    OFFICE,
    OTHERS,
    RUNNING,
    reserve_kept,
    turn_of,
)
from coprod_sim.model.design.plan import Plan
from coprod_sim.model.design.talk import Attender, MeetingSeen, utility_of_attending
from coprod_sim.model.engine.functions import log_odds_of
from coprod_sim.model.enrolling import Enroller, SiteToEnrolAt, utility_of_enrolling
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.openings import Applicant, utility_of_applying
from coprod_sim.model.organizations import utility_of_contract
from coprod_sim.model.people import table
from coprod_sim.model.people.ages import Ages
from coprod_sim.model.people.helping import Helper, HelpSeen, yuan_of_helping
from coprod_sim.model.people.need import Household, cover_base, cover_means, covered, need_of
from coprod_sim.model.places import CREDITS, DUTIES, FAULTS, STATUS, County, Organizations, Sites, Townships, Villages
from coprod_sim.model.streams import Stream
from coprod_sim.scenario import schema
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.scenario.schema import Scenario, scenario_from

ROOT = Path(__file__).resolve().parent.parent
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
MODEL = ROOT / "coprod_sim" / "model"
DECLARED = {f"{group}.{name}": declared for group, name, declared in schema.declarations()}
NUMBER = re.compile(r"(?<![\w.])-?\d*\.?\d+(?![\w])")

Row = dict[str, str]


def section(number: str) -> str:
    """The text of a section without those that stand below others of its depth."""
    found = re.search(rf"^(#+) {re.escape(number)}\.? .*?(?=^##+ |\Z)", ODD, flags=re.MULTILINE | re.DOTALL)
    assert found, number
    return found[0]


def plain(text: str) -> str:
    """A text in one line, minus signs as Python writes them."""
    return re.sub(r"\s+", " ", text).replace("−", "-")


def tables(text: str) -> list[list[Row]]:
    """Tables of a text, each a list of rows by the names of columns."""
    found = []
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in block.splitlines()]
        found.append([dict(zip(head, [*row, *[""] * (len(head) - len(row))], strict=True)) for row in rows])
    return found


def in_code(cell: str) -> list[str]:
    """What a cell has in code font."""
    return re.findall(r"`([^`]+)`", cell)


def number(text: str) -> float:
    """A number as the design writes it."""
    return float(Fraction(text.replace("½", "0.5").replace(",", "").replace("−", "-").strip()))


def near(text: str, value: float) -> bool:
    """Whether a number that is written with so many digits is that value, rounded."""
    text = text.replace("−", "-")
    return abs(float(text) - value) <= 0.5 * 10 ** -len(text.partition(".")[2]) + 1e-12


# The schedule: section 3.

WHEN = {
    "first month of a year": {0},
    "last month of a quarter": {2, 5, 8, 11},
    "last month of a year": {11},
}
EXPANDED = {
    "design.run": "design",
    "management.run": "management",
    "provision.run": "provision",
    "evaluation.run": "evaluation",
    "people.begin": "people",
    "choose": "provision",
    "pay": "paying",
}


def called(path: Path, name: str, months: set[int]) -> Iterator[tuple[str, set[int]]]:
    """Steps that a function calls, in their order, and in which months of a year; of `EXPANDED` what they call."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    function = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)
    yield from _called(function.body, months)


def _called(body: list[ast.stmt], months: set[int]) -> Iterator[tuple[str, set[int]]]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _called(node.body, months & months_of(node.test))
            continue
        value = node.value if isinstance(node, ast.Expr | ast.Assign) else None
        if isinstance(value, ast.Call):
            whole = ast.unparse(value.func).removeprefix("self.").removeprefix("state.")
            short = whole.rpartition(".")[2]
            made = isinstance(node, ast.Assign) and (short[0].isupper() or whole.startswith("np.") or short in MAKERS)
            if made or short in SILENT:
                continue
            if whole in EXPANDED:
                file = MODEL / "month" / f"{EXPANDED[whole]}.py"
                yield from called(file, short, months)
            else:
                yield short, months


# They look, reserve room, or keep Mesa's books; what they give is handed to a step.
MAKERS = {"copy", "grant_of_site", "total", "site_view", "help_view"}
SILENT = {"_refuse_beyond_horizon", "_register_associations"}


def months_of(test: ast.expr) -> set[int]:
    """Months of a year in which a condition holds; all if it is not one of months."""
    at = [SimpleNamespace(month=month) for month in range(12)]
    try:
        return {one.month for one in at if eval(ast.unparse(test), {"YEAR": 12, "now": one, "state": one})}
    except (AttributeError, NameError):  # of levers, or of what is there
        return set(range(12))


def test_a_month_runs_in_the_order_and_in_the_months_of_the_schedule() -> None:
    (schedule,) = tables(section("3"))
    said: list[tuple[str, set[int]]] = []
    for row in schedule:
        months = next((months for words, months in WHEN.items() if words in row["step"]), set(range(12)))
        said += [(name, months) for name in in_code(row["in code"])]
    assert said == list(called(MODEL / "model.py", "step", set(range(12))))


def test_sections_of_the_schedule_exist() -> None:
    (schedule,) = tables(section("3"))
    for row in schedule:
        for one in row["section"].split(", "):
            assert section(one), row


def test_choices_are_made_in_the_order_of_the_schedule() -> None:
    assert "Choices are made in the order hear, enrol, join, help" in plain(section("3"))
    source = (MODEL / "people" / "choosing_site.py").read_text(encoding="utf-8")
    (choose,) = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "choose_site"]
    calls = [n.func.id for n in ast.walk(choose) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    order = sorted(("hear", "think_of_enrolling", "think_of_joining"), key=calls.index)
    assert order == ["hear", "think_of_enrolling", "think_of_joining"]


# Streams of random numbers: section 4.8.


def test_every_stream_stands_once_with_its_rows_and_kind() -> None:
    (rows,) = tables(section("4.8"))
    said = [(name, row["row"], kind) for row in rows for kind in ("uniform u", "standard normal z")
            for name in in_code(row[kind])]  # fmt: skip
    assert sorted(name for name, _, _ in said) == sorted(stream.name for stream in Stream)
    for name, whose, kind in said:
        rows_of = next((of for of, names in ROWS.items() if name in names), "elder")  # as `test_chance.py` sees drawn
        assert whose.partition(" +")[0] == rows_of, name
        assert (kind == "standard normal z") == (name in NORMAL), name


def test_every_name_in_capitals_is_a_stream() -> None:
    assert {name for name in in_code(ODD) if re.fullmatch(r"[A-Z][A-Z_]{2,}", name)} == {s.name for s in Stream}


# Entities and their state: section 2.


def test_lists_of_the_state_are_those_of_the_tables() -> None:
    text = plain(section("2.2"))
    assert f"status ({', '.join(STATUS)})" in text
    assert "runner (committee or association)" in text and Sites.columns["runner"].unit == "0 committee, 1 association"
    assert "three faults (none, standing, followed up)" in text and len(FAULTS) == 3
    assert "shares done of five duties" in text and len(DUTIES) == 5
    assert "grade of ADL loss (0 independent, 1 mild, 2 moderate, 3 severe)" in text
    assert table.Elders.columns["adl"].unit == "0 independent, 1 mild, 2 moderate, 3 severe"
    assert "place of the nearest child (home, village, county, away, none)" in text
    assert table.Elders.columns["child"].unit == "0 same home, 1 village, 2 county, 3 away, 4 none"
    assert "acquaintances (six for life, two made in talk)" in text
    assert len(table.Elders.columns["acquaintances"].names) == 8
    items = [
        name.replace(" ", "_")
        for name in re.findall(r"(?<!\*)\*([a-z ]+)\*(?!\*)", text[text.index("A **plan**") + 12 :])
    ]
    assert tuple(items) == Plan._fields == Villages.columns["plan"].names
    assert "Issued = spent + expired + lost + change of balances." in plain(section("7.4.7"))
    assert set(CREDITS) == {"issued", "spent", "expired", "lost"}


def test_kinds_of_tables_are_the_entities() -> None:
    (entities,) = tables(section("2.1"))
    kinds = {"elder": table.Elders, "hamlet and its site": Sites, "village committee": Villages, "township": Townships,
             "social organisation": Organizations, "county": County}  # fmt: skip
    rows = {row["entity"] for row in entities}
    assert rows - {"elders' association"} == set(kinds)  # an association is columns of its village
    assert {"association", "members", "dues_cash"} <= set(Villages.columns)


# The county's bill, and the order of payment: section 7.3.1.


def test_items_of_the_bill_and_the_groups_are_those_of_the_code() -> None:
    bill, order = tables(section("7.3.1"))
    items = [item for row in bill for item in in_code(row["in code"])]
    assert sorted(items) == sorted(Bill._fields)
    text = plain(section("7.3.1"))
    assert "Office is oversight, talk, rules, officers, accidents; the rest is all other items" in text
    for row in bill:
        for item in in_code(row["in code"]):
            of_item = Bill(*(float(name == item) for name in Bill._fields))
            is_office = item == "officers" or row["item"] in ("oversight", "talk, rules", "accidents")
            assert office_of(of_item) == float(is_office), item
            apart = item in ("running", "contracts", "building")  # of the rest, and grants, but claimed by row
            assert others_of(of_item) == float(not is_office and not apart), item
    assert len(order) == 3


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("enforced", [False, True])
def test_groups_are_paid_in_the_order_of_the_table(place: int, enforced: bool) -> None:
    row = tables(section("7.3.1"))[1][place]
    first, *lever = row["`funding.paid_first`"].split(", or ")
    ways = [{"funding": {"paid_first": first}, "legal": {"payment_guarantee": False}}]
    if lever:
        assert lever == ["`legal.payment_guarantee`"]
        ways += [{"funding": {"paid_first": other}, "legal": {"payment_guarantee": True}}
                 for other in ("building", "shared", "running")]  # fmt: skip
    parts = {"grants": (GRANTS,), "office": (OFFICE,), "the rest": (RUNNING, CONTRACTS, OTHERS),
             "all together": (GRANTS, OFFICE, RUNNING, CONTRACTS, OTHERS)}  # fmt: skip
    for way in ways:
        values = rule_values({**way, "legal": {**way["legal"], "contract_enforcement": enforced}})
        for turn, cell in enumerate((row["first"], row["second"], row["third"]), start=1):
            for part in parts[cell.partition(",")[0]] if cell else ():
                says = 0 if enforced and part == CONTRACTS else turn  # before the first
                assert turn_of(part, values.funding, values.legal) == says, (way, cell)
            kept = reserve_kept(turn, 7.0, values.funding, values.legal)
            assert kept == (7.0 if "pool − reserve" in cell else 0.0), (way, cell)


# Duties: section 7.3.4.


def test_duties_stand_in_their_order_with_share_and_who_could() -> None:
    (rows,) = tables(section("7.3.4"))
    words = ("purchasing and kitchen", "accounts and claims", "keys and rota", "list of the homebound", "repairs")
    assert tuple(row["duty"] for row in rows) == words
    assert all(name in words[place] for place, name in enumerate(DUTIES))
    for kind, row in enumerate(rows):
        assert number(row["share"]) == duties.share_of_duty(kind)
        assert (row["who could"] == "also helpers") == duties.helpers_could(kind)


# Life tables and ADL sets: section 7.6.


def test_sets_of_adl_rates_are_those_of_the_code_and_lead_to_what_is_said() -> None:
    rows, columns = tables(section("7.6"))[0], ("set", "i₀", "b", "r₀", "c", "share at 60", "mortality ratio")
    given = evidence.rows("adl_sets")
    names = ("set", "onset_at_60", "onset_growth", "recovery_at_60", "recovery_decline", "disabled_at_60",
             "mortality_ratio")  # fmt: skip
    assert len(rows) == len(given)
    for row, fitted in zip(rows, given, strict=True):
        assert [number(row[column]) for column in columns] == [fitted[name] for name in names]
        rates = Rates(scenario_from({"health": {"adl_set": fitted["set"]}}))
        weight = Ages(rates, Scenario().population.share_60_69).weight.sum(axis=0)
        for column, low, high in (("60-69", 60, 70), ("70-79", 70, 80), ("80+", 80, 110)):
            ages = slice((low - 60) * 12, (high - 60) * 12)
            assert near(row[column], (weight * rates.prevalence)[ages].sum() / weight[ages].sum()), (row, column)
        of_65 = slice(5 * 12, None)
        independent = (weight * (1 - rates.prevalence))[of_65]
        assert near(row["onset 65+"], 12_000 * (independent * rates.onset[of_65]).sum() / independent.sum())


def test_the_life_table_is_that_of_the_code() -> None:
    women, men = tables(section("7.6"))[1]
    published = evidence.rows("mortality")
    assert [int(age) for age in list(women)[1:]] == [row["age"] for row in published]
    for row, sex in ((women, "women"), (men, "men")):
        cells = list(row.values())
        assert cells[0] == sex
        assert [number(cell) for cell in cells[1:]] == [one[sex] for one in published]


# Needs: section 7.1.


@pytest.mark.parametrize("grade", range(4))
def test_amounts_of_need_are_those_of_the_table(grade: int) -> None:
    rows = tables(section("7.1"))[0]
    values = drawn(grade)
    need = need_of(grade, values.health)
    assert [row["need"].replace(" ", "_") for row in rows] == list(need._fields)
    for row, amount in zip(rows, need, strict=True):
        text = re.sub(r" if g > 0, else 0$", " if g > 0 else 0", row["amount N"]).replace("`", "")
        given = {"g": grade} if re.search(r"\bg\b", text) else {}
        assert evaluated(text, values, given) == pytest.approx(amount, rel=1e-12)


# Equations: they are computed as they stand.

FUNCTIONS: dict[str, Any] = {
    "expit": lambda x: 1 / (1 + math.exp(-x)), "ln": math.log, "min": min, "max": max,
    "clip": lambda x, a=0.0, b=1.0: min(max(x, a), b), "inverse": NormalDist().inv_cdf,
    "WEEKS": 52 / 12, "DAYS": 365 / 12, "sqrt": math.sqrt,
}  # fmt: skip


@cache
def terms() -> frozenset[str]:
    """Terms of section 10.4."""
    (rows,) = tables(section("10.4"))
    return frozenset(term for row in rows for term in row["term"].split(", "))


def evaluated(text: str, values: Any, given: dict[str, Any]) -> float:
    """A formula of the design as a number: of parameters, of terms that are declared, of functions and numbers."""
    unknown = given.keys() - terms()
    assert not unknown, f"not among the terms of section 10.4: {unknown}"
    formula = plain(text).replace("×", "*").replace("^", "**").replace("½", "0.5").replace("Φ⁻¹", "inverse")
    formula = formula.replace("√2", "sqrt(2)").replace("[incentive.time_bank]", "incentive.time_bank")
    formula = re.sub(r"(\d) km\b", r"\1 * km", formula)
    formula = re.sub(r"\b([λf]) \(", r"\1 * (", formula)
    names: dict[str, Any] = {}
    for place, (term, value) in enumerate(sorted(given.items(), key=lambda item: -len(item[0]))):
        pattern = re.escape(term) if term.startswith("[") else rf"(?<![\w.]){re.escape(term)}(?![\w.])"
        formula, times = re.subn(pattern, f"T{place}_", formula)
        names[f"T{place}_"] = value
        assert times, f"{term} is not in {text}"
    for key in set(re.findall(r"\b[a-z]+\.[a-z_0-9]+\b", formula)):
        group, _, name = key.partition(".")
        assert key in DECLARED, key
        formula = re.sub(rf"\b{re.escape(key)}\b", f"P_{group}_{name}", formula)
        names[f"P_{group}_{name}"] = getattr(getattr(values, group), name)
    return float(eval(formula, {"__builtins__": {}}, FUNCTIONS | names))


MOVED = ("design", "motives", "negotiation", "committee", "funding", "organizations", "enrolling", "services", "health",
         "helping", "family", "duties", "economics")  # fmt: skip


def drawn(seed: int, **given: dict[str, Any]) -> Any:
    """Parameters as rules are given them, numbers of some groups drawn over their ranges, and others as given; factors
    of prices stay at one, as an equation has this year's prices."""
    rng = np.random.default_rng(seed)
    groups: dict[str, dict[str, Any]] = dict(given)
    for key, declared in DECLARED.items():
        group, _, name = key.partition(".")
        whole = any(g == group and name in names for g, names in schema.COMPOSITIONS)
        if group in MOVED and key not in schema.PRICE_FACTORS and declared.kind == "number" and not whole:
            assert declared.low is not None and declared.high is not None
            groups.setdefault(group, {})[name] = float(rng.uniform(declared.low, declared.high))
    return rule_values(groups)


def block(number: str, place: int = 0) -> str:
    """An equation that is set off in a section."""
    return re.findall(r"```\n(.*?)```", section(number), flags=re.DOTALL)[place]


SEEDS = range(8)


@pytest.fixture(params=SEEDS)
def rng(request: pytest.FixtureRequest) -> Any:
    """Random numbers of a seed, which is an attribute."""
    return SimpleNamespace(seed=request.param, u=np.random.default_rng(1000 + request.param).random)


def same(text: str, values: Any, given: dict[str, Any], code: float) -> None:
    assert evaluated(text, values, given) == pytest.approx(code, rel=1e-9, abs=1e-9)


def test_attending(rng: Any) -> None:
    values, (motivation, trust, met, km) = drawn(rng.seed, negotiation={"rounds": 1.0 + rng.seed % 4}), rng.u(4)
    income = 300 + 900 * rng.u()
    code = utility_of_attending(
        Attender(motivation, trust, income), MeetingSeen(met, 3 * km, values.economics.rural_wage), values.design,
        values.motives, values.negotiation,
    )  # fmt: skip
    given = {"motivation": motivation, "trust": trust, "share of acquaintances at the last meeting": met, "km": 3 * km,
             "rounds": values.negotiation.rounds, "income": income}  # fmt: skip
    same(block("7.2.2"), values, given, log_odds_of(code))


@pytest.mark.parametrize("campaign", [False, True])
def test_applying(rng: Any, campaign: bool) -> None:
    values, (motivation, expectation, served) = drawn(rng.seed), rng.u(3)
    cost, yearly = 1e5 * rng.u(), 1e3 + 1e5 * rng.u()
    code = utility_of_applying(
        Applicant(motivation, expectation, yearly, cost, campaign, served), values.committee, values.motives,
        values.economics, values.funding,
    )  # fmt: skip
    given = {"motivation": motivation, "expectation": expectation, "share of villages that a site serves": served,
             "share of cost": cost, "campaign": campaign, "yearly money": yearly}  # fmt: skip
    same(block("7.3.2"), values, given, log_odds_of(code))


@pytest.mark.parametrize("parties", [1, 2, 5, 20])
def test_acting_where_nobody_is_named(rng: Any, parties: int) -> None:
    values, cost = drawn(rng.seed), 0.02 + 0.96 * rng.u()
    p = duties.chance_unnamed(parties, cost, values.duties)
    left, right = block("7.3.4").split("=")
    assert left.strip() == "p"
    same(right, values, {"n": parties, "p": p, "cost": cost}, p)


def test_taking_a_contract(rng: Any) -> None:
    values, (motivation, expectation, lacks) = drawn(rng.seed), rng.u(3)
    utility, cost = block("7.3.8").split("cost =")
    code = utility_of_contract(
        motivation, expectation, lacks, values.organizations, values.motives, values.funding, values.economics
    )
    given = {"motivation": motivation, "expectation": expectation, "cost": evaluated(cost, values, {}),
             "open share of users' daily help and health": lacks}  # fmt: skip
    same(utility, values, given, log_odds_of(code))


@pytest.mark.parametrize("near_child", [False, True])
def test_enrolling(rng: Any, near_child: bool) -> None:
    values, (trust, recognition, users, filial, quality, expectation, of_meals, of_company) = drawn(rng.seed), rng.u(8)
    income, meals, fee, km, risk = 300 + 900 * rng.u(), 3 * rng.u(), 5 * rng.u(), 3 * rng.u(), 40 * rng.u()
    need = evaluated(amount_of("company"), values, {})
    here = {
        "income": income, "filial": filial, "child_near": near_child, "trust": trust, "recognition": recognition,
        "meals_covered": of_meals, "company_covered": of_company, "company_need": need,
    }  # fmt: skip
    there = {"meals": meals, "fee": fee, "distance": km, "risk": risk, "quality": quality, "users": users,
             "expectation": expectation}  # fmt: skip
    code = utility_of_enrolling(
        Enroller(**here), SiteToEnrolAt(**there), values.enrolling, values.motives, values.services, values.economics
    )
    given = {
        "trust": trust, "recognition": recognition, "share of acquaintances who are users": users, "filial": filial,
        "quality": quality, "expectation": expectation, "F of meals": of_meals, "F of company": of_company,
        "income": income, "meals": meals, "fee": fee, "km": km, "risk": risk,
        "[child in the home or village]": near_child,
        "eaten": min(meals, 3 * (1 - of_meals) + values.services.extra_meals),
        "table": min(values.services.table_company * FUNCTIONS["DAYS"] / need, 1.0),
    }  # fmt: skip
    text = plain(section("7.4.1"))
    assert "eaten = min(meals, 3(1 - F of meals) + `services.extra_meals`)" in text
    assert "table = `services.table_company` × DAYS over the need of company, at most 1" in text
    same(block("7.4.1"), values, given, log_odds_of(code))


def amount_of(need: str) -> str:
    """The formula of a need."""
    return next(row["amount N"].replace("`", "") for row in tables(section("7.1"))[0] if row["need"] == need)


@pytest.mark.parametrize("bank", [False, True])
@pytest.mark.parametrize("own_cost", [False, True])
def test_what_helping_is_worth(rng: Any, bank: bool, own_cost: bool) -> None:
    belief, later, expectation, km, pay = rng.u(5)
    values = drawn(rng.seed, incentive={"time_bank": bank, "pay_per_hour": 20 * pay})
    other = dict.fromkeys(Helper._fields, 0.5) | {"belief": belief, "later": later}
    seen = dict.fromkeys(HelpSeen._fields, 0.5) | {
        "expectation": expectation, "distance": km, "pay": values.incentive.pay_per_hour, "time_bank": bank,
        "own_cost": own_cost,
    }  # fmt: skip
    code = yuan_of_helping(Helper(**other), HelpSeen(**seen), values.helping, values.services, values.economics)
    given = {"belief": belief, "later": later, "expectation": expectation, "km": km, "[own cost]": own_cost}
    same(block("7.4.2"), values, given, code)


def test_experience(rng: Any) -> None:
    values, (now, rest, recognition, experience, sanctioned) = drawn(rng.seed), rng.u(5)
    rate = {"λ": values.motives.rate, "f": values.motives.feel}
    motivation, trust = block("7.5.4").strip().splitlines()
    given = rate | {"motivation": now, "rest": rest, "recognition": recognition, "experience": experience,
                    "sanctioned": sanctioned}  # fmt: skip
    code = attitudes.motivation_after(now, rest, recognition, experience, sanctioned, values.motives)
    after = now + evaluated(motivation.partition("+=")[2], values, given)
    assert min(max(after, 0.0), 1.0) == pytest.approx(code, abs=1e-12)
    given = rate | {"trust": now, "rest": rest, "received": experience}
    after = now + evaluated(trust.partition("+=")[2], values, given)
    assert min(max(after, 0.0), 1.0) == pytest.approx(attitudes.trust_after(now, rest, experience, values.motives))


def test_cover(rng: Any) -> None:
    values, lines = drawn(rng.seed), dict(parted(block("7.1")))
    base, (fit, common, own) = cover_base(scenario_of(values)), rng.u(3)
    age, grade, place = 60 + int(40 * rng.u()), int(4 * rng.u()), int(4 * rng.u())
    m = 3 * own - 1
    same(lines["F"], values, {"m": m, "z₀": common, "z": own}, covered(m, common, own, values.family.spread))
    old = evaluated(lines["old"], values, {"age in completed years": age})
    child = evaluated(lines["near"].partition(",")[0], values, {"place": place})
    home = Household(**{**dict.fromkeys(Household._fields, 0.0), "fit": fit, "child": place, "age": float(age),
                        "grade": float(grade), "has_partner": False, "with_others": False})  # fmt: skip
    means = cover_means(home, base, values.family)
    given = {"fit": fit, "near": child, "old": old, "g": grade}
    same(lines["meals"], values, given, means.meals)
    same(lines["daily help"], values, given | {"care": base.care}, means.daily_help)
    company = lines["company"].partition(";")[0]
    for name, of_base in (("lonely_alone", base.alone), ("lonely_with_others", base.with_others),
                          ("lonely_married", base.married)):  # fmt: skip
        assert f"family.{name}" in lines["company"]
        same(company, values, {"lonely": getattr(values.family, name)}, of_base)
    same(lines["health"], values, {}, means.health)


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Left and right sides of a block of equations; `meals: m = …` is that of meals."""
    joined = re.sub(r"\n {10,}", " ", text)
    for line in joined.strip().splitlines():
        left, _, right = line.partition("=")
        yield left.partition(":")[0].strip(), right.strip()


def scenario_of(values: Any) -> Scenario:
    """The scenario that has the family's and health's parameters."""
    groups = {g: getattr(values, g) for g in ("family", "health")}
    return scenario_from({g: {n: getattr(held, n) for n in type(getattr(Scenario(), g)).model_fields}
                          for g, held in groups.items()})  # fmt: skip


def test_every_equation_that_is_set_off_is_computed_here() -> None:
    numbers = re.findall(r"^#+ (\d[\d.]*\d|\d)\b", ODD, flags=re.MULTILINE)
    having = {number for number in numbers if "```" in section(number)}
    assert having == set(re.findall(r'block\("([\d.]+)"\)', Path(__file__).read_text(encoding="utf-8")))


def test_terms_of_equations_are_in_the_code_where_they_are_said_to_be() -> None:
    columns = {f"{kind.__name__.lower()}.{name}" for kind in (table.Elders, Sites, Villages, Townships, Organizations,
                                                               County) for name in kind.columns}  # fmt: skip
    cells = [part.partition(": ") for row in tables(section("10.4"))[0] for part in row["in code"].split("; ")]
    named = [f"{kind}.{name}" for kind, _, names in cells for name in in_code(names)]
    assert named and not set(named) - columns
    blocks = "\n".join(plain(text) for text in re.findall(r"```\n(.*?)```", ODD, flags=re.DOTALL))
    assert not {term for term in terms() if term not in blocks + plain(section("7.1"))}


# What is said of policies and results: sections 1.1, 4.10, 8, 9, 10.


def test_problems_have_the_gauges_and_recommendations_of_the_code() -> None:
    (rows,) = tables(section("1.1"))
    known = recommendations()
    for row in rows:
        gauges = in_code(row["gauges"])
        assert gauges and not set(gauges) - INDICATORS.keys()
        name = row["recommendation"].partition(" ")[0]
        assert known[name].stage == row["stage"]
        groups = {key.partition(".")[0] for part, changes in DESIGNED.items() if part.partition(".")[0] == name
                  for key in changes}  # fmt: skip
        assert groups == set(in_code(row["levers"]))


def said_levers(cell: str) -> dict[str, Any]:
    """Levers of a cell and their values: `group.name` value; without one, on; all seats are three."""
    found: dict[str, Any] = {}
    for part in cell.split(", "):
        if part == "all seats":
            found |= {f"negotiation.{who}_seat": True for who in ("elders", "association", "organization")}
            continue
        (key,), said = in_code(part), part.rpartition("`")[2].strip()
        found[key] = True if not said else number(said) if NUMBER.fullmatch(said) else said
    return found


def test_recommendations_are_the_levers_of_the_table() -> None:
    rows = tables(section("8"))[0]
    for row in rows:
        name, *part = row[""].split(" ")
        key = f"{name}.{part[0]}" if part else name
        assert said_levers(row["from the reform month"]) == DESIGNED[key], key
    assert len(rows) == len(DESIGNED)


def test_worlds_under_stress_are_those_of_the_experiment() -> None:
    text = plain(section("8"))
    text = text[text.index("**Stress worlds**") : text.index("In each, its stage's ceiling")]
    stages = re.split(r"\*(?:design|management|provision|evaluation)\* ", text)[1:]
    said = [said_levers(levers.strip(" ;.")) for levers in stages]
    assert said == [{key: float(value) for key, value in world.items()} for world in WORLDS]


def test_the_sheet_has_the_ranges_of_the_text() -> None:
    text = plain(section("4.10"))
    text = text[text.index("every parameter set") : text.index("and a contract in")]
    ends = [tuple(map(float, pair)) for pair in re.findall(r"(?<![\d.])(\d*\.?\d+)-(\d*\.?\d+)", text)]
    assert ends == [(line.low, line.high) for line in SHEET[:-1]]  # the last asks for one contract


def test_todays_policy_is_drawn_between_the_ends_of_the_text() -> None:
    text = plain(section("10.1"))
    text = text[text.index("differ between counties (") :]
    said: dict[str, tuple[float, float]] = {}
    for names, low, high in re.findall(r"((?:`[a-z_.]+`(?: and )?)+) (\d*\.?\d+)-(\d*\.?\d+)", text):
        said |= {key: (float(low), float(high)) for key in in_code(names)}
    assert said == schema.todays_policy()


def test_levels_of_attributes_are_those_of_the_code() -> None:
    text = plain(section("9"))
    for name in ("attachment", "control", "enjoyment", "security", "role"):
        (levels,) = re.findall(rf"{name} (-?\.\d+), (-?\.\d+), (-?\.\d+), (-?\.\d+)", text)
        assert tuple(map(float, levels)) == tuple(getattr(results, name.upper())), name
    yuan = re.search(r"company ([\d.]+), daily help ([\d.]+) an hour", text)
    assert yuan and tuple(map(float, yuan.groups())) == (worth.YUAN_OF_COMPANY, worth.YUAN_OF_DAILY_HELP)


WORDS = {"a tenth": 0.1, "five": 5, "twice": 2, "three": 3, "½": 0.5, "15%": 0.15, "half": 0.5, "5,000": 5000,
         "15 years": 180, "one": 1}  # fmt: skip


@pytest.mark.parametrize("row", CONSTANTS, ids=lambda row: row[0])
def test_constants_of_a_row_are_the_numbers_that_it_says(row: tuple[str, str]) -> None:
    """What tests hold the code to is what the text says, not a number that was written beside it."""
    _, text = row
    said = {value for word, value in WORDS.items() if word in text} | {float(n) for n in NUMBER.findall(text)}
    assert not set(map(float, CONSTANTS[row].values())) - said


def test_indicators_of_the_section_on_results_are_those_of_the_code() -> None:
    named = {name for name in in_code(section("9")) if re.fullmatch(r"[a-z_]+", name)}
    assert named and not named - INDICATORS.keys()
