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
        number(
            100_000,
            0,
            300_000,
            "yuan/site",
            "Grant to build or refit a site",
            "Feixiang maximum (China Daily 2014); Wugang 200,000",
            "T",
        ),
        "Building grant",
        Cost("the grant, once a site", payer=COUNTY, items=("building",)),
    )
    running_per_site: Scheduled = lever(
        number(
            3_000,
            0,
            10_000,
            "yuan/site-month",
            "Running money for each open site",
            "Laipo village, Zhangshu (Jiangxi Daily 2022); Feixiang 750-1,050",
            "M",
        ),
        "Running money per site",
        Cost("the money", payer=COUNTY, items=("running",)),
    )
    running_per_elder: Scheduled = lever(
        number(
            0,
            0,
            600,
            "yuan/enrolled elder-month",
            "Running money for each user that is reported",
            "none reported in the reference class",
            "A",
        ),
        "Running money per elder",
        Cost("the money", payer=COUNTY, items=("running",)),
    )
    paid_first: ScheduledChoice = lever(
        choice(
            "building",
            PAID_FIRST,
            "Whose claims the county pays first when money is short",
            "'heavy on building, light on managing': the source study",
            "M",
        ),
        "Who is paid first",
        Cost(reason="an order of payment: arrears move to whoever is paid last"),
    )
    shortfall: Scheduled = lever(
        number(
            0.05,
            -1,
            1,
            "share of planned money",
            "Part of the planned money that the county's revenue does not cover in an average year",
            "Zibo: subsidy late (Southern Weekly 2024), qualitative",
            "A",
        ),
        "Shortfall of money",
        Cost(reason="money that does not come: whoever is paid last waits"),
    )
    netting_off: Scheduled = lever(
        number(0.0, 0, 1, "share", "Part of village and donors' money that is taken off a site's running money"),
        "Support net of what others give",
        Cost("saves the county the same", payer="village, donors"),
    )
    service_purchase: Scheduled = lever(
        number(
            1_200,
            0,
            10_000,
            "yuan/contract-month",
            "Money offered to an organisation for working in a village",
            "30 yuan an hour of a social-work station (2021)",
            "M",
        ),
        "Purchase of services",
        Cost("the money, each contract-month", payer=COUNTY, items=("contracts",)),
    )
    contract_hours: Scheduled = lever(
        number(
            40,
            5,
            300,
            "hours/contract-month",
            "Skilled hours that a contract buys in a village",
            "a tenth of a station: ten villages each",
            "I",
        ),
        "Hours of a contract",
        Cost(hours="the organisation's skilled hours", payer="organisation"),
    )


class Incentive(Group):
    """What a helper gets back."""

    label: ClassVar[str] = "What helpers get back"

    awards_per_year: Scheduled = lever(
        number(0, 0, 20, "awards/village-year", "Public honours; each helper of the village has the same chance"),
        "Honours",
        Cost("awards x award_cost", payer=COUNTY, items=("awards",)),
    )
    award_cost: Scheduled = lever(
        number(200, 0, 1_000, "yuan/award", "Cost of one award and its ceremony"),
        "Cost of an honour",
        Cost("awards x award_cost", payer=COUNTY, items=("awards",)),
    )
    time_bank: ScheduledFlag = lever(
        flag(
            False,
            "Hours worked are booked as credits; a claim has priority among those of like need",
            "Lu et al. 2024",
            "T",
        ),
        "Time bank",
        Cost("booking_cost each village-month with helpers", "owed credits", "government; helpers", items=("booking",)),
    )
    credit_life: Scheduled = lever(
        number(60, 6, 240, "months", "Mean life of a credit before it expires"),
        "Life of a credit",
        Cost(hours="credits that expire", payer="helpers"),
    )
    pay_per_hour: Scheduled = lever(
        number(0, 0, 30, "yuan/hour", "Pay for an hour worked"),
        "Pay of helpers",
        Cost("pay up to pay_budget", payer=COUNTY, items=("helpers_pay",)),
    )
    pay_budget: Scheduled = lever(
        number(
            800, 0, 10_000, "yuan/site-month", "Budget line for helpers' pay; beyond it hours are paid in proportion"
        ),
        "Budget line for pay",
        Cost("pay up to pay_budget", payer=COUNTY, items=("helpers_pay",)),
    )
    booking_cost: Scheduled = lever(
        number(300, 0, 2_000, "yuan/village-month", "Staff who book the hours of a time bank"),
        "Cost of booking hours",
        Cost("booking_cost each village-month with helpers", payer=COUNTY, items=("booking",)),
    )


