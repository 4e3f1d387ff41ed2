"""What a training is told: one frozen dataclass, recorded with the run.

    TrainConfig(epochs=30, learning_rate=1e-3).rate(step=100, steps=3_000)
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class TrainConfig:
    """How long, how fast, how regularised."""

    epochs: int = 10               # rows of metrics.csv
    batch_size: int = 32           # expressions a step
    learning_rate: float = 1e-3    # at its peak, after the warm-up
    warmup: int = 100              # steps of linear rise from 0
    decay: float = 1.0             # share of the steps, at the end, in which it falls (cosine)
    final_rate: float = 0.02       # share of the peak at the last step
    weight_decay: float = 1e-4     # decoupled (AdamW); biases and norms are left out
    clip: float = 1.0              # global norm of the gradient
    label_smoothing: float = 0.0   # 0.1 is usual for translation
    average: float = 0.0           # decay of the weights' moving average, e.g. 0.999; 0 is off
    patience: int = 0              # epochs without a better score before stopping; 0 is off

    def rate(self, step: int, steps: int) -> float:
        """Learning rate at `step` of `steps`: linear warm-up, a plateau, then half a cosine.

        With `decay` under 1 a training can be stopped and made longer or shorter while it is still
        on the plateau (Zhai et al. 2022): the rate there does not depend on `steps`.

        >>> c = TrainConfig(learning_rate=1.0, warmup=10, final_rate=0.0)
        >>> c.rate(0, 110), c.rate(10, 110), c.rate(60, 110), round(c.rate(110, 110), 6)
        (0.1, 1.0, 0.5, 0.0)
        """
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        falls = max(self.warmup, round(steps * (1 - self.decay)))
        progress = min(max(step - falls, 0) / max(steps - falls, 1), 1.0)
        cosine = round((1 + math.cos(math.pi * progress)) / 2, 12)
        return self.learning_rate * (self.final_rate + (1 - self.final_rate) * cosine)
