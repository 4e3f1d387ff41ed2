"""The character recogniser as it is shipped: one small .tflite, checked against Keras.

    export(network, CHARACTERS, folder, probe)       # model.int8.tflite and model.json
    recognizer = KanjiRecognizer.load("models/kanji")
    recognizer.candidates(of_ink(strokes), 10)       # [Candidate("字", 0.98), ...]

`model.json` may say beyond which entropy an answer is refused (notebook 08_refusing).
The file takes float32 (1, 48, 48, 1), a picture in normal form (tegashiki.kanji.normal_form), and
gives log probabilities (1, classes). Weights are 8-bit integers, it computes in float.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.kanji.normal_form import SIZE
from tegashiki.kanji.training import log_probabilities
from tegashiki.storage.files import write_bytes, write_json
from tegashiki.tflite import converter
from tegashiki.tflite.trim import trimmed

VERSION = 1
FILE = "model.int8.tflite"
RELEASED = Path(__file__).resolve().parents[2] / "models" / "kanji"
LARGEST_DIFFERENCE = 1.0  # of log probabilities above -5, quantised against Keras


@dataclass(frozen=True)
class Candidate:
    """A character and how probable it is, 0 to 1."""

    character: str
    probability: float


class KanjiRecognizer:
    """A picture in normal form in, characters out, on one thread of the CPU."""

    def __init__(
        self, model: bytes, characters: Sequence[str], refuse_above: float = math.inf
    ) -> None:
        """`refuse_above`: entropy of the answer in nats, beyond which it may be no character."""
        from ai_edge_litert.interpreter import Interpreter

        self.characters, self.refuse_above = tuple(characters), refuse_above
        self._model = Interpreter(model_content=model, num_threads=1)
        self._model.allocate_tensors()
        self._in = self._model.get_input_details()[0]["index"]
        self._out = self._model.get_output_details()[0]["index"]

    @classmethod
    def load(cls, folder: str | Path) -> "KanjiRecognizer":
        """From a folder that `export` made. Raises TegashikiError if it is none."""
        folder = Path(folder)
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            if about["VERSION"] != VERSION or about["size"] != SIZE:
                raise TegashikiError(
                    f"{folder}/model.json: not of VERSION {VERSION}, which this "
                    "code reads; export again"
                )
            return cls(
                (folder / about["file"]).read_bytes(),
                about["characters"],
                float(about.get("refuse_above", math.inf)),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TegashikiError(
                f"{folder}: no exported character recogniser ({error}); run the "
                "kanji series, or give another folder"
            ) from None

    def log_probabilities(self, form: np.ndarray) -> np.ndarray:
        """float32 (classes,) for a picture in normal form, float (48, 48)."""
        self._model.set_tensor(self._in, np.asarray(form, np.float32).reshape(1, SIZE, SIZE, 1))
        self._model.invoke()
        return self._model.get_tensor(self._out)[0].copy()

    def candidates(self, form: np.ndarray, top: int = 10) -> list[Candidate]:
        """The most probable characters, best first."""
        log_p = self.log_probabilities(form)
        best = np.argsort(-log_p)[:top]
        return [Candidate(self.characters[i], float(np.exp(log_p[i]))) for i in best]

    def refuses(self, form: np.ndarray) -> bool:
        """Whether the answer is spread too widely: perhaps this is no character at all."""
        log_p = self.log_probabilities(form)
        return bool(-(np.exp(log_p) * log_p).sum() > self.refuse_above)

    def operations(self) -> set[str]:
        """Names of the operations in the file."""
        return {op["op_name"] for op in self._model._get_ops_details()}


def export(
    network: Any, characters: Sequence[str], folder: Path, probe: np.ndarray, **more: Any
) -> dict[str, float]:
    """Write the file (dynamic-range int8) and `model.json`; compare with Keras on a probe.

    `probe`: uint8 (n, 48, 48) in normal form. `more`: what else `model.json` shall say. Returns
    megabytes, difference (the largest, of log probabilities above -5) and agreement (share with the
    same best character). Raises TegashikiError if the file is no copy of the network.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    content = trimmed(_converted(network))
    file = KanjiRecognizer(content, characters)
    if flex := [name for name in file.operations() if name.startswith("Flex")]:
        raise TegashikiError(f"kanji: the file needs {', '.join(flex)}; use builtin operations")
    expected = log_probabilities(network, probe)
    given = np.stack([file.log_probabilities(one / 255) for one in probe])
    difference = float(np.abs(given - expected)[expected > -5].max())
    if not difference <= LARGEST_DIFFERENCE:
        raise TegashikiError(
            f"kanji: log probabilities differ from Keras by {difference:.3g}, more "
            f"than {LARGEST_DIFFERENCE}"
        )
    write_bytes(folder / FILE, content)
    write_json(
        folder / "model.json",
        {"VERSION": VERSION, "file": FILE, "size": SIZE, "characters": "".join(characters), **more},
    )
    return {
        "megabytes": len(content) / 1e6,
        "difference": difference,
        "agreement": float(np.mean(given.argmax(-1) == expected.argmax(-1))),
    }


def _converted(network: Any) -> bytes:
    """The network with its softmax as a flat buffer with 8-bit weights."""
    import keras
    from keras import ops

    inputs = keras.Input((SIZE, SIZE, 1), batch_size=1, name="picture")
    whole = keras.Model(inputs, ops.log_softmax(network(inputs, training=False)))
    blank = np.zeros((1, SIZE, SIZE, 1), np.float32)
    serve = converter.Endpoint("serve", whole.call, {"picture": blank})
    return converter.flat_buffer(whole, [serve], "int8")
