"""What do admitting elders with ADL loss, carrying meals home and sharing a site between villages do, and for whom?

Policies from the first month of a county's scheme: sites that stand are not moved. The target group is counted by the
age limit of the first month, which some of these policies change, so that enrolled people are counted and not shares.
Writes:

- policies.csv: what each changes, for all, for each ADL grade, for the poorest third, for poor villages
- access.png

    python experiments/access.py
    python experiments/access.py --small
"""

from __future__ import annotations

from coprod_sim.analysis.pairs import with_sets
from coprod_sim.presentation.answers import change, differences_of, each_year
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment

RESULTS = ("need_closed_meals", "need_closed_daily_help", "need_closed", "people_helped", "enrolled",
           "daily_help_closed", "sites_open", "cost_government", "cost_society")  # fmt: skip
GROUPS = ("all", "adl: independent", "adl: mild", "adl: moderate", "adl: severe", "income: poorest third",
          "village: poor villages")  # fmt: skip


def find(lab: Experiment) -> str:
    """Compare policies of access, for all and for those whom they are meant for."""
    result = lab.study()
    lab.table("policies", differences_of(result, RESULTS, GROUPS))
    frame = with_sets(result)
    lab.figure("access", dots({"": frame}, RESULTS,
        f"What each form of access changes against today; {lab.intervals}"))  # fmt: skip
    lab.figure("access_disabled", dots(
        {group.partition(": ")[2]: frame.xs(group, level="group", drop_level=False).rename(index={group: "all"})
         for group in GROUPS[1:5]}, ("need_closed_meals", "need_closed_daily_help", "need_closed"),
        f"Change against today by ADL grade; {lab.intervals}"))  # fmt: skip
    heads = ("meals, all", "meals, mild loss", "meals, moderate loss", "daily help, mild loss",
             "enrolled", "sites open", "the county pays", "the county pays for an elder")  # fmt: skip
    lines = ["| | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    for name in result.study.scenarios:
        if name == "today":
            continue
        cells = [change(result, name, "need_closed_meals", group) for group in ("all", "adl: mild", "adl: moderate")]
        cells += [change(result, name, "need_closed_daily_help", "adl: mild")]
        cells += [change(result, name, key) for key in ("enrolled", "sites_open", "cost_government")]
        cells += [each_year(result, name)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    admitted = "admit those with ADL loss"
    lab.finding(
        f"Admitting elders with ADL loss to sites changes the open need of meals closed by "
        f"{change(result, admitted, 'need_closed_meals', 'adl: mild')} for those with mild loss, by "
        f"{change(result, admitted, 'need_closed_meals', 'adl: moderate')} for those with moderate loss, who "
        "cannot come and would need meals carried home, and by "
        f"{change(result, admitted, 'need_closed_meals', 'adl: independent')} for the independent, for "
        f"{each_year(result, admitted)} of the county."
    )
    return (
        "\n".join(lines) + "\n\nMeals and daily help: the part of the need left open by self and family that is closed."
    )


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
