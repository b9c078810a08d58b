"""Results for other programs: what an export writes is what its dictionary says, and the examples of docs run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from studies import tiny, tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.study import exporting
from coprod_sim.study.dictionary import BEHAVIORSPACE, DICTIONARY, FLAG, LEVERS, NUMBER, RUN, STEP, TEXT, WHOLE
from coprod_sim.study.exporting import PREAMBLE

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"
KEY = ["scenario", "draw", "replication"]
DRAWS = [{"motives.trust": 1.5, "access.fee": 3}, {"motives.trust": 0.5, "access.fee": 3}]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    """Two policies that part in a number and a flag, a name that a spreadsheet would run, and two parameter sets."""
    scenarios = {
        **tiny_policies(2),
        "=pay, \u4e00": tiny(negotiation={"facilitation": {0: False, 3: True}, "rounds": {0: 0, 3: 2}}),
    }
    study = cs.Study(scenarios, 2, draws=DRAWS, question="Which?")
    return cs.run_study(study, tmp_path_factory.mktemp("study") / "s", workers=1)


@pytest.fixture(scope="module")
def tables(result: cs.StudyResult) -> Path:
    return cs.export(result, result.folder.parent / "tables")


def table(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / BEHAVIORSPACE, skiprows=PREAMBLE)


def kind_of(kind: pa.DataType) -> str:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_boolean(kind):
        return FLAG
    if pa.types.is_integer(kind):
        return WHOLE
    return NUMBER if pa.types.is_floating(kind) else TEXT


def test_the_dictionary_has_a_line_for_each_column_that_is_written_with_its_type(tables: Path) -> None:
    said = pd.read_csv(tables / DICTIONARY, keep_default_na=False)
    assert list(said) == ["file", "column", "of", "type", "unit", "over", "meaning"]
    assert (said["meaning"] != "").all() and not said.duplicated(["file", "column", "of"]).any()
    assert {path.name for path in tables.iterdir()} == {*said["file"], DICTIONARY}
    for file, lines in said.groupby("file"):
        named = lines.drop_duplicates("column")
        if file in (BEHAVIORSPACE, LEVERS):
            there = table(tables) if file == BEHAVIORSPACE else pd.read_csv(tables / LEVERS)
            assert named["column"].tolist() == list(there)
            continue
        schema = pq.read_schema(tables / str(file))
        assert named["column"].tolist() == schema.names
        kinds = dict(zip(named["column"], named["type"], strict=True))
        assert {name: kind_of(schema.field(name).type) for name in schema.names} == kinds


def test_a_stored_study_has_a_dictionary_of_its_own_tables(result: cs.StudyResult) -> None:
    said = pd.read_csv(result.folder / DICTIONARY, keep_default_na=False)
    assert (said["meaning"] != "").all() and not said.duplicated(["file", "column", "of"]).any()
    for file, lines in said.groupby("file"):
        named = lines.drop_duplicates("column")
        if str(file).endswith(".parquet"):
            schema = pq.read_schema(result.folder / str(file))
            there = {name: kind_of(schema.field(name).type) for name in schema.names}
        else:
            frame = pd.read_csv(result.folder / str(file))
            there = {name: kind_of(pa.Schema.from_pandas(frame).field(name).type) for name in frame}
        assert dict(zip(named["column"], named["type"], strict=True)) == there, file
    tables = {path.name for path in result.folder.iterdir() if path.suffix in (".parquet", ".csv")}
    assert set(said["file"]) == tables - {DICTIONARY}


def test_the_dictionary_says_of_each_result_its_unit_and_over_which_months_it_is(tables: Path) -> None:
    said = pd.read_csv(tables / DICTIONARY, keep_default_na=False).set_index(["file", "column", "of"]).sort_index()
    values = said.loc[("outcomes.parquet", "value")]
    outcomes = pd.read_parquet(tables / "outcomes.parquet")
    assert set(values.index) == set(INDICATORS) == set(outcomes["indicator"])
    assert {name: (i.unit, i.meaning) for name, i in INDICATORS.items()} == {
        name: (row["unit"], row["meaning"]) for name, row in values.iterrows()
    }
    assert values.loc["trust", "over"] == "mean of the last 2 months"
    assert values.loc["cost_government", "over"] == "sum from month 3 on, yuan discounted to it"
    fee = said.loc[("runs.parquet", "access.fee", "")]
    assert (fee["type"], fee["unit"], fee["over"]) == (NUMBER, "yuan/meal", "month 3")
    assert said.loc[("runs.parquet", "motives.trust", ""), "over"] == ""
    assert said.loc[(BEHAVIORSPACE, "negotiation.facilitation", ""), "type"] == FLAG


def test_what_is_exported_is_what_the_study_has_with_what_differs_between_runs(
    result: cs.StudyResult, tables: Path
) -> None:
    runs = pd.read_parquet(tables / "runs.parquet")
    for name in ("outcomes", "monthly"):
        there = pd.read_parquet(tables / f"{name}.parquet")
        pd.testing.assert_frame_equal(there, getattr(result, name), check_exact=True, check_categorical=False)
    assert list(runs)[-4:] == [
        "motives.trust", "negotiation.rounds", "negotiation.facilitation", "access.fee"
    ]  # fmt: skip
    first = runs.set_index(KEY).xs(1, level="draw").xs(0, level="replication")
    assert first["access.fee"].to_dict() == {"today": 3.0, "fee 0": 0.0, "=pay, \u4e00": 3.0}
    assert first["negotiation.facilitation"].tolist() == [False, False, True]
    assert set(runs["motives.trust"]) == {1.5, 0.5}


def test_levers_stand_with_their_values_and_the_months_from_which_these_hold(tables: Path) -> None:
    """Pay talks from month 3 on, fee 0 is free from then on; parameter sets draw a fee of 3, which is today's."""
    levers = pd.read_csv(tables / LEVERS, keep_default_na=False)
    assert list(levers["unit"].unique()) == ["rounds/year", "", "yuan/meal"]
    found = {
        (row.scenario, row.draw, row.lever, row.from_month): row.value for row in levers.itertuples()
    }  # fmt: skip
    assert len(found) == len(levers)
    for draw in (1, 2):
        for name in ("today", "fee 0", "'=pay, \u4e00"):
            own = {key[2:]: value for key, value in found.items() if key[:2] == (name, draw)}
            talks = name.startswith("'")
            rounds = {("negotiation.rounds", 0): "0", ("negotiation.rounds", 3): "2"}
            held = {("negotiation.facilitation", 0): "false", ("negotiation.facilitation", 3): "true"}
            fee = {("access.fee", 0): "3"} | ({("access.fee", 3): "0"} if name == "fee 0" else {})
            talk = rounds | held if talks else {key: value for key, value in (rounds | held).items() if key[1] == 0}
            assert own == talk | fee


