"""Parameters that no county decides, each declared once; what a county decides are the levers.

Weights are log-odds a unit unless said otherwise. A material motive is yuan a month as a share of the own monthly
income, weighed by one number in every choice (`motives.per_income`); only social motives have weights of their own.
"""

from coprod_sim.scenario.declaring import Group, Scheduled, choice, count, flag, number, text, village_rows
from coprod_sim.scenario.limits import MOST_VILLAGES
from coprod_sim.scenario.villages import VillageRow

FORMS_OF_HELPING = ("matching", "threshold")
FORMS_OF_DUTIES = ("dilemma", "usual")
FORMS_OF_EXPECTATION = ("beta", "adaptive")


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

    villages: int = count(
        130,
        1,
        MOST_VILLAGES,
        "villages",
        "Villages of the county; with a file as many as it has",
        "the county of the source study is not named: size of the reference class",
        "A",
    )
    elders_per_village: float = number(
        240,
        5,
        1_000,
        "persons 60+",
        "Mean number of elders in a village",
        "Xinyu: 170,000 aged 60+ less the towns over 414 villages; Feixiang 177",
        "I",
    )
    village_size_spread: float = number(0.35, 0, 1, "sd of the logarithm", "How far villages differ in size")
    hamlets_per_village: float = number(
        1.8,
        1,
        4,
        "hamlets",
        "Mean number of hamlets in a village",
        "Xinyu: 505 sites in 409 villages, later 616 in 413",
        "I",
    )
    share_60_69: float = number(
        0.56,
        0.50,
        0.65,
        "share of 60+",
        "Elders aged 60-69; fixes the growth of cohorts",
        "5th national survey 2021",
        "M",
    )
    married_at_60: float = number(
        0.88, 0.5, 1.0, "share", "Elders with a living spouse at 60", "the fall with age follows from deaths", "I"
    )
    child_same_home: float = number(0.41, 0, 1, "share", "Nearest child lives in the same home", "Lei et al. 2015", "M")
    child_in_village: float = number(0.34, 0, 1, "share", "Nearest child lives in the village", "Lei et al. 2015", "M")
    child_in_county: float = number(0.14, 0, 1, "share", "Nearest child lives in the county", "Lei et al. 2015", "M")
    child_away: float = number(0.05, 0, 1, "share", "Nearest child lives outside the county", "Lei et al. 2015", "M")
    child_none: float = number(0.06, 0, 1, "share", "No child", "Lei et al. 2015", "M")
    alone_or_with_spouse: float = number(
        0.45,
        0,
        1,
        "share",
        "Elders who live alone or with a spouse only: the left behind",
        "CLASS 2014; Lei et al. 2015",
        "M",
    )
    income_median: float = number(
        700,
        200,
        2_000,
        "yuan/month",
        "Median income of an elder: pension, land or wages, children's transfers",
        "inferred from rural income a head 2021 (18,931 yuan a year) and pension",
        "I",
    )
    income_spread: float = number(0.8, 0.1, 1.5, "sd of the logarithm", "How far incomes differ")
    pension: float = number(
        188, 50, 500, "yuan/month", "Residents' pension: the least an elder has", "NewsChina 2023", "M"
    )
    poor_village_share: float = number(
        0.577,
        0,
        1,
        "share of villages",
        "Villages with collective income of none or under 50,000 yuan a year",
        "Chen Xueyuan et al. (2019 data)",
        "M",
    )
    rich_village_money: float = number(
        20_000, 5_000, 200_000, "yuan/year", "Median money that a village that is not poor can spend on care"
    )
    migration_rate: Scheduled = number(
        0.01, 0, 0.2, "1/year", "Chance that the nearest child moves one step further away", scheduled=True
    )


class Geography(Group):
    """Ways and ties: the scale of the map."""

    between_hamlets: float = number(
        1.2, 0, 10, "km", "Way between hamlets of a village; three times that between villages"
    )
    ties_in_hamlet: float = number(0.7, 0, 1, "share", "Acquaintances who live in the own hamlet")


