"""Networks of one's own, without PyTorch: from what it saved."""

import json
import struct
from pathlib import Path

import numpy
import pytest

from vanishing_point import Figure, show
from vanishing_point._safetensors import encode

NETWORKS = Path(__file__).parents[2] / "tests" / "networks"


def read(content):
    """The tensors of a safetensors file, as arrays."""
    (length,) = struct.unpack("<Q", content[:8])
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    dtypes = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
    return {
        name: numpy.frombuffer(data[slice(*one["data_offsets"])], dtypes[one["dtype"]]).reshape(one["shape"])
        for name, one in header.items()
        if name != "__metadata__"
    }


@pytest.mark.parametrize(
    ("name", "cell"), [("rnn-tanh", "rnn"), ("rnn-relu", "rnn"), ("lstm", "lstm"), ("lstm-no-bias", "lstm"), ("gru", "gru")]
)
def test_a_state_dict_of_pytorch_becomes_its_recurrent_tensors(name, cell):
    tensors = read((NETWORKS / f"{name}.safetensors").read_bytes())
    inputs = tensors.pop("input")
    figure = show(tensors, inputs=inputs)
    assert isinstance(figure, Figure) and figure.cell == cell
    sent = read(figure.weights)
    assert "head.weight" not in sent and "head.weight" in tensors
    assert set(sent) == {key for key in tensors if key != "head.weight"} | {"input"}
    for key, values in sent.items():
        numpy.testing.assert_array_equal(values, inputs if key == "input" else tensors[key])


def test_lists_and_halves_can_be_shown():
    content = encode({"a": [[1, 2.5], [3, 4]], "b": numpy.ones((2, 3), "float16"), "c": numpy.arange(3, dtype=">f8")})
    tensors = read(content)
    assert tensors["a"].tolist() == [[1, 2.5], [3, 4]] and tensors["b"].shape == (2, 3)
    assert tensors["c"].tolist() == [0, 1, 2]
    assert struct.unpack("<Q", content[:8])[0] % 8 == 0


def test_a_slice_that_is_not_contiguous_keeps_its_order():
    whole = numpy.arange(12.0).reshape(3, 4)
    assert read(encode({"a": whole.T}))["a"].tolist() == whole.T.tolist()


def weights(rows, size, features=2):
    return {"l.weight_ih_l0": numpy.zeros((rows, features)), "l.weight_hh_l0": numpy.zeros((rows, size))}


@pytest.mark.parametrize(
    ("network", "options", "says"),
    [
        ({"head.weight": numpy.zeros((2, 2))}, {}, "there is no nn.RNN, nn.LSTM or nn.GRU in it"),
        (weights(10, 4), {}, "are not those of an nn.RNN, nn.LSTM or nn.GRU"),
        (weights(16, 4), {"inputs": numpy.zeros((5, 3))}, "inputs have the shape (T, 2), not (5, 3)"),
        (weights(16, 4), {"inputs": numpy.zeros((5, 1, 2))}, "not (5, 1, 2)"),
        (3, {}, "a int is neither a PyTorch module nor a state dict"),
        (weights(16, 4), {"cels": "lstm"}, "there is no parameter 'cels'"),
    ],
)
def test_what_cannot_be_shown_is_said(network, options, says):
    with pytest.raises(ValueError) as refused:
        show(network, **options)
    assert says in str(refused.value)


def test_numbers_that_are_no_floats_are_refused_by_name():
    with pytest.raises(TypeError, match="l.weight_hh_l0 has the type int64"):
        show({**weights(16, 4), "l.weight_hh_l0": numpy.zeros((16, 4), "int64")})
