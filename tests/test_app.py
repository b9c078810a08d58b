"""The dashboard: what it computes, without a page; then the page in a browser."""

from __future__ import annotations

import ast
import csv
import importlib.util
import json
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe import serious
from browsing import chromium
from matplotlib.backends.backend_agg import FigureCanvasAgg

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.model.people.table import GRADES, NEAREST_CHILD
from coprod_sim.model.places import DUTIES, FAULTS, PARTIES, STATUS
from coprod_sim.presentation.app import charts, command, flow, inspector, places_map, serve, sides, texts, wording
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import MONTHS, SIDES, STAGES, Policy, Settings, checked_value, levers_by_stage
from coprod_sim.presentation.language import gettext, speaking
from coprod_sim.scenario.recommendations import LEVERS, recommendations
from coprod_sim.study.identity import PACKAGE

APP = Path(texts.__file__).parent
with (PACKAGE / "evidence" / "accepted_draws.csv").open(encoding="utf-8") as table:
    DRAWN = [lever for lever in next(csv.reader(table)) if lever in LEVERS]  # whose values today parameter sets draw
SMALL = Settings(villages=2, seed=3, reform_month=2, policy=Policy(("R1", "R2")))


@pytest.fixture(scope="module")
def session() -> Session:
    """Two small runs, four months after their start and two after the reform."""
    return Session(SMALL).advance_to(4)


# Settings


def test_a_policy_follows_recommendations_and_what_is_set_beside_counts_over_them() -> None:
    policy = Policy().following("R3", True).following("R1", True)
    assert policy.recommendations == ("R1", "R3")
    assert policy.value("negotiation.facilitation") is True and Policy().value("negotiation.facilitation") is False
    own = policy.with_lever("negotiation.facilitation", False).with_lever("access.fee", "1.5")
    assert own.overrides() == ["recommendation=[R1,R3]", "negotiation.facilitation=false", "access.fee=1.5"]
    # What it would be anyway is not set, and so follows the recommendation again.
    assert own.with_lever("negotiation.facilitation", True).overrides() == ["recommendation=[R1,R3]", "access.fee=1.5"]
    assert policy.following("R1", False).recommendations == ("R3",)


def test_levers_hold_from_the_reform_month_and_not_before() -> None:
    scenario = SMALL.scenario("policy")
    assert scenario.incentive.time_bank == {0: False, 2: True}
    assert SMALL.scenario("comparator").incentive.time_bank is False
    assert scenario.organizations.hours == 50  # the fewest that an organisation may have
    assert Settings(villages=30).scenario("policy").organizations.hours == 185  # as many a village as in county A


@pytest.mark.parametrize(
    ("lever", "given", "words"),
    [
        ("supervision.audit_probability", "2", "must be between 0 and 1 per site-year, got 2"),
        ("supervision.audit_probability", "much", "must be between 0 and 1 per site-year, got 'much'"),
        ("negotiation.rounds", "1.5", "must be a whole number between 0 and 12 rounds/year"),
        ("access.fee", "", "must be between 0 and 10 yuan/meal, got ''"),
    ],
)
def test_what_may_not_be_is_said_in_a_sentence(lever: str, given: str, words: str) -> None:
    with pytest.raises(cs.ScenarioError, match=re.escape(words)):
        Policy().with_lever(lever, given)


@pytest.mark.parametrize(
    ("name", "given"), [("villages", 1), ("villages", 31), ("villages", 2.5), ("seed", -1), ("reform_month", MONTHS)]
)
def test_sizes_have_bounds(name: str, given: Any) -> None:
    with pytest.raises(cs.ScenarioError, match="must be a whole number between"):
        Settings(**{name: given})


def test_every_lever_stands_in_one_stage_and_says_what_it_means() -> None:
    pytest.importorskip("solara", reason="the extra app is not installed")
    from coprod_sim.presentation.app.wording import lever_help

    stages = levers_by_stage()
    assert tuple(stages) == STAGES
    found = [lever for groups in stages.values() for levers in groups.values() for lever in levers]
    assert sorted(found) == sorted(LEVERS)
    for lever, declared in LEVERS.items():
        text = lever_help(lever, Policy().value(lever))
        assert declared.meaning in text and declared.allowed() in text and "Source: " in text


