"""How a parameter is declared: once, with unit, range, source, grade and role."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from coprod_sim.scenario.errors import between, must_be
from coprod_sim.scenario.plain import is_text, plain
from coprod_sim.scenario.villages import VillageRow, rows_of

Grade = Literal["M", "T", "I", "A"]
Role = Literal["input", "calibration", "validation"]


class Steps(dict):  # type: ignore[type-arg]
    """A step function {month: value} that cannot be changed."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a scenario is frozen: make another one")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[int, Any]]]:
        return Steps, (dict(self),)


# A parameter that may change over time is a value or a step function {month: value}. What rules read comes from
# `Timeline.at`, where it is a single value; type checkers know that one alone.
if TYPE_CHECKING:
    Scheduled = float
    ScheduledFlag = bool
    ScheduledChoice = str
else:
    Scheduled = float | Annotated[dict[int, float], AfterValidator(Steps)]
    ScheduledFlag = bool | Annotated[dict[int, bool], AfterValidator(Steps)]
    ScheduledChoice = str | Annotated[dict[int, str], AfterValidator(Steps)]


@dataclass(frozen=True)
class Cost:
    """What a lever costs once it is moved, and who bears it.

    Attributes:
        yuan, hours: in words, with the parameters that price it as group.name; empty where there are none.
        payer: who pays the yuan or gives the hours; empty only where nothing is paid.
        reason: why nothing is paid; only there.
        items: of the county's bills (`model/bills.py`) that it moves; none where the county is not billed.
    """

    yuan: str = ""
    hours: str = ""
    payer: str = ""
    reason: str = ""
    items: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        paid = bool(self.yuan or self.hours)
        if paid == bool(self.reason) or paid != bool(self.payer):
            raise ValueError(f"{self}: must have yuan or hours with a payer, or a reason why nothing is paid")

    @property
    def words(self) -> str:
        """The cost within a sentence: `yuan: audit cost each audit; hours: ...`, or the reason."""
        parts = [f"{what}: {text}" for what, text in (("yuan", self.yuan), ("hours", self.hours)) if text]
        return ("; ".join(parts) or f"nothing ({self.reason})").replace("economics.", "").replace("_", " ")


@dataclass(frozen=True)
class Declaration:
    """What is known of one parameter.

    Attributes:
        kind: "number", "count" (whole number), "flag", "choice", "text" or "villages" (rows of a county from data).
        unit: unit of the value, "" for pure numbers.
        low, high: smallest and largest value allowed (numbers and counts).
        choices: allowed words (choices).
        meaning: one sentence.
        source: publication and year, or the reason for an assumption.
        grade: M measured near this setting, T transferred, I inferred, A assumed.
        role: "input" unless the figure is only aimed at or tested against.
        scheduled: whether {month: value} is allowed.
        label: of a lever, in plain words; other languages have it from their catalogue (docs/languages.md).
        cost: of a lever: what it costs and who pays.
    """

    kind: str
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    meaning: str
    source: str
    grade: Grade
    role: Role
    scheduled: bool
    label: str = ""
    cost: Cost | None = None

    def allowed(self) -> str:
        """The allowed values as words."""
        if self.kind == "flag":
            text = "true or false"
        elif self.kind == "choice":
            text = "one of " + ", ".join(self.choices)
        elif self.kind == "text":
            text = "text"
        elif self.kind == "villages":
            text = "a file of villages, or rows with name, elders, hamlets and collective_income"
        else:
            assert self.low is not None and self.high is not None
            text = between(self.low, self.high, self.unit, whole=self.kind == "count")
        return text

    def allowed_in_full(self) -> str:
        """The same, with a schedule where one may be given."""
        return self.allowed() + (", or a schedule {month: value}" if self.scheduled else "")

    def check(self, value: Any) -> Any:
        """The value, or each value of a schedule, cleaned; ValueError in words if it is not allowed."""
        value = plain(value)
        if isinstance(value, Mapping):
            return self._check_schedule(value)
        return self._check_single(value)

    def _check_schedule(self, value: Mapping[Any, Any]) -> dict[int, Any]:
        if not self.scheduled or not value:
            raise ValueError(must_be(self.allowed_in_full(), dict(value)))
        steps: dict[int, Any] = {}
        for month, single in value.items():
            whole = _whole(month)
            if whole is None or not 0 <= whole <= 600:
                raise ValueError(f"months of a schedule {must_be(between(0, 600, '', whole=True), month)}")
            if whole in steps:
                raise ValueError(f"a schedule must have each month once, got {whole} twice")
            steps[whole] = self._check_single(single)
        if 0 not in steps:
            raise ValueError(f"a schedule must have month 0, got one that starts at month {min(steps)}")
        return dict(sorted(steps.items()))

    def _check_single(self, value: Any) -> Any:
        noun = "a number " if self.kind == "number" and isinstance(value, bool | str) else ""
        wrong = ValueError(must_be(f"{noun}{self.allowed()}", value))
        if self.kind == "flag":
            if not isinstance(value, bool):
                raise wrong
            return value
        if self.kind == "villages":
            return self._check_villages(value, wrong)
        if self.kind in ("choice", "text"):
            if not is_text(value) or (self.choices and value not in self.choices):
                raise wrong
            return value
        return self._check_number(value, wrong)

    def _check_villages(self, value: Any, wrong: ValueError) -> tuple[VillageRow, ...]:
        if value == "":
            return ()
        if not isinstance(value, list | tuple):
            raise wrong
        return rows_of(value)

    def _check_number(self, value: Any, wrong: ValueError) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise wrong
        if self.kind == "count":
            whole = _whole(value)
            if whole is None:
                raise wrong
            value = whole
        assert self.low is not None and self.high is not None
        if not self.low <= value <= self.high:
            raise wrong
        return value if self.kind == "count" else float(value)


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, int | float) and _finite(value) and float(value).is_integer():
        return int(value)
    return None


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def _declare(default: Any, declaration: Declaration) -> Any:
    return Field(default=default, description=declaration.meaning, json_schema_extra={"declaration": declaration})  # type: ignore[dict-item]


