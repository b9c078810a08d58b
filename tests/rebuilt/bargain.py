"""The bargain as the problem that the ODD states, handed to SciPy's optimisers (ODD 7.2.4).

Section 7.2.4 states a problem (maximise the product of gains, each to the power of its party's say) and a recipe of
steps that finds its solution. Only the problem is read here: whether any plan is better for all is a linear programme,
the best one a maximum without constraints, and at it the gradient is solved for zero. Sections read: 2.2 (distance),
7.2.4, and what section 12.1 says of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bargain:
    """Who bargains: a row of ideals and a say for each party, and last year's plan as it was kept, if there was one."""

    ideals: Array
    say: Array
    kept: Array | None

    def gains(self, plan: Array) -> Array:
        """What a plan gains each party over the plan as it was kept, or over nothing (utility 1 - D²)."""
        without = np.zeros(len(self.say)) if self.kept is None else utility(self.kept, self.ideals)
        return utility(plan, self.ideals) - without

    def value(self, plan: Array) -> float:
        """Logarithm of the product that is maximised; minus infinity where a party gains nothing."""
        gains = self.gains(plan)
        return float(self.say @ np.log(gains)) if np.all(gains > 0) else -np.inf

    def slope(self, plan: Array) -> Array:
        """Its gradient."""
        weights: Array = self.say / self.gains(plan)
        return 2.0 / plan.size * weights @ (self.ideals - plan)

    def better_for_all(self) -> tuple[Array, float] | None:
        """A plan by which each party gains, and how far the way to it is one for all; nothing if there is none.

        A party gains along w from the plan as kept, for a little while, where w · (ideal - kept) is above zero. How far
        above zero all of these can be, with each item of w between -1 and 1, is a linear programme.
        """
        if self.kept is None:
            return self.say @ self.ideals, 1.0
        wishes = self.ideals - self.kept
        items = self.kept.size
        found = optimize.linprog(
            c=np.r_[np.zeros(items), -1.0],
            A_ub=np.c_[-wishes, np.ones(len(wishes))],
            b_ub=np.zeros(len(wishes)),
            bounds=[(-1.0, 1.0)] * items + [(None, None)],
        )
        way, room = found.x[:items], found.x[-1]
        if room <= 0:
            return None
        # Gain along s w is (2 s w · wish - s² |w|²)/5, most at the least of w · wish / |w|² at which all still gain.
        return self.kept + way * min(wishes @ way) / (way @ way), room

    def best(self) -> Array | None:
        """The plan that the parties agree on, or nothing."""
        start = self.better_for_all()
        if start is None or not np.isfinite(self.value(start[0])):
            return None
        close = {"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-7, "fatol": 1e-12}
        climbed = optimize.minimize(lambda x: -self.value(x), start[0], method="Nelder-Mead", options=close)
        plan: Array = optimize.root(self.slope, climbed.x, tol=1e-14).x
        return plan


def utility(plan: Array, ideals: Array) -> Array:
    """Closeness of a plan to each ideal, 1 - D²."""
    distance_squared: Array = np.mean((plan - ideals) ** 2, axis=1)
    return 1.0 - distance_squared


def says(say_elders: float, elders: bool, association: bool, organization: bool) -> dict[str, float]:
    """Say of each party that sits: those beside county and committee share evenly, the two halve what is left."""
    beside = [name for name, sits in (("elders", elders), ("association", association), ("organization", organization))
              if sits]  # fmt: skip
    shared = say_elders if beside else 0.0
    halves = dict.fromkeys(("county", "committee"), (1.0 - shared) / 2)
    return halves | {name: shared / len(beside) for name in beside}


def closing(plan: Array, ideals: Array, rounds: int, close_at: float, tries: int, seed: int) -> float:
    """How often talk closes in so many tries, each round with the same chance whatever was before."""
    farthest = np.sqrt(1.0 - utility(plan, ideals).min())
    chance = np.exp(-((farthest / close_at) ** 2))
    closes = np.random.default_rng(seed).random((tries, rounds)) < chance
    return float(closes.any(axis=1).mean())
