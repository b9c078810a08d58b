"""Stage 2, cooperative management: openings, cadre time, money, admission, associations, organisations (ODD 7.3)."""

from coprod_sim.model.stages.management import (
    admission,
    associations,
    cadre_time,
    openings,
    organizations,
    payments,
)
from coprod_sim.model.state import State


def run(state: State) -> None:
    """One month of management, in the order of the ODD's schedule."""
    openings.advance(state)
    associations.advance(state)
    organizations.advance(state)
    cadre_time.split(state)
    payments.pay(state)
    admission.admit(state)


__all__ = ["run"]
