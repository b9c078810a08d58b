"""The levers: what a county can change, one class per group. Defaults are today's policy.

Every lever is a value or a schedule {month: value}, and says what it costs and who pays; docs/levers.md, the report,
`coprod-sim --levers` and the tests read it from here. To add one, see docs/extending.md.
"""

from typing import ClassVar

from coprod_sim.scenario.declaring import (
    Cost,
    Group,
    Scheduled,
    ScheduledChoice,
    ScheduledFlag,
    choice,
    count,
    flag,
    lever,
    number,
)

PAID_FIRST = ("building", "shared", "running")
LIABILITY = ("elder", "village", "government")
EVALUATORS = ("internal", "external")
COUNTY = "government"


class Funding(Group):
    """Money from the county for buildings and for running them."""

    label: ClassVar[str] = "Money"

    building_grant: Scheduled = lever(
        number(100_000, 0, 300_000, "yuan/site", "Grant to build or refit a site",
               "Feixiang maximum (China Daily 2014); Wugang 200,000", "T"),
        "Building grant", Cost("the grant, once a site", payer=COUNTY, items=("building",)))  # fmt: skip
    running_per_site: Scheduled = lever(
        number(3_000, 0, 10_000, "yuan/site-month", "Running money for each open site",
               "Laipo village, Zhangshu (Jiangxi Daily 2022); Feixiang 750-1,050", "M"),
        "Running money per site", Cost("the money", payer=COUNTY, items=("running",)))  # fmt: skip
    running_per_elder: Scheduled = lever(
        number(0, 0, 600, "yuan/enrolled elder-month", "Running money for each enrolled elder",
               "none reported in the reference class", "A"),
        "Running money per elder", Cost("the money", payer=COUNTY, items=("running",)))  # fmt: skip
    paid_first: ScheduledChoice = lever(
        choice("building", PAID_FIRST, "Whose claims the county pays first when money is short",
               "'heavy on building, light on managing': the source study", "M"),
        "Who is paid first", Cost(reason="an order of payment: arrears move to whoever is paid last"))  # fmt: skip
    shortfall: Scheduled = lever(
        number(0.02, 0, 1, "share of planned money",
               "Part of the planned money that the county's revenue does not cover in an average year",
               "Zibo: subsidy late (Southern Weekly 2024), qualitative", "A"),
        "Shortfall of money", Cost(reason="money that does not come: whoever is paid last waits"))  # fmt: skip
    netting_off: Scheduled = lever(
        number(0.0, 0, 1, "share", "Part of village and donors' money that is taken off a site's running money"),
        "Netting off of others' money", Cost("saves the county the same", payer="village, donors"))  # fmt: skip
    service_purchase: Scheduled = lever(
        number(1_500, 0, 10_000, "yuan/contract-month", "Money offered to an organisation for working in a village"),
        "Purchase of services", Cost("the money, each contract-month", payer=COUNTY, items=("contracts",)))  # fmt: skip
    coordinator: Scheduled = lever(
        number(0, 0, 6_000, "yuan/site-month", "Wage of a paid coordinator at each open site; his hours manage the site"),
        "Paid coordinator", Cost("the wage, each open site-month", payer=COUNTY, items=("coordinators",)))  # fmt: skip


class Incentive(Group):
    """What a helper gets back."""

    label: ClassVar[str] = "What helpers get back"

    awards_per_year: Scheduled = lever(
        number(0, 0, 20, "awards/village-year", "Public honours; each helper of the village has the same chance"),
        "Honours", Cost("awards x award_cost", payer=COUNTY, items=("awards",)))  # fmt: skip
    award_cost: Scheduled = lever(
        number(200, 0, 1_000, "yuan/award", "Cost of one award and its ceremony"),
        "Cost of an honour", Cost("awards x award_cost", payer=COUNTY, items=("awards",)))  # fmt: skip
    time_bank: ScheduledFlag = lever(
        flag(False, "Hours given are booked as credits that may be redeemed for help", "Lu et al. 2024", "T"),
        "Time bank", Cost("booking_cost each village-month with helpers", "redeemed hours, owed credits",
                          "government; helpers", items=("booking",)))  # fmt: skip
    redemption_right: Scheduled = lever(
        number(0.5, 0, 1, "share of helpers' hours",
               "Part of a site's helping hours on which holders of credits have the first claim"),
        "First claim of credits", Cost(hours="helpers' hours moved to holders of credits", payer="other users"))  # fmt: skip
    credit_life: Scheduled = lever(
        number(60, 6, 240, "months", "Mean life of a credit before it expires"),
        "Life of a credit", Cost(hours="credits that expire", payer="helpers"))  # fmt: skip
    pay_per_hour: Scheduled = lever(
        number(0, 0, 30, "yuan/hour", "Pay for an hour of help"),
        "Pay of helpers", Cost("pay up to pay_budget", payer=COUNTY, items=("helpers_pay",)))  # fmt: skip
    pay_budget: Scheduled = lever(
        number(800, 0, 10_000, "yuan/site-month",
               "Budget line for helpers' pay; beyond it hours are paid in proportion"),
        "Budget line for pay", Cost("pay up to pay_budget", payer=COUNTY, items=("helpers_pay",)))  # fmt: skip
    booking_cost: Scheduled = lever(
        number(300, 0, 2_000, "yuan/village-month", "Staff who book the hours of a time bank"),
        "Cost of booking hours", Cost("booking_cost each village-month with helpers", payer=COUNTY, items=("booking",)))  # fmt: skip


