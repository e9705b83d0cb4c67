"""What the gradient does on its way back through time, measured while a PyTorch network is trained."""

from __future__ import annotations

import math
import time
import warnings
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Sequence

import traitlets

from ._figure import Figure
from ._losses import Losses, checked

#: Rows that are kept: as many as the map has columns. When they are full, every other one goes and the looks are
#: twice as far apart.
_ROWS = 96
#: Seconds between two pictures.
_PACE = 0.25
#: Where a number was lost, if not at a time step of the gradient.
_LOSS = -1


@dataclass(frozen=True)
class Cost:
    """What measuring costs."""

    measured: int
    """Updates that were measured."""
    seconds: float
    """Seconds that measuring and drawing took, all together."""
    share: float
    """The share of the time since the first update that was spent on both."""

    def __str__(self) -> str:
        if not self.measured:
            return "nothing was measured yet"
        each = 1e3 * self.seconds / self.measured
        return f"measuring took {each:.1f} ms each time, {100 * self.share:.1f} % of the time"


class GradientMonitor(Figure):
    """Measures ‖∂L/∂h_t‖ of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` in your own training loop, and draws it live.

    >>> monitor = GradientMonitor(model, every=10, loss=criterion)
    >>> display(monitor)
    >>> for x, y in batches:                     # the loop stays as it is
    ...     loss = criterion(model(x), y)
    ...     loss.backward()
    ...     optimizer.step()
    ...     optimizer.zero_grad()
    >>> print(monitor.cost)

    The picture is the laboratory's map: how much of the gradient at the last time step is left on its way back to step t,
    over the updates. Beneath it stand the laboratory's two verdicts: what the gradient of the newest update does on its way
    back, and what becomes of the loss. The second needs the loss, which no hook on the network sees. Either ``loss`` is the
    module that computes it, or the loop hands it over, in one line anywhere after the forward pass:

    >>>     monitor.step(loss)

    A loss is held against what guessing costs, if ``guessing`` says it: the loss of the best prediction that knows nothing
    of the sequence, such as ln(classes), or the variance of the targets. Otherwise it is held against the first loss.

    A loss or a gradient that is infinite or not a number is a result: from the first on, and unless a finite one follows, the
    run has diverged, and the map is hatched.

    PyTorch computes a whole sequence at once and keeps no h_t. So on every measured update, when the gradient of the
    outputs arrives, the same sequence is run once more step by step, beside the training: with the same weights, on
    detached inputs, with gradients that reach no parameter. The training is the same with and without it, bit for bit,
    and ``cost`` says what it takes. Norms are over all units of the top layer and all sequences of the batch.

    Args:
        model: the module that is, or holds, the network.
        every: how many backward passes lie between two that are measured.
        module: the network itself, if the model holds several.
        figure: the slug of the figure: ``training-heat``, or ``training-loss`` for the curve of the losses.
        loss: the module that computes the loss, an ``nn.MSELoss()`` for example; without one, ``step`` may be called.
        guessing: what guessing costs, in the units of the loss.

    Raises:
        ValueError: if there is no such network in it, or one that cannot be measured, or ``loss`` is no module.
    """

    run = traitlets.Bytes(help="The rows that are drawn, as 32-bit floats.").tag(sync=True)
    run_losses = traitlets.Bytes(help="The updates and losses that are drawn, as 32-bit floats.").tag(sync=True)
    run_about = traitlets.Dict(help="What these numbers are.").tag(sync=True)
    verdict = traitlets.Unicode(help="What the gradient does now; empty until the figure is shown.").tag(sync=True)
    learning = traitlets.Unicode(help="What becomes of the loss; empty until the figure is shown.").tag(sync=True)

    def __init__(
        self,
        model: Any,
        every: int = 10,
        module: Any = None,
        figure: str = "training-heat",
        loss: Any = None,
        guessing: float | None = None,
    ) -> None:
        if every < 1:
            raise ValueError(f"every is a whole number from 1, not {every}")
        if loss is not None and not hasattr(loss, "register_forward_hook"):
            raise ValueError(f"loss is a module such as nn.MSELoss(), not a {type(loss).__name__}: call step(loss) in the loop")
        if guessing is not None and not 0 < guessing < math.inf:
            raise ValueError(f"guessing is what guessing costs, a number above 0, not {guessing!r}")
        self._network = _recurrent(model) if module is None else _checked(module)
        self._guessing = guessing
        self._losses = Losses()
        self._finite = -1
        self._broke: tuple[int, int] | None = None
        self._every = every
        self._rows: list[tuple[int, list[float]]] = []
        self._passes = 0
        self._began: float | None = None
        self._seconds = 0.0
        self._count = 0
        self._drawn = -math.inf
        super().__init__(figure, "hide=controls,buttons")
        self._hooks = [self._network.register_forward_hook(self._forward, with_kwargs=True)]
        if loss is not None:
            self._hooks.append(loss.register_forward_hook(self._computed))

    @property
    def steps(self) -> list[int]:
        """The updates that are kept: backward passes, from 0."""
        return [step for step, _ in self._rows]

    @property
    def log10_norms(self) -> list[list[float]]:
        """log₁₀ ‖∂L/∂h_t‖ for t = 0..T of each update that is kept; -inf for zero."""
        return [list(norms) for _, norms in self._rows]

    @property
    def losses(self) -> list[tuple[int, float]]:
        """The losses: updates, and the mean of those from there to the next. Empty if the loop hands none over."""
        self._read()
        return self._losses.points

    @property
    def diverged(self) -> int | None:
        """The update in which a loss or a gradient became infinite or not a number, if no finite one followed."""
        self._read()
        return None if self._broke is None else self._broke[0]

    @property
    def every(self) -> int:
        """How many updates lie between two that are measured: it doubles whenever the map is full."""
        return self._every

    @property
    def cost(self) -> Cost:
        """What measuring has cost so far."""
        passed = time.perf_counter() - self._began if self._began is not None else 0.0
        return Cost(self._count, self._seconds, self._seconds / passed if passed > 0 else 0.0)

    def step(self, loss: Any) -> None:
        """Hands over the loss of an update: a number, or the tensor whose ``backward`` is called, before it or after.

        It is read when something is measured, so that a loop on a GPU does not wait for it at every update.

        Raises:
            ValueError: if it is not one number.
        """
        with self._timed():
            if self._losses.add(max(self._passes - 1, 0), checked(loss)):
                self._read()
            self._draw_in_time()

    def stop(self) -> None:
        """Measures no more; the picture stays."""
        for hook in self._hooks:
            hook.remove()
        with self._timed():
            self._draw()

    def __enter__(self) -> "GradientMonitor":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def _forward(self, module: Any, args: tuple, kwargs: dict, output: Any) -> None:
        """After a forward pass: waits for the gradient of what it gave, if this pass is to be measured."""
        outputs, last = output[0], output[1]
        if not hasattr(outputs, "requires_grad"):
            self._hooks[0].remove()
            warnings.warn("packed sequences are not measured: pad them instead", stacklevel=2)
            return
        if not outputs.requires_grad:
            return
        if self._began is None:
            self._began = time.perf_counter()
        step, self._passes = self._passes, self._passes + 1
        if step % self._every:
            return
        inputs = kwargs.get("input", args[0] if args else None)
        start = kwargs.get("hx", args[1] if len(args) > 1 else None)
        states = tuple(last) if isinstance(last, (tuple, list)) else (last,)
        import torch

        def arrived(gradients: Sequence[Any]) -> None:
            with self._timed():
                self._keep(step, self._replay(torch, inputs, start, gradients))
                self._count += 1
                self._draw_in_time()

        torch.autograd.graph.register_multi_grad_hook((outputs, *states), arrived)

    def _replay(self, torch: Any, inputs: Any, start: Any, gradients: Sequence[Any]) -> list[float]:
        """log10 ‖dL/dh_t‖ of the top layer, from the gradients of what the module gave.

        Nothing below the top layer depends on its states: the layers below are run without gradients.
        """
        network = self._network
        batched, swapped = inputs.dim() == 3, inputs.dim() == 3 and network.batch_first

        def in_time(values: Any) -> Any:
            """(T, batch, features), whatever the module takes and gives."""
            return values.transpose(0, 1) if swapped else values if batched else values.unsqueeze(1)

        def top(states: Any) -> Any:
            """Of a state of every layer that of the last."""
            return None if states is None else states[-1] if batched else states[-1].unsqueeze(0)

        x, top_layer = in_time(inputs.detach()), network.num_layers - 1
        with torch.no_grad():
            for layer in range(top_layer):
                x = torch.stack([state[0] for state in self._steps(torch, x, layer, self._start(x, start, layer, batched))])
        state = self._start(x, start, top_layer, batched)
        with torch.enable_grad():
            state[0].requires_grad_()
            states = [state, *self._steps(torch, x, top_layer, state)]
            hidden = [one[0] for one in states]
            ends = [(torch.stack(hidden[1:]), None if gradients[0] is None else in_time(gradients[0]))]
            ends += [(value, top(gradient)) for value, gradient in zip(states[-1], gradients[1:])]
            values, received = zip(*((value, gradient) for value, gradient in ends if gradient is not None))
            found = torch.autograd.grad(values, hidden, received, allow_unused=True)
        return [-math.inf if one is None else one.double().norm().log10().item() for one in found]

    def _steps(self, torch: Any, x: Any, layer: int, state: list[Any]) -> list[list[Any]]:
        """The states of a layer after each step: h, and for an LSTM c."""
        network = self._network
        names = [f"{kind}_{of}_l{layer}" for kind in ("weight", "bias") for of in ("ih", "hh")]
        weights = [one.detach() for one in (getattr(network, name, None) for name in names) if one is not None]
        kind = {"RNN_TANH": "rnn_tanh", "RNN_RELU": "rnn_relu"}.get(network.mode, network.mode.lower())
        cell, is_lstm, states = getattr(torch, f"{kind}_cell"), network.mode == "LSTM", []
        for x_t in x:
            state = list(cell(x_t, state, *weights)) if is_lstm else [cell(x_t, state[0], *weights)]
            states.append(state)
        return states

    def _start(self, x: Any, start: Any, layer: int, batched: bool) -> list[Any]:
        """The state of a layer before the first step."""
        network = self._network
        if start is None:
            return [x.new_zeros(x.shape[1], network.hidden_size) for _ in range(2 if network.mode == "LSTM" else 1)]
        given = start if isinstance(start, (tuple, list)) else [start]
        return [one.detach()[layer].clone() if batched else one.detach()[layer].clone().unsqueeze(0) for one in given]

    def _computed(self, module: Any, args: tuple, loss: Any) -> None:
        """After the module of the loss has computed one; those without a gradient are not of the training."""
        if not getattr(loss, "requires_grad", False):
            return
        if loss.numel() == 1:
            self.step(loss)
            return
        self._hooks[1].remove()
        shape = tuple(loss.shape)
        warnings.warn(f"the loss is not followed: it has the shape {shape}; hand one number to step instead", stacklevel=2)

    def _read(self) -> None:
        """Reads the losses that wait."""
        for step, loss in self._losses.read():
            self._saw(step, None if math.isfinite(loss) else _LOSS)

    def _saw(self, step: int, where: int | None) -> None:
        """Notes whether an update was finite, and if not, where: a time step, or ``_LOSS``."""
        if where is None:
            self._finite = max(self._finite, step)
        elif self._broke is None or (step, where) < self._broke:
            self._broke = (step, where)
        if self._broke is not None and self._broke[0] < self._finite:
            self._broke = None

    def _keep(self, step: int, norms: list[float]) -> None:
        # Backpropagation comes from the last time step: there the first is found that left the range.
        lost = (t for t in reversed(range(len(norms))) if math.isnan(norms[t]) or norms[t] == math.inf)
        self._saw(step, next(lost, None))
        self._rows.append((step, norms))
        if len(self._rows) > _ROWS:
            self._rows = self._rows[::2]
            self._every *= 2

    @contextmanager
    def _timed(self) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds += time.perf_counter() - begun

    def _draw_in_time(self) -> None:
        if time.perf_counter() - self._drawn >= _PACE:
            self._draw()

    def _draw(self) -> None:
        """Sends what is kept to the figure."""
        if not self._rows:
            return
        self._read()
        longest = max(len(norms) for _, norms in self._rows)
        rows = array("f")
        for step, norms in self._rows:
            rows.extend((step, len(norms) - 1))
            rows.extend([math.nan] * (longest - len(norms)) + norms)
        if rows.itemsize != 4:
            raise RuntimeError("this Python has no 32-bit floats")
        self._drawn = time.perf_counter()
        with self.hold_sync():
            self.run_about = {
                "name": _title(self._network),
                "cost": str(self.cost),
                "width": longest + 2,
                "guessing": self._guessing,
                "first": self._losses.first,
                "broke": [] if self._broke is None else [place for place in self._broke if place != _LOSS],
            }
            self.run_losses = self._losses.packed()
            self.run = rows.tobytes()


