"""coprod_sim: an agent-based model of how county, committees, elders and organisations co-produce old-age care.

import coprod_sim as cs

today = cs.load_scenario("village_small")
model = cs.CoproductionModel(today, rng=7).run()
model.monthly
"""

from coprod_sim.analysis.sensitivity import salib_problem
from coprod_sim.model.mesa_agents import Association, Elder, Government, SocialOrganization, VillageCommittee
from coprod_sim.model.model import CoproductionModel
from coprod_sim.presentation.report import report
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import load_scenario, save_scenario
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.comparison import differences
from coprod_sim.study.design import Precision, Study
from coprod_sim.study.errors import StudyError
from coprod_sim.study.factorial import fractional_factorial, generators_for, resolution_of
from coprod_sim.study.result import StudyResult, open_study
from coprod_sim.study.runner import run_study
from coprod_sim.study.sampling import grid, latin_hypercube, one_at_a_time, policies, sobol, zipped

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
    "VillageCommittee",
    "accepted_draws",
    "differences",
    "fractional_factorial",
    "generators_for",
    "grid",
    "latin_hypercube",
    "load_scenario",
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
