"""Stage 3, cooperative provision: who comes, who helps, what is served, what goes wrong (ODD 7.4)."""

from coprod_sim.model.stages.provision import accidents, helping, serving, signing_up, site_life, tasks
from coprod_sim.model.world import World


def run(world: World) -> None:
    """One month of provision, in the order of the ODD's schedule."""
    signing_up.decide(world)
    helping.decide(world)
    tasks.see_to(world)
    site_life.open_days(world)
    serving.serve(world)
    accidents.happen(world)
    site_life.go_on_or_stop(world)


__all__ = ["run"]
