"""Solutions to notebook 6: change a rule, an incentive of your own."""

# %% 1. Vouchers for all hours
import tempfile
from typing import Any, NamedTuple

import coprod_sim as cs
from coprod_sim.model.engine.functions import log_odds_of
from coprod_sim.model.people.helping import utility_of_helping

YUAN, HOURS = 3.0, 8.0

today = cs.load_scenario("village_small")


class Terms(NamedTuple):
    """The package's motives, and vouchers."""

    motives: float
    vouchers: float


def all_hours(hours: float, incentive: Any) -> float:
    """Vouchers for each hour, yuan."""
    return YUAN * hours


def felt(elder: Any, seen: Any, form: int, params: Any, motives: Any, services: Any, economics: Any) -> Terms:
    """All vouchers are expected."""
    others = log_odds_of(utility_of_helping(elder, seen, form, params, motives, services, economics))
    yuan = YUAN * HOURS * seen.expectation if seen.served else 0.0
    return Terms(motives=others, vouchers=motives.per_income * yuan / elder.income)


# %% 2. Vouchers that crowd out, as pay does
def crowding(elder: Any, seen: Any, form: int, params: Any, motives: Any, services: Any, economics: Any) -> Terms:
    """The same, less the part of the intrinsic motive that pay crowds out."""
    terms = utility_of_helping(elder, seen, form, params, motives, services, economics)
    lost = params.crowding * terms.intrinsic if seen.served else 0.0
    yuan = YUAN * HOURS * seen.expectation if seen.served else 0.0
    return Terms(motives=log_odds_of(terms) - lost, vouchers=motives.per_income * yuan / elder.income)


# %% 3. Everybody hears at once
def all_hear(users: float, helpers: float, enrolling: Any) -> float:
    """Nobody waits to hear of mutual aid."""
    return 1.0


# %% One study of all three
paying = {"helpers_pay_of_site": all_hours}
rules = {
    "all hours": {**paying, "utility_of_helping": felt},
    "all hours, crowding out": {**paying, "utility_of_helping": crowding},
    "all hear": {"chance_to_hear": all_hear},
}
study = cs.Study(
    {"today": today, **dict.fromkeys(rules, today)}, replications=1, draws=cs.accepted_draws(10), rules=rules
)
result = cs.run_study(study, tempfile.mkdtemp(), workers=1)
table = result.differences().xs("all", level="group")
shown = table.loc[(list(rules), ["helper_rate", "enrolled_share", "need_closed", "cost_government"]), :]
print(shown[["unit", "difference", "ci_low", "ci_high", "share_above_zero", "clear"]].round(4).to_string())
