"""Masked pretraining: a network learns to fill in moments of signing that were taken out.

    start = pretrained(config, made, classes=10, epochs=8, seed=0)     # weights of a SignReader
    trainer.fit(made, labels, seed=0, start=start)

No word is looked at, so takes of other sign languages serve as well as these. Spans of frames are
set to nothing; from what is left the network says what stood there, standardised, and is judged
on those moments only (He et al. 2022 for pictures, the top GISLR teams for signs).
"""

from typing import Any

import keras
import numpy as np
from keras import layers

from tegashiki.signs.classifier import SignConfig, SignReader


class Restorer(keras.Model):
    """A SignReader's body and one linear layer: masked features -> every moment's features."""

    def __init__(self, reader: SignReader, features: int, **more: Any) -> None:
        super().__init__(**more)
        self.reader = reader
        self.answer = layers.Dense(2 * features, name="answer")

    def call(self, features: Any, training: bool = False) -> Any:
        """(b, frames, features) -> (b, frames / 2, 2 * features)."""
        return self.answer(self.reader.moments(features, training))


def pretrained(config: SignConfig, made: np.ndarray, classes: int, epochs: int, seed: int,
               share: float = 0.4, span: int = 4, batch_size: int = 128,
               learning_rate: float = 2e-3) -> tuple[list[np.ndarray], list[float]]:
    """Weights for `SignTrainer.fit(start=...)`, and the mean loss of each epoch.

    `made` (n, frames, features): what to learn from. `share` of the moments is taken out, in spans
    of `span` moments. A loss of 1 is that of saying the mean.
    """
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    n, frames, features = made.shape
    reader = SignReader(config, classes)
    reader(np.zeros((2, frames, features), np.float32))
    reader.attend.trainable = reader.head.trainable = False      # nothing asks them yet
    model = Restorer(reader, features)
    optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=0.05, global_clipnorm=1.0)
    model.compile(optimizer, loss="mse", jit_compile=False)
    few = made[rng.choice(n, min(n, 2000), replace=False)].astype(np.float32)
    mean = few.mean((0, 1))
    deviation = np.maximum(few.std((0, 1)), 0.05)
    losses = []
    for epoch in range(epochs):
        order, found = rng.permutation(n), []
        optimizer.learning_rate = learning_rate * (1 - epoch / epochs)
        for at in range(0, n - batch_size + 1, batch_size) or (0,):
            whole = made[np.sort(order[at : at + batch_size])].astype(np.float32)
            gone = _spans(rng, len(whole), frames // 2, share, span)          # (b, moments)
            seen = whole * (1 - np.repeat(gone, 2, axis=1))[..., None]
            target = ((whole - mean) / deviation).reshape(len(whole), frames // 2, -1)
            found.append(float(model.train_on_batch(seen, target, gone / gone.mean())))
            model.reset_metrics()
        losses.append(float(np.mean(found)))
    return reader.get_weights(), losses


def _spans(rng: np.random.Generator, n: int, moments: int, share: float,
           span: int) -> np.ndarray:
    """1 where a moment is taken out, float32 (n, moments); at least one span in each row."""
    starts = rng.random((n, moments)) < share / span
    starts[np.arange(n), rng.integers(0, moments, n)] = True
    gone = np.zeros((n, moments), np.float32)
    for shift in range(span):
        gone[:, shift:] = np.maximum(gone[:, shift:], starts[:, : moments - shift])
    return gone
