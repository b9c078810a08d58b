"""Design: what each party wants, who attends, what talk teaches, and the plan that comes of it (ODD 7.2)."""