def test_numbers_are_read_as_people_write_them() -> None:
    declared = LEVERS["funding.building_grant"]
    assert checked_value(declared, "funding.building_grant", " 150,000 ") == 150_000


# Two runs


def test_both_runs_meet_the_same_random_numbers(session: Session) -> None:
    before = [session.monthly(side).iloc[:2] for side in ("comparator", "policy")]
    assert before[0].equals(before[1]), "until the reform both are the same"
    assert not session.monthly("comparator").iloc[2:].equals(session.monthly("policy").iloc[2:])
    alone = cs.CoproductionModel(SMALL.scenario("policy"), rng=3)
    for _ in range(4):
        alone.step()
    assert alone.monthly.equals(session.monthly("policy"))


def test_another_lever_or_seed_is_another_run(session: Session) -> None:
    other = Session(SMALL.with_policy("policy", Policy(("R4",)))).advance_to(4)
    assert not other.monthly("policy").equals(session.monthly("policy"))
    assert other.monthly("comparator").equals(session.monthly("comparator"))


def test_stepping_ends_with_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Session(SMALL)
    short.step(3)
    assert short.month == 3 and short.reformed
    monkeypatch.setattr("coprod_sim.presentation.app.session.MONTHS", 5)
    short.step(12)
    assert short.month == 5 and short.over
    short.close()


@pytest.mark.parametrize("side", list(sides.SIDES_OF_RESULTS))
def test_each_side_is_drawn_with_its_unit_and_said_in_words(session: Session, side: str) -> None:
    for indicator in sides.indicators_of(side):
        found = sides.series(session, indicator.name)
        assert found.unit and len(found.months) == 4
        np.testing.assert_array_equal(found.comparator[:2], found.policy[:2])
        assert found.sentence().startswith("Month 4: comparator ")
    first = sides.series(session, sides.SIDES_OF_RESULTS[side])
    figure = charts.draw(first, 2)
    above, below = figure.axes
    assert above.get_ylabel().replace("\n", " ") == first.unit and below.get_title(loc="left")
    assert "month" in below.get_xlabel()
    assert charts.chart(first, 2).startswith("data:image/png;base64,")


@pytest.mark.parametrize("side", list(sides.SIDES_OF_RESULTS))
def test_no_unit_is_cut_off_at_the_edge_of_a_chart(session: Session, side: str) -> None:
    for indicator in sides.indicators_of(side):
        figure = charts.draw(sides.series(session, indicator.name), 2)
        FigureCanvasAgg(figure).draw()
        ends = [axis.yaxis.label.get_window_extent() for axis in figure.axes]
        assert min(end.x0 for end in ends) >= 0 and min(end.y0 for end in ends) >= 0, indicator.name


def test_what_flows_is_of_one_elder_and_a_year(session: Session) -> None:
    found, monthly = sides.series(session, "cost_government"), session.monthly("policy")
    assert found.unit == "yuan an elder and year"
    np.testing.assert_allclose(found.policy[-1], 12 * monthly["cost_government"].sum() / monthly["elders"].sum())
    assert sides.series(session, "need_closed").policy[-1] == 100 * monthly["need_closed"].iloc[-1]


def test_the_map_has_every_hamlet_and_counts_whom_service_reaches(session: Session) -> None:
    found = places_map.hamlets(session, "policy")
    frame = session.model("policy").elders_frame()
    assert sum(one.elders for one in found) == len(frame)
    for row, one in enumerate(found):
        here = frame[frame["hamlet"] == row]
        assert one.elders == len(here) and here["enrolled"].sum() <= one.reached <= one.elders
    for colour_by in places_map.COLOURS_BY:
        picture = places_map.picture(found, session.villages(), colour_by, 'a <title> of "it"', 1)
        assert picture.count("<circle") == len(found) and "<title> of" not in picture
        assert 'role="img"' in picture and all(words for _, _, words in places_map.legend(colour_by))
    assert len(places_map.STATE_COLOURS) == len(places_map.STATE_SIGNS) == len(STATUS)


def test_a_village_goes_through_four_stages(session: Session) -> None:
    found = flow.flow(session, 0)
    assert tuple(found) == STAGES and all(found.values())
    said = {row.label: row for rows in found.values() for row in rows}
    villages = session.model("policy").villages_frame()
    if villages["has_plan"].iloc[0]:
        assert said["Meals a day"].policy == f"{3 * villages['plan_meals'].iloc[0]:.1f}"
    due = session.model("policy").sites_frame().query("village == 0")["due"].sum()
    assert said["Running money due this month"].policy == f"{due:,.0f} yuan"


