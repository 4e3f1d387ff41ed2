"""Greedy decoding: the most probable token each time, for a whole batch at once.

    hypotheses = greedy(runtime, inputs, length=40)      # one for each row of the inputs
"""

import numpy as np

from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.decoding.runtimes import Arrays, Runtime
from tegashiki.tex.tokens import END, PAD, START


def greedy(runtime: Runtime, inputs: Arrays, length: int) -> list[Hypothesis]:
    """The most probable token each time, for a whole batch; at most `length` tokens."""
    memory = runtime.encode({k: v for k, v in inputs.items() if k != "tokens"})
    rows = len(next(iter(memory.values())))
    state = runtime.start(memory, rows)
    tokens = np.full(rows, START, np.int32)
    scores, done = np.zeros(rows), np.zeros(rows, bool)
    written: list[list[int]] = [[] for _ in range(rows)]
    for _ in range(length):
        log_p, state = runtime.step(memory, state, tokens)
        log_p = np.array(log_p)
        log_p[:, [PAD, START]] = -np.inf     # no part of a formula, as in `beam_search`
        tokens = log_p.argmax(-1).astype(np.int32)
        scores += np.where(done, 0.0, log_p.max(-1))
        done |= tokens == END
        for row in np.flatnonzero(~done):
            written[row].append(int(tokens[row]))
        if done.all():
            break
    return [Hypothesis(tuple(w), float(s)) for w, s in zip(written, scores, strict=True)]
