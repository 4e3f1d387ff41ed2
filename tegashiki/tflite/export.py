"""A recogniser as one .tflite with the signatures `encode` and `decode`, checked against Keras.

    files = export(network, folder, probe, size=64)         # float32, float16 and int8
    write_description(network, folder, tokenizer, size=64, width=5, epsilon=0.04)
    recognizer = Recognizer.load(folder)                    # runs the int8 file

`encode`: the network's inputs for one expression, padded to `size` -> `memory_*`. `decode`: the
memory, `state_*` of `width` beams (zeros at the start), `parents` int32 (width,), which of its rows
each beam goes on from, and `tokens` int32 (width,) -> `log_p` (width, vocabulary) and the next
`state_*`, which may be fed back as it is. Shapes are static and all operations are builtin, so
that the same file runs in Python, on a phone and in the browser. Most formulas are short: for them
the file can have the same two once more in smaller shapes, `encode_24` and `decode_24` for ink
padded to 24. They use the same weights, which are stored once.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki import networks
from tegashiki.decoding.recognizer import VERSION, ShapeBucket
from tegashiki.decoding.runtimes import Arrays, KerasRuntime, LiteRuntime, Runtime
from tegashiki.errors import TegashikiError
from tegashiki.storage import files
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tflite import converter, trim
from tegashiki.tflite.converter import BYTES, KINDS, Endpoint

TOLERANCE = {"float32": 1e-3, "float16": 0.05, "int8": 1.0}   # largest difference in log_p
PROBE_STEPS = 8


@dataclass(frozen=True)
class Exported:
    """One written file and how it compares with the network that it was made from."""

    path: Path
    kind: str            # one of KINDS
    megabytes: float
    difference: float    # largest |log_p - Keras| over the probe, nats
    agreement: float     # share of probe steps with the same most probable token


def export(network: Any, folder: Path, probe: dict[str, np.ndarray], size: int, width: int = 5,
           kinds: tuple[str, ...] = KINDS, small: Sequence[ShapeBucket] = ()) -> list[Exported]:
    """Write `model.<kind>.tflite` for each kind and compare each with Keras on the probe.

    `probe`: inputs of a few expressions (n, ...), padded to `size`, with `tokens` int32 (n, t) to
    feed. `small`: buckets for which the file gets signatures of their own. Raises TegashikiError
    when a file is no copy of the network: answers that differ more than TOLERANCE, an operation
    that is not builtin, or a size that does not fit the parameters.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {name: value for name, value in probe.items() if name != "tokens"}
    buckets = [*small, ShapeBucket(size, network.LENGTHS[-1])]
    one = {name: value[:1] for name, value in inputs.items()}
    endpoints = list(_endpoints(network, one, width, buckets))
    saved = Path(tempfile.mkdtemp(prefix="tegashiki-export-"))
    try:
        converter.save(network, endpoints, saved)
        fed = probe["tokens"][:, :PROBE_STEPS]
        keras_runtime = KerasRuntime(network, compiled=False)
        # Ink cut to the first strokes is ink too: it tells whether a small bucket answers rightly.
        cut = [{k: v[:, : bucket.size] for k, v in inputs.items()} for bucket in buckets]
        expected = [_answers(keras_runtime, part, fed, width) for part in cut]
        written = []
        for kind in kinds:
            path = folder / f"model.{kind}.tflite"
            content = converter.convert(saved, [one.name for one in endpoints], kind)
            files.write_bytes(path, trim.trimmed(content))
            try:
                _check_content(path, kind, network.count_params())
                runtime = LiteRuntime(path)
                found = [_answers(runtime, part, fed, width) for part in cut]
                written.append(_compare(path, kind, np.array(expected), np.array(found)))
            except TegashikiError:
                path.unlink()   # nobody shall find a file that is not what it says
                raise
    finally:
        shutil.rmtree(saved, ignore_errors=True)
    return written


