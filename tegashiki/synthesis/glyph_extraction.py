"""A glyph bank out of real ink: symbols cut out of aligned formulas, and single drawings.

    bank = extract(examples, extra=drawings)
    print(len(bank), bank.styles[:3], bank.statistics.find("^ mid").mean)
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.ink.simplify import simplify
from tegashiki.synthesis.baseline_estimation import estimate_lines
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.layout_measurement import measure_layout
from tegashiki.synthesis.line_metrics import MeasuredSet, glyphs

THINNED = 0.01       # x-heights: points that change a stroke by less are not kept
RARE = 120           # samples; tokens with fewer are helped out by isolated symbols
LARGEST = 8.0        # x-heights; a symbol measured larger is a mistake of the alignment


def extract(
    examples: Iterable[Example] | MeasuredSet, extra: Iterable[IsolatedSymbol] = ()
) -> GlyphBank:
    """Real ink cut out of aligned examples, by writer, with these writers' layout statistics.

    The examples may be measured already, by `baseline_estimation.estimate_lines`; if not they are
    now, about 1 s for 1,000. `extra` are drawings of single symbols from other sets, which have no
    line: each is scaled to where its token stands on average. They come in for tokens with fewer
    than RARE samples, as many as that again. Raises TegashikiError if no example is aligned.
    """
    measured = examples if isinstance(examples, MeasuredSet) else estimate_lines(list(examples))
    samples = [_thinned(glyph) for glyph in glyphs(measured) if _credible(glyph)]
    counts = Counter(sample.token for sample in samples)
    added: Counter[str] = Counter()
    for drawing in extra:
        token = drawing.token
        if counts[token] < RARE and added[token] < RARE and token in measured.reach:
            samples.append(_thinned(_on_line(drawing, measured.reach[token])))
            added[token] += 1
    return GlyphBank(samples, measure_layout(measured))


def _credible(glyph: Glyph) -> bool:
    """Whether a symbol is as large as symbols are, or its line was measured wrong."""
    left, top, right, bottom = glyph.box
    stretches = glyph.token in (r"\frac", r"\sqrt")
    return bottom - top < LARGEST and (stretches or right - left < LARGEST)


def _thinned(glyph: Glyph) -> Glyph:
    return replace(glyph, strokes=tuple(simplify(stroke, THINNED) for stroke in glyph.strokes))


def _on_line(drawing: IsolatedSymbol, reach: tuple[float, float]) -> Glyph:
    """An isolated symbol scaled to the height that its token has, or if flat to x-height."""
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1e-6)
    top, bottom = reach
    scale = (bottom - top) / height if height > 0.3 * width else 1.0 / width
    origin = np.array([low[0], (low[1] + high[1]) / 2])
    middle = np.array([0.0, (top + bottom) / 2])
    moved = tuple(((s - origin) * scale + middle).astype(np.float32) for s in drawing.strokes)
    return Glyph(drawing.token, moved, drawing.style)