class Health(Group):
    """ADL loss and the amount of each need."""

    adl_set: int = count(
        3,
        1,
        5,
        "index",
        "Which of five fitted sets of onset and recovery rates",
        "fitted to prevalences (Chen Y. et al. 2023) and onset (Li et al. 2019) in growing cohorts",
        "I",
    )
    severity_mild: float = number(0.866, 0, 1, "share of disabled", "Mild ADL loss", "SW China 2020, N = 16,536", "M")
    severity_moderate: float = number(0.077, 0, 1, "share of disabled", "Moderate ADL loss", "SW China 2020", "M")
    severity_severe: float = number(0.057, 0, 1, "share of disabled", "Severe ADL loss", "SW China 2020", "M")
    care_mild: float = number(
        8, 4, 12, "hours/week", "Daily help needed with mild ADL loss", "UK care models (Gostoli & Silverman 2019)", "T"
    )
    care_step: float = number(
        2.2,
        1.5,
        3.0,
        "ratio",
        "Daily help needed with a grade over the grade before",
        "8, 20, 40 hours a week in UK care models (Gostoli & Silverman 2019)",
        "T",
    )
    company_need: float = number(7, 3, 14, "hours/week", "Company that an elder needs beside the own household's")
    health_visits: float = number(
        4,
        1,
        12,
        "visits/year",
        "Skilled visits that an independent elder needs; with ADL loss one, two or three times as many more",
    )


class Family(Group):
    """What self and family cover of each need (a share): a logit that varies between individuals around its mean."""

    lonely_alone: float = number(
        0.48,
        0.40,
        0.52,
        "share",
        "Lonely among those who live alone: company covered by less than half",
        "CLHLS 2018 rural (Yang, Zhou & Wang 2025)",
        "M",
        role="calibration",
    )
    lonely_with_others: float = number(
        0.32,
        0.26,
        0.36,
        "share",
        "The same of those without a spouse who live with others",
        "CLHLS 2018 rural (Yang, Zhou & Wang 2025)",
        "M",
        role="calibration",
    )
    lonely_married: float = number(
        0.16,
        0.12,
        0.22,
        "share",
        "The same of those with a spouse",
        "CLHLS 2018 rural (Yang, Zhou & Wang 2025)",
        "M",
        role="calibration",
    )
    without_care: float = number(
        0.14,
        0.08,
        0.25,
        "share of disabled",
        "Family covers less than a tenth of daily help",
        "Chen X. 2013 (CHARLS 2011/12)",
        "M",
        role="calibration",
    )
    checked_up: float = number(
        0.40,
        0.35,
        0.60,
        "share",
        "Clinics cover more than half of the health visits",
        "Ge et al. 2017: 37% in rural Shandong; administrative 60% in 2021",
        "M",
        role="calibration",
    )
    meals: float = number(2.4, 1.0, 4.0, "log-odds", "Meals covered by an independent elder of 70 on the own")
    spouse: float = number(
        1.0,
        0.3,
        2.0,
        "log-odds",
        "A fit spouse, on meals and daily help",
        "spouses are the main carers (Gruijters 2015): sign",
        "A",
    )
    child: float = number(1.5, 0.5, 3.0, "log-odds", "A child in the home, on meals and daily help")
    child_decay: float = number(
        0.5, 0.2, 0.8, "ratio", "Effect of a child one step further away: village, county, away"
    )
    age: float = number(0.3, 0.0, 0.8, "log-odds/decade", "Loss of cover with age after 70")
    grade: float = number(0.8, 0.3, 1.5, "log-odds/grade", "Loss of cover with a grade of ADL loss")
    spread: float = number(1.6, 0.8, 2.4, "sd, log-odds", "How far individuals differ around the mean, for life")
    crowd_out: float = number(
        0.3,
        0.1,
        0.5,
        "share of served need",
        "How much less family and self do where a scheme serves; less with each grade",
        "0.47 an hour in Shanghai (Zhang H. 2020); -17% in pilots",
        "T",
    )


class Motives(Group):
    """Weights of motives, the same in every choice, and how the parties' motivation and trust move."""

    intrinsic: float = number(
        2.0,
        0.5,
        4.0,
        "log-odds",
        "Own motivation above one half",
        "Alford 2002; in Chinese studies weak: Zhongzhou Xuekan 2021(6)",
        "T",
    )
    trust: float = number(1.5, 0.0, 3.0, "log-odds", "Trust in the committee above one half", "Liu & Sun 2022: sign")
    recognition: float = number(1.5, 0.0, 3.0, "log-odds", "Recognition of the plan above one half")
    others: float = number(
        2.0,
        0.0,
        5.0,
        "log-odds",
        "Share of acquaintances who do the same",
        "conditional cooperation (Fischbacher et al. 2001): form",
        "T",
    )
    per_income: float = number(2.0, 0.5, 6.0, "log-odds", "Yuan a month worth the own monthly income")
    rate: float = number(
        0.05, 0.01, 0.15, "1/month", "How fast motivation and trust move to where experience puts them"
    )
    feel: float = number(0.5, 0.0, 1.0, "ratio", "How far experience moves motivation and trust from where they rest")


