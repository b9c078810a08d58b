"""A slice of the month as a textbook writes it in Mesa: one Python object an elder, no NumPy.

The slice: what an elder needs and what self, spouse and nearest child cover; the share of the first six living
acquaintances who help; starting and stopping to help, hours and fatigue; ADL grade, death and children's moves. Each is
by the rule that the package has, with its terms and tables, and for the same elders, whom `package_slice.py` takes from
a model of the package. What a village offers (way to the site, fear of liability, pay, plan) stays as it was at the
start, and nobody new reaches 60.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import mesa

INDEPENDENT, MILD, MODERATE, SEVERE = range(4)
CHILD_HOME, CHILD_AWAY, CHILD_NONE = 0, 3, 4
CONDITIONAL, FREE_RIDER, HUMP, UNCONDITIONAL = range(4)
COUNTED = 6  # acquaintances that count: the first so many of the living
WEEKS, DAYS = 52 / 12, 365 / 12  # in a month
OWN_MEALS = (1.0, 0.5, 0.1, 0.0)  # how far an elder of each ADL grade can still cook
SPOUSE_FITNESS = (1.0, 0.5, 0.0, 0.0)  # how far a spouse of each ADL grade can care
VISITS = (0.0, 1.0, 1.5, 2.0)  # skilled visits needed, in units of the scenario's


@dataclass
class Village:
    """What elders of a village see of it, and how many of them help.

    Attributes:
        fear, crowding, others_do_tasks, recognition_kept: 0-1.
        has_association: whether an elders' association lets neighbours help without a site.
        helpers: elders who help now.
        honour: an award's chance for a helper this month, 0-1.
    """

    fear: float
    crowding: float
    others_do_tasks: float
    recognition_kept: float
    has_association: bool
    helpers: int = 0
    honour: float = 0.0


@dataclass
class Tables:
    """Monthly chances by age in months over 60, as lists: see `LifeTables` in `coprod_sim.model.life_tables`.

    Attributes:
        death: of the independent, by sex and age. relative: times that, by ADL grade.
        onset, recovery: by age. worse: to the next grade, by grade less one, sex and age.
        mild, mild_or_moderate: share of onsets into the mild grade, and into either.
    """

    death: list[list[float]]
    relative: list[float]
    onset: list[float]
    recovery: list[float]
    worse: list[list[list[float]]]
    mild: float
    mild_or_moderate: float


@dataclass
class Person:
    """State of an elder, and what does not change about the place lived in."""

    village: Village
    distance: float
    served: bool
    pay: float
    female: bool
    birth_month: int
    adl: int
    child: int
    income: float
    filial: float
    aware: bool
    motivation: float
    taste: float
    cooperator: int
    trust: float
    recognition: float
    helper: bool
    fatigue: float
    asked: bool
    belief: float
    hours: float = 0.0
    took_part: int = -1000
    partner: Elder | None = None
    acquaintances: list[Elder] = field(default_factory=list)


class Elder(mesa.Agent):
    """An elder of 60 or over."""

    def __init__(self, model: TextbookModel, person: Person) -> None:
        super().__init__(model)
        self.__dict__.update(vars(person))
        self.alive = True
        self.needs = [0.0] * 4
        self.cover = [0.0] * 4
        self.share_helping = 0.0

    @property
    def years_over_60(self) -> float:
        return max((self.model.month - self.birth_month) / 12 - 60, 0.0)

    # Need

    def assess_need(self) -> None:
        """Meals, hours of company, hours of daily help and skilled visits this month, and what the family covers."""
        health = self.model.params.health
        by_day_alone = self.child != CHILD_HOME
        self.needs[0] = 3 * DAYS if by_day_alone or self.adl > INDEPENDENT else 0.0
        self.needs[1] = health.company_need * WEEKS if by_day_alone else 0.0
        self.needs[2] = self.model.care_hours[self.adl] * WEEKS
        self.needs[3] = VISITS[self.adl] * health.health_visits
        family = self.model.params.family
        child_gap = (1 - self.model.child_covers[self.child]) ** (2 * self.filial * family.support)
        fitness = SPOUSE_FITNESS[self.partner.adl] if self.partner is not None else 0.0
        care_gap = child_gap * (1 - family.cover_spouse * fitness)
        own = health.self_care_at_60 - health.self_care_loss * self.years_over_60
        own = min(max(own, 0.0), 1.0) * OWN_MEALS[self.adl]
        company_gap = child_gap * (1 - family.company_spouse * (fitness > 0))
        self.cover[0] = 1 - care_gap * (1 - own) if by_day_alone else 1.0
        self.cover[1] = 1 - company_gap if by_day_alone else 1.0
        self.cover[2] = 1 - care_gap

    # Acquaintances

    def look_around(self) -> None:
        """Share of the acquaintances that count who helped last month."""
        known = [other for other in self.acquaintances if other.alive][:COUNTED]
        self.share_helping = sum(other.helper for other in known) / len(known) if known else 0.0

    # Helping

    def decide_on_helping(self) -> None:
        """Start or stop to help, choose hours, tire."""
        params = self.model.params.elders
        can = self.adl <= MILD and (self.served or self.village.has_association)
        utility = self.utility_of_helping() if can and (self.helper or self.aware) else 0.0
        if not can:
            self.stand(helps=False)
        elif self.helper:
            if self.happens(params.stop_base - params.habit * utility):
                self.stand(helps=False)
        elif self.aware and self.happens(params.start_base + utility):
            self.stand(helps=True)
        self.hours = 0.0
        if self.helper:
            steepness = min(max(params.hours_slope * (utility - params.hours_utility), -3.0), 3.0)
            self.hours = min(params.hours_active * math.exp(steepness), 16.0) * WEEKS
            self.took_part = self.model.month
        strain = min(self.hours / (params.fatigue_hours * WEEKS), 1.0)
        self.fatigue += 0.1 * (strain - self.fatigue)

    def utility_of_helping(self) -> float:
        """Utility of helping, in log-odds, as the package has it."""
        params, village, years = self.model.params.elders, self.village, self.years_over_60
        utility = params.help_motivation * self.motivation * (1 - village.crowding)
        utility += params.help_taste * self.taste
        utility += params.help_trust * self.trust
        utility += params.help_recognition * self.recognition * village.recognition_kept
        utility += params.help_reciprocity * self.reciprocity()
        utility += params.help_honour * village.honour
        if self.model.params.incentive.time_bank:
            utility += params.help_credit * self.belief * min(max((years + 5) / 30, 0.0), 1.0)
        utility += params.help_pay * math.log1p(self.pay * 40 / self.income)
        utility -= params.help_age * years
        utility -= params.help_distance * self.distance
        utility -= params.help_fear * village.fear
        utility -= params.help_fatigue * self.fatigue
        if self.adl == MILD:
            utility -= params.help_mild
        if self.partner is not None and self.partner.adl >= MODERATE:
            utility -= params.help_kin
        if self.asked:
            utility += params.help_asked
        else:
            utility -= params.help_bystander * village.others_do_tasks
        return utility

    def reciprocity(self) -> float:
        """Giving in response to acquaintances' helping, by cooperator type."""
        slope, share = self.model.params.elders.conditional_slope, self.share_helping
        if self.cooperator == CONDITIONAL:
            return slope * share
        if self.cooperator == HUMP:
            return slope * min(share, 1 - share)
        if self.cooperator == UNCONDITIONAL:
            return slope * 0.5
        return 0.0

    def happens(self, log_odds: float) -> bool:
        log_odds = min(max(log_odds, -40.0), 40.0)
        return self.random.random() < 1 / (1 + math.exp(-log_odds))

    def stand(self, *, helps: bool) -> None:
        self.village.helpers += helps - self.helper
        self.helper = helps

    # Life course

    def live(self) -> None:
        """ADL grade, then death or one month more, then the nearest child's move."""
        tables = self.model.tables
        age = min(max(self.model.month - self.birth_month - 720, 0), len(tables.onset) - 1)
        self.change_grade(tables, age)
        chance_of_death = tables.death[self.female][age] * tables.relative[self.adl]
        if self.random.random() < chance_of_death or age == len(tables.onset) - 1:
            self.die()
        elif self.child < CHILD_AWAY and self.random.random() < self.model.child_moves:
            self.child += 1

    def change_grade(self, tables: Tables, age: int) -> None:
        uniform = self.random.random()
        if self.adl == INDEPENDENT:
            if uniform < tables.onset[age]:
                within = uniform / tables.onset[age]
                self.adl = MILD if within < tables.mild else MODERATE if within < tables.mild_or_moderate else SEVERE
        elif uniform < tables.recovery[age]:
            self.adl = INDEPENDENT
        elif self.adl < SEVERE and uniform >= 1 - tables.worse[self.adl - 1][self.female][age]:
            self.adl += 1

    def die(self) -> None:
        if self.partner is not None:
            self.partner.partner = None
        self.stand(helps=False)
        self.alive = False
        self.remove()


