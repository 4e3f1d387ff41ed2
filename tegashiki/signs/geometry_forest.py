"""Extremely randomised trees over pooled geometry: scikit-learn grows them, a small file asks them.

    grown = grow([features, of_copies], labels, signers, trees=60, leaf=6, seed=0)
    network = GeometryForest(tables_of(grown))        # (b, frames, 67, 4) -> (b, classes)

Trees are told what kernel ridge is told (`geometry.pooled_geometry`), and also of augmented copies
of the takes. In the file a node takes six bytes: leaves whose words are shared out alike, in
fifteenths, share one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from sklearn.ensemble import ExtraTreesClassifier

from tegashiki.signs.forest import take_weights
from tegashiki.signs.forest_network import DOUBT, STEP
from tegashiki.signs.geometry import Geometry, pooled_geometry

LARGEST = 32_767     # of a table's int16: thresholds end at 8, further than geometry goes
PARTS = 15           # in which a leaf's words are shared out: coarse, but many trees are averaged


def grow(versions: Sequence[np.ndarray], labels: np.ndarray, signers: np.ndarray, trees: int,
         leaf: int, seed: int = 0) -> ExtraTreesClassifier:
    """Grown for features (n, f) and augmented copies of them; `leaf`: rows that it holds at least.

    A copy counts as much as the take itself; labels and signers are of the takes, (n,).
    """
    times = len(versions)
    model = ExtraTreesClassifier(trees, min_samples_leaf=leaf, random_state=seed)
    return model.fit(np.concatenate(versions), np.tile(labels, times),
                     sample_weight=np.tile(take_weights(labels, signers), times))


@dataclass(frozen=True)
class Tables:
    """All trees, node by node, each tree's root first and its left half before its right one.

    From node i of a tree that begins at `root` the way leads to i + 1 where feature[i] is at most
    threshold[i] times STEP, else to root + right[i]. At a leaf `right` is 0 and `feature` is its
    row of `share`, which is in PARTS.
    """

    root: np.ndarray         # int32 (trees,)
    feature: np.ndarray      # int16 (nodes,)
    threshold: np.ndarray    # int16 (nodes,)
    right: np.ndarray        # int16 (nodes,)
    share: np.ndarray        # uint8 (rows, classes)
    depth: int               # comparisons on the longest way from a root to a leaf


def tables_of(grown: ExtraTreesClassifier) -> Tables:
    """The trees as tables. Raises ValueError if int16 cannot count a tree's nodes or the rows."""
    root: list[int] = []
    nodes: list[tuple[int, float, int]] = []        # feature, threshold, right
    rows: dict[tuple[int, ...], int] = {}
    for tree in (one.tree_ for one in grown.estimators_):
        root.append(len(nodes))
        order = _left_first(tree)
        place = {node: number for number, node in enumerate(order)}
        for node in order:
            if tree.children_left[node] >= 0:
                nodes.append((tree.feature[node], tree.threshold[node] / STEP,
                              place[tree.children_right[node]]))
            else:
                words = tree.value[node][0] / tree.value[node][0].sum()
                row = tuple(np.round(PARTS * words).astype(int).tolist())
                nodes.append((rows.setdefault(row, len(rows)), 0, 0))
        if max(len(order), len(rows)) > LARGEST:
            raise ValueError(f"a tree of {len(order)} nodes, {len(rows)} rows of shares; ask for "
                             "larger leaves")
    feature, threshold, right = zip(*nodes, strict=True)
    return Tables(np.array(root, np.int32), np.array(feature, np.int16),
                  np.floor(threshold).clip(-LARGEST, LARGEST).astype(np.int16),
                  np.array(right, np.int16), np.array(list(rows), np.uint8),
                  max(one.tree_.max_depth for one in grown.estimators_))


def _left_first(tree: Any) -> list[int]:
    """Nodes of one of scikit-learn's trees, each before its left half, that before its right."""
    order, waiting = [], [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if tree.children_left[node] >= 0:
            waiting += [tree.children_right[node], tree.children_left[node]]
    return order


class GeometryForest(keras.Model):
    """The whole reader, from joints to logits; its tables are fixed."""

    def __init__(self, tables: Tables, sharpness: float = 1.0, **more) -> None:
        super().__init__(**more)
        self.describe = Geometry()
        self.depth, self.sharpness = tables.depth, sharpness
        for name in ("root", "feature", "threshold", "right", "share"):
            table = getattr(tables, name)
            variable = self.add_weight(shape=table.shape, dtype=table.dtype.name, name=name,
                                       initializer="zeros", trainable=False)
            variable.assign(table)
            setattr(self, f"_{name}", variable)

    def build(self, packed_shape=None):
        """Nothing to do: the tables are made at once."""
        self.built = True

    def call(self, packed, training=False):
        """(b, frames, 67, 4) -> logits (b, classes)."""
        return self.read(pooled_geometry(self.describe, packed))

    def read(self, features):
        """Pooled geometry (b, f) -> logits (b, classes)."""
        features = features / STEP
        root = ops.tile(ops.convert_to_tensor(self._root)[None], (ops.shape(features)[0], 1))
        at = root                                                            # (b, trees)
        for _ in range(self.depth):
            right = _entries(self._right, at)
            asked = ops.where(right > 0, _entries(self._feature, at), 0)     # a leaf's is a row
            value = ops.take_along_axis(features, asked, axis=1)
            beyond = value > ops.cast(_entries(self._threshold, at), "float32")
            onward = ops.where(beyond, root + right, at + 1)
            at = ops.where(right > 0, onward, at)
        share = ops.take(self._share, _entries(self._feature, at), axis=0)
        share = ops.cast(share, "float32") / PARTS
        return self.sharpness * ops.log(ops.mean(share, axis=1) + DOUBT)


def _entries(table, at):
    """int32 entries of a table at (b, trees)."""
    return ops.cast(ops.take(table, at, axis=0), "int32")
