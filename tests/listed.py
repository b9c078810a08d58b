"""Lists of elders' rows, as passes are given them."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import Elders


def listed(elders: Elders, those: Flags) -> Listed:
    """Those elders, village by village."""
    rows = np.flatnonzero(those)
    starts = np.searchsorted(elders.village[rows], np.arange(elders.village.max() + 2))
    return Listed(rows.astype(np.uint32), starts.astype(np.int32))


def signed_up(elders: Elders) -> Listed:
    """Who uses a site or waits for a place."""
    return listed(elders, elders.present & (elders.enrolled | elders.waiting))


def offering(elders: Elders) -> Listed:
    """Who offers hours of help."""
    return listed(elders, elders.offered > 0)


def there(elders: Elders) -> Listed:
    """Who is there."""
    return listed(elders, elders.present)
