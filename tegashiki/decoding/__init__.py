"""From what a network says to formulas: runtimes, beam search, candidates."""
