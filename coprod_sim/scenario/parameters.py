"""Parameters that no county decides, each declared once; what a county decides are the levers."""

from coprod_sim.scenario.declaring import Group, Scheduled, count, flag, number, text, village_rows
from coprod_sim.scenario.limits import MOST_VILLAGES
from coprod_sim.scenario.villages import VillageRow


class County(Group):
    """Which county this is."""

    name: str = text("county_a", "Name shown in results")
    villages: tuple[VillageRow, ...] = village_rows("The county's villages, one row each; none: villages are drawn")
    sheet: str = text("", "Sheet of the spreadsheet that the villages are read from; empty: its only one")


class Horizon(Group):
    """How long, and where results are read."""

    months: int = count(120, 1, 600, "months", "Length of a run")
    reform_month: int = count(36, 0, 599, "months", "Until this month every scenario runs today's policy")
    state_window: int = count(12, 1, 120, "months", "States are averaged over the last so many months")


class Population(Group):
    """Who lives in the villages (60 and over)."""

    villages: int = count(130, 1, MOST_VILLAGES, "villages", "Villages of the county; of a county from data as many as its file has",
        "the county of the source study is not named: size of the reference class", "A")  # fmt: skip
    elders_per_village: float = number(240, 5, 1_000, "persons 60+", "Mean number of elders in a village",
        "Xinyu: 170,000 aged 60+ less the towns over 414 villages; Feixiang 177", "I")  # fmt: skip
    village_size_spread: float = number(0.35, 0, 1, "sd of the logarithm", "How far villages differ in size")
    hamlets_per_village: float = number(1.8, 1, 4, "hamlets", "Mean number of hamlets in a village",
        "Xinyu: 505 sites in 409 villages, later 616 in 413", "I")  # fmt: skip
    share_60_69: float = number(0.56, 0.50, 0.65, "share of 60+", "Elders aged 60-69; fixes the growth of cohorts",
        "5th national survey 2021", "M")  # fmt: skip
    married_at_60: float = number(0.88, 0.5, 1.0, "share", "Elders with a living spouse at 60",
        "set so that about 45% live alone or with a spouse only (CLASS 2014; Lei et al. 2015)", "I")  # fmt: skip
    child_same_home: float = number(0.41, 0, 1, "share", "Nearest child lives in the same home", "Lei et al. 2015", "M")
    child_in_village: float = number(0.34, 0, 1, "share", "Nearest child lives in the village", "Lei et al. 2015", "M")
    child_in_county: float = number(0.14, 0, 1, "share", "Nearest child lives in the county", "Lei et al. 2015", "M")
    child_away: float = number(0.05, 0, 1, "share", "Nearest child lives outside the county", "Lei et al. 2015", "M")
    child_none: float = number(0.06, 0, 1, "share", "No child", "Lei et al. 2015", "M")
    income_median: float = number(700, 200, 2_000, "yuan/month",
        "Median income of an elder: pension, land or wages, children's transfers",
        "inferred from rural income a head 2021 (18,931 yuan a year) and pension", "I")  # fmt: skip
    income_spread: float = number(0.8, 0.1, 1.5, "sd of the logarithm", "How far incomes differ")
    pension: float = number(
        188, 0, 500, "yuan/month", "Residents' pension: the least an elder has", "NewsChina 2023", "M"
    )
    poor_village_share: float = number(0.577, 0, 1, "share of villages",
        "Villages with collective income of none or under 50,000 yuan a year", "Chen Xueyuan et al. (2019 data)", "M")  # fmt: skip
    rich_village_money: float = number(20_000, 0, 200_000, "yuan/year",
        "Median money that a village that is not poor can spend on care")  # fmt: skip
    migration_rate: Scheduled = number(0.01, 0, 0.2, "1/year",
        "Chance that the nearest child moves one step further away", scheduled=True)  # fmt: skip


