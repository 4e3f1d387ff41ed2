"""A glyph bank out of real ink: symbols cut out of aligned formulas, and single drawings.

    bank = extract(examples, extra=drawings)
    print(len(bank), bank.styles[:3], bank.statistics.find("^ mid").mean)
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import exp

import numpy as np

from tegashiki.data.example import Example
from tegashiki.data.splits import position
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.ink.simplify import simplify
from tegashiki.synthesis import token_size
from tegashiki.synthesis.baseline_estimation import estimate_lines
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.glyph_words import compose
from tegashiki.synthesis.layout_measurement import measure_layout
from tegashiki.synthesis.line_metrics import MeasuredSet, glyphs
from tegashiki.tex.tokens import Vocabulary

THINNED = 0.01       # x-heights: points that change a stroke by less are not kept
RARE = 120           # samples; tokens with fewer are helped out by isolated symbols
SIZE_SPREAD = 0.25   # log, at most; of drawings, which have no size of their own
LARGEST = 8.0        # x-heights; a symbol measured larger is a mistake of the alignment


def extract(
    examples: Iterable[Example] | MeasuredSet, extra: Iterable[IsolatedSymbol] = (),
    vocabulary: Vocabulary | None = None,
) -> GlyphBank:
    """Real ink cut out of aligned examples, by writer, with these writers' layout statistics.

    The examples may be measured already, by `baseline_estimation.estimate_lines`; if not they are
    now, about 1 s for 1,000. `extra` are drawings of single symbols from other sets, which have no
    line: each is scaled to where its token stands on average. They come in for tokens with fewer
    than RARE samples, as many as that again. With a `vocabulary`, drawings of all its tokens come
    in, at the size that print has where no line says (`token_size`), and what is still missing is
    composed (`glyph_words`). Raises TegashikiError if no example is aligned.
    """
    measured = examples if isinstance(examples, MeasuredSet) else estimate_lines(list(examples))
    samples = [_thinned(glyph) for glyph in glyphs(measured) if _credible(glyph)]
    counts = Counter(sample.token for sample in samples)
    added: Counter[str] = Counter()
    for drawing in extra:
        token = drawing.token
        known = token in measured.reach or vocabulary is not None
        if counts[token] < RARE and added[token] < RARE and known:
            reach = measured.reach.get(token) or token_size.reach(token)
            samples.append(_thinned(_on_line(drawing, reach, vocabulary is not None)))
            added[token] += 1
    statistics = measure_layout(measured)
    bank = GlyphBank(samples, statistics)
    if vocabulary is None:
        return bank
    return GlyphBank([*samples, *compose(bank, vocabulary)], statistics)


def _credible(glyph: Glyph) -> bool:
    """Whether a symbol is as large as symbols are, or its line was measured wrong."""
    left, top, right, bottom = glyph.box
    stretches = glyph.token in (r"\frac", r"\sqrt")
    return bottom - top < LARGEST and (stretches or right - left < LARGEST)


def _thinned(glyph: Glyph) -> Glyph:
    return replace(glyph, strokes=tuple(simplify(stroke, THINNED) for stroke in glyph.strokes))


def _on_line(drawing: IsolatedSymbol, reach: tuple[float, float], varied: bool) -> Glyph:
    """An isolated symbol scaled to the height that its token has, or if flat to x-height.

    `varied`: not all alike, but as much larger or smaller as writers are; always the same for the
    same drawing.
    """
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1e-6)
    top, bottom = reach
    scale = (bottom - top) / height if height > 0.3 * width else 1.0 / width
    if varied:
        if drawing.token in token_size.WIDTHS:
            scale = token_size.WIDTHS[drawing.token] / max(width, height)
        scale *= exp(SIZE_SPREAD * (2.0 * position(drawing.style, drawing.token) - 1.0))
    origin = np.array([low[0], (low[1] + high[1]) / 2])
    middle = np.array([0.0, (top + bottom) / 2])
    moved = tuple(((s - origin) * scale + middle).astype(np.float32) for s in drawing.strokes)
    return Glyph(drawing.token, moved, drawing.style, origin="drawing")
