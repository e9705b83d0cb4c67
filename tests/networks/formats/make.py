"""Networks of other libraries and in other formats, saved by those libraries, and their loss as these compute it.

    KERAS_BACKEND=numpy python make.py     # needs numpy, keras, jax, flax, onnx; writes the files and expected.json beside it

L = 1/2 |h_T|^2 of the last state (both directions where there are two), h_0 = c_0 = 0, on the sequence saved as "input".
"""
import json
from pathlib import Path

import jax
import keras
import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper
import onnx.reference
from flax import linen, traverse_util

HERE = Path(__file__).parent
STEPS, INPUTS, UNITS = 12, 3, 4
rng = np.random.default_rng(7)
x = rng.normal(size=(STEPS, INPUTS))
expected = {}


def loss(name, *states):
    expected[name] = 0.5 * float(sum((np.asarray(state) ** 2).sum() for state in states))


# Keras, in double precision, with biases that are not zero.
keras.config.set_floatx("float64")
keras.utils.set_random_seed(7)
for name, layer in {
    "keras-lstm": keras.layers.LSTM(UNITS),
    "keras-gru": keras.layers.GRU(UNITS),
    "keras-gru-reset-before": keras.layers.GRU(UNITS, reset_after=False),
    "keras-rnn": keras.layers.SimpleRNN(UNITS),
    "keras-bidirectional": keras.layers.Bidirectional(keras.layers.GRU(UNITS)),
}.items():
    model = keras.Sequential([keras.Input((STEPS, INPUTS)), layer, keras.layers.Dense(2)])
    model.set_weights([w + rng.normal(size=w.shape) * 0.3 for w in model.get_weights()])
    loss(name, layer(x[None]))
    np.savez(HERE / f"{name}.npz", input=x, **{w.path: w.numpy() for w in model.weights})

# Flax, as a tree of nested lists in JSON.
jax.config.update("jax_enable_x64", True)
for name, cell in {
    "flax-lstm": linen.LSTMCell(UNITS, param_dtype=np.float64),
    "flax-optimized-lstm": linen.OptimizedLSTMCell(UNITS, param_dtype=np.float64),
    "flax-gru": linen.GRUCell(UNITS, param_dtype=np.float64),
    "flax-rnn": linen.SimpleCell(UNITS, param_dtype=np.float64),
}.items():
    carry = cell.initialize_carry(jax.random.key(0), (INPUTS,))
    params = cell.init(jax.random.key(1), carry, x[0])
    params = jax.tree.map(lambda w: np.asarray(w) + rng.normal(size=w.shape) * 0.3, params)
    for row in x:
        carry, output = cell.apply(params, carry, row)
    loss(name, output)
    tree = jax.tree.map(lambda w: w.tolist(), params)
    (HERE / f"{name}.json").write_text(json.dumps({**tree, "input": x.tolist()}) + "\n")
flat = traverse_util.flatten_dict(params, sep="/")
np.savez(HERE / "flax-rnn-flat.npz", input=x, **flat)
expected["flax-rnn-flat"] = expected["flax-rnn"]

# NumPy: an LSTM in PyTorch's layout, in all the ways that NumPy writes arrays.
lstm = {
    "weight_ih_l0": rng.normal(size=(4 * UNITS, INPUTS)),
    "weight_hh_l0": rng.normal(size=(4 * UNITS, UNITS)) * 0.5,
    "bias_ih_l0": rng.normal(size=4 * UNITS),
    "bias_hh_l0": rng.normal(size=4 * UNITS),
}
lstm = {name: w.astype(np.float16) for name, w in lstm.items()}  # every type holds these numbers
own_input = x.astype(np.float16)


