"""Where examples come from: public sets, symbol banks, synthesis, splits, bundles on disk.

    from tegashiki.data import bundle
    for example in bundle.read("train.npz"):
        print(example.tokens, len(example.ink.strokes))

Reading: `sets` knows where the public sets are, `crohme`, `mathwriting` and `symbols` read them,
`splits` divides them and `bundle` keeps them. Making: `grammar` and `formulas` give formulas,
`bank` gives ink for their symbols, `placement` says where it goes, `synthesis` writes the
expression, `recombine` makes new expressions from real ones, and `stream` mixes all of it.
"""
