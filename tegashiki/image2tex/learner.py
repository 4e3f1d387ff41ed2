"""The ink line's learner for networks whose decoder is laid out at length, one step a token.

    learner = Learner(Network(Config(), 253), TrainConfig(), jit=False)

Keras would make one function for all shapes once it has seen two, and a loop over tokens cannot be
laid out for a length that is not known. So each shape keeps a function of its own.
"""

from collections.abc import Callable
from typing import Any

from tegashiki.train import learner


class Learner(learner.Learner):
    """One compiled step for each bucket's shape."""

    def train_on_batch(self, x: dict, y: dict, **more: Any) -> Any:
        """As Keras has it."""
        return self._with_own("train_function", x, super().train_on_batch, y, more)

    def test_on_batch(self, x: dict, y: dict, **more: Any) -> Any:
        """As Keras has it."""
        return self._with_own("test_function", x, super().test_on_batch, y, more)

    def _with_own(self, name: str, x: dict, step: Callable, y: dict, more: dict) -> Any:
        """Take `step` with the function that Keras made for this shape, or makes now."""
        kept = self.__dict__.setdefault("_by_shape", {})
        shape = (name, *sorted((part, value.shape) for part, value in x.items()))
        setattr(self, name, kept.get(shape))
        figures = step(x, y, **more)
        kept[shape] = getattr(self, name)
        return figures
