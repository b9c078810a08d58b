"""The one error that bad input ends in."""

LONGEST = 4_000  # characters of a sentence


class ScenarioError(ValueError):
    """Bad input, said in one sentence: which key, what was given, what is allowed."""

    def __str__(self) -> str:
        """One line, of a length that can be read, whatever was given."""
        line = " ".join(super().__str__().splitlines())
        return line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
