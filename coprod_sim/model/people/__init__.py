"""Elders: who they are, what they need, whom they know, whom they help."""
