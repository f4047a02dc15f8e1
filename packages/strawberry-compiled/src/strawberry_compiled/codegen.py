"""Code generation: makes Python functions of lines of source and the objects that they refer to."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import CodeType
from typing import Any

CODE_CACHE_SIZE = 2048


class Fallback(Exception):
    """A value is not of the kind that the fast path handles: the general path executes the selection or field."""


class Namespace:
    """The global names of a generated function, each bound to an object that the function uses."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"Fallback": Fallback}

    def bind(self, value: Any) -> str:
        """Return a new name by which generated code can refer to an object."""
        name = f"_{len(self.names)}"
        self.names[name] = value
        return name


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines indented by one level."""
    return [f"    {line}" for line in lines]


def make_function(name: str, arguments: str, body: Iterable[str], namespace: Namespace) -> Callable[..., Any]:
    """Make a function of generated lines. Text of a client must not be among them except as a literal."""
    text = "\n".join([f"def {name}({arguments}):", *indented(body), ""])
    exec(_code(text), namespace.names)  # noqa: S102 (the lines are generated here)
    made: Callable[..., Any] = namespace.names[name]
    return made


@lru_cache(CODE_CACHE_SIZE)
def _code(text: str) -> CodeType:
    """Compile source. Equal selections of different documents have the same source and differ in their namespace."""
    return compile(text, "<compiled selection>", "exec")
