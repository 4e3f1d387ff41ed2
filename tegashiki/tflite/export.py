"""One .tflite with the signatures `encode` and `decode`, checked against Keras, with its card.

    files = export(network, folder, probe, size=64)            # float32, float16 and int8
    recognizer = load_recognizer(folder)                    # runs the int8 file

`encode`: the network's inputs for one expression, padded to `size` -> `memory_*`. `decode`: the
memory, `state_*` of `width` beams (zeros at the start), `parents` int32 (width,), which of its rows
each beam goes on from, and `tokens` int32 (width,) -> `log_p` (width, vocabulary) and the next
`state_*`, which may be fed back as it is. Shapes are static and all operations are builtin, so
that the same file runs in Python, on a phone and in the browser. Most formulas are short: for them
the file can have the same two once more with less room, `encode_24` and `decode_24` for ink padded
to 24. They use the same weights, which are stored once.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki import networks
from tegashiki.decoding.decode import Arrays, KerasRuntime, LiteRuntime, Recognizer, Room, Runtime
from tegashiki.errors import TegashikiError
from tegashiki.tex import tokenizer as tokenizers
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import Vocabulary
from tegashiki.tflite import trim

VERSION = 1
KINDS = ("float32", "float16", "int8")
BYTES = {"float32": 4.0, "float16": 2.0, "int8": 1.0}   # a weight
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
           kinds: tuple[str, ...] = KINDS, small: Sequence[Room] = ()) -> list[Exported]:
    """Write `model.<kind>.tflite` for each kind and compare each with Keras on the probe.

    `probe`: inputs of a few expressions (n, ...), padded to `size`, with `tokens` int32 (n, t) to
    feed. `small`: rooms for which the file gets signatures of their own. Raises TegashikiError when
    a file is no copy of the network: answers that differ more than TOLERANCE, an operation that is
    not builtin, or a size that does not fit the parameters.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {name: value for name, value in probe.items() if name != "tokens"}
    rooms = [*small, Room(size, network.LENGTHS[-1])]
    saved = Path(tempfile.mkdtemp(prefix="tegashiki-export-"))
    try:
        _save_model(network, saved, {k: v[:1] for k, v in inputs.items()}, width, rooms)
        fed = probe["tokens"][:, :PROBE_STEPS]
        keras_runtime = KerasRuntime(network, compiled=False)
        # Ink cut to the first strokes is ink too: it tells whether a small room answers rightly.
        cut = [{k: v[:, : room.size] for k, v in inputs.items()} for room in rooms]
        expected = [_answers(keras_runtime, part, fed, width) for part in cut]
        written = []
        for kind in kinds:
            path = folder / f"model.{kind}.tflite"
            _write(path, trim.trimmed(_convert(saved, kind, rooms)))
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
                      epsilon: float, kind: str = "int8", small: Sequence[Room] = (),
                      **more: Any) -> None:
    """`vocabulary.txt` and `model.json` beside the files: what `load_recognizer` needs."""
    folder = Path(folder)
    _write(folder / "vocabulary.txt", ("\n".join(tokenizer.vocabulary.tokens) + "\n").encode())
    rooms = [*small, Room(size, network.LENGTHS[-1])]
    description = {"VERSION": VERSION, **networks.describe(network), "size": size, "width": width,
                   "length": network.LENGTHS[-1], "epsilon": epsilon,
                   "sizes": [room.size for room in rooms],
                   "lengths": [room.length for room in rooms],
                   "file": f"model.{kind}.tflite",
                   "spelling": tokenizer.name,
                   "vocabulary": tokenizer.vocabulary.sha256, **more}
    _write(folder / "model.json", (json.dumps(description, indent=2) + "\n").encode())


def load_recognizer(folder: str | Path, file: str | None = None) -> Recognizer:
    """A recogniser from a folder that `export` and `write_description` made.

    Raises TegashikiError when something is missing or the vocabulary is another one.
    """
    folder = Path(folder)
    try:
        description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TegashikiError(
            f"{folder}: no exported recogniser ({error}); run the export step") from None
    if not isinstance(description, dict) or description.get("VERSION") != VERSION:
        raise TegashikiError(f"{folder}/model.json: not of VERSION {VERSION}, which this code "
                             "reads; export again")
    try:
        return _described(folder, description, file)
    except KeyError as error:
        raise TegashikiError(f"{folder}/model.json: {error} is missing; export again") from None


