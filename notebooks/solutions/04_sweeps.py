"""Solutions to notebook 4: sweeping funding, incentives and supervision."""

# %% 1. The fee
import tempfile

import pandas as pd

import coprod_sim as cs

today = cs.load_scenario("village_small")
sets = cs.accepted_draws(10)


def changes(points: list[dict[str, object]], indicators: list[str]) -> pd.DataFrame:
    """Mean change of each policy against today, with the share of sets in which it is above zero."""
    scenarios = {"today": today, **cs.policies(points, "village_small")}
    result = cs.run_study(cs.Study(scenarios, replications=1, draws=sets), tempfile.mkdtemp(), workers=1)
    table = result.differences().xs("all", level="group")
    return table.loc[(slice(None), indicators), ["difference", "ci_low", "ci_high", "share_above_zero", "clear"]]


fees = cs.grid({"access.fee": [0, 1, 4, 6]})
print(changes(fees, ["need_closed", "cost_elders", "cost_government"]).round(3).to_string(), end="\n\n")

# The fee of today's policy is one of the numbers that differ from set to set: each set is compared with its own.

# %% 2. The budget line for pay
budgets = cs.grid({"incentive": ["pay"], "incentive.pay_budget": [400, 800, 2400]})
print(changes(budgets, ["helper_rate", "cost_government"]).round(3).to_string(), end="\n\n")
# To draw them: one mark a set, result.outcomes as in the notebook, helpers against yuan.

# %% 3. Counting without running
LEVERS = {"funding.running_per_site": 5, "incentive.pay_per_hour": 5, "supervision.audit_probability": 5}
policies = 5 ** len(LEVERS)
print(f"{policies} policies and today: {(policies + 1) * 40 * 2:,} runs")
# On the command line dry=true says it, and how long that takes, and runs nothing.