class Health(Group):
    """ADL loss, death and need."""

    adl_set: int = count(3, 1, 5, "index", "Which of five fitted sets of onset and recovery rates",
        "fitted to prevalences (Chen Y. et al. 2023) and onset (Li et al. 2019)", "I")  # fmt: skip
    adl_at_60: float = number(0.09, 0, 0.3, "share", "Elders with ADL loss at 60", "edge of the fitted grid", "I")
    adl_mortality_ratio: float = number(1.5, 1.0, 3.0, "ratio", "Death rate, disabled over independent",
        "edge of the fitted grid", "I")  # fmt: skip
    mortality_step: float = number(1.6, 1, 3, "ratio", "Death rate of an ADL grade over the grade before")
    severity_mild: float = number(0.866, 0, 1, "share of disabled", "Mild ADL loss", "SW China 2020, N = 16,536", "M")
    severity_moderate: float = number(0.077, 0, 1, "share of disabled", "Moderate ADL loss", "SW China 2020", "M")
    severity_severe: float = number(0.057, 0, 1, "share of disabled", "Severe ADL loss", "SW China 2020", "M")
    care_mild: float = number(8, 1, 40, "hours/week", "Daily help needed with mild ADL loss",
        "UK care models (Gostoli & Silverman 2019)", "T")  # fmt: skip
    care_moderate: float = number(20, 1, 80, "hours/week", "Daily help needed with moderate ADL loss",
        "UK care models (Gostoli & Silverman 2019)", "T")  # fmt: skip
    care_severe: float = number(40, 1, 120, "hours/week", "Daily help needed with severe ADL loss",
        "UK care models (Gostoli & Silverman 2019)", "T")  # fmt: skip
    company_need: float = number(2, 0.5, 10, "hours/week", "Company needed by an elder without a child in the home")
    health_visits: float = number(1, 0.1, 4, "visits/month", "Skilled visits needed with ADL loss, more when severe")
    self_care_at_60: float = number(0.9, 0, 1, "share of meals", "Meals that an independent elder of 60 provides alone")
    self_care_loss: float = number(0.015, 0, 0.05, "1/year", "Yearly loss of that")
    adequate: float = number(0.8, 0.5, 1, "share of need", "From here on a need counts as adequately met")


class Family(Group):
    """What a family covers of each need; spouse and child add up as chances of a gap do."""

    cover_child_home: float = number(0.75, 0, 1, "share of need", "Care by a child in the home")
    cover_child_village: float = number(0.45, 0, 1, "share of need", "Care by a child in the village")
    cover_child_county: float = number(0.2, 0, 1, "share of need", "Care by a child in the county")
    cover_child_away: float = number(0.1, 0, 1, "share of need", "Care by a child outside the county")
    cover_spouse: float = number(
        0.4, 0, 1, "share of need", "Care by a spouse", "spouses are the main carers (Gruijters 2015)"
    )
    company_spouse: float = number(0.8, 0, 1, "share of need", "Company that a spouse gives")
    crowd_out: float = number(0.2, 0, 0.5, "share of served need", "How much less a family gives when a scheme serves")
    support: Scheduled = number(1.0, 0, 1.5, "multiple", "Strength of family care; a schedule lets it weaken",
        scheduled=True)  # fmt: skip


class Services(Group):
    """How hours and money become service. Inputs are relative to a reference need of each service."""

    rho: float = number(-0.5, -5, 0.95, "", "Substitutability of regular inputs and elders' hours (CES); 1 perfect",
        "Ostrom 1996, Parks et al. 1981: complements or substitutes", "A")  # fmt: skip
    share_meals: float = number(0.7, 0.05, 0.95, "share", "Weight of regular inputs in meals")
    share_company: float = number(0.2, 0.05, 0.95, "share", "Weight of regular inputs in company")
    share_daily_help: float = number(0.5, 0.05, 0.95, "share", "Weight of regular inputs in daily help")
    share_health: float = number(0.8, 0.05, 0.95, "share", "Weight of regular inputs in health")
    floor_meals: float = number(0.7, 0, 1, "share of need", "Meals that the cook alone can serve")
    floor_company: float = number(0.4, 0, 1, "share of need", "Company that the common table alone gives")
    floor_daily_help: float = number(0.5, 0, 1, "share of need", "Daily help that elders alone can give")
    floor_health: float = number(0.6, 0, 1, "share of need", "Health service that skilled staff alone can give")
    meal_hours: float = number(0.04, 0.005, 0.5, "hours/meal", "Reference hours of help at a meal")
    company_hours: float = number(0.5, 0.1, 1, "hours/hour", "Reference hours of help for an hour of company")
    daily_help_hours: float = number(0.7, 0.2, 1, "hours/hour", "Reference hours of elders for an hour of daily help")
    skilled_hours: float = number(
        0.3, 0.05, 1, "hours/hour", "Reference hours of skilled staff for an hour of daily help"
    )
    visit_hours: float = number(0.75, 0.2, 3, "hours/visit", "Skilled hours of a health visit")
    travel_hours: float = number(0.3, 0, 2, "hours/hour", "Way to a home, for an hour of help at home")
    tasks: float = number(12, 1, 60, "tasks/site-month", "Small joint tasks that some party has to do")
    task_hours: float = number(1.5, 0.1, 10, "hours/task", "Time that one task takes")
    task_weight: float = number(0.5, 0, 1, "share of service", "Service lost when every task is left undone")


