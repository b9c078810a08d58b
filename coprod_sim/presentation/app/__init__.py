"""The dashboard: two policies run side by side, month by month, in a browser (`make app`, `coprod-sim app`).

What it computes stands in `settings`, `session`, `sides`, `flow`, `places_map`, `inspector` and `command`, without a
page; what is shown in `page`, `controls`, `results` and `parts`; every word in `texts`.
"""
