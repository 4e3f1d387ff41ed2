r"""Variants of ink to train on: what another day, another hand or another tablet would have made.

    config = DistortConfig(rotate=6.0)
    strokes = distort(ink.strokes, np.random.default_rng(1), config)

Three layers, each as in published work on this data (Le, Indurkhya and Nakagawa 2019, "Pattern
generation strategies for improving recognition of handwritten mathematical expressions"):

- the whole expression: rotation, shear, scale by axis, perspective;
- neighbourhoods: a smooth field of shifts about as wide as a symbol and its scripts, so that
  symbols near each other move together while the baseline and the gaps vary;
- single strokes: turned, scaled and shifted a little each, bent along their length, and jitter.

Ink is expected in normal form (unit = stroke height): amplitudes are in that unit. Everything is
computed for all points of an expression at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class DistortConfig:
    """How much; each is the standard deviation of a normal distribution cut at two of them.

    `DistortConfig().scaled(0)` distorts nothing.
    """

    rotate: float = 3.0          # degrees, whole expression; 10 begins to turn - into /
    shear: float = 0.12          # slant: x shift by unit of y
    scale: float = 0.12          # log of the factor, by axis
    perspective: float = 0.04    # change of size from the one end of the expression to the other
    warp: float = 0.07           # shift of a neighbourhood, in stroke heights
    warp_length: float = 4.0     # wavelength of that field in stroke heights: symbol with scripts
    stroke_rotate: float = 2.5   # degrees, each stroke about its centre
    stroke_scale: float = 0.05   # log of the factor, each stroke, by axis
    stroke_shift: float = 0.025  # stroke heights, each stroke; more takes = apart
    stroke_bend: float = 0.025   # stroke heights, slow waves along each stroke
    jitter: float = 0.004        # stroke heights, each point for itself: the digitiser's noise

    def scaled(self, factor: float) -> "DistortConfig":
        """The same mixture, all amplitudes times `factor`.

        >>> DistortConfig().scaled(2.0).rotate
        6.0
        """
        amounts = {name: value * factor for name, value in vars(self).items()}
        return DistortConfig(**{**amounts, "warp_length": self.warp_length})


DEFAULT = DistortConfig()
_WAVES = 6       # of the neighbourhood field, in random directions
_BENDS = 3       # of a stroke: half, one and one and a half waves along its points


def distort(strokes: Sequence[np.ndarray], rng: np.random.Generator,
            config: DistortConfig = DEFAULT) -> list[np.ndarray]:
    """A variant: as many strokes with as many points each, float32 (points, 2).

    `strokes` are in normal form. The same state of `rng` gives the same variant.

    >>> line = [np.float32([[0, 0], [1, 0]])]
    >>> same = distort(line, np.random.default_rng(0), DEFAULT.scaled(0))
    >>> same[0].tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    lengths = np.array([len(stroke) for stroke in strokes])              # (strokes,)
    # float32, coordinates in rows: a third of the time, and 1e-6 stroke heights cannot be seen
    points = np.concatenate(strokes).astype(np.float32).T.copy()         # (2, points)
    points = _each_stroke(points, lengths, rng, config)
    points += _neighbourhoods(points, rng, config)
    points = _whole(points, rng, config).T.copy()                        # (points, 2)
    ends = np.cumsum(lengths).tolist()
    return [points[start:end] for start, end in pairwise([0, *ends])]


def _normal(rng: np.random.Generator, *size: int) -> np.ndarray:
    """Normal, cut at two standard deviations: no variant is absurd."""
    drawn = rng.standard_normal(size, dtype=np.float32)
    return np.minimum(np.maximum(drawn, -2.0), 2.0)