def forward(p, xs):
    def sigmoid(v):
        return 1 / (1 + np.exp(-v))

    h = c = np.zeros(UNITS)
    for row in xs.astype(np.float64):
        sums = p["weight_ih_l0"] @ row + p["bias_ih_l0"] + p["weight_hh_l0"] @ h + p["bias_hh_l0"]
        i, f, g, o = np.split(sums, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


states = forward({name: w.astype(np.float64) for name, w in lstm.items()}, own_input)
for name, kind, order, save in [
    ("numpy-stored", "<f8", "C", np.savez),
    ("numpy-deflated", "<f8", "C", np.savez_compressed),
    ("numpy-f4", "<f4", "C", np.savez),
    ("numpy-f2", "<f2", "C", np.savez_compressed),
    ("numpy-big-endian", ">f8", "C", np.savez),
    ("numpy-big-endian-f4", ">f4", "F", np.savez_compressed),
    ("numpy-fortran", "<f8", "F", np.savez),
]:
    arrays = {f"rnn.{key}": np.asarray(w.astype(kind), order=order) for key, w in lstm.items()}
    save(HERE / f"{name}.npz", input=np.asarray(own_input.astype(kind), order=order), **arrays)
    loss(name, states)
np.savez(HERE / "numpy-nameless.npz", *lstm.values())
np.savez(HERE / "numpy-objects.npz", **{**lstm, "weight_hh_l0": np.array([lstm, None], dtype=object)})

# ONNX: one node of each kind, evaluated by ONNX's own reference.
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def node(op, name, directions, source, size, units=UNITS, **attributes):
    """The node, its initializers, and the names of what it puts out."""
    gates = GATES[op]
    arrays = {
        "W": rng.normal(size=(directions, gates * units, size)) * 0.5,
        "R": rng.normal(size=(directions, gates * units, units)) * 0.5,
        "B": rng.normal(size=(directions, 2 * gates * units)) * 0.5,
    }
    if directions == 2:
        attributes["direction"] = "bidirectional"
    inputs = [source, *(f"{name}_{part}" for part in arrays)]
    outputs = [f"{name}_Y", f"{name}_Y_h"]
    made = onnx.helper.make_node(op, inputs, outputs, name=name, hidden_size=units, **attributes)
    return made, [onnx.numpy_helper.from_array(w, f"{name}_{part}") for part, w in arrays.items()]


def onnx_model(file, nodes, initializers, output, runs=True):
    number = onnx.TensorProto.DOUBLE
    graph = onnx.helper.make_graph(
        nodes,
        "g",
        [onnx.helper.make_tensor_value_info("x", number, [STEPS, 1, INPUTS])],
        [onnx.helper.make_tensor_value_info(output, number, None)],
        [*initializers, onnx.numpy_helper.from_array(x, "input")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    onnx.save(model, HERE / f"{file}.onnx")
    if runs:
        return onnx.reference.ReferenceEvaluator(model).run(None, {"x": x[:, None]})[0]
    return None


for file, op, directions, attributes in [
    ("onnx-rnn", "RNN", 1, {}),
    ("onnx-lstm", "LSTM", 1, {}),
    ("onnx-gru", "GRU", 1, dict(linear_before_reset=1)),
    ("onnx-gru-reset-before", "GRU", 1, {}),
]:
    made, weights = node(op, "layer", directions, "x", INPUTS, **attributes)
    loss(file, onnx_model(file, [made], weights, "layer_Y_h"))
# ReLU, which the reference evaluator does not have.
made, weights = node("RNN", "layer", 1, "x", INPUTS, activations=["Relu"])
onnx_model("onnx-rnn-relu", [made], weights, "layer_Y_h", runs=False)
w, r, b = (onnx.numpy_helper.to_array(tensor)[0] for tensor in weights)
h = np.zeros(UNITS)
for row in x:
    h = np.maximum(w @ row + r @ h + b[:UNITS] + b[UNITS:], 0)
loss("onnx-rnn-relu", h)
# Two layers, one above the other, as PyTorch exports them.
first, weights = node("LSTM", "first", 1, "x", INPUTS)
second, more = node("LSTM", "second", 1, "squeezed", UNITS)
axes = onnx.numpy_helper.from_array(np.array([1]), "axes")
squeeze = onnx.helper.make_node("Squeeze", ["first_Y", "axes"], ["squeezed"])
loss("onnx-two-layers", onnx_model("onnx-two-layers", [first, squeeze, second], [*weights, *more, axes], "second_Y_h"))

(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
