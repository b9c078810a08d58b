"""What processes elsewhere compute with: other source or other versions would give other numbers, and say nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.errors import StudyError
from coprod_sim.study.identity import SOURCE

Versions = Mapping[str, str]
NONE = "none"
MOST_NAMED = 5  # workers in a message


def looker(suffixes: tuple[str, ...] = SOURCE) -> Callable[[], dict[str, str]]:
    """A function that says what the process that calls it computes with.

    It uses nothing of this package, and is sent whole because it is made here: so a worker whose package is too old to
    know this module, or that has none, answers as well. Of Python the first two numbers count, which decide what can be
    installed; releases between them change no arithmetic.
    """

    def look() -> dict[str, str]:
        import hashlib
        import importlib
        import importlib.util
        import platform
        from pathlib import Path

        found = importlib.util.find_spec("coprod_sim")
        source = "none"
        if found is not None and found.origin is not None:
            folder, content = Path(found.origin).parent, hashlib.sha256()
            files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*")}
            for name in sorted(name for name in files if name.endswith(suffixes)):
                content.update(name.encode() + hashlib.sha256(files[name].read_bytes()).digest())
            source = content.hexdigest()[:16]
        versions = {"source of coprod_sim": source, "Python": ".".join(platform.python_version_tuple()[:2])}
        for name in ("numpy", "numba"):
            try:
                versions[name] = str(importlib.import_module(name).__version__)
            except ImportError:
                versions[name] = "none"
        return versions

    return look


@cache
def here() -> Versions:
    """What this process computes with."""
    return looker()()


def check_workers(backend: Any) -> None:
    """Ask the workers of a cluster what they compute with, before anything is run.

    Args:
        backend: of joblib; one without a Dask client is left to `refuse_another`, which each task asks.

    Raises:
        ScenarioError: a worker has anything else than this process.
    """
    client = getattr(backend, "client", None)
    if client is None:
        return
    others = {str(address): wrong for address, there in client.run(looker()).items() if (wrong := differing(there))}
    if others:
        named = "; ".join(f"{address} has {wrong}" for address, wrong in list(others.items())[:MOST_NAMED])
        more = f"; and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        raise ScenarioError(
            "cluster: all workers must have the source and versions that this process has, as others may give other "
            f"numbers, got {named}{more}"
        )


def refuse_another(asked: Versions | None) -> None:
    """Called by a worker: whether it computes with what the study's process does.

    Args:
        asked: what that has; None where it started this process itself.

    Raises:
        StudyError: it does not.
    """
    if asked is not None and (wrong := differing(here(), asked)):
        raise StudyError(
            f"a worker that joined later has {wrong}: other source or versions may give other numbers; end it, and the "
            "same command resumes"
        )


def differing(there: Versions, asked: Versions | None = None) -> str:
    """What another process has otherwise, in words; empty where nothing is.

    Args:
        there: what it has.
        asked: what it must have; None for what this process has.
    """
    asked = here() if asked is None else asked
    return ", ".join(
        f"{name} {there.get(name, NONE)} (here {version})" for name, version in asked.items()
        if there.get(name, NONE) != version
    )  # fmt: skip
