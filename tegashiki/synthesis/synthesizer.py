r"""Writes formulas: ink with its stroke-symbol alignment for any formula of the vocabulary.

    bank = hershey.glyph_bank()                      # or glyph_extraction.extract(examples)
    example = synthesize(["x", "^", "{", "2", "}"], bank, np.random.default_rng(1))
    draw(example.ink)

A style is chosen (a font, or a writer), every symbol gets a sample of it and a place on the page,
the symbols are set down in the order in which people write them, and the whole is disturbed as
other days and tablets would. Where the bank has layout statistics, they place the symbols
(`layout_engine`, under a millisecond a formula); else print does (`typeset_layout`, ten times
that).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import normal_strokes, resample
from tegashiki.synthesis import layout_engine, typeset_layout
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.layout_priors import ORDER_PRIORS
from tegashiki.synthesis.page import Page
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.stroke_order import late, writing_order
from tegashiki.synthesis.writer_style import StyleBank
from tegashiki.tex.tree import parse

SPACING = 0.12      # x-heights between the points of a stroke that a font gives


@dataclass(frozen=True)
class SynthesisConfig:
    """How formulas are written."""

    borrowed: float = 0.03        # chance that a symbol is another writer's though there are own
    lent_layout: float = 0.0      # chance that the layout is one of the bank's `layout_writers`
    jitter: float = 1.0           # of printed symbols' size, place and slant; 0 is print
    # of the whole, see ink.distort; None where what comes after distorts
    distort: DistortConfig | None = field(default_factory=DistortConfig)


DEFAULT = SynthesisConfig()


def synthesize(
    tokens: Sequence[str],
    bank: GlyphBank,
    rng: np.random.Generator,
    config: SynthesisConfig = DEFAULT,
    style: str | None = None,
) -> Example:
    """Ink for a formula, in normal form, every stroke aligned with the token that it writes.

    `style` is one of `bank.styles`, by default a random one. Raises TegashikiError if the tokens
    are no formula, or need a symbol that the bank does not have.
    """
    example = write(tokens, bank, rng, config, style)
    strokes = example.ink.strokes
    if config.distort is not None:
        # In x-heights, which are near enough to the stroke heights that distort's amounts mean.
        strokes = distort(strokes, rng, config.distort)
    ink = Ink(strokes=tuple(normal_strokes(strokes, np.float32)), writer=example.ink.writer)
    return Example(ink, example.tokens, example.alignment)


def write(
    tokens: Sequence[str],
    bank: GlyphBank,
    rng: np.random.Generator,
    config: SynthesisConfig = DEFAULT,
    style: str | None = None,
) -> Example:
    """As `synthesize`, but in x-heights with the baseline at 0, and not distorted."""
    tokens = tuple(tokens)
    row = parse(tokens)
    random = BufferedRng(rng)
    styles = _style_bank(bank)
    writer = styles.get(style) if style is not None else styles.draw(random)
    if bank.statistics is None:
        shares = ORDER_PRIORS.__getitem__
        placed = typeset_layout.place(tokens, bank, rng, writer.style)
        symbols = {token: _jitter(strokes, random, config.jitter)
                   for token, strokes in placed.items()}
    else:
        lays_out, lent = writer.style, bank.layout_writers
        if lent and config.lent_layout > 0 and random() < config.lent_layout:
            lays_out = lent[random.below(len(lent))]
        sampler = bank.statistics.sampler(lays_out, random)
        shares = sampler.mean
        page = layout_engine.place(row, tokens, writer, sampler, random, borrowed=config.borrowed)
        symbols = ink_of(page, bank)
    entries = [(token, stroke) for token in writing_order(row, random, shares)
               for stroke in symbols[token]]
    entries = late(entries, tokens, random, shares)
    ink = Ink(strokes=tuple([stroke for _, stroke in entries]), writer=writer.style)
    return Example(ink, tokens, np.array([token for token, _ in entries], np.int16))


def ink_of(page: Page, bank: GlyphBank) -> dict[int, list[np.ndarray]]:
    """The strokes of each token: all samples of a page scaled and moved in one step.

    Holes, which have no sample, are left out.
    """
    slices = [bank.slices[number] if number >= 0 else (0, 0) for number in page.samples]
    points = np.concatenate([bank.points[first:last] for first, last in slices])     # (P, 2)
    counts = [last - first for first, last in slices]
    scale = np.repeat(np.array([page.sx, page.sy], np.float32), counts, axis=1)      # (2, P)
    shift = np.repeat(np.array([page.tx, page.ty], np.float32), counts, axis=1)
    points = points * scale.T + shift.T
    symbols: dict[int, list[np.ndarray]] = {}
    start = 0
    for i, number in enumerate(page.samples):
        if number < 0:
            continue
        first = start
        strokes = symbols[page.tokens[i]] = []
        for length in bank.lengths[number]:
            strokes.append(points[start : start + length])
            start += length
        if i in page.knee:           # a root's bar is stretched by another factor than its hook
            bend = page.tx[i] + page.sx[i] * page.knee[i]
            x = points[first:start, 0]
            x += np.maximum(x - bend, 0) * (page.bar[i] / page.sx[i] - 1)
    return symbols


def _jitter(strokes: Sequence[np.ndarray], random: BufferedRng, amount: float) -> list[np.ndarray]:
    """A printed symbol a little larger or smaller, off its place and slanted, about its middle."""
    # Enough points that distortion bends straight strokes too.
    strokes = [resample(stroke, spacing=SPACING) for stroke in strokes]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, extent = (low + high) / 2, float((high - low).max())
    size = np.exp(0.10 * amount * random.normal())
    matrix = size * np.array([[1.0, 0.0], [0.06 * amount * random.normal(), 1.0]])   # (x, y) @ it
    move = 0.06 * amount * min(extent, 1.0) * np.array([random.normal(), random.normal()])
    return [((stroke - middle) @ matrix + middle + move).astype(np.float32) for stroke in strokes]


@lru_cache(maxsize=8)
def _style_bank(bank: GlyphBank) -> StyleBank:
    return StyleBank(bank)
