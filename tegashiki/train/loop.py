"""The loop: epochs of a source, a validation after each, the best and the last kept, exact resume.

    history = fit(learner, source, validate, folder, report=run.metrics)

`source(epoch)` gives the batches of one epoch and depends on nothing but the epoch (and its own
seed): that is what makes a resumed training equal to one that was never stopped.
"""

import json
import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import keras
import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.train import checkpoint, devices
from tegashiki.train.batches import Batch

Source = Callable[[int], Iterable[Batch]]


def fit(learner: keras.Model, source: Source, validate: Callable[[], dict[str, float]],
        folder: Path, steps_per_epoch: int, report: Callable[..., None] | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        monitor: str = "val_exact") -> list[dict[str, float]]:
    """Train until `config.epochs` or until `monitor` gets no better for `config.patience` epochs.

    Of a figure named `..._loss` less is better, of any other more.

    `folder` gets `last.npz` (resumed from if it is there) and `best.npz`, weights of the best
    epoch. `steps_per_epoch` shapes the learning rate and should be what `source` gives. Returns one
    row an epoch: epoch, loss, token_accuracy, learning_rate, seconds and what `validate` returns;
    `report` gets each as keywords. Prints which devices it uses. Raises TegashikiError when the
    loss is no number any more.
    """
    config, folder = learner.config, Path(folder)
    history: list[dict[str, float]] = []
    step = 0
    build(learner, next(iter(source(0))))
    print(devices.in_use().said, flush=True)      # for the log: notebooks that chose nothing say it
    last = folder / "last.npz"
    if last.exists():
        state = checkpoint.load(last, learner)
        history, step = state["history"], state["step"]
    best = max((_score(r, monitor) for r in history), default=-math.inf)
    steps = config.epochs * steps_per_epoch
    for epoch in range(len(history), config.epochs):
        if config.patience and _stale(history, monitor) >= config.patience:
            break   # before the epoch, so that resuming what has stopped trains no further
        began = time.monotonic()
        learner.begin_figures()
        rate = config.rate(step, steps)
        for batch, (inputs, targets) in enumerate(source(epoch)):
            rate = config.rate(step, steps)
            learner.optimizer.learning_rate = rate
            learner.train_on_batch(inputs, targets)
            step += 1
            if progress is not None:
                done = min(batch + 1, steps_per_epoch)
                progress(epoch * steps_per_epoch + done, steps, f"epoch {epoch + 1}")
        figures = learner.figures()
        if not math.isfinite(figures["token_loss"]):
            kept = f"; {last} holds the last good epoch" if history else ""
            raise TegashikiError(
                f"training: epoch {epoch + 1}: the loss is {figures['token_loss']}; lower the "
                f"learning rate (now {rate:.2g}) or look for bad ink{kept}")
        with learner.averaged():
            row = {"epoch": epoch + 1, "loss": figures["token_loss"],
                   "token_accuracy": figures["token_accuracy"], **validate(),
                   "learning_rate": rate}
            row["seconds"] = time.monotonic() - began
            if _score(row, monitor) >= best:   # of equals the later: it has trained longer
                best = _score(row, monitor)
                save_weights(folder / "best.npz", learner.network)
        history.append(row)
        checkpoint.save(last, learner, {"history": history, "step": step})
        if report is not None:
            report(**row)
    return history


def build(learner: keras.Model, batch: Batch) -> None:
    """Make all variables, the optimiser's too, by one call on a batch: nothing is trained."""
    learner(batch[0])
    learner.optimizer.build(learner.trainable_variables)


def evaluate(learner: keras.Model, batches: Iterable[Batch]) -> dict[str, float]:
    """{"val_loss", "val_accuracy"}: means over the tokens of all batches, without dropout."""
    learner.begin_figures()
    for inputs, targets in batches:
        learner.test_on_batch(inputs, targets)
    figures = learner.figures()
    return {"val_loss": figures["token_loss"], "val_accuracy": figures["token_accuracy"]}


def save_weights(path: Path, network: keras.Model, dtype: str = "float32") -> None:
    """The network's weights alone, in the order of `network.weights`.

    As "float16" they take half the room: enough to go on from, not to go on bit for bit.
    """
    values = checkpoint.values(network.weights)
    names = {f"w{i:04}": w.astype(dtype) for i, w in enumerate(values)}
    names["paths"] = np.array(json.dumps([w.path for w in network.weights]))
    checkpoint.write_arrays(path, names)


def load_weights(path: Path, network: keras.Model) -> None:
    """Put `save_weights` back into a built network; TegashikiError if they do not fit."""
    try:
        stored = checkpoint.read_arrays(path)
        values = [stored[f"w{i:04}"] for i in range(len(stored) - 1)]
    except (ValueError, KeyError) as error:
        raise TegashikiError(f"{path}: no weights ({error})") from None
    if [v.shape for v in values] != [tuple(w.shape) for w in network.weights]:
        raise TegashikiError(f"{path}: the weights belong to another network or configuration")
    for weight, value in zip(network.weights, values, strict=True):
        weight.assign(value.astype(np.float32))


def best_of(history: list[dict[str, float]], monitor: str = "val_exact") -> dict[str, float]:
    """The row of the epoch whose weights `best.npz` holds: of equals the last."""
    return max(reversed(history), key=lambda row: _score(row, monitor))


def _score(row: dict[str, float], monitor: str) -> float:
    """The figure, so that more is better; what is no number is never the best."""
    if monitor not in row:
        raise TegashikiError(f"training: monitor {monitor!r} is no figure of an epoch; "
                             f"there are {', '.join(row)}")
    if math.isnan(row[monitor]):
        return -math.inf
    return -row[monitor] if monitor.endswith("_loss") else row[monitor]


def _stale(history: list[dict[str, float]], monitor: str) -> int:
    """Epochs since the best score, 0 before the first."""
    scores = [_score(row, monitor) for row in history]
    return len(scores) - 1 - int(np.argmax(scores)) if scores else 0