def test_the_table_has_the_form_of_behaviorspace_and_the_numbers_of_the_study(
    result: cs.StudyResult, tables: Path
) -> None:
    with (tables / BEHAVIORSPACE).open(encoding="utf-8", newline="") as file:
        text = file.read()
    lines = text.split("\n")
    assert re.fullmatch(r'"BehaviorSpace results \(coprod_sim [\d.]+\)","Table version 2.0"', lines[0])
    assert lines[1:3] == ['"coprod_sim"', '"Which?"']
    assert re.fullmatch(r'"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d:\d{3} [+-]\d{4}"', lines[3])
    assert lines[4:6] == ['"min-pxcor","max-pxcor","min-pycor","max-pycor"', '"0","0","0","0"']
    assert (
        lines[6].startswith(f'"{RUN}","scenario","draw","replication","seed",')
        and f'"access.fee","{STEP}",' in lines[6]
    )
    assert all(line.startswith('"') and line.endswith('"') for line in lines[:-1]) and not lines[-1]
    rows = table(tables)
    months = result.monthly
    assert len(rows) == len(months) == 3 * 2 * 2 * 5
    assert rows[STEP].tolist() == [1, 2, 3, 4, 5] * 12 and rows[RUN].tolist() == [
        n for n in range(1, 13) for _ in range(5)
    ]
    assert set(rows["scenario"]) == {"today", "fee 0", "'=pay, \u4e00"}  # marked, as a spreadsheet would run it
    for name in ("elders", *INDICATORS):
        np.testing.assert_array_equal(rows[name], months[name])
    assert '"true"' in text and '"True"' not in text


def test_a_failed_run_has_no_rows_and_keeps_its_number(
    result: cs.StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "RUNS_AT_A_TIME", 5)  # several times
    opened = cs.open_study(result.folder)
    lost = opened.runs.loc[3, KEY]
    opened.__dict__["monthly"] = result.monthly[(result.monthly[KEY] != lost).any(axis=1)]
    rows = table(cs.export(opened, tmp_path / "t"))
    assert sorted(set(rows[RUN])) == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]


