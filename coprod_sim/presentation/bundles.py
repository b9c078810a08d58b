"""Which scenarios put others together: they are never weighed against what they are made of."""

from __future__ import annotations

from coprod_sim.scenario.schema import Scenario, declarations
from coprod_sim.study.design import Study


def bundles(study: Study) -> dict[str, tuple[str, ...]]:
    """Scenario → the policies that it is made of, for those that are made of others.

    One is made of another if it changes all that the other changes against the comparator, to the same values, and
    more; or if the study knows the factors of both, and it has all of the other's and more. A policy that changes
    nothing is part of none.
    """
    base = study.scenarios[study.baseline]
    names = [name for name in study.scenarios if name != study.baseline]
    changes = {name: changed(base, study.scenarios[name]) for name in names}
    factors = {name: frozenset(study.factors.get(name, {}).items()) for name in names}
    found = {
        name: tuple(o for o in names if any(some[o] and some[o] < some[name] for some in (changes, factors)))
        for name in names
    }
    return {name: parts for name, parts in found.items() if parts}


def changed(comparator: Scenario, policy: Scenario) -> frozenset[tuple[str, str]]:
    """Parameters in which two scenarios differ, each with the policy's value."""
    found = []
    for group, name, _ in declarations():
        old, new = (getattr(getattr(one, group), name) for one in (comparator, policy))
        if old != new:
            found.append((f"{group}.{name}", repr(new)))
    return frozenset(found)
