"""The loss: cross-entropy of each token that counts, plus what a network adds of its own.

    learner = Learner(network, TrainConfig())
    learner.train_on_batch(inputs, targets, return_dict=True)["token_loss"]

Written with keras.ops alone: the same file runs on TensorFlow and JAX.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from tegashiki.train import checkpoint, devices
from tegashiki.train.config import TrainConfig

Tensor = Any   # of the backend, or an array


def token_loss(logits: Tensor, tokens: Tensor, weights: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean over counted tokens of -sum_k q_k log p_k (Szegedy et al. 2016, section 7).

    q puts 1 - smoothing on the right token and spreads the rest evenly. Shapes: logits (b, t, v),
    tokens int (b, t), weights (b, t) with 0 on padding. `logits` are raw scores: the softmax is
    taken here, once.
    """
    log_p = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    picked = ops.take_along_axis(log_p, tokens[:, :, None], axis=-1)[:, :, 0]   # (b, t)
    loss = -(1 - smoothing) * picked - smoothing * ops.mean(log_p, axis=-1)
    return ops.sum(loss * weights) / ops.maximum(devices.total(ops.sum(weights)), 1.0)


class Optimizer(keras.optimizers.AdamW):
    """AdamW whose clipping sees the gradient of the whole batch, however many devices share it."""

    def _clip_gradients(self, grads: list[Tensor]) -> list[Tensor]:
        return devices.clip_together(grads, super()._clip_gradients)


class Learner(keras.Model):
    """A network with its loss, its optimiser and its running figures.

    Figures of `train_on_batch` and `test_on_batch`, means over tokens since the last
    `begin_figures`: `token_loss` (without smoothing, so that runs compare), `token_accuracy`.
    """

    def __init__(self, network: keras.Model, config: TrainConfig, jit: bool = True) -> None:
        super().__init__(autocast=False)     # in bfloat16 the ink stays float32, see the network
        self.network, self.config = network, config
        network.total = devices.total
        self.token_loss = keras.metrics.Mean("token_loss")
        self.token_accuracy = keras.metrics.Mean("token_accuracy")
        optimizer = Optimizer(
            config.learning_rate, weight_decay=config.weight_decay, beta_2=0.98, epsilon=1e-8,
            global_clipnorm=config.clip or None,
            use_ema=bool(config.average), ema_momentum=config.average or 0.99)
        optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
        # "auto" would mean no XLA on a CPU-only TensorFlow; XLA is a third faster there.
        self.compile(optimizer=optimizer, jit_compile=jit)

    def train_step(self, *given: Any) -> Any:
        """Keras' own, on this device's rows: of TensorFlow's replicas each is given all of them.

        JAX gives (state, data), and has divided the rows itself.
        """
        return super().train_step(*devices.share(given))

    def test_step(self, *given: Any) -> Any:
        """See `train_step`."""
        return super().test_step(*devices.share(given))

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> dict[str, Tensor]:
        """What the network's `call` returns: {"tokens": logits, ...}."""
        return self.network(inputs, training=training)

    def compute_loss(self, x: object = None, y: dict | None = None, y_pred: dict | None = None,
                     sample_weight: object = None, training: bool = True) -> Tensor:
        """Called by Keras in each step; also updates the running figures."""
        logits, tokens, weights = y_pred["tokens"], y["tokens"], y["weights"]
        count = ops.sum(weights)
        plain = token_loss(logits, tokens, weights)
        said = ops.cast(ops.argmax(logits, axis=-1), tokens.dtype)             # (b, t)
        right = ops.cast(ops.equal(said, tokens), "float32")
        whole = ops.maximum(devices.total(count), 1.0)
        self.token_loss.update_state(devices.total(plain), sample_weight=whole)
        self.token_accuracy.update_state(
            devices.total(ops.sum(right * weights)) / whole, sample_weight=whole)
        smoothing = self.config.label_smoothing if training else 0.0
        loss = token_loss(logits, tokens, weights, smoothing) if smoothing else plain
        if training and hasattr(self.network, "auxiliary_loss"):
            loss = loss + self.network.auxiliary_loss(y, y_pred)
        return loss

    def reset_metrics(self) -> None:
        """Nothing: Keras calls this before every batch, and the figures are means over many."""

    def begin_figures(self) -> None:
        """Begin new means."""
        for metric in self.metrics:
            metric.reset_state()

    def figures(self) -> dict[str, float]:
        """The running means as plain numbers."""
        return {m.name: float(m.result()) for m in (self.token_loss, self.token_accuracy)}

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """Within the block the network carries the moving average of its weights, if any."""
        if not self.config.average or not self.optimizer.built:
            yield
            return
        variables = self.trainable_variables
        current = checkpoint.values(variables)
        self.optimizer.finalize_variable_values(variables)
        for variable in variables:   # JAX would take the averages' own memory with the weights'
            variable.assign(ops.copy(variable))
        try:
            yield
        finally:
            for variable, value in zip(variables, current, strict=True):
                variable.assign(value)
