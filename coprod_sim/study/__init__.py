"""Many runs: scenarios compared in pairs on common random numbers."""
