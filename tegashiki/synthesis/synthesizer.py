r"""Writes formulas: ink with its stroke-symbol alignment for any formula of the vocabulary.

    symbols = bank.hershey()                       # or bank.cut(examples) for real ink
    example = synthesize(["x", "^", "{", "2", "}"], symbols, np.random.default_rng(1))
    draw(example.ink)

A hand is chosen (a font, or a writer), every sign gets a sample of it and a place on the page, the
signs are set down in the order in which a hand writes them, and the whole is disturbed as other
days and tablets would. Where the bank knows its writers' habits, they place the signs
(`placement`, under a millisecond a formula); else print does (`printing`, ten times that).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import DOT, FLAT, resample
from tegashiki.synthesis import layout_engine, typeset_layout
from tegashiki.synthesis.glyph_bank import SymbolBank
from tegashiki.synthesis.layout_priors import DEFAULT_SHARES
from tegashiki.synthesis.page import Page
from tegashiki.synthesis.rng import Dice
from tegashiki.synthesis.stroke_order import late, written
from tegashiki.synthesis.writer_style import Hands
from tegashiki.tex.tree import parse

SPACING = 0.12      # x-heights between the points of a stroke that a font gives


@dataclass(frozen=True)
class SynthesisConfig:
    """How formulas are written."""

    borrowed: float = 0.03        # chance that a sign is another hand's, though its own has some
    jitter: float = 1.0           # of printed signs' size, place and slant; 0 is print
    # of the whole, see ink.distort; None where what comes after distorts
    distort: DistortConfig | None = field(default_factory=DistortConfig)


DEFAULT = SynthesisConfig()


def synthesize(
    tokens: Sequence[str],
    bank: SymbolBank,
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
    ink = Ink(strokes=tuple(normal(strokes)), writer=example.ink.writer)
    return Example(ink, example.tokens, example.alignment)


def write(
    tokens: Sequence[str],
    bank: SymbolBank,
    rng: np.random.Generator,
    config: SynthesisConfig = DEFAULT,
    style: str | None = None,
) -> Example:
    """As `synthesize`, but in x-heights with the baseline at 0, and not distorted."""
    tokens = tuple(tokens)
    row = parse(tokens)
    dice = Dice(rng)
    hands = _hands(bank)
    hand = hands.hand(style) if style is not None else hands.any(dice)
    if bank.habits is None:
        shares = DEFAULT_SHARES.__getitem__
        placed = typeset_layout.place(tokens, bank, rng, hand.style)
        signs = {token: _jitter(strokes, dice, config.jitter) for token, strokes in placed.items()}
    else:
        manner = bank.habits.manner(hand.style, dice)
        shares = manner.mean
        page = layout_engine.place(row, tokens, hand, manner, dice, borrowed=config.borrowed)
        signs = ink_of(page, bank)
    entries = [(token, stroke) for token in written(row, dice, shares) for stroke in signs[token]]
    entries = late(entries, tokens, dice, shares)
    ink = Ink(strokes=tuple([stroke for _, stroke in entries]), writer=hand.style)
    return Example(ink, tokens, np.array([token for token, _ in entries], np.int16))


def ink_of(page: Page, bank: SymbolBank) -> dict[int, list[np.ndarray]]:
    """The strokes of each token: all samples of a page scaled and moved in one step.

    Holes, which have no sample, are left out.
    """
    slices = [bank.slices[number] if number >= 0 else (0, 0) for number in page.samples]
    points = np.concatenate([bank.points[first:last] for first, last in slices])     # (P, 2)
    counts = [last - first for first, last in slices]
    scale = np.repeat(np.array([page.sx, page.sy], np.float32), counts, axis=1)      # (2, P)
    shift = np.repeat(np.array([page.tx, page.ty], np.float32), counts, axis=1)
    points = points * scale.T + shift.T
    signs: dict[int, list[np.ndarray]] = {}
    start = 0
    for i, number in enumerate(page.samples):
        if number < 0:
            continue
        first = start
        strokes = signs[page.tokens[i]] = []
        for length in bank.lengths[number]:
            strokes.append(points[start : start + length])
            start += length
        if i in page.knee:           # a root's bar is stretched by another factor than its hook
            bend = page.tx[i] + page.sx[i] * page.knee[i]
            x = points[first:start, 0]
            x += np.maximum(x - bend, 0) * (page.bar[i] / page.sx[i] - 1)
    return signs


def normal(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Normal form as `ink.geometry.normalize` has it, for many small strokes at once.

    >>> [s.tolist() for s in normal([np.float32([[1, 1], [2, 3]])])]
    [[[0.0, 0.0], [0.5, 1.0]]]
    """
    counts = [len(stroke) for stroke in strokes]
    ends = np.cumsum(counts)
    starts = ends - counts
    points = np.concatenate(strokes)                                              # (P, 2)
    low = np.minimum.reduceat(points, starts, axis=0)                             # (strokes, 2)
    sides = np.maximum.reduceat(points, starts, axis=0) - low
    points = (points - low.min(axis=0)) / np.float32(unit_of(sides.tolist()))
    return [points[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def unit_of(sides: list[list[float]]) -> float:
    """The unit of normal form from the [width, height] of each stroke: as `geometry.unit`."""
    flattest = DOT * max(height for _, height in sides)
    tall = [height for width, height in sides if height >= FLAT * width and height > flattest]
    sizes = sorted(size for size in tall or map(max, sides) if size > 0)
    middle = len(sizes) // 2
    if not sizes:
        return 1.0
    return sizes[middle] if len(sizes) % 2 else (sizes[middle - 1] + sizes[middle]) / 2


def _jitter(strokes: Sequence[np.ndarray], dice: Dice, amount: float) -> list[np.ndarray]:
    """A printed sign a little larger or smaller, off its place and slanted, about its middle."""
    # Enough points that distortion bends straight strokes too.
    strokes = [resample(stroke, spacing=SPACING) for stroke in strokes]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, extent = (low + high) / 2, float((high - low).max())
    size = np.exp(0.10 * amount * dice.normal())
    matrix = size * np.array([[1.0, 0.0], [0.06 * amount * dice.normal(), 1.0]])   # (x, y) @ it
    move = 0.06 * amount * min(extent, 1.0) * np.array([dice.normal(), dice.normal()])
    return [((stroke - middle) @ matrix + middle + move).astype(np.float32) for stroke in strokes]


@lru_cache(maxsize=8)
def _hands(bank: SymbolBank) -> Hands:
    return Hands(bank)
