"""Any folder, zip or tar of ink with labels, InkML or JSON, to score a recogniser on.

    found = read_labelled("inkml/test2014", "captions.tsv")
    found = read_labelled("tegashiki-corrections.zip")     # as the pad exports them
    len(found.examples), len(found.unreadable), len(found.unlabelled)

Scored on is all that has a label: ink that cannot be read counts as read wrongly.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np

from tegashiki.data import crohme, sets
from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink import ENDINGS, parse_ink
from tegashiki.ink.format import Ink
from tegashiki.ink.inkml import read_truth
from tegashiki.storage.archives import iterate
from tegashiki.tex.clean import clean
from tegashiki.tex.problems import CleanError
from tegashiki.tex.tokens import Vocabulary

Captions = Mapping[str, tuple[str, ...]]      # id: tokens


@dataclass(frozen=True)
class Unreadable:
    """A file with a label whose ink cannot be read, or whose label has no normal form."""

    id: str
    tokens: tuple[str, ...]     # of the label; as it is written where it has no normal form
    file: str
    reason: str


@dataclass(frozen=True)
class Labelled:
    """What a folder holds."""

    examples: list[Example] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)   # has a label: counts as wrong
    unlabelled: list[Skipped] = field(default_factory=list)      # nothing to compare it with


def read_labelled(data: str | os.PathLike, labels: str | os.PathLike | Captions | None = None,
                  wanted: Callable[[str], bool] | None = None,
                  vocabulary: Vocabulary | None = None) -> Labelled:
    """Examples whose ink is as in the files and whose tokens are the label, and what is no example.

    `labels`: a text, one `id TAB tokens` a line, or the same as a dict; the id is the file's name
    without folder and ending, as in the published captions. Without labels a file's own truth is
    cleaned, in `vocabulary` or the published one. `wanted`: which files count, by their names; by
    default all. What a file says of its symbols does not matter here and is not looked at. Raises
    TegashikiError if nothing has a label.
    """
    captions = (labels if labels is None or isinstance(labels, Mapping)
                else read_captions(Path(labels)))
    found = Labelled()

    def put(name: str, ink: Ink | None, truth: str, mathml: str, reason: str = "") -> None:
        """One file into the list that it belongs to; `ink` is None if it cannot be read."""
        stem = PurePosixPath(name).stem
        if captions is None:
            labelled, tokens, problem = _cleaned(truth, mathml, vocabulary)
        else:
            labelled, tokens = stem in captions, captions.get(stem, ())
            problem = "" if labelled else "has no label; add its id to the labels"
        reason = reason or problem
        if not labelled:
            found.unlabelled.append(Skipped(name, reason))
        elif reason or ink is None:
            found.unreadable.append(Unreadable(stem, tokens, name, reason))
        else:
            unknown = np.full(len(ink.strokes), -1, np.int16)
            found.examples.append(Example(replace(ink, id=stem), tokens, unknown))

    def skip(name: str, reason: str) -> None:
        if wanted is None or wanted(name):
            put(name, None, "", "", reason)

    for name, content in iterate(data, ENDINGS, skip):
        if wanted is not None and not wanted(name):
            continue
        try:
            ink = parse_ink(content, name)
        except TegashikiError as error:
            put(name, None, *_truth(name, content), str(error).removeprefix(f"{name}: "))
        else:
            put(name, ink, ink.truth, ink.mathml)
    if not found.examples and not found.unreadable:
        reason = (f"; the first: {found.unlabelled[0].file}: {found.unlabelled[0].reason}"
                  if found.unlabelled else "")
        raise TegashikiError(f"{data}: no ink with a label{reason}; give a folder, zip or tar of "
                             "InkML or ink JSON, with --labels if the files carry no truth")
    return found


def named(data: str) -> Labelled:
    """A part of a known set with its published labels, such as `crohme/test2014`.

    Raises TegashikiError for another name, and where the set or its labels are missing.
    """
    known, _, part = data.partition("/")
    if known != "crohme" or part not in crohme.PARTS:
        raise TegashikiError(f"{data}: neither a path that exists nor a part of a known set; give "
                             f"a folder, zip or tar, or crohme/{'|'.join(crohme.PARTS)}")
    where = sets.find(known)
    captions = crohme.captions(part)
    if not captions:
        raise TegashikiError(f"{data}: its published labels are not here; get the set "
                             "crohme-labels, or give the folder of the part and --labels")
    return read_labelled(where, captions, crohme.in_part(where, part))


def _cleaned(truth: str, mathml: str, vocabulary: Vocabulary | None,
             ) -> tuple[bool, tuple[str, ...], str]:
    """Of a file's own truth: whether there is one, its tokens, and why it has no normal form."""
    try:
        return True, clean(truth, mathml, vocabulary).tokens, ""
    except CleanError as error:
        return bool(truth.strip() or mathml), tuple((truth or mathml).split()), str(error)


def _truth(name: str, content: bytes) -> tuple[str, str]:
    """TeX and MathML of a file whose ink could not be read, as far as they can be."""
    return read_truth(content, name) if name.endswith(".inkml") else ("", "")


def read_captions(path: Path) -> dict[str, tuple[str, ...]]:
    """A text of labels, one `id TAB tokens` a line; TegashikiError names the line that is not."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TegashikiError(f"{path}: cannot be read ({error}); give a text file") from None
    captions = {}
    for number, line in enumerate(lines, start=1):
        name, tab, tokens = line.partition("\t")
        if line.strip() and not tab:
            raise TegashikiError(f"{path}: line {number}: is not 'id TAB tokens'; use a tab")
        if tab:
            captions[name] = tuple(tokens.split())
    return captions
