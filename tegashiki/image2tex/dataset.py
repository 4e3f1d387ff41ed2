r"""Examples as they look once their ink has been a picture: for training and for measuring.

    spec = TracedSpec(for_training(train, validation, "wide"))
    make = spec.start()                       # endless, as `synthesis.dataset_spec` makes them
    example = through_picture(example, PictureConfig())

A recovered stroke writes what most of it was drawn for, so training keeps the alignment.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.drawing import PictureConfig, draw, lines, place
from tegashiki.image2tex.photograph import photograph_labelled
from tegashiki.image2tex.recovery import recover
from tegashiki.ink.prepare import prepare
from tegashiki.synthesis.dataset_spec import DatasetSpec


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
class TracedSpec:
    """The examples of another spec, each drawn, photographed or not, and traced."""

    examples: DatasetSpec
    pens: PenConfig = field(default_factory=PenConfig)
    photographed: float = 0.0                     # share of them

    def start(self) -> Callable[[np.random.Generator], Iterator[Example]]:
        """Load what is named and return the maker of endless examples."""
        make = self.examples.start()
        return lambda rng: self._traced(make(rng), rng)

    def _traced(self, examples: Iterator[Example], rng: np.random.Generator) -> Iterator[Example]:
        for example in examples:
            with contextlib.suppress(TegashikiError):       # ink that fell into less than a pixel
                yield through_picture(example, *self.drawn(rng))

    def drawn(self, rng: np.random.Generator) -> tuple[PictureConfig, np.random.Generator | None]:
        """How the next one is drawn, and the chance that takes its photograph, if one is taken."""
        pen = self.pens.draw(rng)
        return pen, rng if self.photographed and rng.random() < self.photographed else None


def through_picture(example: Example, config: PictureConfig | None = None,
                    camera: np.random.Generator | None = None) -> Example:
    """The example with the strokes that its picture shows, prepared, and their alignment.

    `camera`: the picture is a simulated photograph, taken by this chance. Raises TegashikiError
    where the picture shows no strokes.
    """
    config = config or PictureConfig()
    picture = draw(example.ink.strokes, config)
    owner = owners(example, config)
    if camera is not None:
        picture, owner = photograph_labelled(picture, owner, camera)
    ink = recover(picture, clean=camera is None)
    alignment = align(ink.strokes, owner, example.alignment)
    ink = prepare(replace(example.ink, strokes=ink.strokes, times=None, symbols=()))
    return replace(example, ink=ink, alignment=alignment)


def owners(example: Example, config: PictureConfig) -> np.ndarray:
    """int32 (rows, columns): number of the stroke, from 1, that is drawn near a pixel, else 0."""
    placed, shape = place(example.ink.strokes, config)
    return lines(placed, shape, config.pen + 2, labels=True)


def align(strokes: tuple[np.ndarray, ...], owner: np.ndarray, alignment: np.ndarray) -> np.ndarray:
    """int16 (strokes,): the token that most of each recovered stroke (pixels) was drawn for.

    `owner`: see `owners`; `alignment`: the token of each stroke that was drawn, -1 where unknown.
    """
    rows_of, columns_of = owner.shape
    tokens = np.append(-1, alignment)
    found = np.full(len(strokes), -1, np.int16)
    for index, stroke in enumerate(strokes):
        columns, rows = np.rint(stroke).astype(int).T
        inside = np.clip(rows, 0, rows_of - 1), np.clip(columns, 0, columns_of - 1)
        votes = np.bincount(owner[inside])
        if len(votes) > 1:
            found[index] = tokens[1 + int(np.argmax(votes[1:]))]
    return found
