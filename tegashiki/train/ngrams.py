"""A back-off model of formulas, counted in text, as small as it is wished.

    counts = Counts(4)
    for formula in formulas: counts.add(formula)
    grams, tokens = counts.model(least=6.0)       # for `decoding.language.Ngrams`

Probabilities are those of Witten and Bell (1991), interpolated: a context that was followed by many
different tokens trusts itself less. An n-gram is kept if its count times what it knows better than
the shorter one, in nats, is `least` or more (Seymore and Rosenfeld 1996).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from tegashiki.decoding.language.ngrams import Gram
from tegashiki.tex.tokens import END, SPECIAL, START

Text = tuple[str, ...]
FIRST, LAST = SPECIAL[START], SPECIAL[END]


class Counts:
    """How often each n-gram of up to `order` tokens occurs."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.grams: Counter[Text] = Counter()
        self._seen: Counter[Text] = Counter()         # of contexts
        self._kinds: Counter[Text] = Counter()        # different tokens after each
        self._known: dict[Text, float] = {}           # probabilities already asked for

    def add(self, formula: Sequence[str]) -> None:
        """One more formula, each token once in each of its contexts."""
        row = (FIRST,) * (self.order - 1) + (*formula, LAST)
        self._known.clear()
        for end in range(self.order, len(row) + 1):
            for length in range(1, self.order + 1):
                gram = row[end - length : end]
                self.grams[gram] += 1
                self._seen[gram[:-1]] += 1
                self._kinds[gram[:-1]] += self.grams[gram] == 1

    def probability(self, gram: Text) -> float:
        """Of the last token after the others; more than 0 for tokens that occur."""
        if not gram:
            return 1 / (self._kinds[()] + 1)
        if gram not in self._known:
            shorter, context = self.probability(gram[1:]), gram[:-1]
            seen, kinds = self._seen[context], self._kinds[context]
            self._known[gram] = shorter if not seen else (
                (self.grams[gram] + kinds * shorter) / (seen + kinds))
        return self._known[gram]

    def model(self, least: float) -> tuple[dict[Gram, tuple[float, float]], tuple[str, ...]]:
        """{n-gram of numbers: (log p, log weight)} of what is kept, and the tokens they number."""
        kept = self._kept(least)
        logs = {gram: math.log(self.probability(gram)) for gram in kept}
        common = [gram[0] for gram in sorted((g for g in kept if len(g) == 1),
                                             key=lambda g: (-self.grams[g], g))]
        tokens = (FIRST, LAST, *(token for token in common if token not in (FIRST, LAST)))
        number = {token: i for i, token in enumerate(tokens)}
        weights = self._weights(kept)
        return {tuple(number[token] for token in gram): (logs[gram], weights.get(gram, 0.0))
                for gram in kept}, tokens

    def _kept(self, least: float) -> set[Text]:
        kept = {gram for gram in self.grams if len(gram) == 1} | {(FIRST,)}
        for gram, count in self.grams.items():
            if len(gram) > 1:
                better = self.probability(gram) / self.probability(gram[1:])
                if count * math.log(better) >= least:
                    kept |= {gram[:end] for end in range(1, len(gram) + 1)}
        return kept

    def _weights(self, kept: set[Text]) -> dict[Text, float]:
        """Log of what a context leaves to the shorter one, so that all adds up to 1."""
        after = defaultdict(list)
        for gram in kept:
            if len(gram) > 1:
                after[gram[:-1]].append(gram)
        weights: dict[Text, float] = {}

        def backed_off(gram: Text) -> float:
            if gram in kept or len(gram) == 1:
                return self.probability(gram)
            return math.exp(weights.get(gram[:-1], 0.0)) * backed_off(gram[1:])

        for context in sorted(after, key=len):
            left = 1 - sum(self.probability(gram) for gram in after[context])
            of = 1 - sum(backed_off(gram[1:]) for gram in after[context])
            weights[context] = math.log(max(left, 1e-3) / max(of, 1e-3))
        return weights
