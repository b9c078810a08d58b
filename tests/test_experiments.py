"""Each experiment runs at small size and leaves what it promises. What it finds is never tested."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from coprod_sim.analysis import official_sheet, patterns
from coprod_sim.scenario.composing import options
from coprod_sim.scenario.parameters import FORMS_OF_DUTIES, FORMS_OF_EXPECTATION, FORMS_OF_HELPING, Structure
from coprod_sim.study.uncertain import Space, uncertain

ROOT = Path(__file__).resolve().parent.parent
WHOLE = ROOT / "tests" / "whole_figures.py"  # runs a script, none of whose figures may be cut off
TOOLS = ("make_readme", "parameter_set")  # that answer no question
SCRIPTS = sorted(path.stem for path in (ROOT / "experiments").glob("*.py") if path.stem not in TOOLS)
WITHOUT_CONFIG = {"calibration"}  # its waves are made as it goes


def text_of(name: str) -> str:
    return (ROOT / "experiments" / f"{name}.py").read_text(encoding="utf-8")


def module_of(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "experiments" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_begins_with_its_question_and_has_a_config_of_its_name(name: str) -> None:
    doc = ast.get_docstring(ast.parse(text_of(name))) or ""
    assert doc.splitlines()[0].endswith("?")
    assert f"python experiments/{name}.py --small" in doc
    assert name in options("experiment") or name in WITHOUT_CONFIG


def test_the_readme_is_what_its_generator_makes_and_has_every_experiment() -> None:
    maker = module_of("make_readme")
    assert sorted(maker.NAMES) == SCRIPTS
    assert (ROOT / "experiments/README.md").read_text(encoding="utf-8") == maker.readme()
    assert {name: (ROOT / name).read_text(encoding="utf-8") for name in maker.pages()} == maker.pages(), (
        "make it anew: python experiments/make_readme.py"
    )
    assert (ROOT / maker.CARRIED).read_text(encoding="utf-8") == maker.carried_table()


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator in a copy of the checkout's pages, with answers to all of them, made by today's model."""
    maker = module_of("make_readme")
    for name in ("experiments", "docs", "tests/baselines"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "README.md", tmp_path / "README.md")
    monkeypatch.setattr(maker, "HERE", tmp_path / "experiments")
    monkeypatch.setattr(maker, "ANSWERS", tmp_path / "experiments/answers")
    monkeypatch.setattr(maker, "BASELINES", tmp_path / "tests/baselines")
    with_sets, alone = maker.today()
    maker.ANSWERS.mkdir(exist_ok=True)
    for name in maker.NAMES:  # made up: what an answer says is not looked at here
        (maker.ANSWERS / f"{name}.md").write_text(f"| {name} | a |\n| --- | --- |\n\nIt is a.\n", encoding="utf-8")
        facts = {"processor_seconds": 60, "runs": 2}
        (maker.ANSWERS / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
        made_by(maker, name, alone if name == "calibration" else with_sets)
    (maker.ANSWERS / "flagship.txt").write_text("What to do first: a.\n", encoding="utf-8")
    (maker.ANSWERS / "flagship.json").write_text(json.dumps({"model": with_sets}), encoding="utf-8")
    for name in maker.SHOWING:
        file = tmp_path / name
        file.write_text(re.sub("<!-- model [0-9a-z]+ -->", f"<!-- model {alone} -->", file.read_text("utf-8")), "utf-8")
    return maker


def made_by(maker: ModuleType, name: str, model: str) -> None:
    file = maker.ANSWERS / f"{name}.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"model": model}), encoding="utf-8")


def shown(maker: ModuleType) -> str:
    """All pages, as they are made."""
    assert maker.main([]) == 0
    return "".join((maker.HERE.parent / name).read_text("utf-8") for name in ("experiments/README.md", *maker.SHOWING))


def test_answers_of_todays_model_are_shown_without_a_word(
    maker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not re.search(r"Made by .*being recomputed", shown(maker))
    assert maker.main(["--check"]) == 0
    assert "all answers were made by today's model" in capsys.readouterr().out


def test_what_carries_an_effect_ships_with_its_share_and_the_model_that_gave_it(maker: ModuleType) -> None:
    with_sets, _ = maker.today()
    (maker.ANSWERS / "channels.md").write_text(
        "- R1, open need closed +2 points. Gone without a weight: `motives.feel` 50%, `structure.talk_bargains` 87%.\n",
        encoding="utf-8",
    )
    facts = {"carried": {"R1": "structure.talk_bargains"}, "model": with_sets}
    (maker.ANSWERS / "channels.json").write_text(json.dumps(facts), encoding="utf-8")
    head = "recommendation,assumption,gone,model\n"
    assert maker.carried_table() == f"{head}R1,structure.talk_bargains,0.87,{with_sets}\n"
    made_by(maker, "channels", "earlier")
    assert maker.carried_table() == head


def test_another_baseline_is_another_model_and_every_page_and_the_check_say_so(
    maker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    before, alone = maker.today()
    table = maker.BASELINES / "yearly.csv"
    table.write_text(table.read_text("utf-8").replace(",0.", ",1.", 1), "utf-8")
    assert not {before, alone} & set(maker.today())
    text = shown(maker)
    one, other = (f"*Made by model `{made[:8]}`, being recomputed.*" for made in (before, alone))
    assert text.count(one) == len(maker.NAMES) + 1  # each answer but calibration's, and two that the README quotes
    marked = [name for name in maker.SHOWING if "<!-- model " in (maker.HERE.parent / name).read_text("utf-8")]
    assert len(marked) >= 3 and text.count(other) == 1 + len(marked)
    assert f"being recomputed:** the answers of {', '.join(maker.NAMES)}. Their" in text
    assert shown(maker) == text
    assert maker.main(["--check"]) == 2
    said = capsys.readouterr().err
    assert all(f"  experiments/answers/{name}.md: model `" in said for name in maker.NAMES)
    assert all(f"  {name}: model `{alone[:8]}`" in said for name in marked)


def test_other_parameter_sets_leave_what_does_not_use_them(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maker, "DRAWS", tmp_path / "evidence")
    assert maker.main(["--check"]) == 2
    said = capsys.readouterr().err
    assert "calibration" not in said and "docs/face_validity" not in said
    assert said.count("experiments/answers/") == len(maker.NAMES)  # calibration's not, the flagship's beside


def test_one_answer_of_another_model_is_the_one_that_is_named(
    maker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    made_by(maker, "fair", "earlier")
    assert re.findall(r"recomputed:\*\* the answers of (.*)\. Their", shown(maker)) == ["fair"]
    assert maker.main(["--check"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n  ") == 1 and "experiments/answers/fair.md: an earlier model" in said
    made_by(maker, "fair", "unknown")  # made where no baselines are
    assert "*Made by model `unknown`, being recomputed.*" in shown(maker)


def test_where_there_is_no_answer_pages_say_that_it_is_being_recomputed_and_quote_nothing(
    maker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("md", "json"):
        (maker.ANSWERS / f"recommendations.{kind}").unlink()
    shown(maker)
    page, project = ((maker.HERE.parent / name).read_text("utf-8") for name in ("experiments/README.md", "README.md"))
    assert "still without an answer: recommendations.\n" in page and page.count(maker.COMING) == 1
    assert "What to do first: a." in project
    table = project.split(maker.BEGIN)[1].split(maker.END)[0]
    assert "being recomputed with the new model" in table and "|" not in table
    assert maker.main(["--check"]) == 0  # nothing that another model made
    assert "Still to come: recommendations." in capsys.readouterr().out
    for file in maker.ANSWERS.iterdir():
        file.unlink()
    assert maker.main(["--check"]) == 0
    shown(maker)
    assert maker.NO_PRINTS in (maker.HERE.parent / "README.md").read_text("utf-8")
    assert "no answer is there yet" in capsys.readouterr().out
    (maker.ANSWERS / "fair.json").write_text("{}", encoding="utf-8")
    assert maker.main(["--check"]) == 2


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "experiments/answers").glob("*.md")))
def test_an_answer_says_what_its_intervals_contain_and_comes_from_a_whole_run(name: str) -> None:
    answer = (ROOT / "experiments/answers" / f"{name}.md").read_text(encoding="utf-8")
    made = json.loads((ROOT / "experiments/answers" / f"{name}.json").read_text(encoding="utf-8"))
    assert not made["small"] and not made["overrides"] and made["runs"] > 0
    said = ("Intervals are 95% and contain", "In parentheses: the range over")
    assert any(words in answer for words in said) or name in WITHOUT_CONFIG
    assert (ROOT / "experiments/answers" / f"{name}.png").exists()


@pytest.mark.parametrize("name", SCRIPTS)
def test_numbers_of_an_answer_are_written_out_with_their_minus(name: str) -> None:
    file = ROOT / f"experiments/answers/{name}.md"
    said = re.sub("`[^`]*`", "", file.read_text(encoding="utf-8"))
    assert not re.findall(r"\d[eE][-+]?\d+|(?<![\w.,)-])-\.?\d", said)


def test_robustness_tries_every_rival_form() -> None:
    forms = {"helping": FORMS_OF_HELPING, "duties": FORMS_OF_DUTIES, "expectation": FORMS_OF_EXPECTATION}
    default = Structure()
    rivals = {(name, form) for name, some in forms.items() for form in some if form != getattr(default, name)}
    assert set(module_of("robustness").RIVALS) == rivals


def test_neither_model_nor_schema_knows_the_recommendations() -> None:
    for folder in ("model", "scenario", "evidence"):
        for path in (ROOT / "coprod_sim" / folder).rglob("*.py"):
            assert not re.search(r"\bR[1-4]\b", path.read_text(encoding="utf-8")), path


def run(name: str, folder: Path) -> str:
    command = [sys.executable, str(WHOLE), str(ROOT / "experiments" / f"{name}.py"), "--small", "--output", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in {"calibration", "recommendations"}])
def test_an_experiment_leaves_the_tables_and_the_figure_that_it_names(name: str, tmp_path: Path) -> None:
    run(name, tmp_path)
    doc = ast.get_docstring(ast.parse(text_of(name))) or ""
    promised = set(re.findall(r"\b\w+\.(?:csv|png)\b", doc))
    there = {file.name for file in tmp_path.iterdir()}
    assert promised and promised <= there
    for file in (file for file in promised if file.endswith(".csv")):
        assert len(pd.read_csv(tmp_path / file)) > 0 or file in {"who_loses.csv"}
    answer = (tmp_path / "answer.md").read_text(encoding="utf-8")
    assert len(answer) > 300 and "nan" not in re.findall(r"\w+", answer)
    assert json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))["small"]


@pytest.mark.slow
def test_recommendations_leave_effects_ranks_ratios_and_curves(tmp_path: Path) -> None:
    run("recommendations", tmp_path)
    effects = pd.read_csv(tmp_path / "effects.csv", index_col=["indicator", "scale", "effect", "factors"]).sort_index()
    of_one = effects["value"]["helper_rate", "as it is"]
    parts = sum(of_one["shapley", factor] for factor in ("R1", "R2", "R3", "R4"))
    assert parts == pytest.approx(of_one["together", "R1 × R2 × R3 × R4"])
    assert len(effects.loc[("helper_rate", "log-odds", "interaction")]) == 6
    curve = pd.read_csv(tmp_path / "acceptability.csv", index_col=["payer", "threshold"])
    stamp = ["comparator", "seed", "parameter_sets", "source", "answer"]
    assert set(curve["comparator"]) == {"today"} and curve["answer"].nunique() == 1
    curve = curve.drop(columns=stamp)
    assert curve.shape[1] == 24  # today, its fifteen combinations, six doses and two parts
    np.testing.assert_allclose(curve.sum(axis=1), 1)
    ranks = pd.read_csv(tmp_path / "ranking.csv")
    assert ranks[["best", "harmful"]].stack().between(0, 1).all()
    first = pd.read_csv(tmp_path / "first.csv", index_col=0)
    np.testing.assert_allclose(first[["R1", "R2", "R3", "R4", "none leads"]].sum(axis=1), 1)
    doses = pd.read_csv(tmp_path / "doses.csv")
    assert set(zip(doses["recommendation"], doses["dose"], strict=True)) >= {("R1", 0.5), ("R2", 1), ("R4", 2)}
    assert {"incremental.csv", "recommendations.png", "cost_effectiveness.png", "report.html"} <= {
        file.name for file in tmp_path.iterdir()
    }


@pytest.mark.slow
def test_calibration_matches_wave_by_wave(tmp_path: Path) -> None:
    run("calibration", tmp_path)
    tried = pd.read_csv(tmp_path / "tried.csv")
    aims = [*(line.name for line in official_sheet.SHEET), *(aim.name for aim in patterns.aims(1))]
    assert len(tried) == 24 and list(tried.columns[1:]) == aims
    assert list(pd.read_csv(tmp_path / "accepted.csv")) == list(Space(uncertain()).over)


@pytest.mark.slow
def test_an_experiment_that_is_run_again_reads_what_is_there(tmp_path: Path) -> None:
    first = run("co_production", tmp_path)
    again = run("co_production", tmp_path)
    assert first == again
