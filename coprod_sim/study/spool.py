"""The spool: finished runs on their way from the processes that ran them to the store.

Each run is put away as soon as it is finished, whole (temporary name, then rename). So whatever is killed, a
finished run is either in the spool or in the store.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coprod_sim.study import files
from coprod_sim.study.design import RunKey
from coprod_sim.study.outputs import RunOutput

OWNER = "owner"


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
    return sorted(folder.glob("*.npy"))


def take(file: Path) -> RunOutput:
    """Read a finished run."""
    with file.open("rb") as parts:
        text, outcome, monthly = (np.load(parts, allow_pickle=False) for _ in range(3))
    row = json.loads(str(text))
    key = RunKey(row.pop("scenario"), row.pop("draw"), row.pop("replication"))
    return RunOutput(key, outcome=outcome, monthly=monthly, **row)


def _name(key: RunKey) -> str:
    return hashlib.sha256(f"{key.scenario}\n{key.draw}\n{key.replication}".encode()).hexdigest()[:20]
