r"""Ink for single symbols, kept by who wrote it: what synthesis writes formulas with.

    symbols = bank.hershey()                     # or bank.cut(examples): real ink, by writer
    sample = symbols.sample(r"\alpha", rng)      # any style; or style=one of symbols.styles
    print(sample.style, len(sample.strokes), sample.box)

A sample knows how large it was written and where on its line: its strokes are in x-heights of the
line it stood on (1 = the height of that writer's x), y down, the baseline at 0 and the left edge at
x = 0. So a p hangs below 0, a comma is small, a writer's capitals are as tall as that writer makes
them, and writing a sample on another line is one scale and one shift. A style is a writer or a
font: samples of one style look as if one hand made them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError

Box = tuple[float, float, float, float]     # left, top, right, bottom; y down


@dataclass(frozen=True, eq=False)
class Sample:
    """One symbol as somebody wrote it; the unit is the x-height of its line, see the module."""

    token: str
    strokes: tuple[np.ndarray, ...]     # each float32 (points, 2), in the order of writing
    style: str

    @property
    def box(self) -> Box:
        """The bounds of its ink."""
        points = np.concatenate(self.strokes)
        return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


class SymbolBank:
    """Samples by token and style, packed into a few arrays so that drawing one costs little."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        samples = list(samples)
        strokes = [stroke for sample in samples for stroke in sample.strokes]
        if not strokes:
            raise TegashikiError("symbol bank: no samples; give aligned examples")
        self.points = np.concatenate(strokes).astype(np.float32)             # (P, 2)
        ends = np.cumsum([len(stroke) for stroke in strokes])
        self.stroke_slices = list(zip((ends - [len(s) for s in strokes]).tolist(), ends.tolist(),
                                      strict=True))                          # S of (first, last)
        self.sample_ends = np.cumsum([len(sample.strokes) for sample in samples]).tolist()
        self.names = [sample.token for sample in samples]
        self.writers = [sample.style for sample in samples]
        self.boxes: list[Box] = [sample.box for sample in samples]
        self.index: dict[str, dict[str, list[int]]] = {}                     # token, style -> which
        for number, sample in enumerate(samples):
            self.index.setdefault(sample.token, {}).setdefault(sample.style, []).append(number)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Sample:
        return Sample(self.names[number], tuple(self.strokes(number)), self.writers[number])

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that have at least one sample, sorted."""
        return tuple(sorted(self.index))

    @property
    def styles(self) -> tuple[str, ...]:
        """Writers or fonts, sorted."""
        return tuple(sorted(set(self.writers)))

    def strokes(self, number: int) -> list[np.ndarray]:
        """The strokes of sample `number`: views, float32 (points, 2)."""
        first = self.sample_ends[number - 1] if number else 0
        return [self.points[a:b] for a, b in self.stroke_slices[first : self.sample_ends[number]]]

    def pick(self, token: str, rng: np.random.Generator, style: str | None = None) -> int:
        """The number of a random sample of the token: by `style` if it has one, else by any.

        Raises TegashikiError if nobody wrote the token.
        """
        by_style = self.index.get(token)
        if by_style is None:
            raise TegashikiError(f"symbol bank: {token!r}: no sample; leave the formula out "
                                 "or add symbols that have it")
        numbers = by_style.get(style) if style is not None else None
        if numbers is None:
            styles = list(by_style)
            numbers = by_style[styles[int(rng.integers(len(styles)))]]
        return numbers[int(rng.integers(len(numbers)))]

    def sample(self, token: str, rng: np.random.Generator, style: str | None = None) -> Sample:
        """As `pick`, but the sample itself."""
        return self[self.pick(token, rng, style)]

    def missing(self, tokens: Sequence[str]) -> list[str]:
        """Those of the tokens that ought to have ink and have no sample."""
        return [t for t in tokens if t not in self.index and t not in ("{", "}", "_", "^")]


def hershey() -> SymbolBank:
    """The bank that comes with the package: single-stroke fonts, no download.

    >>> hershey().missing(["x", "\\\\frac", "\\\\forall", "{", "^"])
    []
    """
    from tegashiki.data.hershey import samples  # reads the fonts: only where they are used

    return SymbolBank(samples())


def cut(examples: Iterable[Example]) -> SymbolBank:
    """Real ink cut out of aligned examples, by writer; see `lines` for how sizes are measured."""
    from tegashiki.data.lines import samples

    return SymbolBank(samples(examples))