def write_description(network: Any, folder: Path, tokenizer: PlainTokenizer, size: int, width: int,
                      epsilon: float, kind: str = "int8", small: Sequence[ShapeBucket] = (),
                      **more: Any) -> None:
    """`vocabulary.txt` and `model.json` beside the files: what `Recognizer.load` needs."""
    folder = Path(folder)
    files.write_text(folder / "vocabulary.txt", "\n".join(tokenizer.vocabulary.tokens) + "\n")
    buckets = [*small, ShapeBucket(size, network.LENGTHS[-1])]
    description = {"VERSION": VERSION, **networks.describe(network), "size": size, "width": width,
                   "length": network.LENGTHS[-1], "epsilon": epsilon,
                   "sizes": [bucket.size for bucket in buckets],
                   "lengths": [bucket.length for bucket in buckets],
                   "file": f"model.{kind}.tflite",
                   "spelling": tokenizer.name,
                   "vocabulary": tokenizer.vocabulary.sha256, **more}
    files.write_text(folder / "model.json", json.dumps(description, indent=2) + "\n")


def _endpoints(network: Any, example: Arrays, width: int, buckets: Sequence[ShapeBucket],
               ) -> Iterator[Endpoint]:
    """Two for each bucket; the last bucket, which any ink fits, has the bare names."""
    for bucket in buckets:
        suffix = "" if bucket is buckets[-1] else f"_{bucket.size}"
        cut = {name: value[:, : bucket.size] for name, value in example.items()}
        yield from _encode_and_decode(network, cut, width, bucket.length, suffix)


def _encode_and_decode(network: Any, example: Arrays, width: int, length: int, suffix: str,
                       ) -> tuple[Endpoint, Endpoint]:
    """The endpoints for inputs of the example's shapes."""
    from keras import ops

    memory = network.encode(example)
    state = network.start(memory, width, length)
    in_names, memory_names, state_names = sorted(example), sorted(memory), sorted(state)

    def encode(*flat: Any) -> dict:
        out = network.encode(dict(zip(in_names, flat, strict=True)))
        return {f"memory_{name}": out[name] for name in memory_names}

    def decode(tokens: Any, parents: Any, *flat: Any) -> dict:
        split = len(memory_names)
        rows = [ops.take(value, parents, axis=0) for value in flat[split:]]
        logits, new = network.step(dict(zip(memory_names, flat[:split], strict=True)),
                                   dict(zip(state_names, rows, strict=True)), tokens)
        out = {f"state_{name}": new[name] for name in state_names}
        return {"log_p": ops.log_softmax(logits, axis=-1), **out}

    numbers = np.zeros(width, np.int32)
    return (Endpoint(f"encode{suffix}", encode, {name: example[name] for name in in_names}),
            Endpoint(f"decode{suffix}", decode,
                     {"tokens": numbers, "parents": numbers}
                     | {f"memory_{name}": memory[name] for name in memory_names}
                     | {f"state_{name}": state[name] for name in state_names}))


def _check_content(path: Path, kind: str, parameters: int) -> None:
    """The weights must be in it, and no operation that a phone or a browser lacks."""
    megabytes, expected = path.stat().st_size / 1e6, parameters * BYTES[kind] / 1e6
    if not 0.8 * expected < megabytes < 1.3 * expected + 0.4:
        raise TegashikiError(f"{path}: {megabytes:.2f} MB for {parameters:,} parameters as {kind}, "
                             f"about {expected:.2f} MB; the weights are not in it as meant")
    converter.check_builtin(path)


def _answers(runtime: Runtime, inputs: Arrays, fed: np.ndarray, width: int) -> np.ndarray:
    """log_p of the first beam when it is fed `fed` int32 (n, t): (n, t, vocabulary)."""
    answers = []
    for row, tokens in enumerate(fed):
        memory = runtime.encode({name: value[row : row + 1] for name, value in inputs.items()})
        state = runtime.start(memory, width)
        for token in tokens:
            log_p, state = runtime.step(memory, state, np.full(width, token, np.int32))
            answers.append(np.array(log_p[0]))
    return np.reshape(answers, (*fed.shape, -1))


def _compare(path: Path, kind: str, expected: np.ndarray, found: np.ndarray) -> Exported:
    """How near the file comes to Keras; raise if that is not near enough to be a copy."""
    probable = ~(expected < -12)   # differences in what nobody would pick do not matter
    difference = float(np.abs(expected - found)[probable].max())
    agreement = float(np.mean(expected.argmax(-1) == found.argmax(-1)))
    if not difference <= TOLERANCE[kind]:   # also catches NaN, on either side
        raise TegashikiError(f"{path}: log probabilities differ from Keras by "
                             f"{difference:.3g}, more than {TOLERANCE[kind]}")
    return Exported(path, kind, path.stat().st_size / 1e6, difference, agreement)
