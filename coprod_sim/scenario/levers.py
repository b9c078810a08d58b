"""The levers: what a county can change, one class per Hydra group. Defaults are today's policy.

Every lever is a value or a schedule {month: value}. What a lever costs, and who pays, stands in
docs/levers.md, which is generated from these declarations and from `LEVER_COSTS`.
"""

from coprod_sim.scenario.declaring import (
    Group,
    Scheduled,
    ScheduledChoice,
    ScheduledFlag,
    choice,
    count,
    flag,
    number,
)  # fmt: skip

PAID_FIRST = ("building", "shared", "running")
LIABILITY = ("elder", "village", "government")
EVALUATORS = ("internal", "external")


class Funding(Group):
    """Money from the county for buildings and for running them."""

    building_grant: Scheduled = number(100_000, 0, 300_000, "yuan/site", "Grant to build or refit a site",
        "Feixiang maximum (China Daily 2014); Wugang 200,000", "T", scheduled=True)  # fmt: skip
    running_per_site: Scheduled = number(3_000, 0, 10_000, "yuan/site-month", "Running money for each open site",
        "Laipo village, Zhangshu (Jiangxi Daily 2022); Feixiang 750-1,050", "M", scheduled=True)  # fmt: skip
    running_per_elder: Scheduled = number(0, 0, 600, "yuan/enrolled elder-month",
        "Running money for each enrolled elder", "none reported in the reference class", "A", scheduled=True)  # fmt: skip
    paid_first: ScheduledChoice = choice("building", PAID_FIRST,
        "Whose claims the county pays first when money is short",
        "'heavy on building, light on managing': the source study", "M", scheduled=True)  # fmt: skip
    shortfall: Scheduled = number(0.02, 0, 1, "share of planned money",
        "Part of the planned money that the county's revenue does not cover in an average year",
        "Zibo: subsidy late (Southern Weekly 2024), qualitative", "A", scheduled=True)  # fmt: skip
    netting_off: Scheduled = number(0.0, 0, 1, "share",
        "Part of village and donors' money that is taken off a site's running money", scheduled=True)  # fmt: skip
    service_purchase: Scheduled = number(1_500, 0, 10_000, "yuan/contract-month",
        "Money offered to an organisation for working in a village", scheduled=True)  # fmt: skip
    coordinator: Scheduled = number(0, 0, 6_000, "yuan/site-month",
        "Wage of a paid coordinator at each open site; his hours manage the site", scheduled=True)  # fmt: skip


class Incentive(Group):
    """What a helper gets back."""

    awards_per_year: Scheduled = number(0, 0, 20, "awards/village-year",
        "Public honours; each helper of the village has the same chance", scheduled=True)  # fmt: skip
    award_cost: Scheduled = number(200, 0, 1_000, "yuan/award", "Cost of one award and its ceremony", scheduled=True)  # fmt: skip
    time_bank: ScheduledFlag = flag(False, "Hours given are booked as credits that may be redeemed for help",
        "Lu et al. 2024", "T", scheduled=True)  # fmt: skip
    redemption_right: Scheduled = number(0.5, 0, 1, "share of helpers' hours",
        "Part of a site's helping hours on which holders of credits have the first claim", scheduled=True)  # fmt: skip
    credit_life: Scheduled = number(60, 6, 240, "months", "Mean life of a credit before it expires", scheduled=True)  # fmt: skip
    pay_per_hour: Scheduled = number(0, 0, 30, "yuan/hour", "Pay for an hour of help", scheduled=True)  # fmt: skip
    pay_budget: Scheduled = number(800, 0, 10_000, "yuan/site-month",
        "Budget line for helpers' pay; beyond it hours are paid in proportion", scheduled=True)  # fmt: skip
    booking_cost: Scheduled = number(300, 0, 2_000, "yuan/village-month",
        "Staff who book the hours of a time bank", scheduled=True)  # fmt: skip


