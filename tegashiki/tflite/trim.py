"""A .tflite without what stands in it more than once and without what nobody reads.

    smaller = trimmed(content)          # bytes -> bytes; the same answers, bit for bit

Each signature is a graph of its own. The converter stores weights once however many graphs use
them, but writes their quantisation (a scale and a zero point for each channel) and the names of all
tensors again and again. Written once, and without names, a second pair of signatures for little
ink costs 0.1 MB instead of 0.25 MB.
"""

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

ALIGNMENT = 16              # of constants, bytes; `force_align` in the schema of TensorFlow Lite
IDENTIFIER = b"TFL3"


def trimmed(content: bytes) -> bytes:
    """The same model in fewer bytes; signatures keep the names of their inputs and outputs."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    known: dict[bytes, _Once] = {}
    for graph in model.subgraphs:
        for tensor in graph.tensors:
            tensor.name = None
            if tensor.quantization is not None:
                one = _Once(tensor.quantization)
                tensor.quantization = known.setdefault(one.key(), one)
    model.buffers = [_Aligned(buffer) for buffer in model.buffers]
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


class _Once:
    """Quantisation that is written the first time and pointed to from then on."""

    def __init__(self, quantization: Any) -> None:
        self._it, self._offset = quantization, None

    def key(self) -> bytes:
        """Equal for what would be written equally."""
        builder = flatbuffers.Builder(64)
        builder.Finish(self._it.Pack(builder))
        return bytes(builder.Output())

    def Pack(self, builder: Any) -> int:
        if self._offset is None:
            self._offset = self._it.Pack(builder)
        return self._offset


class _Aligned:
    """A constant that begins where the schema wants it; the generated Python code forgets to."""

    def __init__(self, buffer: Any) -> None:
        self._it = buffer

    def Pack(self, builder: Any) -> int:
        if self._it.data is not None:
            self._it.data = np.asarray(self._it.data, np.uint8)
            builder.Prep(ALIGNMENT, len(self._it.data))
        return self._it.Pack(builder)
