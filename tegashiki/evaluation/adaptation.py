"""A few training steps of a network's last layers on one writer's formulas, and what they change.

    adaptable = Adaptable(network, tokenizer)
    adaptable.adapt(taught, steps=20, rate=1e-4, rng=rng)     # Examples of one writer
    adaptable.scores(strokes, [hypothesis.ids, ...])          # log probabilities, nats
    adaptable.reset()                                         # as it was, for the next writer

What is trained: the last decoder layer, its norm and the head. The encoder stays, so that a
stroke is seen as before. All examples go through one shape bucket, so that one graph does for all.
"""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from tegashiki.data.example import Example
from tegashiki.networks.features import Strokes
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.train import batches, checkpoint
from tegashiki.train.config import TrainConfig
from tegashiki.train.learner import Learner

BATCH = 16      # rows of a training step, and of a look at the scores


class Adaptable:
    """A network whose last layers learn from a few examples, and forget them again."""

    def __init__(self, network: keras.Model, tokenizer: PlainTokenizer, bucket: int = 1) -> None:
        """`network`: built, with its weights; `bucket`: which of its shapes is used for all."""
        self.network, self.tokenizer = network, tokenizer
        self.size, self.length = network.SIZES[bucket], network.LENGTHS[bucket]
        last = (network.self_attention[-1], network.cross_attention[-1], network.feed_forward[-1],
                network.decoder_norm, network.head)
        for layer in network.layers:
            layer.trainable = layer in last
        self.learner = Learner(network, TrainConfig(weight_decay=0.0), jit=False)
        self.learner.optimizer.build(self.learner.trainable_variables)
        self._all = [*network.weights, *self.learner.optimizer.variables]
        self._start = checkpoint.values(self._all)

    def fits(self, example: Example) -> bool:
        """Whether an example has room in the bucket and tokens that the network knows."""
        return (len(example.ink.strokes) <= self.size
                and all(token in self.tokenizer.plain for token in example.tokens)
                and len(self.tokenizer.encode(example.tokens)[0]) < self.length)

    def reset(self) -> None:
        """Forget what was learned, the optimiser's moments too."""
        for variable, value in zip(self._all, self._start, strict=True):
            variable.assign(value)

    def adapt(self, examples: Sequence[Example], steps: int, rate: float,
              rng: np.random.Generator) -> float:
        """Train on examples that fit; the loss of the last step, nats a token."""
        rows = [self._row(e.ink.strokes, *batches.spell(e, self.tokenizer)) for e in examples]
        self.learner.optimizer.learning_rate.assign(rate)
        loss = 0.0
        for _ in range(steps):
            chosen = rng.permutation(len(rows))[:BATCH]
            self.learner.begin_figures()
            self.learner.train_on_batch(*batches.stack([rows[i] for i in chosen], BATCH))
            loss = self.learner.figures()["token_loss"]
        return loss

    def scores(self, strokes: Strokes, formulas: Sequence[tuple[int, ...]]) -> np.ndarray:
        """Log probability of each formula, its end included: (formulas,)."""
        found: list[float] = []
        for at in range(0, len(formulas), BATCH):
            part = [np.array(ids, np.int32) for ids in formulas[at:at + BATCH]]
            rows = [self._row(strokes, ids, np.full(len(strokes), -1)) for ids in part]
            inputs, targets = batches.stack(rows, BATCH)
            logits = self.network(inputs)["tokens"]
            log_p = ops.convert_to_numpy(ops.log_softmax(ops.cast(logits, "float32"), axis=-1))
            own = np.take_along_axis(log_p, targets["tokens"][:, :, None], 2)[:, :, 0]
            found += (own * targets["weights"]).sum(1)[:len(part)].tolist()
        return np.array(found)

    def _row(self, strokes: Strokes, ids: np.ndarray, alignment: np.ndarray) -> batches.Batch:
        return batches.row(strokes, ids, alignment, self.network, self.size, self.length)