class Supervision(Group):
    """Who looks, at what, and what follows."""

    label: ClassVar[str] = "Supervision"

    audit_probability: Scheduled = lever(
        number(0.05, 0, 1, "1/site-year", "Chance that a site is audited in a year",
               "today's value assumed: audits are rare", "A"),
        "Audits", Cost("economics.audit_cost each audit", "audit_hours of cadres", "government; committee",
                       items=("audits",)))  # fmt: skip
    survey_share: Scheduled = lever(
        number(0.0, 0, 1, "share of users", "Share of a site's users interviewed each year"),
        "Survey of users", Cost("economics.survey_cost each elder asked", "half an hour of each elder asked",
                                "government; elders", items=("survey",)))  # fmt: skip
    open_book: ScheduledFlag = lever(
        flag(False, "The site's ledger hangs on its wall", "Xiejiapu (Xinhua 2018)", "M"),
        "Open book", Cost("book_cost each site-month", "book_hours of cadres each month", "site; committee"))  # fmt: skip
    sanction: Scheduled = lever(
        number(0.3, 0, 3, "multiple of the money or score at stake", "Penalty for what an audit finds"),
        "Sanction", Cost("moves money found from village to county", "motivation lost", "village"))  # fmt: skip
    evaluator: ScheduledChoice = lever(
        choice("internal", EVALUATORS,
               "Who checks the reports: the office that wants good figures, or an outsider",
               "Jiangxi press on idle sites", "M"),
        "Evaluator", Cost("evaluator_cost each open site-year when external", payer=COUNTY, items=("evaluator",)))  # fmt: skip
    money_follows_score: Scheduled = lever(
        number(0.0, -1, 1, "exponent",
               "How next year's running money follows the score within a fixed total: "
               "-1 more to the needy, 0 equal, 1 more to the successful"),
        "Money follows the score", Cost(reason="a fixed total is shared otherwise: villages with less bear it"))  # fmt: skip


class Negotiation(Group):
    """Who talks with whom before the plan is made."""

    label: ClassVar[str] = "Talk about the plan"

    rounds: Scheduled = lever(
        count(0, 0, 12, "rounds/year", "Rounds of talk about the plan; with none it is the government's"),
        "Rounds of talk", Cost("facilitator_cost each meeting where there is facilitation",
                               "negotiation_hours of every party each round", "government; every party in the negotiation",
                               items=("facilitator",)))  # fmt: skip
    elders_seat: ScheduledFlag = lever(
        flag(False, "Elders who attend have a seat"),
        "Seat of elders", Cost(hours="hours of elders who attend", payer="elders"))  # fmt: skip
    association_seat: ScheduledFlag = lever(
        flag(False, "The elders' association has a seat"),
        "Seat of the association", Cost(hours="hours of its organiser", payer="association"))  # fmt: skip
    organization_seat: ScheduledFlag = lever(
        flag(False, "Social organisations have a seat"),
        "Seat of organisations", Cost(hours="hours of its staff", payer="organisation"))  # fmt: skip
    facilitation: ScheduledFlag = lever(
        flag(False, "A facilitator gives more of those present a turn to speak",
             "Balliet 2010: face to face talk", "T"),
        "Facilitator", Cost("facilitator_cost each meeting", payer=COUNTY, items=("facilitator",)))  # fmt: skip


