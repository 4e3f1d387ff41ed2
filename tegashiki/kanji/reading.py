"""A file of one character, picture or ink, in normal form.

recognizer.candidates(read_form("character.png"))
"""

from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink import read_ink
from tegashiki.kanji.datasets import PICTURES, read_picture
from tegashiki.kanji.normal_form import of_ink, of_picture


def read_form(path: str | Path) -> np.ndarray:
    """float32 (48, 48) from a picture, InkML or JSON ink; TegashikiError if it is neither."""
    suffix = Path(path).suffix.lower()
    try:
        if suffix in PICTURES:
            return of_picture(read_picture(path))
        if suffix in (".inkml", ".json"):
            return of_ink(read_ink(path).strokes)
    except TegashikiError as error:
        raise error if str(path) in str(error) else TegashikiError(f"{path}: {error}") from None
    raise TegashikiError(
        f"{path}: suffix '{suffix}' is neither ink (.inkml, .json) nor a picture "
        f"({', '.join(PICTURES)})"
    )
