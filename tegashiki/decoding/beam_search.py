"""Beam search for one expression, with a grammar that lets only formulas through.

    hypotheses = beam_search(runtime, inputs, width=5, length=40, grammar=tokenizer.grammar)
    hypotheses[0].ids, hypotheses[0].score               # the most probable one that was found
"""

from typing import Any

import numpy as np

from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.decoding.runtimes import Arrays, Runtime
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.tokens import END, PAD, START


def beam_search(runtime: Runtime, inputs: Arrays, width: int, length: int,
                grammar: Grammar | None = None) -> list[Hypothesis]:
    """Beam search for one expression (batch axis 1); finished hypotheses, best first.

    With a `grammar` (see `tegashiki.tex.grammar`) every hypothesis is a formula that parses. The
    score is the sum of log probabilities, without a length bonus: it stays a probability.
    """
    memory = runtime.encode(inputs)
    state = runtime.start(memory, width)
    live = [(Hypothesis((), 0.0), grammar.start if grammar else None)]
    finished: list[Hypothesis] = []
    tokens = np.full(width, START, np.int32)
    for place in range(length):
        log_p, state = runtime.step(memory, state, tokens)
        totals = log_p[: len(live)] + np.array([[hypothesis.score] for hypothesis, _ in live])
        totals[:, PAD] = totals[:, START] = -np.inf
        if grammar:
            rules = [grammar.allowed(rule, length - place) for _, rule in live]
            totals = np.where(rules, totals, -np.inf)
        live, parents = _advance(live, finished, totals, runtime.attention(state), width, grammar)
        floor = sorted((h.score for h in finished), reverse=True)[:width]
        # Scores only fall: once `width` are finished, nothing worse than the last can enter.
        if not live or (len(floor) == width and live[0][0].score <= floor[-1]):
            break
        index = np.array(parents + [0] * (width - len(parents)))
        state = runtime.reorder(state, index)
        tokens = np.full(width, END, np.int32)
        tokens[: len(live)] = [hypothesis.ids[-1] for hypothesis, _ in live]
    finished.sort(key=lambda h: -h.score)
    return finished or [hypothesis for hypothesis, _ in live]   # better unfinished than nothing


def _advance(live: list[tuple[Hypothesis, Any]], finished: list[Hypothesis], totals: np.ndarray,
             attention: np.ndarray | None, width: int, grammar: Grammar | None,
             ) -> tuple[list[tuple[Hypothesis, Any]], list[int]]:
    """One step of the beam: scores (rows, vocabulary) -> new live ones and their parents' rows.

    A hypothesis that ends goes to `finished` if it is among the best `width` of this step.
    """
    following, parents = [], []
    flat = totals.ravel()
    count = min(2 * width, len(flat))
    best = np.flatnonzero(flat >= _floor(totals, count))
    best = best[np.argsort(-flat[best], kind="stable")[:count]]
    for place, score in zip(best.tolist(), flat[best].tolist(), strict=True):
        row, token = divmod(place, totals.shape[1])
        if score == -np.inf or len(following) == width:
            break
        (former, rule) = live[row]
        if token == END:
            finished.append(Hypothesis(former.ids, score, former.attention))
        else:
            rule = grammar.advance(rule, token) if grammar else None
            seen = former.attention if attention is None else (*former.attention, attention[row])
            following.append((Hypothesis((*former.ids, token), score, seen), rule))
            parents.append(row)
    return following, parents


def _floor(totals: np.ndarray, count: int) -> float:
    """A score that at least `count` reach: the best row's count-th, where it has as many.

    What is below it need not be sorted, and of 1,600 scores a dozen are left.
    """
    row = totals[0]
    if count >= len(row):
        return -np.inf
    return float(np.partition(row, len(row) - count)[len(row) - count])
