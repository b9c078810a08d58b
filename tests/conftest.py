"""What every test runs under."""

import os

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures without a screen, in subprocesses too


def pytest_configure(config: pytest.Config) -> None:
    """Compile the rules once, before pytest's workers start and each would."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        from coprod_sim.model.warming import compile_rules

        compile_rules(print)


# No deadline, as a busy machine is no failure. In CI the same examples every time, so that only a change
# of the code can fail it; elsewhere new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
