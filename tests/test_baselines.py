"""What the model gives is what is committed, and no committed value changes without a line of the changelog."""

from __future__ import annotations

import shutil
from pathlib import Path

import baseline_runs as baselines
import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, declarations
from coprod_sim.study.fingerprint import BASELINES, DRAWS, UNKNOWN, fingerprint

MOST_SHOWN = 12


@pytest.fixture(scope="module")
def now() -> baselines.Tables:
    return baselines.computed()


def test_the_model_gives_what_is_committed(now: baselines.Tables) -> None:
    found = baselines.different(baselines.stored(), now)
    shown = "\n".join(found[:MOST_SHOWN])
    assert not found, f"{len(found):,} values differ from tests/baselines, the first:\n{shown}\n{baselines.RENEW}"


def test_the_committed_values_are_explained_by_the_changelog() -> None:
    assert not (why := baselines.unexplained()), why


def test_the_baselines_use_every_lever_and_cover_every_indicator() -> None:
    today, found = Scenario(), list(baselines.scenarios().values())
    levers = [(group, name) for group, name, _ in declarations() if group in LEVER_GROUPS]
    same = [f"{g}.{n}" for g, n in levers if all(_after(s, g, n) <= _after(today, g, n) for s in found)]
    assert levers and not same, f"no baseline sets {', '.join(same)} to another value than today's"
    assert {group for group, _ in levers} == set(LEVER_GROUPS)
    there = baselines.stored()
    of_months = set(cs.CoproductionModel(cs.load_scenario("village_small"), rng=1).monthly) - {"month"}
    assert set(there["yearly"].index.get_level_values("indicator")) == of_months == {*INDICATORS, "elders"}
    assert set(there["groups"].index.get_level_values("indicator")) == set(INDICATORS)


def _after(scenario: Scenario, group: str, name: str) -> set[object]:
    value = getattr(getattr(scenario, group), name)
    return set(value.values()) if isinstance(value, dict) else {value}


@pytest.mark.slow
def test_every_lever_counts_in_a_baseline_that_sets_it() -> None:
    given, before, idle = baselines.inputs(), baselines.stored()["yearly"], dict[str, bool]()
    for name, one in given.items():
        for override in one["overrides"]:
            key = override.partition("=")[0]
            if key.partition(".")[0] in LEVER_GROUPS and idle.get(key, True):
                without = [other for other in one["overrides"] if other != override]
                model = cs.CoproductionModel(cs.load_scenario(one["county"], without), rng=one["seed"]).run()
                gives = baselines.by_year(model.monthly).to_numpy()
                idle[key] = bool(np.isclose(gives, before.loc[name], rtol=baselines.RTOL, equal_nan=True).all())
    assert not [key for key, same in idle.items() if same]


def test_years_sum_flows_and_average_states_over_the_months_that_have_a_value() -> None:
    months = pd.DataFrame({"month": range(14), "elders": [10] * 12 + [7, 8], "meals_served": [2.0] * 13 + [np.nan],
                           "trust": [np.nan, *[0.5] * 6, *[0.25] * 5, np.nan, np.nan]})  # fmt: skip
    years = baselines.by_year(months)
    assert list(years.columns) == ["year 0", "year 1"]
    assert years.loc["meals_served"].tolist() == [24.0, 2.0]
    assert years.loc["elders"].tolist() == [10.0, 7.5]
    assert years.loc["trust", "year 0"] == (6 * 0.5 + 5 * 0.25) / 11 and np.isnan(years.loc["trust", "year 1"])


def test_a_difference_names_indicator_year_and_both_values_and_nothing_smaller_counts(now: baselines.Tables) -> None:
    other = {name: table.copy() for name, table in now.items()}
    scenario = now["yearly"].index[0][0]
    before = now["yearly"].loc[(scenario, "trust"), "year 2"]
    other["yearly"].loc[(scenario, "trust"), "year 2"] = before * (1 + 5e-7)
    assert baselines.different(now, other) == []
    other["yearly"].loc[(scenario, "trust"), "year 2"] = before * (1 + 2e-6)
    (said,) = baselines.different(now, other)
    assert said == f"{scenario} / trust, year 2: expected {before:.9g}, got {before * (1 + 2e-6):.9g}"
    other["groups"].loc[("trust", "adl: mild"), scenario] = np.nan
    assert any(
        line.startswith(f"trust / adl: mild, {scenario}: expected 0.") for line in baselines.different(now, other)
    )
    other["yearly"] = now["yearly"].drop(index=(scenario, "trust"))
    assert f"{scenario} / trust is gone" in baselines.different(now, other)
    assert f"{scenario} / trust is new" in baselines.different(other, now)