def test_the_command_writes_it_and_refuses_what_it_must(
    result: cs.StudyResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, output = str(result.folder), tmp_path / "t"
    assert cli.main(["export", folder, f"output={output}"]) == 0
    assert capsys.readouterr().out == f"Tables: {output}; what each column is: {DICTIONARY}\n"
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    must = "coprod-sim: export: must be given the folder of one study and output=FOLDER"
    for words, said in (
        (["export", folder, f"output={output}"], "coprod-sim: output: must be a new or empty folder, got"),
        (["export", folder], must),
        (["export", f"output={tmp_path / 'u'}"], must),
        (["export", folder, folder, f"output={tmp_path / 'u'}"], f"{must}, got 2 folders"),
        (
            ["export", str(tmp_path), f"output={tmp_path / 'u'}"],
            "coprod-sim: open_study: must be the folder of a study",
        ),
    ):
        assert cli.main(words) == 2
        assert capsys.readouterr().err.startswith(said)
    assert before == {path.name: path.read_bytes() for path in output.iterdir()} and not (tmp_path / "u").exists()


def test_an_export_that_ends_halfway_leaves_nothing(
    result: cs.StudyResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_write_behaviorspace", full)
    with pytest.raises(cs.StudyError, match="No space left"):
        cs.export(result, tmp_path / "t")
    assert not any((tmp_path / "t").iterdir())
    monkeypatch.undo()
    cs.export(result, tmp_path / "t")


# --- the examples -------------------------------------------------------------------------------------------------


def example(*words: str | Path) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_named_on_the_page_and_run_here() -> None:
    page, here = (path.read_text(encoding="utf-8") for path in (ROOT / "docs/interoperability.md", Path(__file__)))
    files = {path.name for path in EXAMPLES.iterdir() if path.is_file()}
    assert files >= {"batch_run.py", "workbench.py", "salib_morris.py", "policies.R"}
    for name in ("batch_run.py", "workbench.py", "salib_morris.py", "policies.R"):
        assert f"(examples/{name})" in page and f'EXAMPLES / "{name}"' in here


@pytest.mark.slow
def test_mesas_batch_run() -> None:
    lines = example(sys.executable, EXAMPLES / "batch_run.py").splitlines()
    assert lines[0].split() == ["need_closed", "helper_rate"]
    assert lines[2].startswith("time bank ") and lines[3].startswith("today ")


@pytest.mark.slow
def test_the_workbench() -> None:
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")  # the workbench warns when imported
    lines = example(sys.executable, EXAMPLES / "workbench.py").splitlines()
    start = next(place for place, line in enumerate(lines) if line.split()[:2] == ["policy", "trust"])
    assert lines[start].split() == ["policy", "trust", "credit_value", "need_closed", "helper_rate"]
    assert [line.split()[0] for line in lines[start + 1 :]] == ["time_bank"] * 3 + ["pay"] * 3


@pytest.mark.slow
def test_salib(tmp_path: Path) -> None:
    pytest.importorskip("SALib", reason="the extra `sensitivity` is not installed")
    lines = example(sys.executable, EXAMPLES / "salib_morris.py", tmp_path / "s").splitlines()
    assert lines[-4].split() == ["mu", "mu_star", "sigma"]
    assert [line.split()[0] for line in lines[-3:]] == ["motives.trust", "helping.asked", "helping.credit_value"]
    assert len(cs.open_study(tmp_path / "s").study.parameter_sets) == 8  # two trajectories over three parameters


def test_r_makes_the_table_that_pandas_makes(tables: Path, tmp_path: Path) -> None:
    r = shutil.which("Rscript")
    if r is None:
        pytest.skip("Rscript is not installed (Debian: r-base-core)")
    example(r, EXAMPLES / "policies.R", tables / BEHAVIORSPACE, "committee_hours", tmp_path / "policies.csv")
    made = pd.read_csv(tmp_path / "policies.csv", index_col="scenario")
    rows = table(tables)
    runs = rows[rows[STEP] > rows[STEP].max() - 12].groupby(KEY)["committee_hours"].mean().unstack("scenario")
    expected = pd.DataFrame({
        "level": runs.mean(), "gain": runs.sub(runs["today"], axis=0).mean(), "pairs": len(runs)
    })  # fmt: skip
    pd.testing.assert_frame_equal(made, expected.loc[made.index], check_dtype=False, check_names=False, rtol=1e-9)
    assert made["gain"].abs().max() > 0
    assert set(made.index) == set(expected.index)