class Supervision(Group):
    """Who looks, at what, and what follows."""

    label: ClassVar[str] = "Supervision"

    audit_probability: Scheduled = lever(
        number(
            0.15,
            0,
            1,
            "1/site-year",
            "Chance that a site is audited in a year",
            "Junan county 2020-21: 2 of 14 homes a year",
            "M",
        ),
        "Audits",
        Cost("audit_cost each audit", "audit_hours of cadres", "government; committee", items=("audits",)),
    )
    audit_cost: Scheduled = lever(
        number(600, 0, 3_000, "yuan/audit", "Two inspectors for a day"),
        "Cost of an audit",
        Cost("audit_cost each audit", payer=COUNTY, items=("audits",)),
    )
    audit_hours: Scheduled = lever(
        number(16, 0, 60, "hours/audit", "Cadre hours that an audit takes"),
        "Hours of an audit",
        Cost(hours="audit_hours each audit", payer="committee"),
    )
    survey_share: Scheduled = lever(
        number(0.0, 0, 1, "share of users", "Share of a site's users interviewed each year"),
        "Survey of users",
        Cost(
            "survey_cost each elder asked", "half an hour of each elder asked", "government; elders", items=("survey",)
        ),
    )
    survey_cost: Scheduled = lever(
        number(30, 0, 200, "yuan/elder asked", "Interview of a user"),
        "Cost of an interview",
        Cost("survey_cost each elder asked", payer=COUNTY, items=("survey",)),
    )
    open_book: ScheduledFlag = lever(
        flag(False, "The site's ledger hangs on its wall", "Xiejiapu (Xinhua 2018)", "M"),
        "Open book",
        Cost("book_cost each site-month", "book_hours of cadres each month", "site; committee"),
    )
    book_cost: Scheduled = lever(
        number(20, 0, 200, "yuan/site-month", "Printing and posting of an open book"),
        "Cost of an open book",
        Cost("book_cost each site-month", payer="site"),
    )
    book_hours: Scheduled = lever(
        number(2, 0, 20, "hours/site-month", "Cadre hours that an open book takes"),
        "Hours of an open book",
        Cost(hours="book_hours each month", payer="committee"),
    )
    sanction: Scheduled = lever(
        number(0.3, 0, 3, "multiple of the money at stake", "Penalty for what is found"),
        "Sanction",
        Cost("moves money found from village to county", "motivation lost", "village"),
    )
    evaluator: ScheduledChoice = lever(
        choice(
            "internal",
            EVALUATORS,
            "Who checks the reports: the office that wants good figures, or an outsider",
            "Jiangxi press on idle sites",
            "M",
        ),
        "Evaluator",
        Cost("evaluator_cost each open site-year when external", payer=COUNTY, items=("evaluator",)),
    )
    evaluator_cost: Scheduled = lever(
        number(500, 0, 5_000, "yuan/site-year", "Fee of an outside evaluator"),
        "Cost of an evaluator",
        Cost("evaluator_cost each open site-year", payer=COUNTY, items=("evaluator",)),
    )
    follow_up: Scheduled = lever(
        number(
            0.2,
            0,
            1,
            "share of findings",
            "Findings that rules say must be followed up",
            "marks without a failing grade (Shaanxi 2017): little follows",
            "I",
        ),
        "Following findings up",
        Cost(hours="office and cadre hours each finding", payer="township; committee"),
    )
    money_follows_score: Scheduled = lever(
        number(
            0.0,
            -1,
            1,
            "exponent",
            "How next year's running money follows the score within a fixed total: "
            "-1 more to the needy, 0 equal, 1 more to the successful",
        ),
        "Money follows the score",
        Cost(reason="a fixed total is shared otherwise: villages with less bear it"),
    )
    renewal_score: Scheduled = lever(
        number(0.6, 0, 1, "score", "Score seen below which a site's running money ends for a year"),
        "Renewal by score",
        Cost("saves the county the money", payer="village"),
    )
    idle_penalty: Scheduled = lever(
        number(
            0.0,
            0,
            1,
            "share",
            "Part of its money that the county loses for each share of sites seen idle",
            "penalties seen in one case (Huize 2025): assumed absent today",
            "A",
        ),
        "Penalty for idle sites",
        Cost("saves the prefecture the same", payer=COUNTY),
    )