def test_an_elder_s_choice_is_explained_as_the_model_explains_it(session: Session) -> None:
    rows = inspector.elders_of(session, 0)
    assert rows and len(set(rows)) == len(rows)
    for row in (rows[0], rows[-1]):
        assert str(row) in inspector.named(session, row) and inspector.portrait(session, row)
        for choice in inspector.CHOICES:
            why = session.model("policy").explain(row)[choice]
            answer = inspector.answers(session, row, choice)["policy"]
            assert sorted(value for _, value in answer.terms) == sorted(why.values())
            assert [value for _, value in answer.terms] == sorted(why.values(), reverse=True)
            assert bool(answer.tips) == why.eligible
            assert ("not this elder's to make" in answer.sentence) != why.eligible


def test_tips_say_what_the_probability_would_be_without_a_term() -> None:
    why = cs.model.views.Explanation({"base": -3.0, "trust": -1.0, "taste": 2.0}, eligible=True)
    tips = inspector._tips(why, "help")
    assert tips[0] == "For even odds 2.00 of log-odds are missing."
    assert "“trust in the committee” (−1.00)" in tips[1] and "27%" in tips[1]


def test_a_recommendation_at_once_is_what_the_model_says_under_it(session: Session) -> None:
    row = next(row for row in inspector.elders_of(session, 0) if session.model("policy").explain(row)["help"].eligible)
    found = inspector.at_once(session, row, "help")
    assert [name.split()[0] for name, _, _ in found] == list(recommendations())
    now = session.model("policy").explain(row)["help"].probability
    assert {before for _, before, _ in found} == {now}
    # R1 and R2 hold already.
    assert found[0][2] == now and found[1][2] == now
    assert inspector.at_once(Session(SMALL), row, "help") == []


# The command


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(policy=Policy(("R2",), {"access.fee": 1.0, "incentive.time_bank": False})),
        Settings(comparator=Policy(("R1",)), policy=Policy(("R1", "R2"))),
        Settings(comparator=Policy((), {"legal.liability": "village"}), policy=Policy()),
        # Levers whose values today the parameter sets draw, under either of the two.
        Settings(policy=Policy((), dict.fromkeys(DRAWN, 0.5))),
        Settings(
            comparator=Policy((), dict.fromkeys(DRAWN, 0.4)), policy=Policy(("R3", "R4"), dict.fromkeys(DRAWN, 0.6))
        ),
        Settings(villages=30, seed=7, reform_month=0, policy=Policy((), {"funding.building_grant": 0.0})),
    ],
)
def test_the_command_runs_the_same_comparison_as_a_study(
    settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coprod_sim.study.commands import request_of

    monkeypatch.chdir(tmp_path)
    words = shlex.split(command.study_command(settings))
    assert words[0] == "coprod-sim"
    assert cli.main([*words[1:], "dry=true"]) == 0
    assert "runs of" in capsys.readouterr().out
    study = request_of(words[1:]).study
    policies = [name for name in study.scenarios if name not in ("today", study.baseline)]
    assert study.scenarios[study.baseline] == settings.scenario("comparator")
    assert settings.scenario("policy") in [study.scenarios[name] for name in (policies or ["today"])]
    assert study.most_replications == command.REPLICATIONS and len(study.parameter_sets) == 1


def test_two_same_policies_make_no_study() -> None:
    with pytest.raises(cs.ScenarioError, match="must compare two different policies"):
        command.study_command(Settings(policy=Policy()))


@pytest.mark.parametrize("words", [["port=0"], ["port=x"], ["browser=no"], ["share=true"]])
def test_what_the_app_is_not_started_with_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["app", *words]) == 2
    assert "must be" in capsys.readouterr().err


def test_a_port_that_is_taken_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("solara", reason="the extra app is not installed")
    with socket.socket() as there:
        there.bind((serve.HOST, 0))
        there.listen()
        assert cli.main(["app", f"port={there.getsockname()[1]}"]) == 2
    assert "must be a free one" in capsys.readouterr().err


