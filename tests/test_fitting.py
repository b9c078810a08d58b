"""Parameter sets that lack a parameter, or have one that went: read all the same, and it is said."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from studies import same, tiny, tiny_policies

import coprod_sim as cs
from coprod_sim import cli, evidence
from coprod_sim.analysis.sensitivity import salib_problem
from coprod_sim.scenario.schema import OF_DRAWN_VILLAGES, RETIRED, Scenario
from coprod_sim.study import accepted, record
from coprod_sim.study.design import RunKey, drawn
from coprod_sim.study.ranges import DECLARED
from coprod_sim.study.uncertain import uncertain

GONE = "helping.old_weight"
FEEL = Scenario().motives.feel


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> str:
    """A parameter that the schema once had."""
    monkeypatch.setitem(RETIRED, GONE, "now motives.feel")
    return GONE


def study(draws: object) -> cs.Study:
    return cs.Study(tiny_policies(2), 1, draws=draws)  # type: ignore[arg-type]


def test_a_set_that_lacks_what_others_have_takes_the_default_and_it_is_said() -> None:
    asked = study([{"motives.feel": 0.1, "helping.company": 0.5}, {"helping.company": 0.7}])
    assert asked.notes == (
        f"draws: of 2 parameter sets 1 lacks motives.feel (default {FEEL}): there the default holds, if the scenario "
        "does not say otherwise",
    )
    of_runs = [asked.scenario_of(RunKey("today", number, 0)) for number in (1, 2)]
    assert [(run.motives.feel, run.helping.company) for run in of_runs] == [(0.1, 0.5), (FEEL, 0.7)]


def test_what_a_scenario_says_holds_where_a_set_says_nothing() -> None:
    other = tiny(motives={"feel": 0.2})
    asked = cs.Study({"today": other}, 1, draws=[{"helping.company": 0.5}, {"motives.feel": 0.3}])
    assert asked.scenario_of(RunKey("today", 1, 0)).motives.feel == 0.2
    assert f"1 lacks motives.feel (default {FEEL}), 1 lacks helping.company (default 1.0): there" in asked.notes[0]


def test_nothing_is_said_of_a_choice_of_a_few_of_the_defaults_and_of_sets_that_have_all() -> None:
    for draws in (None, [{"motives.feel": 0.1}], {0: {}, 1: {"motives.feel": 0.1}}, cs.accepted_draws(2)):
        assert study(draws).notes == ()


def test_a_shipped_set_without_a_weight_that_became_uncertain_gives_what_the_default_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = evidence.rows("accepted_draws")[:2]
    without = tuple({key: value for key, value in row.items() if key != "motives.feel"} for row in whole)
    monkeypatch.setattr(accepted, "rows", lambda _: without)
    asked = study(cs.accepted_draws(2))
    (said,) = asked.notes
    assert said.startswith(f"draws: of 2 parameter sets 2 lack motives.feel (default {FEEL}): there the default holds")
    with pytest.warns(UserWarning, match="lack motives.feel"):
        result = cs.run_study(asked, tmp_path / "a", workers=1)
    explicit = cs.run_study(study([row | {"motives.feel": FEEL} for row in without]), tmp_path / "b", workers=1)
    assert explicit.study.notes == ()
    same(result, explicit)
    names = ["motives.feel", "helping.company"]
    (low, high), (inner_low, inner_high) = salib_problem(names, accepted=True)["bounds"]
    assert (low, high) == (DECLARED["motives.feel"].low, DECLARED["motives.feel"].high)
    assert sorted([whole[0]["helping.company"], whole[1]["helping.company"]])[0] <= inner_low <= inner_high


def test_a_retired_parameter_is_ignored_with_a_sentence_in_any_kind_of_sets(gone: str) -> None:
    own = {"motives.feel": 0.1, gone: 3.0}
    for draws in ([own], {4: own}, pd.DataFrame([own], index=[4]), [pd.Series(own)]):
        asked = study(draws)
        assert asked.notes == (
            f"draws: of 1 parameter sets 1 has {gone} (now motives.feel): ignored, as the schema has it no more",
        )
        assert list(asked.parameter_sets.values()) == [{"motives.feel": 0.1}]
    assert drawn(tiny(), own, tiny()) == tiny(motives={"feel": 0.1})


@pytest.mark.parametrize(("key", "meant"), [("motives.feeel", "motives.feel"), ("helbing.company", "helping.company")])
def test_a_slip_of_the_pen_is_refused_with_what_was_meant(key: str, meant: str, gone: str) -> None:
    with pytest.raises(cs.ScenarioError, match=f"draws: must be .*, got '{key}', did you mean {meant}"):
        study([{key: 0.1}])
    with pytest.raises(cs.ScenarioError, match=f"got '{gone}x'"):
        study([{f"{gone}x": 0.1}])


@pytest.mark.parametrize(
    "key",
    ["motives", "values", "feel", "", ".", "motives.", "motives.feel.x", "motives.bar", "foo.bar", "__class__.x",
     "model_fields.motives", "\ud800"],
)  # fmt: skip
@pytest.mark.parametrize("all_sets", [False, True])
def test_a_name_that_is_none_is_refused_also_where_only_some_sets_have_it(key: str, all_sets: bool) -> None:
    beside = {key: 0.1} if all_sets else {"helping.company": 0.5}
    with pytest.raises(cs.ScenarioError) as refused:
        study([{key: {"feel": 0.1}}, beside])
    assert str(refused.value).startswith(f"draws: must be parameters of the schema, as group.name, got {key!r}")


@pytest.mark.usefixtures("few_panels")
def test_it_is_said_on_the_console_in_the_record_in_the_report_and_when_it_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gone: str
) -> None:
    folder = tmp_path / "s"
    words = ["county=village_small", "population.villages=1", "population.elders_per_village=12", "horizon.months=5",
             "horizon.reform_month=3", "horizon.state_window=2", "replications=1", "access.fee=9", "workers=1",
             f"draws=[{{motives.feel:0.1,{gone}:1}},{{helping.company:0.5}}]", f"output={folder}"]  # fmt: skip
    assert cli.main([*words, "dry=true"]) == 0
    said = capsys.readouterr().out
    notes = [line for line in said.splitlines() if line.startswith("draws: ")]
    assert len(notes) == 2 and f"1 has {gone}" in notes[0]
    assert f"sets 1 lacks helping.company (default 1.0), 1 lacks motives.feel (default {FEEL}): there" in notes[1]
    for _ in range(2):  # as it is run, and as it is read again
        assert cli.main(words) == 0
        told = capsys.readouterr().err
        assert all(told.count(note) == 1 for note in notes)
    stored = json.loads((folder / record.RECORD).read_text(encoding="utf-8"))
    assert stored["notes"] == notes and gone not in json.dumps(stored["draws"])
    assert list(cs.open_study(folder).study.notes) == notes
    text = unescape((folder / "report.html").read_text(encoding="utf-8"))
    assert all(note[1:] in text for note in notes)


def test_what_was_said_of_earlier_sets_stays_in_the_record_when_a_study_grows(tmp_path: Path) -> None:
    ragged = {1: {"motives.feel": 0.1}, 2: {"helping.company": 0.5}}
    with pytest.warns(UserWarning, match="of 2 parameter sets 1 lacks"):
        first = cs.run_study(study(ragged), tmp_path / "s", workers=1)
    whole = {3: {"motives.feel": 0.1}}
    cs.run_study(study(whole), tmp_path / "s", workers=1)
    assert cs.open_study(tmp_path / "s").study.notes == first.study.notes


def test_what_ships_can_be_read_and_what_is_retired_is_not_there() -> None:
    assert not set(RETIRED) & set(DECLARED)
    for row in evidence.rows("accepted_draws"):
        assert set(row) <= set(DECLARED) | set(RETIRED)
        assert len(set(row) & set(uncertain())) >= 0.5 * len(uncertain())  # else nobody would hear of what they lack


def test_what_the_file_of_a_county_says_is_no_longer_drawn_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("name,elders,hamlets\nA,30,1\nB,20,1\n")
    today = cs.load_scenario("county_a", [f"county.villages={tmp_path / 'v.csv'}"])
    asked = cs.Study({"today": today}, 1, draws=cs.accepted_draws(2))
    (said,) = asked.notes
    assert said == (
        "draws: how large villages are is as the county's file says, not as parameter sets do "
        f"({', '.join(OF_DRAWN_VILLAGES)})"
    )
    for number, one in asked.parameter_sets.items():
        assert set(one) == set(uncertain()) - set(OF_DRAWN_VILLAGES)
        assert asked.scenario_of(RunKey("today", number, 0)).county == today.county
    with pytest.raises(cs.ScenarioError, match=r"what its file does not say, got population\.elders_per_village"):
        cs.Study({"today": today}, 1, draws=[{"population.elders_per_village": 100}])  # asked for by name
