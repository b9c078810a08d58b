"""Why an elder chooses as it does: the named terms of each choice."""

from __future__ import annotations

from coprod_sim.model.agents import association
from coprod_sim.model.agents.elder import enrolling, experience, helping, talking
from coprod_sim.model.stages.provision.helping import see_help
from coprod_sim.model.stages.provision.signing_up import see_site
from coprod_sim.model.state import State


def elder_choices(state: State, row: int) -> dict[str, dict[str, float]]:
    """Choice → named log-odds terms of one elder, from the same rules that decide."""
    elders, params = state.elders, state.params.elders
    state.refresh_perceptions()
    site = see_site(state)
    standing = state.associations.standing[elders.village]
    choices = {
        "enrol": enrolling.utility_of_enrolling(elders, params, state.needs, state.ties, site),
        "leave": enrolling.utility_of_leaving(elders, params, site),
        "help": helping.utility_of_helping(elders, params, state.ties, see_help(state), state.month),
        "attend": talking.utility_of_attending(elders, params, state.distance_row),
        "complain": experience.utility_of_complaining(elders, params),
        "join": association.utility_of_joining(elders, state.params.associations, state.ties, standing),
    }
    return {choice: terms.row(row) for choice, terms in choices.items()}
