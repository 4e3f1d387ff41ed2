"""From a named set to what a training reads: prepared ink in three parts, real or synthetic.

    parts = collect("synthetic-school", count=600, seed=0)
    parts["train"].examples, parts["test"].skipped

`train` and `validation` never share a formula. What is made here needs no download: `synthetic`
is everything that can be written, `synthetic-school` short formulas of few symbols. Real sets are
read by `tegashiki.data.collection`, which says what they are.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tegashiki.data.collection import (
    TRAINING,
    Part,
    Progress,
    divide,
    read_parts,
    sources,
    with_wide,
)
from tegashiki.errors import TegashikiError
from tegashiki.ink.prepare import EPSILON
from tegashiki.synthesis import formula_grammar, hershey
from tegashiki.synthesis.synthesizer import synthesize

MADE = {"synthetic-school": formula_grammar.SCHOOL, "synthetic": formula_grammar.GrammarConfig()}
SETS = (*MADE, *TRAINING)


def collect(data: str, path: str = "", count: int = 0, seed: int = 0, held_out: float = 0.1,
            epsilon: float = EPSILON, progress: Progress | None = None, split: str = "formula"
            ) -> dict[str, Part]:
    """The parts `train`, `validation` and `test` of a set, ink prepared.

    `path`: where a real set lies, if not at its usual place. `count`: how many expressions to take
    (0: all of a real set). `held_out`, `epsilon` and `split`: see `data.collection.divide`. The set
    "wide" has two parts more, see there; write its bundles in the wide vocabulary. Raises
    TegashikiError if the set is unknown or missing.
    """
    more: dict[str, Part] = {}
    if data in MADE:
        whole, test = _synthetic(MADE[data], count or 600, seed, progress)
    elif data in TRAINING:
        whole, test = read_parts(data, path, count, seed, progress)
        if data == "wide":
            whole, more = with_wide(whole)
    else:
        raise TegashikiError(f"data: {data!r} is no set; give {' or '.join(SETS)}")
    return divide(whole, test, held_out, seed, epsilon, split, more)


def found(data: str, path: str = "") -> list[Path]:
    """Files or folders that `collect` reads, for the record of the run."""
    return sources(data, path)


def _synthetic(config: formula_grammar.GrammarConfig, count: int, seed: int,
               progress: Progress | None) -> tuple[Part, Part]:
    """Formulas of the built-in grammar in the built-in styles; a tenth more for the test."""
    bank = hershey.glyph_bank()
    drawn = []
    rng = np.random.default_rng([seed, 0])
    for index, tokens in enumerate(formula_grammar.formulas(rng, count + count // 10, config)):
        example = synthesize(tokens, bank, np.random.default_rng([seed, 1, index]))
        drawn.append(replace(example, ink=replace(example.ink, id=f"synthetic-{seed}-{index}")))
        if progress is not None:
            progress(index + 1, count + count // 10, "expressions written")
    return Part(drawn[:count]), Part(drawn[count:])
