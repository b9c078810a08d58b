"""Stage 3, cooperative provision: who comes, who helps, what is served, what goes wrong (ODD 7.4)."""

from coprod_sim.model.stages.provision import accidents, helping, serving, signing_up, site_life, tasks
from coprod_sim.model.state import State


def run(state: State) -> None:
    """One month of provision, in the order of the ODD's schedule."""
    signing_up.decide(state)
    helping.decide(state)
    tasks.run(state)
    site_life.open_days(state)
    serving.serve(state)
    accidents.run(state)
    site_life.go_on_or_stop(state)


__all__ = ["run"]
