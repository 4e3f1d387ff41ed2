"""What a formula means: tokens, the normal form, its tree, its cleaning, and scores.

    from tegashiki.tex.clean import clean_latex
    clean_latex(r"$x^2_1$")           # ['x', '_', '{', '1', '}', '^', '{', '2', '}']

The normal form is the one in which CROHME results are published. A formula is a list of tokens of
the vocabulary: every argument stands in braces (`x ^ { 2 }`, `\\frac { a } { b }`,
`\\sqrt [ 3 ] { x }`), there are no other braces, a subscript stands before a superscript, a prime
is `^ { \\prime }`, a number is its digits, and nothing is said of spacing, fonts or bracket sizes.
"""
