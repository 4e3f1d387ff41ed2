"""Real sets as parts of a training: read, made one, divided, and their ink prepared.

    whole, test = read_parts("crohme-all")
    parts = divide(whole, test, held_out=0.1, seed=0)
    parts["train"].examples, parts["test"].skipped

`crohme` is the official train part, and test2014 with the published captions to score on;
`crohme-all` trains on the tests of 2011 to 2013 and the extra part of 2012 as well, without the
inks that stand in more than one part. `wide` adds expressions of ExpressMatch, in the wide
vocabulary; beside "validation" it has two parts more to choose by: "mathwriting", the 100 human
expressions of MathWriting's excerpt, and "expressmatch", four formulas with a matrix, a norm, a
product and a congruence. Neither is ever trained on. Sets that are made up, and the door for all of
them, are in `tegashiki.synthesis.collection`.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tegashiki.data import crohme, expressmatch, mathwriting, sets, splits
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.tex.tokens import wide

Progress = Callable[[float, float, str], None]
TRAINING = {"crohme": ("train",),
            "crohme-all": ("train", "test2011", "test2012", "test2013", "train2012_extra"),
            "wide": ("train", "test2011", "test2012", "test2013", "train2012_extra")}
SPLITS = ("formula", "both")


@dataclass(frozen=True)
class Part:
    """One part of a set."""

    examples: list[Example]
    skipped: list[crohme.Skipped] = field(default_factory=list)   # files that could not be used


def read_parts(data: str, path: str = "", count: int = 0, seed: int = 0,
               progress: Progress | None = None) -> tuple[Part, Part]:
    """What a set of TRAINING has to train on, and test2014 labelled with the published captions.

    `path`: where the set lies, if not at its usual place. `count`: how many expressions to take
    of each part (0: all). Raises TegashikiError if the set is missing.
    """
    where = sets.find(path or "crohme")
    read: dict[str, Part] = {}
    for part in ("test2014", *TRAINING[data]):
        def report(done: int, part: str = part) -> None:
            if progress is not None:
                progress(done, 10_000, f"files of {part}")

        examples, skipped = crohme.read(where, part, report)
        if count:
            examples = _mixed(examples, seed)[:count]
        read[part] = Part(examples, skipped)
    test = read.pop("test2014")
    published = crohme.captions("test2014")
    scored = [_relabelled(e, published.get(e.ink.id)) for e in test.examples]
    return _united(read.values(), known=test.examples), replace(test, examples=scored)


def sources(data: str, path: str = "") -> list[Path]:
    """Files or folders that `read_parts` reads, for the record of a run; none for other sets."""
    if data not in TRAINING:
        return []
    helpers = ("crohme-labels", *(("expressmatch-new", "mathwriting") if data == "wide" else ()))
    return [sets.find(path or "crohme"), *(found for name in helpers if (found := sets.here(name)))]


def with_wide(whole: Part) -> tuple[Part, dict[str, Part]]:
    """The set with ExpressMatch's training formulas, and the parts to validate on; see the module.

    Raises TegashikiError if ExpressMatch or MathWriting is missing.
    """
    examples, skipped = expressmatch.read(sets.find("expressmatch-new"))
    asked = [e for e in examples if expressmatch.formula_of(e) in expressmatch.HELD_OUT]
    trained = [e for e in examples if expressmatch.formula_of(e) not in expressmatch.HELD_OUT]
    united = _united([whole, Part(trained, skipped)], known=asked)
    human, left_out = mathwriting.read(sets.find("mathwriting"), "train", vocabulary=wide())
    return united, {"expressmatch": Part(asked), "mathwriting": Part(human, left_out)}


def divide(whole: Part, test: Part, held_out: float = 0.1, seed: int = 0,
           epsilon: float = EPSILON, split: str = "formula", more: dict[str, Part] | None = None
           ) -> dict[str, Part]:
    """The parts `train`, `validation` and `test`, ink prepared; no formula is in both of the first.

    `held_out`: share of the formulas that is kept for validation. With `split` "both" it is a share
    of the writers, and of what they wrote validation has only the formulas that train has not. The
    parts of `more` are prepared and come back by their names; their formulas are left out of train
    too. Each part is in an order that tells nothing: its first examples are a fair sample. Raises
    TegashikiError for an unknown split.
    """
    if split not in SPLITS:
        raise TegashikiError(f"split: {split!r} is unknown; give {' or '.join(SPLITS)}")
    keys = [splits.formula_key(example.tokens) for example in whole.examples]
    if split == "formula":
        names = splits.assign(keys, {"validation": held_out, "train": 1 - held_out},
                              salt=str(seed))
    else:
        writers = [splits.writer_key(example.ink) for example in whole.examples]
        names = splits.by_writer_and_formula(writers, keys, held_out, salt=str(seed))
    parts = {name: Part([e for e, n in zip(whole.examples, names, strict=True) if n == name])
             for name in ("train", "validation")}
    parts["train"].skipped.extend(whole.skipped)
    parts["test"] = test
    if more:
        asked = {e.tokens for part in more.values() for e in part.examples}
        kept = [e for e in parts["train"].examples if e.tokens not in asked]
        parts["train"] = replace(parts["train"], examples=kept)
        parts |= more
    return {name: replace(part, examples=[_prepared(e, epsilon)
                                          for e in _mixed(part.examples, seed)])
            for name, part in parts.items()}


def _mixed(examples: Sequence[Example], seed: int) -> list[Example]:
    """In an order that tells nothing, so that the first of them are a fair sample.

    Files are sorted by source, and the formulas of one source are shorter than those of another.
    """
    return sorted(examples, key=lambda e: splits.position(e.ink.id, str(seed)))


def _united(parts: Iterable[Part], known: Sequence[Example]) -> Part:
    """One part of several; an ink that came before, or is one of the `known`, is left out."""
    seen = {_ink_key(example) for example in known}
    united = Part([])
    for part in parts:
        united.skipped.extend(part.skipped)
        for example in part.examples:
            key = _ink_key(example)
            if key in seen:
                united.skipped.append(crohme.Skipped(example.ink.id, "the same ink came before"))
            else:
                united.examples.append(example)
            seen.add(key)
    return united


def _ink_key(example: Example) -> bytes:
    """The same for the same ink, whatever its file is called."""
    digest = hashlib.sha256()
    for stroke in example.ink.strokes:
        digest.update(np.ascontiguousarray(stroke, np.float32).tobytes() + b"|")
    return digest.digest()


def _relabelled(example: Example, caption: tuple[str, ...] | None) -> Example:
    """Scored on the published caption; the alignment belongs to our tokens and goes."""
    if caption is None or tuple(caption) == example.tokens:
        return example
    return replace(example, tokens=tuple(caption), alignment=np.full_like(example.alignment, -1))


def _prepared(example: Example, epsilon: float) -> Example:
    return replace(example, ink=prepare(example.ink, epsilon))