def number(
    default: float, low: float, high: float, unit: str, meaning: str, source: str = "", grade: Grade = "A",
    *, role: Role = "input", scheduled: bool = False,
) -> Any:  # fmt: skip
    """Declare a real-valued parameter."""
    kind = Declaration("number", unit, low, high, (), meaning, source, grade, role, scheduled)
    return _declare(float(default), kind)


def count(
    default: int, low: int, high: int, unit: str, meaning: str, source: str = "", grade: Grade = "A",
    *, role: Role = "input",
) -> Any:  # fmt: skip
    """Declare a whole-number parameter."""
    return _declare(default, Declaration("count", unit, low, high, (), meaning, source, grade, role, False))


def flag(default: bool, meaning: str, source: str = "", grade: Grade = "A") -> Any:
    """Declare a yes-or-no parameter."""
    return _declare(default, Declaration("flag", "", None, None, (), meaning, source, grade, "input", False))


def choice(default: str, choices: tuple[str, ...], meaning: str, source: str = "", grade: Grade = "A") -> Any:
    """Declare a parameter that is one of a few words."""
    return _declare(default, Declaration("choice", "", None, None, choices, meaning, source, grade, "input", False))


def lever(parameter: Any, label: str, cost: Cost) -> Any:
    """Make a declared parameter a lever: it may change over time, and moving it has a cost.

    Args:
        parameter: as `number`, `count`, `flag` or `choice` gives it.
        label: in plain words.
        cost: what it costs, and who pays.
    """
    declared = parameter.json_schema_extra["declaration"]
    return _declare(parameter.default, replace(declared, scheduled=True, label=label, cost=cost))


def village_rows(meaning: str) -> Any:
    """Declare the villages of a county from data."""
    return _declare((), Declaration("villages", "", None, None, (), meaning, "", "A", "input", False))


def text(default: str, meaning: str) -> Any:
    """Declare a free text."""
    return _declare(default, Declaration("text", "", None, None, (), meaning, "", "A", "input", False))


class Group(BaseModel):
    """A group of parameters: frozen, closed to unknown keys, every value checked against its declaration."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_declared(cls, value: Any, info: ValidationInfo) -> Any:
        assert info.field_name is not None
        declared = cls.declarations().get(info.field_name)
        return value if declared is None else declared.check(value)

    @classmethod
    def declarations(cls) -> dict[str, Declaration]:
        """Name → declaration, in the order of the class."""
        found = {}
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "declaration" in extra:
                found[name] = extra["declaration"]
        return found  # type: ignore[return-value]