def _turn(angle: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rotation after scale by axis, as the four entries (xx, xy, yx, yy) of its matrix."""
    cos, sin = np.cos(angle), np.sin(angle)
    return cos * factor[0], -sin * factor[1], sin * factor[0], cos * factor[1]


def _each_stroke(points: np.ndarray, lengths: np.ndarray, rng: np.random.Generator,
                 config: DistortConfig) -> np.ndarray:
    """Turn, scale, shift and bend every stroke about its own centre, and add the jitter."""
    count, starts = len(lengths), np.cumsum(lengths) - lengths
    centre = np.add.reduceat(points, starts, axis=1) / lengths           # (2, strokes)
    extent = (np.maximum.reduceat(points, starts, axis=1)
              - np.minimum.reduceat(points, starts, axis=1)).max(axis=0)
    amounts = _normal(rng, 5 + 2 * _BENDS, count)                        # (amounts, strokes)
    matrix = _turn(np.radians(config.stroke_rotate) * amounts[0],
                   np.exp(config.stroke_scale * amounts[1:3]))
    # bend: sum over k of w_k / k sin(pi k t), t from 0 to 1 along the stroke; the ends stay
    # where they join others, and a comma is bent less than a bracket, in proportion to its size
    order = np.arange(1, _BENDS + 1, dtype=np.float32)[:, None]          # (bends, 1)
    size = config.stroke_bend * np.minimum(extent, 2.0)
    bend_x, bend_y = (amounts[5:].reshape(2, _BENDS, count) / order) * size
    shift = config.stroke_shift * amounts[3:5]
    step = np.pi / np.maximum(lengths - 1, 1)
    # every number that a stroke gives to its points, spread over them in one call
    rows = [centre, matrix, centre + shift, bend_x, bend_y, [-starts * step, step]]
    spread = np.repeat(np.concatenate(rows).astype(np.float32), lengths, axis=1)
    x, y = points - spread[:2]
    xx, xy, yx, yy = spread[2:6]
    moved = spread[6:8].copy()                                           # (2, points)
    moved[0] += xx * x + xy * y
    moved[1] += yx * x + yy * y
    angle = spread[-2] + spread[-1] * np.arange(len(x), dtype=np.float32)
    waves = np.sin(order * angle)                                        # (bends, points)
    moved[0] += (waves * spread[8:8 + _BENDS]).sum(axis=0)
    moved[1] += (waves * spread[8 + _BENDS:8 + 2 * _BENDS]).sum(axis=0)
    return moved + config.jitter * rng.standard_normal(points.shape, dtype=np.float32)


def _neighbourhoods(points: np.ndarray, rng: np.random.Generator,
                    config: DistortConfig) -> np.ndarray:
    """A smooth random field: `_WAVES` plane waves of about `warp_length`, shifts (2, points)."""
    direction, start, length = rng.random((3, _WAVES), dtype=np.float32)
    direction, start = 2 * np.pi * direction, 2 * np.pi * start
    number = 2 * np.pi / (config.warp_length * (0.7 + 1.3 * length))
    wave = np.stack([np.cos(direction), np.sin(direction)], axis=1) * number[:, None]
    phase = wave @ points + start[:, None]                               # (waves, points)
    # var of sum_k w_k sin(.) is waves/2 for normal w: divide, so that `warp` is the deviation
    weights = _normal(rng, 2, _WAVES) * np.float32(config.warp * np.sqrt(2.0 / _WAVES))
    return weights @ np.sin(phase)


def _whole(points: np.ndarray, rng: np.random.Generator, config: DistortConfig) -> np.ndarray:
    """Rotation, slant, scale by axis and perspective about the middle of the expression."""
    low, high = points.min(axis=1), points.max(axis=1)
    middle = ((low + high) / 2)[:, None]
    half = max(float((high - low).max()) / 2, 1.0)
    amount = _normal(rng, 6)
    xx, xy, yx, yy = _turn(np.radians(config.rotate) * amount[0],
                           np.exp(config.scale * amount[1:3]))
    slant = config.shear * amount[3]
    matrix = np.array([[xx, xy + slant * xx], [yx, yy + slant * yx]], dtype=np.float32)
    centred = points - middle
    # perspective: p / (1 + v . p / half), where |v . p| / half is at most 2 * 2 * perspective
    tilt = 1.0 + (np.float32(config.perspective / half) * amount[4:6]) @ centred     # (points,)
    return matrix @ (centred / tilt) + middle
