"""A policy under uncertain parameters with the EMA workbench 2.5, each run beside today's policy with the same seed.

pip install 'coprod-sim[sensitivity]'
python docs/examples/workbench.py
"""

import pandas as pd
from ema_workbench import (
    CategoricalParameter,
    Model,
    Policy,
    RealParameter,
    ScalarOutcome,
    SequentialEvaluator,
    perform_experiments,
)

import coprod_sim as cs

SMALL = ["population.villages=2", "horizon.months=24", "horizon.reform_month=12"]
SEED = 7


def gain(incentive: str, trust: float, credit_value: float) -> dict[str, float]:
    """What an incentive adds in one county. Names of the workbench are names of Python: no `motives.trust`."""
    county = [*SMALL, f"motives.trust={trust}", f"helping.credit_value={credit_value}"]
    today = cs.CoproductionModel(cs.load_scenario("village_small", county), rng=SEED).run()
    policy = cs.CoproductionModel(
        cs.load_scenario("village_small", [*county, f"incentive={incentive}"]), rng=SEED
    ).run()
    means = [model.monthly.tail(12)[["need_closed", "helper_rate"]].mean() for model in (today, policy)]
    return dict(means[1] - means[0])


def main() -> None:
    model = Model("coprod", function=gain)
    model.uncertainties = [RealParameter("trust", 0.0, 3.0), RealParameter("credit_value", 0.0, 60.0)]
    model.levers = [CategoricalParameter("incentive", ["time_bank", "pay"])]
    model.outcomes = [ScalarOutcome("need_closed"), ScalarOutcome("helper_rate")]
    policies = [Policy(name, incentive=name) for name in ("time_bank", "pay")]
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = perform_experiments(model, scenarios=3, policies=policies, evaluator=evaluator)
    table = pd.concat([experiments[["policy", "trust", "credit_value"]], pd.DataFrame(outcomes)], axis=1)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
