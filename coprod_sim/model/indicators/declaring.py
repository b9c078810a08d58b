"""How a result is declared: a function that counts it, and all that anybody needs to know to show it.

The name of the function is the name of the indicator, and its docstring says what it means. Nothing else has to be
told: documentation, report, console, figures and tables read the declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coprod_sim.model.indicators.per_elder import Counted, ElderMonth

if TYPE_CHECKING:
    from coprod_sim.model.indicators.tally import Tally

VALUE, PARTICIPATION, PROCESS, COST = "value", "participation", "process", "cost"
SIDES = (VALUE, PARTICIPATION, PROCESS, COST)
STATE, FLOW, RATIO = "state", "flow", "ratio"

# Where a result can be shown. All of them stand in docs/indicators.md, in differences.csv and in the figure of
# trajectories; what is declared is where else.
HEADLINE = "headline"
GLANCE = "glance"
TABLE = "table"
GROUPED = "groups"
TIME = "time"
LATER = "time, few policies"
PLANE = "plane"
BESIDES = "besides"
SELECTS = "selects"
PLACES = {
    HEADLINE: "in the sentences of the answer, or for a cost in those on who pays",
    GLANCE: "in the table at a glance above them",
    TABLE: "in the console, in what changes, and in the figure of differences",
    GROUPED: "by group of elders, in the report and as a figure",
    TIME: "over time in the report",
    LATER: "over time in the report where there are one or two policies",
    PLANE: "against cost in the report",
    BESIDES: "beside the bill in who pays",
    SELECTS: "decides which of many policies are drawn and which is called the largest gain; one indicator",
}
STAGES = ("design", "management", "provision", "evaluation")


@dataclass(frozen=True)
class Indicator:
    """One result.

    Attributes:
        name: as in tables.
        label: in plain words; other languages have it from their catalogue (docs/languages.md).
        side: value, participation, process or cost.
        unit: of its level.
        kind: "state" (averaged over the last months), "flow" (summed from the reform month) or "ratio" (of two sums,
            each from the reform month).
        better: +1 if more is better, -1 if less is, 0 if neither.
        denominator: of what it is a share or a mean; empty for a number that is of nothing.
        meaning: one phrase.
        by_group: whether it is counted elder by elder, and so for every group; otherwise for the county.
        count: counts it in a month: for the county from a `Tally`; by group from an `ElderMonth`, as what an elder adds
            above and below the line. A state or ratio of a group is the one sum over the other, a flow the sum above.
            For the county it is called once for all months of a run, with a tally of arrays (see `tally`).
        shown: where, of `PLACES`.
        gauge: stage of the study whose problem it gauges.
        payer: whose bill it is, for the costs that add up to all.
        viewpoint: from whose viewpoint it counts costs, as a heading.
        subject: how a sentence about it begins, for a cost in the headlines.
        bought: what one more of it is called where it is set against money; of a share one percentage point.
    """

    name: str
    label: str
    side: str
    unit: str
    kind: str
    better: int
    denominator: str
    meaning: str
    by_group: bool
    count: Callable[[Any], Any]
    shown: tuple[str, ...] = ()
    gauge: str = ""
    payer: str = ""
    viewpoint: str = ""
    subject: str = ""
    bought: str = ""

    def __post_init__(self) -> None:
        for what, given, allowed in (
            ("side", self.side, SIDES),
            ("kind", self.kind, (STATE, FLOW, RATIO)),
            ("better", self.better, (-1, 0, 1)),
            ("gauge", self.gauge, ("", *STAGES)),
            *(("shown", place, tuple(PLACES)) for place in self.shown),
        ):
            if given not in allowed:
                raise ValueError(f"{self.name}.{what}: must be one of {', '.join(map(repr, allowed))}, got {given!r}")
        if not self.label or not self.meaning:
            raise ValueError(f"{self.name}: must have a label and a docstring")

    @property
    def one(self) -> float:
        """How much of it is one of what is bought: a percentage point of a share, else one of its unit."""
        return 0.01 if self.unit == "share" else 1.0


DECLARED: dict[str, Indicator] = {}


def by_group(
    label: str, side: str, unit: str, *, of: str, kind: str = STATE, better: int = 1, **more: Any
) -> Callable[[Callable[[ElderMonth], Counted]], Indicator]:
    """Declare an indicator that is counted elder by elder (see `Indicator`; `of` is its denominator)."""
    return _declared(label, side, unit, kind, better, of, by_group=True, more=more)


def of_county(
    label: str, side: str, unit: str, *, of: str = "", kind: str = STATE, better: int = 1, **more: Any
) -> Callable[[Callable[[Tally], float]], Indicator]:
    """Declare an indicator that is counted for the county as a whole; NaN in a month in which it has no value."""
    return _declared(label, side, unit, kind, better, of, by_group=False, more=more)


def _declared(
    label: str, side: str, unit: str, kind: str, better: int, of: str, *, by_group: bool, more: dict[str, Any]
) -> Callable[[Callable[[Any], Any]], Indicator]:
    def declare(count: Callable[[Any], Any]) -> Indicator:
        name = count.__name__
        if name in DECLARED:
            raise ValueError(f"{name}: declared twice")
        found = Indicator(name, label, side, unit, kind, better, of, _meaning(count), by_group, count, **more)
        DECLARED[name] = found
        return found

    return declare


def _meaning(count: Callable[[Any], Any]) -> str:
    """The first paragraph of a docstring as a phrase: without capital and full stop."""
    first = " ".join((count.__doc__ or "").strip().partition("\n\n")[0].split())
    return first[:1].lower() + first[1:].removesuffix(".")
