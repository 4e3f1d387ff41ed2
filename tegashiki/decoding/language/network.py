"""How likely a formula is, by a small recurrent network that has only seen text.

    network = LanguageNetwork.of(content)        # of `language.json`
    network.log_p([(4, 17, 9), (4, 17)])         # nats (2,)

One layer of gated recurrent units (Cho et al. 2014; the reset gate after the product, as cuDNN and
Keras have it) reads the tokens as the recogniser spells them; what it is asked for is tied to what
it reads (Press and Wolf 2017). `train.language` trains it. The pad has the same arithmetic, in
`pad/web/recognizer/language.js`.

The file has its weights as one block, in base64: all biases and scales, float32, then all matrices
a byte for each number, their rows the outputs. A row's numbers are to be multiplied by its scale.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import END, PAD, START

VERSION = 2
MATRICES = ("embedding", "input", "recurrent", "down")
BIASES = ("input_bias", "recurrent_bias", "down_bias", "output_bias")
LEVELS = 127          # of a byte to either side of 0


@dataclass(frozen=True)
class LanguageNetwork:
    """A recurrent network of formulas and how much it has to say.

    `arrays`, float32: `embedding` (vocabulary, width), `input` (3 units, width), `recurrent`
    (3 units, units), `down` (width, units) and a bias for each but the first, whose rows are the
    outputs too: `output_bias` (vocabulary,). The gates' order is update, reset, candidate.
    """

    arrays: Mapping[str, np.ndarray] = field(repr=False)
    spelling: str         # name of the tokenizer whose ids it reads
    weight: float         # of its log probability, beside the recogniser's
    bonus: float          # nats an id, so that short formulas are not preferred
    run: str              # that trained it

    def log_p(self, spelled: Sequence[Sequence[int]]) -> np.ndarray:
        """Log probabilities (formulas,) of formulas and of their ends; their ids without either."""
        lengths = np.array([len(formula) for formula in spelled], int)
        ids = np.full((len(spelled), lengths.max(initial=0) + 2), PAD)
        for row, formula in zip(ids, spelled, strict=True):
            row[: len(formula) + 2] = (START, *formula, END)
        a = self.arrays
        states = self._states(ids[:, :-1])
        logits = (states @ a["down"].T + a["down_bias"]) @ a["embedding"].T + a["output_bias"]
        logits -= logits.max(axis=2, keepdims=True)
        asked = np.take_along_axis(logits, ids[:, 1:, None], axis=2)[:, :, 0]
        log_p = asked - np.log(np.exp(logits).sum(axis=2))
        return np.where(np.arange(log_p.shape[1]) <= lengths[:, None], log_p, 0).sum(axis=1)

    def worth(self, spelled: Sequence[Sequence[int]], tokenizer: PlainTokenizer) -> np.ndarray:
        """See `tegashiki.decoding.language.Language`. Raises ValueError for another spelling."""
        if tokenizer.name != self.spelling or len(tokenizer) != len(self.arrays["embedding"]):
            raise ValueError(f"it reads {self.spelling}, not {tokenizer.name}")
        return self.weight * (self.log_p(spelled) + self.bonus * np.array([*map(len, spelled)]))

    def _states(self, ids: np.ndarray) -> np.ndarray:
        """Ids (rows, length) -> what the units hold after each, (rows, length, units)."""
        given, bias = self._given[ids], self.arrays["recurrent_bias"]
        units = len(self._recurrent)
        state = np.zeros((len(ids), units), np.float32)
        states = np.empty((*ids.shape, units), np.float32)
        for place in range(ids.shape[1]):
            now, kept = given[:, place], state @ self._recurrent + bias
            # The logistic function, written so that nothing overflows.
            gates = 0.5 + 0.5 * np.tanh(0.5 * (now[:, : 2 * units] + kept[:, : 2 * units]))
            update, reset = gates[:, :units], gates[:, units:]
            candidate = np.tanh(now[:, 2 * units :] + reset * kept[:, 2 * units :])
            state = states[:, place] = update * state + (1 - update) * candidate
        return states

    @cached_property
    def _given(self) -> np.ndarray:
        """What each token gives to the gates, (vocabulary, 3 units): the same each time."""
        a = self.arrays
        return a["embedding"] @ a["input"].T + a["input_bias"]

    @cached_property
    def _recurrent(self) -> np.ndarray:
        """(units, 3 units), in the order in which it is multiplied five times as quickly."""
        return np.ascontiguousarray(self.arrays["recurrent"].T)

    # -- the file ---------------------------------------------------------------------------

    def content(self) -> dict:
        """What `language.json` says; the matrices are rounded."""
        vocabulary, width = self.arrays["embedding"].shape
        floats = [self.arrays[name] for name in BIASES]
        matrices = []
        for name in MATRICES:
            scale = np.maximum(np.abs(self.arrays[name]).max(axis=1), 1e-9) / LEVELS
            floats.append(scale)
            matrices.append(np.round(self.arrays[name] / scale[:, None]).astype("i1"))
        block = b"".join([*(part.astype("<f4").tobytes() for part in floats),
                          *(part.tobytes() for part in matrices)])
        return {"VERSION": VERSION, "run": self.run, "weight": self.weight, "bonus": self.bonus,
                "spelling": self.spelling, "vocabulary": vocabulary, "width": width,
                "units": self.arrays["recurrent"].shape[1],
                "weights": base64.b64encode(block).decode("ascii")}

    @classmethod
    def of(cls, content: dict) -> "LanguageNetwork":
        """The other way. Raises KeyError, TypeError or ValueError for what is none."""
        vocabulary, width, units = (content[name] for name in ("vocabulary", "width", "units"))
        rows = (vocabulary, 3 * units, 3 * units, width)
        columns = (width, width, units, units)
        lengths = (3 * units, 3 * units, width, vocabulary, *rows)
        block = base64.b64decode(content["weights"], validate=True)
        floats = np.frombuffer(block[: 4 * sum(lengths)], "<f4")
        numbers = np.frombuffer(block[4 * sum(lengths):], "i1")
        if len(floats) != sum(lengths) or len(numbers) != int(np.dot(rows, columns)):
            raise ValueError("its weights do not fit its sizes")
        if not np.isfinite(floats).all():
            raise ValueError("a weight is not finite")
        parts = np.split(floats, np.cumsum(lengths)[:-1])
        arrays = dict(zip(BIASES, parts, strict=False))
        ends = np.cumsum(np.multiply(rows, columns))[:-1]
        for name, scale, part in zip(MATRICES, parts[len(BIASES):], np.split(numbers, ends),
                                     strict=True):
            arrays[name] = part.reshape(len(scale), -1) * scale[:, None]
        return cls(arrays, str(content["spelling"]), float(content["weight"]),
                   float(content["bonus"]), str(content["run"]))
