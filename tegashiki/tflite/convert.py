"""A small Keras model as one .tflite of builtin operations, checked against Keras.

    small = write(model, "tagger.tflite", {"x": ids})       # raises if the file is no copy
    answers = Lite(small.path)(x=ids)                       # {"y": (b, t, tags)}
    carried = carry(Lite(path), chunks)                     # a stateful one: state in, state out

Shapes are those of the probe, the batch included: a recurrent layer becomes a builtin WHILE only
with a static batch. `tegashiki.tflite.export` does it for recognisers, with two signatures.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.tflite import converter


@dataclass(frozen=True)
class Small:
    """A written file and how near it comes to Keras."""

    path: Path
    kilobytes: float
    difference: float      # largest over all outputs on the probe


class Lite:
    """Runs such a file with LiteRT."""

    def __init__(self, path: str | os.PathLike) -> None:
        """Raises TegashikiError if it is no such file."""
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=1)
            self._run = self._interpreter.get_signature_runner("serve")
        except (ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise TegashikiError(f"{path}: not a model that `tflite.write` wrote ({reason}); "
                                 "export it again") from None

    def __call__(self, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Inputs by name -> outputs by name; "y" is a model's only output."""
        return self._run(**inputs)

    def zeros(self) -> dict[str, np.ndarray]:
        """The `state_*` to begin with."""
        return {name: np.zeros(detail["shape"], detail["dtype"])
                for name, detail in self._run.get_input_details().items()
                if name.startswith("state_")}

    def operations(self) -> set[str]:
        """Names of the operations in the file."""
        return {detail["op_name"] for detail in self._interpreter._get_ops_details()}


def write(model: Any, path: str | Path, probe: dict[str, np.ndarray],
          tolerance: float = 1e-3, kind: str = "float32") -> Small:
    """Write the file and compare it with Keras on the probe, {input name: array}.

    `kind`: how weights are stored, one of `converter.KINDS`. Raises TegashikiError, and leaves no
    file, if answers differ by more than `tolerance`, if an operation is not builtin, or if the
    weights are not in it.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(_convert(model, probe, kind))
        lite = Lite(temporary)
        converter.check_builtin(temporary, path)
        kilobytes = temporary.stat().st_size / 1e3
        if kilobytes < 0.8e-3 * converter.BYTES[kind] * model.count_params():
            raise TegashikiError(f"{path}: {kilobytes:.0f} kB for {model.count_params():,} "
                                 "parameters; the weights are not in it")
        difference = _difference(_named(_answer(model, probe)), lite(**probe))
        if not difference <= tolerance:   # also catches NaN
            raise TegashikiError(f"{path}: answers differ from Keras by {difference:.3g}, more "
                                 f"than {tolerance}")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return Small(path, kilobytes, difference)


def carry(lite: Lite, chunks: Iterable[np.ndarray]) -> np.ndarray:
    """Feed chunks one after the other, each with the state that the one before it left.

    Returns the stacked "y": (chunks, ...).
    """
    state, answers = lite.zeros(), []
    for chunk in chunks:
        out = lite(x=chunk, **state)
        answers.append(out.pop("y"))
        state = out
    return np.stack(answers)


def _convert(model: Any, probe: dict[str, np.ndarray], kind: str) -> bytes:
    names = sorted(probe)

    def serve(*flat: Any) -> dict:
        return _named(_answer(model, dict(zip(names, flat, strict=True))))

    inputs = {name: probe[name] for name in names}
    return converter.flat_buffer(model, [converter.Endpoint("serve", serve, inputs)], kind)


def _answer(model: Any, inputs: dict[str, Any]) -> Any:
    """A model of one input takes it bare."""
    only = next(iter(inputs.values())) if len(inputs) == 1 else inputs
    return model(only, training=False)


def _named(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {"y": answer}


def _difference(expected: dict[str, Any], found: dict[str, np.ndarray]) -> float:
    return max(float(np.abs(np.asarray(value) - found[name]).max())
               for name, value in expected.items())
