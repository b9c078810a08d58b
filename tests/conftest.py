"""What every test runs under."""

import os
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # figures without a screen, in subprocesses too


def pytest_configure(config: pytest.Config) -> None:
    """Compile the rules once, before pytest's workers start and each would."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        from coprod_sim.model.warming import compile_rules

        compile_rules(print)


@pytest.fixture(scope="module")
def few_panels() -> Iterator[None]:
    """Figures of a few indicators: all of them take longer to draw than anything else that a study leaves."""
    from coprod_sim.model.indicators import GROUPED, shown_in
    from coprod_sim.presentation import plots, running

    few = ("helper_rate", "trust", "enrolled_share")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plots, "trajectories", partial(plots.trajectories, indicators=few))
        patched.setattr(plots, "groups", partial(plots.groups, indicators=shown_in(GROUPED)[:2]))
        patched.setattr(plots, "SHOWN", {"few": few})
        patched.setattr(running, "processes", lambda _: 1)  # others would draw all of them
        yield


# No deadline, as a busy machine is no failure. In CI the same examples every time, so that only a change
# of the code can fail it; elsewhere new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
