"""A runtime that is a table of probabilities, so that truth can be counted.

The table knows all: the best formulas by enumeration are what a wide enough beam must find.
"""

import itertools

import numpy as np

from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.decoding.runtimes import Runtime
from tegashiki.tex.tokens import END, PAD, START

LENGTH = 4


class Table(Runtime):
    """P(next | what was written): its own distribution for each prefix and each expression.

    The state carries what was written, so a beam that mixes up its rows' states is found out.
    """

    def __init__(self, size, seed=0, sharpness=1.5, never=(PAD, START)):
        self.size, self.seed, self.sharpness, self.never = size, seed, sharpness, list(never)

    def log_p(self, expression, prefix):
        """log P(. | prefix), float64 (size,)."""
        rng = np.random.default_rng([self.seed, expression, *prefix])
        scores = rng.normal(0, self.sharpness, self.size)
        scores[self.never] = -50
        return scores - np.logaddexp.reduce(scores)

    def encode(self, inputs):
        return {"which": inputs["which"]}

    def start(self, memory, rows):
        return {"written": np.zeros((rows, LENGTH + 2), np.int32), "count": np.zeros(rows, int)}

    def step(self, memory, state, tokens):
        written, count = state["written"].copy(), state["count"]
        written[np.arange(len(tokens)), count] = tokens
        count = count + 1
        which = np.broadcast_to(memory["which"], len(tokens))
        log_p = np.stack([self.log_p(w, row[:n]) for w, row, n in
                          zip(which, written, count, strict=True)])
        return log_p, {"written": written, "count": count}

    def all_formulas(self, expression, length=LENGTH):
        """Every formula that ends within `length` steps, the most probable first."""
        letters = [t for t in range(self.size) if t not in (PAD, START, END)]
        found = []
        for count in range(length):
            for ids in itertools.product(letters, repeat=count):
                score = sum(self.log_p(expression, (START, *ids[:i]))[token]
                            for i, token in enumerate((*ids, END)))
                found.append(Hypothesis(ids, float(score)))
        return sorted(found, key=lambda h: -h.score)


def inputs(*which):
    return {"which": np.array(which)}
