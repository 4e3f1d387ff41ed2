"""Trains the small network that says how likely a formula is, `decoding.language.network`.

    network = FormulaLanguage(Config(units=192, width=96), vocabulary_size=320)
    fit(network, formulas, held, Fit(epochs=5), told=print)
    LanguageNetwork(network.arrays(), "packed-wide", weight=0.3, bonus=2.0, run=run.id)

Formulas are ids as a tokenizer spells them. A batch has formulas of nearly one length.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tegashiki.tex.tokens import END, PAD, START

STEP = 8              # lengths of batches are multiples of it: fewer shapes
WARM_UP = 300         # steps until the learning rate is reached, at most


@dataclass(frozen=True)
class Config:
    """What the network is made of."""

    units: int = 192
    width: int = 96           # of the embedding
    dropout: float = 0.1


@dataclass(frozen=True)
class Fit:
    """How it is trained."""

    epochs: int = 5
    batch_size: int = 192
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    seed: int = 0


class FormulaLanguage(keras.Model):
    """Ids (batch, length), the first of them START, -> logits of each next one."""

    def __init__(self, config: Config, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = keras.layers.Embedding(vocabulary_size, config.width)
        self.recurrent = keras.layers.GRU(config.units, return_sequences=True)
        self.down = keras.layers.Dense(config.width)
        self.dropout = keras.layers.Dropout(config.dropout)
        self.bias = self.add_weight(shape=(vocabulary_size,), initializer="zeros", name="bias")
        self(np.zeros((1, 2), np.int32))

    def call(self, tokens: Any, training: bool = False) -> Any:
        """See the class."""
        read = self.dropout(self.embedding(tokens), training=training)
        state = self.dropout(self.recurrent(read), training=training)
        return self.down(state) @ keras.ops.transpose(self.embedding.embeddings) + self.bias

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights as `LanguageNetwork` has them."""
        cell = self.recurrent.cell
        values = map(np.asarray, (
            self.embedding.embeddings, cell.kernel, cell.recurrent_kernel, self.down.kernel,
            cell.bias, self.down.bias, self.bias))
        embedding, given, recurrent, down, biases, down_bias, output_bias = values
        return {"embedding": embedding, "input": given.T, "recurrent": recurrent.T,
                "down": down.T, "input_bias": biases[0], "recurrent_bias": biases[1],
                "down_bias": down_bias, "output_bias": output_bias}


def fit(network: FormulaLanguage, formulas: Sequence[Sequence[int]],
        held: Sequence[Sequence[int]], how: Fit,
        told: Callable[[int, float, float], None]) -> None:
    """Train it; `told` is given each epoch and the nats a token of both kinds of formulas."""
    batches, checked = (_Batches(part, how.batch_size, how.seed) for part in (formulas, held))
    steps = how.epochs * len(batches)
    warm_up = min(WARM_UP, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=how.learning_rate, warmup_steps=warm_up)
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=how.weight_decay, clipnorm=1.0)
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight")
    # Each length would be compiled anew, for less than it gains.
    network.compile(optimizer, loss, jit_compile=False)
    for epoch in range(1, how.epochs + 1):
        loss = _mean(network.train_on_batch, batches)
        told(epoch, loss, _mean(network.test_on_batch, checked))


def _mean(step: Callable, batches: "_Batches") -> float:
    """Take the step with each batch; the mean of the losses, nats a token."""
    total = tokens = 0.0
    for ids, following, counts in batches.shuffled():
        total += float(step(ids, following, sample_weight=counts)) * counts.sum()
        tokens += counts.sum()
    return float(total / tokens)


class _Batches:
    """(ids, the ids that follow, which of these count) of formulas of nearly one length."""

    def __init__(self, formulas: Sequence[Sequence[int]], size: int, seed: int) -> None:
        self.formulas, self.size = formulas, size
        self.lengths = np.array([len(formula) for formula in formulas])
        self.random = np.random.default_rng(seed)

    def __len__(self) -> int:
        return -(-len(self.formulas) // self.size)

    def shuffled(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """All formulas once, each time in other batches and in another order."""
        order = np.argsort(self.lengths + 2 * self.random.random(len(self.lengths)), kind="stable")
        for number in self.random.permutation(len(self)):
            chosen = order[number * self.size : (number + 1) * self.size]
            length = -(-(self.lengths[chosen].max() + 2) // STEP) * STEP
            ids = np.full((self.size, length + 1), PAD, np.int32)
            for row, formula in zip(ids, chosen, strict=False):
                row[: self.lengths[formula] + 2] = [START, *self.formulas[formula], END]
            yield ids[:, :-1], ids[:, 1:], (ids[:, 1:] != PAD).astype(np.float32)
