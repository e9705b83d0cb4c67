"""A network of one's own in a figure."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ._figure import Figure
from ._safetensors import encode, shape_of

_RECURRENT = re.compile(r"(.*?)(weight|bias)_(ih|hh|hr)(_l\d+(_reverse)?)?$")
_CELLS = {1: "rnn", 3: "gru", 4: "lstm"}


def show(network: Any, inputs: Any = None, figure: str = "gradient-norms", query: str = "", **values: Any) -> Figure:
    """Shows a figure of your own network: ‖∂L/∂h_t‖, its direction, its spectrum, its gates.

    >>> show(model)
    >>> show(model.state_dict(), inputs=x, figure="spectrum", time=12)

    The weights are sent to your browser, as a safetensors file with the tensors of the recurrent networks alone, and from
    there nowhere.

    Args:
        network: a PyTorch module that is or holds an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` (or their cells), or a state
            dict: names and tensors, NumPy arrays or lists. Of several networks the largest is shown.
        inputs: a sequence of shape ``(T, features)`` that it is run on; without one, random inputs.
        figure: the slug of the figure.
        query: parameters as in an address.
        **values: parameters by their names.

    Raises:
        ValueError: if there is no such network in it, or the inputs have another shape.
    """
    tensors, activation = _tensors(network)
    cell, features = _cell_of(tensors)
    if inputs is not None:
        shape = shape_of(inputs)
        if len(shape) != 2 or shape[1] != features:
            raise ValueError(f"inputs have the shape (T, {features}), not {tuple(shape)}")
        tensors = {**tensors, "input": inputs}
    values.setdefault("cell", cell)
    if activation and cell == "rnn":
        values.setdefault("activation", activation)
    name = "network" if isinstance(network, Mapping) else type(network).__name__
    weights = encode(tensors)
    return Figure(figure, query, weights=weights, weights_name=f"{name}.safetensors", **values)


def _tensors(network: Any) -> tuple[dict[str, Any], str | None]:
    """The tensors of its recurrent networks, and the activation where a module says it."""
    activation = None
    if hasattr(network, "state_dict"):
        for module in network.modules() if hasattr(network, "modules") else ():
            activation = activation or getattr(module, "nonlinearity", None)
        network = network.state_dict()
    if not isinstance(network, Mapping):
        raise ValueError(f"a {type(network).__name__} is neither a PyTorch module nor a state dict")
    return {name: tensor for name, tensor in network.items() if _RECURRENT.match(name)}, activation


def _cell_of(tensors: Mapping[str, Any]) -> tuple[str, int]:
    """The kind of the largest network's cell, and the size of its inputs."""
    largest = None
    for name, tensor in tensors.items():
        found = _RECURRENT.match(name)
        shape = shape_of(tensor)
        if found and found[2] == "weight" and found[3] == "hh" and found[4] in (None, "_l0") and len(shape) == 2:
            if largest is None or shape[1] > largest[1]:
                largest = (found[1] + "weight_ih" + (found[4] or ""), shape[1], shape[0])
    if largest is None:
        raise ValueError("there is no nn.RNN, nn.LSTM or nn.GRU in it: no tensor is called weight_hh_l0 or weight_hh")
    name, size, rows = largest
    if name not in tensors or rows % size or rows // size not in _CELLS:
        raise ValueError(f"{name} and what belongs to it are not those of an nn.RNN, nn.LSTM or nn.GRU")
    return _CELLS[rows // size], shape_of(tensors[name])[1]
