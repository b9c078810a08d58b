"""Solutions to notebook 2: one elder, one committee, one village through the four stages."""

# %% 1. Clear duties
import math

import pandas as pd

import coprod_sim as cs

OPEN = 3
DUTIES = ("kitchen", "accounts", "keys", "list", "repairs")

today = cs.load_scenario("village_small")
model = cs.CoproductionModel(today, rng=7)
while model.month < today.horizon.reform_month:
    model.step()
counties = {"today": model} | {
    name: model.branch(cs.load_scenario("village_small", [f"recommendation={name}"])) for name in ("R3", "R4")
}
sites = model.sites_frame()
site = int(sites.loc[sites["status"] == OPEN, "users"].idxmax())

done: dict[str, list[pd.Series]] = {name: [] for name in counties}
for _ in range(24):
    for name, county in counties.items():
        county.step()
        done[name].append(county.sites_frame().loc[site, [f"done_{duty}" for duty in DUTIES]].astype(float))
print("Duties done, mean of the first year:")
print(pd.DataFrame({name: pd.DataFrame(done[name][:12]).mean() for name in ("today", "R3")}).round(2), end="\n\n")

# %% 2. If all were asked
users = model.elders_frame().query("hamlet == @site and enrolled and not helper and adl <= 1")
explained = [model.explain(row)["help"] for row in users.index]
asked = [1 / (1 + math.exp(-(one.log_odds + today.helping.asked - one["asked"]))) for one in explained]
mean = sum(one.probability for one in explained) / len(explained)
print(
    f"{len(explained)} users: mean probability {mean:.3f}, if all were asked {sum(asked) / len(asked):.3f}", end="\n\n"
)

# %% 3. Supervision and scores
for name in ("today", "R4"):
    frame = counties[name].sites_frame()
    scored = frame[frame["scored"]]
    print(f"{name}: official {scored['score'].mean():.2f}, true {scored['score_true'].mean():.2f}, {len(scored)} sites")
