r"""Which token each stroke writes, found by a trained network that is told the formula.

    aligned = align(network, tokenizer, examples)         # alignment -1 -> index into the tokens

Some sets give ink and formula and do not say which stroke writes what. The network reads the ink
while the formula is fed to its decoder (forced alignment, as in speech recognition): a stroke
belongs to the token that looks at it while it is written and that the stroke's own name agrees
with. Both are losses of the stroke transformer's training, so nothing is learned here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tegashiki.data.example import Example
from tegashiki.tex.nodes import STRUCTURE
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train.batches import bucket_of, row, stack

NAME = 0.5            # weight of the stroke's name beside the token's look
UNLIKELY = -8.0       # log probability of a name; less says no more
UNSEEN = 1e-4         # attention; less says no more


def align(network: Any, tokenizer: PlainTokenizer, examples: Sequence[Example]) -> list[Example]:
    """The examples with an alignment for every stroke; what is too long keeps the one it has.

    `network`: a built stroke transformer over the tokenizer's ids. Ink in normal form.
    """
    return [_aligned(network, tokenizer, example) for example in examples]


def agreement(found: Sequence[Example], known: Sequence[Example]) -> float:
    """Share of the strokes of known symbols that are given to the token that they write."""
    right = total = 0
    for ours, truth in zip(found, known, strict=True):
        counted = truth.alignment >= 0
        right += int((ours.alignment == truth.alignment)[counted].sum())
        total += int(counted.sum())
    return right / max(total, 1)


def _aligned(network: Any, tokenizer: PlainTokenizer, example: Example) -> Example:
    ids, places = tokenizer.encode(example.tokens)
    ids, strokes = np.asarray(ids, np.int32), example.ink.strokes
    size = network.measure(strokes)
    if size > network.SIZES[-1] or len(ids) >= network.LENGTHS[-1]:
        return example
    bucket = bucket_of(size, len(ids) + 1, network)
    inputs, _ = stack([row(strokes, ids, np.full(size, -1), network, network.SIZES[bucket],
                           network.LENGTHS[bucket])], 1)
    outputs = network(inputs)
    inked = [i for i, token in enumerate(example.tokens) if token not in STRUCTURE]
    spelled = np.asarray(places)[inked]                                   # where in the ids
    looks = np.asarray(outputs["attention"])[0].mean(axis=0)[spelled, :size]     # (inked, size)
    names = _log_softmax(np.asarray(outputs["strokes"])[0, :size])        # (size, vocabulary)
    score = np.log(looks + UNSEEN) + NAME * np.maximum(names[:, ids[spelled]].T, UNLIKELY)
    return replace(example, alignment=np.array(inked, np.int16)[score.argmax(axis=0)])


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
