"""What is looked at after each epoch: the loss on all of validation, exact match on a sample.

    validate = Validator(learner, examples, tokenizer, batch_size=32, sample=128)
    validate()      # {"val_loss": ..., "val_accuracy": ..., "val_exact": ...}
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tegashiki.data.example import Example
from tegashiki.decoding.greedy import greedy
from tegashiki.decoding.runtimes import KerasRuntime
from tegashiki.networks.features import Features
from tegashiki.tex.scores import Score
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import batches, loop

PROBE = 8   # expressions


class Validator:
    """Loss and accuracy over all examples; greedy exact match, as published work scores."""

    def __init__(self, learner: Any, examples: Sequence[Example], tokenizer: PlainTokenizer,
                 batch_size: int, sample: int) -> None:
        """`sample`: how many examples are decoded; the first ones, see `prepare.collect`."""
        self.learner, self.tokenizer = learner, tokenizer
        features = learner.network
        self._batches = list(batches.epoch(examples, features, tokenizer, batch_size))
        self._sample = list(examples[:sample])
        self._sampled = list(decodable(self._sample, features, batch_size))
        self._runtime = KerasRuntime(learner.network)

    def __call__(self) -> dict[str, float]:
        """The figures of this moment."""
        figures = loop.evaluate(self.learner, self._batches)
        return figures | {"val_exact": self.score().canonical.exact}

    def answers(self) -> list[list[str]]:
        """What greedy decoding writes for the sample, in its order."""
        found: list[list[str]] = [[]] * len(self._sample)
        for indices, inputs, length in self._sampled:
            hypotheses = greedy(self._runtime, inputs, length)
            for index, hypothesis in zip(indices, hypotheses[: len(indices)], strict=True):
                found[index] = self.tokenizer.decode(hypothesis.ids)
        return found

    def probe(self) -> dict[str, np.ndarray]:
        """What the network says of a few expressions, to be archived: `verify` compares it.

        {"tokens": int32 (n, t), "log_p": float32 (n, t, vocabulary)} with n at most PROBE.
        """
        from keras import ops

        inputs = {name: value[:PROBE] for name, value in self._batches[0][0].items()}
        logits = self.learner.network(inputs, training=False)["tokens"]
        return {"tokens": np.asarray(inputs["tokens"]),
                "log_p": np.asarray(ops.log_softmax(logits, axis=-1))}

    def score(self) -> Score:
        """Greedy decoding of the sample against its labels."""
        return Score.of([e.tokens for e in self._sample], self.answers())


def decodable(examples: Sequence[Example], features: Features, batch_size: int,
              ) -> Iterator[tuple[list[int], dict[str, np.ndarray], int]]:
    """Batches to decode: (indices into `examples`, inputs without the formula, its length).

    The bucket goes by the ink alone: a recogniser does not know how long the formula will be.
    """
    groups: dict[int, list[int]] = {}
    for index, example in enumerate(examples):
        bucket = batches.bucket_of(features.measure(example.ink.strokes), 0, features)
        groups.setdefault(bucket, []).append(index)
    for bucket, members in sorted(groups.items()):
        for at in range(0, len(members), batch_size):
            indices = members[at : at + batch_size]
            rows = [features.featurize(examples[i].ink.strokes, features.SIZES[bucket])
                    for i in indices]
            inputs, _ = batches.stack([(row, {}) for row in rows], batch_size)
            yield indices, inputs, features.LENGTHS[-1]
