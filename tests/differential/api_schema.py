"""The API schema as clients see it, read from the supergraph, and which subgraphs answer which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueNode,
    FieldDefinitionNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    value_from_ast_untyped,
    visit,
)
from graphql.language import DirectiveDefinitionNode, DirectiveNode, TypeDefinitionNode

from shared.core.ids import is_id

MACHINERY = ("join__", "link__", "requiresScopes__")
"""Prefixes of the supergraph's own definitions, which are no part of the API."""
ROUTER_GRAPH = "router"
"""What the router answers itself."""
NODE_KEY = "nodeId"
"""The key by which it asks the owners of objects."""
KEPT_DIRECTIVES = ("deprecated", "specifiedBy", "oneOf")


@dataclass(frozen=True)
class Supergraph:
    """A composed supergraph: its API schema, and the owners of each field of an object by `Type.field`."""

    api: DocumentNode
    owners: Mapping[str, Sequence[str]]
    entities: Mapping[str, Sequence[str]]
    """The subgraphs that resolve references to a type by its key `id`."""
    nodes: Mapping[str, tuple[str, str]]
    """By the prefix of ids: the type, and the subgraph that owns it."""
    required_fields: Mapping[str, Sequence[str]]
    """By each `Type.field` with `@requires`: the names of the fields that its subgraph must be given."""
    required_scopes: Mapping[str, Sequence[Sequence[str]]]
    """By each `Type.field` that an access directive protects: the sets of scopes of which one is needed, if any."""

    def owner_of(self, key: str) -> tuple[str, str | None]:
        """Return the type of the object with an id and the subgraph that owns it, or none for what is no such id."""
        prefix, _, _ = key.partition("_")
        return self.nodes[prefix] if prefix in self.nodes and is_id(prefix, key) else ("", None)


def read_supergraph(text: str) -> Supergraph:
    """Read a composed supergraph."""
    document = parse(text, no_location=True)
    names = _graph_names(document)
    owners: dict[str, Sequence[str]] = {}
    entities: dict[str, list[str]] = {}
    nodes: dict[str, tuple[str, str]] = {}
    required_fields: dict[str, Sequence[str]] = {}
    required_scopes: dict[str, Sequence[Sequence[str]]] = {}
    for definition in document.definitions:
        if not isinstance(definition, ObjectTypeDefinitionNode):
            continue
        kind = definition.name.value
        joined = _named(definition.directives, "join__type")
        keys = [(names[_argument(each, "graph")], _argument(each, "key")) for each in joined]
        entities[kind] = [graph for graph, key in keys if key == "id"]
        for tag in _named(definition.directives, "tag"):
            [owner] = [graph for graph, key in keys if key == NODE_KEY and graph != ROUTER_GRAPH]
            nodes[_argument(tag, "name").removeprefix("id/")] = kind, owner
        for field in definition.fields or ():
            place = f"{kind}.{field.name.value}"
            own = _named(field.directives, "join__field")
            owners[place] = [names[_argument(each, "graph")] for each in own or joined]
            for each in own:
                if names_required := _argument(each, "requires").split():
                    required_fields[place] = names_required
            if _named(field.directives, "authenticated"):
                required_scopes[place] = []
            for each in _named(field.directives, "requiresScopes"):
                [scopes] = each.arguments or ()
                required_scopes[place] = value_from_ast_untyped(scopes.value)
    return Supergraph(
        visit(document, _WithoutMachinery()),
        owners,
        {kind: found for kind, found in entities.items() if found},
        nodes,
        required_fields,
        required_scopes,
    )


def _graph_names(document: DocumentNode) -> dict[str, str]:
    """Return the subgraphs' names by the values of `join__Graph`."""
    [graphs] = [
        each
        for each in document.definitions
        if isinstance(each, EnumTypeDefinitionNode) and each.name.value == "join__Graph"
    ]
    return {
        each.name.value: _argument(_named(each.directives, "join__graph")[0], "name") for each in graphs.values or ()
    }


def _named(directives: Sequence[Any] | None, name: str) -> list[ConstDirectiveNode]:
    return [each for each in directives or () if each.name.value == name]


def _argument(directive: ConstDirectiveNode, name: str) -> str:
    """Return an argument's text; empty where it is not given."""
    for argument in directive.arguments or ():
        if argument.name.value == name and isinstance(argument.value, StringValueNode | EnumValueNode):
            return argument.value.value
    return ""


class _WithoutMachinery(Visitor):
    """Removes what composition has added."""

    def enter(self, node: Any, *_: Any) -> Any:
        if isinstance(node, DirectiveDefinitionNode):
            return REMOVE
        if isinstance(node, TypeDefinitionNode) and node.name.value.startswith(MACHINERY):
            return REMOVE
        if isinstance(node, FieldDefinitionNode) and _named(node.directives, "inaccessible"):
            return REMOVE
        if isinstance(node, DirectiveNode) and node.name.value not in KEPT_DIRECTIVES:
            return REMOVE
        return None


def fields_of(definition: ObjectTypeDefinitionNode) -> Sequence[FieldDefinitionNode]:
    """Return the fields of an object type."""
    return definition.fields or ()
