"""Tensors as the bytes of a safetensors file.

    8 bytes   length of the header, little-endian
    header    JSON: name -> dtype, shape, [begin, end) within the data
    data      the tensors, row by row, little-endian
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from typing import Any, Mapping

_DTYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"}


def encode(tensors: Mapping[str, Any]) -> bytes:
    """The bytes of a file with these tensors: PyTorch tensors, NumPy arrays, or lists of numbers.

    Raises:
        TypeError: if one of them is none of these, or has a type that is not a floating-point number's.
    """
    header: dict[str, Any] = {}
    parts: list[bytes] = []
    begin = 0
    for name, tensor in tensors.items():
        dtype, shape, content = _plain(name, tensor)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, begin + len(content)]}
        begin += len(content)
        parts.append(content)
    text = json.dumps(header, separators=(",", ":")).encode()
    # The data begin at a multiple of eight.
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def shape_of(tensor: Any) -> list[int]:
    """The shape of a tensor, an array or a list of numbers."""
    if hasattr(tensor, "shape"):
        return [int(size) for size in tensor.shape]
    shape = []
    while isinstance(tensor, (list, tuple)):
        shape.append(len(tensor))
        tensor = tensor[0] if tensor else None
    return shape


def _plain(name: str, tensor: Any) -> tuple[str, list[int], bytes]:
    shape = shape_of(tensor)
    if hasattr(tensor, "data_ptr"):
        dtype = _dtype(name, str(tensor.dtype).rpartition(".")[2])
        tensor = tensor.detach().cpu().contiguous()
        return dtype, shape, ctypes.string_at(tensor.data_ptr(), tensor.element_size() * tensor.nelement())
    if hasattr(tensor, "dtype") and hasattr(tensor, "tobytes"):
        dtype = _dtype(name, tensor.dtype.name)
        swap = tensor.dtype.byteorder == ">" or (tensor.dtype.byteorder == "=" and sys.byteorder == "big")
        return dtype, shape, (tensor.byteswap() if swap else tensor).tobytes()
    if isinstance(tensor, (list, tuple)):
        numbers: list[float] = []
        _flatten(tensor, numbers)
        return "F64", shape, struct.pack(f"<{len(numbers)}d", *numbers)
    raise TypeError(f"{name} is a {type(tensor).__name__}, and neither a tensor nor an array nor a list of numbers")


def _dtype(name: str, dtype: str) -> str:
    if dtype not in _DTYPES:
        raise TypeError(f"{name} has the type {dtype}; {', '.join(_DTYPES)} can be shown")
    return _DTYPES[dtype]


def _flatten(values: Any, numbers: list[float]) -> None:
    for value in values:
        if isinstance(value, (list, tuple)):
            _flatten(value, numbers)
        else:
            numbers.append(float(value))
