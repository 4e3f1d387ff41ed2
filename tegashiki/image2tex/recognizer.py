"""The recogniser of pictures: a photograph or a scan of one formula in, candidates out.

    recognizer = PictureRecognizer.load()
    for candidate in recognizer.candidates("photo.jpg", k=5):
        print(candidate.probability, candidate.tex)

The picture is traced back to strokes, which a stroke recogniser reads: one that was trained on
traced strokes where it is there, else the released recogniser of ink. It is traced in several
views (`tegashiki.image2tex.views`), whose answers are averaged. Where a network that sees the
picture lies beside the strokes' (`second_reader`), it has a say in their order.
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
from tegashiki.image2tex.second_reader import SecondReader
from tegashiki.image2tex.views import MORE, VIEWS, TracedInk, together, traced_ink, weighed
from tegashiki.ink.format import Ink

Source = str | os.PathLike | bytes | np.ndarray
JUDGED = 20          # candidates that the second reader is asked about
RELEASED = Path(__file__).parents[2] / "models" / "image2tex"


class PictureRecognizer:
    """A stroke recogniser that is shown pictures."""

    def __init__(self, strokes: Recognizer, views: int = len(VIEWS),
                 second: SecondReader | None = None) -> None:
        """`views`: in how many a picture is traced; 1, as it is, takes a fifth of the time.

        `second`: who sees the picture and has a say in the order; None: strokes alone.
        """
        self.strokes, self.views, self.second = strokes, views, second

    @classmethod
    def load(cls, folder: str | os.PathLike | None = None,
             alphabet: Collection[str] | None = None) -> "PictureRecognizer":
        """From a folder with an exported stroke recogniser; None: the released one for pictures.

        `alphabet`: the tokens that may be written, see `tegashiki.tex.alphabets`; None: all.
        """
        released = RELEASED if (RELEASED / "model.json").is_file() else None
        folder = model_folder(folder or released)
        return cls(Recognizer.load(folder).within(alphabet), second=SecondReader.read(folder))

    def ink(self, source: Source) -> TracedInk:
        """The strokes in a file, the bytes of one, or grey uint8 (rows, columns).

        Raises TegashikiError, naming the file, for what cannot be read or shows no formula.
        """
        if isinstance(source, np.ndarray):
            return traced_ink(source, self.views)
        name = "picture" if isinstance(source, bytes) else str(source)
        picture = read_picture(source, name)
        try:
            return traced_ink(picture, self.views)
        except TegashikiError as error:
            raise TegashikiError(f"{name}: {str(error).removeprefix('picture: ')}") from None

    def candidates(self, source: Source | Ink, k: int = 5) -> list[Candidate]:
        """`k` different formulas for a picture, or for what `ink` found in it.

        The most probable comes first. A candidate's strokes are numbers of those that `ink` gives,
        where that tracing led to it.
        """
        ink = source if isinstance(source, Ink) else self.ink(source)
        inks = (ink, *getattr(ink, "others", ()))[: self.views]
        if len(inks) == 1 and self.second is None:
            return self.strokes.candidates(ink, k)
        found = together([self.strokes.candidates(one, max(k, MORE)) for one in inks],
                         max(k, JUDGED) if self.second else k)
        if self.second and len(found) > 1:
            found = weighed(found, self.second.worth(inks, [one.tokens for one in found]))
        return found[:k]
