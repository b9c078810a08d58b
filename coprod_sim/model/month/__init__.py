"""The month: each stage gathers what passes want, and calls them in order (ODD 3)."""
