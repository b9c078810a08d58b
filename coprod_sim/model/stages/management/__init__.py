"""Stage 2, cooperative management: openings, cadre time, money, admission, associations, organisations (ODD 7.3)."""

from coprod_sim.model.stages.management import (
    admission,
    associations,
    cadre_time,
    openings,
    organizations,
    payments,
)
from coprod_sim.model.world import World


def run(world: World) -> None:
    """One month of management, in the order of the ODD's schedule."""
    openings.advance(world)
    associations.advance(world)
    organizations.advance(world)
    cadre_time.split(world)
    payments.pay(world)
    admission.admit(world)


__all__ = ["run"]
