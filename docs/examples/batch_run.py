"""Runs of two policies with Mesa's `batch_run`, on Mesa 3.3 and later.

python docs/examples/batch_run.py
"""

import mesa
import pandas as pd

import coprod_sim as cs

SMALL = ["population.villages=2", "horizon.months=24", "horizon.reform_month=12"]
POLICIES = {
    "today": cs.load_scenario("village_small", SMALL),
    "time bank": cs.load_scenario("village_small", [*SMALL, "incentive=time_bank"]),
}


class Named(cs.CoproductionModel):
    """The model by the name of its policy, so that rows have the name and not the whole scenario."""

    def __init__(self, policy: str, rng: int) -> None:
        super().__init__(POLICIES[policy], rng)


def main() -> None:
    seeds = range(3)  # the same for both policies, so that runs can be compared in pairs
    if mesa.__version__.startswith("3.3"):
        rows = mesa.batch_run(Named, {"policy": list(POLICIES), "rng": seeds}, display_progress=False)
    else:
        rows = mesa.batch_run(Named, {"policy": list(POLICIES)}, rng=seeds, display_progress=False)
    last = pd.DataFrame(rows)  # one row a run: all indicators of the last month
    print(last.groupby("policy")[["need_closed", "helper_rate"]].mean())


if __name__ == "__main__":
    main()
