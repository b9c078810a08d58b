"""The spool: finished runs on their way from the processes that ran them to the store.

Each run is stored as soon as it is finished, whole (temporary name, then rename). So whatever is killed, a
finished run is either in the spool or in the store.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from coprod_sim.study import files
from coprod_sim.study.design import RunKey
from coprod_sim.study.outputs import COLUMNS, ROWS, RunOutput, tables

OWNER = "owner"
RUN = re.compile(r"[0-9a-f]{20}\.npy")  # name of a finished run
OURS = re.compile(rf"{OWNER}|[0-9a-f]{{20}}(\.npy|\.[0-9a-f]{{32}}\.part)")  # with those that were not finished


class DamagedRunError(Exception):
    """A file that holds no finished run: torn by a power cut, or not of ours."""


@dataclass(frozen=True)
class Place:
    """Where a spool is, and whose turn it is: a later owner of the same folder has another token."""

    folder: Path
    token: str


def open_spool(place: Place) -> None:
    """Make the folder and put the owner's token there."""
    place.folder.mkdir(exist_ok=True)
    files.write_whole(place.folder / OWNER, place.token.encode())


def put(place: Place, output: RunOutput) -> bool:
    """Put a finished run away; False if the folder is out of reach (another machine) or cannot take it."""
    target = place.folder / f"{_name(output.key)}.npy"
    row = {
        **vars(output.key), "seed": output.seed, "month": output.month,
        "stage": output.stage, "error": output.error, "seconds": output.seconds,
    }  # fmt: skip
    try:
        if not (place.folder / OWNER).exists():
            return False
        partial = target.with_suffix(f".{place.token}.part")
        with partial.open("wb") as file:
            for part in (np.array(json.dumps(row)), output.outcome, output.monthly):
                np.save(file, part)
        files.rename(partial, target)
    except OSError:
        return False
    return True


def taken_over(place: Place) -> bool:
    """Whether somebody else owns the folder by now: then this process works for nobody."""
    try:
        return (place.folder / OWNER).read_text(encoding="utf-8") != place.token
    except OSError:
        return False


def waiting(folder: Path) -> list[Path]:
    """Finished runs that have not been collected."""
    return [file for file in files.inside(folder, "*.npy") if RUN.fullmatch(file.name) and file.is_file()]


def take(file: Path) -> RunOutput:
    """Read a finished run.

    Raises:
        DamagedRunError: the file holds none.
    """
    try:
        with file.open("rb") as parts:
            text, outcome, monthly = (np.load(parts, allow_pickle=False) for _ in range(3))
        row = json.loads(str(text))
        key = RunKey(row.pop("scenario"), row.pop("draw"), row.pop("replication"))
        output = RunOutput(key, outcome=outcome, monthly=monthly, **row)
        tables([output], 0)  # as the store will make them
    except (ValueError, EOFError, KeyError, TypeError, AttributeError, IndexError, OverflowError, MemoryError,
            pa.ArrowException) as error:  # fmt: skip
        raise DamagedRunError(f"{file}: holds no finished run") from error
    if not output.error and (outcome.shape != (len(ROWS),) or monthly.shape != (output.month, len(COLUMNS))):
        raise DamagedRunError(f"{file}: does not hold the rows of its run")
    return output


def _name(key: RunKey) -> str:
    return hashlib.sha256(f"{key.scenario}\n{key.draw}\n{key.replication}".encode()).hexdigest()[:20]
