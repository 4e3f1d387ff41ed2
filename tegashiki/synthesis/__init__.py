"""Ink that nobody wrote: glyph bank, layout statistics, writer styles, formulas, recombination."""
