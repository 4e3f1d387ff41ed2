"""A network that sees the picture has a say in the order of what its traced strokes were read as.

    second = SecondReader.read(folder)                 # None where a model has none
    second.worth([ink, *ink.others], formulas)         # nats, to be added to log probabilities

Tracing cuts strokes where lines touch; who looks at the drawing sees the lines and not the cuts, so
the two err on different formulas. It is shown the traced lines, drawn with its own pen: whatever
paper and light were, they are gone. Notebook `two_readers` puts the file beside the stroke
recogniser's, and `picture.json`, which says how it is asked. On what it was to be chosen by it
mended no more than it broke, so the released folder has none (run 6250ede8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tegashiki.decoding.forced import forced
from tegashiki.decoding.runtimes import LiteRuntime, Runtime
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.features import PictureFeatures
from tegashiki.ink.format import Ink
from tegashiki.ink.prepare import prepare
from tegashiki.storage import files
from tegashiki.tex import alphabets
from tegashiki.tex import tokenizer as tokenizers
from tegashiki.tex.tokenizer import PlainTokenizer

VERSION = 1
NAME = "picture.json"


def describe(folder: Path, *, file: str, run: str, spelling: str, alphabet: str, columns: int,
             rows: int, epsilon: float, views: int, weight: float, usual: float) -> Path:
    """Write `picture.json` for the model file that lies in the folder; see SecondReader."""
    path = folder / NAME
    files.write_json(path, {
        "VERSION": VERSION, "file": file, "run": run, "spelling": spelling, "alphabet": alphabet,
        "columns": columns, "rows": rows, "epsilon": epsilon, "views": views, "weight": weight,
        "usual": usual})
    return path


@dataclass(frozen=True)
class SecondReader:
    """A network of pictures, and how much it has to say."""

    runtime: Runtime
    tokenizer: PlainTokenizer
    alphabet: frozenset[str] | None     # tokens that it was trained on, None for all
    columns: int                        # of the pictures that the file takes
    rows: int                           # formulas that the file is told at once
    epsilon: float                      # how far strokes are simplified, as in training
    views: int                          # drawings that it is shown, the first of those there are
    weight: float                       # of its log probabilities, beside the shares' logarithms
    usual: float                        # nats a token that it gives to right formulas on average

    @classmethod
    def read(cls, folder: Path) -> "SecondReader | None":
        """What lies beside a stroke recogniser; None where nothing does.

        Raises TegashikiError for files that are damaged or of another version.
        """
        path = folder / NAME
        if not path.is_file():
            return None
        told = files.read_json(path)
        if told.get("VERSION") != VERSION:
            raise TegashikiError(f"{path}: not of VERSION {VERSION}, which this code reads; take "
                                 "the file that belongs to this package")
        try:
            return cls(LiteRuntime(folder / told["file"]), tokenizers.by_name(told["spelling"]),
                       alphabets.read(told["alphabet"]), int(told["columns"]), int(told["rows"]),
                       float(told["epsilon"]), int(told["views"]), float(told["weight"]),
                       float(told["usual"]))
        except (KeyError, TypeError, ValueError) as error:
            raise TegashikiError(f"{path}: damaged ({type(error).__name__}: {error}); restore it, "
                                 "or remove it: strokes alone are read then") from None

    def worth(self, inks: Sequence[Ink], formulas: Sequence[tuple[str, ...]]) -> np.ndarray:
        """Nats to add to the log probability of each formula (plain tokens), (formulas,)."""
        return self.weight * self.log_p(inks, formulas)

    def log_p(self, inks: Sequence[Ink], formulas: Sequence[tuple[str, ...]]) -> np.ndarray:
        """Log probability of each formula, its mean over drawings of the same ink, (formulas,).

        A formula with tokens that it never saw gets what a right one has on average: it can say
        neither yes nor no.
        """
        found = self.usual * np.array([len(formula) for formula in formulas], np.float64)
        known = [number for number, formula in enumerate(formulas)
                 if self.alphabet is None or self.alphabet.issuperset(formula)]
        if known:
            spelled = [self.tokenizer.encode(formulas[number])[0] for number in known]
            each = [forced(self.runtime, self._drawn(ink), spelled, self.rows)
                    for ink in inks[: self.views]]
            found[known] = np.logaddexp.reduce(each, axis=0) - np.log(len(each))
        return found

    def _drawn(self, ink: Ink) -> dict[str, np.ndarray]:
        strokes = prepare(ink, self.epsilon).strokes
        return {name: value[None] for name, value in
                PictureFeatures.featurize(strokes, self.columns).items()}
