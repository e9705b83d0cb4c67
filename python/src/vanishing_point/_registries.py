"""The figures and the parameters, as the program lists them."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable, Union

STATIC = Path(__file__).parent / "static"

Value = Union[bool, int, float, str]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address."""

    key: str
    """Its name in an address: ``hidden-size``. In Python it is ``hidden_size``."""
    label: str
    """What stands beside its control."""
    symbol: str
    """Its symbol in formulas, or an empty string."""
    help: str
    """What it changes."""
    kind: str
    """``real``, ``int``, ``flag`` or ``choice``."""
    min: float | int | None
    """The smallest value of a number."""
    max: float | int | None
    """The largest value of a number."""
    choices: tuple[str, ...]
    """The values of a choice."""
    default: Value
    """The value when nothing is chosen."""

    @property
    def name(self) -> str:
        """Its name in Python."""
        return self.key.replace("-", "_")

    def read(self, text: str) -> Value:
        """The value that stands in an address; ``ValueError`` if it is none."""
        if self.kind == "flag":
            if text not in ("0", "1"):
                raise ValueError(f"{self.key} is 0 or 1, not {text!r}")
            return text == "1"
        if self.kind == "choice":
            if text not in self.choices:
                raise ValueError(f"{self.key} is one of {', '.join(self.choices)}, not {text!r}")
            return text
        number = int(text) if self.kind == "int" else float(text)
        if not self.min <= number <= self.max:
            raise ValueError(f"{self.key} lies between {self.min} and {self.max}, and {text} does not")
        return number

    def write(self, value: Value) -> str:
        """The value as it stands in an address."""
        if self.kind == "flag":
            return "1" if value else "0"
        return repr(float(value)) if self.kind == "real" else str(value)


@lru_cache(maxsize=None)
def _registries() -> dict[str, Any]:
    file = STATIC / "registries.json"
    if not file.is_file():
        raise FileNotFoundError("the package was not built: run `cargo xtask python`")
    return json.loads(file.read_text(encoding="utf-8"))


def figures() -> dict[str, str]:
    """All figures: slug and title."""
    return {figure["slug"]: figure["title"] for figure in _registries()["figures"]}


@lru_cache(maxsize=None)
def _parameters() -> dict[str, Parameter]:
    fields = ("key", "label", "symbol", "help", "kind", "min", "max", "default")
    found = (
        Parameter(**{name: one[name] for name in fields}, choices=tuple(one["choices"]))
        for one in _registries()["parameters"]
    )
    return {parameter.key: parameter for parameter in found}


@lru_cache(maxsize=None)
def aliases() -> dict[str, str]:
    """Former names of parameters, and what they are called now."""
    return {old: one["key"] for one in _registries()["parameters"] for old in one["aliases"]}


def parameters(figure: str | None = None) -> dict[str, Parameter]:
    """All parameters by their keys, or those that have a control beneath a figure."""
    if figure is None:
        return dict(_parameters())
    for one in _registries()["figures"]:
        if one["slug"] == figure:
            return {key: _parameters()[key] for key in one["controls"]}
    raise ValueError(unknown("figure", figure, figures()))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that there is not."""
    near = difflib.get_close_matches(name, list(known), n=3)
    return f"there is no {what} {name!r}" + (f"; did you mean {' or '.join(map(repr, near))}?" if near else "")
