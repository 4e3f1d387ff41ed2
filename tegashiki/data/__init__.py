"""Where examples come from: public sets, symbol banks, synthesis, splits, bundles on disk.

    from tegashiki.data import bundle
    for example in bundle.read("train.npz"):
        print(example.tokens, len(example.ink.strokes))

Reading: `sets` knows where the public sets are, `crohme`, `mathwriting` and `symbols` read them,
`splits` divides them and `bundle` keeps them. Making: `grammar` and `formulas` give formulas,
`bank` gives ink for their signs, `synthesis` writes them, `recombine` makes new expressions from
real ones, and `stream` mixes all of it without end. What they stand on: `ruling` and `lines` (the
ruled lines under handwriting), `measure`, `habits` and `typical` (where writers put things),
`hands` (whose symbol), `order` (which stroke first), `placement` and `page` (layout by habit),
`printing` (layout by mathtext), `edit`, `pieces`, `compose` and `truncate` (ways to recombine).
"""
