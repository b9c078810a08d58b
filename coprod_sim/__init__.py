"""coprod_sim: an agent-based model of how county, committees, elders and organisations co-produce old-age care.

import coprod_sim as cs

today = cs.load_scenario("village_small")
model = cs.CoproductionModel(today, rng=7).run()
model.monthly
"""

from coprod_sim.model.mesa_agents import Association, Elder, Government, SocialOrganization, VillageCommittee
from coprod_sim.model.model import CoproductionModel
from coprod_sim.presentation.report import report
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import load_scenario, save_scenario
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.comparison import differences
from coprod_sim.study.design import Precision, Study
from coprod_sim.study.errors import StudyError
from coprod_sim.study.result import StudyResult, open_study
from coprod_sim.study.runner import run_study

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
    "differences",
    "load_scenario",
    "open_study",
    "report",
    "run_study",
    "save_scenario",
]
