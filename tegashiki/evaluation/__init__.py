"""How good a recogniser is, end to end: scores, stability, and the model card."""
