"""The trained network -> `judge.onnx`: weights in eight bits, arithmetic in thirty-two.

Each matrix is stored as int8 with one scale an output (an embedding: one a word) and is turned back into floats when
the file is opened. Arithmetic on integers would be twice as fast, but rounds the states of every layer: what differs
between two processors in the seventh digit then comes out in the first (docs/notes/judge.md).
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from communique.judge.encoding import MOST_TOKENS
from training.model import JudgeModel

_LEAST = 10_000  # smaller tensors (biases, norms, the last layers) stay as they are


def to_onnx(model: JudgeModel) -> onnx.ModelProto:
    """Return the network as a graph: `ids` [1, length] -> logits of relation, related, status, stance."""
    model = model.eval()
    places = model.encoder.embeddings.position_embeddings
    places.weight = torch.nn.Parameter(places.weight[:MOST_TOKENS].detach().clone())
    sample = torch.tensor([[101, 2, 2023, 3, 4, 2008, 5, 102]])
    target = io.BytesIO()
    torch.onnx.export(
        model, (sample,), target, input_names=["ids"], output_names=["relation", "related", "status", "stance"],
        dynamic_axes={"ids": {1: "length"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    return onnx.load_from_string(target.getvalue())


def in_eight_bits(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy of the graph with its large matrices stored as int8."""
    graph = onnx.ModelProto.FromString(graph.SerializeToString())
    users = {name: node for node in graph.graph.node for name in node.input}
    kept, nodes = [], []
    for tensor in graph.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < _LEAST:
            kept.append(tensor)
            continue
        user = users[tensor.name]
        # Gather: a row is a word. Gemm with transB: a row is an output. MatMul: a column is an output.
        axis = 1 if user.op_type == "MatMul" else 0
        largest = np.abs(values).max(axis=1 - axis)
        scales = np.maximum(largest / 127.0, 1e-12).astype(np.float32)
        shaped = scales[:, None] if axis == 0 else scales[None, :]
        whole = np.clip(np.rint(values / shaped), -127, 127).astype(np.int8)
        kept.append(numpy_helper.from_array(whole, tensor.name + ".int8"))
        if user.op_type == "Gather" and user.input[0] == tensor.name:
            kept.append(numpy_helper.from_array(scales, tensor.name + ".scale"))
            _gathered(user, tensor.name, kept, nodes)
        else:
            # Not DequantizeLinear: the runtime would take that as leave to compute with integers.
            kept.append(numpy_helper.from_array(shaped, tensor.name + ".scale"))
            nodes += [
                helper.make_node("Cast", [tensor.name + ".int8"], [tensor.name + ".float"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [tensor.name + ".float", tensor.name + ".scale"], [tensor.name]),
            ]
    rest = list(graph.graph.node)
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(kept)
    del graph.graph.node[:]
    graph.graph.node.extend(nodes + rest)
    onnx.checker.check_model(graph)
    return graph


def _gathered(user: onnx.NodeProto, name: str, kept: list, nodes: list) -> None:
    """Rewrite the look-up of a word: fetch its row of int8 and its scale, then multiply. `user` becomes the product."""
    ids, result = user.input[1], user.output[0]
    kept.append(numpy_helper.from_array(np.array([-1], dtype=np.int64), name + ".last"))
    nodes += [
        helper.make_node("Gather", [name + ".int8", ids], [name + ".row"]),
        helper.make_node("Gather", [name + ".scale", ids], [name + ".row_scale"]),
        helper.make_node("Cast", [name + ".row"], [name + ".row_float"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", [name + ".row_scale", name + ".last"], [name + ".column"]),
    ]
    product = helper.make_node("Mul", [name + ".row_float", name + ".column"], [result], name=user.name)
    user.CopyFrom(product)


def save(graph: onnx.ModelProto, path: Path) -> None:
    """Write the graph; the same graph gives the same bytes."""
    path.write_bytes(graph.SerializeToString(deterministic=True))
