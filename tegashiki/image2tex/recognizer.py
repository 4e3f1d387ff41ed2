"""The recogniser of pictures: a photograph or a scan of one formula in, candidates out.

    recognizer = PictureRecognizer.load()
    for candidate in recognizer.candidates("photo.jpg", k=5):
        print(candidate.probability, candidate.tex)

The picture is traced back to strokes, which a stroke recogniser reads: one that was trained on
traced strokes where it is there, else the released recogniser of ink.
"""

import os
from collections.abc import Collection
from pathlib import Path

import numpy as np

from tegashiki.decoding.candidates import Candidate
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.decoding.released import model_folder
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.reading import read_picture
from tegashiki.image2tex.recovery import recover
from tegashiki.ink.format import Ink

RELEASED = Path(__file__).parents[2] / "models" / "image2tex"


class PictureRecognizer:
    """A stroke recogniser that is shown pictures."""

    def __init__(self, strokes: Recognizer) -> None:
        self.strokes = strokes

    @classmethod
    def load(cls, folder: str | os.PathLike | None = None,
             alphabet: Collection[str] | None = None) -> "PictureRecognizer":
        """From a folder with an exported stroke recogniser; None: the released one for pictures.

        `alphabet`: the tokens that may be written, see `tegashiki.tex.alphabets`; None: all.
        """
        released = RELEASED if (RELEASED / "model.json").is_file() else None
        return cls(Recognizer.load(model_folder(folder or released)).within(alphabet))

    def ink(self, source: str | os.PathLike | bytes | np.ndarray) -> Ink:
        """The strokes in a file, the bytes of one, or grey uint8 (rows, columns).

        Raises TegashikiError, naming the file, for what cannot be read or shows no formula.
        """
        if isinstance(source, np.ndarray):
            return recover(source)
        name = "picture" if isinstance(source, bytes) else str(source)
        picture = read_picture(source, name)
        try:
            return recover(picture)
        except TegashikiError as error:
            raise TegashikiError(f"{name}: {str(error).removeprefix('picture: ')}") from None

    def candidates(self, source: str | os.PathLike | bytes | np.ndarray, k: int = 5,
                   ) -> list[Candidate]:
        """`k` different formulas for a picture, the most probable first.

        A candidate's strokes are numbers of those that `ink` gives.
        """
        return self.strokes.candidates(self.ink(source), k)