class Economics(Group):
    """Prices (yuan of 2021) and costs."""

    food_cost: float = number(4, 1, 10, "yuan/meal", "Food and fuel of a meal")
    coordinator_wage: float = number(19, 8, 40, "yuan/hour", "Wage of a coordinator")
    cook_wage: float = number(1_500, 500, 4_000, "yuan/month", "Wage of a part-time cook")
    upkeep: float = number(
        300, 0, 2_000, "yuan/site-month", "Power, water, repairs", "Feixiang: about 2,000 yuan a year", "T"
    )
    site_capacity: float = number(25, 8, 60, "elders", "Places of a site", "Guanchao: 37 the largest seen", "I")
    donations_opening: float = number(20_000, 0, 50_000, "yuan/site-year", "Donations in a site's first year",
        "Laipo village, Zhangshu (2022), period not stated", "M")  # fmt: skip
    donation_decay: float = number(
        0.3, 0, 0.9, "1/year", "Yearly loss of donors who cannot tell what is done with their money"
    )
    reopening_cost: float = number(5000, 0, 100_000, "yuan", "Cost of reopening a stopped site")
    building_cost: float = number(80_000, 10_000, 300_000, "yuan/site", "Cost of refitting rooms for a site")
    reuse_share: float = number(0.25, 0, 1, "share of building cost", "Cost of a site in reused rooms")
    building_life: float = number(20, 5, 50, "years", "Life over which a building is written off")
    audit_cost: float = number(600, 0, 3_000, "yuan/audit", "Two inspectors for a day")
    audit_hours: float = number(16, 0, 60, "hours/audit", "Cadre hours that an audit takes")
    survey_cost: float = number(30, 0, 200, "yuan/elder asked", "Interview of a user")
    evaluator_cost: float = number(500, 0, 5_000, "yuan/site-year", "Fee of an outside evaluator")
    report_hours: float = number(8, 0, 40, "hours/quarterly report", "Cadre hours that a site's report takes")
    book_cost: float = number(20, 0, 200, "yuan/site-month", "Printing and posting of an open book")
    book_hours: float = number(2, 0, 20, "hours/site-month", "Cadre hours that an open book takes")
    facilitator_cost: float = number(300, 0, 2_000, "yuan/meeting", "Fee of a facilitator")
    negotiation_hours: float = number(3, 0, 12, "hours/party-round", "Time that a round of talk takes of each present")
    legal_drafting: float = number(200, 0, 5_000, "yuan/village", "Drafting and training for a legal rule, once")
    duty_drafting: float = number(300, 0, 5_000, "yuan/site", "Drafting and training for lists of duties, once")
    processing_cost: float = number(100, 0, 2_000, "yuan/application-month saved", "Staff for faster decisions")
    officer_wage: float = number(5_000, 2_000, 12_000, "yuan/month", "Wage of a township service officer")
    insurance_premium: float = number(100, 20, 400, "yuan/person-year", "Insurance of a user or helper")
    accident_cost: float = number(3_000, 0, 50_000, "yuan/accident", "Treatment and compensation")
    delivery_cost: float = number(1.5, 0, 6, "yuan/meal", "Carrying a meal to a home")
    shadow_wage: float = number(12, 0, 40, "yuan/hour", "Rural wage at which unpaid hours may be valued")
    discount_rate: float = number(0.05, 0, 0.08, "1/year", "Rate at which later yuan count less")


