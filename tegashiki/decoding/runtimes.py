"""What runs a network while it decodes: Keras during training, LiteRT for the exported file.

    runtime = LiteRuntime("model.int8.tflite")
    memory = runtime.encode(inputs)
    log_p, state = runtime.step(memory, runtime.start(memory, rows=5), tokens)

All of them speak numpy.
"""

import os
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tegashiki.errors import TegashikiError

Arrays = dict[str, np.ndarray]


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

    def attention(self, state: Arrays) -> np.ndarray | None:
        """How much of each stroke went into the scores just given: (rows, strokes), if known."""
        return state.get("look")        # its name in model files, since the first of them


class KerasRuntime(Runtime):
    """Runs a network through Keras, on whatever backend trains it."""

    def __init__(self, network: Any, compiled: bool = True) -> None:
        """`compiled=False` answers a few steps sooner than XLA is ready for the first."""
        import keras

        class Part(keras.Model):
            """Holds the network, so that JAX is handed its weights as they are at each call."""

            def __init__(self) -> None:
                super().__init__()
                self.whole = network

        class Encode(Part):
            def call(self, inputs: dict) -> dict:
                return self.whole.encode(inputs)

        class Step(Part):
            def call(self, inputs: dict) -> dict:
                logits, state = self.whole.step(inputs["memory"], inputs["state"], inputs["tokens"])
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
    """Runs an exported .tflite with LiteRT: the file that the phone and the browser run.

    A file may have several pairs of signatures, one for each shape bucket (see `tflite.export`).
    Which one answers follows from the shapes of what is given.
    """

    def __init__(self, path: str | os.PathLike, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.path = Path(path)
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
            runners = {name: self._interpreter.get_signature_runner(name)
                       for name in self._interpreter.get_signature_list()}
            self._encoders, self._decoders = (
                {_shapes(runner.get_input_details(), only): runner
                 for name, runner in runners.items() if name.startswith(kind)}
                for kind, only in (("encode", ""), ("decode", "memory_")))
            if "encode" not in runners or "decode" not in runners:
                raise ValueError("no signatures encode and decode")
        except (ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise TegashikiError(
                f"{path}: not a model of ours ({reason}); export it again") from None

    def encode(self, inputs: Arrays) -> Arrays:
        """See Runtime."""
        return self._fitting(self._encoders, inputs)(**inputs)

    def start(self, memory: Arrays, rows: int) -> Arrays:
        """See Runtime."""
        details = self._fitting(self._decoders, memory).get_input_details()
        return {name: np.zeros(detail["shape"], detail["dtype"])
                for name, detail in details.items() if name.startswith("state_")}

    def step(self, memory: Arrays, state: Arrays, tokens: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """See Runtime."""
        parents = state.get("parents", np.arange(len(tokens), dtype=np.int32))
        tensors = {name: value for name, value in state.items() if name != "parents"}
        run = self._fitting(self._decoders, memory)
        out = run(tokens=tokens.astype(np.int32), parents=parents, **memory, **tensors)
        return out.pop("log_p"), out

    def _fitting(self, runners: dict[frozenset, Any], given: Arrays) -> Any:
        """The signature that takes arrays of these shapes."""
        try:
            return runners[frozenset((name, value.shape) for name, value in given.items())]
        except KeyError:
            shapes = {name: value.shape for name, value in given.items()}
            raise TegashikiError(f"{self.path}: has no signature for {shapes}; pad the ink to one "
                                 "of the model's sizes") from None

    def reorder(self, state: Arrays, parents: np.ndarray) -> Arrays:
        """Left to the next step: the file picks the rows itself, so the state need not be moved."""
        return state | {"parents": parents.astype(np.int32)}

    def attention(self, state: Arrays) -> np.ndarray | None:
        """See Runtime."""
        return state.get("state_look")


def _shapes(details: dict[str, dict], only: str) -> frozenset:
    """(name, shape) of the inputs whose names begin with `only`."""
    return frozenset((name, tuple(detail["shape"].tolist()))
                     for name, detail in details.items() if name.startswith(only))
