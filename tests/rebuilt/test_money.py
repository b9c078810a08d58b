"""Payments, Januaries and beliefs of whole runs, in fractions and by the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from coprod_sim.model.county import flows
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import management, paying
from coprod_sim.model.month.state import State
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario
from tests.rebuilt import months
from tests.rebuilt.money import (
    CONTRACTS,
    OF_OFFICE,
    OFFICE,
    REST,
    Belief,
    Bill,
    Grant,
    Running,
    bill_of_month,
    committees,
    hearers,
    months_of_payment,
    order,
    pay,
    pool,
    returns,
)
from tests.rebuilt.months import Tables
from tests.reference.scenarios import FAST, SLOW, county

NEAR = 1e-6  # yuan: what the model lets sums be off by (ODD 12.1)
EXACT = 1e-9
OPEN = 3
YEAR = 12
VILLAGES_A_TOWNSHIP = 13


@dataclass
class Payment:
    """What a month's payment found and left: tables, levers, random numbers, and what moved and who got what."""

    month: int
    began: Tables | None  # before January's returns, in January
    before: Tables
    after: Tables
    values: dict[str, Any]
    audits: float
    stopped: np.ndarray  # months of running money that lapsed where sites stopped, by village
    lapsed: np.ndarray  # with those that lapse in January
    moved: dict[tuple[str, str], float]  # of the county, by payee and purpose
    returned: float
    got: dict[str, np.ndarray]
    numbers: dict[Stream, np.ndarray]


def payments(scenario: Scenario, seed: int) -> Iterator[Payment]:
    """Each month's payment of a run, management being run part by part, as Python."""
    model, seen = CoproductionModel(scenario, rng=seed), list[Payment]()
    for _ in range(scenario.horizon.months):
        with mock.patch.object(management, "run", lambda state: seen.append(in_parts(state))):
            model.step()
        yield seen.pop()


def in_parts(state: State) -> Payment:
    """A month's management, and what its payment found and left."""

    def run(part: Any) -> None:
        with np.errstate(over="ignore"):  # of random numbers, as Python
            state.rules.python(part)(state.world, state.now)

    moved, is_january = state.world.books.moved, state.month % YEAR == 0
    stopped = state.world.news.lapsed.copy()
    began = months.tables(state) if is_january else None
    if is_january:
        run(paying.begin_year)
    returned = float(moved[flows.PUBLIC_RETURNED])
    for part in (management.open_sites, management.associate, management.work):
        run(part)
    before, then = months.tables(state), moved.copy()
    audits, lapsed = float(state.world.audits.sum()), state.world.news.lapsed.copy()
    run(paying.pay)
    after, of_county = months.tables(state), moved - then
    paid = {(f.payee, f.purpose): float(of_county[at]) for at, f in enumerate(flows.FLOWS) if f.payer == "county"}
    got = {name: getattr(state.world.got, name).copy() for name in state.world.got._fields}
    run(management.admit)
    numbers = {
        stream: state.chance.uniforms(stream, state.month, len(after.sites)) for stream in (Stream.CLAIM, Stream.LOT)
    }
    return Payment(
        state.month, began, before, after, months.values(state), audits, stopped, lapsed, paid, returned, got, numbers
    )  # fmt: skip


def exactly(number: Any) -> Fraction:
    return Fraction(float(number))


