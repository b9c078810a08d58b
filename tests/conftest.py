"""What every test runs under."""

import gc
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


def pytest_collection_finish() -> None:
    """Keep what is there by now out of every later search for garbage: all tests and modules, which stay."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def few_panels() -> Iterator[None]:
    """Figures of a few indicators, in the report too: all of them take longer to draw than anything else that a study
    leaves."""
    from coprod_sim.model.indicators import GROUPED, shown_in
    from coprod_sim.presentation import plots, running
    from coprod_sim.presentation.report import figures

    few = ("helper_rate", "trust", "enrolled_share")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plots, "trajectories", partial(plots.trajectories, indicators=few))
        patched.setattr(plots, "groups", partial(plots.groups, indicators=shown_in(GROUPED)[:2]))
        patched.setattr(plots, "SHOWN", {"few": few})
        patched.setattr(figures, "shown_in", lambda place: shown_in(place)[:1])
        patched.setattr(running, "processes", lambda _: 1)  # others would draw all of them
        yield


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report with few figures: drawing takes most of its time."""
    from coprod_sim.model.indicators import shown_in
    from coprod_sim.presentation.report import figures

    monkeypatch.setattr(figures, "shown_in", lambda place: shown_in(place)[:1])


# No deadline, as a busy machine is no failure. In CI the same examples every time, so that only a change
# of the code can fail it; elsewhere new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
