"""From ink to formulas: greedy for a batch, beam search for one expression, distinct candidates.

    recognizer = Recognizer.load("models/ink2tex")
    for candidate in recognizer.candidates(read_ink("formula.inkml"), k=5):
        print(candidate.probability, candidate.tex)

What runs the network is a `Runtime`, see `runtimes`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tegashiki.decoding.runtimes import Arrays, KerasRuntime, LiteRuntime, Runtime
from tegashiki.ink.format import Ink
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.networks.features import Features, Strokes
from tegashiki.tex import tree
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.tokenizer import PlainTokenizer

__all__ = ["Candidate", "Hypothesis", "KerasRuntime", "LiteRuntime", "Recognizer", "Room",
           "Runtime", "beam", "distinct", "greedy"]
PAD, START, END = 0, 1, 2


@dataclass(frozen=True)
class Hypothesis:
    """One decoded formula."""

    ids: tuple[int, ...]   # without <s> and </s>
    score: float           # sum of log probabilities, </s> included
    looks: tuple[np.ndarray, ...] = ()   # for each id (strokes,), how much of each stroke it is


@dataclass(frozen=True)
class Candidate:
    """One formula to choose from."""

    tokens: tuple[str, ...]
    score: float           # log probability under the model
    probability: float     # its share among the candidates that were found
    strokes: tuple[tuple[int, ...], ...] = ()   # for each token those that it was written with

    @property
    def tex(self) -> str:
        """The formula as one string."""
        return " ".join(self.tokens)


def greedy(runtime: Runtime, inputs: Arrays, length: int) -> list[Hypothesis]:
    """The most probable token each time, for a whole batch; at most `length` tokens."""
    memory = runtime.encode({k: v for k, v in inputs.items() if k != "tokens"})
    rows = len(next(iter(memory.values())))
    state = runtime.start(memory, rows)
    tokens = np.full(rows, START, np.int32)
    scores, done = np.zeros(rows), np.zeros(rows, bool)
    written: list[list[int]] = [[] for _ in range(rows)]
    for _ in range(length):
        log_p, state = runtime.step(memory, state, tokens)
        log_p = np.array(log_p)
        log_p[:, [PAD, START]] = -np.inf     # no part of a formula, as in `beam`
        tokens = log_p.argmax(-1).astype(np.int32)
        scores += np.where(done, 0.0, log_p.max(-1))
        done |= tokens == END
        for row in np.flatnonzero(~done):
            written[row].append(int(tokens[row]))
        if done.all():
            break
    return [Hypothesis(tuple(w), float(s)) for w, s in zip(written, scores, strict=True)]


def beam(runtime: Runtime, inputs: Arrays, width: int, length: int,
         grammar: Grammar | None = None) -> list[Hypothesis]:
    """Beam search for one expression (batch axis 1); finished hypotheses, best first.

    With a `grammar` (see `tegashiki.tex.grammar`) every hypothesis is a formula that parses. The
    score is the sum of log probabilities, without a length bonus: it stays a probability.
    """
    memory = runtime.encode(inputs)
    state = runtime.start(memory, width)
    live = [(Hypothesis((), 0.0), grammar.start if grammar else None)]
    finished: list[Hypothesis] = []
    tokens = np.full(width, START, np.int32)
    for place in range(length):
        log_p, state = runtime.step(memory, state, tokens)
        totals = log_p[: len(live)] + np.array([[hypothesis.score] for hypothesis, _ in live])
        totals[:, [PAD, START]] = -np.inf
        if grammar:
            rules = [grammar.allowed(rule, length - place) for _, rule in live]
            totals = np.where(rules, totals, -np.inf)
        live, parents = _advance(live, finished, totals, runtime.looks(state), width, grammar)
        floor = sorted((h.score for h in finished), reverse=True)[:width]
        # Scores only fall: once `width` are finished, nothing worse than the last can enter.
        if not live or (len(floor) == width and live[0][0].score <= floor[-1]):
            break
        index = np.array(parents + [0] * (width - len(parents)))
        state = runtime.reorder(state, index)
        tokens = np.full(width, END, np.int32)
        tokens[: len(live)] = [hypothesis.ids[-1] for hypothesis, _ in live]
    finished.sort(key=lambda h: -h.score)
    return finished or [hypothesis for hypothesis, _ in live]   # better unfinished than nothing


def _advance(live: list[tuple[Hypothesis, Any]], finished: list[Hypothesis], totals: np.ndarray,
             looks: np.ndarray | None, width: int, grammar: Grammar | None,
             ) -> tuple[list[tuple[Hypothesis, Any]], list[int]]:
    """One step of the beam: scores (rows, vocabulary) -> new live ones and their parents' rows.

    A hypothesis that ends goes to `finished` if it is among the best `width` of this step.
    """
    following, parents = [], []
    flat = totals.ravel()
    count = min(2 * width, len(flat))
    best = np.sort(np.argpartition(-flat, count - 1)[:count])
    best = best[np.argsort(-flat[best], kind="stable")]
    for place, score in zip(best.tolist(), flat[best].tolist(), strict=True):
        row, token = divmod(place, totals.shape[1])
        if score == -np.inf or len(following) == width:
            break
        (former, rule) = live[row]
        if token == END:
            finished.append(Hypothesis(former.ids, score, former.looks))
        else:
            rule = grammar.advance(rule, token) if grammar else None
            seen = former.looks if looks is None else (*former.looks, looks[row])
            following.append((Hypothesis((*former.ids, token), score, seen), rule))
            parents.append(row)
    return following, parents


def distinct(hypotheses: Sequence[Hypothesis], tokenizer: PlainTokenizer, k: int, strokes: int = 0,
             temperature: float = 1.0) -> list[Candidate]:
    """The best `k` that are different formulas: equal canonical forms add their probabilities.

    What does not parse comes last: it cannot be rendered, but hiding it would hide a mistake.
    `strokes`: how many the ink has, to say which of them each token was written with.
    `temperature` makes the claimed probabilities humbler (above 1) and changes no order.
    """
    merged: dict[tuple[str, ...], list[Hypothesis]] = {}
    broken: set[tuple[str, ...]] = set()
    for hypothesis in hypotheses:
        tokens = tuple(tokenizer.decode(hypothesis.ids))
        if tokenizer.grammar is None and tokens:    # a grammar lets only canonical formulas through
            if tree.is_valid(tokens):
                tokens = tuple(tree.canonical(tokens))
            else:
                broken.add(tokens)
        if tokens:
            merged.setdefault(tokens, []).append(hypothesis)
    scores = {key: float(np.logaddexp.reduce([h.score for h in same]))
              for key, same in merged.items()}
    ranked = sorted(scores, key=lambda key: (key in broken, -scores[key]))
    claims = {key: score / temperature for key, score in scores.items()}
    total = np.logaddexp.reduce(list(claims.values())) if claims else 0.0
    return [Candidate(key, scores[key], float(np.exp(claims[key] - total)),
                      written_with(merged[key][0], key, tokenizer, strokes)) for key in ranked[:k]]


def written_with(hypothesis: Hypothesis, tokens: Sequence[str], tokenizer: PlainTokenizer,
                 strokes: int) -> tuple[tuple[int, ...], ...]:
    """For each token the strokes that it was written with, () where none: each stroke once.

    A stroke belongs to the sign that looked at it most while it was written. Empty if the runtime
    does not say where it looked, or if the tokens are not what the hypothesis spells.
    """
    ids = hypothesis.ids
    if not hypothesis.looks or tuple(tokenizer.decode(ids)) != tuple(tokens):
        return ()
    begins = tokenizer.begins(ids)
    signs = [place for place, number in enumerate(ids)
             if tokenizer.vocabulary.tokens[number] not in tokenizer.INKLESS]
    looks = np.array([hypothesis.looks[place][:strokes] for place in signs])   # (signs, strokes)
    found: list[list[int]] = [[] for _ in tokens]
    for stroke, sign in enumerate(looks.argmax(axis=0).tolist() if len(looks) else ()):
        found[begins[signs[sign]]].append(stroke)
    return tuple(map(tuple, found))


class Room(NamedTuple):
    """How much a network is given at once: it is quicker with little room."""

    size: int       # of the ink, as `featurize` takes it
    length: int     # tokens of the formula, the end included


class Recognizer:
    """A network that can be asked for candidates: the door for people, whatever runs it."""

    def __init__(self, runtime: Runtime, features: Features, tokenizer: PlainTokenizer,
                 rooms: Sequence[Room], width: int = 5, epsilon: float = EPSILON,
                 temperature: float = 1.0) -> None:
        """`rooms`: those that the runtime has, the smallest first. `width`: of the beam.

        `epsilon`: how far strokes are simplified, as in training. `temperature`: see `distinct`.
        """
        self.runtime, self.features, self.tokenizer = runtime, features, tokenizer
        self.rooms, self.width, self.epsilon = tuple(rooms), width, epsilon
        self.temperature = temperature

    @classmethod
    def load(cls, folder: str | os.PathLike) -> "Recognizer":
        """A recogniser from an exported folder: model file, vocabulary, model.json."""
        from tegashiki.tflite.export import load_recognizer

        return load_recognizer(folder)

    def candidates(self, ink: Ink, k: int = 5) -> list[Candidate]:
        """`k` different formulas for ink in any units, the most probable first."""
        strokes = prepare(ink, self.epsilon).strokes
        needed = self.features.measure(strokes)
        fitting = [room for room in self.rooms if room.size >= needed] or [self.rooms[-1]]
        for room in fitting:
            found = self._search(strokes, room)
            if max(len(hypothesis.ids) for hypothesis in found) < room.length - 1:
                break       # none of them ended because there was no more room
        return distinct(found, self.tokenizer, k, min(needed, room.size), self.temperature)

    def _search(self, strokes: Strokes, room: Room) -> list[Hypothesis]:
        inputs = {name: value[None] for name, value in
                  self.features.featurize(strokes, room.size).items()}
        return beam(self.runtime, inputs, self.width, room.length, self.tokenizer.grammar)
