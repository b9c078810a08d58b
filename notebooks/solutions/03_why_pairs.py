"""Solutions to notebook 3: comparing two policies, why pairs, and what is uncertain."""

# %% 1. Pairs broken
import tempfile
from pathlib import Path

import numpy as np

import coprod_sim as cs

folder = Path(tempfile.mkdtemp())
today = cs.load_scenario("village_small")
bank = cs.load_scenario("village_small", ["incentive=time_bank"])
scenarios = {"today": today, "time bank": bank}
result = cs.run_study(cs.Study(scenarios, replications=12), folder / "seeds", workers=1)

rows = result.outcomes.query("indicator == 'helper_rate' and group == 'all'").astype({"scenario": str})
helpers = 100 * rows.pivot(index="replication", columns="scenario", values="value")
paired = helpers["time bank"] - helpers["today"]
broken = np.roll(helpers["time bank"], -1) - helpers["today"]
print(f"Standard deviation of the difference: paired {paired.std():.2f}, broken {broken.std():.2f} points.")
print(f"Its mean is the same: {paired.mean():.3f} and {broken.mean():.3f} points.", end="\n\n")

# %% 2. Where pairs gain most, and least
ratios = result.differences().loc["time bank"].xs("all", level="group")["variance_ratio"].dropna().sort_values()
print("Least:", ratios.head(5).round(1).to_dict())
print("Most: ", ratios.tail(5).round(1).to_dict(), end="\n\n")
# Pairs cancel what both runs share. Credits that are owed are new under the policy, and have no counterpart today.

# %% 3. Until it is known to half a point
wanted = cs.Precision("helper_rate", half_width=0.005, at_most=24)
precise = cs.run_study(cs.Study(scenarios, replications=wanted), folder / "precise", workers=1)
row = precise.differences().loc[("time bank", "helper_rate", "all")]
half = 50 * (row["ci_high"] - row["ci_low"])
print(f"{precise.replications} replications: the half-width is {half:.2f} percentage points.")
