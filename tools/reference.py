"""Writes the reference of the GraphQL API: a page for each kind of type, from the supergraph's schema."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
    print_ast,
)

T = TypeVar("T", bound=GraphQLNamedType)
_BREAK = "<br>"


def reference_pages(supergraph: str) -> dict[str, str]:
    """Return the text of each page by its path. What federation adds to the schema is left out."""
    return Reference(build_schema(supergraph, assume_valid=True)).pages()


class Reference:
    """The pages of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._roots = {
            "queries": schema.query_type,
            "mutations": schema.mutation_type,
            "subscriptions": schema.subscription_type,
        }

    def pages(self) -> dict[str, str]:
        """Return the text of each page by its path."""
        titles = {"queries": "Queries", "mutations": "Mutations", "subscriptions": "Subscriptions"}
        pages = {
            f"reference/{name}.md": _page(titles[name], self._fields(root.name, root.fields))
            for name, root in self._roots.items()
            if root
        }
        kinds: list[tuple[str, str, Iterator[str]]] = [
            ("objects", "Objects", self._each(GraphQLObjectType, self._object)),
            ("interfaces", "Interfaces", self._each(GraphQLInterfaceType, self._object)),
            ("unions", "Unions", self._each(GraphQLUnionType, self._union)),
            ("enums", "Enums", self._each(GraphQLEnumType, _enum)),
            ("inputs", "Inputs", self._each(GraphQLInputObjectType, self._input)),
            ("scalars", "Scalars", self._each(GraphQLScalarType, _scalar)),
        ]
        return pages | {f"reference/{name}.md": _page(title, blocks) for name, title, blocks in kinds}

    def _each(self, kind: type[T], write: Callable[[T], Iterator[str]]) -> Iterator[str]:
        for name, found in sorted(self._schema.type_map.items()):
            # Names with two underscores belong to GraphQL itself and to the composition.
            if isinstance(found, kind) and "__" not in name and found not in self._roots.values():
                yield f"## {name} {{ #{name} }}"
                if found.description:
                    yield found.description
                yield from write(found)

    def _object(self, found: GraphQLObjectType | GraphQLInterfaceType) -> Iterator[str]:
        if found.interfaces:
            yield "Implements " + ", ".join(self._link(each) for each in found.interfaces) + "."
        if isinstance(found, GraphQLInterfaceType):
            members = self._schema.get_possible_types(found)
            yield "Implemented by " + ", ".join(self._link(each) for each in members) + "."
        yield from self._fields(found.name, found.fields)

    def _union(self, found: GraphQLUnionType) -> Iterator[str]:
        yield "\n".join(f"- {self._link(each)}" for each in found.types)

    def _input(self, found: GraphQLInputObjectType) -> Iterator[str]:
        yield _table(["Field", "Type", "Description"], self._input_rows(found))

    def _input_rows(self, found: GraphQLInputObjectType) -> Iterator[list[str]]:
        for name, field in found.fields.items():
            yield [_anchored(found.name, name), self._link(field.type) + _default(field), _described(field)]

    def _fields(self, owner: str, fields: Mapping[str, GraphQLField]) -> Iterator[str]:
        rows = [
            [_anchored(owner, name), self._link(field.type), _described(field) + self._arguments(field)]
            for name, field in fields.items()
        ]
        yield _table(["Field", "Type", "Description"], rows)

    def _arguments(self, field: GraphQLField) -> str:
        lines = [
            f"{_BREAK}`{name}`: {self._link(each.type)}{_default(each)} {_described(each)}".rstrip()
            for name, each in field.args.items()
        ]
        return "".join(lines)

    def _link(self, type_: GraphQLType) -> str:
        named = get_named_type(type_)
        before, _, after = str(type_).partition(named.name)
        return (
            f"`{before}`" * bool(before)
            + f"[{named.name}]({_page_of(named)}#{named.name})"
            + f"`{after}`" * bool(after)
        )


def _page_of(named: GraphQLNamedType) -> str:
    pages = {
        GraphQLObjectType: "objects",
        GraphQLInterfaceType: "interfaces",
        GraphQLUnionType: "unions",
        GraphQLEnumType: "enums",
        GraphQLInputObjectType: "inputs",
        GraphQLScalarType: "scalars",
    }
    return f"{pages[type(named)]}.md"


def _enum(found: GraphQLEnumType) -> Iterator[str]:
    rows = [[_anchored(found.name, name), _described(value)] for name, value in found.values.items()]
    yield _table(["Value", "Description"], rows)


def _scalar(found: GraphQLScalarType) -> Iterator[str]:
    if is_specified_scalar_type(found):
        yield "Defined by GraphQL itself."
    if found.specified_by_url:
        yield f"Specified by <{found.specified_by_url}>."


def _anchored(owner: str, name: str) -> str:
    return f'<a id="{owner}.{name}"></a>`{name}`'


def _described(found: object) -> str:
    description = getattr(found, "description", None) or ""
    reason = getattr(found, "deprecation_reason", None)
    return f"**Deprecated**: {reason} {description}".strip() if reason else description


def _default(found: GraphQLArgument | GraphQLInputField) -> str:
    literal = found.ast_node.default_value if found.ast_node else None
    return f" = `{print_ast(literal)}`" if literal else ""


def _table(heads: list[str], rows: "Iterator[list[str]] | list[list[str]]") -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(" ".join(cell.split()) for cell in line) + " |" for line in lines)


def _page(title: str, blocks: Iterator[str]) -> str:
    return "\n\n".join([f"# {title}", *blocks]) + "\n"
