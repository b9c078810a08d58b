"""How rules run: each is one function of one agent, compiled, and called by a pass over the agents' rows."""
