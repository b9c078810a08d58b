"""Results: every indicator declared once, counted each month, and read at the end by group (ODD 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coprod_sim.model.agents.elder.state import GRADES, SERVICES
from coprod_sim.model.columns import Flags, Floats, Ints, Smalls
from coprod_sim.model.places import BUILDING, STOPPED
from coprod_sim.model.spending import costs
from coprod_sim.model.world import World
from coprod_sim.scenario.timeline import value_at

LIVING = ("alone", "spouse only", "child at home")
SEXES = ("men", "women")
THIRDS = ("poorest third", "middle third", "richest third")
WEALTH = ("other villages", "poor villages")
FACTORS = (("adl", GRADES), ("living", LIVING), ("sex", SEXES), ("income", THIRDS), ("village", WEALTH))
SHAPE = tuple(len(names) for _, names in FACTORS)
EXTRA = ("target group", "enrolled")
GROUPS = ("all", *(f"{factor}: {name}" for factor, names in FACTORS for name in names), *EXTRA)


@dataclass(frozen=True)
class Indicator:
    """One result.

    Attributes:
        name, side, unit, meaning: as shown.
        kind: "state" (averaged over the last months) or "flow" (summed from the reform month).
        better: +1 if more is better, -1 if less is, 0 if neither.
    """

    name: str
    side: str
    unit: str
    kind: str
    meaning: str
    better: int = 1


def _i(name: str, side: str, unit: str, kind: str, meaning: str, better: int = 1) -> Indicator:
    return Indicator(name, side, unit, kind, meaning, better)


# Counted by group: a sum over elders divided by a number of elders (or, for flows, the sum itself).
BY_GROUP = (
    _i("met_meals", "value", "share", "state", "people with that need for whom meals are adequately met"),
    _i("met_company", "value", "share", "state", "people with that need for whom company is adequately met"),
    _i("met_daily_help", "value", "share", "state", "people with that need for whom daily help is adequately met"),
    _i("met_health", "value", "share", "state", "people with that need for whom health service is adequately met"),
    _i("met_all", "value", "share", "state", "people with any need for whom every need is adequately met"),
    _i("covered_meals", "value", "share", "state", "share of the need for meals that is covered, mean over people"),
    _i("covered_company", "value", "share", "state", "share of the need for company that is covered, mean over people"),
    _i("covered_daily_help", "value", "share", "state", "share of the need for daily help that is covered, mean"),
    _i("personal_care_hours_met", "value", "hours", "flow", "hours of daily help by family and scheme"),
    _i("care_hours_by_scheme", "value", "hours", "flow", "hours of daily help by the scheme"),
    _i("wellbeing", "value", "points of 30", "state", "mean of 30 less CES-D-10"),
    _i("trust", "value", "0-1", "state", "mean trust in the village committee"),
    _i("recognition", "process", "0-1", "state", "mean closeness of the plan to elders' own ideals"),
    _i("enrolled_share", "participation", "share", "state", "enrolled of those in the target group"),
    _i("took_part_12m", "participation", "share", "state",
       "used or helped at least once in 12 months, of the aware near an open site"),
    _i("helper_rate", "participation", "share", "state", "helpers of the able"),
    _i("helper_hours", "participation", "hours/week", "state", "hours of a helper"),
    _i("unpaid_hours", "cost", "hours", "flow", "hours that elders helped without pay", 0),
)  # fmt: skip

# Counted for the county as a whole.
OF_COUNTY = (
    _i("committee_hours", "participation", "hours/village-month", "state", "cadre hours given"),
    _i(
        "committee_hours_care",
        "participation",
        "hours/village-month",
        "state",
        "cadre hours that manage or ask",
    ),
    _i("attendance", "participation", "share", "state", "of those who could attend the last meeting"),
    _i("helper_turnover", "participation", "1/year", "state", "helpers who stop, of helpers", 0),
    _i("sites_active_share", "participation", "share", "state", "sites open and serving, of sites ever built"),
    _i("sites_built", "participation", "sites", "state", "sites built or being built", 0),
    _i("sites_open", "participation", "sites", "state", "sites open"),
    _i("villages_with_site", "participation", "share", "state", "villages with an open site"),
    _i("enrolled", "participation", "elders", "state", "elders enrolled"),
    _i("enrolled_per_site", "participation", "elders", "state", "enrolled elders of an open site", 0),
    _i(
        "villages_with_organization",
        "participation",
        "share",
        "state",
        "villages where an organisation works",
    ),
    _i("villages_with_association", "participation", "share", "state", "villages with an elders' association"),
    _i(
        "willing_share",
        "participation",
        "share",
        "state",
        "would use or help if asked, near, free and without shame",
    ),
    _i(
        "motivation_elders",
        "participation",
        "0-1",
        "state",
        "mean intrinsic motivation that counts, less crowding",
    ),
    _i(
        "motivation_committee",
        "participation",
        "0-1",
        "state",
        "mean public-service motivation of committees",
    ),
    _i(
        "motivation_organizations",
        "participation",
        "yuan/hour",
        "state",
        "mean gain that organisations see in an hour",
    ),
    _i("meals_delivered", "value", "meals", "flow", "meals served"),
    _i("visits_delivered", "value", "visits", "flow", "skilled health visits made"),
    _i("aims_spread", "process", "0-1", "state", "mean distance of the parties' ideals from the plan", -1),
    _i(
        "money_late_share",
        "process",
        "share",
        "state",
        "open sites whose running money was not paid in full",
        -1,
    ),
    _i(
        "accidents_unanswered",
        "process",
        "accidents",
        "flow",
        "accidents of which the injured bore a cost",
        -1,
    ),
    _i("tasks_undone_share", "process", "share", "state", "tasks left undone", -1),
    _i("tasks_twice_share", "process", "share", "state", "tasks done twice", -1),
    _i("score_inflation", "process", "score", "state", "reported less true score of the last year", -1),
    _i("diverted_share", "process", "share", "state", "diverted of the public money that reached sites", -1),
    _i("cost_government", "cost", "yuan", "flow", "paid by the county, less sanctions received", -1),
    _i("cost_village", "cost", "yuan", "flow", "paid by villages", -1),
    _i("cost_elders", "cost", "yuan", "flow", "fees, dues and accidents paid by elders", -1),
    _i("cost_donors", "cost", "yuan", "flow", "donations to sites", -1),
    _i("cost_organizations", "cost", "yuan", "flow", "own funds of organisations, less other work", -1),
    _i("cost_locality", "cost", "yuan", "flow", "paid by villages, elders, donors and organisations", -1),
    _i("cost_society", "cost", "yuan", "flow", "resources used, unpaid hours at half the rural wage", -1),
    _i("cost_society_no_wage", "cost", "yuan", "flow", "resources used, unpaid hours at nothing", -1),
    _i("cost_society_full_wage", "cost", "yuan", "flow", "resources used, unpaid hours at the rural wage", -1),
    _i("diverted", "cost", "yuan", "flow", "public money diverted", -1),
    _i("idle_buildings", "cost", "sites", "state", "sites stopped", -1),
    _i("owed", "cost", "yuan", "state", "arrears of the county, and credits at the rural wage", -1),
    _i(
        "yuan_per_enrolled_month",
        "cost",
        "yuan/elder-month",
        "state",
        "running resources of an enrolled elder",
        -1,
    ),
)

INDICATORS = {i.name: i for i in (*BY_GROUP, *OF_COUNTY)}
YUAN_FLOWS = tuple(i.name for i in OF_COUNTY if i.unit == "yuan" and i.kind == "flow")


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, world: World) -> None:
        self.months: list[dict[str, float]] = []
        cells = int(np.prod(SHAPE))
        self._sums = {i.name: np.zeros((2, cells + len(EXTRA))) for i in BY_GROUP}
        self._third = self._income_thirds(world)
        self._poor = world.committees.poor[world.elders.village].astype(np.int16)

    @staticmethod
    def _income_thirds(world: World) -> Smalls:
        elders = world.elders
        cuts = np.quantile(elders.income[elders.present], [1 / 3, 2 / 3])
        third: Smalls = np.searchsorted(cuts, elders.income, side="right").astype(np.int16)
        return third

    def add(self, world: World) -> None:
        """Count one month."""
        counts = by_elder(world)
        row: dict[str, float] = {"month": float(world.month), "elders": float(world.elders.present.sum())}
        for name, (numerator, denominator) in counts.items():
            kind = INDICATORS[name].kind
            row[name] = _ratio(numerator, denominator) if kind == "state" else float(numerator.sum())
        row |= of_county(world)
        self.months.append(row)
        horizon = world.scenario.horizon
        in_states = world.month >= horizon.months - horizon.state_window
        in_flows = world.month >= horizon.reform_month
        if in_states or in_flows:
            self._add_groups(world, counts, in_states, in_flows)

    def _add_groups(
        self, world: World, counts: dict[str, tuple[Floats | Flags, Floats | Flags]], states: bool, flows: bool
    ) -> None:
        cell = self._cells(world)
        extra = (target_group(world), world.elders.enrolled)
        for name, pair in counts.items():
            if not (states if INDICATORS[name].kind == "state" else flows):
                continue
            for part, values in enumerate(pair):
                sums = self._sums[name][part]
                sums[: -len(EXTRA)] += np.bincount(cell, weights=values, minlength=len(sums) - len(EXTRA))
                sums[-len(EXTRA) :] += [float(values[mask].sum()) for mask in extra]

    def _cells(self, world: World) -> Ints:
        elders = world.elders
        living = np.where(~world.needs.left_behind, 2, np.where(world.needs.alone, 0, 1))
        parts = (elders.adl.astype(np.intp), living, elders.female.astype(np.intp), self._third, self._poor)
        cell: Ints = np.ravel_multi_index(parts, SHAPE).astype(np.int32)
        return cell

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months, columns=["month", "elders", *INDICATORS])
        return frame.astype({"month": int, "elders": int})

    def outcome(self, world: World) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group): states of the last months, flows since the reform."""
        rows = []
        for indicator in BY_GROUP:
            for group, (top, bottom) in self._groups(indicator.name):
                value = top / bottom if bottom > 0 else np.nan
                rows.append((indicator.name, group, value if indicator.kind == "state" else top))
        months, horizon = self.monthly(), world.scenario.horizon
        last = months[months["month"] >= horizon.months - horizon.state_window]
        since = months[months["month"] >= horizon.reform_month]
        for indicator in OF_COUNTY:
            chosen = last if indicator.kind == "state" else since
            values = chosen[indicator.name].to_numpy()
            if indicator.kind == "flow":
                value = float((values * self._discount(chosen, world, indicator)).sum())
            else:
                value = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
            rows.append((indicator.name, "all", value))
        frame = pd.DataFrame(rows, columns=["indicator", "group", "value"])
        return frame.set_index(["indicator", "group"])

    def _discount(self, months: pd.DataFrame, world: World, indicator: Indicator) -> Floats:
        """Later yuan count less, from the reform month; hours and numbers are not discounted."""
        rate = world.scenario.economics.discount_rate if indicator.unit == "yuan" else 0.0
        years = (months["month"].to_numpy(float) - world.scenario.horizon.reform_month) / 12
        factor: Floats = (1 + rate) ** -years
        return factor

    def _groups(self, name: str) -> list[tuple[str, tuple[float, float]]]:
        sums = self._sums[name]
        cube = sums[:, : -len(EXTRA)].reshape(2, *SHAPE)
        found = [("all", cube.reshape(2, -1).sum(axis=1))]
        for axis, (factor, names) in enumerate(FACTORS):
            others = tuple(i + 1 for i in range(len(FACTORS)) if i != axis)
            by_name = cube.sum(axis=others)
            found += [(f"{factor}: {label}", by_name[:, i]) for i, label in enumerate(names)]
        found += [(label, sums[:, i - len(EXTRA)]) for i, label in enumerate(EXTRA)]
        return [(group, (float(pair[0]), float(pair[1]))) for group, pair in found]


