"""From examples to weights: batches, the loss, the loop, checkpoints and the checks that gate it.

    learner = Learner(network, TrainConfig(epochs=5))
    history = fit(learner, source, validate, folder)

`Learner` and `fit` are imported where they are used: they need Keras.
"""

from tegashiki.train.config import TrainConfig

# What a pass of the overfit gate vouches for: if a file of these rooms changes, it must pass anew.
GATED_ROOMS = ("ink", "tex", "data", "synthesis", "networks", "train", "decoding")

__all__ = ["GATED_ROOMS", "TrainConfig"]