class TextbookModel(mesa.Model):
    """Elders and their villages.

    Args:
        persons: elders at the start, without spouses and acquaintances.
        partners: number of each one's spouse among `persons`, -1 without.
        acquaintances: numbers of each one's acquaintances, nearest first.
        params: scenario with the values in force.
        tables: chances of the life course.
        month: that it starts in.
        seed: of its random numbers.
    """

    def __init__(
        self,
        persons: list[Person],
        partners: list[int],
        acquaintances: list[list[int]],
        params: Any,
        tables: Tables,
        month: int,
        seed: int,
    ) -> None:
        super().__init__(rng=seed)
        self.params, self.tables, self.month = params, tables, month
        health, family = params.health, params.family
        self.care_hours = (0.0, health.care_mild, health.care_moderate, health.care_severe)
        covers = (family.cover_child_home, family.cover_child_village, family.cover_child_county,
                  family.cover_child_away, 0.0)  # fmt: skip
        self.child_covers = [min(share, 0.999) for share in covers]
        self.child_moves = 1 - (1 - params.population.migration_rate) ** (1 / 12)
        self.villages = list({id(person.village): person.village for person in persons}.values())
        elders = [Elder(self, person) for person in persons]
        for elder, partner, known in zip(elders, partners, acquaintances, strict=True):
            elder.partner = elders[partner] if partner >= 0 else None
            elder.acquaintances = [elders[number] for number in known]
            elder.village.helpers += elder.helper

    def step(self) -> None:
        """One month of the slice."""
        for village in self.villages:
            village.honour = min(self.params.incentive.awards_per_year / max(village.helpers, 1), 1.0)
        self.agents.do("assess_need")
        self.agents.do("look_around")
        self.agents.shuffle_do("decide_on_helping")
        self.agents.shuffle_do("live")
        self.month += 1
