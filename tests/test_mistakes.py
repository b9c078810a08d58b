"""What a command refuses, in another language: the usual sentences whole, any other whole in English."""

from __future__ import annotations

import re

import pytest

from coprod_sim.cli import main
from coprod_sim.presentation.language import speaking
from coprod_sim.presentation.mistakes import mistake


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("incentive=time-bank", "incentive：须为以下之一：honour、none、pay、pay_withdrawn、time_bank，给出的是 "
         "'time-bank'，是否想写 time_bank？"),
        ("supervision.audit_probability=2", "supervision.audit_probability：须为数值，0 至 1（/站点·年），给出的是 2"),
        ("responsibility.named_share=3", "responsibility.named_share：须为数值，0 至 1（占各项职责），给出的是 3"),
        ("access.eligible_age=12", "access.eligible_age：须为数值，60 至 90（岁），给出的是 12"),
        ("economics.building_life=3", "economics.building_life：须为数值，5 至 50（年），给出的是 3"),
        ("population.villages=x", "population.villages：须为整数，1 至 20,000（个村），给出的是 'x'"),
        ("incentive.time_bank=3", "incentive.time_bank：须为是（true）或否（false），给出的是 3"),
        ("replications=0", "replications：须为不小于 1 的整数，给出的是 0"),
        ("horizon.reform_month=400", "horizon.reform_month：须为结束之前的月份，给出的是 400，共 120 个月"),
        ("foo", "须为 key=value、选项、`merge FOLDER…`、`export FOLDER`、`app` 或 `cache clear`，给出的是 'foo'"),
    ],
)  # fmt: skip
def test_a_usual_mistake_is_said_in_chinese(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([words, "language=zh", "dry=true"]) == 2
    assert capsys.readouterr().err == f"coprod-sim: {said}\n"


def test_unknown_keys_are_named_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incentiv=pay", "language=zh"]) == 2
    assert main(["supervision.audit=pay", "language=zh"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("coprod-sim: incentiv：没有这个键，须为以下之一：access、")
    assert first.endswith("，是否想写 incentive？")
    assert second.startswith("coprod-sim: supervision.audit：没有这个键，在 supervision 中须为以下之一：")


@pytest.mark.parametrize(
    "sentence",
    [
        "draws: must be parameter sets such as {helping.base: -3}, got 3",  # no form is made for what must be
        "nothing: is as it should be",
        "access.fee: must be between here and there, got 3",
    ],
)
def test_any_other_sentence_stays_whole_in_english(sentence: str) -> None:
    with speaking("zh"):
        assert mistake(sentence) == sentence


def test_what_was_given_is_said_as_it_was_given() -> None:
    given = "county: must be one of a, b, got 'x, got {y}, or a schedule {month: value}'"
    assert mistake(given) == given
    with speaking("zh"):
        assert mistake(given) == "county：须为以下之一：a、b，给出的是 'x, got {y}, or a schedule {month: value}'"


def test_ranges_of_levers_are_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--levers", "language=zh"]) == 0
    ranges = re.findall(r"^  \S+ = .*?  \[(.*)\]$", capsys.readouterr().out, re.MULTILINE)
    assert len(ranges) > 40 and "数值，60 至 90（岁），或一份时间表 {month: value}" in ranges
    assert [one for one in ranges if re.search(r"between|one of|whole number", one)] == []
