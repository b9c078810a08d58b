"""Passes of the month of the second edition, stage by stage: they gather what a party sees and call its rules."""
