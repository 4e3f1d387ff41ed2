"""Uniform random numbers, one at a time and cheap: drawn from the generator by the handful.

    random = BufferedRng(np.random.default_rng(7))
    print(random(), random.below(10), random.normal())

A call into a numpy generator costs as much as thirty of these, and layout throws some hundred times
a formula. The sequence depends on the generator's state alone.
"""

from math import cos, log, pi, sqrt

import numpy as np

_HANDFUL = 128


class BufferedRng:
    """Calling it gives the next number, uniform in [0, 1)."""

    __slots__ = ("_left", "_rng")

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: list[float] = []

    def __call__(self) -> float:
        """The next number, uniform in [0, 1)."""
        if not self._left:
            self._left = self._rng.random(_HANDFUL).tolist()
        return self._left.pop()

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self() * n)

    def normal(self) -> float:
        """Normal with mean 0 and deviation 1 (Box and Muller 1958)."""
        return sqrt(-2.0 * log(1.0 - self())) * cos(2.0 * pi * self())
