"""te-ga-shiki: handwriting is formula. Pen strokes to TeX, as a journal of reproducible notebooks.

    from tegashiki.ink import read_ink, draw
    draw(read_ink("formula.inkml"))

The rooms, from what is written to what is shown; each knows only the ones before it:
`ink`, `tex` -> `data` -> `networks` -> `train` -> `decode`, `export`. `journal` knows none of them.
Importing the package imports no TensorFlow.
"""

__version__ = "0.1.0"
