"""Distillation: a student learns from the probabilities of several teachers, beside the labels.

    student = Distiller(network, TrainConfig(), ensemble([first, second, third]), share=0.7)

After Hinton, Vinyals & Dean 2015, word-level as in Kim & Rush 2016: at each token, given the right
tokens before it, the student matches the mean of the teachers' probabilities.
"""

from collections.abc import Callable, Sequence

import keras
from keras import ops

from tegashiki.train import devices
from tegashiki.train.config import TrainConfig
from tegashiki.train.learner import Learner, Tensor, token_loss

Teach = Callable[[dict[str, Tensor]], Tensor]


def ensemble(teachers: Sequence[keras.Model]) -> Teach:
    """Mean of the teachers' probabilities: inputs of a batch -> (b, t, vocabulary)."""

    def teach(inputs: dict[str, Tensor]) -> Tensor:
        each = [ops.softmax(teacher(inputs, training=False)["tokens"]) for teacher in teachers]
        return ops.stop_gradient(sum(each) / len(each))

    return teach


def soft_loss(logits: Tensor, taught: Tensor, weights: Tensor) -> Tensor:
    """Mean over counted tokens of the cross-entropy to the probabilities `taught` (b, t, v)."""
    log_p = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    loss = -ops.sum(taught * log_p, axis=-1)                                # (b, t)
    return ops.sum(loss * weights) / ops.maximum(devices.total(ops.sum(weights)), 1.0)


class Distiller(Learner):
    """A learner whose loss is `share` of what the teachers say and the rest what the labels say."""

    def __init__(self, network: keras.Model, config: TrainConfig, teach: Teach, share: float,
                 jit: bool = True) -> None:
        super().__init__(network, config, jit)
        # A function, because Keras would take models kept here for parts to train and to save.
        self.teach, self.share = teach, share

    def compute_loss(self, x: dict | None = None, y: dict | None = None,
                     y_pred: dict | None = None, sample_weight: object = None,
                     training: bool = True) -> Tensor:
        """See Learner; the network's auxiliary losses count in full."""
        labelled = super().compute_loss(x, y, y_pred, sample_weight, training)
        if not training:
            return labelled
        hard = token_loss(y_pred["tokens"], y["tokens"], y["weights"], self.config.label_smoothing)
        soft = soft_loss(y_pred["tokens"], self.teach(x), y["weights"])
        return labelled + self.share * (soft - hard)