class Rebuilt:
    """A month's payment once more."""

    def __init__(self, month: Payment) -> None:
        self.month = month
        self.sites, self.villages = month.before.sites, month.before.villages
        self.county = month.before.county.iloc[0]
        self.open = self.sites["status"] == OPEN
        self.items = bill_of_month(month.values, self.number, self.counts())
        self.running = self.running_money()
        self.bill = self.whole_bill()
        year = {name: exactly(self.county[name]) for name in ("running", "building", "sanctions", "paid")}
        self.pool = pool(year, month.month % YEAR + 1)
        self.steps = order(self.value("funding.paid_first"), self.value("legal.payment_guarantee"),
                           self.value("legal.contract_enforcement"))  # fmt: skip
        self.before_all = self.steps[0][0] if self.value("legal.contract_enforcement") else ()
        self.paid = pay(self.bill, self.pool, year["building"], exactly(self.county["granted"]), self.steps)

    def value(self, key: str) -> Any:
        return self.month.values[key]

    def number(self, key: str) -> Fraction:
        """A lever or parameter; a price of this year."""
        group, _, name = key.partition(".")
        number = exactly(self.value(key))
        if group == "economics":
            kind = "wage" if "wage" in name else "food" if name == "food" else "other"
            number *= exactly(self.value(f"economics.{kind}_factor"))
        return number

    def counts(self) -> dict[str, Fraction]:
        sites, villages, there = self.sites, self.villages, self.sites[self.open]
        awards = exactly(self.value("incentive.awards_per_year")) / YEAR
        hourly, most = self.number("incentive.pay_per_hour"), self.number("incentive.pay_budget")
        in_force = {
            "insurance": self.value("legal.insurance"), "liability": self.value("legal.liability") != "elder",
            "enforcement": self.value("legal.contract_enforcement"), "guarantee": self.value("legal.payment_guarantee"),
        }  # fmt: skip
        new_rules = sum(bool(holds) and not self.county[f"drafted_{rule}"] for rule, holds in in_force.items())
        desks = self.month.before.townships["deadline_height"] < self.value("responsibility.county_deadlines")
        return {
            "users": exactly(there["users"].sum()),
            "helpers": exactly(there["helpers"].sum()),
            "open sites": Fraction(len(there)),
            "villages": Fraction(len(villages)),
            "villages with helpers": Fraction(int((villages["helpers"] > 0).sum())),
            "awards": sum((min(awards, exactly(h)) for h in villages["helpers"]), Fraction(0)),
            "helpers' pay": sum((min(hourly * exactly(h), most) for h in sites["help_for_site"]), Fraction(0)),
            "waived fees": sum(map(exactly, there["waived"]), Fraction(0)),
            "audits": exactly(self.month.audits),
            "new rules": Fraction(new_rules),
            "new lists": Fraction(int((there["named_height"] < self.value("responsibility.named_share")).sum())),
            "new desks": Fraction(int(desks.sum())),
            "accidents": exactly(self.county["accidents"]),
        }

    def running_money(self) -> list[Running]:
        """What each site claims: its running money, on the day or next month, and what was to be claimed before."""
        claims = []
        for row, site in self.sites.iterrows():
            is_phantom = bool(site["phantom"]) and site["status"] != OPEN
            due = Fraction(0)
            if (site["status"] == OPEN or is_phantom) and site["funded"]:
                due = self.number("funding.running_per_site") * exactly(site["factor"])
                due += self.number("funding.running_per_elder") * exactly(site["users_reported"])
                gifts = exactly(self.month.after.sites["donations"][row]) + exactly(site["village_gave"])
                due = max(Fraction(0), due - self.number("funding.netting_off") * gifts)
            township = self.month.before.townships.iloc[int(site["village"]) // VILLAGES_A_TOWNSHIP]
            chance = site["done_accounts"] * township["done"]
            on_day = (
                is_phantom or self.value("structure.perfect_money") or self.month.numbers[Stream.CLAIM][row] < chance
            )
            before, lot = exactly(site["arrears"]) + exactly(site["unclaimed"]), self.month.numbers[Stream.LOT][row]
            claims.append(Running(int(row), due if on_day else Fraction(0), before, exactly(lot)))
        return claims

    def whole_bill(self) -> Bill:
        contracts = self.number("funding.service_purchase") * int((self.villages["contract"] >= 0).sum())
        owed = sum(map(exactly, self.month.before.organizations["owed"]), Fraction(0))
        grant = min(self.number("funding.building_grant"), self.number("economics.building"))
        grants = [
            Grant(int(site["applied"]), int(row), grant) for row, site in self.sites.iterrows() if site["granted"]
        ]
        office = sum((self.items[name] for name in OF_OFFICE), Fraction(0))
        rest = sum(self.items.values(), Fraction(0)) - office
        return Bill(office, rest, contracts + owed, self.running, grants)

    def of_villages(self) -> list[dict[str, Fraction]]:
        """Months of running money of open sites by village, and what became of them."""
        sites, perfect = [list[dict[str, Fraction]]() for _ in range(len(self.villages))], self.is_perfect
        for site in self.running:
            if self.open[site.row]:
                on_day, late = self.paid.claimed[site.row], self.paid.arrears[site.row]
                sites[self.sites["village"][site.row]].append({
                    "on the day": site.claimed if perfect else on_day, "late": site.arrears if perfect else late,
                    "lapsed": Fraction(0),
                })  # fmt: skip
        month = (
            self.number(key) for key in ("funding.running_per_site", "funding.running_per_elder", "services.capacity")
        )
        per = tuple(month)
        all_of_it = [months_of_payment(of_village, *per) for of_village in sites]
        return [
            {**added, "lapsed": exactly(lapsed)} for added, lapsed in zip(all_of_it, self.month.lapsed, strict=True)
        ]

    @property
    def is_perfect(self) -> bool:
        """Whether the treasury adds what lacks of running money."""
        return bool(self.value("structure.perfect_money"))


def yuan_that_differ(month: Payment, mine: Rebuilt) -> Iterator[str]:
    """What of a month's payment comes to other sums or shares."""
    paid, moved = mine.paid, {purpose: yuan for (_, purpose), yuan in month.moved.items()}
    pairs: dict[str, tuple[float, float]] = {
        item: (float(yuan * paid.share[OFFICE if item in OF_OFFICE else REST]), moved[item])
        for item, yuan in mine.items.items()
    }
    pairs["contracts"] = (float(paid.share[CONTRACTS] * mine.bill.contracts), moved["contracts"])
    pairs["grants"] = (float(paid.granted), moved["building"])
    for site in mine.running:
        on_day, late = paid.claimed[site.row], paid.arrears[site.row]
        if mine.is_perfect:
            on_day, late = site.claimed, site.arrears
        owed = site.claimed + site.arrears - on_day - late
        pairs[f"site {site.row} on the day"] = (float(on_day), month.got["on_day"][site.row])
        pairs[f"site {site.row} late"] = (float(late), month.got["late"][site.row])
        pairs[f"site {site.row} owed"] = (float(owed), month.after.sites["arrears"][site.row])
    for what, (one, other) in pairs.items():
        if abs(one - other) > NEAR:
            yield f"month {month.month}, {what}: {one} yuan, the model {other}"
    of_model = set(np.flatnonzero(month.got["grants"] > 0))
    if of_model != {grant.row for grant in mine.bill.grants if grant.row in paid.grants and grant.yuan > 0}:
        yield f"month {month.month}: grants to {paid.grants}, the model {of_model}"
    for group, column in ((OFFICE, "paid_office"), (REST, "paid_rest")):
        # A month in which nothing of a group is billed leaves the share of its last bill as it was.
        billed = mine.bill.total(group) + (
            mine.bill.contracts if group == REST and CONTRACTS not in mine.before_all else 0
        )
        share = float(paid.share[group]) if billed > 0 else mine.county[column]
        if abs(share - month.after.county[column].iloc[0]) > EXACT:
            yield f"month {month.month}, share of {group}: {share}, the model {month.after.county[column].iloc[0]}"


def returns_that_differ(month: Payment, mine: Rebuilt) -> Iterator[str]:
    """What of January's returns and lapses comes to something else."""
    if month.began is None:
        return
    sites, a_month = month.began.sites, mine.number("funding.running_per_site")
    given_back = sum(
        returns(exactly(site["public"]), a_month, exactly(site["factor"]), bool(site["funded"]))
        for _, site in sites.iterrows()
    )
    if abs(float(given_back) - month.returned) > NEAR:
        yield f"month {month.month}: {float(given_back)} yuan return, in the model {month.returned}"
    per = mine.number("funding.running_per_site") + mine.number("services.capacity") * mine.number(
        "funding.running_per_elder"
    )
    owed = sites["arrears"] + sites["unclaimed"]
    lapsed = owed.groupby(sites["village"]).sum().to_numpy() / float(per) if per > 0 else 0 * month.lapsed
    if np.abs(month.stopped + lapsed - month.lapsed).max() > EXACT:
        yield f"month {month.month}: {lapsed} months lapse, in the model {month.lapsed - month.stopped}"


def beliefs_of(table: pd.DataFrame) -> list[Belief]:
    """Expectations of a table's rows."""
    pairs = [(exactly(good), exactly(bad)) for good, bad in zip(table["kept"], table["broken"], strict=True)]
    return [Belief(good / (good + bad), good + bad) for good, bad in pairs]


def beliefs_that_differ(month: Payment, mine: Rebuilt) -> Iterator[str]:
    """Whose expectation a month moves to something else."""
    prior, adaptive = mine.number("expectation.prior"), mine.value("structure.expectation") == "adaptive"
    sites, organizations = mine.sites, month.before.organizations
    of_sites = [
        exactly(site["meal_days"]) if site["status"] == OPEN else Fraction(0) if site["opened"] >= 0 else None
        for _, site in sites.iterrows()
    ]
    pays = mine.number("funding.service_purchase") > 0
    works = [pays and bool((mine.villages["contract"] == row).any()) for row in organizations.index]
    of_contracts = [mine.paid.share[CONTRACTS] if has else None for has in works]
    after = {
        "villages": committees(beliefs_of(mine.villages), mine.of_villages(), prior, adaptive),
        "sites": hearers(beliefs_of(sites), of_sites, list(sites["village"]), prior, adaptive),
        "organizations": hearers(beliefs_of(organizations), of_contracts, [0] * len(works), prior, adaptive),
    }
    for name, beliefs in after.items():
        for row, (one, other) in enumerate(zip(beliefs, beliefs_of(getattr(month.after, name)), strict=True)):
            if abs(float(one.mean - other.mean)) > EXACT or abs(float(one.weight - other.weight)) > EXACT:
                yield f"month {month.month}, {name}, row {row}: {float(one.mean)}, the model {float(other.mean)}"


# Sites stop in the second year, and some of them are reported open.
REPORTED_OPEN: dict[str, dict[str, Any]] = {
    "committee": {"vanity": 0.8, "deterrence": 0.0, "greed": 0.4},
    "supervision": {"audit_probability": 0.02},
    "access": {"fewest_users": {0: 3, 18: 20}},
    "funding": {"shortfall": 0.2},
}
RUNS = {name: FAST[name] for name in ("law, bank and honours", "money")} | {"reported open": REPORTED_OPEN}
MORE = {name: changes for name, changes in (FAST | SLOW).items() if name not in RUNS}


def compared(runs: dict[str, dict[str, Any]]) -> tuple[list[str], set[str]]:
    """What differs in some runs, and what has happened in them."""
    found, happened = list[str](), set[str]()
    for name, changes in runs.items():
        for month in payments(county(changes), seed=1):
            mine = Rebuilt(month)
            for differ in (yuan_that_differ, returns_that_differ, beliefs_that_differ):
                found += [f"{name}, {what}" for what in differ(month, mine)]
            happened.update(what for what, did in events(month, mine).items() if did)
    return found, happened


def events(month: Payment, mine: Rebuilt) -> dict[str, bool]:
    """What happened in a month that a rule is about."""
    paid = mine.paid
    return {
        "the office was paid in part": 0 < paid.share[OFFICE] < 1,
        "the rest was paid in part": 0 < paid.share[REST] < 1,
        "a grant was paid": paid.granted > 0,
        "a grant waited": any(g.yuan > 0 and g.row not in paid.grants for g in mine.bill.grants),
        "arrears were paid": any(yuan > 0 for yuan in paid.arrears.values()),
        "a claim got a remainder": any(0 < paid.claimed[site.row] < site.claimed for site in mine.running),
        "money returned": month.returned > 0,
        "money lapsed": bool((month.lapsed > month.stopped).any()),
        "contracts came before the rest": paid.share[CONTRACTS] > paid.share[REST],
        "a site that had stopped was paid": any(
            mine.sites["phantom"][site.row] and paid.claimed[site.row] > 0 for site in mine.running
        ),
    }


def test_payments_returns_and_beliefs_of_whole_runs_are_the_same() -> None:
    found, happened = compared(RUNS)
    assert not found, "\n".join(found[:10])
    month = next(payments(county({}), seed=1))
    assert events(month, Rebuilt(month)).keys() == happened  # all that the rules are about


@pytest.mark.slow
def test_they_are_the_same_under_every_lever_and_rival_form() -> None:
    found, _ = compared(MORE)
    assert not found, "\n".join(found[:10])
