"""Many worlds: scenarios compared in pairs on common random numbers."""
