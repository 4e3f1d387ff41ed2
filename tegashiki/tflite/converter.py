"""Keras functions as one .tflite of builtin operations: the way to the converter, for every series.

    content = flat_buffer(model, [Endpoint("serve", model.call, {"x": probe})], kind="int8")
    check_builtin(path)          # raises if a phone or a browser could not run the file

Each endpoint becomes a signature with static shapes; weights are stored once. What a file says is
compared with Keras where it is written: see `convert` for one signature, `export` for recognisers.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError

KINDS = ("float32", "float16", "int8")
BYTES = {"float32": 4.0, "float16": 2.0, "int8": 1.0}   # a weight


@dataclass(frozen=True)
class Endpoint:
    """One function that the file answers to."""

    name: str                        # of the signature
    function: Callable[..., Any]     # called with one tensor for each of `inputs`, in their order
    inputs: dict[str, Any]           # name: an array or tensor of the shape and type that it takes


def flat_buffer(model: Any, endpoints: Sequence[Endpoint], kind: str = "float32") -> bytes:
    """The file as bytes. `model`: the Keras model that holds the weights that endpoints use."""
    folder = Path(tempfile.mkdtemp(prefix="tegashiki-export-"))
    try:
        save(model, endpoints, folder)
        return convert(folder, [endpoint.name for endpoint in endpoints], kind)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def save(model: Any, endpoints: Sequence[Endpoint], folder: Path) -> None:
    """A SavedModel in `folder`, from which files of several kinds can be converted."""
    import tensorflow as tf
    from keras.export import ExportArchive

    archive = ExportArchive()
    archive.track(model)
    for endpoint in endpoints:
        # Flat arguments: their names survive.
        archive.add_endpoint(endpoint.name, tf.function(endpoint.function, input_signature=[
            tf.TensorSpec(tuple(value.shape), tf.as_dtype(value.dtype), name=name)
            for name, value in endpoint.inputs.items()]))
    with _quiet():
        archive.write_out(str(folder), verbose=False)


def convert(folder: Path, names: Sequence[str], kind: str) -> bytes:
    """SavedModel -> flat buffer with these signatures.

    `kind`: how weights are stored, one of KINDS; with "int8" and "float16" it computes in float.
    """
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder), signature_keys=list(names))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    with _quiet():
        return converter.convert()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """TensorFlow tells where its temporary folders are, which belongs into nobody's log."""
    import tensorflow as tf

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


def operations(path: Path) -> set[str]:
    """Names of the operations in a file. Raises TegashikiError if it is none of ours."""
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_path=str(path))
    except (ValueError, RuntimeError) as error:
        raise TegashikiError(f"{path}: not a model of ours ({str(error).splitlines()[0]}); "
                             "export it again") from None
    return {detail["op_name"] for detail in interpreter._get_ops_details()}


def check_builtin(file: Path, path: Path | None = None) -> None:
    """Raises TegashikiError if the file needs an operation that a phone or a browser lacks.

    `path`: what it will be called, if that is not yet its name.
    """
    flex = sorted(name for name in operations(file) if name.startswith("Flex"))
    if flex:
        raise TegashikiError(
            f"{path or file}: needs {', '.join(flex)}; use builtin operations only")
