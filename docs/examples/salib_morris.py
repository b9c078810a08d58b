"""Which of three parameters move what a time bank adds: SALib draws and judges, a study runs.

pip install 'coprod-sim[sensitivity]'
python docs/examples/salib_morris.py results/morris
"""

import sys

from SALib.analyze import morris as judge
from SALib.sample import morris as sample

import coprod_sim as cs

SMALL = ["population.villages=2", "horizon.months=24", "horizon.reform_month=12"]


def main(folder: str) -> None:
    problem = cs.salib_problem(["motives.trust", "helping.asked", "helping.credit_value"])
    points = sample.sample(problem, 2, num_levels=4, seed=1)  # one row a parameter set
    study = cs.Study(
        {
            "today": cs.load_scenario("village_small", SMALL),
            "time bank": cs.load_scenario("village_small", [*SMALL, "incentive=time_bank"]),
        },
        replications=2,
        draws=[dict(zip(problem["names"], row, strict=True)) for row in points],
        common_seeds=True,  # one set differs from the next by its parameters alone
    )
    outcomes = cs.run_study(study, folder).outcomes.query("indicator == 'need_closed' and group == 'all'")
    table = outcomes.pivot(index=["draw", "replication"], columns="scenario", values="value")
    gain = (table["time bank"] - table["today"]).groupby("draw").mean()
    found = judge.analyze(problem, points, gain.to_numpy(), num_levels=4, seed=1)
    print(found.to_df()[["mu", "mu_star", "sigma"]])


if __name__ == "__main__":
    main(sys.argv[1])
