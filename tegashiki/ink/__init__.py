"""Ink: what was written. Strokes from files, their normal form, and pictures of them.

    from tegashiki.ink import read_ink, normalize, draw
    draw(normalize(read_ink("formula.inkml")))

The format is stated in `ink.format`. One thing a file: `inkml`, `inkjson` (files), `geometry`
(normal form, resampling), `simplify` (fewer points), `prepare` (both, as the networks want it),
`distort` (variants to train on), `draw`.
"""

import os
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.ink.draw import draw
from tegashiki.ink.format import Ink, Symbol
from tegashiki.ink.geometry import normalize, resample
from tegashiki.ink.inkjson import read_json, write_json
from tegashiki.ink.inkml import read_inkml, write_inkml

__all__ = ["Ink", "Symbol", "draw", "normalize", "read_ink", "read_inkml", "read_json", "resample",
           "write_inkml", "write_json"]

ENDINGS = (".inkml", ".json")        # of files that hold ink


def read_ink(path: str | os.PathLike) -> Ink:
    """Read one expression by its suffix, .inkml or .json; raises TegashikiError for any other."""
    suffix = Path(path).suffix.lower()
    if suffix == ".inkml":
        return read_inkml(path)
    if suffix == ".json":
        return read_json(path)
    raise TegashikiError(f"{path}: suffix '{suffix}' is no ink; give a .inkml or .json file")


def parse_ink(content: bytes, name: str) -> Ink:
    """The strokes of a file's bytes, by the ending of its `name`; what it says of symbols is left.

    Raises TegashikiError for what is no ink.
    """
    if name.endswith(".json"):
        return read_json(content, name)
    return read_inkml(content, name, segmented=False)
