"""Solutions to notebook 5: the four recommendations, and which to begin with."""

# %% 1. R2 taken apart
import tempfile

import pandas as pd

import coprod_sim as cs
from coprod_sim.analysis.diagnosis import probability_first

COUNTY = ["population.villages=10", "organizations.per_county=1", "organizations.hours=62"]
NAMES = ["R1", "R2", "R3", "R4"]
scenarios = {"today": cs.load_scenario("county_a", COUNTY)} | {
    name: cs.load_scenario("county_a", [*COUNTY, f"recommendation={name}"])
    for name in (*NAMES, "R2.law", "R2.incentive")
}
study = cs.Study(scenarios, replications=1, draws=cs.accepted_draws(40))
result = cs.run_study(study, tempfile.mkdtemp(), workers=1)
table = result.differences().xs("all", level="group")
parts = table.loc[(["R2", "R2.law", "R2.incentive"], ["need_closed", "cost_government", "owed"]), :]
print(parts[["unit", "difference", "ci_low", "ci_high", "clear"]].round(4).to_string(), end="\n\n")

# %% 2. First for the disabled
of = {group: probability_first(result, NAMES, group=group) for group in ("all", "adl: any loss")}
print(pd.DataFrame(of).round(3), end="\n\n")

# %% 3. Another lead
leads = {
    f"{100 * lead:g} points": probability_first(result, NAMES, lead=lead) for lead in (0.0, 0.001, 0.005, 0.01, 0.02)
}
print(pd.DataFrame(leads).round(3))
# The larger the lead that counts, the more sets in which none comes first.
