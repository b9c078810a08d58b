"""The one error that bad input ends in."""


class ScenarioError(ValueError):
    """Bad input, said in one sentence: which key, what was given, what is allowed."""

    def __str__(self) -> str:
        """One line, whatever lines what was given would be shown in."""
        return " ".join(super().__str__().splitlines())