class ElderParameters(Group):
    """What moves an elder. Weights are log-odds a unit unless said otherwise."""

    motivation_rate: float = number(0.01, 0, 0.2, "1/month", "How fast helpers' motivation follows experience")
    aware_at_start: float = number(
        0.8, 0, 1, "share", "Elders who have heard of mutual aid", "Zhang et al. 2024 (Zhenjiang)", "T"
    )
    hear_rate: float = number(0.1, 0, 1, "1/month", "Hearing of it, if all acquaintances use or help")
    conditional: float = number(0.50, 0, 1, "share", "Conditional cooperators", "Fischbacher et al. 2001", "T")
    free_rider: float = number(0.30, 0, 1, "share", "Free riders", "Fischbacher et al. 2001", "T")
    hump: float = number(0.14, 0, 1, "share", "Hump-shaped cooperators", "Fischbacher et al. 2001", "T")
    unconditional: float = number(
        0.06, 0, 1, "share", "Unconditional cooperators", "Fischbacher et al. 2001: remainder", "T"
    )
    conditional_slope: float = number(
        0.8, 0, 1.2, "ratio", "Own giving in response to what acquaintances give", "Fischbacher & Gaechter 2010", "T"
    )
    trust_at_start: float = number(0.5, 0, 1, "", "Mean trust in the committee")
    motivation_at_start: float = number(
        0.4, 0, 1, "", "Mean intrinsic motivation; weak", "Zhongzhou Xuekan 2021(6)", "M"
    )
    adaptation: float = number(0.1, 0, 1, "1/month", "How fast expectations follow experience")
    trust_rate: float = number(0.05, 0, 1, "1/month", "How fast trust follows experience")
    trust_return: float = number(0.02, 0, 1, "1/month", "How fast trust returns to what it was when nothing happens")
    hearsay: float = number(0.3, 0, 1, "", "Weight of acquaintances' experience against one's own")

    enrol_base: float = number(-3.6, -10, 5, "", "Enrolling in a month, all else zero", "calibrated: uptake-15", "A")
    enrol_need: float = number(2.0, 0, 6, "", "Unmet need of meals and company")
    enrol_alone: float = number(0.5, 0, 3, "", "Living alone", "Wang & Chen 2023 (sign)", "M")
    enrol_trust: float = number(1.0, 0, 4, "", "Trust", "Liu & Sun 2022 (sign)", "M")
    enrol_quality: float = number(1.0, 0, 4, "", "Quality seen at the site")
    enrol_recognition: float = number(0.8, 0, 4, "", "Recognition of the plan")
    enrol_fee: float = number(2.0, 0, 8, "", "Fee as a share of income")
    enrol_face: float = number(1.5, 0, 5, "", "Filial face with children near", "Wang & Chen 2023 (sign)", "M")
    enrol_distance: float = number(0.8, 0, 4, "1/km", "Way to the site")
    enrol_acquaintances: float = number(1.5, 0, 5, "", "Share of acquaintances enrolled")
    leave_base: float = number(-4.5, -10, 5, "", "Leaving in a month, all else zero")
    leave_disappointment: float = number(4.0, 0, 10, "", "Satisfaction below expectation")
    leave_fee: float = number(1.0, 0, 8, "", "Fee as a share of income")

    start_base: float = number(-5.35, -14, 5, "", "Starting to help in a month, all else zero", "calibrated: gap", "A")
    stop_base: float = number(
        -3.3,
        -10,
        5,
        "",
        "Stopping in a month, all else zero: about 0.30 a year",
        "calibrated: helper_stops",
        "A",
    )
    habit: float = number(0.35, 0, 3, "ratio", "Weight of a motive in stopping over its weight in starting")
    help_motivation: float = number(1.5, 0, 5, "", "Intrinsic motivation", "Alford 2002", "T")
    help_taste: float = number(1.2, 0, 3, "per sd", "Lasting taste for helping")
    help_trust: float = number(1.0, 0, 4, "", "Trust in the committee", "Liu & Sun 2022 (sign)", "M")
    help_recognition: float = number(0.8, 0, 4, "", "Recognition of the plan")
    help_reciprocity: float = number(
        2.5, 0, 8, "", "Acquaintances' helping, by cooperator type", "Fischbacher et al. 2001 (form)", "T"
    )
    help_honour: float = number(1.0, 0, 4, "", "Chance of an honour in a year")
    help_credit: float = number(
        1.5, 0, 5, "", "A credit believed in, by own expected need", "Lu et al. 2024 (sign)", "T"
    )
    help_pay: float = number(1.0, 0, 5, "per ln(1 + hour's pay x 40 / income)", "Pay", "Tang et al. 2010 (sign)", "T")
    help_age: float = number(0.06, 0, 0.3, "1/year over 60", "Age", "Liu & Sun 2022 (sign)", "M")
    help_mild: float = number(1.0, 0, 5, "", "Own mild ADL loss", "Liu & Sun 2022 (sign)", "M")
    help_kin: float = number(1.0, 0, 5, "", "A disabled spouse", "Tang et al. 2010 (sign)", "T")
    help_distance: float = number(0.6, 0, 4, "1/km", "Way to the site")
    help_fear: float = number(1.5, 0, 6, "", "Fear of liability")
    help_fatigue: float = number(1.0, 0, 5, "", "Fatigue")
    help_asked: float = number(1.2, 0, 5, "", "Having been asked this month")
    help_bystander: float = number(
        1.0, 0, 5, "", "Bystander effect: belief that others do the tasks, of those not asked"
    )
    crowding: float = number(0.4, 0, 1, "share", "Weight that intrinsic motivation loses while pay is offered",
        "Frey & Oberholzer-Gee 1997: acceptance 50% to 25%", "T")  # fmt: skip
    crowding_persistence: float = number(1.0, 0, 1, "share", "Part of that loss that stays when pay ends",
        "Gneezy & Rustichini 2000", "T")  # fmt: skip
    willing_from: float = number(
        1.6, -5, 10, "log-odds", "Motives from which an elder says yes to joining", "calibrated: gap", "A"
    )
    hours_active: float = number(2.0, 0.25, 10, "hours/week", "Hours of a helper of middling utility")
    hours_utility: float = number(2.0, -5, 15, "log-odds", "Middling utility of helping of those who help")
    hours_slope: float = number(0.25, 0, 1, "per log-odds", "How hours rise with the utility of helping")
    fatigue_hours: float = number(6, 1, 40, "hours/week", "Hours at which a helper tires fully in the long run")
    fear_of_accident: float = number(0.05, 0, 0.5, "0-1", "Fear after an accident that somebody answers for")
    fear_of_cost: float = number(0.3, 0, 1, "0-1", "Further fear where those struck bear the cost themselves")
    trust_lost_unanswered: float = number(
        0.01, 0, 0.1, "0-1", "Trust lost in a village where those struck bear the cost"
    )
    trust_lost_diverted: float = number(
        0.04, 0, 0.5, "1/month", "Trust lost a month for each share seen diverted in an open book"
    )
    fear_decay: float = number(0.1, 0, 1, "1/month", "How fast an accident is forgotten")
    attend_base: float = number(-2.0, -8, 5, "", "Attending a meeting, all else zero")
    attend_trust: float = number(1.5, 0, 5, "", "Trust")
    attend_motivation: float = number(1.5, 0, 5, "", "Intrinsic motivation")
    attend_distance: float = number(0.8, 0, 4, "1/km", "Way to the meeting")
    complain_base: float = number(-5.0, -10, 5, "", "Complaining in a month, all else zero")
    complain_disappointment: float = number(6.0, 0, 15, "", "Satisfaction below expectation")
    set_point: float = number(23.0, 5, 30, "points of 30", "Mean well-being without unmet need (30 less CES-D-10)",
        "Wang Y. et al. 2021: CES-D-10 mean 9.1, sd 6.7", "T")  # fmt: skip
    set_point_spread: float = number(6.0, 0, 10, "points", "Spread of set points", "Wang Y. et al. 2021", "T")
    unmet_cost: float = number(2.0, 0, 8, "points", "Well-being lost with a need that is wholly unmet")
    carer_strain: float = number(2.56, 0, 6, "points", "Well-being lost by caring for a disabled spouse near daily",
        "Wang Y. et al. 2021", "M")  # fmt: skip


