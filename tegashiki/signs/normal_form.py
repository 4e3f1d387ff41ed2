"""The normal form of a signing body: 67 joints around the shoulders, the busier hand on the right.

    from tegashiki.signs import normal_form
    joints = normal_form.normal_form(points)       # (T, 543, 3) -> (T, 67, 3), NaN where not seen
    packed = normal_form.pack(normal_form.resample(joints, 32))   # (32, 67, 4): x, y, z, seen

Unit: the width between the shoulders, y grows downwards, origin between the shoulders. Joints 0-24
are the upper body in MediaPipe's order (0 nose, 11 and 12 the shoulders, 15 and 16 the wrists),
25-45 the left hand, 46-66 the right one (wrist, then thumb to little finger, four joints each).
"""

import warnings

import numpy as np

from tegashiki.signs.landmarks import LEFT_HAND, POSE, RIGHT_HAND

BODY = 25
JOINTS = 67
LEFT, RIGHT = slice(25, 46), slice(46, 67)
NOSE, LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_WRIST, RIGHT_WRIST = 0, 11, 12, 15, 16
FINGER_TIPS = (4, 8, 12, 16, 20)        # within a hand
FINGER_ROOTS = (2, 5, 9, 13, 17)
# Coordinates count image widths and heights. Most cameras are 4:3; augmentation covers the others.
ASPECT = 4 / 3
# Where each joint of the mirrored body comes from: pairs of the pose, then the hands exchanged.
MIRRORED = np.array([0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19,
                     22, 21, 24, 23, *range(46, 67), *range(25, 46)])
# Which joints are joined by a line, for drawing.
BONES = ((11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24),
         *((hand + a, hand + b) for hand in (25, 46) for a, b in (
             (0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 7), (7, 8), (5, 9), (9, 10),
             (10, 11), (11, 12), (9, 13), (13, 14), (14, 15), (15, 16), (13, 17), (0, 17),
             (17, 18), (18, 19), (19, 20))))

# Files whose writer put the face before the body and a reader that took the body first: the 33
# joints with their visibility, 132 numbers, stand at the end of the face.
_SHIFTED = slice(468 - 44, 468)


def normal_form(points: np.ndarray, dominant: bool = True) -> np.ndarray:
    """Joints of one sequence, (T, 543, 3) as tracked -> float32 (T, 67, 3).

    The body is looked for where it was shifted to (`body_of`), x and z are brought to the scale of
    y, shoulders to the origin and to width 1 (medians over time, so that leaning in stays a
    motion). With `dominant` the hand that is seen more and held higher becomes the right one:
    left-handed signers and mirrored cameras then look alike.
    """
    joints = np.concatenate(
        [body_of(points)[:, :BODY], points[:, LEFT_HAND], points[:, RIGHT_HAND]], axis=1)
    joints = joints.astype(np.float64) * (ASPECT, 1, ASPECT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)    # medians of nothing are NaN, as meant
        shoulders = joints[:, [LEFT_SHOULDER, RIGHT_SHOULDER], :2]
        middle = np.nanmedian(shoulders.mean(axis=1), axis=0)
        width = np.nanmedian(np.linalg.norm(shoulders[:, 0] - shoulders[:, 1], axis=-1))
        if not width > 1e-6:            # no shoulders: whatever was seen gives place and size
            middle = np.nan_to_num(np.nanmean(joints[..., :2], axis=(0, 1)))
            width = max(2 * np.nan_to_num(np.nanstd(joints[..., 1])), 1e-3)
    joints[..., :2] -= middle
    joints = (joints / width).astype(np.float32)
    return mirror(joints) if dominant and _left_leads(joints) else joints


def body_of(points: np.ndarray) -> np.ndarray:
    """The 33 pose landmarks of (T, 543, 3): float32 (T, 33, 3).

    Two of the public recordings were stored face first and read body first. There, what stands in
    the pose's place are face points (their "shoulders" lie beside the "nose"), and the whole pose,
    four numbers a joint, lies in the last 44 points of the face. Nothing of it is lost.
    """
    pose = points[:, POSE]
    shifted = points[:, _SHIFTED].reshape(len(points), 33, 4)[..., :3]
    return shifted if not _upright(pose) and _upright(shifted) else pose


def _upright(pose: np.ndarray) -> bool:
    """Whether the shoulders lie well below the nose, as they do on every sitting signer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        drop = np.nanmedian(pose[:, [LEFT_SHOULDER, RIGHT_SHOULDER], 1].mean(axis=1)
                            - pose[:, NOSE, 1])
        width = np.nanmedian(np.abs(pose[:, LEFT_SHOULDER, 0] - pose[:, RIGHT_SHOULDER, 0]))
    return bool(drop > 0.25 * width)


def mirror(joints: np.ndarray) -> np.ndarray:
    """The body in a mirror: (..., 67, 3), x negated, left and right exchanged."""
    mirrored = joints[..., MIRRORED, :].copy()
    mirrored[..., 0] *= -1
    return mirrored


def _left_leads(joints: np.ndarray) -> bool:
    """Whether the left hand is the busier one: seen in more frames, held higher."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        seen = [np.isfinite(joints[:, hand.start, 0]).mean() for hand in (LEFT, RIGHT)]
        height = np.nan_to_num(np.nanmean(joints[:, [LEFT_WRIST, RIGHT_WRIST], 1], axis=0))
    return bool(seen[0] - height[0] > seen[1] - height[1])


def resample(joints: np.ndarray, frames: int) -> np.ndarray:
    """(T, J, 3) -> (frames, J, 3), evenly in time, linear; next to a gap the frame that is seen."""
    return at_times(joints, np.linspace(0, len(joints) - 1, frames))


def at_times(joints: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Joints (T, J, 3) at fractional frame numbers `times` (n,), each in 0..T-1: (n, J, 3).

    >>> at_times(np.float32([[[0, 0, 0]], [[2, 4, 6]], [[np.nan] * 3]]), np.array([0.5, 1.4]))[:, 0]
    array([[1., 2., 3.], [2., 4., 6.]], dtype=float32)
    """
    before = np.floor(times).astype(int)
    after = np.minimum(before + 1, len(joints) - 1)
    share = (times - before).astype(np.float32)[:, None, None]
    between = joints[before] * (1 - share) + joints[after] * share
    nearest = np.where(share < 0.5, joints[before], joints[after])
    return np.where(np.isnan(between), nearest, between)


def pack(joints: np.ndarray) -> np.ndarray:
    """(..., 67, 3) with NaN -> float32 (..., 67, 4) without: x, y, z and 1 where seen, else 0."""
    seen = np.isfinite(joints).all(axis=-1, keepdims=True)
    return np.concatenate([np.where(seen, joints, 0), seen], axis=-1).astype(np.float32)


def packed_evenly(stack: np.ndarray, frames: int) -> np.ndarray:
    """(n, T, 67, 3) -> (n, frames, 67, 4): even in time, as `resample` has it."""
    return pack(np.stack([resample(j, frames) for j in stack]))