class Supervision(Group):
    """Who looks, at what, and what follows."""

    audit_probability: Scheduled = number(0.05, 0, 1, "1/site-year", "Chance that a site is audited in a year",
        "today's value assumed: audits are rare", "A", scheduled=True)  # fmt: skip
    survey_share: Scheduled = number(0.0, 0, 1, "share of users", "Share of a site's users interviewed each year",
        scheduled=True)  # fmt: skip
    open_book: ScheduledFlag = flag(False, "The site's ledger hangs on its wall",
        "Xiejiapu (Xinhua 2018)", "M", scheduled=True)  # fmt: skip
    sanction: Scheduled = number(0.3, 0, 3, "multiple of the money or score at stake",
        "Penalty for what an audit finds", scheduled=True)  # fmt: skip
    evaluator: ScheduledChoice = choice("internal", EVALUATORS,
        "Who checks the reports: the office that wants good figures, or an outsider",
        "Jiangxi press on idle sites", "M", scheduled=True)  # fmt: skip
    money_follows_score: Scheduled = number(0.0, -1, 1, "exponent",
        "How next year's running money follows the score within a fixed total: "
        "-1 more to the needy, 0 equal, 1 more to the successful", scheduled=True)  # fmt: skip


class Negotiation(Group):
    """Who talks with whom before the plan is made."""

    rounds: Scheduled = count(0, 0, 12, "rounds/year",
        "Rounds of talk about the plan; with none it is the government's", scheduled=True)  # fmt: skip
    elders_seat: ScheduledFlag = flag(False, "Elders who attend have a seat", scheduled=True)
    association_seat: ScheduledFlag = flag(False, "The elders' association has a seat", scheduled=True)
    organization_seat: ScheduledFlag = flag(False, "Social organisations have a seat", scheduled=True)
    facilitation: ScheduledFlag = flag(False, "A facilitator gives more of those present a turn to speak",
        "Balliet 2010: face to face talk", "T", scheduled=True)  # fmt: skip


class Legal(Group):
    """What the law answers for."""

    liability: ScheduledChoice = choice("elder", LIABILITY,
        "Who bears the cost of an accident that no insurance covers", scheduled=True)  # fmt: skip
    insurance: ScheduledFlag = flag(False, "Users and helpers are insured; the county pays the premium", scheduled=True)
    contract_enforcement: ScheduledFlag = flag(False,
        "Organisations can enforce what a contract owes them: it is paid with the first claims", scheduled=True)  # fmt: skip
    payment_guarantee: ScheduledFlag = flag(False,
        "Running money is paid before buildings and does not lapse: who is paid first, not more money",
        scheduled=True)  # fmt: skip


class Responsibility(Group):
    """Who is to do what, and how much paper it takes."""

    named_share: Scheduled = number(0.2, 0, 1, "share of tasks", "Tasks that the plan gives to a named party",
        scheduled=True)  # fmt: skip
    paperwork: Scheduled = number(1.0, 0.1, 2, "multiple of today's",
        "Length of reports; a shorter report also tells the county less", scheduled=True)  # fmt: skip
    processing_months: Scheduled = number(2, 0, 12, "months", "Time the county takes to decide an application",
        scheduled=True)  # fmt: skip
    service_officers: Scheduled = number(0, 0, 4, "officers/20 villages",
        "Township staff who work for the sites", scheduled=True)  # fmt: skip


class Access(Group):
    """Who may come, and how the service reaches them."""

    eligible_age: Scheduled = number(73, 60, 90, "years", "Youngest age at which an elder may enrol",
        "Xinyu: 73 in 2018, 70 by 2021", "M", scheduled=True)  # fmt: skip
    requires_self_care: ScheduledFlag = flag(True, "Only those able to care for themselves may enrol",
        "Xinyu 2018", "M", scheduled=True)  # fmt: skip
    requires_left_behind: ScheduledFlag = flag(True, "Only those without a child in the home may enrol",
        "Xinyu 2018: left behind, alone or in hardship", "M", scheduled=True)  # fmt: skip
    fee: Scheduled = number(200, 0, 500, "yuan/month for three meals a day", "Fee that the county's guideline names",
        "Fenyi 2021 (China National Radio)", "M", scheduled=True)  # fmt: skip
    fee_waiver_share: Scheduled = number(0.0, 0, 1, "share of the pension-only",
        "Users with little beyond the pension whose fee the county pays", scheduled=True)  # fmt: skip
    home_delivery: ScheduledFlag = flag(False, "Meals are carried to users who cannot come", scheduled=True)
    villages_per_site: Scheduled = count(1, 1, 5, "villages", "Neighbouring villages that one site may serve",
        scheduled=True)  # fmt: skip
    poor_villages_first: ScheduledFlag = flag(False, "Poor villages' applications are decided first", scheduled=True)


