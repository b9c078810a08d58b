"""What moves between whom: each flow of yuan, use of hours and way of meals is declared once (ODD 7.3, 7.4).

A declaration gives back the position in its book, which compiled passes write by.
"""

from __future__ import annotations

from typing import NamedTuple

# Who holds cash in the model; "own" and "public" are the two purses of a site.
PURSES = ("county", "villages", "associations", "own", "public")
# Parties whose money comes from, or goes, outside.
OUTSIDE = (
    "treasury", "elders", "donors", "organisations", "other donors", "village income", "elsewhere", "pockets",
    "helpers", "cooks", "suppliers", "carriers", "printers", "builders", "inspectors", "facilitators", "staff",
    "insurer", "injured",
)  # fmt: skip
# Whom the county pays for an item of its bill, in the order of `bill.Bill`; which is compiled and not imported here, so
# that whoever only reads the names of results need not wait.
PAYEES = {
    "running": "public", "contracts": "organisations", "helpers_pay": "helpers", "waivers": "own",
    "premiums": "insurer", "booking": "staff", "awards": "helpers", "coordinators": "staff", "officers": "staff",
    "audits": "inspectors", "survey": "inspectors", "evaluator": "inspectors", "facilitator": "facilitators",
    "law": "staff", "duties": "staff", "accidents": "injured", "building": "builders",
}  # fmt: skip
# What a site costs in a month, whoever is paid for it.
SITE_COSTS = {
    "wage": "cooks", "upkeep": "suppliers", "open book": "printers", "food": "suppliers", "delivery": "carriers",
}  # fmt: skip


class Flow(NamedTuple):
    """Yuan that move."""

    payer: str
    payee: str
    purpose: str


class Use(NamedTuple):
    """What hours of a party are used for; what is lost reached nobody."""

    giver: str
    use: str


_flows: list[Flow] = []
_uses: list[Use] = []


def flow(payer: str, payee: str, purpose: str) -> int:
    """Declare a flow of yuan, and give back its position.

    Raises:
        ValueError: a party is not known, pays itself, or the flow is declared already.
    """
    declared = Flow(payer, payee, purpose)
    for party in (payer, payee):
        if party not in PURSES + OUTSIDE:
            raise ValueError(f"{purpose}: a party must be one of {', '.join(PURSES + OUTSIDE)}, got {party}")
    if declared in _flows or payer == payee:
        raise ValueError(f"{purpose}: a flow from {payer} to {payee} must be declared once, between two parties")
    _flows.append(declared)
    return len(_flows) - 1


def use(giver: str, of: str) -> int:
    """Declare a use of a party's hours, and give back its position.

    Raises:
        ValueError: the party is not known, or the use is declared already.
    """
    declared = Use(giver, of)
    if giver not in GIVERS or declared in _uses:
        raise ValueError(f"{of}: a use must be declared once, of one of {', '.join(GIVERS)}, got {giver}")
    _uses.append(declared)
    return len(_uses) - 1


# Yuan: the county.
APPROPRIATION = flow("treasury", "county", "appropriation")
UNSPENT = flow("county", "treasury", "unspent")
PERFECT_MONEY = flow("treasury", "county", "what lacks of running money")  # where all that is due comes on the day
SANCTION = flow("villages", "county", "sanction")
ITEMS = tuple(flow("county", payee, item) for item, payee in PAYEES.items())
BY_COUNTY = ITEMS[0]  # running money; the others follow in the order of the bill
HELPERS_PAY, WAIVERS, GRANTS = (ITEMS[list(PAYEES).index(item)] for item in ("helpers_pay", "waivers", "building"))
PUBLIC_RETURNED = flow("public", "treasury", "unspent")
# Yuan: what sites and villages get.
DONATIONS = flow("donors", "own", "donations")
FEES = flow("elders", "own", "fees")
DUES = flow("elders", "associations", "dues")
TOP_UP_OF_ASSOCIATIONS = flow("associations", "own", "topping up")
TOP_UP_OF_VILLAGES = flow("villages", "own", "topping up")
VILLAGE_MONEY = flow("village income", "villages", "village money")
VILLAGE_SURPLUS = flow("villages", "elsewhere", "surplus")
DISSOLVED = flow("associations", "villages", "dissolved")
# Yuan: what sites pay.
OWN_WAGE, OWN_UPKEEP, OWN_BOOK, OWN_FOOD, OWN_DELIVERY = (flow("own", *of[::-1]) for of in SITE_COSTS.items())
PUBLIC_WAGE, PUBLIC_UPKEEP, PUBLIC_BOOK, PUBLIC_FOOD, PUBLIC_DELIVERY = (
    flow("public", *of[::-1]) for of in SITE_COSTS.items()
)
DIVERSION = flow("public", "pockets", "diversion")
BUILT_BY_VILLAGES = flow("villages", "builders", "building")
BUILT_BY_ASSOCIATIONS = flow("associations", "builders", "building")
# Yuan: who answers for accidents beside the county.
ACCIDENTS_OF_VILLAGES = flow("villages", "injured", "accidents")
ACCIDENTS_OF_ELDERS = flow("elders", "injured", "accidents")
ACCIDENTS_INSURED = flow("insurer", "injured", "accidents")
# Yuan: organisations, which hold no cash here; donors elsewhere bear what the county does not pay.
SKILLED_WAGES = flow("organisations", "staff", "skilled wages")
CONTRACTS_UNPAID = flow("other donors", "organisations", "contracts")
FLOWS = tuple(_flows)

# Hours: who gives them, by position.
GIVERS = (
    "helpers", "committees", "townships", "officers", "coordinators", "organisations", "elders", "associations",
    "county", "users",
)  # fmt: skip
HELPERS, COMMITTEES, TOWNSHIPS, OFFICERS, COORDINATORS, ORGANISATIONS, ELDERS, ASSOCIATIONS, COUNTY, USERS = range(10)
HELPERS_DUTIES = use("helpers", "duties")
HELPERS_MEALS = use("helpers", "meals")
HELPERS_NEIGHBOURS = use("helpers", "neighbours")
HELPERS_LIST = use("helpers", "names on the list")
HELPERS_WAYS = use("helpers", "ways")
HELPERS_TURNED_AWAY = use("helpers", "lost: turned away")
COMMITTEES_PAPER = use("committees", "paper")
COMMITTEES_DUTIES = use("committees", "duties")
COMMITTEES_ASKING = use("committees", "asking")
COMMITTEES_LEFT = use("committees", "left")
TOWNSHIPS_DUTIES = use("townships", "duties")
TOWNSHIPS_LEFT = use("townships", "left")
OFFICERS_DUTIES = use("officers", "duties")
OFFICERS_LEFT = use("officers", "left")
COORDINATORS_DUTIES = use("coordinators", "duties")
COORDINATORS_LEFT = use("coordinators", "left")
ORGANISATIONS_HEALTH = use("organisations", "health")
ORGANISATIONS_DAILY_HELP = use("organisations", "daily help")
ORGANISATIONS_TALK = use("organisations", "talk")
ORGANISATIONS_TURNED_AWAY = use("organisations", "lost: turned away")
ELDERS_TALK = use("elders", "talk")
ASSOCIATIONS_TALK = use("associations", "talk")
COUNTY_TALK = use("county", "talk")
USERS_COMPANY = use("users", "company")
USES = tuple(_uses)

# Meals: bought, and what became of them.
MEALS = ("bought", "served", "no-show", "spoiled for shut days", "lost with a site")
BOUGHT, SERVED, NO_SHOW, SHUT_DAYS, LOST_WITH_SITE = range(5)
