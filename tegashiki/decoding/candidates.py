"""From hypotheses to the few different formulas that a person chooses from.

    for candidate in distinct(hypotheses, tokenizer, k=5, strokes=12):
        print(candidate.probability, candidate.tex, candidate.strokes)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.tex import tree
from tegashiki.tex.tokenizer import PlainTokenizer


@dataclass(frozen=True)
class Candidate:
    """One formula to choose from."""

    tokens: tuple[str, ...]
    score: float           # log probability under the model
    probability: float     # its share among the candidates that were found
    strokes: tuple[tuple[int, ...], ...] = ()   # for each token those that it was written with

    @property
    def tex(self) -> str:
        """The formula as one string."""
        return " ".join(self.tokens)


def distinct(hypotheses: Sequence[Hypothesis], tokenizer: PlainTokenizer, k: int, strokes: int = 0,
             temperature: float = 1.0) -> list[Candidate]:
    """The best `k` that are different formulas: equal canonical forms add their probabilities.

    What does not parse comes last: it cannot be rendered, but hiding it would hide a mistake.
    `strokes`: how many the ink has, to say which of them each token was written with.
    `temperature` makes the claimed probabilities humbler (above 1) and changes no order.
    """
    merged: dict[tuple[str, ...], list[Hypothesis]] = {}
    broken: set[tuple[str, ...]] = set()
    for hypothesis in hypotheses:
        tokens = tuple(tokenizer.decode(hypothesis.ids))
        if tokenizer.grammar is None and tokens:    # a grammar lets only canonical formulas through
            if tree.is_valid(tokens):
                tokens = tuple(tree.canonical(tokens))
            else:
                broken.add(tokens)
        if tokens:
            merged.setdefault(tokens, []).append(hypothesis)
    scores = {key: float(np.logaddexp.reduce([h.score for h in same]))
              for key, same in merged.items()}
    ranked = sorted(scores, key=lambda key: (key in broken, -scores[key]))
    claims = {key: score / temperature for key, score in scores.items()}
    total = np.logaddexp.reduce(list(claims.values())) if claims else 0.0
    return [Candidate(key, scores[key], float(np.exp(claims[key] - total)),
                      strokes_of(merged[key][0], key, tokenizer, strokes)) for key in ranked[:k]]


def strokes_of(hypothesis: Hypothesis, tokens: Sequence[str], tokenizer: PlainTokenizer,
               strokes: int) -> tuple[tuple[int, ...], ...]:
    """For each token the strokes that it was written with, () where none: each stroke once.

    A stroke belongs to the symbol that attended to it most while it was decoded. Empty if the
    runtime does not give the attention, or if the tokens are not those of the hypothesis.
    """
    ids = hypothesis.ids
    if not hypothesis.attention or tuple(tokenizer.decode(ids)) != tuple(tokens):
        return ()
    begins = tokenizer.begins(ids)
    symbols = [place for place, number in enumerate(ids)
               if tokenizer.vocabulary.tokens[number] not in tokenizer.INKLESS]
    attention = np.array([hypothesis.attention[place][:strokes] for place in symbols])
    found: list[list[int]] = [[] for _ in tokens]
    for stroke, symbol in enumerate(attention.argmax(axis=0).tolist() if len(attention) else ()):
        found[begins[symbols[symbol]]].append(stroke)      # attention: (symbols, strokes)
    return tuple(map(tuple, found))
