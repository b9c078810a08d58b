"""Solutions to notebook 7: your own county, from a spreadsheet."""

# %% 1. Chinese headers and semicolons
import tempfile
from pathlib import Path

import pandas as pd

import coprod_sim as cs

folder = Path(tempfile.mkdtemp())
villages = pd.DataFrame(
    [
        ("Upper Bridge", 420, 4, 90_000),
        ("Lower Bridge", 310, 3, 60_000),
        ("Camphor", 260, 2, 30_000),
        ("East Pond", 180, 2, None),
        ("West Pond", 150, 1, 12_000),
        ("Stone Gate", 120, 3, 20_000),
        ("Tea Hill", 90, 2, 8_000),
        ("Bamboo Slope", 60, 2, 5_000),
        ("Ferry", 45, 1, 55_000),
        ("Old Mill", 30, 1, 4_000),
    ],
    columns=["name", "elders", "hamlets", "collective_income"],
)
table, chinese = folder / "our_county.csv", folder / "chinese.csv"
villages.to_csv(table, index=False)
headers = dict(zip(villages.columns, ("村名", "60岁以上人口", "自然村数", "集体收入"), strict=True))
villages.rename(columns=headers).to_csv(chinese, index=False, sep=";", encoding="utf-8-sig")
today, same = (cs.load_scenario(villages=file) for file in (table, chinese))
print("The same villages:", today.county.villages == same.county.villages, end="\n\n")

# %% 2. An age limit of 65
younger = cs.load_scenario(villages=table, overrides=["access.eligible_age=65"])
of_the_file = ("population.elders_per_village", "population.village_size_spread", "population.hamlets_per_village")
sets = {
    number: {key: value for key, value in chosen.items() if key not in of_the_file}
    for number, chosen in cs.accepted_draws(10).items()
}
study = cs.Study({"today": today, "from 65 on": younger}, replications=1, draws=sets)
result = cs.run_study(study, folder / "study", workers=1)
changed = (
    result.differences().xs("all", level="group").loc[(slice(None), ["need_closed", "enrolled", "cost_government"]), :]
)
print(
    changed[["unit", "difference", "ci_low", "ci_high", "share_above_zero", "clear"]].round(4).to_string(), end="\n\n"
)

# %% 3. Which villages come to have a site
opened = pd.DataFrame(
    {
        seed: cs.CoproductionModel(today, rng=seed)
        .run()
        .sites_frame()
        .groupby("village_name", sort=False)["opened"]
        .max()
        >= 0
        for seed in range(1, 11)
    }
)
share = opened.mean(axis=1).rename("share of seeds with a site").reset_index()
print(
    villages.merge(share, left_on="name", right_on="village_name").drop(columns="village_name").to_string(index=False)
)
