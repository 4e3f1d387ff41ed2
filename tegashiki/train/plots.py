"""The loss curve and what goes with it.

    run.figure(curves(history), "curves")
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def curves(history: Sequence[dict[str, float]]) -> "Figure":
    """Loss of training and validation, accuracy and exact match, one point an epoch."""
    import matplotlib.pyplot as plt

    epochs = [row["epoch"] for row in history]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
    for axis, names in ((left, ("loss", "val_loss")),
                        (right, ("token_accuracy", "val_accuracy", "val_exact"))):
        for name in names:
            if name in history[0]:
                axis.plot(epochs, [row[name] for row in history], marker=".", label=name)
        axis.set_xlabel("epoch")
        axis.legend()
    left.set_ylabel("nats a token")
    right.set_ylim(0, 1)
    figure.tight_layout()
    return figure
