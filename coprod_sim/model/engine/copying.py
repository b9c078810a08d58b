"""Columns copied by compiled code.

`target[:] = source` between two arrays makes numba compile what it would say if their lengths differed, with all that
puts text together: some two seconds in each process that compiles.
"""

from __future__ import annotations

from typing import Any

from coprod_sim.model.engine.compiling import row_step


@row_step
def copy_into(target: Any, source: Any) -> None:
    """Write each value of a column into another one that is as long."""
    for row in range(target.size):
        target[row] = source[row]
