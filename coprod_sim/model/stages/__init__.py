"""Passes of the month, stage by stage: they gather what a party sees and call its rules."""
