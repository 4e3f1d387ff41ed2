"""From a named set to what a training reads: prepared ink in three parts.

    parts = collect("synthetic-school", count=600, seed=0)
    parts["train"].examples, parts["test"].skipped

`train` and `validation` never share a formula. What is made here needs no download: `synthetic`
is everything that can be written, `synthetic-school` short formulas of few signs. `crohme` takes
the official train part, and test2014 with the published captions to score on; `crohme-all` trains
on the tests of 2011 to 2013 and the extra part of 2012 as well, without the inks that stand in more
than one part.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tegashiki.data import crohme, sets, splits
from tegashiki.data.example import Example
from tegashiki.errors import TegashikiError
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.synthesis import formula_grammar, glyph_bank
from tegashiki.synthesis.synthesizer import synthesize

Progress = Callable[[float, float, str], None]
SETS = ("synthetic-school", "synthetic", "crohme", "crohme-all")
WRITTEN = {"synthetic-school": formula_grammar.SCHOOL, "synthetic": formula_grammar.GrammarConfig()}
TRAINING = {"crohme": ("train",),
            "crohme-all": ("train", "test2011", "test2012", "test2013", "train2012_extra")}


@dataclass(frozen=True)
class Part:
    """One part of a set."""

    examples: list[Example]
    skipped: list[crohme.Skipped] = field(default_factory=list)   # files that could not be used


def collect(data: str, path: str = "", count: int = 0, seed: int = 0, held_out: float = 0.1,
            epsilon: float = EPSILON, progress: Progress | None = None) -> dict[str, Part]:
    """The parts `train`, `validation` and `test` of a set, ink prepared.

    `path`: where the set lies, if not at its usual place. `count`: how many expressions to take
    (0: all of a real set). `held_out`: share of the formulas that is kept for validation. Each part
    is in an order that tells nothing: its first examples are a fair sample. Raises TegashikiError
    if the set is unknown or missing.
    """
    if data in WRITTEN:
        whole, test = _synthetic(WRITTEN[data], count or 600, seed, progress)
    elif data in TRAINING:
        whole, test = _crohme(TRAINING[data], path, count, seed, progress)
    else:
        raise TegashikiError(f"data: {data!r} is no set; give {' or '.join(SETS)}")
    keys = [splits.formula_key(example.tokens) for example in whole.examples]
    names = splits.assign(keys, {"validation": held_out, "train": 1 - held_out}, salt=str(seed))
    parts = {name: Part([e for e, n in zip(whole.examples, names, strict=True) if n == name])
             for name in ("train", "validation")}
    parts["train"].skipped.extend(whole.skipped)
    parts["test"] = test
    return {name: replace(part, examples=[_prepared(e, epsilon)
                                          for e in _mixed(part.examples, seed)])
            for name, part in parts.items()}


def found(data: str, path: str = "") -> list[Path]:
    """Files or folders that `collect` reads, for the record of the run."""
    if data not in TRAINING:
        return []
    labels = sets.here("crohme-labels")
    return [sets.find(path or "crohme"), *([labels] if labels else [])]


def _synthetic(config: formula_grammar.GrammarConfig, count: int, seed: int,
               progress: Progress | None) -> tuple[Part, Part]:
    """Formulas of the built-in grammar in the built-in hands; a tenth more for the test."""
    symbols = glyph_bank.hershey()
    drawn = []
    rng = np.random.default_rng([seed, 0])
    for index, tokens in enumerate(formula_grammar.formulas(rng, count + count // 10, config)):
        example = synthesize(tokens, symbols, np.random.default_rng([seed, 1, index]))
        drawn.append(replace(example, ink=replace(example.ink, id=f"synthetic-{seed}-{index}")))
        if progress is not None:
            progress(index + 1, count + count // 10, "expressions written")
    return Part(drawn[:count]), Part(drawn[count:])


def _crohme(training: tuple[str, ...], path: str, count: int, seed: int,
            progress: Progress | None) -> tuple[Part, Part]:
    """The parts to train on together, and test2014 labelled with the published captions."""
    where = sets.find(path or "crohme")
    read: dict[str, Part] = {}
    for part in ("test2014", *training):
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