def _title(network: Any) -> str:
    layers = "" if network.num_layers == 1 else f"{network.num_layers} layers of "
    return f"nn.{_kind(network)}, {layers}{network.hidden_size} units"


def _kind(network: Any) -> str:
    return network.mode.partition("_")[0]


def _recurrent(model: Any) -> Any:
    """The one network in a module that can be measured."""
    if not hasattr(model, "modules"):
        raise ValueError(f"a {type(model).__name__} is no PyTorch module")
    found = [one for one in model.modules() if all(hasattr(one, name) for name in ("mode", "num_layers", "hidden_size"))]
    if not found:
        raise ValueError("there is no nn.RNN, nn.LSTM or nn.GRU in it (cells are stepped by your own code)")
    if len(found) > 1:
        raise ValueError(f"there are {len(found)} recurrent networks in it; say which: module=model.{_path(model, found[0])}")
    return _checked(found[0])


def _path(model: Any, module: Any) -> str:
    return next(name for name, one in model.named_modules() if one is module)


def _checked(network: Any) -> Any:
    if not hasattr(network, "mode"):
        raise ValueError(f"a {type(network).__name__} is no nn.RNN, nn.LSTM or nn.GRU")
    if network.proj_size:
        raise ValueError("a network with projections (proj_size) cannot be measured")
    if network.bidirectional:
        raise ValueError("a bidirectional network has two ways back; only one direction can be measured")
    if network.dropout and network.num_layers > 1:
        raise ValueError("dropout between layers draws other masks when the sequence is run again; it must be 0")
    return network
