"""Writing Python functions at run time: lines of source, and names for the objects that they use."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import CodeType
from typing import Any

CODES_KEPT = 2048


class Unexpected(Exception):
    """A value is not what the compiled code was made for: graphql-core must look at it."""


class Names:
    """Gives the objects that generated code refers to names of their own."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"Unexpected": Unexpected}

    def give(self, thing: Any) -> str:
        """Return a name by which generated code can refer to an object."""
        name = f"_{len(self.namespace)}"
        self.namespace[name] = thing
        return name


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines one level further in."""
    return [f"    {line}" for line in lines]


def function(name: str, arguments: str, body: Iterable[str], names: Names) -> Callable[..., Any]:
    """Make a function of generated lines. Nothing that a client has sent may be among them but as a literal."""
    text = "\n".join([f"def {name}({arguments}):", *indented(body), ""])
    exec(_code(text), names.namespace)  # noqa: S102 (the lines are our own)
    made: Callable[..., Any] = names.namespace[name]
    return made


@lru_cache(CODES_KEPT)
def _code(text: str) -> CodeType:
    """Compile source. Equal selections of different documents come to the same text, with other objects behind it."""
    return compile(text, "<compiled selection>", "exec")
