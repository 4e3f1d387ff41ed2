r"""Examples as they look once their ink has been a picture: for training and for measuring.

    spec = RecoveredSpec(for_training(train, validation, "wide"))
    make = spec.start()                       # endless, as `synthesis.dataset_spec` makes them
    example = through_picture(example, PictureConfig())

A recovered stroke writes what most of it was drawn for, so training keeps the alignment.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.drawing import PictureConfig, draw, lines, place
from tegashiki.image2tex.recovery import recover
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.ink.geometry import normal_strokes
from tegashiki.ink.prepare import prepare
from tegashiki.synthesis.dataset_spec import DatasetSpec

APART = 64


@dataclass(frozen=True)
class PenConfig:
    """How pictures vary in training; drawn evenly on a logarithmic scale."""

    pen: tuple[float, float] = (1.6, 3.6)         # pixels
    share: tuple[float, float] = (0.03, 0.11)     # of the median stroke's height
    height: tuple[float, float] = (18.0, 80.0)    # of the median stroke, pixels; goes before `pen`

    def draw(self, rng: np.random.Generator) -> PictureConfig:
        """One of them."""
        pen, share = np.exp(rng.uniform(*np.log([self.pen, self.share]).T)).tolist()
        height = float(np.clip(pen / share, *self.height))
        return PictureConfig(height=height, pen=share * height)


@dataclass(frozen=True)
class RecoveredSpec:
    """The examples of another spec, each drawn and traced.

    Tracing costs more than distorting, so each is given again, distorted anew, `copies` times in
    all; between two of them lie about `APART` others.
    """

    examples: DatasetSpec
    pens: PenConfig = field(default_factory=PenConfig)
    copies: int = 2
    distort: DistortConfig = field(default_factory=lambda: DistortConfig().scaled(0.7))

    def start(self) -> Callable[[np.random.Generator], Iterator[Example]]:
        """Load what is named and return the maker of endless examples."""
        make = self.examples.start()
        return lambda rng: self._again(self._recovered(make(rng), rng), rng)

    def _recovered(self, examples: Iterator[Example], rng: np.random.Generator,
                   ) -> Iterator[Example]:
        for example in examples:
            with contextlib.suppress(TegashikiError):       # ink that fell into less than a pixel
                yield through_picture(example, self.pens.draw(rng))

    def _again(self, examples: Iterator[Example], rng: np.random.Generator) -> Iterator[Example]:
        while True:
            some = list(itertools.islice(examples, APART))
            yield from some
            for _ in range(self.copies - 1):
                yield from (_distorted(example, rng, self.distort) for example in some)


def _distorted(example: Example, rng: np.random.Generator, config: DistortConfig) -> Example:
    strokes = normal_strokes(distort(example.ink.strokes, rng, config), np.float32)
    return replace(example, ink=replace(example.ink, strokes=tuple(strokes)))


def through_picture(example: Example, config: PictureConfig | None = None) -> Example:
    """The example with the strokes that its picture shows, prepared, and their alignment.

    Raises TegashikiError where the picture shows none.
    """
    config = config or PictureConfig()
    ink = recover(draw(example.ink.strokes, config), clean=True)
    alignment = align(ink.strokes, example, config)
    ink = prepare(replace(example.ink, strokes=ink.strokes, times=None, symbols=()))
    return replace(example, ink=ink, alignment=alignment)


def align(strokes: tuple[np.ndarray, ...], example: Example, config: PictureConfig) -> np.ndarray:
    """int16 (strokes,): the token that most of each recovered stroke (pixels) was drawn for."""
    placed, shape = place(example.ink.strokes, config)
    owner = lines(placed, shape, config.pen + 2, labels=True)            # stroke number + 1, or 0
    tokens = np.append(-1, example.alignment)
    found = np.full(len(strokes), -1, np.int16)
    for index, stroke in enumerate(strokes):
        columns, rows = np.rint(stroke).astype(int).T
        inside = np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)
        votes = np.bincount(owner[inside])
        if len(votes) > 1:
            found[index] = tokens[1 + int(np.argmax(votes[1:]))]
    return found
