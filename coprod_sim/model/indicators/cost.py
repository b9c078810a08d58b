"""Cost: what it takes, and who pays (ODD 9)."""

from __future__ import annotations

from coprod_sim.model.county import flows
from coprod_sim.model.indicators.declaring import (
    BESIDES,
    COST,
    FLOW,
    GLANCE,
    HEADLINE,
    LATER,
    TABLE,
    TIME,
    of_county,
)
from coprod_sim.model.indicators.tally import Tally, over

SOCIETY = "Society"
HALF = 0.5  # of the rural wage, at which unpaid hours are counted between nothing and all of it


@of_county("Paid by the county government", COST, "yuan", kind=FLOW, better=-1, payer="county government",
           viewpoint="Public payer", subject="The county government's bill",
           shown=(HEADLINE, GLANCE, TABLE, LATER))  # fmt: skip
def cost_government(tally: Tally) -> float:
    """Paid by the county, less sanctions received and what sites return."""
    returned = tally.moved[flows.SANCTION] + tally.moved[flows.PUBLIC_RETURNED]
    return tally.paid_by("county", but_to=("treasury",)) - returned


@of_county("Paid by villages", COST, "yuan", kind=FLOW, better=-1, payer="villages", shown=(TABLE,))
def cost_village(tally: Tally) -> float:
    """Paid by villages, less what came from associations that dissolved."""
    return tally.paid_by("villages", but_to=("elsewhere",)) - tally.moved[flows.DISSOLVED]


@of_county("Paid by elders", COST, "yuan", kind=FLOW, better=-1, payer="elders", shown=(TABLE,))
def cost_elders(tally: Tally) -> float:
    """Fees, dues and accidents paid by elders."""
    return tally.paid_by("elders")


@of_county("Paid by donors", COST, "yuan", kind=FLOW, better=-1, payer="donors", shown=(TABLE,))
def cost_donors(tally: Tally) -> float:
    """Donations to sites."""
    return tally.paid_by("donors")


@of_county("Paid by organisations", COST, "yuan", kind=FLOW, better=-1, payer="organisations", shown=(TABLE,))
def cost_organizations(tally: Tally) -> float:
    """Contracts that the county did not pay, which donors of organisations bear."""
    return tally.paid_by("other donors")


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
    return tally.resources + HALF * tally.rural_wage * tally.unpaid


@of_county("Used by society (unpaid hours at the rural wage)", COST, "yuan", kind=FLOW, better=-1, viewpoint=SOCIETY)
def cost_society_full_wage(tally: Tally) -> float:
    """Resources used, unpaid hours at the rural wage."""
    return tally.resources + tally.rural_wage * tally.unpaid


@of_county("Owed: arrears and time credits", COST, "yuan", better=-1, shown=(TABLE, BESIDES, LATER))
def owed(tally: Tally) -> float:
    """Running money and contracts that the county owes, and credits at the rural wage."""
    return tally.places.owed + tally.people.credits * tally.rural_wage


@of_county("Public money diverted to pockets", COST, "yuan", kind=FLOW, better=-1, shown=(BESIDES,))
def diverted(tally: Tally) -> float:
    """Public money diverted."""
    return tally.moved[flows.DIVERSION]


@of_county("Running cost of an enrolled elder", COST, "yuan/elder-month", of="enrolled elders", better=-1,
           shown=(TABLE, BESIDES))  # fmt: skip
def yuan_per_enrolled_month(tally: Tally) -> float:
    """Running resources of an enrolled elder."""
    return over(tally.resources - tally.annuity, tally.people.enrolled)


@of_county("Elders' part of running cost", COST, "share", of="running cost of sites", better=0)
def elders_share_of_cost(tally: Tally) -> float:
    """Fees over what sites pay for wage, food, upkeep and delivery."""
    return over(tally.moved[flows.FEES], tally.site_costs)


@of_county("Elders' part of sites' money", COST, "share", of="money that sites received", better=0)
def sites_paid_by_elders(tally: Tally) -> float:
    """Elders' part of the money that sites received."""
    return over(tally.moved[flows.FEES], tally.site_income)


@of_county("The county's part of sites' money", COST, "share", of="money that sites received", better=0)
def sites_paid_by_government(tally: Tally) -> float:
    """The county's part of the money that sites received: running money and waived fees."""
    return over(tally.county_to_sites, tally.site_income)
