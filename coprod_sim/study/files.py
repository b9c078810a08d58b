"""The few things that are done to files: each either happens whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

OURS = ".coprod_sim-"  # how the names of all begin that is only there for a moment: nobody else's file has such a name


def partial_name(name: str) -> str:
    """The name that a file has while it is written."""
    return f"{OURS}{name}.part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it."""
    write_by(path, lambda partial: _write(partial, content))


def write_by(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file under a temporary name, then rename it; nothing is left if that fails."""
    partial = path.with_name(partial_name(path.name))
    try:
        write(partial)
        _sync(partial)
        rename(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def rename(source: Path, target: Path) -> None:
    """Give a finished file or folder its name, in place of what had it."""
    os.replace(source, target)  # noqa: PTH105 - one name for all that tests may break


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Remove a folder with what is in it, if it is there; it loses its name first, so that it is never half there."""
    gone = folder.with_name(f"{OURS}{folder.name}.gone")
    if gone.exists():
        shutil.rmtree(gone)
    if folder.exists():
        rename(folder, gone)
        shutil.rmtree(gone)


def tidy(folder: Path) -> None:
    """Remove what an interrupted write or removal of ours left in a folder, and nothing else."""
    for path in [*folder.glob(f"{OURS}*.gone"), *folder.glob(f"{OURS}*.part")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def plain_name(name: str) -> str:
    """A name as a file name."""
    return re.sub(r"[^\w.=+-]+", "_", name).strip("_.")[:120] or "_"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