class Helping(Group):
    """Helping others outside the home: a standing, and hours."""

    base: float = number(-3.3, -4.5, -2.0, "log-odds", "Helping, all else zero", "calibrated: base-helping", "A")
    reconsider: float = number(
        0.03,
        0.015,
        0.06,
        "1/month",
        "Chance to think again whether to help or join",
        "CNCS 2007: three in ten volunteers stop within a year",
        "T",
    )
    hours_base: float = number(
        -1.3,
        -2.5,
        0.0,
        "log-odds",
        "Part of the most hours that are given, all else zero",
        "calibrated: the official's sheet",
        "A",
    )
    taste: float = number(1.5, 1.0, 2.0, "log-odds/sd", "Lasting taste for helping")
    frailty: float = number(
        0.5, 0.0, 1.5, "log-odds", "A decade of age over 70, or mild ADL loss", "Liu & Sun 2022: sign", "A"
    )
    asked: float = number(1.0, 0.0, 3.0, "log-odds", "Having been asked this month", "Freeman 1997: sign", "T")
    company: float = number(
        1.0,
        0.0,
        2.0,
        "log-odds",
        "Own need of company that is open",
        "role and attachment (Coast et al. 2008): sign",
        "A",
    )
    honour: float = number(0.3, 0.0, 1.5, "log-odds", "Chance of an honour in a year")
    crowding: float = number(
        0.4,
        0.0,
        0.8,
        "share",
        "Weight that own motivation loses for good once pay was offered",
        "Frey & Oberholzer-Gee 1997 (half); Gneezy & Rustichini 2000 (it stays lost)",
        "T",
    )
    credit_value: float = number(
        30,
        0,
        60,
        "yuan/hour",
        "What an hour of help in old age is worth to a saver of credits",
        "willingness to pay 19-48 yuan an hour (10.1002/hec.4927)",
        "T",
    )
    fear: float = number(5, 1, 20, "ratio", "How many times its expected cost a liability weighs")
    conditional: float = number(0.50, 0.40, 0.60, "share", "Conditional cooperators", "Fischbacher et al. 2001", "T")
    matching: float = number(0.4, 0.1, 0.6, "share", "Part of a conditional cooperator's hours that follow others'")
    slope: float = number(
        0.8, 0.6, 1.0, "ratio", "Hours matched for an hour of others", "Fischbacher & Gaechter 2010: imperfect", "T"
    )


class Enrolling(Group):
    """Enrolling at a site."""

    base: float = number(1.3, -3.0, 3.0, "log-odds", "Enrolling, all else zero", "calibrated: uptake-15", "A")
    reconsider: float = number(
        0.35, 0.05, 0.5, "1/month", "Chance to think again whether to enrol, and to hear from acquaintances"
    )
    need: float = number(3.0, 1.0, 8.0, "log-odds", "Need of meals and company that the site is expected to close")
    face: float = number(
        1.5, 0.0, 3.0, "log-odds", "Filial face, with a child in the home or village", "Wang & Chen 2023: sign", "A"
    )
    aware_at_start: float = number(
        0.8, 0.5, 0.9, "share", "Elders who have heard of mutual aid", "Zhang et al. 2024 (Zhenjiang)", "T"
    )


class Design(Group):
    """How a plan is talked about."""

    attend: float = number(-1.5, -4.0, 1.0, "log-odds", "Attending a meeting, all else zero")
    learning: float = number(0.4, 0.0, 0.8, "1/round", "How much of what is not known a round of talk teaches")
    say_elders: float = number(0.3, 0.1, 0.6, "share", "Say of elders, association and organisation together")
    heed: float = number(
        0.5, 0.0, 1.0, "share", "How far the county follows what it knows of a village against its guideline"
    )
    close_at: float = number(
        0.4, 0.2, 0.8, "distance", "Distance of plan and farthest ideal at which a round closes with chance 1/e"
    )


class Associations(Group):
    """Elders' associations."""

    allowed: bool = flag(True, "Associations may form")
    at_start: float = number(
        0.2,
        0.0,
        0.74,
        "share of villages",
        "Villages with a working association at the start",
        "74% of communities have a registered one (2014); how many work is not known",
        "I",
    )
    founding: float = number(0.0005, 0.0, 0.005, "1/month and tie", "Founding, for each tie between two helpers")
    join: float = number(-1.0, -4.0, 2.0, "log-odds", "Being a member, all else zero")


