"""A Dask cluster to run a study on, through joblib."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from joblib import parallel_config

from coprod_sim.scenario.errors import ScenarioError

PATIENCE = "5s"


@contextmanager
def on_cluster(address: str | None) -> Iterator[None]:
    """Within it studies run on the cluster of a Dask scheduler; without an address, on this machine.

    Raises:
        ScenarioError: Dask is not installed, or nothing answers at the address.
    """
    if address is None:
        yield
        return
    try:
        from distributed import Client
    except ImportError:
        raise ScenarioError(f"cluster: got {address!r}, which needs Dask: install coprod-sim[cluster]") from None
    try:
        client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ScenarioError(
            f"cluster: must be the address of a running Dask scheduler ({what}), got {address!r}"
        ) from None
    with client, parallel_config(backend="dask"):
        yield
