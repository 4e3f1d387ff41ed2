"""Where examples come from: public sets and what they hold. Nothing is made up here.

    from tegashiki.data import bundle
    for example in bundle.read("train.npz"):
        print(example.tokens, len(example.ink.strokes))

`example` is one thing to learn from: ink, tokens, and the token that each stroke writes.

    where the sets are     `sets`
    reading them           `crohme`, `mathwriting`, `expressmatch` (expressions), `symbols` (single
                           symbols), `labelled` (anybody's files)
    strokes to tokens      `alignment`, `rough_layout` (equal symbols told apart by their places)
    dividing them          `splits` (by writer, by formula), `collection` (train, validation, test)
    keeping them           `bundle` (one file)

What is made of them, and sets that are made from nothing, are in `tegashiki.synthesis`.
"""
