"""Where compiled passes are kept between processes.

A folder for each state of the model's source, so that nothing compiled from other source is ever run: numba itself
notices a change in the file of a pass, but not one in the file of a rule that the pass calls. What numba writes there
stands in `keeping`: here nothing is imported that takes long, as whoever asks may need no model.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import platformdirs

VARIABLE = "COPROD_SIM_CACHE"
COMPILED_FROM = ("model", "scenario")  # folders of the package
MARKER = "compiled"
KEPT_DAYS = 30  # folders of other states of the source that nobody has used for so long are removed


class CacheWarning(UserWarning):
    """Compiled rules cannot be kept where they should be."""


@cache
def source_hash() -> str:
    """Hash of the source that compiled code can depend on: of the path and content of each Python file of it.

    These are the model, and the scenario, whose groups of parameters are what compiled code is given.
    """
    package = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for path in sorted(path for part in COMPILED_FROM for path in (package / part).rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def folder() -> Path | None:
    """The folder of this state of the source: under $COPROD_SIM_CACHE, else the user's cache folder, else a private
    temporary one, which goes when the process ends; None, with a warning, where none can be written."""
    for parent in _candidates():
        mine = parent / source_hash()
        if _writable(mine):
            _forget_old(parent, mine)
            return mine
    return _temporary()


def clear() -> tuple[Path, int]:
    """Remove what is kept of all states of the source; the folder and how many bytes it held."""
    parent = next(_candidates())
    held = 0
    for mine in _folders(parent):
        held += sum(path.stat().st_size for path in mine.rglob("*") if path.is_file())
        shutil.rmtree(mine, ignore_errors=True)
    return parent, held


def marker(name: str) -> Path | None:
    """A file that says something of the compiled code of this Python, if there is a folder for it."""
    mine = folder()
    return None if mine is None else mine / f"{name}-{sys.implementation.cache_tag}"


def complete() -> bool:
    """Whether all rules have been compiled for this source and this Python, and are kept."""
    mark = marker(MARKER)
    return mark is not None and mark.exists()


def _candidates() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named)
    yield Path(platformdirs.user_cache_dir("coprod_sim", appauthor=False))


def _writable(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError as error:
        if os.environ.get(VARIABLE) == str(path.parent):
            warnings.warn(f"{VARIABLE}: {path.parent} cannot be written ({error.strerror})", CacheWarning, stacklevel=2)
        return False
    return True


def _temporary() -> Path | None:
    """A folder of this process and its workers, which are told of it by the environment."""
    try:
        parent = Path(tempfile.mkdtemp(prefix="coprod_sim-"))
        mine = parent / source_hash()
        mine.mkdir()
    except OSError:
        warnings.warn(
            f"the model's rules are compiled anew in each process: no folder can be written; set {VARIABLE} to one",
            CacheWarning,
            stacklevel=2,
        )
        return None
    os.environ[VARIABLE] = str(parent)
    atexit.register(_remove, parent, os.getpid())
    return mine


def _remove(parent: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker leaves it to its parent
        shutil.rmtree(parent, ignore_errors=True)


def _folders(parent: Path) -> list[Path]:
    """Folders that this module made: named by a hash of 16 digits."""
    try:
        found = [path for path in parent.iterdir() if path.is_dir() and len(path.name) == 16]
    except OSError:
        return []
    return [path for path in found if all(digit in "0123456789abcdef" for digit in path.name)]


def _forget_old(parent: Path, mine: Path) -> None:
    try:
        os.utime(mine)
        for other in _folders(parent):
            if other != mine and time.time() - other.stat().st_mtime > KEPT_DAYS * 86_400:
                shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return  # another process removes them, or the disk is full: nothing depends on it
