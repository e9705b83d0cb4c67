"""A figure with its controls, as a widget."""

from __future__ import annotations

import csv
import io
from array import array
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Sequence
from urllib.parse import parse_qsl, quote

import anywidget
import traitlets

from ._registries import STATIC, Parameter, Value, aliases, figures, parameters, unknown


def _trait(parameter: Parameter) -> traitlets.TraitType:
    about = f"{parameter.label}. {parameter.help}"
    if parameter.kind == "real":
        return traitlets.Float(parameter.default, min=parameter.min, max=parameter.max, help=about)
    if parameter.kind == "int":
        return traitlets.Int(parameter.default, min=parameter.min, max=parameter.max, help=about)
    if parameter.kind == "flag":
        return traitlets.Bool(parameter.default, help=about)
    return traitlets.Enum(parameter.choices, parameter.default, help=about)


_Parameters = type(
    "_Parameters",
    (traitlets.HasTraits,),
    {parameter.name: _trait(parameter) for parameter in parameters().values()},
)


class Figure(_Parameters, anywidget.AnyWidget):  # type: ignore[misc, valid-type]
    """One figure of Vanishing Point with its controls.

    >>> figure = Figure("gradient-norms", cell="lstm", sequence_length=60)
    >>> figure.cell = "gru"                 # moves the figure
    >>> figure.observe(print, "cell")       # and the figure moves it

    Every parameter of an address is a trait (``hidden-size`` is ``hidden_size``), and ``query`` is all of them as one
    text: ``"cell=lstm&sequence-length=60"``. ``figures()`` and ``parameters()`` list what there is.

    Numbers and words come from the browser that shows the figure, so they are empty until it is shown.

    Args:
        figure: the slug of the figure.
        query: parameters as in an address, the part after ``?``; also ``hide=...``, ``lock=...``, ``theme=dark``.
        **values: parameters by their names.

    Raises:
        ValueError: if there is no such figure or parameter, or a value is out of its range.
    """

    _esm = STATIC / "vanishing-figure.mjs"

    figure = traitlets.Unicode(read_only=True, help="The slug of the figure.").tag(sync=True)
    query = traitlets.Unicode(help="The parameters that differ from their defaults, as in an address.").tag(sync=True)
    csv = traitlets.Unicode(help="The numbers of the figure as CSV; empty until it is shown.").tag(sync=True)
    code = traitlets.Unicode(
        help="Python code that computes the numbers anew, in NumPy or PyTorch; empty until the figure is shown, and where "
        "there is none."
    ).tag(sync=True)
    summary = traitlets.Unicode(help="What is seen in the figure, in a sentence or two.").tag(sync=True)
    notices = traitlets.List(traitlets.Unicode(), help="What could not be taken, in sentences.").tag(sync=True)
    weights = traitlets.Bytes(help="A network as a safetensors file; empty: the page's own.").tag(sync=True)
    weights_name = traitlets.Unicode(help="What that network is called.").tag(sync=True)

    def __init__(self, figure: str = "gradient-norms", query: str = "", **values: Any) -> None:
        if figure not in figures():
            raise ValueError(_none(figure))
        own = {name: values.pop(name) for name in list(values) if self.has_trait(name) and name not in _BY_NAME}
        for name in values:
            if name not in _BY_NAME:
                raise ValueError(unknown("parameter", name, _BY_NAME))
        # What an address has besides parameters of the page: hide, lock, those of single lanes.
        self._rest: list[tuple[str, str]] = []
        self._follows = False
        super().__init__(**own)
        self.set_trait("figure", figure)
        self.observe(self._of_query, "query")
        self.observe(self._to_query, list(_BY_NAME))
        self.query = query.removeprefix("?") if hasattr(query, "removeprefix") else query.lstrip("?")
        self.set(**values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.figure!r}, {self.query!r})"

    def set(self, **values: Any) -> None:
        """Sets parameters by their names, all at once; ``None`` is the default.

        Raises:
            ValueError: if there is no such parameter, or a value is out of its range.
        """
        for name in values:
            if name not in _BY_NAME:
                raise ValueError(unknown("parameter", name, _BY_NAME))
        with self._following():
            for name, value in values.items():
                try:
                    setattr(self, name, _BY_NAME[name].default if value is None else value)
                except traitlets.TraitError as error:
                    raise ValueError(_sentence(_BY_NAME[name], value)) from error
        self._to_query()

    @staticmethod
    def module() -> Path:
        """The file of the module, ``vanishing-figure.mjs``, for pages and books that need no Python."""
        return STATIC / "vanishing-figure.mjs"

    def reset(self) -> None:
        """Every parameter goes back to its default."""
        self.query = ""

    @property
    def data(self) -> dict[str, Sequence[float]]:
        """The numbers of the figure, a column for each name; empty until the figure is shown.

        Columns of a logarithmic axis are base-10 logarithms and are called ``log10 ...``; what is blank is NaN. The
        arrays are NumPy's where NumPy is installed, otherwise ``array.array``.
        """
        rows = list(csv.reader(io.StringIO(self.csv)))
        if not rows:
            return {}
        head, body = rows[0], rows[1:]
        columns = {
            name: array("d", (float(row[place] or "nan") for row in body)) for place, name in enumerate(head)
        }
        try:
            import numpy
        except ImportError:
            return columns
        return {name: numpy.array(column) for name, column in columns.items()}

    @property
    def chosen(self) -> dict[str, Value]:
        """The parameters that differ from their defaults, by their names."""
        values = ((name, getattr(self, name), one.default) for name, one in _BY_NAME.items())
        return {name: value for name, value, default in values if value != default}

    @contextmanager
    def _following(self) -> Iterator[None]:
        before, self._follows = self._follows, True
        try:
            yield
        finally:
            self._follows = before

    def _of_query(self, _change: Any = None) -> None:
        """The traits follow the query."""
        if self._follows:
            return
        values, rest = {one.name: one.default for one in _BY_NAME.values()}, []
        for key, text in parse_qsl(self.query, keep_blank_values=True):
            parameter = parameters().get(aliases().get(key, key))
            if parameter is None:
                rest.append((key, text))
            elif text:
                try:
                    values[parameter.name] = parameter.read(text)
                except ValueError:
                    # The figure says so itself, in a sentence.
                    continue
        self._rest = rest
        with self._following(), self.hold_trait_notifications():
            for name, value in values.items():
                if getattr(self, name) != value:
                    setattr(self, name, value)

    def _to_query(self, _change: Any = None) -> None:
        """The query follows the traits."""
        if self._follows:
            return
        pairs = [(_BY_NAME[name].key, _BY_NAME[name].write(value)) for name, value in self.chosen.items()]
        query = "&".join(f"{quote(key)}={quote(text, safe=',:')}" for key, text in pairs + self._rest)
        with self._following():
            self.query = query


_BY_NAME = {parameter.name: parameter for parameter in parameters().values()}


def _none(figure: str) -> str:
    """Why something is no figure of this package."""
    if figure == "workbench":
        return (
            "the workbench as a whole is shown by the page alone, in a frame with only=workbench; each of its panels is a "
            "figure: " + ", ".join(slug for slug in figures() if slug.startswith("workbench-"))
        )
    if "," in figure:
        return f"a Figure shows one figure, and {figure!r} are several: make one of each, and link their queries"
    return unknown("figure", figure, figures())


def _sentence(parameter: Parameter, value: Any) -> str:
    if parameter.kind == "choice":
        allowed = "one of " + ", ".join(parameter.choices)
    elif parameter.kind == "flag":
        allowed = "True or False"
    else:
        allowed = f"a{' whole' if parameter.kind == 'int' else ''} number from {parameter.min} to {parameter.max}"
    return f"{parameter.name} is {allowed}, not {value!r}"
