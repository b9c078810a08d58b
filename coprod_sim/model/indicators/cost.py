"""Cost: what it takes, and who pays (ODD 7.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.indicators.declaring import (
    BESIDES,
    COST,
    FLOW,
    GLANCE,
    HEADLINE,
    LATER,
    TABLE,
    TIME,
    by_group,
    of_county,
)
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, among
from coprod_sim.model.indicators.tally import Tally, annuity
from coprod_sim.model.places import STOPPED

SOCIETY = "Society"


@of_county("Paid by the county government", COST, "yuan", kind=FLOW, better=-1, payer="county government",
           viewpoint="Public payer", subject="The county government's bill",
           shown=(HEADLINE, GLANCE, TABLE, LATER))  # fmt: skip
def cost_government(tally: Tally) -> float:
    """Paid by the county, less sanctions received."""
    money = tally.state.money
    return money.paid_by("government", but_to=("treasury",)) - money.moved["villages", "government", "sanctions"]


@of_county("Paid by villages", COST, "yuan", kind=FLOW, better=-1, payer="villages", shown=(TABLE,))
def cost_village(tally: Tally) -> float:
    """Paid by villages."""
    return tally.state.money.paid_by("villages", but_to=("village income",))


@of_county("Paid by elders", COST, "yuan", kind=FLOW, better=-1, payer="elders", shown=(TABLE,))
def cost_elders(tally: Tally) -> float:
    """Fees, dues and accidents paid by elders."""
    money = tally.state.money
    return money.paid_by("elders") - money.moved["associations", "elders", "dues_returned"]


@of_county("Paid by donors", COST, "yuan", kind=FLOW, better=-1, payer="donors", shown=(TABLE,))
def cost_donors(tally: Tally) -> float:
    """Donations to sites."""
    return tally.state.money.paid_by("donors")


@of_county("Paid by organisations", COST, "yuan", kind=FLOW, better=-1, payer="organisations", shown=(TABLE,))
def cost_organizations(tally: Tally) -> float:
    """Own funds of organisations, less other work."""
    money = tally.state.money
    return money.paid_by("organization donors") - money.moved["organizations", "organization donors", "other work"]


@of_county("Paid by the locality", COST, "yuan", kind=FLOW, better=-1, viewpoint="Locality",
           subject="What villages, elders, donors and organisations pay together", shown=(HEADLINE, TABLE))  # fmt: skip
def cost_locality(tally: Tally) -> float:
    """Paid by villages, elders, donors and organisations."""
    return sum(payer.count(tally) for payer in (cost_village, cost_elders, cost_donors, cost_organizations))


@of_county("Used by society (unpaid hours at nothing)", COST, "yuan", kind=FLOW, better=-1, viewpoint=SOCIETY)
def cost_society_no_wage(tally: Tally) -> float:
    """Resources used, unpaid hours at nothing."""
    return tally.resources


@of_county("Used by society (unpaid hours at half the rural wage)", COST, "yuan", kind=FLOW, better=-1,
           viewpoint=SOCIETY, subject="What society uses (unpaid hours at half the rural wage)",
           shown=(HEADLINE, GLANCE, TABLE, TIME))  # fmt: skip
def cost_society(tally: Tally) -> float:
    """Resources used, unpaid hours at half the rural wage."""
    return tally.resources + 0.5 * tally.state.params.economics.shadow_wage * tally.unpaid


@of_county("Used by society (unpaid hours at the rural wage)", COST, "yuan", kind=FLOW, better=-1, viewpoint=SOCIETY)
def cost_society_full_wage(tally: Tally) -> float:
    """Resources used, unpaid hours at the rural wage."""
    return tally.resources + tally.state.params.economics.shadow_wage * tally.unpaid


@by_group("Hours that elders helped without pay", COST, "hours", of="elders", kind=FLOW, better=0,
          shown=(TABLE, BESIDES))  # fmt: skip
def unpaid_hours(elder: ElderMonth) -> Counted:
    """Hours that elders helped without pay."""
    return among(elder.hours * elder.unpaid, True)


@of_county("Owed: arrears and time credits", COST, "yuan", better=-1, shown=(TABLE, BESIDES, LATER))
def owed(tally: Tally) -> float:
    """Arrears of the county, and credits at the rural wage."""
    state = tally.state
    arrears = float(state.sites.arrears.sum()) + float(state.organizations.owed.sum()) + sum(state.bills_due.values())
    return arrears + float(state.elders.credits.sum()) * state.params.economics.shadow_wage


@of_county("Public money diverted", COST, "yuan", kind=FLOW, better=-1, shown=(BESIDES,))
def diverted(tally: Tally) -> float:
    """Public money diverted."""
    return tally.state.money.paid_for("diverted")


@of_county("Sites that stopped", COST, "sites", better=-1, shown=(BESIDES,))
def idle_buildings(tally: Tally) -> float:
    """Sites stopped."""
    return float((tally.state.sites.status == STOPPED).sum())


@of_county("Running cost of an enrolled elder", COST, "yuan/elder-month", of="enrolled elders", better=-1,
           shown=(TABLE, BESIDES))  # fmt: skip
def yuan_per_enrolled_month(tally: Tally) -> float:
    """Running resources of an enrolled elder."""
    enrolled = float(tally.state.elders.enrolled.sum())
    return (tally.resources - annuity(tally.state)) / enrolled if enrolled > 0 else float("nan")


@of_county("Elders' part of sites' money", COST, "share", of="money that sites received", better=0)
def sites_paid_by_elders(tally: Tally) -> float:
    """Elders' part of the money that sites received."""
    return _part_of_income(tally, "elders")


@of_county("The county's part of sites' money", COST, "share", of="money that sites received", better=0)
def sites_paid_by_government(tally: Tally) -> float:
    """The county's part of the money that sites received."""
    return _part_of_income(tally, "government")


def _part_of_income(tally: Tally, payer: str) -> float:
    whole = sum(tally.income.values())
    return tally.income[payer] / whole if whole > 0 else np.nan
