r"""Shapes between two hands: a symbol drawn half as its writer did, half as somebody else.

    between = Interpolator(bank)
    example = between(example, BufferedRng(rng), share=0.5)

A network sees the glyphs of a bank so often that it knows them by heart, while the next writer's
lie somewhere between them. So each symbol may be moved towards another sample of its token: both
are resampled along their strokes, the other is set into the box of the first, and the points are
mixed (as mixup, Zhang et al. 2018, but of shapes that mean the same, so the label stays whole).
Only samples with as many strokes, drawn the same way, are mixed: of an x in one stroke and an x
in two there is no middle.
"""

from dataclasses import replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.geometry import resample_strokes
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.rng import BufferedRng

POINTS = 32          # of a mixed stroke
FARTHEST = 0.22      # mean distance of points, in widths or heights, whichever is larger
MOST = 0.8           # of the other shape
THIN = 0.15          # a side this much shorter than the other is no measure of size
SMALLEST = 0.05      # x-heights or stroke heights: dots have no shape


class Interpolator:
    """Mixes the shapes of an example's symbols with samples of a bank."""

    def __init__(self, bank: GlyphBank) -> None:
        self.bank = bank
        self._lenders: dict[tuple[str, int], list[list[int]]] = {}    # token, strokes -> by style
        self._paths: dict[int, np.ndarray] = {}

    def __call__(self, example: Example, random: BufferedRng, share: float) -> Example:
        """The example with about `share` of its symbols mixed, those that can be.

        As many strokes, aligned as before; mixed ones have `POINTS` points. Strokes of unknown
        symbols stay as they are.
        """
        strokes = list(example.ink.strokes)
        paths = resample_strokes(strokes, POINTS)                        # (strokes, POINTS, 2)
        for token, places in _symbols(example).items():
            if random() < share:
                mixed = self._mixed(example.tokens[token], paths[places], random)
                for place, stroke in zip(places, mixed, strict=False):
                    strokes[place] = stroke
        return Example(replace(example.ink, strokes=tuple(strokes), times=None),
                       example.tokens, example.alignment)

    def _mixed(self, token: str, own: np.ndarray, random: BufferedRng) -> np.ndarray:
        """A symbol (strokes, POINTS, 2) mixed with a sample of its token; empty if it cannot be."""
        lenders = self._lent(token, len(own))
        if not lenders:
            return own[:0]
        style = lenders[random.below(len(lenders))]
        other = self._path(style[random.below(len(style))])
        return between(own, other, MOST * random())

    def _lent(self, token: str, count: int) -> list[list[int]]:
        """Samples of `count` strokes, style by style: who wrote much lends no more often."""
        key = token, count
        if key not in self._lenders:
            styles = self.bank.index.get(token, {}).values()
            same = ([n for n in numbers if len(self.bank.lengths[n]) == count]
                    for numbers in styles)
            self._lenders[key] = [numbers for numbers in same if numbers]
        return self._lenders[key]

    def _path(self, number: int) -> np.ndarray:
        """Sample `number` resampled, (strokes, POINTS, 2)."""
        if number not in self._paths:
            self._paths[number] = resample_strokes(self.bank.strokes(number), POINTS)
        return self._paths[number]


def between(own: np.ndarray, other: np.ndarray, amount: float) -> np.ndarray:
    """`own` moved by `amount` (0 to 1) towards `other`, which is set into its box first.

    Both (strokes, points, 2). Empty if they are dots or not drawn alike.

    >>> line = np.float32([[[0, 0], [1, 0], [2, 0]]])
    >>> bent = np.float32([[[5, 5], [6, 5.4], [7, 5]]])
    >>> [round(v, 2) for v in between(line, bent, 0.5)[0, 1].tolist()]
    [1.0, 0.1]
    >>> between(line, bent[:, ::-1], 0.5).shape
    (0, 3, 2)
    """
    (middle, size), (centre, extent) = _box(own), _box(other)
    if size.max() < SMALLEST or extent.max() < 1e-3:
        return own[:0]
    factor = np.full(2, size.max() / extent.max(), np.float32)
    if min(size.min() / size.max(), extent.min() / extent.max()) > THIN:
        factor = size / extent                     # both are wide and tall: axis by axis
    moved = (other - centre) * factor + middle
    apart = np.hypot(*(moved - own).reshape(-1, 2).T).mean() / size.max()
    return own + np.float32(amount) * (moved - own) if apart < FARTHEST else own[:0]


def _box(path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middle and size of the box around (strokes, points, 2)."""
    points = path.reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, high - low


def _symbols(example: Example) -> dict[int, list[int]]:
    """The strokes of each token that has some, in the order of writing."""
    found: dict[int, list[int]] = {}
    for place, token in enumerate(example.alignment.tolist()):
        if token >= 0:
            found.setdefault(token, []).append(place)
    return found
