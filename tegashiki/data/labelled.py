"""Any folder, zip or tar of ink with labels, InkML or JSON, to score a recogniser on.

    examples, skipped = read_labelled("inkml/test2014", "captions.tsv")
    examples, skipped = read_labelled("tegashiki-corrections.zip")     # as the pad exports them
"""

import os
from pathlib import Path, PurePosixPath

import numpy as np

from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.inkjson import read_json
from tegashiki.ink.inkml import read_inkml
from tegashiki.storage.archives import iterate
from tegashiki.tex.clean import clean

READERS = {".inkml": read_inkml, ".json": read_json}


def read_labelled(data: str | os.PathLike, labels: str | os.PathLike | None = None,
                  ) -> tuple[list[Example], list[Skipped]]:
    """Examples whose ink is as in the files and whose tokens are the label, and what was left out.

    `labels`: text, one `id TAB tokens` a line; the id is the file's name without folder and ending,
    as in the published captions. Without labels a file's own truth is cleaned. A file without a
    label, or that cannot be read, is left out. Raises TegashikiError if nothing is left.
    """
    captions = _captions(Path(labels)) if labels is not None else None
    examples: list[Example] = []
    skipped: list[Skipped] = []

    def skip(name: str, reason: str) -> None:
        skipped.append(Skipped(name, reason))

    for name, content in iterate(data, tuple(READERS), skip):
        file = PurePosixPath(name)
        try:
            ink = READERS[file.suffix](content, name)
            if captions is None:
                tokens = clean(ink.truth, ink.mathml).tokens
            else:
                if file.stem not in captions:
                    raise TegashikiError("has no label; add its id to the labels")
                tokens = captions[file.stem]
        except TegashikiError as error:
            skip(name, str(error).removeprefix(f"{name}: "))
            continue
        examples.append(Example(ink, tokens, np.full(len(ink.strokes), -1, np.int16)))
    if not examples:
        reason = f"; the first: {skipped[0].file}: {skipped[0].reason}" if skipped else ""
        raise TegashikiError(f"{data}: no ink with a label{reason}; give a folder, zip or tar of "
                             "InkML or ink JSON, with --labels if the files carry no truth")
    return examples, skipped


def _captions(path: Path) -> dict[str, tuple[str, ...]]:
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
