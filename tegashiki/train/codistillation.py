"""A student and its larger teacher trained together, on the same batches.

    learner = Codistiller(student, teacher, TrainConfig())
    learner.share.assign(0.7)              # of the student's loss, once the teacher is worth it
    history = fit(learner, ...)            # keeps the student's weights

The student learns from the labels and from the probabilities that the teacher gives at that
moment, as in distillation (Hinton, Vinyals & Dean 2015; word-level as Kim & Rush 2016); the teacher
learns from the labels alone. Online distillation of this kind is that of Anil et al. 2018, in one
direction. It suits a machine that has more arithmetic than examples: each is made once, for both.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import keras
import numpy as np
from keras import ops

from tegashiki.train.batches import Batch
from tegashiki.train.config import TrainConfig
from tegashiki.train.distillation import soft_loss
from tegashiki.train.learner import Learner, Tensor, token_loss


class Codistiller(Learner):
    """A learner of two networks; its figures are the student's, and `teacher_loss`."""

    def __init__(self, student: keras.Model, teacher: keras.Model, config: TrainConfig,
                 jit: bool = True) -> None:
        super().__init__(student, config, jit)
        self.teacher = teacher
        self.teacher_loss = keras.metrics.Mean("teacher_loss")
        self.share = keras.Variable(0.0, trainable=False, dtype="float32", name="share")

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> dict[str, dict]:
        """{"student": ..., "teacher": ...}, each what the network's `call` returns."""
        return {"student": self.network(inputs, training=training),
                "teacher": self.teacher(inputs, training=training)}

    def compute_loss(self, x: object = None, y: dict | None = None, y_pred: dict | None = None,
                     sample_weight: object = None, training: bool = True) -> Tensor:
        """Both networks' losses, see Learner; `share` of the student's is what the teacher says."""
        student, teacher = y_pred["student"], y_pred["teacher"]
        labelled = super().compute_loss(x, y, student, sample_weight, training)
        tokens, weights = y["tokens"], y["weights"]
        plain = token_loss(teacher["tokens"], tokens, weights)
        self.teacher_loss.update_state(plain, sample_weight=ops.sum(weights))
        if not training:
            return labelled
        smoothing = self.config.label_smoothing
        own = token_loss(teacher["tokens"], tokens, weights, smoothing)
        if hasattr(self.teacher, "auxiliary_loss"):
            own = own + self.teacher.auxiliary_loss(y, teacher)
        hard = token_loss(student["tokens"], tokens, weights, smoothing)
        taught = ops.stop_gradient(ops.softmax(teacher["tokens"]))
        soft = soft_loss(student["tokens"], taught, weights)
        return labelled + self.share * (soft - hard) + own

    def figures(self) -> dict[str, float]:
        """The running means as plain numbers."""
        return super().figures() | {"teacher_loss": float(self.teacher_loss.result())}


def replayed(batches: Iterable[Batch], times: int, kept: int, rng: np.random.Generator,
             ) -> Iterator[Batch]:
    """Every batch, each followed by `times - 1` of the last `kept` ones, drawn at random.

    Where the accelerator waits for ink: examples seen a few times teach nearly as much as new ones
    (Muennighoff et al. 2023).
    """
    pool: deque[Batch] = deque(maxlen=kept)
    for batch in batches:
        yield batch
        pool.append(batch)
        for _ in range(times - 1):
            yield pool[rng.integers(len(pool))]
