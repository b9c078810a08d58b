"""A launcher that runs a whole sweep as one job, so that the application makes one study of it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, open_dict


class OneStudyLauncher(Launcher):
    """Calls the application once, with the words of the sweep as they were given."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before `launch`."""
        self.hydra_context = hydra_context
        self.task_function = task_function
        self.config = config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run all jobs of the sweep as one.

        Which jobs those are the application works out anew from `hydra.overrides.task`; so later batches, if a
        sweeper makes batches, were run with the first.
        """
        if initial_job_idx > 0:
            return []
        setup_globals()
        config = deepcopy(self.config)
        with open_dict(config):
            config.hydra.job.id = "0"
            config.hydra.job.num = 0
        job = run_job(
            hydra_context=self.hydra_context,
            task_function=self.task_function,
            config=config,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key=None,
        )
        return [job]


ConfigStore.instance().store(
    group="hydra/launcher",
    name="one_study",
    node={"_target_": "hydra_plugins.coprod_sim_sweep.one_study.OneStudyLauncher"},
    provider="coprod_sim",
)
