"""The sign recogniser as it is shipped: one small .tflite, checked against Keras.

    export(network, words, folder)                 # model.tflite and model.json
    recognizer = SignRecognizer.load("models/signs/mp543")
    recognizer.candidates(points)                  # (T, 543, 3) -> [("hello", 0.93), ...]

The file takes (1, frames, 67, 4), a body in normal form (tegashiki.signs.normal_form), and gives
log probabilities (1, classes). Weights are 8-bit integers or 16-bit floats, it computes in float.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.signs import landmarks
from tegashiki.signs import normal_form as body
from tegashiki.storage import files
from tegashiki.tflite import converter

VERSION = 1
LARGEST_DIFFERENCE = 0.5     # of log probabilities above -5, quantised against Keras


@dataclass(frozen=True)
class Candidate:
    """A word and how probable it is, 0 to 1."""

    word: str
    probability: float


class SignRecognizer:
    """Landmarks in, words out, on one thread of the CPU."""

    def __init__(self, model: bytes, words: Sequence[str], frames: int) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.words, self.frames = tuple(words), frames
        self._model = Interpreter(model_content=model, num_threads=1)
        self._model.allocate_tensors()
        self._in = self._model.get_input_details()[0]["index"]
        self._out = self._model.get_output_details()[0]["index"]

    @classmethod
    def load(cls, folder: str | Path) -> "SignRecognizer":
        """From a folder that `export` made. Raises TegashikiError if it is none."""
        folder = Path(folder)
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            if about["VERSION"] != VERSION:
                raise TegashikiError(f"{folder}/model.json: not of VERSION {VERSION}; export again")
            return cls((folder / "model.tflite").read_bytes(), about["words"], about["frames"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TegashikiError(f"{folder}: no exported sign recogniser ({error}); run the signs "
                                 "series, or give another folder") from None

    def candidates(self, points: np.ndarray) -> list[Candidate]:
        """Every word, most probable first, for float (T, 543, 3) as tracked.

        Raises BadSequenceError (a TegashikiError) if the points cannot be used.
        """
        # Means of log probabilities fall short of 1 in sum wherever the members disagree.
        share = np.exp(self.log_probabilities(points))
        share /= share.sum()
        return [Candidate(self.words[i], float(share[i])) for i in np.argsort(-share)]

    def log_probabilities(self, points: np.ndarray) -> np.ndarray:
        """float32 (classes,)."""
        joints = body.normal_form(landmarks.checked(np.asarray(points)))
        return self.run(body.pack(body.resample(joints, self.frames)))

    def run(self, packed: np.ndarray) -> np.ndarray:
        """(frames, 67, 4) -> log probabilities (classes,): the file alone."""
        self._model.set_tensor(self._in, packed[None].astype(np.float32))
        self._model.invoke()
        return self._model.get_tensor(self._out)[0].copy()

    def operations(self) -> set[str]:
        """Names of the operations in the file."""
        return {op["op_name"] for op in self._model._get_ops_details()}


def export(networks: Sequence[Any], words: Sequence[str], folder: Path, probe: np.ndarray,
           weights: Sequence[float] | None = None, half: bool = False) -> dict[str, float]:
    """Write `model.tflite` and `model.json`; compare with Keras on a probe.

    Weights are 8-bit integers (dynamic range), or with `half` floats of 16 bits: a sum of large
    terms that cancel, such as kernel ridge's, does not survive 8 bits.

    `networks`: one or several, SignClassifier or SignStatistics; several answer together, by the
    mean of their log probabilities, weighted by `weights` (sum 1) if given. `probe`: packed
    sequences (n, frames, 67, 4). Returns megabytes, difference (the largest, of log probabilities
    above -5), agreement (share with the same best word). Raises TegashikiError if the file is no
    copy of the networks, or needs operations that phones lack.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights = [1 / len(networks)] * len(networks) if weights is None else list(weights)
    expected = sum(w * _log_p(n, probe) for w, n in zip(weights, networks, strict=True))
    content = _converted(networks, weights, probe, "float16" if half else "int8")
    file = SignRecognizer(content, words, probe.shape[1])
    if flex := [name for name in file.operations() if name.startswith("Flex")]:
        raise TegashikiError(f"signs: the file needs {', '.join(flex)}; use builtin operations")
    given = np.stack([file.run(one) for one in probe])
    difference = float(np.abs(given - expected)[expected > -5].max())
    if not difference <= LARGEST_DIFFERENCE:
        raise TegashikiError(f"signs: log probabilities differ from Keras by {difference:.3g}, "
                             f"more than {LARGEST_DIFFERENCE}")
    about = {"VERSION": VERSION, "file": "model.tflite", "words": list(words),
             "frames": int(probe.shape[1]),
             "networks": [type(n).__name__ for n in networks], "weights": weights,
             "configs": [asdict(n.config) for n in networks if hasattr(n, "config")]}
    files.write_bytes(folder / "model.tflite", content)
    files.write_bytes(folder / "model.json", (json.dumps(about, indent=1) + "\n").encode())
    return {"megabytes": len(content) / 1e6, "difference": difference,
            "agreement": float(np.mean(given.argmax(-1) == expected.argmax(-1)))}


def milliseconds(recognizer: SignRecognizer, points: Sequence[np.ndarray]) -> float:
    """Median time of one recognition, normal form included, one thread."""
    times = []
    for one in points:
        began = time.perf_counter()
        recognizer.log_probabilities(one)
        times.append(1000 * (time.perf_counter() - began))
    return float(np.median(times))


def _log_p(network: Any, packed: np.ndarray) -> np.ndarray:
    from keras import ops

    return np.asarray(ops.log_softmax(network(packed)))


def _converted(networks: Sequence[Any], weights: Sequence[float], probe: np.ndarray,
               kind: str) -> bytes:
    """One network, the blend of all, as a flat buffer; `probe` (n, frames, 67, 4)."""
    import keras
    from keras import ops

    inputs = keras.Input(probe.shape[1:], batch_size=1, name="packed")
    said = [w * ops.log_softmax(n(inputs)) for w, n in zip(weights, networks, strict=True)]
    whole = keras.Model(inputs, sum(said[1:], said[0]))
    serve = converter.Endpoint("serve", whole.call, {"packed": probe[:1].astype(np.float32)})
    return converter.flat_buffer(whole, [serve], kind)
