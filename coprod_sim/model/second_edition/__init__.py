"""Rules of the second edition (docs/odd_second_edition.md); no model runs them until all are there."""
