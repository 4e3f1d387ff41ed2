"""The pictures that trainings of every series share: loss curves, and what is taken for what.

    run.figure(curves(history), "curves")
    run.figure(confusion(counts, words), "confusion")
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

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


def confusion(counts: np.ndarray, names: Sequence[str]) -> "Figure":
    """A confusion matrix: rows are the truth, columns the answer, (classes, classes) counts.

    Colours are shares of a row, so that rare classes show as well; numbers are the counts.
    """
    import matplotlib.pyplot as plt

    counts = np.asarray(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 1.5 + 0.42 * len(names)
    figure, axis = plt.subplots(figsize=(side, side))
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axis.set(xticks=range(len(names)), yticks=range(len(names)), yticklabels=names,
             xlabel="answer", ylabel="truth")
    axis.set_xticklabels(names, rotation=60, ha="right")
    for row, column in np.argwhere(counts > 0).tolist():
        axis.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7,
                  color="white" if shares[row, column] > 0.5 else "black")
    figure.tight_layout()
    return figure