class CommitteeParameters(Group):
    """The village committee: motives, hours, temptations."""

    hours_a_week: float = number(6, 1, 40, "hours/week", "Cadre hours that can go to this work in a village")
    service_motivation: float = number(0.5, 0, 1, "", "Mean public-service motivation")
    service_motivation_spread: float = number(0.15, 0, 0.3, "sd", "How far committees differ in it")
    effort_base: float = number(0.3, -5, 5, "log-odds", "Share of these hours really given, all else zero")
    effort_motivation: float = number(3.0, 0, 8, "log-odds", "Public-service motivation above one half")
    effort_recognition: float = number(2.0, 0, 8, "log-odds", "Recognition of the plan above one half")
    first_exposure: float = number(1.0, 0, 5, "log-odds", "Sanction expected, in doing first what is inspected")
    effort_workload: float = number(0.5, 0, 5, "log-odds", "Hours asked over hours there are")
    report_first: float = number(1.0, -5, 5, "log-odds", "Doing what is inspected before what is not, all else zero")
    site_hours: float = number(6, 0, 40, "hours/site-month", "Management that an open site needs")
    user_hours: float = number(0.5, 0, 5, "hours/user-month", "Management that a user needs")
    canvass_hours: float = number(0.5, 0.05, 3, "hours/elder asked", "Time to ask one elder")
    canvass_share: float = number(0.2, 0, 1, "share", "Uninspected hours kept for asking elders")
    divert_base: float = number(-1.9, -8, 5, "log-odds", "Share of public money diverted, all else zero",
        "aimed at 15% unaudited: road projects in Indonesia (T)", "A")  # fmt: skip
    divert_propensity: float = number(1.0, 0, 3, "sd, log-odds", "How far committees differ in it")
    divert_deterrence: float = number(3.0, 0, 10, "log-odds", "Expected loss from an audit")
    divert_scrutiny: float = number(
        2.0, 0, 10, "log-odds", "Readers of an open book and members of an association, as a share of elders"
    )
    inflate_gain: float = number(0.3, 0, 1, "score", "Value of a better report when nobody checks")
    inflate_cost: float = number(1.0, 0.1, 5, "score", "Unease at a false report")
    disposition_rate: float = number(0.02, 0, 0.5, "1/month", "How fast service motivation returns to what it was")
    sanction_sting: float = number(0.05, 0, 0.5, "", "Public-service motivation lost in an audit with a sanction",
        "motivation crowding (Frey & Oberholzer-Gee 1997, sign)", "T")  # fmt: skip
    partner_stake: float = number(
        0.7, 0, 1, "of the full loss", "Stake of organisations and officers in an undone task"
    )
    checked_stake: float = number(
        0.5, 0, 2, "of the full loss", "Stake added by the sanction expected, in tasks that one is named for"
    )
    belief_in_others_at_start: float = number(0.3, 0, 1, "", "Belief that another party does a task")
    belief_rate: float = number(0.1, 0, 1, "1/month", "How fast beliefs about others follow what was seen")
    task_sharpness: float = number(4.0, 0.5, 20, "", "How sharply a party answers to loss against cost of a task")
    task_cost: float = number(0.5, 0, 2, "of the loss", "Cost of a task to a party with little else to do")
    open_base: float = number(
        -1.0, -8, 5, "log-odds", "Applying for a site in a month, all else zero", "calibrated: campaign", "A"
    )
    open_motivation: float = number(1.0, 0, 5, "log-odds", "Public-service motivation")
    open_pressure: float = number(3.0, 0, 10, "log-odds", "Share of villages that have a site already")
    open_campaign: float = number(2.0, 0, 8, "log-odds", "A county's campaign that is short of its target")
    open_money: float = number(1.0, 0, 5, "log-odds", "Building grant over building cost, beyond one")
    open_workload: float = number(
        1.5, 0, 5, "log-odds", "Hours that the village's sites already ask, over hours there are"
    )
    fewest_users: float = number(4, 1, 20, "elders", "Signed-up elders below which a site does not open or stay open")
    top_up: float = number(0.5, 0, 1, "share", "Village money that a committee of full motivation puts into a site")


