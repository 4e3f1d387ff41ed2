"""Pictures of formulas: drawn from ink, read from files, traced back to strokes and recognised."""

from tegashiki.train import TRAINING_MODULES as _OF_STROKES

# What a pass of this series' overfit gate vouches for, see `tegashiki.train`.
TRAINING_MODULES = (*_OF_STROKES, "tegashiki.image2tex.dataset")

__all__ = ["TRAINING_MODULES"]
