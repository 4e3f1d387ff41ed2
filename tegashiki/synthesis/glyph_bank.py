r"""Glyphs by token and style: what synthesis writes formulas with.

    bank = hershey.glyph_bank()                  # or glyph_extraction.extract(examples): real ink
    glyph = bank.sample(r"\alpha", rng)          # any style; or style=one of bank.styles
    print(glyph.style, len(glyph.strokes), glyph.box)
"""

from collections.abc import Iterable, Sequence

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.synthesis.glyph import Box, Glyph
from tegashiki.synthesis.layout_statistics import LayoutStatistics
from tegashiki.tex.nodes import STRUCTURE


class GlyphBank:
    """Glyphs by token and style, packed into few arrays so that drawing one costs little."""

    def __init__(self, samples: Iterable[Glyph],
                 statistics: LayoutStatistics | None = None) -> None:
        samples = list(samples)
        strokes = [stroke for sample in samples for stroke in sample.strokes]
        if not strokes:
            raise TegashikiError("glyph bank: no samples; give aligned examples")
        self.statistics = statistics             # how these writers place symbols, if measured
        self.points = np.concatenate(strokes).astype(np.float32)             # (P, 2)
        self.lengths = [[len(s) for s in sample.strokes] for sample in samples]
        ends = np.cumsum([sum(lengths) for lengths in self.lengths]).tolist()
        self.slices = list(zip([0, *ends[:-1]], ends, strict=True))          # of points, by sample
        self.names = [sample.token for sample in samples]
        self.writers = [sample.style for sample in samples]
        self.scripts = [sample.script for sample in samples]
        self.origins = [sample.origin for sample in samples]
        self.boxes: list[Box] = [sample.box for sample in samples]
        self.index: dict[str, dict[str, list[int]]] = {}                     # token, style -> which
        for number, sample in enumerate(samples):
            self.index.setdefault(sample.token, {}).setdefault(sample.style, []).append(number)
        self.styles = tuple(sorted(set(self.writers)))                       # writers or fonts
        self.tokens = tuple(sorted(self.index))                              # that have a sample

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Glyph:
        return Glyph(self.names[number], tuple(self.strokes(number)), self.writers[number],
                      self.scripts[number], self.origins[number])

    def strokes(self, number: int) -> list[np.ndarray]:
        """The strokes of sample `number`: views, float32 (points, 2)."""
        start = self.slices[number][0]
        found = []
        for length in self.lengths[number]:
            found.append(self.points[start : start + length])
            start += length
        return found

    def pick(self, token: str, rng: np.random.Generator, style: str | None = None) -> int:
        """The number of a random sample of the token: by `style` if it has one, else by any.

        Raises TegashikiError if nobody wrote the token.
        """
        by_style = self.styles_of(token)
        numbers = by_style.get(style) if style is not None else None
        if numbers is None:
            styles = list(by_style)
            numbers = by_style[styles[int(rng.integers(len(styles)))]]
        return numbers[int(rng.integers(len(numbers)))]

    def sample(self, token: str, rng: np.random.Generator, style: str | None = None) -> Glyph:
        """As `pick`, but the sample itself."""
        return self[self.pick(token, rng, style)]

    def styles_of(self, token: str) -> dict[str, list[int]]:
        """Who wrote a token, and which samples; raises TegashikiError if nobody did."""
        if token not in self.index:
            raise TegashikiError(f"glyph bank: {token!r}: no sample; leave the formula out "
                                 "or add symbols that have it")
        return self.index[token]

    def missing(self, tokens: Sequence[str]) -> list[str]:
        r"""Those of the tokens that ought to have ink and have no sample.

        >>> from tegashiki.synthesis import hershey
        >>> hershey.glyph_bank().missing(["x", "{", "^", r"\aleph"])
        ['\\aleph']
        """
        return [t for t in tokens if t not in self.index and t not in STRUCTURE]