def _ratio(numerator: Floats | Flags, denominator: Floats | Flags) -> float:
    whole = float(denominator.sum())
    return float(numerator.sum()) / whole if whole > 0 else float("nan")


def target_group(world: World) -> Flags:
    """Whom the programme began for: left behind or alone, over the age limit of month 0; whatever the grade.

    A policy that changes the limit does not change who is counted.
    """
    age = value_at(world.scenario.access.eligible_age, 0)
    target: Flags = world.elders.present & world.needs.left_behind & (world.elders.age(world.month) >= age)
    return target


def by_elder(world: World) -> dict[str, tuple[Floats | Flags, Floats | Flags]]:
    """Numerator and denominator of each indicator that is counted by group, one value a row."""
    elders, needs, past = world.elders, world.needs, world.past
    there = elders.present
    needed = needs.needed
    counts: dict[str, tuple[Floats | Flags, Floats | Flags]] = {}
    for service, name in enumerate(SERVICES):
        counts[f"met_{name}"] = (elders.met[:, service], needed[service])
    all_met = np.asarray((elders.met.T | ~needed).all(axis=0))
    any_need = np.asarray(needed.any(axis=0))
    counts["met_all"] = (any_need & all_met, any_need)
    for name in ("meals", "company", "daily_help"):
        need = needed[SERVICES.index(name)]
        counts[f"covered_{name}"] = (past.covered[SERVICES.index(name)] * need, need)
    counts["personal_care_hours_met"] = (past.care_by_family + past.care_by_scheme, there)
    counts["care_hours_by_scheme"] = (past.care_by_scheme, there)
    for name, values in (
        ("wellbeing", elders.well_being),
        ("trust", elders.trust),
        ("recognition", elders.recognition),
    ):
        counts[name] = (values * there, there)
    target = target_group(world)
    counts["enrolled_share"] = (target & elders.enrolled, target)
    near = there & elders.aware & world.served_row
    counts["took_part_12m"] = (near & (elders.took_part > world.month - 12), near)
    counts["helper_rate"] = (elders.helper, elders.able())
    counts["helper_hours"] = (elders.hours * (12 / 52), elders.helper)
    rate = world.policy.incentive.pay_per_hour
    paid = np.where(world.served_row, np.minimum(world.at_site(world.sites.pay) / rate, 1), 0.0) if rate > 0 else 0.0
    counts["unpaid_hours"] = (elders.hours * (1 - paid), there)
    return counts