class Organizations(Group):
    """Social organisations: their number is a scenario, their work a measured station's."""

    per_county: int = count(
        2,
        0,
        20,
        "organisations",
        "Organisations that work in the county: 0, 2 or 6 as scenarios",
        "assumed scenario",
        "A",
    )
    hours: float = number(
        400,
        50,
        3_000,
        "hours/month",
        "Skilled hours of an organisation",
        "2.5 workers a social-work station (MCA, June 2022)",
        "M",
    )
    enter: float = number(-1.0, -4.0, 2.0, "log-odds", "Working in a village for a year, all else zero")
    need: float = number(2.0, 0.0, 5.0, "log-odds", "Share of users' daily help and health needs that is open")


class Committee(Group):
    """The village committee: hours, temptations, openings."""

    hours: float = number(6, 0, 20, "hours/week", "Cadre hours for this work at middling motivation")
    paper_first: float = number(0.7, 0.2, 1.0, "share", "Part of inspected work that comes before all other")
    greed: float = number(
        0.15,
        0.0,
        0.4,
        "share of public money",
        "Mean share diverted where nobody looks",
        "public works abroad before audits (Olken 2007)",
        "T",
    )
    vanity: float = number(0.3, 0.0, 0.8, "share", "Mean part of what is missing that a report adds where nobody looks")
    deterrence: float = number(
        1.0,
        0.0,
        3.0,
        "ratio",
        "How far an expected sanction holds back either, and shirking",
        "audits cut missing spending by 8 points of 28 (Olken 2007): sign",
        "A",
    )
    opening: float = number(
        -0.75, -5.0, 1.0, "log-odds", "Applying for a site in a month, all else zero", "calibrated: campaign", "A"
    )
    pressure: float = number(4.0, 0.0, 6.0, "log-odds", "A campaign short of its target, and villages that have a site")
    top_up: float = number(0.5, 0.0, 1.0, "share", "Village money that a committee of full motivation puts into a site")


class Duties(Group):
    """The handful of duties that a site, and the county's office, live by."""

    cost: float = number(
        0.4,
        0.05,
        0.95,
        "ratio",
        "Cost of doing a duty over what its being undone costs the doer: the assumption that naming a party rests on",
    )
    sharpness: float = number(8, 4, 16, "log-odds", "How sharply a party answers to the logarithm of gain over cost")
    hours: float = number(20, 10, 60, "hours/site-month", "Hours that a site's duties take in all")
    office_hours: float = number(40, 0, 160, "hours/township-month", "Hours of a township for the county's own duties")


class Expectation(Group):
    """Expectation that the scheme goes on and pays."""

    start: float = number(0.5, 0.1, 0.9, "share", "Expectation at the start")
    prior: float = number(20, 12, 48, "months", "Months of experience that it is worth")


class Faults(Group):
    """Faults of kinds (money, days, people not reached)."""

    onset: float = number(
        0.5,
        0.05,
        2.0,
        "1/site-year",
        "Onset of a fault of a kind",
        "about five faults found a visit (Guangchang, Ninghai): level",
        "A",
    )
    repair: float = number(1.0, 0.0, 3.0, "1/year", "Repair of a fault that nobody found")
    mending: float = number(
        0.4,
        0.0,
        0.9,
        "1/month",
        "Repair of a fault that was found and followed up, hours given",
        "83% corrected about three months on (Ezhou 2025)",
        "I",
    )
    size: float = number(0.3, 0.05, 0.7, "share", "Part of days, or of people reached, that a fault costs")


class Services(Group):
    """How money and hours become service."""

    rho: float = number(
        -0.5,
        -3.0,
        0.8,
        "",
        "Substitutability of cook and helping hands (CES); 1 perfect",
        "Ostrom 1996, Parks et al. 1981: complements or substitutes",
        "A",
    )
    share: float = number(0.5, 0.3, 0.7, "share", "Weight of the cook against helping hands")
    floor: float = number(0.3, 0.1, 0.7, "share", "Helping hands that the cook replaces")
    meal_hours: float = number(0.10, 0.03, 0.2, "hours/meal", "Helping hands at a meal")
    extra_meals: float = number(0.6, 0.1, 1.0, "meals/day", "Meals that a user eats at the site beyond the open need")
    table_company: float = number(0.7, 0.2, 1.5, "hours/day", "Company that users of a table give each other")
    travel: float = number(0.3, 0.1, 0.8, "hours/hour", "Way to a home, for an hour of help there")
    capacity: float = number(25, 12, 40, "elders", "Places of a site", "Guanchao: 37 the largest seen", "I")
    wear: float = number(0.02, 0.005, 0.05, "1/month", "Wear of rooms that nobody repairs")
    accidents: float = number(0.2, 0.05, 1.0, "1/1,000 person-days", "Accidents at a site")


