"""From examples to weights: batches, the loss, the loop, checkpoints and the checks that gate it.

    learner = Learner(network, TrainConfig(epochs=5))
    history = fit(learner, source, validate, folder)

`Learner` and `fit` are imported where they are used: they need Keras.
"""

from tegashiki.train.config import TrainConfig

__all__ = ["TrainConfig"]
