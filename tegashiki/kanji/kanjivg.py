"""KanjiVG's strokes as ink: one SVG a character, one path a stroke, in the order of writing.

    strokes = read()                     # {"字": Ink, ...}, 6,700 characters, 4 s
    strokes["字"].strokes[0]              # float32 (points, 2) in the drawing's unit, 109 wide

KanjiVG is by Ulrich Apel and others, CC BY-SA 3.0, https://kanjivg.tagaini.net. Paths are read as
SVG 1.1 writes them: M, L, H, V, C, S and Q with their relative forms; curves become polylines.
"""

import importlib.util
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from tegashiki.data import sets
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.storage.archives import iterate

BOX = 109.0  # KanjiVG's drawing is so wide and so high
STEPS = 8  # points of a curve; at 48 pixels nobody sees the corners
_NAME = re.compile(r"(?:^|/)([0-9a-f]{5})\.svg$")
_PARTS = re.compile(r"([MLHVCSQmlhvcsq])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_LENGTH = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4}


def here() -> Path | None:
    """Where KanjiVG is on this machine: the known set, or the package of PyPI; None if nowhere."""
    if (known := sets.here("kanjivg")) is not None:
        return known
    package = importlib.util.find_spec("kanji")  # the package kanjivg installs this folder
    if package is not None and package.submodule_search_locations:
        folder = Path(next(iter(package.submodule_search_locations)))
        return folder if (folder / "05b57.svg").is_file() else None
    return None


def read(
    path: str | os.PathLike | None = None, wanted: Iterable[str] | None = None
) -> dict[str, Ink]:
    """Characters and their ink from a folder, zip or tar of SVG files; the usual form of each.

    `path`: by default what `here` finds. `wanted`: only these. Raises TegashikiError for a
    file that is no KanjiVG drawing, or when there is none.
    """
    path = Path(path) if path is not None else here() or sets.find("kanjivg")
    chosen = None if wanted is None else set(wanted)
    found = {}
    for name, content in iterate(path, ".svg"):
        match = _NAME.search(name)
        if match is None:  # variants such as 05b57-Kaisho.svg
            continue
        character = chr(int(match[1], 16))
        if chosen is None or character in chosen:
            found[character] = parse(content, f"{path}: {name}")
    if not found:
        raise TegashikiError(f"{path}: no KanjiVG drawing that is wanted (names such as 05b57.svg)")
    return found


def parse(content: bytes, name: str) -> Ink:
    """The ink of one drawing. Raises TegashikiError saying what is wrong where."""
    try:
        root = Xml.fromstring(content)
    except (ParseError, DefusedXmlException) as error:
        raise TegashikiError(f"{name}: no SVG that can be read: {error}; get it again") from None
    strokes = []
    for element in root.iter():
        if element.tag.rsplit("}", 1)[-1] == "path":
            try:
                strokes.append(flatten(element.get("d", "")))
            except ValueError as error:
                raise TegashikiError(
                    f"{name}: path {len(strokes) + 1}: {error}; get the file again"
                ) from None
    if not strokes:
        raise TegashikiError(f"{name}: holds no path, so no stroke")
    return Ink(strokes=tuple(strokes), id=name)


def flatten(path: str) -> np.ndarray:
    """One path as points, float32 (points, 2). Raises ValueError for what it cannot read.

    >>> flatten("M1,2 l3,0").tolist()
    [[1.0, 2.0], [4.0, 2.0]]
    """
    points: list[np.ndarray] = []
    at, control = np.zeros(2), np.zeros(2)
    for command, numbers in _commands(path):
        kind, relative = command.upper(), command.islower()
        if (kind == "M") == bool(points):
            raise ValueError("not one movement at its beginning")
        base = at if relative else np.zeros(2)
        if kind == "H":
            pairs = [np.array([numbers[0] + base[0], at[1]])]
        elif kind == "V":
            pairs = [np.array([at[0], numbers[0] + base[1]])]
        else:
            pairs = list(np.reshape(numbers, (-1, 2)) + base)
        if kind == "S":  # its first control point mirrors the last one
            pairs.insert(0, 2 * at - control)
        points.extend(_curve(np.array([at, *pairs])) if kind in "CSQ" else pairs)
        control = pairs[-2] if kind in "CS" else pairs[-1]
        at = pairs[-1]
    if len(points) < 2:
        raise ValueError("fewer than two points")
    return np.float32(points)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; repeated arguments repeat the command."""
    if _PARTS.sub("", path).strip(" ,\t\r\n"):
        raise ValueError(f"{path[:40]!r} holds more than M, L, H, V, C, S and Q")
    command, numbers = "", []
    for letter, number in [*_PARTS.findall(path), ("M", "")]:
        if not letter:
            numbers.append(float(number))
            continue
        if command:
            size = _LENGTH[command.upper()]
            if not numbers or len(numbers) % size:
                raise ValueError(f"{command} with {len(numbers)} numbers, not a multiple of {size}")
            yield command, numbers[:size]
            # after a movement come lines
            follow = {"M": "L", "m": "l"}.get(command, command)
            for start in range(size, len(numbers), size):
                yield follow, numbers[start : start + size]
        command, numbers = letter, []


def _curve(corners: np.ndarray) -> list[np.ndarray]:
    """Points of the Bézier curve with `corners` (3 or 4, 2) after its first, by de Casteljau."""
    t = np.linspace(0, 1, STEPS + 1)[1:, None, None]  # (steps, 1, 1)
    level = np.broadcast_to(corners, (STEPS, *corners.shape))  # (steps, corners, 2)
    while level.shape[1] > 1:
        level = (1 - t) * level[:, :-1] + t * level[:, 1:]
    return list(level[:, 0])
