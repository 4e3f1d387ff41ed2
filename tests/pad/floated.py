"""A quantised recogniser with its weights written out as float32: the same file, without rounding.

    floated(Path("model.int8.tflite"), Path("model.float32.tflite"))

An int8 file rounds activations on the way, and two engines do so here and there to different sides;
after this the two must agree to float32's own precision, which is what a test of the code around
the engines wants.
"""

from pathlib import Path

import numpy as np


def floated(source: Path, target: Path) -> None:
    """Write `target`, in which every int8 weight of `source` is float32 again."""
    from ai_edge_litert import schema_py_generated as schema
    from flatbuffers import Builder

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(source.read_bytes(), 0))
    for graph in model.subgraphs:
        for tensor in graph.tensors:
            content = model.buffers[tensor.buffer].data
            if tensor.type == schema.TensorType.INT8 and content is not None and len(content):
                _float(schema, model, tensor, np.asarray(content, np.uint8).view(np.int8))
        _drop_dequantize(schema, model, graph)
    builder = Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    target.write_bytes(bytes(builder.Output()))


def _float(schema, model, tensor, whole: np.ndarray) -> None:
    """Give one tensor a buffer of its own with its values."""
    kept = tensor.quantization
    shape = [1] * len(tensor.shape)
    if len(kept.scale) > 1:
        shape[kept.quantizedDimension] = len(kept.scale)
    values = whole.reshape(tensor.shape).astype(np.float32)
    values = (values - np.reshape(kept.zeroPoint, shape)) * np.reshape(kept.scale, shape)
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(values.astype(np.float32).tobytes(), np.uint8)
    model.buffers.append(buffer)
    tensor.buffer, tensor.type = len(model.buffers) - 1, schema.TensorType.FLOAT32
    tensor.quantization = None


def _drop_dequantize(schema, model, graph) -> None:
    """What was gathered as int8 and dequantised is gathered as it is."""
    code = schema.BuiltinOperator.DEQUANTIZE
    dropped = [op for op in graph.operators
               if model.operatorCodes[op.opcodeIndex].builtinCode == code]
    for gone in dropped:
        for op in graph.operators:
            if gone.inputs[0] in op.outputs:
                op.outputs = gone.outputs
    graph.operators = [op for op in graph.operators if op not in dropped]
