"""Mutations of rules: what is changed, that the same seed draws the same, and that a change of no value is seen."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"arithmetic", "comparison", "constant", "dropped part", "min, max", "and, or", "condition", "parameter"}


@pytest.fixture
def mutations(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of tools/, which is no package."""
    return loaded("mutations", monkeypatch)


def loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    module = __import__(name)
    for new in ("mutations", "mutate"):
        monkeypatch.delitem(sys.modules, new, raising=False)
    return module


def of(mutations: ModuleType, name: str) -> set[tuple[str, str, str]]:
    return {(m.kind, m.before, m.after) for m in mutations.of_rule(mutations.functions()[name], seed=1)}


def test_what_can_be_changed_in_a_rule(mutations: ModuleType) -> None:
    assert of(mutations, "learnt") == {  # seen + part * (voice - seen)
        ("arithmetic", "seen + part * (voice - seen)", "seen - part * (voice - seen)"),
        ("dropped part", "seen + part * (voice - seen)", "seen"),
        ("dropped part", "seen + part * (voice - seen)", "part * (voice - seen)"),
        ("arithmetic", "part * (voice - seen)", "part / (voice - seen)"),
        ("dropped part", "part * (voice - seen)", "part"),
        ("dropped part", "part * (voice - seen)", "voice - seen"),
        ("arithmetic", "voice - seen", "voice + seen"),
        ("dropped part", "voice - seen", "voice"),
    }
    assert of(mutations, "is_renewed") >= {  # score >= supervision.renewal_score
        ("comparison", "score >= supervision.renewal_score", "score > supervision.renewal_score"),
        ("comparison", "score >= supervision.renewal_score", "score < supervision.renewal_score"),
    }
    assert {kind for kind, _, _ in of(mutations, "is_renewed")} == {"comparison", "parameter"}
    assert ("constant", "EVALUATOR_ERROR", "EVALUATOR_ERROR * 1.25") in of(mutations, "official_score")
    assert ("and, or", "part == CONTRACTS and legal.contract_enforcement",
            "part == CONTRACTS or legal.contract_enforcement") in of(mutations, "turn_of")  # fmt: skip
    assert ("condition", "legal.insurance", "not legal.insurance") in of(mutations, "who_bears_accident")
    assert ("min, max", "min(score, 1.0)", "max(score, 1.0)") not in of(mutations, "factor_of_money")


def test_the_same_seed_draws_the_same_and_all_kinds_come(mutations: ModuleType) -> None:
    drawn = mutations.draw(3, 300)
    assert drawn == mutations.draw(3, 300) != mutations.draw(4, 300)
    assert len(set(drawn)) == 300 and {m.kind for m in drawn} == KINDS
    assert len({m.rule for m in drawn}) > 150  # rules are drawn alike


def test_a_mutant_is_a_file_that_differs_where_it_says(mutations: ModuleType) -> None:
    for mutation in mutations.draw(5, 20):
        source = (ROOT / mutation.path).read_bytes()
        changed = mutation.applied(source)
        compile(changed, mutation.path, "exec")
        assert source[: mutation.start] == changed[: mutation.start]
        assert source[mutation.end :] == changed[len(changed) - (len(source) - mutation.end) :]


def one(mutations: ModuleType, rule: str, **wanted: Any) -> Any:
    found = mutations.of_rule(mutations.functions()[rule], seed=1)
    return next(m for m in found if all(getattr(m, name) == value for name, value in wanted.items()))


def test_a_change_of_no_value_is_seen(mutations: ModuleType) -> None:
    third = one(mutations, "value_of_cover", before="third <= 1.0", after="third < 1.0")
    assert not mutations.is_noticed(third)  # at the edge both sides give the same level
    assert mutations.is_noticed(one(mutations, "value_of_cover", before="third <= 1.0", after="third > 1.0"))
    assert mutations.is_noticed(one(mutations, "learnt", after="voice + seen"))


def test_tests_are_found_for_every_rule_nearest_first(mutations: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    mutate = loaded("mutate", monkeypatch)
    named = set().union(*mutate._names_of_tests().values())
    assert not mutations.functions().keys() - named, "of each rule a value is worked out by hand"
    assert not [rule for rule in mutations.functions() if not mutate.concerned(rule)]
    assert mutate.concerned("price_of_food")[0] == "test_prices.py"
    assert "test_enrolling.py" in mutate.concerned("quality_seen")
    assert all((ROOT / "tests" / f"test_{name}.py").exists() for name in mutate.OTHERS)


def test_mutants_said_to_be_the_rule_in_other_words_can_still_be_drawn(
    mutations: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rule, before, after in loaded("mutate", monkeypatch).SAME:
        assert one(mutations, rule, before=before, after=after)
