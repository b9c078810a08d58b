"""What is to be said of a study before it runs: sentences that keep what they are made of, for other languages."""

from __future__ import annotations

from typing import Any, Self

# Of parameter sets and counties from files (see `fitting`, `commands`).
HAS, HAVE = "{number} has {key} ({beside})", "{number} have {key} ({beside})"
LACKS, LACK = "{number} lacks {key} ({beside})", "{number} lack {key} ({beside})"
DEFAULT = "default {value}"
AND_MORE = "{parts} and so for {number} more parameters"
RETIRED_ONES = "draws: of {sets} parameter sets {what}: ignored, as the schema has it no more"
OF_THE_FILE = "draws: how large villages are is as the county's file says, not as parameter sets do ({keys})"
LACKING = "draws: of {sets} parameter sets {what}: there the default holds, if the scenario does not say otherwise"
LEFT_TO_SET = "draws: {names} sets today's {key} ({value}), which parameter sets draw: it stays as each set has it"
LEFT_TO_SETS = "draws: {names} set today's {key} ({value}), which parameter sets draw: it stays as each set has it"
LEFT_TO_COUNTY = (
    "county.villages: the file says nothing of organisations, so there are as many to its {villages} villages as in "
    "county A (organizations.per_county={per_county}, organizations.hours={hours} skilled hours a month each); set "
    "these two if you know them"
)
BESIDE_ALL = (
    "{levers}: holds from the reform month on in every policy of {experiment}, beside what the policy's name says, and "
    "not under today's"
)
# Of a dry run (see `foreseen`).
FORESEEN = (
    "{runs} runs of {policies}; {stored} are stored; about {minutes} minutes {where}, into {folder}; nothing was run"
)
FORESEEN_AT_MOST = (
    "{runs} runs or fewer, {least} of each at least, of {policies}; {stored} are stored; about {minutes} minutes "
    "{where}, into {folder}; nothing was run"
)
SOME_POLICIES = "{policies} and {number} more"
ON_CLUSTER, ON_ONE, ON_MANY = "on {cluster}", "on {number} worker", "on {number} workers"
NOTES = (
    HAS, HAVE, LACKS, LACK, DEFAULT, AND_MORE, RETIRED_ONES, OF_THE_FILE, LACKING, LEFT_TO_SET, LEFT_TO_SETS,
    LEFT_TO_COUNTY, BESIDE_ALL, FORESEEN, FORESEEN_AT_MOST, SOME_POLICIES, ON_CLUSTER, ON_ONE, ON_MANY,
)  # fmt: skip


class Note(str):
    """A sentence in English, as records have it.

    Args:
        words: one of `NOTES`.
        values: what stands in its braces: text, numbers, notes, or several of these as a tuple.
    """

    words: str
    values: dict[str, Any]

    def __new__(cls, words: str, **values: Any) -> Self:
        made = super().__new__(cls, words.format(**{key: joined(value) for key, value in values.items()}))
        made.words, made.values = words, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.words, self.values)


def joined(value: Any) -> Any:
    """Several as a list in English; one as it is."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _again(words: str, values: dict[str, Any]) -> Note:
    return Note(words, **values)
