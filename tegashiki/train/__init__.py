"""From examples to weights: batches, the loss, the loop, checkpoints and the checks that gate it.

    learner = Learner(network, TrainConfig(epochs=5))
    history = fit(learner, source, validate, folder)

`Learner` and `fit` are imported where they are used: they need Keras.
"""

from tegashiki.train.config import TrainConfig

# What a pass of the overfit gate vouches for: these modules and all that they import. If one of
# those files changes the gate must be passed anew; what training does not import may change freely.
TRAINING_MODULES = (
    "tegashiki.data.bundle",
    "tegashiki.ink.distort",
    "tegashiki.networks.baseline",
    "tegashiki.networks.stroke_transformer",
    "tegashiki.synthesis.dataset_spec",
    "tegashiki.train.codistillation",
    "tegashiki.train.distillation",
    "tegashiki.train.loop",
    "tegashiki.train.sanity_checks",
    "tegashiki.train.streamed_batches",
    "tegashiki.train.validation",
)

__all__ = ["TRAINING_MODULES", "TrainConfig"]