# What each lever costs: (yuan it costs, hours it takes, who pays). Lever names as in the groups above.
LEVER_COSTS: dict[str, tuple[str, str, str]] = {
    "funding.building_grant": ("the grant, once a site", "-", "government"),
    "funding.running_per_site": ("the money", "-", "government"),
    "funding.running_per_elder": ("the money", "-", "government"),
    "funding.paid_first": ("none: moves arrears between claims", "-", "whoever is paid last"),
    "funding.shortfall": ("none: money that does not come", "-", "whoever is paid last"),
    "funding.netting_off": ("saves the county the same", "-", "village, donors"),
    "funding.service_purchase": ("the money, each contract-month", "-", "government"),
    "funding.coordinator": ("the wage, each open site-month", "-", "government"),
    "incentive.awards_per_year": ("awards x award_cost", "-", "government"),
    "incentive.award_cost": ("awards x award_cost", "-", "government"),
    "incentive.time_bank": ("booking_cost each village-month with helpers", "redeemed hours, owed credits",
        "government; helpers"),
    "incentive.redemption_right": ("-", "helpers' hours moved to holders of credits", "other users"),
    "incentive.credit_life": ("-", "credits that expire", "helpers"),
    "incentive.pay_per_hour": ("pay up to pay_budget", "-", "government"),
    "incentive.pay_budget": ("pay up to pay_budget", "-", "government"),
    "incentive.booking_cost": ("booking_cost each village-month with helpers", "-", "government"),
    "supervision.audit_probability": ("economics.audit_cost each audit", "audit_hours of cadres", "government; committee"),
    "supervision.survey_share": ("economics.survey_cost each elder asked", "half an hour of each elder asked",
        "government; elders"),
    "supervision.open_book": ("book_cost each site-month", "book_hours of cadres each month", "site; committee"),
    "supervision.sanction": ("moves money found from village to county", "motivation lost", "village"),
    "supervision.evaluator": ("evaluator_cost each open site-year when external", "-", "government"),
    "supervision.money_follows_score": ("none: a fixed total", "-", "villages with less"),
    "negotiation.rounds": ("-", "negotiation_hours of every party each round", "every party in the negotiation"),
    "negotiation.elders_seat": ("-", "hours of elders who attend", "elders"),
    "negotiation.association_seat": ("-", "hours of its organiser", "association"),
    "negotiation.organization_seat": ("-", "hours of its staff", "organisation"),
    "negotiation.facilitation": ("facilitator_cost each meeting", "-", "government"),
    "legal.liability": ("accident_cost moved between payers; legal_drafting once if not the elder", "-",
        "whoever is liable"),
    "legal.insurance": ("premium each user- and helper-year, legal_drafting once", "-", "government"),
    "legal.contract_enforcement": ("legal_drafting once", "-", "government"),
    "legal.payment_guarantee": ("legal_drafting once; arrears moved to other claims", "-",
        "government; builders who wait"),
    "responsibility.named_share": ("duty_drafting once for each site when raised", "hours of the named",
        "government; the named"),
    "responsibility.paperwork": ("-", "report_hours x paperwork each quarter", "committee"),
    "responsibility.processing_months": ("processing_cost each application and month saved", "-", "government"),
    "responsibility.service_officers": ("officer_wage each", "the officers' own", "government"),
    "access.eligible_age": ("service to those who come", "-", "all payers of running cost"),
    "access.requires_self_care": ("service to those who come", "helpers' and skilled hours", "all payers"),
    "access.requires_left_behind": ("service to those who come", "-", "all payers of running cost"),
    "access.fee": ("moves cost between elders and the site", "-", "elders"),
    "access.fee_waiver_share": ("the fees waived", "-", "government"),
    "access.home_delivery": ("delivery_cost each meal carried", "-", "site"),
    "access.villages_per_site": ("fewer buildings; longer ways", "travel of users and helpers", "elders"),
    "access.poor_villages_first": ("none: an order", "-", "richer villages wait"),
}  # fmt: skip
