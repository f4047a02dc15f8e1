"""Makes hostile requests from a schema: every argument of every root field, one bad value at a time.

Values of the right type travel together, many fields in one operation; those that fail an operation as a whole,
such as those of a wrong type, travel alone.
"""

import base64
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

Ids: TypeAlias = Mapping[str, str]
Step: TypeAlias = str | int

DEPTH = 3
FIELDS_AN_OPERATION = 8


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


TEXTS = (
    "",
    " \t\n",
    "\x01\x1f\x7f\x9b",
    "x" * 20_000,
    "%_\\'\";--",
    "\u202e\u200b\ufeff犬🐾",
    "null",
    _cursor("[]"),
    _cursor('["created_at","9999-12-31T23:59:59.999999-23:59","ord_"]'),
    _cursor('["id",1e400]'),
)
ODD: Mapping[str, Sequence[Any]] = {
    "String": TEXTS,
    "ID": ("", "\x01", "x" * 20_000, "ord_01h2xcejqtf2nbrexx3vqjhp41", "usr_zzzzzzzzzzzzzzzzzzzzzzzzzz", "42"),
    "Int": (0, -1, 101, 2**31 - 1, -(2**31)),
    "Float": (0, -1.5, 1e308, 5e-324),
    "DateTime": ("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"),
    "JSON": (None, 42, "x", [], {"": None}, {"a": {"b": [[]]}}, {"a": 1e308}, {"\x01": "\x01"}, {"a": "x" * 20_000}),
}
WRONG: Mapping[str, Sequence[Any]] = {
    "String": ("a\x00b", 42, "\udc80", ["a"], {"a": 1}, True),
    "ID": ("a\x00b", ["a"], "\udc80", {"a": 1}, True, 1.5),
    "Int": (2**31, -(2**63), 2**70, 1.5, "1", [[1]], True),
    "Float": ("1", [[1]], {"a": 1}),
    "Boolean": ("true", 1, [[True]]),
    "DateTime": (
        "now",
        42,
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-02-30T00:00:00Z",
        ["now"],
        "",
        {"a": 1},
        True,
        "1969-12-31T23:59:61Z",
    ),
    "JSON": ({"a\x00b": 1}, {"a": 2**70}, {"a": "\udc80"}),
}
WRONG_ENUM = ("NOTHING", 1, "", ["\x00"])
WRONG_OBJECT: Sequence[Any] = (42, "x", [[]], {"surprise": 1}, {})
PAGES: Sequence[Mapping[str, Any]] = (
    {"first": 0},
    {"first": -1},
    {"first": 101},
    {"first": 2**31 - 1},
    {"first": 5, "last": 5},
    {"last": -(2**31)},
    {"after": "x", "before": "y"},
    *({"first": 2, "after": text} for text in TEXTS),
)


