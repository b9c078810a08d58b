"""A month's payments, January's returns and beliefs about them, in exact fractions (ODD 7.3.1, 7.3.5).

Sums are kept as fractions, so that shares, remainders and what is owed come out without rounding and the tolerances of
section 12.1 are not needed. A belief is kept as a mean and a weight, where the ODD has two counts. Sections read: 7.3.1
(order of payment, January), 7.3.2 (whose grant), 7.3.5, and what section 12.1 says of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

OFFICE = "office"  # oversight, talk, rules, officers, accidents
REST = "rest"  # all else but grants
GRANTS = "grants"
CONTRACTS = "contracts"  # of the rest, unless contracts are enforced


@dataclass(frozen=True)
class Running:
    """Running money of a site: claimed this month, and arrears that are claimed; its place in the month's lot."""

    row: int
    claimed: Fraction
    arrears: Fraction
    lot: Fraction


@dataclass(frozen=True)
class Grant:
    """A grant that was decided: in which month, of which site, of how much."""

    month: int
    row: int
    yuan: Fraction


@dataclass(frozen=True)
class Bill:
    """What is claimed of the county in a month, yuan."""

    office: Fraction
    other_rest: Fraction  # the rest but running money and contracts
    contracts: Fraction
    running: Sequence[Running]
    grants: Sequence[Grant]

    @property
    def running_total(self) -> Fraction:
        return sum((r.claimed + r.arrears for r in self.running), Fraction(0))

    def total(self, group: str) -> Fraction:
        """All that is claimed by a group."""
        return {
            OFFICE: self.office,
            CONTRACTS: self.contracts,
            REST: self.other_rest + self.running_total,
            GRANTS: sum((g.yuan for g in self.grants), Fraction(0)),
        }[group]


@dataclass
class Paid:
    """What a month paid: shares of groups, grants, and of each site what was claimed this month and what before."""

    share: dict[str, Fraction] = field(default_factory=dict)
    grants: list[int] = field(default_factory=list)
    granted: Fraction = Fraction(0)
    claimed: dict[int, Fraction] = field(default_factory=dict)
    arrears: dict[int, Fraction] = field(default_factory=dict)
    total: Fraction = Fraction(0)


def pool(year: Mapping[str, Fraction], month_of_year: int) -> Fraction:
    """What may be paid until the end of the n-th month (1-12), less what has been paid."""
    earned = year["running"] * Fraction(month_of_year, 12) + year["building"] + year["sanctions"]
    return earned - year["paid"]


def order(paid_first: str, guarantee: bool, enforcement: bool) -> list[tuple[tuple[str, ...], bool]]:
    """Groups in the order in which they are paid, and whether what is reserved for grants is kept back from them."""
    rest = (REST,) if enforcement else (REST, CONTRACTS)
    if guarantee or paid_first == "running":
        steps = [(rest, False), ((OFFICE,), False), ((GRANTS,), False)]
    elif paid_first == "shared":
        steps = [((*rest, OFFICE, GRANTS), False)]
    else:
        steps = [((GRANTS,), False), ((OFFICE,), True), (rest, True)]
    return [((CONTRACTS,), False), *steps] if enforcement else steps


def pay(
    bill: Bill,
    in_pool: Fraction,
    building: Fraction,
    granted: Fraction,
    steps: Sequence[tuple[tuple[str, ...], bool]],
) -> Paid:
    """Pay a bill: groups in turn, all claims of a turn in the same share, grants whole, running money in whole claims.

    `building` is the building sum of the year and `granted` what grants have taken of it until this month.
    """
    paid = Paid()
    left = in_pool
    for groups, reserved in steps:
        reserve = max(Fraction(0), building - granted - paid.granted) if reserved else Fraction(0)
        there = max(Fraction(0), left - reserve)
        wanted = sum((bill.total(group) for group in groups), Fraction(0))
        share = min(Fraction(1), there / wanted) if wanted > 0 else Fraction(1)
        for group in groups:
            paid.share[group] = share
            spent = share * bill.total(group)
            if group == GRANTS:
                paid.grants, spent = in_full(bill.grants, spent)
                paid.granted = spent
            left -= spent
            paid.total += spent
    whole_claims(bill.running, paid.share[REST] * bill.running_total, paid)
    return paid


def in_full(grants: Iterable[Grant], money: Fraction) -> tuple[list[int], Fraction]:
    """Rows of the grants that are paid whole in the order of decision, and what they come to; the first that is more
    than what is left holds up those after it."""
    rows, spent = [], Fraction(0)
    for grant in sorted(grants, key=lambda g: (g.month, g.row)):
        if spent + grant.yuan > money:
            break
        rows.append(grant.row)
        spent += grant.yuan
    return rows, spent


def whole_claims(sites: Sequence[Running], money: Fraction, paid: Paid) -> None:
    """Give running money out: this month's claims by lot, then arrears, most owed first; the last gets what is left."""
    for site in sorted(sites, key=lambda s: (s.lot, s.row)):
        paid.claimed[site.row] = min(money, site.claimed)
        money -= paid.claimed[site.row]
    for site in sorted(sites, key=lambda s: (-s.arrears, s.row)):
        paid.arrears[site.row] = min(money, site.arrears)
        money -= paid.arrears[site.row]


def returns(public: Fraction, running_per_site: Fraction, factor: Fraction, funded: bool) -> Fraction:
    """Public money that a site gives back in January, yuan: what is above one month's running money, or all."""
    return max(Fraction(0), public - running_per_site * factor) if funded else public


