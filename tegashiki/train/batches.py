"""Examples -> padded arrays of few shapes, so that XLA compiles once per length bucket.

    for inputs, targets in epoch(examples, features, tokenizer, 32, rng):
        inputs["tokens"].shape, targets["weights"].shape        # (32, t), (32, t)

Inputs: what the `featurize` of a network's features makes, and `tokens` int32 (batch, t): <s> and
the formula. Targets: `tokens` int32 (batch, t): the formula and </s>; `weights` float32 (batch, t):
1 where a token counts, 0 on padding; and what their `supervise` adds. The last batch of a bucket is
filled up with rows of weight 0: the shape stays, the loss does not see them.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tegashiki.data.example import Example
from tegashiki.networks.features import Features, Strokes
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import END, START

Batch = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]
Augment = Callable[[Sequence[np.ndarray], np.random.Generator], Sequence[np.ndarray]]


def bucket_of(size: int, length: int, features: Features) -> int:
    """The first bucket that holds ink of `size` and `length` tokens; the last takes all ink.

    >>> from tegashiki.networks.features import PointFeatures
    >>> bucket_of(90, 10, PointFeatures), bucket_of(90, 30, PointFeatures)
    (0, 1)
    >>> bucket_of(9_000, 10, PointFeatures)    # featurize thins it out
    2
    """
    for bucket, (limit, tokens) in enumerate(zip(features.SIZES, features.LENGTHS, strict=True)):
        if size <= limit and length <= tokens:
            return bucket
    return len(features.SIZES) - 1


def row(strokes: Strokes, ids: np.ndarray, alignment: np.ndarray, features: Features, size: int,
        length: int, backward: bool = False) -> Batch:
    """One example as (inputs, targets), padded, without a batch axis.

    `ids`: the spelled formula, without start and end; what is longer than `length` is cut and has
    no end, for it does not end there. `alignment`: for each stroke the position in `ids`, -1 where
    unknown. `backward`: the formula from its last token to its first, begun by </s> and ended by
    <s>, which tells the network the direction (as BTTR, Zhao et al. 2021).
    """
    first, last = (END, START) if backward else (START, END)
    if backward:
        ids = ids[::-1]
        alignment = np.where(alignment >= 0, len(ids) - 1 - alignment, -1)
    read, write = [first, *ids][:length], [*ids, last][:length]
    inputs = features.featurize(strokes, size)
    inputs["tokens"] = np.zeros(length, np.int32)
    inputs["tokens"][: len(read)] = read
    targets = {"tokens": np.zeros(length, np.int32), "weights": np.zeros(length, np.float32)}
    targets["tokens"][: len(write)] = write
    targets["weights"][: len(write)] = 1
    if hasattr(features, "supervise"):
        targets |= features.supervise(strokes, alignment, ids, size, length)
    return inputs, targets


def spell(example: Example, tokenizer: PlainTokenizer) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the formula, int32, and for each stroke the position in them, -1 where unknown."""
    ids, places = tokenizer.encode(example.tokens)
    alignment = np.asarray(example.alignment)
    return (np.asarray(ids, np.int32),
            np.where(alignment >= 0, np.asarray(places, np.int32)[alignment], -1))


def epoch(examples: Sequence[Example], features: Features, tokenizer: PlainTokenizer,
          batch_size: int, rng: np.random.Generator | None = None, augment: Augment | None = None,
          ) -> Iterator[Batch]:
    """All examples once, in batches of one bucket each; shuffled if `rng` is given."""
    order = np.arange(len(examples)) if rng is None else rng.permutation(len(examples))
    spelled = [spell(example, tokenizer) for example in examples]
    buckets: list[list[int]] = [[] for _ in features.SIZES]
    for index in order:
        size = features.measure(examples[index].ink.strokes)
        buckets[bucket_of(size, len(spelled[index][0]) + 1, features)].append(index)
    groups = [(bucket, rows[at : at + batch_size]) for bucket, rows in enumerate(buckets)
              for at in range(0, len(rows), batch_size)]
    if rng is not None:
        groups = [groups[i] for i in rng.permutation(len(groups))]
    for bucket, rows in groups:
        pairs = []
        for index in rows:
            strokes = examples[index].ink.strokes
            if augment is not None:
                strokes = augment(strokes, rng)
            pairs.append(row(strokes, *spelled[index], features,
                             features.SIZES[bucket], features.LENGTHS[bucket]))
        yield stack(pairs, batch_size)


def stack(pairs: Sequence[Batch], batch_size: int) -> Batch:
    """Rows -> arrays with a batch axis; rows of weight 0 fill the batch up."""
    missing = batch_size - len(pairs)
    inputs, targets = [
        {name: np.stack([side[name] for side in sides] + [sides[0][name]] * missing)
         for name in sides[0]}
        for sides in zip(*pairs, strict=True)]
    if missing:
        for name in targets:
            if name.endswith("weights"):
                targets[name][len(pairs):] = 0
    return inputs, targets