class Negotiation(Group):
    """Who talks with whom before the plan is made."""

    label: ClassVar[str] = "Talk about the plan"

    rounds: Scheduled = lever(
        count(
            0, 0, 12, "rounds/year", "Rounds of talk about the plan; with none it is the plan of whoever runs and pays"
        ),
        "Rounds of talk",
        Cost(
            "facilitator_cost each meeting where there is facilitation",
            "round_hours of every party each round",
            "government; every party",
            items=("facilitator",),
        ),
    )
    round_hours: Scheduled = lever(
        number(3, 0, 12, "hours/party-round", "Time that a round of talk takes of each present"),
        "Hours of a round",
        Cost(hours="round_hours of every party each round", payer="every party"),
    )
    elders_seat: ScheduledFlag = lever(
        flag(False, "Elders who attend have a seat"),
        "Seat of elders",
        Cost(hours="hours of elders who attend", payer="elders"),
    )
    association_seat: ScheduledFlag = lever(
        flag(False, "The elders' association has a seat"),
        "Seat of the association",
        Cost(hours="hours of a member", payer="association"),
    )
    organization_seat: ScheduledFlag = lever(
        flag(False, "Social organisations have a seat"),
        "Seat of organisations",
        Cost(hours="hours of its staff", payer="organisation"),
    )
    facilitation: ScheduledFlag = lever(
        flag(False, "A facilitator: a round does the work of two", "Balliet 2010: face to face talk", "T"),
        "Facilitator",
        Cost("facilitator_cost each meeting", payer=COUNTY, items=("facilitator",)),
    )
    facilitator_cost: Scheduled = lever(
        number(300, 0, 2_000, "yuan/meeting", "Fee of a facilitator"),
        "Cost of a facilitator",
        Cost("facilitator_cost each meeting", payer=COUNTY, items=("facilitator",)),
    )


class Legal(Group):
    """What the law answers for."""

    label: ClassVar[str] = "Law and guarantees"

    liability: ScheduledChoice = lever(
        choice("elder", LIABILITY, "Who bears the cost of an accident that no insurance covers"),
        "Liability for accidents",
        Cost(
            "accident cost moved between payers; drafting once if not the elder",
            payer="whoever is liable; government",
            items=("law", "accidents"),
        ),
    )
    insurance: ScheduledFlag = lever(
        flag(False, "Users and helpers are insured; the county pays the premium"),
        "Insurance",
        Cost("premium each user- and helper-year, drafting once", payer=COUNTY, items=("premiums", "law")),
    )
    contract_enforcement: ScheduledFlag = lever(
        flag(False, "Organisations can enforce what a contract owes them: it is paid with the first claims"),
        "Enforcement of contracts",
        Cost("drafting once", payer=COUNTY, items=("law",)),
    )
    payment_guarantee: ScheduledFlag = lever(
        flag(False, "Running money is paid before all else: who is paid first, not more money"),
        "Guarantee of running money",
        Cost("drafting once; arrears moved to other claims", payer="government; builders who wait", items=("law",)),
    )
    drafting: Scheduled = lever(
        number(200, 0, 5_000, "yuan/village", "Drafting and training for a legal rule, once"),
        "Cost of a legal rule",
        Cost("drafting a village and rule, once", payer=COUNTY, items=("law",)),
    )


class Responsibility(Group):
    """Who is to do what, and how much paper it takes."""

    label: ClassVar[str] = "Duties and service"

    named_share: Scheduled = lever(
        number(0.2, 0, 1, "share of duties", "Duties of a site with a named party, known to all and checkable"),
        "Named duties",
        Cost(
            "duty_drafting once for each site when raised",
            "hours of the named",
            "government; the named",
            items=("duties",),
        ),
    )
    duty_drafting: Scheduled = lever(
        number(300, 0, 5_000, "yuan/site", "Drafting and training for lists of duties, once"),
        "Cost of a list of duties",
        Cost("duty_drafting once a site when raised", payer=COUNTY, items=("duties",)),
    )
    county_deadlines: Scheduled = lever(
        number(0.2, 0, 1, "share of duties", "The county's own duties with a named desk and a deadline"),
        "Deadlines of the county",
        Cost("office_cost a township once when raised", "hours of the desk", "government; township", items=("duties",)),
    )
    office_cost: Scheduled = lever(
        number(3_000, 0, 30_000, "yuan/township", "Setting up desks with deadlines, once"),
        "Cost of deadlines",
        Cost("office_cost a township once when raised", payer=COUNTY, items=("duties",)),
    )
    paperwork: Scheduled = lever(
        number(1.0, 0.1, 2, "multiple of today's", "Length of reports"),
        "Paperwork",
        Cost(hours="report_hours x paperwork each quarter", payer="committee"),
    )
    report_hours: Scheduled = lever(
        number(8, 0, 40, "hours/quarterly report", "Cadre hours that a site's report takes today"),
        "Hours of a report",
        Cost(hours="report_hours x paperwork each quarter", payer="committee"),
    )


