"""An endless stream of made examples as batches, from worker processes, the same every time.

    stream = Stream(spec, features, tokenizer, batch_size=64, seed=0, workers=2)
    for inputs, targets in stream.epoch(3, batches=500): ...

`spec.start()` is called once in each worker and returns `make(rng)`, an iterator of examples
that ends never. Work is cut into chunks; what chunk c of epoch e holds depends on (seed, e, c)
alone, never on the number of workers or their speed: a resumed training sees the same ink.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Protocol

import numpy as np

from tegashiki.data.example import Example
from tegashiki.train.batches import Batch, bucket_of, row, spell, stack

CHUNK = 256   # examples a task: large enough to hide what it costs to hand over


class DatasetSpec(Protocol):
    """What a worker needs to make examples; is pickled once for each worker."""

    def start(self) -> Callable[[np.random.Generator], Iterator[Example]]:
        """Load what is needed and return the maker."""


class Stream:
    """Batches of made examples; close it, or use it in a `with` block."""

    def __init__(self, spec: DatasetSpec, features: type, tokenizer: str, batch_size: int,
                 seed: int, workers: int = 1, backward: float = 0.0) -> None:
        """`features`: see `tegashiki.networks.features`; `tokenizer`: its name.

        `backward`: share of the examples that are written from their end, see `batches.row`.
        """
        self.batch_size, self.seed, self.ahead = batch_size, seed, 2 * workers + 1
        # Workers are started afresh: a fork would copy a running TensorFlow.
        self._pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"),
                                         initializer=_start,
                                         initargs=(spec, features, tokenizer, backward))
        self._waiting: deque[tuple[tuple[int, int], Future]] = deque()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the workers."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def epoch(self, epoch: int, batches: int) -> Iterator[Batch]:
        """The `batches` batches of this epoch; what was begun and not filled is dropped."""
        pools: dict[int, list[Batch]] = {}
        made = 0
        for chunk in itertools.count():
            for bucket, pair in self._take(epoch, chunk):
                pool = pools.setdefault(bucket, [])
                pool.append(pair)
                if len(pool) == self.batch_size:
                    yield stack(pool, self.batch_size)
                    pools[bucket] = []
                    made += 1
                    if made == batches:
                        return

    def _take(self, epoch: int, chunk: int) -> list[tuple[int, Batch]]:
        """Rows of one chunk; the next ones are already being made, those of the next epoch too."""
        while self._waiting and self._waiting[0][0] != (epoch, chunk):
            self._waiting.popleft()[1].cancel()
        while len(self._waiting) < self.ahead:
            key = (epoch, chunk + len(self._waiting))
            self._waiting.append((key, self._pool.submit(_chunk, self.seed, *key)))
        return self._waiting.popleft()[1].result()


_worker: tuple | None = None   # (make, features, tokenizer, backward) of this worker process


def _start(spec: DatasetSpec, features: type, tokenizer: str, backward: float) -> None:
    from tegashiki.tex.tokenizer import by_name

    global _worker
    _worker = spec.start(), features, by_name(tokenizer), backward


def _chunk(seed: int, epoch: int, chunk: int) -> list[tuple[int, Batch]]:
    """The rows of one chunk with their buckets; ink beyond the last bucket is left out."""
    make, features, tokenizer, backward = _worker
    coin = np.random.default_rng([seed, epoch, chunk, 1])   # its own: the ink stays what it was
    rows = []
    for example in itertools.islice(make(np.random.default_rng([seed, epoch, chunk])), CHUNK):
        ids, alignment = spell(example, tokenizer)
        size = features.measure(example.ink.strokes)
        if size > features.SIZES[-1] or len(ids) >= features.LENGTHS[-1]:
            continue
        bucket = bucket_of(size, len(ids) + 1, features)
        pair = row(example.ink.strokes, ids, alignment, features, features.SIZES[bucket],
                   features.LENGTHS[bucket], backward=bool(coin.random() < backward))
        rows.append((bucket, pair))
    return rows
