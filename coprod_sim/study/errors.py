"""What can go wrong with a study, as one sentence for its user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StudyError(Exception):
    """A study cannot continue: the folder, the disk or its content; the message says what is kept and what to do."""


class StudyInterrupted(KeyboardInterrupt):
    """A study was stopped by Ctrl-C; the message says what is kept and how to resume."""


@contextmanager
def writing(folder: Path, kept: int = 0) -> Iterator[None]:
    """Says in one sentence what the system has against writing to a folder."""
    try:
        yield
    except OSError as error:
        what = f"; {kept} finished runs are kept there" if kept else ""
        raise StudyError(
            f"{folder}: cannot be written ({error.strerror or error}){what}; once mended, the same command resumes"
        ) from error