class Access(Group):
    """Who may come, and how the service reaches them."""

    label: ClassVar[str] = "Who may come, and how"

    eligible_age: Scheduled = lever(
        number(73, 60, 90, "years", "Youngest age at which an elder may enrol", "Xinyu: 73 in 2018, 70 by 2021", "M"),
        "Age limit",
        Cost("service to those who come", payer="all payers of running cost"),
    )
    requires_self_care: ScheduledFlag = lever(
        flag(True, "Only those without ADL loss may enrol", "Xinyu 2018: able to care for oneself", "M"),
        "Only the able",
        Cost("service to those who come", "helpers' and skilled hours", "all payers"),
    )
    requires_left_behind: ScheduledFlag = lever(
        flag(
            True,
            "Only those without a child in the home may enrol",
            "Xinyu 2018: left behind, alone or in hardship",
            "M",
        ),
        "Only the left behind",
        Cost("service to those who come", payer="all payers of running cost"),
    )
    meals_a_day: Scheduled = lever(
        number(
            2.5,
            0,
            3,
            "meals/day",
            "Meals a day that the county's guideline names",
            "Xinyu three; Zhangshu, Yongxin, Nanchang county two",
            "M",
        ),
        "Meals of the guideline",
        Cost("food, cook and hands", payer="all payers of running cost"),
    )
    fee: Scheduled = lever(
        number(
            2.2,
            0,
            10,
            "yuan/meal",
            "Fee that the county's guideline names",
            "Fenyi 2021: 200 yuan a month for three meals; 37 plans: median 2, highest 8",
            "M",
        ),
        "Fee",
        Cost("moves cost between elders and the site", payer="elders"),
    )
    fewest_users: Scheduled = lever(
        number(
            5,
            1,
            20,
            "elders",
            "Signed-up elders below which a site is not opened",
            "Anhui: ten at a meal point; Hebei 8 a home",
            "I",
        ),
        "Smallest site",
        Cost("fewer sites", payer="elders of small hamlets"),
    )
    fee_waiver_share: Scheduled = lever(
        number(
            0.0, 0, 1, "share of the pension-only", "Users with little beyond the pension whose fee the county pays"
        ),
        "Waiver of fees",
        Cost("the fees waived", payer=COUNTY, items=("waivers",)),
    )
    home_delivery: ScheduledFlag = lever(
        flag(False, "Meals are carried to users who cannot come"),
        "Home delivery",
        Cost("delivery each meal carried", payer="site"),
    )
    villages_per_site: Scheduled = lever(
        count(1, 1, 5, "villages", "Neighbouring villages that one site may serve"),
        "Villages that share a site",
        Cost("fewer buildings; longer ways", "travel of users and helpers", "elders"),
    )
    poor_villages_first: ScheduledFlag = lever(
        flag(False, "Poor villages' applications are decided first"),
        "Poor villages first",
        Cost(reason="an order of decisions: richer villages wait"),
    )


class Staff(Group):
    """Paid staff: comparators, in no recommendation."""

    label: ClassVar[str] = "Paid staff"

    coordinator: Scheduled = lever(
        number(
            0, 0, 6_000, "yuan/site-month", "Wage of a paid coordinator at each open site, whose hours go to its duties"
        ),
        "Paid coordinator",
        Cost("the wage, each open site-month", payer=COUNTY, items=("coordinators",)),
    )
    officers: Scheduled = lever(
        number(0, 0, 4, "officers/20 villages", "Township officers whose hours go to the county's own duties"),
        "Service officers",
        Cost("officer_wage each", "the officers' own", COUNTY, items=("officers",)),
    )
