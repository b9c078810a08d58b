"""What the results of studies mean: which lever did it, at what price, how certain that is."""