def test_without_its_extra_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda name: None)
    assert cli.main(["app"]) == 2
    assert "coprod-sim[app]" in capsys.readouterr().err


# Words


def keys_said(session: Session) -> tuple[set[str], set[str]]:
    """Every key that the dashboard says, and every way of saying one that is not written out and unknown here."""
    choices = inspector.CHOICES
    why = session.model("policy").explain(inspector.elders_of(session, 0)[0])
    sizes = ("villages", "seed", "reform_month")
    made = {
        "say(f'{side}_is')": [f"{side}_is" for side in SIDES],
        "say(name)": sizes,
        "say(f'{name}_help')": [f"{name}_help" for name in sizes],
        "say(one)": SIDES,
        "say(side)": SIDES,
        "say(f'stage_{stage}')": [f"stage_{stage}" for stage in STAGES],
        "say(f'site_{STATUS[status]}')": [f"site_{status}" for status in STATUS],
        "say(f'party_{name}')": [f"party_{name}" for name in PARTIES],
        "say(f'duty_{name}')": [f"duty_{name}" for name in DUTIES],
        "say(f'fault_{name}')": [f"fault_{name}" for name in FAULTS],
        "say(word)": flow.FAULT_STATES,
        "say(f'{key}_{choice}')": [f"{does}_{choice}" for does in ("does", "does_not") for choice in choices],
        "say(f\"child_{NEAREST_CHILD[child].replace(' ', '_')}\")": [
            f"child_{where.replace(' ', '_')}" for where in NEAREST_CHILD
        ],
        "say(f'grade_{GRADES[elders.adl[row]]}')": [f"grade_{grade}" for grade in GRADES],
        "say(f'grade_{declared.grade}')": [f"grade_{declared.grade}" for declared in LEVERS.values()],
        "say(f'term_{choice}_{name}')": [f"term_{choice}_{name}" for choice in choices for name in why[choice]],
        "say(f'step_{months}')": ["step_1", "step_12"],
        "say(f'step_{months}_said')": ["step_1_said", "step_12_said"],
        "say(f'side_{side}')": [f"side_{side}" for side in sides.SIDES_OF_RESULTS],
        "say(f'{colour_by}_help')": [f"{key}_help" for key in places_map.COLOURS_BY],
        "say(f'legend_{colour_by}')": [f"legend_{key}" for key in places_map.COLOURS_BY],
        "say(f'by_{key}')": [f"by_{key}" for key in places_map.COLOURS_BY],
        "say(f'choice_{one}')": [f"choice_{one}" for one in choices],
        "say(FLOW_HEADINGS[stage])": ["stage_plan", "stage_money", "stage_duties", "stage_faults"],
        # Who is helper and user; which of two tips; the heads of two tables.
        "say(key)": ["is_helper", "is_user", "without_support", "without_obstacle", "chance", "what", *SIDES, "term",
                     "log_odds"],
    }  # fmt: skip
    made = {way.replace('"', "'"): keys for way, keys in made.items()}
    said, unknown, there = set[str](), set[str](), set[str]()
    for path in APP.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"):
                continue
            first = node.args[0]
            ends = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for end in ends:
                way = f"say({ast.unparse(end)})".replace('"', "'")  # which quotes it takes differs between Pythons
                if isinstance(end, ast.Constant):
                    said.add(str(end.value))
                elif way in made:
                    there.add(way)
                    said.update(made[way])
                else:
                    unknown.add(way)
    return said, unknown | (set(made) - there)


def test_every_word_that_is_said_is_there_and_none_is_left_over(session: Session) -> None:
    said, unknown = keys_said(session)
    assert not unknown, "say here what these can be"
    assert said == set(texts.ENGLISH)