def of_county(world: World) -> dict[str, float]:
    """Indicators of the county as a whole this month."""
    sites, committees, elders, past = world.sites, world.committees, world.elders, world.past
    is_open = sites.open
    number = max(float(is_open.sum()), 1.0)
    built = float((sites.opened >= 0).sum())
    received = float(world.money.moved["government", "sites", "running"])
    stopped = past.taken.get("stopped", 0.0)
    true, told = world.scores
    villages = world.land.villages
    counted = {
        "committee_hours": float(committees.hours.sum()) / villages,
        "committee_hours_care": float(committees.hours[:, 4:].sum()) / villages,
        "attendance": world.attendance,
        "helper_turnover": 12 * stopped / max(float(elders.helper.sum()) + stopped, 1.0),
        "sites_active_share": float((is_open & (sites.days_open >= 0.05)).sum()) / built if built else np.nan,
        "sites_built": float((sites.status >= BUILDING).sum()),
        "sites_open": float(is_open.sum()),
        "villages_with_site": float((world.land.hamlets_to_village(is_open) > 0).mean()),
        "enrolled": float(elders.enrolled.sum()),
        "enrolled_per_site": float(elders.enrolled.sum()) / number if is_open.any() else np.nan,
        "villages_with_organization": float((world.contracts.organization >= 0).mean()),
        "villages_with_association": float(world.associations.exists.mean()),
        "willing_share": willing_share(world),
        "meals_delivered": past.taken.get("meals", 0.0),
        "visits_delivered": past.taken.get("visits", 0.0),
        "aims_spread": float(committees.aims_spread.mean()),
        "money_late_share": float(sites.late[is_open].mean()) if is_open.any() else np.nan,
        "accidents_unanswered": past.taken.get("accidents_unanswered", 0.0),
        "tasks_undone_share": float(sites.undone[is_open].mean()) if is_open.any() else np.nan,
        "tasks_twice_share": float(sites.twice[is_open].mean()) if is_open.any() else np.nan,
        "score_inflation": told - true,
        "diverted_share": world.money.paid_for("diverted") / received if received > 0 else np.nan,
        "diverted": world.money.paid_for("diverted"),
        "idle_buildings": float((sites.status == STOPPED).sum()),
    }
    return counted | motivations(world) | costs(world)