class GovernmentParameters(Group):
    """The county government."""

    target_share: Scheduled = number(0.8, 0, 1, "share of villages", "Villages to have a site: the campaign's target",
        "Xinyu guideline of December 2016", "M", scheduled=True)  # fmt: skip
    decisions_a_month: float = number(0.4, 0.01, 1, "of villages", "Applications that the county can decide in a month")
    building_months: float = number(
        1, 0, 12, "months", "Mean time to refit rooms", "Xinyu: 505 sites in half a year", "I"
    )
    revenue_spread: float = number(0.06, 0, 0.6, "sd of the logarithm", "Yearly fluctuation of the county's revenue")
    revenue_persistence: float = number(0.5, 0, 0.95, "", "Part of it that carries over to the next year")
    idle_penalty: float = number(0.0, 0, 1, "share", "Weight of idle sites on the prefecture's scorecard",
        "provincial inspections: assumed absent today", "A")  # fmt: skip
    counts_elders: bool = flag(False, "The prefecture's scorecard counts elders served, not sites opened")
    renewal_score: float = number(0.5, 0, 1, "score", "Score seen below which a site's running money ends")


class AssociationParameters(Group):
    """Elders' associations."""

    allowed: bool = flag(True, "Associations may form")
    activist_from: float = number(1.5, 0, 4, "sd", "Lasting taste for helping from which an elder is active anyway")
    ties_needed: float = number(
        12, 1, 200, "ties", "Acquaintances between trusting, active elders at which founding is likely"
    )
    found_rate: float = number(0.01, 0, 1, "1/month", "Founding where there are ties enough")
    trust_needed: float = number(0.5, 0, 1, "", "Trust from which an elder counts as trusting")
    dues: float = number(5, 0, 100, "yuan/month", "Dues of a member", "Baiguo: dues, unpaid organisers (Xia 2023)", "M")
    join_base: float = number(-4.0, -10, 5, "log-odds", "Joining in a month, all else zero")
    join_acquaintances: float = number(3.0, 0, 10, "log-odds", "Share of acquaintances who are members")
    organiser_hours: float = number(20, 0, 100, "hours/month", "Unpaid hours of an organiser")
    capture_rate: float = number(0.02, 0, 0.5, "1/month", "Takeover by a committee that diverts, where no book is open")
    standing_rate: float = number(0.1, 0, 1, "1/month", "How fast standing follows what members experience")


