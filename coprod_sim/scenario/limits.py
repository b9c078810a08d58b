"""How large things may be: bounds that keep a slip of the pen from filling a machine, far beyond what is of use."""

MOST_VILLAGES = 20_000
MOST_ELDERS = 5_000_000
MOST_RUNS = 1_000_000
MOST_SCENARIOS = 2_000  # of one command or experiment
MOST_DRAWS = 10_000
MOST_WORKERS_PER_CORE = 4
