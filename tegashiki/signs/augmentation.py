"""Other bodies, cameras and speeds from the sequences that are there, a whole epoch at once.

    stack = stacked(joints)                                 # (T, 67, 3) each -> (n, 64, 67, 3)
    packed = augmented(stack, rng, AugmentConfig(), frames=32)               # (n, 32, 67, 4)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.signs import normal_form as body


@dataclass(frozen=True)
class AugmentConfig:
    """How far an example may be changed. Everything 0 changes nothing but the number of frames."""

    crop: float = 0.25        # largest share of time cut off, both ends together
    warp: float = 0.12        # how far a moment may shift against even speed, share of the whole
    turn: float = 10.0        # degrees, the body in the picture's plane
    scale: float = 0.15       # of x and of y, each on its own: aspect, build
    shift: float = 0.08       # shoulder widths
    hand_turn: float = 15.0   # degrees, each hand around its wrist
    hand_scale: float = 0.15  # of each hand
    jitter: float = 0.01      # shoulder widths, each joint and frame
    mirror: float = 0.1       # share of examples whose leading hand is taken for the other one
    lose_hand: float = 0.15   # share of examples whose hand is lost for a while, each hand
    lose_other: float = 0.15  # share of examples that lose the left hand altogether
    lose_joint: float = 0.03  # share of the joints that are not seen in a whole example

    def scaled(self, strength: float) -> "AugmentConfig":
        """Everything `strength` times as strong; 0 is no change at all."""
        return AugmentConfig(**{k: v * strength for k, v in vars(self).items()})


def stacked(joints: Sequence[np.ndarray], frames: int = 64) -> np.ndarray:
    """Sequences (T, 67, 3) of any length, brought to one length: float32 (n, frames, 67, 3)."""
    return np.stack([body.resample(j, frames) for j in joints]).astype(np.float32)


def augmented(stack: np.ndarray, rng: np.random.Generator, config: AugmentConfig,
              frames: int) -> np.ndarray:
    """A new version of every example: (n, T, 67, 3) with NaN -> packed (n, frames, 67, 4)."""
    joints = _retimed(stack, rng, config, frames)
    joints = _mirrored(joints, rng, config.mirror)
    joints = _moved(joints, rng, config)
    return body.pack(_lost(joints, rng, config))


def _retimed(stack: np.ndarray, rng: np.random.Generator, config: AugmentConfig,
             frames: int) -> np.ndarray:
    """Cut at both ends, then run unevenly: time = u + warp sin(pi u) sin(...) stays monotonic."""
    n, length = stack.shape[:2]
    cut = rng.uniform(0, config.crop, n)
    start = cut * rng.uniform(0, 1, n)
    u = np.linspace(0, 1, frames)[None, :]                                     # (1, frames)
    bend = rng.uniform(-config.warp, config.warp, (n, 1)) * np.sin(np.pi * u)
    ripple = rng.uniform(-0.5, 0.5, (n, 1)) * config.warp * np.sin(2 * np.pi * u)
    share = np.clip(u + bend + ripple, 0, 1)
    times = (start[:, None] + share * (1 - cut)[:, None]) * (length - 1)       # (n, frames)
    before = np.floor(times).astype(int)
    after = np.minimum(before + 1, length - 1)
    rest = (times - before).astype(np.float32)[:, :, None, None]
    rows = np.arange(n)[:, None]
    first, second = stack[rows, before], stack[rows, after]
    between = first * (1 - rest) + second * rest
    return np.where(np.isnan(between), np.where(rest < 0.5, first, second), between)


def _mirrored(joints: np.ndarray, rng: np.random.Generator, share: float) -> np.ndarray:
    chosen = rng.random(len(joints)) < share
    joints[chosen] = body.mirror(joints[chosen])
    return joints


def _moved(joints: np.ndarray, rng: np.random.Generator, config: AugmentConfig) -> np.ndarray:
    """Another camera, another build, each hand turned and sized on its own, unsteady tracking."""
    n = len(joints)
    for hand in (body.LEFT, body.RIGHT):
        wrist = joints[:, :, hand.start : hand.start + 1, :2]
        shape = (joints[:, :, hand, :2] - wrist) @ _turns(rng, n, config.hand_turn)[:, None]
        size = 1 + rng.uniform(-config.hand_scale, config.hand_scale, (n, 1, 1, 1))
        joints[:, :, hand, :2] = wrist + shape * size.astype(np.float32)
    flat = joints[..., :2] @ _turns(rng, n, config.turn)[:, None]
    flat *= 1 + rng.uniform(-config.scale, config.scale, (n, 1, 1, 2)).astype(np.float32)
    flat += rng.uniform(-config.shift, config.shift, (n, 1, 1, 2)).astype(np.float32)
    flat += config.jitter * rng.standard_normal(flat.shape, np.float32)
    joints[..., :2] = flat
    return joints


def _turns(rng: np.random.Generator, n: int, degrees: float) -> np.ndarray:
    """Rotation matrices float32 (n, 2, 2)."""
    angle = np.radians(rng.uniform(-degrees, degrees, n))
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2).astype(np.float32)


def _lost(joints: np.ndarray, rng: np.random.Generator, config: AugmentConfig) -> np.ndarray:
    """Tracking fails: a hand for up to a third of the time, the left hand, single joints."""
    n, frames = joints.shape[:2]
    moment = np.arange(frames)[None, :] / frames
    for hand in (body.LEFT, body.RIGHT):
        begin = rng.uniform(-0.1, 1, (n, 1))
        gone = (moment >= begin) & (moment < begin + rng.uniform(0.05, 0.35, (n, 1)))
        gone &= rng.random((n, 1)) < config.lose_hand
        joints[:, :, hand][gone] = np.nan
    joints[:, :, body.LEFT][rng.random(n) < config.lose_other] = np.nan
    single = rng.random((n, 1, joints.shape[2], 1)) < config.lose_joint
    return np.where(single, np.nan, joints)