# The bill.


def bill_of_month(
    values: Mapping[str, object], number: Callable[[str], Fraction], counts: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Items of a month's bill that are no running money, no contract and no grant, yuan.

    `number` gives a lever or parameter, and prices of this year; `counts` what was counted.
    """
    of_year = Fraction(1, 12)
    covered = counts["users"] + counts["helpers"]
    on = {
        key: Fraction(bool(values[key]))
        for key in ("legal.insurance", "incentive.time_bank", "negotiation.facilitation")
    }
    outside = Fraction(values["supervision.evaluator"] == "external")
    return {
        "premiums": covered * number("economics.premium") * of_year * on["legal.insurance"],
        "booking": counts["villages with helpers"] * number("incentive.booking_cost") * on["incentive.time_bank"],
        "awards": counts["awards"] * number("incentive.award_cost"),
        "coordinators": counts["open sites"] * number("staff.coordinator"),
        "helpers_pay": counts["helpers' pay"],
        "waivers": counts["waived fees"],
        "officers": counts["villages"] / 20 * number("staff.officers") * number("economics.officer_wage"),
        "audits": counts["audits"] * number("supervision.audit_cost"),
        "survey": counts["users"] * number("supervision.survey_share") * of_year * number("supervision.survey_cost"),
        "evaluator": counts["open sites"] * number("supervision.evaluator_cost") * of_year * outside,
        "facilitator": number("negotiation.rounds") * counts["villages"] * of_year
        * number("negotiation.facilitator_cost") * on["negotiation.facilitation"],
        "law": counts["new rules"] * counts["villages"] * number("legal.drafting"),
        "duties": counts["new lists"] * number("responsibility.duty_drafting")
        + counts["new desks"] * number("responsibility.office_cost"),
        "accidents": counts["accidents"] * number("economics.accident"),
    }  # fmt: skip


OF_OFFICE = ("officers", "audits", "survey", "evaluator", "facilitator", "law", "duties", "accidents")


# Beliefs.


@dataclass(frozen=True)
class Belief:
    """An expectation: its mean, and how many months of experience it weighs."""

    mean: Fraction
    weight: Fraction

    def after(self, worth: Fraction, weight: Fraction, prior: Fraction) -> Belief:
        """The belief after an event: the mean of both, each with its weight; no more is remembered than twice the
        prior."""
        together = self.weight + weight
        if together == 0:
            return self
        mean = (self.mean * self.weight + worth * weight) / together
        return Belief(mean, min(together, 2 * prior))

    def moved(self, worth: Fraction, weight: Fraction, prior: Fraction, adaptive: bool) -> Belief:
        """The belief after an event, by either form."""
        return self.adapted(worth, weight) if adaptive else self.after(worth, weight, prior)

    def adapted(self, worth: Fraction, weight: Fraction) -> Belief:
        """The same by the rival form: part of the way, a larger one for bad news."""
        worse = min(Fraction(1), max(Fraction(0), (self.mean - worth) / Fraction(1, 2)))
        step = Fraction(6, 100) + Fraction(24, 100) * worse
        return replace(self, mean=self.mean + min(Fraction(1), step * weight) * (worth - self.mean))


NEIGHBOURS = Fraction(1, 5)  # weight of a neighbour's event against an own one
WORTHS = {"on the day": Fraction(1), "late": Fraction(1, 2), "lapsed": Fraction(0)}


def months_of_payment(
    sites: Iterable[Mapping[str, Fraction]], running_per_site: Fraction, running_per_elder: Fraction, capacity: Fraction
) -> dict[str, Fraction]:
    """Months of due money of a village by what became of it (on the day, late, lapsed), added up over its sites."""
    month = running_per_site + capacity * running_per_elder
    added = dict.fromkeys(WORTHS, Fraction(0))
    for site in sites:
        for kind in WORTHS:
            added[kind] += site[kind] / month if month > 0 else Fraction(0)
    return added


def committees(
    beliefs: Sequence[Belief], events: Sequence[Mapping[str, Fraction]], prior: Fraction, adaptive: bool = False
) -> list[Belief]:
    """Expectations of all committees along the road after a month: own events first, then those of who is next."""
    after = []
    for place, belief in enumerate(beliefs):
        neighbours = [p for p in (place - 1, place + 1) if 0 <= p < len(beliefs)]
        for whose, scale in [(place, Fraction(1)), *((p, NEIGHBOURS) for p in neighbours)]:
            for kind, worth in WORTHS.items():
                belief = belief.moved(worth, events[whose][kind] * scale, prior, adaptive)
        after.append(belief)
    return after


def hearers(
    beliefs: Sequence[Belief], own: Sequence[Fraction | None], groups: Sequence[int], prior: Fraction, adaptive: bool
) -> list[Belief]:
    """Expectations of those who have one event a month, or none, and hear of the mean of the others of their group."""
    after = []
    for place, belief in enumerate(beliefs):
        mine = own[place]
        if mine is not None:
            belief = belief.moved(mine, Fraction(1), prior, adaptive)
        others = [o for at, o in enumerate(own) if o is not None and at != place and groups[at] == groups[place]]
        if others:
            belief = belief.moved(sum(others, Fraction(0)) / len(others), NEIGHBOURS, prior, adaptive)
        after.append(belief)
    return after