def _described(folder: Path, description: dict, file: str | None) -> Recognizer:
    """The recogniser that `write_description` described."""
    tokenizer = tokenizers.by_name(description["spelling"])
    for vocabulary in (tokenizer.vocabulary, Vocabulary.load(folder / "vocabulary.txt")):
        if vocabulary.sha256 != description["vocabulary"]:
            raise TegashikiError(f"{folder}/vocabulary.txt: not the vocabulary of this model; "
                                 "restore it, or use the package that the model was made with")
    features = networks.features_of(description["network"])
    runtime = LiteRuntime(folder / (file or description["file"]))
    # Files of before there were small rooms have the one.
    rooms = list(map(Room, description.get("sizes", [description["size"]]),
                     description.get("lengths", [description["length"]])))
    return Recognizer(runtime, features, tokenizer, rooms, width=description["width"],
                      epsilon=description["epsilon"],
                      temperature=description.get("temperature", 1.0))


def _save_model(network: Any, folder: Path, example: dict[str, np.ndarray], width: int,
                rooms: Sequence[Room]) -> None:
    """A SavedModel with two signatures for each room; `example` fills the last."""
    import tensorflow as tf
    from keras.export import ExportArchive

    tf.get_logger().setLevel("ERROR")   # it would tell where its temporary files went
    archive = ExportArchive()
    archive.track(network)
    for room, (encode, decode) in zip(rooms, _signatures(rooms), strict=True):
        cut = {name: value[:, : room.size] for name, value in example.items()}
        _add_signatures(archive, network, cut, width, room.length, encode, decode)
    archive.write_out(str(folder), verbose=False)


def _signatures(rooms: Sequence[Room]) -> list[tuple[str, str]]:
    """Names of each room's signatures; the last, which any ink fits, has the bare ones."""
    small = [(f"encode_{room.size}", f"decode_{room.size}") for room in rooms[:-1]]
    return [*small, ("encode", "decode")]


def _add_signatures(archive: Any, network: Any, example: dict[str, np.ndarray], width: int,
                    length: int, encode_name: str, decode_name: str) -> None:
    """Two endpoints for inputs of the example's shapes. Flat arguments: their names survive."""
    import tensorflow as tf
    from keras import ops

    memory = network.encode(example)
    state = network.start(memory, width, length)
    in_names, memory_names, state_names = sorted(example), sorted(memory), sorted(state)

    def spec(name: str, value: Any) -> Any:
        return tf.TensorSpec(tuple(value.shape), tf.as_dtype(value.dtype), name=name)

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

    archive.add_endpoint(encode_name, tf.function(encode, input_signature=[
        spec(name, example[name]) for name in in_names]))
    archive.add_endpoint(decode_name, tf.function(decode, input_signature=[
        tf.TensorSpec((width,), tf.int32, name="tokens"),
        tf.TensorSpec((width,), tf.int32, name="parents"),
        *[spec(f"memory_{name}", memory[name]) for name in memory_names],
        *[spec(f"state_{name}", state[name]) for name in state_names]]))


def _convert(saved: Path, kind: str, rooms: Sequence[Room]) -> bytes:
    """SavedModel -> flat buffer; `int8` quantises the weights and computes in float."""
    import tensorflow as tf

    keys = [name for pair in _signatures(rooms) for name in pair]
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved), signature_keys=keys)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def _check_content(path: Path, kind: str, parameters: int) -> None:
    """The weights must be in it, and no operation that a phone or a browser lacks."""
    megabytes, expected = path.stat().st_size / 1e6, parameters * BYTES[kind] / 1e6
    if not 0.8 * expected < megabytes < 1.3 * expected + 0.4:
        raise TegashikiError(f"{path}: {megabytes:.2f} MB for {parameters:,} parameters as {kind}, "
                             f"about {expected:.2f} MB; the weights are not in it as meant")
    flex = [name for name in LiteRuntime(path).operations() if name.startswith("Flex")]
    if flex:
        raise TegashikiError(f"{path}: needs {', '.join(flex)}; use builtin operations only")


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


def _write(path: Path, content: bytes) -> None:
    """To a temporary name, then moved: a kill leaves no half file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
