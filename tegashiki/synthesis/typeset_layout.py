r"""Symbols of a bank put where print would have them: the layout of matplotlib.mathtext.

    fraction = (r"\frac", "{", "1", "}", "{", "x", "}")
    strokes = typeset_layout.place(fraction, hershey.glyph_bank(), rng, "plain")
    print(strokes[0])                           # the fraction bar, written by token 0

It needs no measurements of anybody's handwriting, so the built-in bank uses it. It is slow (some
10 ms a formula) and more regular than a writer; `layout_engine` sets formulas as writers set them.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.synthesis.glyph import Box, root_knee
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.tex.typesetting import layout

X_HEIGHT = 0.53          # of mathtext's font, in em
_GROWING = frozenset("()[]|") | {r"\{", r"\}", r"\int", r"\sum", r"\sqrt", r"\frac"}
_KEEP = 1.35             # other symbols are stretched by no more, one axis against the other


def place(
    tokens: Sequence[str], bank: GlyphBank, rng: np.random.Generator, style: str
) -> dict[int, list[np.ndarray]]:
    """Strokes for each token that has ink, in x-heights of the main line, its baseline at y = 0.

    Raises TegashikiError if the tokens are no formula, or need a symbol that the bank lacks.
    """
    boxes: dict[int, list[Box]] = {}
    for glyph in layout(tokens):
        boxes.setdefault(glyph.token, []).append(glyph.box)
    placed = {}
    for token, parts in boxes.items():
        array = np.array(parts) / X_HEIGHT                            # (glyphs, 4)
        target = (*array[:, :2].min(axis=0), *array[:, 2:].max(axis=0))
        number = bank.pick(tokens[token], rng, style)
        strokes = bank.strokes(number)
        if tokens[token] == r"\sqrt":
            placed[token] = stretch_root(strokes, bank.boxes[number], target, float(array[0, 2]))
        else:
            grows = tokens[token] in _GROWING
            placed[token] = fit(strokes, bank.boxes[number], target, None if grows else _KEEP)
    return placed


def fit(
    strokes: Sequence[np.ndarray], box: Box, target: Box, keep: float | None
) -> list[np.ndarray]:
    """The strokes moved and scaled from `box` into `target`.

    With `keep`, one axis is scaled at most that much more than the other, so that a 1 stays thin in
    a wide box; the ink is then centred. Flat ink takes its scale from the side that it has.
    """
    width, height = box[2] - box[0], box[3] - box[1]
    wide, high = target[2] - target[0], target[3] - target[1]
    floor = 0.02 * max(width, height, 1e-3)
    sx = wide / width if width > floor else None
    sy = high / height if height > floor else None
    sx = sx if sx is not None else (sy if sy is not None else 1.0)
    sy = sy if sy is not None else sx
    if keep is not None:
        mean = (sx * sy) ** 0.5 if min(width, height) > 0.2 * max(width, height) else (
            sx if width > height else sy)
        sx, sy = (min(max(s, mean / keep**0.5), mean * keep**0.5) for s in (sx, sy))
    scale = np.array([sx, sy])
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    place = np.array([(target[0] + target[2]) / 2, (target[1] + target[3]) / 2])
    return [((stroke - middle) * scale + place).astype(np.float32) for stroke in strokes]


def stretch_root(
    strokes: Sequence[np.ndarray], box: Box, target: Box, bend: float
) -> list[np.ndarray]:
    """A radical fitted into `target`: its hook ends at x = `bend`, its bar takes the rest."""
    height = max(box[3] - box[1], 1e-3)
    knee = root_knee(strokes, (box[0], box[1], box[2], box[1] + height), near_top=0.2)
    knee = min(max(knee, box[0] + 1e-3), box[2] - 1e-3)
    result = []
    for stroke in strokes:
        x, y = stroke.T
        x = np.interp(x, [box[0], knee, box[2]], [target[0], bend, target[2]])
        y = target[1] + (y - box[1]) * (target[3] - target[1]) / height
        result.append(np.stack([x, y], axis=1).astype(np.float32))
    return result
