"""CROHME: expressions from the official InkML, with our tokens and the token of every stroke.

    examples, skipped = read(sets.find("crohme"), part="train")
    published = captions("test2014")          # {id: tokens} to score on, where the labels are here

Tokens are what `tegashiki.tex.clean` makes of the file's TeX and MathML: what a user of the
official set has. A file that cannot be used is left out and listed with its reason. CROHME states
no time except for part of MfrDB and no writer for MathBrush, whose 21 recording sessions (date and
time in the file's name) stand for its writers.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tegashiki.data import sets
from tegashiki.data.alignment import align
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.inkml import read_inkml
from tegashiki.storage.archives import iterate
from tegashiki.tex.clean import clean
from tegashiki.tex.tokens import Vocabulary

# The folders that a part has in the packages of the competitions, in any case of letters.
PARTS: dict[str, tuple[str, ...]] = {
    "train": ("train", "TrainINKML", "TrainINKML_2013", "Train_2014"),
    "train2012_extra": ("train2012_extra",),
    "test2011": ("test2011", "CROHME_testGT"),
    "test2012": ("test2012", "testDataGT"),
    "test2013": ("test2013", "TestINKMLGT", "TestINKMLGT_2013"),
    "test2014": ("test2014", "TestEM2014GT", "CROHME2014_test"),
    "test2016": ("test2016", "TestEM2016GT", "Test2016_INKML_GT", "CROHME2016_test"),
    "test2019": ("test2019", "Test2019_INKML_GT", "CROHME2019_test"),
}
_CAPTIONS = {"train": ("wap_train_caption.txt", "train_caption.txt"),
             "test2014": ("wap_test2014_caption.txt", "test_caption.txt", "test_caption_2014.txt"),
             "test2016": ("test_caption_2016.txt",), "test2019": ("test_caption_2019.txt",)}
_DERIVED = "derived_tokens_test2011_2012_2013_extra.tsv"
_SESSION = re.compile(r"(\d{6,8}-\d{3,4})-\d+")      # MathBrush: 2009210-947-12

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Skipped:
    """A file that could not be used, and why."""

    file: str
    reason: str


def read(path: str | os.PathLike, part: str = "train",
         progress: Progress | None = None) -> tuple[list[Example], list[Skipped]]:
    """All examples of one part from a folder, zip or tar, sorted by id, and what was left out.

    Ink keeps the units of its file. `progress(n)` is called after every file. Raises
    TegashikiError for an unknown part and where the path holds none of its files.
    """
    examples: dict[str, Example] = {}
    skipped: list[Skipped] = []
    for number, (name, data) in enumerate(_files(path, part, skipped), start=1):
        try:
            example = example_of(name, data)
            if example.ink.id in examples:
                raise TegashikiError(f"{name}: the id {example.ink.id} came before")
            examples[example.ink.id] = example
        except TegashikiError as error:
            skipped.append(Skipped(name, str(error).removeprefix(f"{name}: ")))
        if progress is not None:
            progress(number)
    if not examples and not skipped:
        raise TegashikiError(f"{path}: no .inkml in a folder named {' or '.join(PARTS[part])}; "
                             f"give the CROHME package that has {part}, or rename its folder")
    return [examples[key] for key in sorted(examples)], skipped


def captions(part: str, folder: str | os.PathLike | None = None) -> dict[str, tuple[str, ...]]:
    """The published token strings of a part by id, for scores that compare with the literature.

    Read from `folder` or from the set crohme-labels. Parts without a published list (2011 to 2013)
    come from the list derived from MathML. Empty where there is no list of the part.
    """
    root = Path(folder) if folder is not None else sets.here("crohme-labels")
    if part not in PARTS:
        raise TegashikiError(f"{part}: no part of CROHME; parts are {', '.join(PARTS)}")
    for file in _CAPTIONS.get(part, ()) if root is not None else ():
        if (root / file).is_file():
            rows = _rows(root / file)
            return {row[0]: tuple(row[1].split()) for row in rows}
    if root is not None and (root / _DERIVED).is_file():
        return {row[1]: tuple(row[2].split()) for row in _rows(root / _DERIVED) if row[0] == part}
    return {}


def aligned(examples: Sequence[Example]) -> float:
    """The share of strokes, 0 to 1, whose token is known."""
    strokes = sum(len(example.alignment) for example in examples)
    return sum(int((example.alignment >= 0).sum()) for example in examples) / max(strokes, 1)


def in_part(path: str | os.PathLike, part: str) -> Callable[[str], bool]:
    """Whether a file of the package at `path`, by its name in there, belongs to a part.

    Raises TegashikiError for an unknown part.
    """
    if part not in PARTS:
        raise TegashikiError(f"{part}: no part of CROHME; parts are {', '.join(PARTS)}")
    folders = {folder.lower() for folder in PARTS[part]}
    # the path itself may be the part's folder or one in it: inkml/test2014, inkml/train/HAMEX
    inside = bool(folders & {parent.lower() for parent in Path(path).absolute().parts[-2:]})
    return lambda name: inside or not folders.isdisjoint(
        parent.lower() for parent in PurePosixPath(name).parts[:-1])


def _files(path: str | os.PathLike, part: str,
           skipped: list[Skipped]) -> Iterator[tuple[str, bytes]]:
    wanted = in_part(path, part)

    def skip(name: str, reason: str) -> None:
        if wanted(name):
            skipped.append(Skipped(name, reason))

    for name, data in iterate(path, ".inkml", skip):
        if wanted(name):
            yield name, data


def example_of(name: str, data: bytes, vocabulary: Vocabulary | None = None) -> Example:
    """One file as an example, its tokens in `vocabulary` or the published one.

    Raises TegashikiError where it cannot be used.
    """
    ink = read_inkml(data, name)
    cleaned = clean(ink.truth, ink.mathml, vocabulary)
    ink = replace(ink, writer=_writer(ink))
    return Example(ink, cleaned.tokens, align(ink, cleaned.tokens, cleaned.ids))


def _writer(ink: Ink) -> str:
    session = _SESSION.fullmatch(ink.id)
    return session.group(1) if session else "" if ink.writer == "Unknown" else ink.writer


def _rows(path: Path) -> list[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TegashikiError(f"{path}: cannot be read: {error}; get it again") from None
    rows = [line.split("\t") for line in lines if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) < 2 or (path.name == _DERIVED and len(row) < 3):
            raise TegashikiError(f"{path}: line {number}: is not 'id TAB tokens'; get it again")
    return rows
