"""Generated documents as small trees: they are printed, sent and made smaller."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.differential.faults import Fault

VARIABLE = re.compile(r"\$(\w+)")


class EnumValue(str):
    """The value of an enum: a name in literals, a string in variables."""

    __slots__ = ()


@dataclass(frozen=True)
class Variable:
    """A use of a variable."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A number as it is written, in a document or in JSON, such as `1e400`."""

    text: str


Value: TypeAlias = Any
"""What JSON has, and EnumValue, Variable and Literal."""


class Absent:
    """Stands for a variable that is not given, or that has no default."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __deepcopy__(self, _: object) -> "Absent":
        return self


ABSENT = Absent()


@dataclass
class Condition:
    """`@skip` or `@include`."""

    directive: str
    value: Value

    def __str__(self) -> str:
        return f" @{self.directive}(if: {literal(self.value)})"


@dataclass
class Selection:
    """A field, an inline fragment or a spread."""

    conditions: list[Condition] = field(default_factory=list)
    selections: "list[Selection]" = field(default_factory=list)

    def body(self) -> str:
        return f" {{ {' '.join(map(str, self.selections))} }}" if self.selections else ""


@dataclass
class Field(Selection):
    """A field."""

    name: str = ""
    alias: str | None = None
    arguments: dict[str, Value] = field(default_factory=dict)

    @property
    def response_name(self) -> str:
        return self.alias or self.name

    def written_arguments(self) -> str:
        written = ", ".join(f"{name}: {literal(value)}" for name, value in self.arguments.items())
        return f"({written})" if written else ""

    def __str__(self) -> str:
        alias = f"{self.alias}: " if self.alias else ""
        return f"{alias}{self.name}{self.written_arguments()}{''.join(map(str, self.conditions))}{self.body()}"


@dataclass
class Inline(Selection):
    """An inline fragment, with or without a type."""

    kind: str | None = None

    def __str__(self) -> str:
        on = f" on {self.kind}" if self.kind else ""
        return f"...{on}{''.join(map(str, self.conditions))}{self.body()}"


@dataclass
class Spread(Selection):
    """A use of a named fragment."""

    name: str = ""

    def __str__(self) -> str:
        return f"...{self.name}{''.join(map(str, self.conditions))}"


@dataclass
class Fragment:
    """A named fragment."""

    kind: str
    selections: list[Selection]

    def __str__(self) -> str:
        return f"on {self.kind} {{ {' '.join(map(str, self.selections))} }}"


@dataclass
class Declared:
    """A variable: its type, its default and the value that is sent."""

    kind: str
    default: Value = ABSENT
    value: Value = ABSENT

    def __str__(self) -> str:
        return f"{self.kind}{'' if self.default is ABSENT else f' = {literal(self.default)}'}"


@dataclass
class Document:
    """One operation with its fragments and variables, and perhaps others that do not run."""

    kind: str = "query"
    selections: list[Selection] = field(default_factory=list)
    fragments: dict[str, Fragment] = field(default_factory=dict)
    variables: dict[str, Declared] = field(default_factory=dict)
    role: str = "anonymous"
    others: list[str] = field(default_factory=list)
    """Further operations, as text."""
    has_own_design: bool = False
    """Whether it acts on a design of the side that executes it."""
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """What is sent in place of texts that stand for something of the side that executes it."""
    fault: Fault | None = None
    """What goes wrong while it is answered."""
    is_doubtful: bool = False
    """Whether it may be refused as a whole: it holds values that are perhaps none of their type."""

    @property
    def operation_name(self) -> str | None:
        return "Chosen" if self.others else None

    @property
    def text(self) -> str:
        body = " ".join(map(str, self.selections))
        used = {name: each for name, each in self.fragments.items() if name in self.used_fragments()}
        fragments = [f"fragment {name} {each}" for name, each in used.items()]
        whole = " ".join([body, *fragments])
        declared = [f"${name}: {each}" for name, each in self.variables.items() if name in self.used_variables(whole)]
        variables = f"({', '.join(declared)})" if declared else ""
        return self._sent("\n".join([f"{self.kind} Chosen{variables} {{ {body} }}", *fragments, *self.others]))

    def _sent(self, text: str) -> str:
        for stand_in, sent in self.stand_ins.items():
            text = text.replace(stand_in, sent)
        return text

    def sent_variables(self) -> dict[str, Value]:
        """Return the variables that are sent; those that the document does not declare are left out."""
        declared = self.used_variables(self.text)
        return {
            name: each.value for name, each in self.variables.items() if name in declared and each.value is not ABSENT
        }

    @property
    def body(self) -> str:
        """The request in JSON."""
        payload = {"query": self.text, "variables": self.sent_variables()}
        return self._sent(json_text(payload | ({"operationName": self.operation_name} if self.operation_name else {})))

    def used_variables(self, text: str) -> set[str]:
        return set(VARIABLE.findall(text))

    def used_fragments(self) -> set[str]:
        found: set[str] = set()
        pending = [each.name for each in walk(self.selections) if isinstance(each, Spread)]
        while pending:
            name = pending.pop()
            if name not in found and name in self.fragments:
                found.add(name)
                pending += [each.name for each in walk(self.fragments[name].selections) if isinstance(each, Spread)]
        return found

    def __str__(self) -> str:
        return f"{self.text}\nvariables {json_text(self.sent_variables())}\nas {self.role}{self.trouble}"

    @property
    def trouble(self) -> str:
        """The fault in words; empty if there is none."""
        return f", {self.fault}" if self.fault else ""

    @property
    def size(self) -> int:
        """What shrinking makes smaller."""
        return len(self.text) + len(json_text(self.sent_variables())) + (self.role != "anonymous")


def walk(selections: list[Selection]) -> Iterator[Selection]:
    """Yield all selections below, without those of spread fragments."""
    for each in selections:
        yield each
        yield from walk(each.selections)


def literal(value: Value) -> str:
    """Write a value as a literal."""
    if isinstance(value, Variable):
        return f"${value.name}"
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, EnumValue):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def json_text(value: Value) -> str:
    """Write a value in JSON."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)}: {json_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value)


def has_more_than_typename(selections: list[Selection]) -> bool:
    """Tell whether anything but `__typename` is selected, through fragments too."""
    return any(
        isinstance(each, Spread) or (isinstance(each, Field) and each.name != "__typename") for each in walk(selections)
    )
