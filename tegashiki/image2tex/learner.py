"""The ink line's learner for networks whose decoder is laid out at length, one step a token.

    learner = Learner(Network(Config(), 253), TrainConfig(), jit=False)

Keras would make one function for all shapes once it has seen two, and a loop over tokens cannot be
laid out for a length that is not known. So each shape keeps a function of its own.
"""

from typing import Any

from tegashiki.train import learner


class Learner(learner.Learner):
    """One compiled step for each bucket's shape."""

    def train_on_batch(self, x: dict, y: dict, **more: Any) -> Any:
        """As Keras has it."""
        kept = self._functions("train", x)
        self.train_function = kept.get("step")
        figures = super().train_on_batch(x, y, **more)
        kept["step"] = self.train_function
        return figures

    def test_on_batch(self, x: dict, y: dict, **more: Any) -> Any:
        """As Keras has it."""
        kept = self._functions("test", x)
        self.test_function = kept.get("step")
        figures = super().test_on_batch(x, y, **more)
        kept["step"] = self.test_function
        return figures

    def _functions(self, kind: str, x: dict) -> dict:
        shape = tuple(sorted((name, value.shape) for name, value in x.items()))
        return self.__dict__.setdefault("_by_shape", {}).setdefault((kind, shape), {})
