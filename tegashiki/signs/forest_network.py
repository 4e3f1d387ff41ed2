"""Trees of single comparisons over the statistics of a sequence, as a network that exports.

    network = SignForest(trees)                      # see tegashiki.signs.forest
    scores = network(packed)                         # (b, frames, 67, 4) -> (b, classes)

A linear reader lets a hundred weak hints outvote a clear one; a tree compares one at a time.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from tegashiki.signs.frame_features import Describe, statistics
from tegashiki.signs.spectrum import rhythm

DOUBT = 0.02     # added to every word's share of the trees before the logarithm
STEP = 1 / 4096  # unit of a threshold: the converter would squeeze tables of floats to 8 bits
NEVER = 32_767   # the threshold of a leaf: 8, further than statistics go


@dataclass(frozen=True)
class Trees:
    """Trees as tables of nodes, one after the other; roots first found by `roots`.

    A sequence at node i goes on to `child[i]` where its statistic `feature[i]` is at most
    `threshold[i]` times STEP, else to `child[i] + 1`. A leaf is its own child and its threshold is
    NEVER passed; `share[i]` is how its words are distributed, in 255ths.
    """

    roots: np.ndarray        # int32 (trees,)
    feature: np.ndarray      # int16 (nodes,)
    threshold: np.ndarray    # int16 (nodes,)
    child: np.ndarray        # int32 (nodes,)
    share: np.ndarray        # uint8 (nodes, classes)

    def depth(self) -> int:
        """Comparisons on the longest way from a root to a leaf."""
        at, steps = self.roots, 0
        while True:
            inner = at[self.child[at] != at]
            if not len(inner):
                return steps
            at = np.unique(np.concatenate([self.child[inner], self.child[inner] + 1]))
            steps += 1


class SignForest(keras.Model):
    """Statistics of a sequence -> every tree's leaf -> the logarithm of their mean shares.

    With `counts_cycles` its rhythm (`spectrum.rhythm`) is compared too, as when the trees were
    grown.
    """

    def __init__(self, trees: Trees, counts_cycles: bool = False, **more) -> None:
        super().__init__(**more)
        self.counts_cycles = counts_cycles
        self.describe = Describe(velocity=False)
        self.steps = trees.depth()
        self.roots, self.feature, self.threshold, self.child, self.share = (
            self.add_weight(shape=table.shape, dtype=table.dtype.name, trainable=False, name=name,
                            initializer="zeros")
            for name, table in vars(trees).items())
        self.set_weights(list(vars(trees).values()))

    def build(self, packed_shape=None):
        """Nothing to do: the tables are made at once."""
        self.built = True

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> log of shares (b, classes)."""
        return self.read(forest_features(self.describe, packed, self.counts_cycles))

    def read(self, features):
        """Statistics (b, f) -> log of shares (b, classes)."""
        features = features / STEP
        at = ops.tile(ops.convert_to_tensor(self.roots)[None], (ops.shape(features)[0], 1))
        for _ in range(self.steps):
            feature = ops.cast(ops.take(self.feature, at, axis=0), "int32")      # (b, trees)
            value = ops.take_along_axis(features, feature, axis=1)
            beyond = value > ops.cast(ops.take(self.threshold, at, axis=0), "float32")
            at = ops.take(self.child, at, axis=0) + ops.cast(beyond, "int32")
        share = ops.cast(ops.take(self.share, at, axis=0), "float32") / 255.0
        return ops.log(ops.mean(share, axis=1) + DOUBT)


def forest_features(describe, packed, counts_cycles=False):
    """What trees compare: statistics, and if wanted rhythm: (b, frames, 67, 4) -> (b, f)."""
    features = statistics(describe, packed)
    if not counts_cycles:
        return features
    return ops.concatenate([features, rhythm(describe, packed)], axis=-1)
