"""Which part of the data an example belongs to, decided by its name alone.

    from tegashiki.data import splits
    parts = splits.assign([e.ink.writer for e in examples], {"train": 0.9, "valid": 0.1})
    assert len(parts) == len(examples)

A key is hashed with sha256 to a number in [0, 1), and the number falls into one of the fractions.
So a split needs no file and no seed, is the same on every machine and in every order, and an
example keeps its part when others are added. The same key always gets the same part: pass writers
to split by writer, formulas (`formula_key`) to split by formula. CROHME has several writers copying
one formula, so a random split of its examples leaks;
`by_writer_and_formula` shares neither.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink


def position(key: str, salt: str = "") -> float:
    """Where a key lies in [0, 1): the first 53 bits of sha256 of `salt`, a zero byte and the key.

    >>> round(position("writer 17"), 6)
    0.53472
    """
    digest = hashlib.sha256(salt.encode() + b"\0" + key.encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def assign(keys: Iterable[str], fractions: dict[str, float], salt: str = "") -> list[str]:
    """The part of each key, with parts as large as `fractions` say, up to chance.

    `fractions` names the parts in order and must add up to 1; `salt` makes a different split of the
    same keys. Raises TegashikiError for fractions that are negative or do not add up.

    >>> assign(["a", "d", "f", "a"], {"train": 0.5, "valid": 0.5})
    ['train', 'valid', 'valid', 'train']
    """
    _check(fractions)
    names = list(fractions)
    ends = [math.fsum(list(fractions.values())[: i + 1]) for i in range(len(names))]
    last = max(i for i, name in enumerate(names) if fractions[name] > 0)
    parts = []
    for key in keys:
        place = position(key, salt)
        # Rounding may leave the last end a hair under 1: the last part takes what is beyond it.
        parts.append(names[next((i for i, end in enumerate(ends) if place < end), last)])
    return parts


def writer_key(ink: Ink) -> str:
    """Who wrote it: the writer; where unknown, the id without its last part, a recording session.

    >>> writer_key(Ink((), id="2009210-947-12"))
    '2009210-947'
    """
    if ink.writer not in ("", "Unknown"):
        return ink.writer
    return ink.id.rpartition("-")[0] or ink.id


def by_writer_and_formula(
    writers: Sequence[str], formulas: Sequence[str], held_out: float, salt: str = ""
) -> list[str]:
    """A validation whose writers and formulas are both unknown to training.

    A share `held_out` of the writers is kept out of "train", with all that they wrote. Of theirs
    "validation" is what nobody in train wrote; the rest, a new writer's copy of a known formula, is
    "known".

    >>> by_writer_and_formula(["ann", "bob", "bob"], ["x", "x", "y"], 0.5, salt="1")
    ['train', 'known', 'validation']
    """
    sides = assign(writers, {"held out": held_out, "train": 1.0 - held_out}, salt + "/writer")
    trained = {formula for formula, side in zip(formulas, sides, strict=True) if side == "train"}
    return [side if side == "train" else "known" if formula in trained else "validation"
            for formula, side in zip(formulas, sides, strict=True)]


def formula_key(tokens: Sequence[str]) -> str:
    """The key by which copies of one formula fall into the same part.

    >>> formula_key(("x", "=", "1"))
    'x = 1'
    """
    return " ".join(tokens)


def _check(fractions: dict[str, float]) -> None:
    values = list(fractions.values())
    if not values or min(values) < 0 or not math.isclose(math.fsum(values), 1.0, abs_tol=1e-9):
        raise TegashikiError(
            f"split: fractions: {fractions} are not shares of a whole; "
            "give numbers from 0 to 1 that add up to 1"
        )