def test_no_component_has_a_text_of_its_own() -> None:
    for name in ("page.py", "controls.py", "results.py", "parts.py"):
        for node in ast.walk(ast.parse((APP / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("element", "Chosen", "Typed", "Fold"):
                texts_of_own = [one.value for one in node.args[1:] if isinstance(one, ast.Constant) and one.value]
                assert not [text for text in texts_of_own if isinstance(text, str) and " " in text], name


# In Chinese

# What stands on a Chinese page as it is: recommendations' names, words of commands, the package, people and places.
AS_IT_IS = re.compile(
    r"coprod_sim|coprod-sim.*|R[1-4]|[a-z]+(\.[a-z_]+)?=[^\s、。]+|port|browser|true|false|pip install \S+|app|http\S+|"
    r"Ctrl-C|Lu|Balliet|Wugang|Laipo|Xiejiapu|ADL"
)


def english_in(shown: str) -> set[str]:
    """English words of a text that is shown in Chinese."""
    left = re.sub(r"\{[^}]*\}", " ", shown)
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(rf"(?<![A-Za-z])(?:{AS_IT_IS.pattern})(?![A-Za-z])", " ", left)))


def test_every_text_of_the_dashboard_has_a_chinese_one() -> None:
    with speaking("zh"):
        shown = {key: gettext(words) for key, words in texts.ENGLISH.items()}
        shown |= {lever: wording.lever_help(lever, Policy().value(lever)) for lever in LEVERS}
        shown |= {f"{lever}'s label": wording.lever_label(lever) for lever in LEVERS}
        shown |= {f"{lever}'s unit": wording.unit_of_field(declared) for lever, declared in LEVERS.items()}
        shown |= {name: wording.recommendation_help(name) for name in recommendations()}
    assert {key: found for key, words in shown.items() if (found := english_in(words))} == {}
    assert english_in("第 {month} 个月，month") == {"month"}


def test_the_page_is_in_the_language_that_is_asked_for(session: Session) -> None:
    solara = pytest.importorskip("solara", reason="the extra app is not installed")
    from coprod_sim.presentation.app import controls, page
    from coprod_sim.presentation.app.controller import Controller
    from coprod_sim.presentation.app.speech import LANGUAGE, language_asked

    assert [language_asked(*words) for words in ((None, "zh"), ("language=zh", "en"), ("language=fr", "en"))] == [
        "zh", "zh", "en"
    ]  # fmt: skip
    shows = Controller()
    shows.settings.value, shows.session, shows.busy.value = SMALL, session, False

    @solara.component
    def whole(language: str) -> None:
        LANGUAGE.provide(language)
        with solara.Div():
            page.Transport(shows)
            controls.Controls(shows)
            page.Results(shows)

    said = {}
    for language in ("zh", "en"):
        box, context = solara.render(whole(language), handle_error=False)
        said[language] = words_of(box)
        context.close()
    text = "\n".join(said["zh"])
    assert "第 4 个月，共 120 个月" in text and "R1：协商" in text and "language=zh" in text
    assert {words: found for words in said["zh"] if (found := english_in(words))} == {}
    assert "Month 4 of 120" in "\n".join(said["en"]) and not re.search("[一-鿿]", "\n".join(said["en"]))


def words_of(widget: Any) -> list[str]:
    """Every text of a widget and of those within it, without markup and pictures."""
    found: list[str] = []
    for name in ("label", "children", "items", "attributes", "error_messages", "unsafe_innerHTML", "innerHTML"):
        value = getattr(widget, name, None)
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str):
                found += re.findall(r'(?:alt|title|aria-label)="([^"]*)"', one)
                found.append(re.sub(r"<[^>]*>", "\n", one))
            elif isinstance(one, dict):
                found += [str(words) for key, words in one.items() if key in ("text", "aria-label", "title")]
            elif one is not None and hasattr(one, "comm"):
                found += words_of(one)
    return found


def test_what_is_refused_is_said_in_chinese() -> None:
    with speaking("zh"):
        with pytest.raises(cs.ScenarioError, match=r"须为0 至 1（/站点·年），给出的是 '2a'"):
            Policy().with_lever("supervision.audit_probability", "2a")
        with pytest.raises(cs.ScenarioError, match=r"村数：须为2 至 30 之间的整数，给出的是 99"):
            Settings(villages=99)


# Mesa's own page


