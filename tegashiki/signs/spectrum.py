"""How often something goes to and fro in a clip, whatever its size: its relative spectrum.

    shares = rhythm(describe, packed)       # (b, frames, 67, 4) -> (b, 6 f), 0 to 1

A wave and a single stroke can have the same mean and spread (frame_features.statistics). Shares of
the whole movement, not amounts: one signer's small wave and another's wide one have the same.
"""

import numpy as np
from keras import ops

BANDS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, 9))     # cycles a clip, first and last
STILL = 0.04     # movements smaller than this (shoulder widths, hand sizes) have no rhythm


def rhythm(describe, packed):
    """Of each feature of `describe`, its movement's share in each band: (b, 6 f).

    Share = sqrt(sum of the band's |X_k|^2 / (sum of all bands' |X_k|^2 + STILL^2)), X_k the Fourier
    coefficients of what was seen, without mean and trend, in a Hann window.
    """
    features, seen = describe.with_presence(packed)                        # (b, T, f) twice
    mean = ops.sum(features * seen, 1, True) / ops.maximum(ops.sum(seen, 1, True), 1.0)
    waves = ops.matmul(_waves(features.shape[1]), (features - mean) * seen)
    count = BANDS[-1][1]
    power = waves[:, :count] ** 2 + waves[:, count:] ** 2                  # (b, 9, f)
    whole = ops.sum(power, axis=1) + STILL ** 2
    return ops.concatenate(
        [ops.sqrt(ops.sum(power[:, first - 1 : last], axis=1) / whole + 1e-9)
         for first, last in BANDS], axis=-1)


def _waves(frames):
    """Cosines, then sines, of 1 to 9 cycles: (18, frames); an amplitude of 1 gives about 1.

    Removing mean and trend is linear, so it is part of them.
    """
    cycles = np.arange(1, BANDS[-1][1] + 1)[:, None]
    angle = 2 * np.pi * cycles * np.arange(frames) / frames
    hann = np.hanning(frames) * 4 / frames
    time = np.linspace(-1, 1, frames)
    trend = np.full((frames, frames), 1 / frames) + np.outer(time, time) / (time @ time)
    windowed = np.concatenate([np.cos(angle), np.sin(angle)]) * hann
    return (windowed @ (np.eye(frames) - trend)).astype(np.float32)
