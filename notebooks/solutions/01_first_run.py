"""Solutions to notebook 1: a first run, and what one month does."""

# %% 1. Another seed
import pandas as pd

import coprod_sim as cs
from coprod_sim.model.county.flows import FLOWS

WATCHED = ["sites_open", "enrolled_share", "helper_rate", "need_closed_meals", "money_late_share"]

today = cs.load_scenario("village_small")
first, second = (cs.CoproductionModel(today, rng=seed).run().monthly.set_index("month")[WATCHED] for seed in (7, 8))
apart = pd.DataFrame(
    {"mean with seed 7": first.mean(), "mean distance of the two curves": (first - second).abs().mean()}
)
apart["distance over mean"] = apart.iloc[:, 1] / apart.iloc[:, 0]
print(apart.round(3).sort_values("distance over mean").to_string(), end="\n\n")
# What is counted over all elders varies little from seed to seed; what hangs on a few sites and payments varies much.

# %% 2. A lower age limit
younger = cs.load_scenario("village_small", ["access.eligible_age=65"])
ends = {
    name: cs.CoproductionModel(scenario, rng=7).run().monthly.iloc[-12:][["enrolled", "waiting", "need_closed"]].mean()
    for name, scenario in (("today", today), ("from 65 on", younger))
}
print(pd.DataFrame(ends).round(3), end="\n\n")
# Means of the last year. By group: model.outcome(). One seed shows no effect; a study of pairs does (notebook 3).

# %% 3. The dearest month
model = cs.CoproductionModel(today, rng=7)
purposes = [flow.purpose for flow in FLOWS if flow.payer == "county" and flow.payee != "treasury"]
bills = []
while model.running:
    model.step()
    money, _, _ = model.books
    bills.append({purpose: money.sum_of(payer="county", purpose=purpose) for purpose in purposes})
paid = pd.DataFrame(bills)
dearest = int(paid.sum(axis=1).idxmax())
print(f"Month {dearest}: {paid.loc[dearest].sum():,.0f} yuan.")
print(paid.loc[dearest][paid.loc[dearest] > 0].round(0).to_string())