def test_mesa_s_own_page_renders_and_steps() -> None:
    solara = pytest.importorskip("solara", reason="the extra app is not installed")
    path = Path(__file__).resolve().parents[1] / "docs" / "examples" / "solaraviz.py"
    spec = importlib.util.spec_from_file_location("solaraviz_example", path)
    assert spec and spec.loader
    example = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Mesa and Solara about each other
        spec.loader.exec_module(example)
        model = example.Watched(audits=0.3, time_bank=True)
        model.step()
        box, context = solara.render(example.Trust(model), handle_error=False)
        assert box.children
        context.close()
        box, context = solara.render(example.page, handle_error=False)
        assert box.children
        context.close()
    assert model.scenario_run.supervision.audit_probability == {0: 0.15, 12: 0.3}


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The served page of a server of its own, which is ended afterwards."""
    pytest.importorskip("solara", reason="the extra app is not installed")
    yield from served([sys.executable, "-m", "coprod_sim", "app"], tmp_path_factory.mktemp("served"))


def served(words: list[str], folder: Path) -> Iterator[str]:
    """Start what serves at a free port, wait until it answers, and end it."""
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*words, f"port={port}", "browser=false"], stdout=log, stderr=log)
    url = f"http://{serve.HOST}:{port}/"
    try:
        wait(lambda: answers(url) or server.poll() is not None, 900)
        assert server.poll() is None, (folder / "log").read_text()
        yield url
        assert "Traceback" not in (folder / "log").read_text(), (folder / "log").read_text()
    finally:
        server.terminate()
        server.wait()


def answers(url: str) -> bool:
    """Whether there is a page."""
    try:
        with urllib.request.urlopen(url, timeout=30) as page:
            return page.status == 200
    except OSError:
        return False


def wait(done: Callable[[], Any], seconds: float = 300) -> Any:
    """What comes to be true within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := done():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} seconds")


@pytest.fixture
def driver() -> Iterator[Any]:
    """Chromium, which logs console and network."""
    driver = chromium("the dashboard", ("browser", "performance"))
    try:
        yield driver
    finally:
        driver.quit()


class Shown:
    """The page as a reader has it."""

    def __init__(self, driver: Any, url: str, width: int) -> None:
        self.driver = driver
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(url)
        wait(lambda: self.count("img.chart") == 3, 600)

    def count(self, selector: str) -> int:
        return int(self.driver.execute_script("return document.querySelectorAll(arguments[0]).length", selector))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
        return list(self.driver.execute_script(script, selector))

    @property
    def month(self) -> int:
        return int(self.texts(".month")[0].split()[1])

    def press(self, words: str) -> None:
        script = "return [...document.querySelectorAll('button')].find(e => e.textContent.trim() === arguments[0])"
        button = wait(lambda: self.driver.execute_script(script, words))
        wait(button.is_enabled)
        self.driver.execute_script("arguments[0].click()", button)

    def open(self, fold: str) -> None:
        script = "return [...document.querySelectorAll('button.fold')].find(e => e.textContent.includes(arguments[0]))"
        button = wait(lambda: self.driver.execute_script(script, fold))
        self.driver.execute_script("arguments[0].click()", button)
        wait(lambda: button.get_attribute("aria-expanded") == "true")

    def type(self, label: str, text: str) -> None:
        script = (
            "const label = [...document.querySelectorAll('label')].find(e => e.textContent.startsWith(arguments[0]));"
            "return label && document.getElementById(label.getAttribute('for'))"
        )
        field = wait(lambda: self.driver.execute_script(script, label))
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)

        def typed() -> bool:
            """Key by key, as people do: the page echoes each, and one that comes before the echo is lost."""
            field.send_keys("\ue009a\ue000")  # over all that stands there
            for key in text:
                field.send_keys(key)
                time.sleep(0.5)
            return bool(field.get_attribute("value") == text)

        wait(typed)
        field.send_keys("\n")

    def requests(self) -> list[str]:
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                found.append(message["params"].get("url") or message["params"]["request"]["url"])
        return found


