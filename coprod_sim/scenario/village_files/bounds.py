"""What a file of villages may hold, said once."""

from __future__ import annotations

from coprod_sim.scenario.limits import MOST_ELDERS, MOST_VILLAGES

MAX_BYTES = 50_000_000  # of a file
MAX_UNPACKED = 200_000_000  # bytes of a workbook, which is a zip archive
MAX_PARTS = 5_000  # files in that archive
MAX_TAGS = 500_000  # XML elements in it: four columns of 20,000 villages take 220,000
MAX_OTHER_TAGS = 100_000  # of these, in parts that are neither sheets nor their texts
MAX_SHEETS = 255
MAX_LINES = 1_048_576  # as in a spreadsheet
MAX_LINE = 10_000  # characters
MAX_COLUMNS = 100
MAX_NAME = 100  # characters

MAX_VILLAGES = MOST_VILLAGES
MAX_ELDERS = MOST_ELDERS  # in all villages
ELDERS = (5, 5_000)  # in one
HAMLETS = (1, 4)
MAX_INCOME = 1e9  # yuan a year

# Incomes that are all above 0 and below this, in a column that names no unit, are likely to be in 10,000 yuan (万元).
LEAST_PLAUSIBLE_INCOME = 1_000.0

COLUMNS = ("name", "elders", "hamlets", "collective_income")
REQUIRED = COLUMNS[:3]
ALLOWED = {
    "name": f"a name of 1 to {MAX_NAME} characters",
    "elders": f"a whole number between {ELDERS[0]} and {ELDERS[1]:,} persons aged 60 and over",
    "hamlets": f"a whole number between {HAMLETS[0]} and {HAMLETS[1]}",
    "collective_income": f"between 0 and {MAX_INCOME:,.0f} yuan a year, or nothing if it is not known",
}