class Economics(Group):
    """Prices (yuan of 2021); a study moves them by three factors."""

    food_factor: float = number(1, 0.6, 1.6, "ratio", "Multiplies the price of food")
    wage_factor: float = number(1, 0.6, 1.6, "ratio", "Multiplies wages")
    other_factor: float = number(1, 0.6, 1.6, "ratio", "Multiplies all other prices")
    food: float = number(4, 1, 10, "yuan/meal", "Food and fuel of a meal")
    cook_wage: float = number(1_500, 500, 4_000, "yuan/month", "Wage of a cook of two and a half meals a day")
    rural_wage: float = number(12, 2, 40, "yuan/hour", "Casual labour: what an hour is worth")
    skilled_wage: float = number(
        30,
        5,
        100,
        "yuan/hour",
        "What a skilled hour costs an organisation",
        "146,000 yuan a station-year, 2.5 workers (2021)",
        "M",
    )
    coordinator_wage: float = number(19, 8, 40, "yuan/hour", "Wage of a coordinator")
    officer_wage: float = number(5_000, 2_000, 12_000, "yuan/month", "Wage of a township service officer")
    upkeep: float = number(
        300, 0, 2_000, "yuan/site-month", "Power, water, repairs", "Feixiang: about 2,000 yuan a year", "T"
    )
    donations: float = number(
        6_000,
        0,
        20_000,
        "yuan/site-year",
        "Donations in a site's first year",
        "20,000 in all at Laipo village, Zhangshu (2022), period not stated",
        "I",
    )
    donation_decay: float = number(
        0.3, 0.0, 0.6, "1/year", "Yearly loss of donors who cannot tell what their money does"
    )
    dues: float = number(5, 0, 100, "yuan/month", "Dues of a member", "Baiguo: dues, unpaid organisers (Xia 2023)", "M")
    building: float = number(80_000, 10_000, 300_000, "yuan/site", "Cost of refitting rooms for a site")
    reuse: float = number(0.25, 0, 1, "share of building cost", "Cost of a site in rooms that an association reuses")
    building_life: float = number(20, 5, 50, "years", "Life over which a building is written off")
    accident: float = number(3_000, 0, 50_000, "yuan/accident", "Treatment and compensation")
    premium: float = number(100, 20, 400, "yuan/person-year", "Insurance of a user or helper")
    delivery: float = number(1.5, 0, 6, "yuan/meal", "Carrying a meal to a home")
    discount_rate: float = number(0.05, 0, 0.08, "1/year", "Rate at which later yuan count less")


class Government(Group):
    """The county government: its campaign and its revenue."""

    target_share: Scheduled = number(
        0.8,
        0,
        1,
        "share of villages",
        "Villages to have a site: the campaign's target",
        "Xinyu guideline of December 2016",
        "M",
        scheduled=True,
    )
    building_months: float = number(
        1, 0, 6, "months", "Mean time to refit rooms", "Xinyu: 505 sites in half a year", "I"
    )
    revenue_spread: float = number(0.06, 0.0, 0.3, "sd of the logarithm", "Yearly fluctuation of the county's revenue")


class Structure(Group):
    """Rival forms of three mechanisms, and stages made perfect: instruments of experiments."""

    helping: str = choice("matching", FORMS_OF_HELPING, "How others' helping enters")
    duties: str = choice("dilemma", FORMS_OF_DUTIES, "How a duty that nobody is named for is answered")
    expectation: str = choice("beta", FORMS_OF_EXPECTATION, "How expectation follows payment")
    talk_meets: bool = flag(True, "Those at a meeting get to know each other")
    talk_bargains: bool = flag(True, "Those who talk bargain over the plan; else it is decided as without talk")
    plan_meals: Scheduled = number(-1, -1, 3, "meals/day", "Meals of a plan imposed on all; -1 none", scheduled=True)
    plan_fee: Scheduled = number(-1, -1, 10, "yuan/meal", "Fee of a plan imposed on all; -1 none", scheduled=True)
    plan_homes: Scheduled = number(-1, -1, 1, "share", "Homes of a plan imposed on all; -1 none", scheduled=True)
    plan_needy: Scheduled = number(-1, -1, 1, "share", "Needy first of a plan imposed on all; -1 none", scheduled=True)
    plan_elders: Scheduled = number(-1, -1, 1, "share", "By elders of a plan imposed on all; -1 none", scheduled=True)
    perfect_money: Scheduled = number(0, 0, 1, "0 or 1", "Money due comes in full on the day", scheduled=True)
    perfect_duties: Scheduled = number(0, 0, 1, "0 or 1", "Every duty is done, once, at nobody's hours", scheduled=True)
    perfect_evaluation: Scheduled = number(0, 0, 1, "0 or 1", "No fault stands and no report is false", scheduled=True)
