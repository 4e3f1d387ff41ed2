"""How likely given formulas are: a network is told what to write and asked what it thinks of it.

    forced(runtime, inputs, [(17, 4, 23), (17, 5, 23)], rows=5)      # log probabilities
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.decoding.runtimes import Arrays, Runtime
from tegashiki.tex.tokens import END, START


def forced(runtime: Runtime, inputs: Arrays, formulas: Sequence[Sequence[int]],
           rows: int) -> np.ndarray:
    """Log probability of each spelled formula and its end, float64 (formulas,), in nats.

    `inputs`: of one expression (batch axis 1); `rows`: as many are told at once, which an exported
    file fixes: the width of its beam.
    """
    memory = runtime.encode(inputs)
    found = np.zeros(len(formulas))
    for first in range(0, len(formulas), rows):
        some = [(*ids, END) for ids in formulas[first : first + rows]]
        state, tokens = runtime.start(memory, rows), np.full(rows, START, np.int32)
        for place in range(max(map(len, some))):
            log_p, state = runtime.step(memory, state, tokens)
            tokens = np.full(rows, END, np.int32)
            for row, ids in enumerate(some):
                if place < len(ids):
                    tokens[row] = ids[place]
                    found[first + row] += log_p[row, ids[place]]
    return found
