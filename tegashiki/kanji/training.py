"""From pictures to weights: pictures drawn in advance, batches, and a loop that can be interrupted.

    draw_ahead(maker, Path("cache/drawn"), 200_000, seed=1, weights=by_use(CHARACTERS))
    trainer = Trainer(small(3111), TrainConfig(steps=4000))
    for row in trainer.fit(mixed_batches(...), Path("last.npz")): print(row["step"], row["loss"])

Drawing costs as much as training: each drawn picture is used a few times, moved by a pixel or two,
and then drawn anew. A checkpoint holds the optimiser and the step; 2 N steps equal N + N.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.kanji.characters import HIRAGANA, KANJI
from tegashiki.kanji.datasets import Pictures, stored
from tegashiki.kanji.synthetic import Maker, warped

# By judgement, not by count: look-alikes that are commoner (or rarer) than their kind.
COMMON = dict.fromkeys("一二八口力工", 4.0) | dict.fromkeys("卜夕", 0.5)


@dataclass(frozen=True)
class TrainConfig:
    """How long and how fast."""

    steps: int = 1000
    batch_size: int = 128
    learning_rate: float = 0.002  # at its highest, after the warm-up
    warmup: int = 100  # steps
    smoothing: float = 0.0  # of labels
    optimizer: str = "adam"  # what keras.optimizers.get knows


def by_use(characters: Sequence[str]) -> np.ndarray:
    """How often each is drawn, sum 1: it is what the network takes for probable beforehand.

    Hiragana are written most and most variously. Of two that look alike the commoner comes oftener:
    a single flat stroke is the kanji for one rather than a sign that stands only within a word.
    """
    kanji, hiragana = set(KANJI), set(HIRAGANA)
    often = [
        COMMON.get(c, 1.0 if c in kanji else 5.0 if c in hiragana else 2.0) for c in characters
    ]
    weights = np.array(often)
    return weights / weights.sum()


def draw_ahead(
    maker: Maker,
    folder: Path,
    count: int,
    seed: int,
    weights: np.ndarray | None = None,
    share: float = 0.35,
    progress: Callable[[int, int, str], None] | None = None,
) -> Pictures:
    """`count` drawn characters on disk, at random; an interrupted drawing starts anew.

    `weights`: how often each character, sum 1. `share`: of fonts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    labels = rng.choice(len(maker.characters), count, p=weights).astype(np.int32)
    with (folder / "pictures.u8").open("wb") as file:
        for start in range(0, count, 1024):
            pictures, _ = maker.batch(0, rng, labels[start : start + 1024], share)
            file.write(pictures.tobytes())
            if progress is not None:
                progress(min(start + 1024, count), count, "drawn")
    np.save(folder / "labels.npy", labels)
    np.save(folder / "writers.npy", np.full(count, ""))
    return stored(folder, maker.characters)


def endless(
    pictures: Pictures, batch_size: int, rng: np.random.Generator, distort: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Batches without end, all pictures once before any comes again, moved by up to a pixel.

    `distort`: each is also warped anew, for handwriting, of which there is little.
    """
    while True:
        order = rng.permutation(len(pictures))
        for start in range(0, len(order) - batch_size + 1, batch_size) or (0,):
            rows = np.sort(order[start : start + batch_size])  # in the order of the file
            chosen = pictures.pictures[rows]
            if distort:
                chosen = np.stack([warped(one, rng) for one in chosen])
            yield moved(chosen, rng), pictures.labels[rows]


def mixed(
    streams: Sequence[Iterator[tuple[np.ndarray, np.ndarray]]],
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One batch of a batch from each stream."""
    for batches in zip(*streams, strict=False):
        yield tuple(np.concatenate(parts) for parts in zip(*batches, strict=True))


def moved(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All pictures of a batch by one shift of -1 to 1 pixels each way, float32 (n, 48, 48, 1)."""
    dy, dx = rng.integers(-1, 2, 2)
    return np.roll(pictures, (int(dy), int(dx)), (1, 2))[..., None].astype(np.float32) / 255


class Trainer:
    """A compiled network and how far it is."""

    def __init__(self, network: Any, config: TrainConfig) -> None:
        import keras

        self.network, self.config, self.step = network, config, 0
        # rises in a line, then falls as a half cosine to nothing at the last step
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0,
            max(config.steps - config.warmup, 1),
            warmup_target=config.learning_rate,
            warmup_steps=config.warmup,
        )
        optimizer = keras.optimizers.get(
            {"class_name": config.optimizer, "config": {"learning_rate": schedule}}
        )
        network.compile(optimizer, _loss(config.smoothing), metrics=["accuracy"], jit_compile=False)
        optimizer.build(network.trainable_variables)

    def fit(
        self,
        batches: Iterator[tuple[np.ndarray, np.ndarray]],
        checkpoint: Path | None = None,
        every: int = 100,
        seconds: float = float("inf"),
    ) -> Iterator[dict[str, float]]:
        """Train to the last step, or until so many `seconds` have passed; a row now and then.

        Goes on from `checkpoint` if it is there, and writes it at each row.
        """
        from tegashiki.train import checkpoint as saved

        if checkpoint is not None and checkpoint.is_file():
            self.step = int(saved.load(checkpoint, self.network)["step"])
        began, losses = time.monotonic(), []
        while self.step < self.config.steps:
            pictures, labels = next(batches)
            losses.append(self.network.train_on_batch(pictures, labels, return_dict=True))
            self.network.reset_metrics()
            self.step += 1
            over = time.monotonic() - began > seconds
            if self.step % every == 0 or self.step == self.config.steps or over:
                row = {
                    "step": self.step,
                    "seconds": time.monotonic() - began,
                    "loss": float(np.mean([r["loss"] for r in losses])),
                    "accuracy": float(np.mean([r["accuracy"] for r in losses])),
                }
                losses = []
                if checkpoint is not None:
                    saved.save(checkpoint, self.network, {"step": self.step})
                yield row
            if over:
                return


def _loss(smoothing: float) -> Any:
    import keras

    if not smoothing:
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def smoothed(truth: Any, logits: Any) -> Any:
        """Cross-entropy against (1 - s) of the truth and s of all classes alike."""
        log_p = keras.ops.log_softmax(logits, axis=-1)
        index = keras.ops.cast(keras.ops.reshape(truth, (-1, 1)), "int32")
        hit = keras.ops.take_along_axis(log_p, index, axis=-1)[:, 0]
        return -(1 - smoothing) * hit - smoothing * keras.ops.mean(log_p, axis=-1)

    return smoothed


def log_probabilities(network: Any, pictures: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """float32 (n, classes) for uint8 (n, 48, 48)."""
    from keras import ops

    found = []
    for start in range(0, len(pictures), batch_size):
        batch = pictures[start : start + batch_size].astype(np.float32)[..., None] / 255
        found.append(
            np.asarray(ops.log_softmax(ops.cast(network(batch, training=False), "float32")))
        )
    return np.concatenate(found)


def scores(log_p: np.ndarray, labels: np.ndarray, top: int = 10) -> dict[str, float]:
    """n, accuracy and `top10` (the share with the truth among ten) of answers (n, classes)."""
    place = (log_p > np.take_along_axis(log_p, labels[:, None].astype(int), 1)).sum(1)
    return {
        "n": len(labels),
        "accuracy": float(np.mean(place == 0)),
        f"top{top}": float(np.mean(place < top)),
    }