class OrganizationParameters(Group):
    """Social organisations."""

    per_100_villages: float = number(6, 0, 50, "organisations", "Organisations that work in the county",
        "unknown; few in rural China", "A")  # fmt: skip
    hours: float = number(320, 20, 3_000, "hours/month", "Skilled hours of an organisation")
    hours_a_contract: float = number(40, 5, 300, "hours/contract-month", "Skilled hours given in a village at most")
    cost_per_hour: float = number(30, 5, 100, "yuan/hour", "What an hour costs an organisation")
    mission: float = number(10, 0, 100, "yuan/hour", "What an hour given to need is worth to its mission")
    enter_base: float = number(-3.0, -10, 5, "log-odds", "Entering a village in a month at no gain")
    enter_gain: float = number(0.1, 0, 1, "log-odds/yuan", "Gain of an hour: price believed in, mission, less cost")
    leave_base: float = number(-4.0, -10, 5, "log-odds", "Leaving a village in a month at no gain")
    belief_rate: float = number(0.15, 0, 1, "1/month", "How fast belief in being paid follows payment")


class Design(Group):
    """How a plan is talked about."""

    turns: float = number(6, 1, 50, "turns/round", "Elders who get to speak in a round")
    turns_facilitated: float = number(15, 1, 50, "turns/round", "Elders who get to speak in a round with a facilitator")
    learning: float = number(0.5, 0, 1, "1/round", "How far a listener takes up what was said and not known")
    concession: float = number(0.3, 0, 1, "1/round", "How far a party moves towards the others in a round")
    tolerance: float = number(0.35, 0.02, 1, "distance", "Distance beyond which a party does not move")
    goodwill: float = number(0.05, 0, 1, "distance", "Loss on its own ideal that a party accepts for an agreement")
    recognition_scale: float = number(0.5, 0.1, 1, "distance", "Distance of plan and ideal at which recognition is nil")
    broken_trust: float = number(0.01, 0, 0.1, "1/month", "Trust lost a month while nothing of the plan is kept")
    broken_promise: float = number(
        0.5, 0, 1, "share", "Recognition lost when nothing of what the plan promised is kept"
    )


class Geography(Group):
    """Ways and ties."""

    between_hamlets: float = number(1.2, 0, 10, "km", "Way between hamlets of a village")
    between_villages: float = number(3.5, 0, 20, "km", "Way between neighbouring villages")
    ties_in_hamlet: float = number(0.7, 0, 1, "share", "Acquaintances who live in the own hamlet")
    accident_elder_days: float = number(0.2, 0, 5, "1/1,000 elder-days", "Accidents of users at a site")
    accident_helper_hours: float = number(0.05, 0, 5, "1/1,000 hours", "Accidents of helpers")
