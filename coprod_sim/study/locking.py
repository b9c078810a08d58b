"""Whose a folder is: a study's own, and one writer's at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study import files, record
from coprod_sim.study.errors import StudyError

LOCK = ".lock"
FIRST = (LOCK, files.partial_name(record.RECORD))  # all that a study which ended at once leaves


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Within it nobody else writes to a folder.

    Raises:
        StudyError: somebody does already, or the folder cannot be written.
    """
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StudyError(f"{folder}: another process is running this study; wait for it or end it") from None
    except OSError as error:
        raise StudyError(f"{folder}: cannot be written ({error.strerror or error})") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def nobody_writes(folders: Iterable[Path]) -> Iterator[None]:
    """Within it nobody writes to studies' folders, which may be read-only.

    Raises:
        StudyError: somebody is doing so, or the lock of a folder is a link.
    """
    with ExitStack() as stack:
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            files.refuse_links(folder, [LOCK])  # locking empties what it leads to
            if os.access(folder, os.W_OK) and (folder / LOCK).exists():  # as whoever writes has made it
                stack.enter_context(only_writer(folder))
        yield


def refuse_others_folder(folder: Path) -> None:
    """A folder that holds something but no study is left alone."""
    try:
        foreign = folder.exists() and (
            not folder.is_dir()
            or (not (folder / record.RECORD).is_file() and any(f.name not in FIRST for f in folder.iterdir()))
        )
    except OSError as error:
        raise StudyError(f"{folder}: cannot be read ({error.strerror or error})") from error
    if foreign:
        raise ScenarioError(f"output: must be a folder that is new, empty or this study's, got {str(folder)!r}")
    files.refuse_links(folder, record.WITHIN)
