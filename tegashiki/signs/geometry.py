"""Geometry of a frame of signing that camera, place and build change little, as a layer.

    features, seen = Geometry().with_presence(packed)     # (b, T, 67, 4) -> (b, T, f) twice
    pooled = pooled_geometry(Geometry(), packed)          # (b, 8 f): over time, for trees and ridge

What `frame_features.Describe` has, and besides: the hand turned upright, bends of finger joints
in space, which side of the palm faces the camera, and where the hands are to each other. Units:
shoulder widths for places, the palm's length for what is within a hand, cosines for angles.
"""

import numpy as np
from keras import ops

from tegashiki.signs.frame_features import (
    LEFT,
    PAIRS,
    PLACES,
    RIGHT,
    ROOTS,
    TIPS,
    FrameFeatures,
    _length,
    _mean,
    _spread,
)

# Chains of joints of a hand whose middle one bends: wrist to tip, finger by finger.
_BENDS = np.array([(0, 1, 2), (1, 2, 3), (2, 3, 4)] + [
    bend for root in (5, 9, 13, 17)
    for bend in ((0, root, root + 1), (root, root + 1, root + 2), (root + 1, root + 2, root + 3))])
_INDEX, _MIDDLE, _LITTLE = 5, 9, 17      # roots of fingers within a hand
_FAR = 9.0                               # beyond every feature, for extremes over what was seen


class Geometry(FrameFeatures):
    """Joints -> features of each frame, as the module says."""

    def of_hands(self, packed):
        """See `FrameFeatures`."""
        return [*_hand(packed, LEFT), *_hand(packed, RIGHT), *_between_hands(packed)]


def _hand(packed, start):
    """Pairs of a part (b, T, n, channels), 0 where the hand is not seen, and its presence."""
    hand = packed[:, :, start : start + 21, :]                               # (b, T, 21, 4)
    seen = hand[..., 3:]
    there = ops.max(seen, axis=2, keepdims=True)                             # (b, T, 1, 1)
    shape = (hand[..., :3] - hand[:, :, :1, :3]) * seen                      # around the wrist
    palm = ops.take(shape, ROOTS[1:], axis=2)[..., :2]
    size = ops.sqrt(ops.mean(ops.sum(palm ** 2, -1, keepdims=True), 2, keepdims=True) + 1e-4)
    shape = shape / size * there
    along = shape[:, :, _MIDDLE : _MIDDLE + 1, :2]                           # (b, T, 1, 2)
    along = along / _length(along)
    index, little = shape[:, :, _INDEX : _INDEX + 1], shape[:, :, _LITTLE : _LITTLE + 1]
    # Twice the palm's area in the picture, its sign by the side that is seen.
    side = index[..., :1] * little[..., 1:2] - index[..., 1:2] * little[..., :1]
    tips, roots = (ops.take(shape, joints, axis=2) for joints in (TIPS, ROOTS))
    places = ops.take(packed, PLACES, axis=2)
    centre = (hand[:, :, :1, :2] + hand[:, :, 9:10, :2]) / 2
    near = there * places[..., 3:]
    place = (centre - places[..., :2]) * near
    return [(shape[..., :2], seen), (_upright(shape, along), seen), (along, there), (side, there),
            (_bends(shape) * there, there), (_apart(tips) * there, there),
            (_length(tips - roots) * there, there), (_length(tips) * there, there),
            (place, near), (_length(place) * near, near), (size * there, there),
            (there, ops.ones_like(there))]


def _upright(shape, along):
    """A hand's joints (b, T, 21, 3) turned so that the middle finger's root is straight up."""
    x, y = shape[..., :1], shape[..., 1:2]
    return ops.concatenate([x * -along[..., 1:] + y * along[..., :1],
                            x * along[..., :1] + y * along[..., 1:]], axis=-1)


def _bends(shape):
    """Cosines at the joints of the fingers, 1 where straight: (b, T, 21, 3) -> (b, T, 15, 1)."""
    first, middle, last = (ops.take(shape, _BENDS[:, i], axis=2) for i in range(3))
    before, after = middle - first, last - middle
    product = ops.sum(before * after, axis=-1, keepdims=True)
    return product / (_length(before) * _length(after))


def _apart(tips):
    """Distances between finger tips: (b, T, 5, 3) -> (b, T, 10, 1)."""
    pairs = tips[:, :, :, None] - tips[:, :, None]                           # (b, T, 5, 5, 3)
    return _length(ops.take(ops.reshape(pairs, (-1, pairs.shape[1], 25, 3)), PAIRS, axis=2))


def _between_hands(packed):
    """From the left hand to the right one: centres, and wrists of the body where hands are lost."""
    left, right = (packed[:, :, s : s + 21] for s in (LEFT, RIGHT))
    both = ops.max(left[..., 3:], 2, True) * ops.max(right[..., 3:], 2, True)
    centres = [(hand[:, :, :1, :2] + hand[:, :, 9:10, :2]) / 2 for hand in (left, right)]
    wrists = packed[:, :, 15:17]
    known = wrists[:, :, :1, 3:] * wrists[:, :, 1:, 3:]
    vector, arms = (centres[1] - centres[0]) * both, (wrists[:, :, 1:] - wrists[:, :, :1])[..., :2]
    tips = [ops.take(hand, TIPS, axis=2)[..., :2] for hand in (left, right)]
    nearest = [ops.min(_length(tips[a] - centres[1 - a]), 2, True) * both for a in (0, 1)]
    return [(vector, both), (_length(vector) * both, both), (arms * known, known),
            (_length(arms) * known, known), *((one, both) for one in nearest),
            (both, ops.ones_like(both))]


def pooled_geometry(describe, packed):
    """Of each feature, over time of what was seen: (b, frames, 67, 4) -> (b, 8 f).

    Mean, standard deviation, that of its change, the means of the three thirds, least and most.
    """
    features, seen = describe.with_presence(packed)
    frames = features.shape[1]
    thirds = [slice(frames * i // 3, frames * (i + 1) // 3) for i in range(3)]
    both = seen[:, 2:] * seen[:, :-2]
    change = (features[:, 2:] - features[:, :-2]) * both
    any_seen = ops.max(seen, axis=1)
    least = ops.min(features + _FAR * (1 - seen), axis=1) * any_seen
    most = ops.max(features - _FAR * (1 - seen), axis=1) * any_seen
    return ops.concatenate([
        _mean(features, seen), _spread(features, seen), _spread(change, both),
        *[_mean(features[:, part], seen[:, part]) for part in thirds], least, most], axis=-1)