def motivations(world: World) -> dict[str, float]:
    """Each party's motivation: the beginning of the study's chain."""
    elders, committees, organizations = world.elders, world.committees, world.organizations
    counts = elders.motivation * (1 - committees.crowding[elders.village]) * elders.present
    price = world.policy.funding.service_purchase / world.policy.organizations.hours_a_contract
    gain = price * organizations.belief - organizations.cost
    return {
        "motivation_elders": float(counts.sum() / max(elders.present.sum(), 1)),
        "motivation_committee": float(committees.service_motivation.mean()),
        "motivation_organizations": float(gain.mean()) if organizations.rows else np.nan,
    }


def willing_share(world: World) -> float:
    """Stated willingness: would use or help if asked, near, without fee, shame or fear. A question, not an act.

    It asks for the motives alone, as a survey does, with one half as the threshold of a yes.
    """
    elders, weight = world.elders, world.policy.elders
    give = weight.help_motivation * elders.motivation + weight.help_taste * elders.taste + weight.help_asked
    take = weight.enrol_need * world.needs.unmet_share + weight.enrol_alone * world.needs.alone
    inclined = np.maximum(give, take) + weight.help_trust * (elders.trust - 0.5)
    yes = elders.present & (inclined > weight.willing_from)
    return float(yes.sum() / max(elders.present.sum(), 1))
