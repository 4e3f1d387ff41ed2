"""From ink to formulas: greedy for a batch, beam search for one expression, distinct candidates.

    recognizer = Recognizer.load("models/ink2tex")
    for candidate in recognizer.candidates(read_ink("formula.inkml"), k=5):
        print(candidate.probability, candidate.tex)

A `Runtime` is what runs a network: `KerasRuntime` during training, `LiteRuntime` for the exported
file. Both speak numpy.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.networks.features import Features
from tegashiki.tex import tree
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.spelling import Plain

PAD, START, END = 0, 1, 2
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Hypothesis:
    """One decoded formula."""

    ids: tuple[int, ...]   # without <s> and </s>
    score: float           # sum of log probabilities, </s> included


@dataclass(frozen=True)
class Candidate:
    """One formula to choose from."""

    tokens: tuple[str, ...]
    score: float           # log probability under the model
    probability: float     # its share among the candidates that were found

    @property
    def tex(self) -> str:
        """The formula as one string."""
        return " ".join(self.tokens)


class Runtime(Protocol):
    """What decoding asks of whatever runs a network."""

    def encode(self, inputs: Arrays) -> Arrays:
        """Features of a batch of expressions, (batch, ...) each -> memory, (batch, ...) each."""

    def start(self, memory: Arrays, rows: int) -> Arrays:
        """The state before the first token, (rows, ...) each."""

    def step(self, memory: Arrays, state: Arrays, tokens: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """Tokens int32 (rows,) -> log probabilities (rows, vocabulary), and the next state.

        The memory has as many rows, or one that all rows share.
        """

    def reorder(self, state: Arrays, parents: np.ndarray) -> Arrays:
        """The state whose row i is row `parents[i]` of this one."""
        return {name: np.take(value, parents, axis=0) for name, value in state.items()}


class KerasRuntime(Runtime):
    """Runs a network through Keras, on whatever backend trains it."""

    def __init__(self, network: Any, compiled: bool = True) -> None:
        """`compiled=False` answers a few steps sooner than XLA is ready for the first."""
        import keras

        class Encode(keras.Model):
            def call(self, inputs: dict) -> dict:
                return network.encode(inputs)

        class Step(keras.Model):
            def call(self, inputs: dict) -> dict:
                logits, state = network.step(inputs["memory"], inputs["state"], inputs["tokens"])
                return {"log_p": keras.ops.log_softmax(logits, axis=-1), "state": state}

        self.network = network
        self._encode, self._step = Encode(), Step()
        for model in (self._encode, self._step):
            model.compile(jit_compile=compiled, run_eagerly=not compiled)

    def encode(self, inputs: Arrays) -> Arrays:
        """See Runtime."""
        return self._encode.predict_on_batch(inputs)

    def start(self, memory: Arrays, rows: int) -> Arrays:
        """See Runtime."""
        return {k: np.array(v) for k, v in self.network.start(memory, rows).items()}

    def step(self, memory: Arrays, state: Arrays, tokens: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """See Runtime."""
        out = self._step.predict_on_batch(
            {"memory": memory, "state": state, "tokens": tokens.astype(np.int32)})
        return out["log_p"], out["state"]


class LiteRuntime(Runtime):
    """Runs an exported .tflite with LiteRT: the file that the phone and the browser run."""

    def __init__(self, path: str | os.PathLike, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
            self._encode = self._interpreter.get_signature_runner("encode")
            self._decode = self._interpreter.get_signature_runner("decode")
        except (ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise TegashikiError(
                f"{path}: not a model of ours ({reason}); export it again") from None
        self._states = {name: detail for name, detail in self._decode.get_input_details().items()
                        if name.startswith("state_")}

    def encode(self, inputs: Arrays) -> Arrays:
        """See Runtime."""
        return self._encode(**inputs)

    def start(self, memory: Arrays, rows: int) -> Arrays:
        """See Runtime."""
        return {name: np.zeros(detail["shape"], detail["dtype"])
                for name, detail in self._states.items()}

    def step(self, memory: Arrays, state: Arrays, tokens: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """See Runtime."""
        parents = state.get("parents", np.arange(len(tokens), dtype=np.int32))
        tensors = {name: value for name, value in state.items() if name != "parents"}
        out = self._decode(tokens=tokens.astype(np.int32), parents=parents, **memory, **tensors)
        return out.pop("log_p"), out

    def reorder(self, state: Arrays, parents: np.ndarray) -> Arrays:
        """Left to the next step: the file picks the rows itself, so the state need not be moved."""
        return state | {"parents": parents.astype(np.int32)}

    def operations(self) -> set[str]:
        """Names of the operations in the file."""
        return {detail["op_name"] for detail in self._interpreter._get_ops_details()}


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
        totals = np.full((len(live), log_p.shape[-1]), -np.inf)
        for row, (hypothesis, rule) in enumerate(live):
            totals[row] = hypothesis.score + log_p[row]
            totals[row, [PAD, START]] = -np.inf
            if grammar:
                totals[row, ~grammar.allowed(rule, length - place)] = -np.inf
        live, parents = _advance(live, finished, totals, width, grammar)
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
             width: int, grammar: Grammar | None) -> tuple[list[tuple[Hypothesis, Any]], list[int]]:
    """One step of the beam: scores (rows, vocabulary) -> new live ones and their parents' rows.

    A hypothesis that ends goes to `finished` if it is among the best `width` of this step.
    """
    following, parents = [], []
    for place in np.argsort(-totals, axis=None, kind="stable")[: 2 * width]:
        row, token = divmod(int(place), totals.shape[1])
        score = float(totals[row, token])
        if score == -np.inf or len(following) == width:
            break
        (former, rule) = live[row]
        if token == END:
            finished.append(Hypothesis(former.ids, score))
        else:
            rule = grammar.step(rule, token) if grammar else None
            following.append((Hypothesis((*former.ids, token), score), rule))
            parents.append(row)
    return following, parents


def distinct(hypotheses: Sequence[Hypothesis], spelling: Plain, k: int) -> list[Candidate]:
    """The best `k` that are different formulas: equal canonical forms add their probabilities.

    What does not parse comes last: it cannot be rendered, but hiding it would hide a mistake.
    """
    merged: dict[tuple[str, ...], list[float]] = {}
    for hypothesis in hypotheses:
        tokens = tuple(spelling.decode(hypothesis.ids))
        if not tokens:
            continue
        key = tuple(tree.canonical(tokens)) if tree.is_valid(tokens) else tokens
        merged.setdefault(key, []).append(hypothesis.score)
    scored = {key: float(np.logaddexp.reduce(scores)) for key, scores in merged.items()}
    ranked = sorted(scored, key=lambda key: (not tree.is_valid(key), -scored[key]))
    total = np.logaddexp.reduce(list(scored.values())) if scored else 0.0
    return [Candidate(key, scored[key], float(np.exp(scored[key] - total))) for key in ranked[:k]]


class Recognizer:
    """A network that can be asked for candidates: the door for people, whatever runs it."""

    def __init__(self, runtime: Runtime, features: Features, spelling: Plain, width: int = 5,
                 length: int = 160, size: int | None = None, epsilon: float = EPSILON) -> None:
        """`size`: ink is padded to it, as the exported file asks; None: to the next bucket.

        `epsilon`: how far strokes are simplified, as in training.
        """
        self.runtime, self.features, self.spelling = runtime, features, spelling
        self.width, self.length, self.size, self.epsilon = width, length, size, epsilon

    @classmethod
    def load(cls, folder: str | os.PathLike) -> "Recognizer":
        """A recogniser from an exported folder: model file, vocabulary, model.json."""
        from tegashiki.export import load_recognizer

        return load_recognizer(folder)

    def candidates(self, ink: Ink, k: int = 5) -> list[Candidate]:
        """`k` different formulas for ink in any units, the most probable first."""
        strokes = prepare(ink, self.epsilon).strokes
        needed, sizes = self.features.measure(strokes), self.features.SIZES
        size = self.size or next((s for s in sizes if s >= needed), sizes[-1])
        inputs = {name: value[None] for name, value in
                  self.features.featurize(strokes, size).items()}
        found = beam(self.runtime, inputs, self.width, self.length, self.spelling.grammar)
        return distinct(found, self.spelling, k)