def errors(driver: Any) -> list[str]:
    """What the console calls an error."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def levels_at(page: Shown, month: int) -> list[str]:
    """What the sides say of a month, as far as they show it already."""
    return [text for text in page.texts("p.levels") if text.startswith(f"Month {month}:")]


@pytest.mark.slow
def test_a_reader_plays_steps_sets_and_resets(driver: Any, address: str) -> None:
    page = Shown(driver, address, 1280)
    assert page.month == 0
    page.press("Play")
    wait(lambda: page.month >= 2)
    page.press("Pause")  # the page listens while months go on
    wait(lambda: "Play" in [text.strip() for text in page.texts("button")])
    month = page.month
    page.press("1 month")
    wait(lambda: page.month == month + 1)
    page.press("12 months")
    wait(lambda: page.month == month + 13)
    # One side after the other is drawn anew.
    before = wait(lambda: len(found := levels_at(page, month + 13)) == 3 and found)

    # A recommendation more: both run again to the month shown, and the policy's levels are others.
    switch = driver.execute_script(
        "return [...document.querySelectorAll('input[role=switch]')].find(e => "
        "e.closest('.v-input').textContent.includes('R3'))"
    )
    driver.execute_script("arguments[0].click()", switch)
    wait(lambda: "clear duties" in page.texts(".results > p.small")[1])
    after = wait(lambda: len(found := levels_at(page, month + 13)) == 3 and found != before and found)
    assert page.month == month + 13
    assert [text.split(", policy")[0] for text in after] == [text.split(", policy")[0] for text in before]
    assert "recommendation=[R1,R3]" in page.texts("pre")[0]

    # What may not be is said in words, and nothing runs.
    page.type("Villages", "99")
    wait(lambda: any("must be a whole number between 2 and 30, got 99" in text for text in page.texts(".v-messages")))
    page.type("Villages", "3")
    wait(lambda: any("in 3 villages" in text for text in page.texts(".status")))
    page.press("Reset")
    wait(lambda: page.month == 0)

    assert errors(driver) == []
    requests = page.requests()
    assert len(requests) > 5
    assert [url for url in requests if not re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:", url)] == []


@pytest.mark.slow
def test_a_lever_is_found_set_and_explained(driver: Any, address: str) -> None:
    page = Shown(driver, address, 1280)
    for fold in ("Cooperative evaluation", "Supervision"):
        page.open(fold)
    page.type("Audits", "3")
    wait(lambda: any("must be between 0 and 1 per site-year, got 3" in text for text in page.texts(".v-messages")))
    page.type("Audits", "0.5")
    wait(lambda: "supervision.audit_probability=0.5" in page.texts("pre")[0])
    said = [text for text in page.texts("details.help p") if "site is audited in a year" in text]
    assert said and "Source: Junan county" in said[0]
    page.press("1 month")
    wait(lambda: page.month == 1)
    page.press("Compute it for this elder")
    wait(lambda: any(text.startswith("R4 supervision") for text in page.texts("li")))
    assert errors(driver) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_a_desk_and_a_telephone(driver: Any, address: str, width: int) -> None:
    page = Shown(driver, address, width)
    page.press("12 months")
    wait(lambda: page.month == 12)
    assert driver.execute_script("return innerWidth") == width
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    levels = driver.execute_script(
        "return [...document.querySelectorAll('h1, h2, h3, h4, h5')].filter(e => e.offsetParent)"
        ".map(e => +e.tagName[1])"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    unnamed = driver.execute_script(
        "return [...document.querySelectorAll('main img:not([alt]), main svg.map:not([aria-label])')].length"
    )
    assert unnamed == 0
    assert errors(driver) == []


# What widgets of Vuetify, of which Solara's are made, do that axe-core calls serious: rule → what its element has.
# Nothing of ours may do any of it. The list may only become shorter; docs/accessibility.md has it, too.
OF_THE_VENDOR = {"nested-interactive": "v-input__slot", "aria-progressbar-name": "v-progress-linear"}


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_screen_reader_has_all_of_it(driver: Any, address: str, width: int) -> None:
    page = Shown(driver, address, width)
    assert driver.execute_script("return document.documentElement.lang") == "en"
    page.press("12 months")
    wait(lambda: page.month == 12)
    for fold in ("Cooperative evaluation", "Supervision"):
        page.open(fold)
    found = serious(driver)
    assert [(rule, where) for rule, where, html in found if OF_THE_VENDOR.get(rule, "nothing") not in html] == []
    rules = {rule for rule, _, _ in found} | {"aria-progressbar-name"}  # the bar is there while the page computes
    assert rules == set(OF_THE_VENDOR), "what is mended is listed no more"


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_in_chinese_is_chinese(driver: Any, address: str, width: int) -> None:
    page = Shown(driver, f"{address}?language=zh", width)
    assert driver.execute_script("return document.documentElement.lang") == "zh-CN"
    page.press("12 个月")
    wait(lambda: "第 12 个月" in page.texts(".month")[0])
    assert english_in(driver.execute_script("return document.querySelector('.coprod').innerText")) == set()
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert errors(driver) == []
