"""The bargain: asymmetric Nash between those who sit (ODD 7.2.4)."""

from __future__ import annotations

import math

Plan = list[float]

ROUNDS_OF_MOVING = 60
NEWTON_STEPS = 10
HALVINGS = 20
NO_GAIN = 1e-30
SHORT = 1e-6  # of a step, in its longest item


def utility(plan: Plan, ideal: Plan) -> float:
    """1 - D squared."""
    return 1 - squared_distance(plan, ideal)


def squared_distance(one: Plan, other: Plan) -> float:
    """The mean of the squared differences of the items."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / len(one)


def dot(one: Plan, other: Plan) -> float:
    """The product of two vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def minus(one: Plan, other: Plan) -> Plan:
    """The difference of two vectors."""
    return [a - b for a, b in zip(one, other, strict=True)]


def weighed(weights: list[float], ideals: list[Plan]) -> Plan:
    """The weighed sum of ideals."""
    return [sum(w * ideal[item] for w, ideal in zip(weights, ideals, strict=True)) for item in range(len(ideals[0]))]


def bargain(ideals: list[Plan], say: list[float], kept: Plan | None) -> Plan | None:
    """The plan on which all who sit agree; None if nothing beats what they have for all of them.

    Args:
        ideals: in the order county, committee, elders, association, organisation, of those who sit.
        say: likewise; adds up to 1.
        kept: last year's plan as it was kept; None without a plan, when nobody has anything to lose.
    """
    plan = weighed(say, ideals) if kept is None else good_for_all(ideals, say, kept)
    without = [0.0 if kept is None else utility(kept, ideal) for ideal in ideals]
    if any(gain <= NO_GAIN for gain in gains(plan, ideals, without)):
        return None
    for _ in range(NEWTON_STEPS):
        better = newton_step(plan, ideals, say, without)
        if better is None:
            break
        plan = better
    return [min(max(item, 0.0), 1.0) for item in plan]


def gains(plan: Plan, ideals: list[Plan], without: list[float]) -> list[float]:
    """What each gains by a plan over what it has without."""
    return [utility(plan, ideal) - least for ideal, least in zip(ideals, without, strict=True)]


def good_for_all(ideals: list[Plan], say: list[float], kept: Plan) -> Plan:
    """A plan between the ideals that moves away from what was kept in a direction that nobody minds (step 1)."""
    ways = [minus(ideal, kept) for ideal in ideals]
    weights = list(say)
    for _ in range(ROUNDS_OF_MOVING):
        moved = minus(weighed(weights, ideals), kept)
        liking = [dot(way, moved) for way in ways]
        least = min(range(len(ideals)), key=lambda party: (liking[party], party))
        greatest = max(
            (party for party in range(len(ideals)) if weights[party] > 0), key=lambda party: (liking[party], -party)
        )
        if liking[greatest] - liking[least] <= 1e-15:
            break
        apart = minus(ways[greatest], ways[least])
        move = min(weights[greatest], (liking[greatest] - liking[least]) / dot(apart, apart))
        weights[greatest] -= move
        weights[least] += move
    return weighed(weights, ideals)


def newton_step(plan: Plan, ideals: list[Plan], say: list[float], without: list[float]) -> Plan | None:
    """One step towards the greatest product, halved until it is no step down; None if no step is (step 3)."""
    items = range(len(plan))
    now = gains(plan, ideals, without)
    slopes = [[2 / 5 * (ideal[item] - plan[item]) for item in items] for ideal in ideals]
    rows = list(zip(say, now, slopes, strict=True))
    s = [sum(w / gain * slope[item] for w, gain, slope in rows) for item in items]
    curve = 2 / 5 * sum(w / gain for w, gain, _ in rows)
    h = [
        [sum(w * slope[i] * slope[j] / gain**2 for w, gain, slope in rows) + (curve if i == j else 0.0) for j in items]
        for i in items
    ]
    step = solve(h, s)
    for halving in range(HALVINGS):
        tried = [plan[item] + 2.0**-halving * step[item] for item in items]
        then = gains(tried, ideals, without)
        good_for_all_parties = all(gain > NO_GAIN for gain in then)
        if good_for_all_parties and (max(map(abs, step)) <= SHORT or worth(say, then) >= worth(say, now)):
            return tried
    return None


def worth(say: list[float], gained: list[float]) -> float:
    """The logarithm of the Nash product."""
    return sum(w * math.log(gain) for w, gain in zip(say, gained, strict=True))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a positive definite system of equations, by elimination."""
    size = len(right)
    rows = [[*matrix[i], right[i]] for i in range(size)]
    for column in range(size):
        pivot = rows[column]
        for i in range(column + 1, size):
            factor = rows[i][column] / pivot[column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], pivot, strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(rows[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (rows[i][size] - rest) / rows[i][i]
    return solution
