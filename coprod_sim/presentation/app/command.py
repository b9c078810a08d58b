"""The command that makes a study of what is on the page."""

from __future__ import annotations

import hashlib
import shlex

from coprod_sim.presentation.app.settings import COUNTY, Settings
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.language import ENGLISH, spoken
from coprod_sim.scenario.errors import ScenarioError

REPLICATIONS = 8
# In English whatever is spoken, as it is part of the study; a report shows it translated.
QUESTION = "What does the policy of the dashboard change against its comparator?"


def study_words(settings: Settings, replications: int = REPLICATIONS) -> list[str]:
    """Words of the command after `coprod-sim`: the same comparison with several seeds, under the default parameters.

    Raises:
        ScenarioError: comparator and policy are the same, so that there is nothing to compare.
    """
    comparator, policy = settings.comparator.overrides(), settings.policy.overrides()
    if settings.scenario("comparator") == settings.scenario("policy"):
        raise ScenarioError(say("nothing_to_compare"))
    words = [f"county={COUNTY}", *settings.parameters()]
    if comparator:
        quoted = {"comparator": comparator, "policy": policy}
        inside = ",".join(f"{name}:[{','.join(map(_text, levers))}]" for name, levers in quoted.items())
        words += [f"scenarios={{{inside}}}", "baseline=comparator", f"question={_text(QUESTION)}", "draws=null"]
    else:
        words += policy
    words += [f"replications={replications}", f"seed={settings.seed}"]
    name = hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]
    return [*words, f"output=results/dashboard_{name}"]


def study_command(settings: Settings) -> str:
    """The whole command, to be pasted into a shell.

    Raises:
        ScenarioError: see `study_words`.
    """
    language = [] if spoken() == ENGLISH else [f"language={spoken()}"]
    return shlex.join(["coprod-sim", *study_words(settings), *language])


def _text(value: str) -> str:
    """Text within a Hydra override."""
    return '"' + value.replace('"', '\\"') + '"'
