"""coprod_sim: an agent-based model of how county, committees, elders and organisations co-produce old-age care.

>>> import coprod_sim as cs
>>> today = cs.load_scenario("village_small", ["horizon.months=24", "horizon.reform_month=12"])
>>> model = cs.CoproductionModel(today, rng=7).run()
>>> len(model.monthly)  # one row a month, one column an indicator
24
>>> sorted(model.explain(model.elder(0)))  # the choices of one elder, each with named terms
['attend', 'enrol', 'help', 'join']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coprod_sim.analysis.sensitivity import salib_problem
    from coprod_sim.model.mesa_agents import (
        Association,
        Elder,
        Government,
        SocialOrganization,
        Township,
        VillageCommittee,
    )
    from coprod_sim.model.model import CoproductionModel
    from coprod_sim.presentation.report import report
    from coprod_sim.scenario.errors import ScenarioError
    from coprod_sim.scenario.loading import load_scenario, save_scenario
    from coprod_sim.scenario.schema import Scenario
    from coprod_sim.study.accepted import accepted_draws
    from coprod_sim.study.comparison import differences
    from coprod_sim.study.design import Precision, Study
    from coprod_sim.study.errors import StudyError
    from coprod_sim.study.exporting import export
    from coprod_sim.study.factorial import fractional_factorial, generators_for, resolution_of
    from coprod_sim.study.merging import merge
    from coprod_sim.study.result import StudyResult, open_study
    from coprod_sim.study.runner import run_study
    from coprod_sim.study.sampling import grid, latin_hypercube, one_at_a_time, policies, sobol, zipped

# Name → module that has it, imported when the name is first used: the command line checks its words without waiting
# for Mesa, pandas and scipy, which take longer to import than most mistakes take to find.
_PLACES = {
    "Association": "model.mesa_agents",
    "CoproductionModel": "model.model",
    "Elder": "model.mesa_agents",
    "Government": "model.mesa_agents",
    "Precision": "study.design",
    "Scenario": "scenario.schema",
    "ScenarioError": "scenario.errors",
    "SocialOrganization": "model.mesa_agents",
    "Study": "study.design",
    "StudyError": "study.errors",
    "StudyResult": "study.result",
    "Township": "model.mesa_agents",
    "VillageCommittee": "model.mesa_agents",
    "accepted_draws": "study.accepted",
    "differences": "study.comparison",
    "export": "study.exporting",
    "fractional_factorial": "study.factorial",
    "generators_for": "study.factorial",
    "grid": "study.sampling",
    "latin_hypercube": "study.sampling",
    "load_scenario": "scenario.loading",
    "merge": "study.merging",
    "one_at_a_time": "study.sampling",
    "open_study": "study.result",
    "policies": "study.sampling",
    "report": "presentation.report",
    "resolution_of": "study.factorial",
    "run_study": "study.runner",
    "salib_problem": "analysis.sensitivity",
    "save_scenario": "scenario.loading",
    "sobol": "study.sampling",
    "zipped": "study.sampling",
}

__all__ = [
    "Association",
    "CoproductionModel",
    "Elder",
    "Government",
    "Precision",
    "Scenario",
    "ScenarioError",
    "SocialOrganization",
    "Study",
    "StudyError",
    "StudyResult",
    "Township",
    "VillageCommittee",
    "accepted_draws",
    "differences",
    "export",
    "fractional_factorial",
    "generators_for",
    "grid",
    "latin_hypercube",
    "load_scenario",
    "merge",
    "one_at_a_time",
    "open_study",
    "policies",
    "report",
    "resolution_of",
    "run_study",
    "salib_problem",
    "save_scenario",
    "sobol",
    "zipped",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("coprod-sim")
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
