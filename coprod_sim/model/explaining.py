"""Why an elder chooses as it does: the named terms of each choice."""

from __future__ import annotations

from coprod_sim.model.agents import association
from coprod_sim.model.agents.elder import enrolling, experience, helping, talking
from coprod_sim.model.stages.provision.helping import see_help
from coprod_sim.model.stages.provision.signing_up import see_site
from coprod_sim.model.world import World


def elder_choices(world: World, row: int) -> dict[str, dict[str, float]]:
    """Choice → named log-odds terms of one elder, from the same rules that decide."""
    elders, weight = world.elders, world.policy.elders
    world.look_around()
    site = see_site(world)
    standing = world.associations.standing[elders.village]
    choices = {
        "enrol": enrolling.pull_to_enrol(elders, weight, world.needs, world.ties, site),
        "leave": enrolling.pull_to_leave(elders, weight, site),
        "help": helping.pull_to_help(elders, weight, world.ties, see_help(world), world.month),
        "attend": talking.pull_to_attend(elders, weight, world.distance_row),
        "complain": experience.pull_to_complain(elders, weight),
        "join": association.pull_to_join(elders, world.policy.associations, world.ties, standing),
    }
    return {choice: terms.row(row) for choice, terms in choices.items()}
