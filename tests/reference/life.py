"""The life course: ADL loss, death, children's moves, new 60-year-olds; it reads nothing of the scheme (ODD 7.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coprod_sim import evidence
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario
from tests.reference.world import AWAY, NOBODY, Elder, World

OLDEST = 50 * 12 - 1  # months of age over 60 that nobody survives: of the last month before 110 years
RISK_OF_A_GRADE = 1.6  # of death, over that of the grade before
HIGHEST_DEATH = 0.95  # a year
WOMEN, MEN = "women", "men"


def monthly(yearly: float) -> float:
    """The chance in a month of what has a chance in a year."""
    return 1 - (1 - yearly) ** (1 / 12)


def yearly_death(sex: str, age: float) -> float:
    """Death in a year: its logarithm linear between the table's ages and beyond the last (ODD 7.6)."""
    table = evidence.rows("mortality")
    last = len(table) - 2
    at = next((i for i in range(last) if age < table[i + 1]["age"]), last)
    young, old = table[at], table[at + 1]
    part = (age - young["age"]) / (old["age"] - young["age"])
    return min(math.exp((1 - part) * math.log(young[sex]) + part * math.log(old[sex])), HIGHEST_DEATH)


@dataclass
class LifeTables:
    """Monthly chances by months of age over 60, the first number of each list at 60 (ODD 7.6)."""

    mix: tuple[float, float, float]  # the published mix of grades
    ratio: float  # mortality of the disabled over that of the independent
    onset: list[float]
    recovery: list[float]
    death: dict[str, list[float]]  # of all, by sex
    prevalence: list[float]
    surviving: dict[str, list[float]]  # share of those of 60 who live to an age, by sex

    @classmethod
    def of(cls, scenario: Scenario) -> LifeTables:
        """The tables of a scenario's ADL set and mix of grades."""
        rates = next(row for row in evidence.rows("adl_sets") if row["set"] == scenario.health.adl_set)
        ages = [60 + j / 12 for j in range(OLDEST + 1)]
        onset = [
            monthly(1 - math.exp(-rates["onset_at_60"] * math.exp(rates["onset_growth"] * (age - 60)))) for age in ages
        ]
        recovery = [
            monthly(1 - math.exp(-rates["recovery_at_60"] * math.exp(-rates["recovery_decline"] * (age - 60))))
            for age in ages
        ]
        death = {sex: [monthly(yearly_death(sex, age)) for age in ages] for sex in (WOMEN, MEN)}
        ratio = float(rates["mortality_ratio"])
        health = scenario.health
        mix = (health.severity_mild, health.severity_moderate, health.severity_severe)

        prevalence = [float(rates["disabled_at_60"])]
        for j in range(OLDEST):
            pi = prevalence[-1]
            d = (death[WOMEN][j] + death[MEN][j]) / 2 / (1 + pi * (ratio - 1))
            after = pi + onset[j] * (1 - pi) - recovery[j] * pi - d * (ratio - 1) * pi * (1 - pi)
            prevalence.append(min(max(after, 0.0), 1.0))

        surviving = {}
        for sex in (WOMEN, MEN):
            shares = [1.0]
            for j in range(OLDEST):
                shares.append(shares[-1] * (1 - death[sex][j]))
            surviving[sex] = shares
        return cls(mix, ratio, onset, recovery, death, prevalence, surviving)

    def relative_risk(self, grade: int) -> float:
        """Death of a grade over that of the independent: 1 : 1.6 : 2.56, with the ratio as mean over the mix."""
        if grade == 0:
            return 1.0
        mean = sum(share * RISK_OF_A_GRADE**k for k, share in enumerate(self.mix))
        return self.ratio * RISK_OF_A_GRADE ** (grade - 1) / mean

    def death_of_the_independent(self, female: bool, j: int) -> float:
        """Monthly chance of death without ADL loss."""
        return self.death[WOMEN if female else MEN][j] / (1 + self.prevalence[j] * (self.ratio - 1))

    def death_of(self, female: bool, grade: int, j: int) -> float:
        """Monthly chance of death of a sex, grade and age; nobody lives beyond 110."""
        if j >= OLDEST:
            return 1.0
        return min(self.relative_risk(grade) * self.death_of_the_independent(female, j), 1.0)

    def progression(self, female: bool, grade: int, j: int) -> float:
        """Monthly chance of the next grade, which keeps the mix although the more severe die sooner."""
        mild, moderate, severe = self.mix
        d = self.death_of_the_independent(female, j)
        excess_2, excess_3 = ((self.relative_risk(k) - self.ratio) * d for k in (2, 3))
        to_severe = severe * max(excess_3, 0.0)
        if grade == 2:
            return to_severe / moderate if moderate > 0 else 0.0
        if grade == 1:
            return max(to_severe + moderate * excess_2, 0.0) / mild if mild > 0 else 0.0
        return 0.0

    def grade_of(self, u: float) -> int:
        """The grade that a uniform number stands for, by the published mix."""
        mild, moderate, _ = self.mix
        return 1 if u < mild else 2 if u < mild + moderate else 3


