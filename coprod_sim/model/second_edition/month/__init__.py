"""The month of the second edition: each stage gathers what passes want, and calls them in order (ODD 3)."""
