"""What a scenario of the model's second edition holds; the command line runs the first until the second is whole."""
