"""The losses that a training loop hands over."""

from __future__ import annotations

import math
from array import array
from typing import Any

#: Points that are kept. When they are full, neighbours are joined.
_POINTS = 400
#: Losses that wait to be read: a loss on another device is read when something is measured, and not at every update.
_WAITING = 256
#: The largest 32-bit float: what is larger and finite must not become infinite on its way.
_LARGEST = 3.4028234e38


def checked(loss: Any) -> Any:
    """A loss as it is kept: a number, or a tensor with one number and without its graph.

    Raises:
        ValueError: if it is not one number.
    """
    if hasattr(loss, "detach"):
        if loss.numel() != 1:
            raise ValueError(f"the loss is one number, not a tensor of shape {tuple(loss.shape)}")
        return loss.detach()
    try:
        return float(loss)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the loss is one number, not {loss!r}") from error


class Losses:
    """The losses of a run, however long it is: a bounded number of points, each the mean of equally many updates."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Any]] = []
        self._points: list[list[float]] = []
        self._stride = 1
        self.first: float | None = None
        """The first that was finite."""

    def add(self, step: int, loss: Any) -> bool:
        """Takes a loss, as ``checked`` gave it; whether there are many to be read."""
        self._waiting.append((step, loss))
        return len(self._waiting) >= _WAITING

    def read(self) -> list[tuple[int, float]]:
        """Reads those that wait: the update of each, and the number."""
        news = [(step, float(loss)) for step, loss in self._waiting]
        self._waiting.clear()
        for step, loss in news:
            self._keep(step, loss)
        return news

    @property
    def points(self) -> list[tuple[int, float]]:
        """The first update of each point, and the mean loss."""
        return [(int(step), mean) for step, mean, _ in self._points]

    def packed(self) -> bytes:
        """The points as 32-bit floats."""
        numbers = array("f")
        for step, mean, _ in self._points:
            finite = math.isfinite(mean)
            numbers.extend((step, max(-_LARGEST, min(mean, _LARGEST)) if finite else mean))
        return numbers.tobytes()

    def _keep(self, step: int, loss: float) -> None:
        if self.first is None and math.isfinite(loss):
            self.first = loss
        if self._points and self._points[-1][2] < self._stride:
            last = self._points[-1]
            last[2] += 1
            last[1] += (loss - last[1]) / last[2] if math.isfinite(last[1]) else 0.0
            return
        if len(self._points) == _POINTS:
            pairs = zip(self._points[::2], self._points[1::2])
            self._points = [[a[0], (a[1] + b[1]) / 2, a[2] + b[2]] for a, b in pairs]
            self._stride *= 2
        self._points.append([step, loss, 1])
