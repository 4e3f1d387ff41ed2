"""The training loop of a sign classifier, and its cross-validation over signers.

    trainer = SignTrainer(SignConfig(), classes=10, config=SignTraining(epochs=40))
    made = trainer.copies(stack, rng)             # augmented and described once
    network = trainer.fit(made, labels, seed=0)
    outcome = cross_validate(trainer, made, labels, signers, folds=6, seeds=(0, 1, 2))

The compiled step is made once and its weights are begun anew for each fold: compiling costs more
than training does with sets as small as these.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from tegashiki.errors import TegashikiError
from tegashiki.signs import augmentation, normal_form
from tegashiki.signs.augmentation import AugmentConfig
from tegashiki.signs.classifier import SignClassifier, SignConfig
from tegashiki.signs.cross_validation import Outcome, Progress, leave_one_signer_out
from tegashiki.signs.normal_form import packed_evenly


@dataclass(frozen=True)
class SignTraining:
    """How long and how fast."""

    epochs: int = 40
    copies: int = 12                # augmented versions of each sequence, made once
    batch_size: int = 64
    learning_rate: float = 2e-3     # at its peak; rises for two epochs, falls as half a cosine
    weight_decay: float = 0.05
    label_smoothing: float = 0.1


class SignTrainer:
    """One architecture and its compiled training step, used for many trainings on one set.

    The set is augmented and described once, `copies` times, for all folds and seeds: a copy of a
    sequence is made of nothing but that sequence, so a fold still sees no signer it shall not.
    """

    def __init__(self, sizes: SignConfig, classes: int, config: SignTraining,
                 augment: AugmentConfig | None = None) -> None:
        self.sizes, self.classes, self.config = sizes, classes, config
        self.augment = augment or AugmentConfig()
        self.network = self.new()
        reader = self.network.reader
        self._optimizer = keras.optimizers.AdamW(
            config.learning_rate, weight_decay=config.weight_decay, global_clipnorm=1.0)
        self._optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
        self._optimizer.build(reader.trainable_variables)
        smooth = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing)
        # XLA took ten times as long for these small products on a CPU (and 20 s to compile).
        reader.compile(self._optimizer, loss=smooth, jit_compile=False)

    def copies(self, stack: np.ndarray, rng: np.random.Generator,
               progress: Progress | None = None) -> np.ndarray:
        """(n, T, 67, 3) -> float16 (1 + copies, n, frames, features); the first is unchanged."""
        made = [self.described(packed_evenly(stack, self.sizes.frames))]
        for number in range(self.config.copies):
            packed = augmentation.augmented(stack, rng, self.augment, self.sizes.frames)
            made.append(self.described(packed))
            if progress is not None:
                progress(number + 1, self.config.copies, "augmented copies")
        return np.stack(made)

    def fit(self, made: np.ndarray, labels: np.ndarray, seed: int,
            report: Callable[..., None] | None = None,
            weights: np.ndarray | None = None) -> SignClassifier:
        """Begin anew and train on `copies` (c, n, frames, features), labels (n,).

        Returns the network, which the next `fit` changes again. `report` gets epoch and loss;
        `weights` (n,) say how much each sequence counts, of mean 1.
        Raises TegashikiError when the loss is no number.
        """
        self._begin(seed)
        rng = np.random.default_rng(seed)
        config, reader = self.config, self.network.reader
        size = min(config.batch_size, len(labels))
        steps = len(labels) // size
        targets = np.eye(self.classes, dtype=np.float32)[labels]
        for epoch in range(config.epochs):
            order = rng.permutation(len(labels))
            version = rng.integers(0, len(made), len(labels))
            losses = []
            for batch in range(steps):
                rows = order[batch * size : (batch + 1) * size]
                self._optimizer.learning_rate = self._rate(epoch * steps + batch, steps)
                features = made[version[rows], rows].astype(np.float32)
                count = None if weights is None else weights[rows].astype(np.float32)
                losses.append(float(reader.train_on_batch(features, targets[rows], count)))
            if not math.isfinite(losses[-1]):
                raise TegashikiError(f"signs: epoch {epoch + 1}: the loss is {losses[-1]}; lower "
                                     f"the learning rate (now {config.learning_rate:g})")
            if report is not None:
                report(epoch=epoch + 1, loss=float(np.mean(losses)))
        return self.network

    def log_probabilities(self, features: np.ndarray) -> np.ndarray:
        """Features (n, frames, f) -> float32 (n, classes)."""
        logits = self.network.reader(features.astype(np.float32))
        return np.asarray(ops.log_softmax(logits))

    def described(self, packed: np.ndarray) -> np.ndarray:
        """What the network's first layer makes of (n, frames, 67, 4): float16 (n, frames, f)."""
        pieces = [np.asarray(self.network.describe(packed[i : i + 128]), np.float16)
                  for i in range(0, len(packed), 128)]
        return np.concatenate(pieces)

    def _rate(self, step: int, steps: int) -> float:
        share = step / (self.config.epochs * steps)
        rise = (step + 1) / (2 * steps)
        return self.config.learning_rate * min(rise, 0.5 * (1 + math.cos(math.pi * share)) + 0.01)

    def new(self) -> SignClassifier:
        """A network of these sizes with weights of its own."""
        network = SignClassifier(self.sizes, self.classes)
        network(np.zeros((2, self.sizes.frames, normal_form.JOINTS, 4), np.float32))
        return network

    def _begin(self, seed: int) -> None:
        keras.utils.set_random_seed(seed)
        for variable, fresh in zip(_own(self.network), _own(self.new()), strict=True):
            variable.assign(fresh)
        for variable in self._optimizer.variables:
            variable.assign(ops.zeros_like(variable))


def _own(network: SignClassifier) -> list[keras.Variable]:
    """Weights and the random state of drop-out, but no running figures of training."""
    return network.weights + [v for v in network.variables if "seed_generator" in v.path]


def log_probabilities(network: SignClassifier, stack: np.ndarray) -> np.ndarray:
    """What a network says about whole sequences (n, T, 67, 3): float32 (n, classes)."""
    packed = packed_evenly(stack, network.config.frames)
    pieces = [np.asarray(ops.log_softmax(network(packed[i : i + 128])))
              for i in range(0, len(packed), 128)]
    return np.concatenate(pieces)


def cross_validate(trainer: SignTrainer, made: np.ndarray, labels: np.ndarray,
                   signers: np.ndarray, folds: int = 0, seeds: Sequence[int] = (0,),
                   progress: Progress | None = None,
                   weights: np.ndarray | None = None) -> Outcome:
    """Leave-one-signer-out cross-validation of a network on `made`, as `copies` made it.

    The number of epochs is fixed beforehand: nothing about the signers left out is used to choose.
    `weights` (n,): how much each sequence counts in training.
    """
    def fit_and_read(out: np.ndarray, seed: int) -> np.ndarray:
        trainer.fit(made[:, ~out], labels[~out], seed,
                    weights=None if weights is None else weights[~out])
        return trainer.log_probabilities(made[0, out])

    return leave_one_signer_out(fit_and_read, labels, signers, trainer.classes, folds, seeds,
                                progress)
