"""How probable each character is beforehand, put right after training.

    model.get_layer("logits").bias.assign_add(shift(drawn.labels, CHARACTERS))

A network that was trained on draws with frequencies q answers p(c | x) with q as its prior. Under
another prior r the answer is, by Bayes, proportional to p(c | x) r(c) / q(c): log r - log q is
added to the logits, and nothing has to be trained again.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.kanji.characters import HIRAGANA, KANJI
from tegashiki.kanji.training import by_use


def shift(labels: np.ndarray, characters: Sequence[str]) -> np.ndarray:
    """float32 (classes,): what to add to logits, from the draws that it was trained on to `by_use`.

    Frequencies of the draws are those of a kind (kanji, hiragana, katakana) as a whole: of a single
    character there are too few draws to count.

    >>> [round(float(v), 2) for v in shift(np.array([0, 0, 0, 1]), "あ字")]
    [0.11, -0.41]
    """
    kanji, hiragana = set(KANJI), set(HIRAGANA)
    kinds = np.array([0 if c in kanji else 1 if c in hiragana else 2 for c in characters])
    counts = np.bincount(labels, minlength=len(characters)).astype(float)
    drawn = np.empty(len(characters))
    for kind in np.unique(kinds):
        drawn[kinds == kind] = counts[kinds == kind].mean()
    return np.log(by_use(characters) / (drawn / drawn.sum())).astype(np.float32)