class Legal(Group):
    """What the law answers for."""

    label: ClassVar[str] = "Law and guarantees"

    liability: ScheduledChoice = lever(
        choice("elder", LIABILITY, "Who bears the cost of an accident that no insurance covers"),
        "Liability for accidents", Cost("accident_cost moved between payers; legal_drafting once if not the elder",
                                        payer="whoever is liable; government", items=("law", "accidents")))  # fmt: skip
    insurance: ScheduledFlag = lever(
        flag(False, "Users and helpers are insured; the county pays the premium"),
        "Insurance", Cost("premium each user- and helper-year, legal_drafting once", payer=COUNTY,
                          items=("premiums", "law")))  # fmt: skip
    contract_enforcement: ScheduledFlag = lever(
        flag(False, "Organisations can enforce what a contract owes them: it is paid with the first claims"),
        "Enforcement of contracts", Cost("legal_drafting once", payer=COUNTY, items=("law",)))  # fmt: skip
    payment_guarantee: ScheduledFlag = lever(
        flag(False, "Running money is paid before buildings and does not lapse: who is paid first, not more money"),
        "Guarantee of running money", Cost("legal_drafting once; arrears moved to other claims",
                                           payer="government; builders who wait", items=("law",)))  # fmt: skip


class Responsibility(Group):
    """Who is to do what, and how much paper it takes."""

    label: ClassVar[str] = "Duties and service"

    named_share: Scheduled = lever(
        number(0.2, 0, 1, "share of tasks", "Tasks that the plan gives to a named party"),
        "Named duties", Cost("duty_drafting once for each site when raised", "hours of the named",
                             "government; the named", items=("duties",)))  # fmt: skip
    paperwork: Scheduled = lever(
        number(1.0, 0.1, 2, "multiple of today's",
               "Length of reports; a shorter report also tells the county less"),
        "Paperwork", Cost(hours="report_hours x paperwork each quarter", payer="committee"))  # fmt: skip
    processing_months: Scheduled = lever(
        number(2, 0, 12, "months", "Time the county takes to decide an application"),
        "Time to decide", Cost("processing_cost each application and month saved", payer=COUNTY, items=("processing",)))  # fmt: skip
    service_officers: Scheduled = lever(
        number(0, 0, 4, "officers/20 villages", "Township staff who work for the sites"),
        "Service officers", Cost("officer_wage each", "the officers' own", COUNTY, items=("officers",)))  # fmt: skip


class Access(Group):
    """Who may come, and how the service reaches them."""

    label: ClassVar[str] = "Who may come, and how"

    eligible_age: Scheduled = lever(
        number(73, 60, 90, "years", "Youngest age at which an elder may enrol", "Xinyu: 73 in 2018, 70 by 2021", "M"),
        "Age limit", Cost("service to those who come", payer="all payers of running cost"))  # fmt: skip
    requires_self_care: ScheduledFlag = lever(
        flag(True, "Only those able to care for themselves may enrol", "Xinyu 2018", "M"),
        "Only the able", Cost("service to those who come", "helpers' and skilled hours", "all payers"))  # fmt: skip
    requires_left_behind: ScheduledFlag = lever(
        flag(True, "Only those without a child in the home may enrol",
             "Xinyu 2018: left behind, alone or in hardship", "M"),
        "Only the left behind", Cost("service to those who come", payer="all payers of running cost"))  # fmt: skip
    fee: Scheduled = lever(
        number(200, 0, 500, "yuan/month for three meals a day", "Fee that the county's guideline names",
               "Fenyi 2021 (China National Radio)", "M"),
        "Fee", Cost("moves cost between elders and the site", payer="elders"))  # fmt: skip
    fee_waiver_share: Scheduled = lever(
        number(0.0, 0, 1, "share of the pension-only",
               "Users with little beyond the pension whose fee the county pays"),
        "Waiver of fees", Cost("the fees waived", payer=COUNTY, items=("waivers",)))  # fmt: skip
    home_delivery: ScheduledFlag = lever(
        flag(False, "Meals are carried to users who cannot come"),
        "Home delivery", Cost("delivery_cost each meal carried", payer="site"))  # fmt: skip
    villages_per_site: Scheduled = lever(
        count(1, 1, 5, "villages", "Neighbouring villages that one site may serve"),
        "Villages that share a site", Cost("fewer buildings; longer ways", "travel of users and helpers", "elders"))  # fmt: skip
    poor_villages_first: ScheduledFlag = lever(
        flag(False, "Poor villages' applications are decided first"),
        "Poor villages first", Cost(reason="an order of decisions: richer villages wait"))  # fmt: skip