@dataclass(frozen=True)
class Case:
    """One root field with one set of arguments; `about` says what is hostile in it."""

    about: str
    field: str
    arguments: Mapping[str, Any]
    page: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Hostility:
    """The hostile operations of one schema. `ids` names a real thing for each word that begins an id's name."""

    def __init__(self, schema: GraphQLSchema, ids: Ids) -> None:
        self._schema = schema
        self._ids = ids

    def odd(self, kind: str) -> Iterator[Case]:
        """Yield the cases of right types for `query` or `mutation`."""
        for name, root in self._roots(kind).items():
            usual = self._usual_arguments(root)
            for argument, definition in root.args.items():
                for path, leaf in self._leaves(argument, definition.type):
                    for value in ODD.get(leaf.name, ()):
                        yield Case(f"{path}={value!r:.60}", name, _replaced(usual, path, value))
            if kind == "query":
                for page in PAGES:
                    yield Case(f"page={page!s:.60}", name, usual, page)

    def wrong(self, kind: str) -> Iterator[Case]:
        """Yield cases of wrong types, one for each place, another kind of wrong at each."""
        for name, root in self._roots(kind).items():
            usual = self._usual_arguments(root)
            for number, (argument, definition) in enumerate(root.args.items()):
                for place, (path, leaf) in enumerate(self._leaves(argument, definition.type)):
                    values = WRONG_ENUM if isinstance(leaf, GraphQLEnumType) else WRONG.get(leaf.name, ())
                    if values:
                        value = values[(number + place) % len(values)]
                        yield Case(f"{path}={value!r:.60}", name, _replaced(usual, path, value))
                if isinstance(get_named_type(definition.type), GraphQLInputObjectType):
                    value = WRONG_OBJECT[number % len(WRONG_OBJECT)]
                    yield Case(f"{argument}={value!r}", name, {**usual, argument: value})

    def operation(self, kind: str, cases: Sequence[Case]) -> tuple[str, dict[str, Any]]:
        """Return one operation and its variables that run some cases, the first as `f0`."""
        declared, fields, variables = [], [], {}
        for number, case in enumerate(cases):
            root = self._roots(kind)[case.field]
            given = []
            own_page = {argument: value for argument, value in case.page.items() if argument in root.args}
            for argument, value in {**case.arguments, **own_page}.items():
                variable = f"v{number}_{argument}"
                declared.append(f"${variable}: {root.args[argument].type}")
                given.append(f"{argument}: ${variable}")
                variables[variable] = value
            pages = {argument: f"$v{number}p_{argument}" for argument in case.page}
            selected = self._selection(root, DEPTH if case.page else 1, pages)
            arguments = f"({', '.join(given)})" if given else ""
            field = f"f{number}: {case.field}{arguments}{selected}"
            for argument, value in case.page.items():
                if pages[argument] in selected:
                    kind_ = "Int" if argument in ("first", "last") else "String"
                    declared.append(f"{pages[argument]}: {kind_}")
                    variables[pages[argument][1:]] = value
            fields.append(field)
        heading = f"({', '.join(declared)})" if declared else ""
        return f"{kind} {heading} {{ {' '.join(fields)} }}", variables

    def _roots(self, kind: str) -> Mapping[str, GraphQLField]:
        root = self._schema.query_type if kind == "query" else self._schema.mutation_type
        return {name: field for name, field in root.fields.items() if not name.startswith("_")} if root else {}

    def _usual_arguments(self, root: GraphQLField) -> dict[str, Any]:
        return {
            name: self._usual(name, argument)
            for name, argument in root.args.items()
            if isinstance(argument.type, GraphQLNonNull) or name == "filter"
        }

    def _usual(self, name: str, where: GraphQLArgument | GraphQLInputField) -> Any:
        kind = where.type.of_type if isinstance(where.type, GraphQLNonNull) else where.type
        if isinstance(kind, GraphQLList):
            kind_ = get_named_type(kind)
            return [self._usual_named(name, kind_)]
        return self._usual_named(name, kind)

    def _usual_named(self, name: str, kind: Any) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return next(iter(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            required = {key: each for key, each in kind.fields.items() if isinstance(each.type, GraphQLNonNull)}
            return {key: self._usual(kind.name if key == "id" else key, each) for key, each in required.items()}
        if kind.name == "ID":
            return next((key for word, key in self._ids.items() if name.lower().startswith(word)), "x")
        return {"Int": 1, "Float": 0.5, "Boolean": True, "DateTime": "2026-01-01T00:00:00Z"}.get(kind.name, "x")

    def _leaves(self, path: str, kind: Any) -> Iterator[tuple[str, Any]]:
        """Yield the dotted path and the type of every scalar or enum below an argument; lists have one item, `0`."""
        if isinstance(kind, GraphQLNonNull):
            yield from self._leaves(path, kind.of_type)
        elif isinstance(kind, GraphQLList):
            yield from self._leaves(f"{path}.0", kind.of_type)
        elif isinstance(kind, GraphQLInputObjectType):
            for name, each in kind.fields.items():
                yield from self._leaves(f"{path}.{name}", each.type)
        else:
            yield path, kind

    def _selection(self, of: GraphQLField, depth: int, pages: Mapping[str, str]) -> str:
        kind = get_named_type(of.type)
        if is_leaf_type(kind):
            return ""
        if isinstance(kind, GraphQLUnionType):
            parts = [
                f"... on {each.name} {{ __typename {self._fields(each, depth, pages, apart=True)} }}"
                for each in kind.types
            ]
            return f" {{ __typename {' '.join(parts)} }}"
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        return f" {{ __typename {self._fields(kind, depth, pages)} }}"

    def _fields(
        self,
        kind: GraphQLObjectType | GraphQLInterfaceType,
        depth: int,
        pages: Mapping[str, str],
        *,
        apart: bool = False,
    ) -> str:
        """Select fields; `apart` under names of their own, for a union's members may have others of the same name."""
        chosen = []
        for name, each in kind.fields.items():
            if any(isinstance(argument.type, GraphQLNonNull) for argument in each.args.values()):
                continue
            alias = f"{kind.name}_{name}: " if apart else ""
            paged = {key: value for key, value in pages.items() if key in each.args}
            arguments = f"({', '.join(f'{key}: {value}' for key, value in paged.items())})" if paged else ""
            if is_leaf_type(get_named_type(each.type)):
                chosen.append(f"{alias}{name}")
            elif depth > 1 and (paged or name in ("nodes", "edges", "node")):
                chosen.append(f"{alias}{name}{arguments}{self._selection(each, depth - 1, pages)}")
        return " ".join(chosen)


def _replaced(arguments: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of the arguments with another value at a dotted path, which is made where it is missing."""
    head, _, rest = path.partition(".")
    return {**arguments, head: _put(arguments.get(head), rest, value)}


def _put(into: Any, path: str, value: Any) -> Any:
    if not path:
        return value
    head, _, rest = path.partition(".")
    if head == "0":
        return [_put(into[0] if into else None, rest, value)]
    return {**(into or {}), head: _put((into or {}).get(head), rest, value)}


def together(cases: Iterator[Case]) -> Iterator[list[Case]]:
    """Group cases for operations of many fields."""
    while group := list(islice(cases, FIELDS_AN_OPERATION)):
        yield group
