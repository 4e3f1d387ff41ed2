"""How likely a formula is as text: what sets the order of candidates, `language.json`.

    language = language.read(folder)             # None where a model has none
    language.worth([(4, 17, 9)], tokenizer)      # nats, to be added to what the network says

A recogniser learns from ink and formulas together; what has only seen text knows more of the
latter in less space (shallow fusion, Gulcehre et al. 2015, here of whole candidates). `network` is
what the released model has, `ngrams` the table of before.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from tegashiki.decoding.language import network, ngrams
from tegashiki.decoding.language.network import LanguageNetwork
from tegashiki.decoding.language.ngrams import Ngrams
from tegashiki.errors import TegashikiError
from tegashiki.storage import files
from tegashiki.tex.tokenizer import PlainTokenizer

NAME = "language.json"

__all__ = ["NAME", "Language", "LanguageNetwork", "Ngrams", "read", "write"]


class Language(Protocol):
    """What says how likely formulas are, and how much it has to say."""

    def worth(self, spelled: Sequence[Sequence[int]], tokenizer: PlainTokenizer) -> np.ndarray:
        """Nats (formulas,) to be added to a recogniser's log probabilities of these formulas."""

    def content(self) -> dict:
        """What `language.json` says."""


def write(language: Language, folder: Path) -> Path:
    """`language.json` in the folder of an exported model."""
    path = folder / NAME
    files.write_json(path, language.content())
    return path


def read(folder: Path, tokenizer: PlainTokenizer | None = None) -> Language | None:
    """What lies beside a model; None where nothing does.

    Raises TegashikiError for a file that is damaged or of another version, and for one that does
    not read what the model's `tokenizer` writes.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    content = files.read_json(path)
    known = {ngrams.VERSION: ngrams.Ngrams, network.VERSION: network.LanguageNetwork}
    version = content.get("VERSION")
    if isinstance(version, bool) or version not in known:
        shown = " or ".join(map(str, known))
        raise TegashikiError(f"{path}: not of VERSION {shown}, which this code reads; take the "
                             "file that belongs to this package")
    try:
        found = known[version].of(content)
        if tokenizer is not None:
            found.worth([()], tokenizer)           # asked once, as it will be
        return found
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise TegashikiError(f"{path}: damaged ({error}); restore it, or remove it: without it "
                             "the model answers as well") from None
