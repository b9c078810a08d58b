"""The one error that bad input ends in."""


class ScenarioError(ValueError):
    """Bad input, said in one sentence: which key, what was given, what is allowed."""
