"""What a unit of service is worth, and from when it helps substantially: rules, analyses, report say it alike."""

from __future__ import annotations

# When a service helps somebody substantially: from this share of a need on, and wholly that much further (ODD 9).
HELPED_FROM, HELPED_WITHIN = 0.15, 0.2
# Yuan of a unit of service (10.1186/s13561-025-00642-7; 10.1002/hec.4927); of meals and visits assumed (ODD 9).
YUAN_OF_COMPANY, YUAN_OF_DAILY_HELP, PRICES_OF_A_MEAL = 18.6, 32.4, 2.0
