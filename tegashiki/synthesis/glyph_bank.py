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

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tegashiki.data.example import Example
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.errors import TegashikiError
from tegashiki.synthesis.layout_statistics import Habits

if TYPE_CHECKING:
    from tegashiki.synthesis.line_metrics import Ruled

Box = tuple[float, float, float, float]     # left, top, right, bottom; y down

THINNED = 0.01       # x-heights: points that change a stroke by less are not kept
RARE = 120           # samples; tokens with fewer are helped out by isolated symbols
LARGEST = 8.0        # x-heights; a symbol measured larger is a mistake of the alignment


@dataclass(frozen=True, eq=False)
class Sample:
    """One symbol as somebody wrote it; the unit is the x-height of its line, see the module."""

    token: str
    strokes: tuple[np.ndarray, ...]     # each float32 (points, 2), in the order of writing
    style: str
    script: bool = False                # written as a script or limit, not on a full line

    @property
    def box(self) -> Box:
        """The bounds of its ink."""
        points = np.concatenate(self.strokes)
        return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


class SymbolBank:
    """Samples by token and style, packed into few arrays so that drawing one costs little."""

    def __init__(self, samples: Iterable[Sample], habits: Habits | None = None) -> None:
        samples = list(samples)
        strokes = [stroke for sample in samples for stroke in sample.strokes]
        if not strokes:
            raise TegashikiError("symbol bank: no samples; give aligned examples")
        self.habits = habits                     # how these writers place signs, where measured
        self.points = np.concatenate(strokes).astype(np.float32)             # (P, 2)
        self.lengths = [[len(s) for s in sample.strokes] for sample in samples]
        ends = np.cumsum([sum(lengths) for lengths in self.lengths]).tolist()
        self.slices = list(zip([0, *ends[:-1]], ends, strict=True))          # of points, by sample
        self.names = [sample.token for sample in samples]
        self.writers = [sample.style for sample in samples]
        self.scripts = [sample.script for sample in samples]
        self.boxes: list[Box] = [sample.box for sample in samples]
        self.index: dict[str, dict[str, list[int]]] = {}                     # token, style -> which
        for number, sample in enumerate(samples):
            self.index.setdefault(sample.token, {}).setdefault(sample.style, []).append(number)
        self.styles = tuple(sorted(set(self.writers)))                       # writers or fonts
        self.tokens = tuple(sorted(self.index))                              # that have a sample

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Sample:
        return Sample(self.names[number], tuple(self.strokes(number)), self.writers[number],
                      self.scripts[number])

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

    def sample(self, token: str, rng: np.random.Generator, style: str | None = None) -> Sample:
        """As `pick`, but the sample itself."""
        return self[self.pick(token, rng, style)]

    def styles_of(self, token: str) -> dict[str, list[int]]:
        """Who wrote a token, and which samples; raises TegashikiError if nobody did."""
        if token not in self.index:
            raise TegashikiError(f"symbol bank: {token!r}: no sample; leave the formula out "
                                 "or add symbols that have it")
        return self.index[token]

    def missing(self, tokens: Sequence[str]) -> list[str]:
        r"""Those of the tokens that ought to have ink and have no sample.

        >>> hershey().missing(["x", "{", "^", r"\aleph"])
        ['\\aleph']
        """
        return [t for t in tokens if t not in self.index
                and t not in ("{", "}", "_", "^", r"\limits")]


def hershey(layout: str = "print") -> SymbolBank:
    """The bank that comes with the package: single-stroke fonts, no download.

    Its formulas are laid out as in "print", by matplotlib, or as by "hand": with the average
    writer's habits, ten times faster. Raises TegashikiError for any other layout.
    """
    from tegashiki.synthesis.hershey import samples  # reads the fonts: only where they are used

    if layout not in ("print", "hand"):
        raise TegashikiError(f"symbol bank: layout {layout!r}: unknown; choose print or hand")
    return SymbolBank(samples(), Habits({}, {}) if layout == "hand" else None)


def cut(
    examples: "Iterable[Example] | Ruled", extra: Iterable[IsolatedSymbol] = ()
) -> SymbolBank:
    """Real ink cut out of aligned examples, by writer, with the habits of these writers.

    The examples may have been through `ruling.rule` already. `extra` are drawings of single symbols
    from other sets, which have no line: each is scaled to where its token stands on average. They
    come in for tokens with fewer than RARE samples, as many as that again. Sizes are measured by
    `ruling`, about 1 s for 1,000 examples. Raises TegashikiError if no example is aligned.
    """
    from tegashiki.synthesis import baseline_estimation, layout_measurement, line_metrics

    ruled = (examples if isinstance(examples, line_metrics.Ruled)
             else baseline_estimation.rule(list(examples)))
    samples = [_thinned(sample) for sample in line_metrics.samples(ruled) if _credible(sample)]
    counts = Counter(sample.token for sample in samples)
    added: Counter[str] = Counter()
    for drawing in extra:
        token = drawing.token
        if counts[token] < RARE and added[token] < RARE and token in ruled.tops:
            samples.append(_thinned(_on_line(drawing, ruled.tops[token])))
            added[token] += 1
    return SymbolBank(samples, layout_measurement.measured(ruled))


def _credible(sample: Sample) -> bool:
    """Whether a symbol is as large as symbols are, or its line was measured wrong."""
    left, top, right, bottom = sample.box
    stretches = sample.token in (r"\frac", r"\sqrt")
    return bottom - top < LARGEST and (stretches or right - left < LARGEST)


def _thinned(sample: Sample) -> Sample:
    from tegashiki.ink.simplify import simplify

    return replace(sample, strokes=tuple(simplify(stroke, THINNED) for stroke in sample.strokes))


def _on_line(drawing: IsolatedSymbol, reach: tuple[float, float]) -> Sample:
    """An isolated symbol scaled to the height that its token has, or if flat to x-height."""
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1e-6)
    top, bottom = reach
    scale = (bottom - top) / height if height > 0.3 * width else 1.0 / width
    origin = np.array([low[0], (low[1] + high[1]) / 2])
    middle = np.array([0.0, (top + bottom) / 2])
    moved = tuple(((s - origin) * scale + middle).astype(np.float32) for s in drawing.strokes)
    return Sample(drawing.token, moved, drawing.style)
