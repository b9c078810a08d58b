"""One writer to a study's folder at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from coprod_sim.study.errors import StudyError

LOCK = ".lock"


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
