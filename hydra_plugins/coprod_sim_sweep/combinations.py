"""A sweeper that hands all combinations of a sweep to the launcher at once.

As Hydra's own, but it leaves no `multirun.yaml` and does not compose every combination to see whether it can be: that
takes 80 ms each, and `coprod-sim` has checked them all before Hydra starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class CombinationsSweeper(Sweeper):
    """Every combination of the values given on the command line, the last key changing fastest."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before `sweep`."""
        self.loader = hydra_context.config_loader
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        """Launch one job for each combination; raises what the first job that failed raised."""
        parser = OverridesParser.create(config_loader=self.loader)
        jobs = list(product(*map(_values, parser.parse_overrides(arguments))))
        results: Sequence[JobReturn] = self.launcher.launch([list(job) for job in jobs], initial_job_idx=0)
        return [result.return_value for result in results]


def _values(override: Override) -> list[str]:
    key = override.get_key_element()
    if not override.is_sweep_override():
        return [str(override.input_line)]
    return [f"{key}={text}" for text in override.sweep_string_iterator()]


ConfigStore.instance().store(
    group="hydra/sweeper",
    name="combinations",
    node={"_target_": "hydra_plugins.coprod_sim_sweep.combinations.CombinationsSweeper"},
    provider="coprod_sim",
)
