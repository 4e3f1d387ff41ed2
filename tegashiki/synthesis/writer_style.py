r"""One writer's style out of a bank: which sample a token is written with, or whose is borrowed.

    style = StyleBank(bank).get("formulaire001")
    number = style.number("x", script=False, random=rng.random)

A style takes its own samples, scripts for scripts. Where its writer never wrote a token, it borrows
from the styles most like it: as slanted, as wide, as tall, with as many pen lifts. Likeness is
measured on the deviations from each token's mean, so it does not matter which formulas somebody
wrote. Of a single drawing likeness says little: the most slanted of all would be nearest to every
slanted writer, and the ordinary ones to nobody. So in a shuffled bank each style borrows drawings
(their styles are named `set/number`) by lot, always the same ones.
"""

from bisect import bisect_right
from collections.abc import Callable
from zlib import crc32

import numpy as np

from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.layout_measurement import knee_of

NEAREST = 8          # styles that lend
SHRINKAGE = 20.0     # samples: a writer known by fewer is taken for more ordinary than it looks


class WriterStyle:
    """A style of the bank with its neighbours; caches what it may write each token with."""

    def __init__(self, bank: GlyphBank, style: str, rank: np.ndarray, place: dict[str, int]
                 ) -> None:
        """`rank[place[other]]` is how many styles are more like this one than `other` is."""
        self.bank, self.style, self._rank, self._place = bank, style, rank, place
        self._found: dict[tuple[str, bool, bool], list[int]] = {}
        self._knees: dict[int, float] = {}

    def number(self, token: str, script: bool, random: Callable[[], float],
               borrowed: float = 0.0) -> int:
        """A sample of the token; with chance `borrowed` a neighbour's.

        Raises TegashikiError if the bank has no sample at all.
        """
        key = token, script, borrowed > 0 and random() < borrowed
        numbers = self._found.get(key)
        if numbers is None:
            numbers = self._found[key] = self._candidates(*key)
        return numbers[int(random() * len(numbers))]

    def knee(self, number: int) -> float:
        """Where the hook of radical `number` ends and its bar begins, sample x."""
        knee = self._knees.get(number)
        if knee is None:
            knee = self._knees[number] = knee_of(
                self.bank.strokes(number), self.bank.boxes[number])
        return knee

    def _candidates(self, token: str, script: bool, borrowed: bool) -> list[int]:
        by_style = self.bank.styles_of(token)
        numbers = None if borrowed else by_style.get(self.style)
        if not numbers:
            # The styles of one token are few; all styles of a bank of drawings are thousands.
            others = list(by_style)
            nearest = np.argsort(self._rank[[self._place[other] for other in others]])
            lenders = [others[i] for i in nearest]
            if self.bank.shuffled and len(lenders) > NEAREST:
                lenders = self._shuffled(token, lenders)
            lenders = lenders[:NEAREST]
            numbers = [n for style in lenders for n in by_style[style]]
        level = [n for n in numbers if self.bank.scripts[n] == script]
        return level or numbers


    def _shuffled(self, token: str, lenders: list[str]) -> list[str]:
        """Writers as they come, then drawings in an order of this style's own."""
        known = [style for style in lenders if "/" not in style]
        drawings = [style for style in lenders if "/" in style]
        rng = np.random.default_rng(crc32(f"{self.style} {token}".encode()))
        return known[: NEAREST // 2] + [drawings[i] for i in rng.permutation(len(drawings))]


class StyleBank:
    """All styles of a bank and how alike they are."""

    def __init__(self, bank: GlyphBank) -> None:
        self.bank = bank
        self.features = _features(bank)                      # (styles, features)
        self.place = {style: i for i, style in enumerate(bank.styles)}
        # How often each writer is chosen: less than in proportion to what it wrote.
        counts = np.unique(bank.writers, return_counts=True)[1]     # as bank.styles: sorted
        weights = counts.astype(float) ** 0.5 * (counts >= min(60, counts.max()))
        self.ends = np.cumsum(weights / weights.sum()).tolist()
        self._styles: dict[str, WriterStyle] = {}

    def get(self, style: str) -> WriterStyle:
        """The writer of a style of the bank."""
        if style not in self._styles:
            apart = ((self.features - self.features[self.place[style]]) ** 2).sum(axis=1)
            rank = np.empty(len(apart), np.int32)
            rank[np.argsort(apart, kind="stable")] = np.arange(len(apart))
            self._styles[style] = WriterStyle(self.bank, style, rank, self.place)
        return self._styles[style]

    def draw(self, random: Callable[[], float]) -> WriterStyle:
        """A style by the square root of how much it wrote; scraps of writers only lend."""
        place = min(bisect_right(self.ends, random()), len(self.ends) - 1)
        return self.get(self.bank.styles[place])


def _features(bank: GlyphBank) -> np.ndarray:
    """Slant, width, height and strokes of each style, as deviations in units of their spread."""
    boxes = np.array(bank.boxes)                                            # (samples, 4)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    starts = np.array([first for first, _ in bank.slices])
    counts = np.array([last - first for first, last in bank.slices])
    centred = bank.points - np.repeat(
        np.add.reduceat(bank.points, starts, axis=0) / counts[:, None], counts, axis=0)
    x, y = centred.T
    slant = np.add.reduceat(x * y, starts) / np.maximum(np.add.reduceat(y * y, starts), 1e-3)
    values = np.stack([                                                     # (samples, features)
        np.clip(slant, -1, 1),
        np.log(np.maximum(width, 0.1)),
        np.log(np.maximum(height, 0.1)),
        np.array([len(lengths) for lengths in bank.lengths], float),
    ], axis=1)
    _, token = np.unique(bank.names, return_inverse=True)
    values -= _mean_by(values, token, 0.0)[token]
    styles, style = np.unique(bank.writers, return_inverse=True)
    assert tuple(styles.tolist()) == bank.styles
    means = _mean_by(values, style, SHRINKAGE)
    return means / np.maximum(means.std(axis=0), 1e-6)


def _mean_by(values: np.ndarray, group: np.ndarray, pull: float) -> np.ndarray:
    """Mean of the rows of each group, pulled towards 0 as by `pull` rows of zeros."""
    sums = np.zeros((group.max() + 1, values.shape[1]))
    np.add.at(sums, group, values)
    return sums / (np.bincount(group) + pull)[:, None]