def tables(world: World) -> LifeTables:
    """The life tables of a world, made when first asked for."""
    if "life" not in world.tables:
        world.tables["life"] = LifeTables.of(world.now)
    found = world.tables["life"]
    assert isinstance(found, LifeTables)
    return found


def live(world: World) -> None:
    """A month of everybody's life: grades, deaths, children's moves, new 60-year-olds (ODD 3, 7.6)."""
    life = tables(world)
    leaving = monthly(world.now.population.migration_rate)
    for elder in world.elders:
        if elder.present:
            j = elder.months_over_60(world.month)
            change_grade(world, life, elder, j)
            if world.uniform(Stream.DEATH, elder.row) < life.death_of(elder.female, elder.adl, j):
                die(world, elder)
            elif elder.child < AWAY and world.uniform(Stream.CHILD_MOVES, elder.row) < leaving:
                elder.child += 1
        elif elder.alive and elder.months_over_60(world.month + 1) >= 0:
            turn_60(world, life, elder)


def change_grade(world: World, life: LifeTables, elder: Elder, j: int) -> None:
    """Onset, recovery or progression, by one uniform number; g >= 2 ends standings (ODD 7.6, 3)."""
    u = world.uniform(Stream.ADL, elder.row)
    j = min(j, OLDEST)
    if elder.adl == 0:
        if u < life.onset[j]:
            elder.adl = life.grade_of(u / life.onset[j])
    elif u < life.recovery[j]:
        elder.adl = 0
    elif u >= 1 - life.progression(elder.female, elder.adl, j):
        elder.adl += 1
    if elder.homebound:
        elder.helper = False
        if not world.now.access.home_delivery:
            elder.leave()


def die(world: World, elder: Elder) -> None:
    """Death ends standings and credits."""
    elder.alive = elder.present = False
    elder.leave()
    elder.helper = elder.member = elder.asked = elder.attended = False
    if elder.partner != NOBODY:
        world.elders[elder.partner].partner = elder.partner = NOBODY
    world.add("credits lost", elder.credits)
    elder.credits = elder.offered = elder.worked = 0.0


def turn_60(world: World, life: LifeTables, elder: Elder) -> None:
    """Become one of the elders; ADL loss is drawn at 60 (ODD 5)."""
    elder.present = True
    draw_grade(world, life, elder, 0)


def draw_grade(world: World, life: LifeTables, elder: Elder, j: int) -> None:
    """The grade at the start, or at 60: loss by the prevalence at that age, grades by the published mix (ODD 5)."""
    elder.adl = 0
    if world.uniform_for_life(Stream.INITIAL_ADL, elder.row) < life.prevalence[min(j, OLDEST)]:
        elder.adl = life.grade_of(world.uniform_for_life(Stream.INITIAL_GRADE, elder.row))
