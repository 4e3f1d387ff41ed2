"""Ink that nobody wrote: new formulas in the style of real writers.

    from tegashiki.synthesis import hershey
    from tegashiki.synthesis.synthesizer import synthesize
    example = synthesize(["x", "^", "{", "2", "}"], hershey.glyph_bank(), np.random.default_rng(1))

    doors                    `collection` (a set by name), `dataset_spec` (what a training is fed),
                             `example_stream` (real and made, mixed by weight), `synthesizer` (one
                             formula)
    formulas                 `formula_corpus` (text), `formula_grammar` (from nothing but a seed),
                             `variation` (formulas of formulas)
    symbols                  `glyph` (one symbol on its line), `glyph_bank` (all of them, by
                             writer), `glyph_extraction` (out of real ink), `hershey` (built in),
                             `glyph_words` (composed for tokens that nobody drew), `token_size`,
                             `writer_style` (which sample, and whose if there is none),
                             `interpolation` (shapes between two hands)
    measuring real ink       `line_metrics`, `baseline_estimation` (lines under handwriting),
                             `layout_measurement` -> `layout_statistics`, `layout_priors` (where
                             writers put things)
    placing                  `layout_engine` (as writers do), `structure_layout` (its accents and
                             matrices), `typeset_layout` (as print does),
                             `page`, `stroke_order`
    new from real            `recombination` (the door), `edits`, `subexpressions`, `composition`,
                             `truncation`
    random numbers           `rng`
"""
