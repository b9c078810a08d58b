"""The one error that bad input ends in, and how it says what must be."""

LONGEST = 4_000  # characters of a sentence
# Units that do not follow a number in a sentence: "between 0 and 1 (share of need)".
BRACKETED = ("share", "ratio", "multiple", "sd", "score", "exponent", "distance", "of ")


class ScenarioError(ValueError):
    """Bad input, said in one sentence: which key, what it must be, what was given."""

    def __str__(self) -> str:
        """One line, of a length that can be read, whatever was given."""
        line = " ".join(super().__str__().splitlines())
        return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


def must_be(wanted: str, given: object) -> str:
    """What is said of a value that is not what it must be."""
    return f"must be {wanted}, got {given!r}"


def between(low: float, high: float, unit: str, *, whole: bool = False) -> str:
    """A range with its unit as words: `between 0 and 1 per site-year`, `a whole number between 1 and 20,000 villages`.

    Args:
        low, high: smallest and largest value that may be.
        unit: as declared; pure numbers have none.
        whole: whether only whole numbers may be.
    """
    ends = [f"{end:,.0f}" if float(end).is_integer() else f"{end:g}" for end in (low, high)]
    if unit.startswith("1/"):
        unit = f"per {unit.removeprefix('1/')}"
    elif unit in ("0-1", "index"):
        unit = ""
    elif unit.startswith(BRACKETED):
        unit = f"({unit})"
    return f"{'a whole number ' if whole else ''}between {ends[0]} and {ends[1]} {unit}".rstrip()