@pytest.fixture
def copied(tmp_path: Path, now: baselines.Tables, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder with the committed baselines and a changelog, and a model that gives another value."""
    folder, changelog = Path(shutil.copytree(BASELINES, tmp_path / "baselines")), tmp_path / "CHANGELOG.md"
    shutil.copyfile(baselines.CHANGELOG, changelog)
    other = {name: table.copy() for name, table in now.items()}
    other["yearly"].iloc[0, 0] += 1
    monkeypatch.setattr(baselines, "computed", lambda _: other)
    return folder, changelog


def test_values_are_renewed_with_a_new_line_and_refused_without(copied: tuple[Path, Path]) -> None:
    folder, changelog = copied
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(ValueError, match="no new line under Unreleased"):
        baselines.renew("", *copied)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace("### Changed\n\n", "### Changed\n\n- Results: helpers\n  tire sooner.\n\n"))
    assert "Because: helpers tire sooner." in baselines.renew("", *copied)
    assert not baselines.unexplained(*copied)
    assert len(baselines.explanations(folder)) == len(baselines.explanations()) + 1
    assert baselines.renew("", *copied).startswith("Nothing to renew")


def test_a_line_that_is_given_is_written_to_the_changelog_and_may_go_on_to_explain(copied: tuple[Path, Path]) -> None:
    folder, changelog = copied
    said = baselines.renew("other random numbers", *copied)
    assert said.startswith("1 values renewed") and fingerprint(folder) in said
    assert "- Results: other random numbers\n" in changelog.read_text(encoding="utf-8")
    entries = baselines.explanations(folder)
    baselines.computed(folder)["yearly"].iloc[0, 1] += 1  # the same change, further on
    with pytest.raises(ValueError, match="no new line"):
        baselines.renew("", *copied)
    baselines.renew("other random numbers", *copied)
    assert len(baselines.explanations(folder)) == len(entries) and not baselines.unexplained(*copied)
    assert changelog.read_text(encoding="utf-8").count("other random numbers") == 1
    baselines.computed(folder)["yearly"].iloc[0, 2] += 1
    baselines.renew("a second change", *copied)
    baselines.computed(folder)["yearly"].iloc[0, 2] += 1
    with pytest.raises(ValueError, match="explains an earlier change"):
        baselines.renew("other random numbers", *copied)


def test_a_first_release_without_changes_gets_a_place_for_the_line() -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n- Results: old\n"
    assert baselines.results_lines(text) == ["old"] and baselines.results_lines(text, unreleased=True) == []
    more = baselines._with_line(text, "new")
    assert baselines.results_lines(more, unreleased=True) == ["new"] and baselines.results_lines(more) == ["new", "old"]
    assert more.index("## [Unreleased]") < more.index("### Changed\n\n- Results: new\n\n## [0.1.0]")


def test_values_changed_by_hand_are_not_explained(copied: tuple[Path, Path]) -> None:
    folder, changelog = copied
    file = folder / "yearly.csv"
    file.write_text(file.read_text().replace("trust,0.", "trust,1.", 1))
    assert "changed without a line" in baselines.unexplained(folder, changelog)
    changelog.write_text("# Changelog\n\n## [Unreleased]\n")
    assert "which CHANGELOG.md does not say" in baselines.unexplained(BASELINES, changelog)


def test_the_fingerprint_is_of_values_inputs_and_parameter_sets(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BASELINES, tmp_path / "baselines"))
    sets = tmp_path / "evidence"
    sets.mkdir()
    shutil.copyfile(DRAWS / "accepted_draws.csv", sets / "accepted_draws.csv")
    first = fingerprint(folder, sets)
    assert first == fingerprint() and len(first) == 16

    def changed(file: Path, old: str, new: str) -> tuple[str, str]:
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = fingerprint(folder, sets), fingerprint(folder, sets, draws=False)
        file.write_text(text, encoding="utf-8")
        return found

    same = first, fingerprint(folder, sets, draws=False)
    assert changed(folder / "scenarios.yaml", "# Three", "# Some three") == same
    assert changed(folder / "explained.yaml", "because", "why") == same
    for name in ("yearly.csv", "groups.csv"):
        value = (folder / name).read_text(encoding="utf-8").splitlines()[1].rsplit(",", 1)[1]
        assert not set(changed(folder / name, value, value + "1")) & set(same)
    assert not set(changed(folder / "scenarios.yaml", "seed: 11", "seed: 10")) & set(same)
    with_other_sets = changed(sets / "accepted_draws.csv", ",0.", ",1.")
    assert with_other_sets[0] != first and with_other_sets[1] == same[1]
    (folder / "yearly.csv").unlink()
    assert fingerprint(folder, sets) == UNKNOWN
