r"""Writes formulas: ink with its stroke-symbol alignment for any formula of the vocabulary.

    symbols = bank.hershey()
    example = synthesize(["x", "^", "{", "2", "}"], symbols, np.random.default_rng(1))
    draw(example.ink)

A style is chosen (a font, or a writer), every sign gets a sample of the bank and a place on the
page, the signs are set down in the order in which a hand writes them, each a little off, and the
whole is disturbed as other days, hands and tablets would.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tegashiki.data import printing
from tegashiki.data.bank import SymbolBank
from tegashiki.data.example import Example
from tegashiki.data.order import OrderConfig, written
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.ink.format import Ink
from tegashiki.ink.geometry import normalize, resample
from tegashiki.tex.tree import parse

SPACING = 0.12      # x-heights between the points of a stroke


@dataclass(frozen=True)
class SynthesisConfig:
    """How formulas are written."""

    size: float = 0.10            # log deviation of a sign's size
    shift: float = 0.06           # deviation of its place, in its own heights
    slant: float = 0.06           # deviation of its slant, x by y
    distort: DistortConfig = field(default_factory=DistortConfig)    # of the whole, see ink.distort
    order: OrderConfig = field(default_factory=OrderConfig)


def synthesize(
    tokens: Sequence[str],
    bank: SymbolBank,
    rng: np.random.Generator,
    config: SynthesisConfig | None = None,
    style: str | None = None,
) -> Example:
    """Ink for a formula, in normal form, every stroke aligned with the token that it writes.

    `style` is one of `bank.styles`, by default a random one. Raises TegashikiError if the tokens
    are no formula, or need a symbol that the bank does not have.
    """
    config = config or SynthesisConfig()
    style = style or bank.styles[int(rng.integers(len(bank.styles)))]
    tokens = tuple(tokens)
    placed = printing.place(tokens, bank, rng, style)
    strokes: list[np.ndarray] = []
    aligned: list[int] = []
    for token in written(parse(tokens), rng, config.order):
        for stroke in _jitter(placed[token], rng, config):
            strokes.append(stroke)
            aligned.append(token)
    # Enough points that distortion bends straight strokes too.
    strokes = [resample(stroke, spacing=SPACING) for stroke in strokes]
    ink = normalize(Ink(strokes=tuple(strokes), writer=style))
    ink = normalize(Ink(strokes=tuple(distort(ink.strokes, rng, config.distort)), writer=style))
    return Example(ink, tokens, np.array(aligned, np.int16))


def _jitter(
    strokes: Sequence[np.ndarray], rng: np.random.Generator, config: SynthesisConfig
) -> list[np.ndarray]:
    """A sign a little larger or smaller, off its place, and slanted, about its own middle."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, extent = (low + high) / 2, float((high - low).max())
    size = np.exp(config.size * rng.standard_normal())
    slant = config.slant * rng.standard_normal()
    matrix = size * np.array([[1.0, 0.0], [-slant, 1.0]])          # (x, y) @ matrix
    place = middle + config.shift * min(extent, 1.0) * rng.standard_normal(2)
    return [((stroke - middle) @ matrix + place).astype(np.float32) for stroke in strokes]
