"""What ran: machine, versions, commit; nothing that names a host, a user or a place."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

PACKAGES = ("mesa", "numpy", "numba", "llvmlite", "pandas", "scipy", "pyarrow", "pydantic")


def machine() -> dict[str, Any]:
    """Processor, cores that may be used, memory in GB, system; None where the system does not say."""
    return {
        "processor": _processor(),
        "cores": len(usable_cores()) or os.cpu_count(),
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Python's and the libraries' that time may depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def commit(root: Path) -> dict[str, Any]:
    """Commit of a checkout and whether what runs was changed since; None of a folder that is none."""
    head = git(root, "rev-parse", "--short=12", "HEAD")
    status = git(
        root, "status", "--porcelain", "--untracked-files=no", "--", "coprod_sim", "configs", "benchmarks/*.py"
    )
    return {"commit": head, "dirty": None if status is None else bool(status)}


def git(root: Path, *words: str) -> str | None:
    """What a git command says; None if there is no git, or it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def usable_cores() -> list[int]:
    """Cores that this process may run on; empty where the system cannot say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _processor() -> str | None:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    except OSError:
        pass
    return platform.processor() or None


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None
