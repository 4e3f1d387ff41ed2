"""Would a memory of one writer's symbols help the recogniser? Measured, without training anything.

    observed = [observe(recognizer, example) for example in validation]
    samples = taught(others_of_the_writer, "all")
    best = reranked(observed[0], samples, Settings(share=0.5, width=0.05, near=0.8))
    observed[0].right[best]

A symbol is known by what the network itself saw when it wrote it: the memory that the decoder
attends to, weighted by that attention (a unit vector, its *key*). At each drawn token the network's
probability is mixed with that of the nearest samples,

    p = (1 - L) p_network + L p_samples,    L = share * likeness of the nearest sample,

as kNN language models do (Khandelwal et al., 2020). A candidate that leaves a stroke out gains
nothing by it, and no single symbol can cost more than log(1 - L). Only the order of the beam's
candidates changes; the beam itself does not know the memory.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tegashiki.data.example import Example
from tegashiki.decoding.recognizer import Recognizer, ShapeBucket
from tegashiki.decoding.runtimes import Arrays
from tegashiki.errors import TegashikiError
from tegashiki.evaluation.writer_memory import Settings
from tegashiki.ink.prepare import prepare
from tegashiki.tex.scores import spelling
from tegashiki.tex.tokens import END, START

TEACH = ("all", "errors", "misread")


@dataclass(frozen=True)
class Written:
    """A formula as the network writes it, token by token."""

    ids: np.ndarray      # (tokens,) int, without the end
    score: float         # log probability of the whole and what it is worth as text, nats
    log_p: np.ndarray    # (tokens,) of each token
    keys: np.ndarray     # (tokens, size) unit vectors: what it attended to
    misread: np.ndarray  # (tokens,) bool: another token was more probable
    drawn: np.ndarray    # (tokens,) bool: a symbol, not structure


@dataclass(frozen=True)
class Observed:
    """One labelled expression: what the beam found, best first, and the truth, both written."""

    writer: str
    id: str
    found: tuple[Written, ...]
    right: np.ndarray          # (hypotheses,) bool
    truth: Written | None      # None: the model has no tokens or no room for it


@dataclass(frozen=True)
class Samples:
    """Symbols that a person confirmed."""

    keys: np.ndarray     # (samples, size)
    ids: np.ndarray      # (samples,)


def observe(recognizer: Recognizer, example: Example) -> Observed:
    """Ask the recogniser, and write its hypotheses and the truth again to see their keys."""
    found, _ = recognizer.hypotheses(example.ink)
    return _observed(recognizer, example, [hypothesis.ids for hypothesis in found])


def confirmed(recognizer: Recognizer, example: Example) -> Observed:
    """The truth alone, for teaching: a fifth of the time."""
    return _observed(recognizer, example, [])


def _observed(recognizer: Recognizer, example: Example, ids: list[tuple[int, ...]]) -> Observed:
    strokes = prepare(example.ink, recognizer.epsilon).strokes
    reference = tuple(spelling(example.tokens))
    try:
        truth = tuple(recognizer.tokenizer.encode(example.tokens)[0])
    except TegashikiError:
        truth = ()
    if len(truth) >= recognizer.buckets[-1].length:
        truth = ()
    longest = max(map(len, [*ids, truth])) + 1
    size = recognizer.features.measure(strokes)
    fitting = [b for b in recognizer.buckets if b.size >= size and b.length > longest]
    bucket = fitting[0] if fitting else recognizer.buckets[-1]
    rows = _write(recognizer, strokes, bucket, [*ids, truth])
    right = [tuple(recognizer.tokenizer.decode(one)) == reference for one in ids]
    return Observed(writer=example.ink.writer, id=example.ink.id, found=tuple(rows[:-1]),
                    right=np.array(right), truth=rows[-1] if truth else None)


def taught(observed: Iterable[Observed], teach: str = "all", most: int | None = None) -> Samples:
    """The samples of confirmed expressions, the oldest first.

    `teach`: "all" symbols of all of them, of those that were read wrongly ("errors"), or only the
    symbols for which the network would have written another ("misread"). `most`: samples that are
    kept of one token, as the pad keeps them; None: all.
    """
    keys, ids = [], []
    for one in observed:
        if one.truth is None or (teach != "all" and one.right[0]):
            continue
        chosen = one.truth.drawn & (one.truth.misread if teach == "misread" else True)
        keys.append(one.truth.keys[chosen])
        ids.append(one.truth.ids[chosen])
    if not keys:
        return Samples(np.zeros((0, 1)), np.zeros(0, int))
    samples = Samples(np.concatenate(keys), np.concatenate(ids))
    return samples if most is None else _newest(samples, most)


def _newest(samples: Samples, most: int) -> Samples:
    left = Counter(samples.ids.tolist())
    kept = []
    for number in samples.ids.tolist():
        kept.append(left[number] <= most)
        left[number] -= 1
    return Samples(samples.keys[kept], samples.ids[kept])


def reranked(observed: Observed, samples: Samples, settings: Settings) -> int:
    """The place of the hypothesis that is best with the memory; 0 if nothing changes."""
    if not len(samples.ids):
        return 0
    return int(np.argmax(mixed(observed, samples, settings)))


def mixed(observed: Observed, samples: Samples, settings: Settings) -> np.ndarray:
    """Score of each hypothesis with the memory, nats: (hypotheses,)."""
    return np.array([one.score + _gain(one, samples, settings) for one in observed.found])


def _gain(written: Written, samples: Samples, settings: Settings) -> float:
    """Nats that the memory adds to a formula; negative where it knows better."""
    likeness = written.keys @ samples.keys.T                        # (tokens, samples)
    weight = np.exp((likeness - 1) / settings.width) * (likeness > settings.near)
    total = weight.sum(1)
    same = (weight * (samples.ids[None] == written.ids[:, None])).sum(1) / np.maximum(total, 1e-12)
    share = settings.share * np.minimum(1, weight.max(1)) * written.drawn * (total > 0)
    p = np.exp(written.log_p)
    return float(np.log(((1 - share) * p + share * same) / np.maximum(p, 1e-30) + 1e-12).sum())


def middle(observed: Sequence[Observed]) -> np.ndarray:
    """The mean key of what was read: (size,). What all symbols share tells none apart."""
    return np.concatenate([one.found[0].keys for one in observed]).mean(0)


def centred(observed: Sequence[Observed], mean: np.ndarray | None = None) -> list[Observed]:
    """The same with the mean key taken away; None: their own."""
    mean = middle(observed) if mean is None else mean
    return [Observed(one.writer, one.id, tuple(_moved(w, mean) for w in one.found), one.right,
                     one.truth and _moved(one.truth, mean)) for one in observed]


def _moved(written: Written, middle: np.ndarray) -> Written:
    return Written(written.ids, written.score, written.log_p, _unit(written.keys - middle),
                   written.misread, written.drawn)


def _unit(keys: np.ndarray) -> np.ndarray:
    return keys / (np.linalg.norm(keys, axis=1, keepdims=True) + 1e-9)


def _write(recognizer: Recognizer, strokes: Sequence[np.ndarray], bucket: ShapeBucket,
           formulas: Sequence[tuple[int, ...]]) -> list[Written]:
    """Let the network write given formulas, as many at once as its beam is wide."""
    runtime, width = recognizer.runtime, recognizer.width
    inputs = {name: value[None] for name, value in
              recognizer.features.featurize(strokes, bucket.size).items()}
    memory = runtime.encode(inputs)
    seen = _seen(memory)                                            # (strokes, size)
    tokens = recognizer.tokenizer.vocabulary.tokens
    drawn = np.array([token not in recognizer.tokenizer.INKLESS for token in tokens])
    rows: list[Written] = []
    worth = recognizer.worth(formulas).tolist()
    for at in range(0, len(formulas), width):
        part = formulas[at:at + width]
        log_ps, attention = _forced(recognizer, memory, part, bucket)
        for row, formula in enumerate(part):
            ids = np.array(formula, int)
            own = log_ps[:len(ids), row]                            # (tokens, vocabulary)
            log_p = own[np.arange(len(ids)), ids]
            end = log_ps[len(ids), row, END] if len(ids) < len(log_ps) else 0.0
            rows.append(Written(
                ids=ids, score=float(log_p.sum() + end) + worth[at + row], log_p=log_p,
                keys=_unit(attention[:len(ids), row] @ seen),
                misread=own.argmax(1) != ids, drawn=drawn[ids]))
    return rows


def _forced(recognizer: Recognizer, memory: Arrays, formulas: Sequence[tuple[int, ...]],
            bucket: ShapeBucket) -> tuple[np.ndarray, np.ndarray]:
    """Log probabilities (steps, rows, vocabulary) and attention (steps, rows, strokes)."""
    runtime, width = recognizer.runtime, recognizer.width
    steps = min(max(map(len, formulas)) + 1, bucket.length)
    state = runtime.start(memory, width)
    tokens = np.full(width, START, np.int32)
    log_ps, attention = [], []
    for step in range(steps):
        log_p, state = runtime.step(memory, state, tokens)
        log_ps.append(log_p.copy())
        attention.append(np.array(runtime.attention(state)))
        tokens = np.array([formula[step] if step < len(formula) else END for formula in formulas]
                          + [END] * (width - len(formulas)), np.int32)
        state = runtime.reorder(state, np.arange(width))
    return np.stack(log_ps), np.stack(attention)


def _seen(memory: Arrays) -> np.ndarray:
    """What the decoder can take from each stroke: its values, all layers and heads side by side."""
    parts = [np.moveaxis(memory[name][0], 0, 1) for name in sorted(memory)
             if name.startswith("memory_v") and name[len("memory_v"):].isdigit()]
    return np.concatenate([part.reshape(len(part), -1) for part in parts], 1)
