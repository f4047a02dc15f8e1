"""Faults of a subgraph, injected on both sides: into its responses to the router, and into the resolvers."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias
from zlib import crc32

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    parse,
    visit,
)

from shared.core.errors import PublicError
from tests.differential.api_schema import Supergraph

BROKEN = "BROKEN"
"""The code of injected errors."""
CHECKED_SCALARS: Mapping[str, object] = {"Int": "text", "Float": "text", "Boolean": "text", "String": 5}
"""A value of another type, by the scalars that the router knows."""


Place: TypeAlias = list[str | int]


class Kind(Enum):
    """What goes wrong."""

    CUT = "the connection is cut after the headers"
    CUT_BODY = "the connection is cut within a response"
    LATE = "the response comes after the time-out"
    INVALID = "the response is none of GraphQL"
    REFUSED = "the request is refused with an error that has no path"
    TOO_SHORT = "an item of `_entities` is missing"
    MISSING = "some entities are null"
    ENTITY_ERROR = "some entities are null with an error"
    FIELD_ERROR = "a field is null with an error"
    WRONG_SHAPE = "a field has a value of another type"
    NO_FIELD = "a field is missing"


WHOLE = {Kind.CUT, Kind.CUT_BODY, Kind.LATE, Kind.INVALID}
OF_ENTITIES = [Kind.TOO_SHORT, Kind.MISSING, Kind.ENTITY_ERROR]
OF_FIELD = {Kind.FIELD_ERROR, Kind.WRONG_SHAPE, Kind.NO_FIELD}
KINDS = [each for each in Kind if each is not Kind.LATE] * 6 + [*OF_ENTITIES] * 6 + [Kind.LATE]
BODIES = [
    "",
    "<html>Bad gateway</html>",
    "null",
    "[]",
    "{}",
    '{"data": null}',
    '{"data": []}',
    '{"data": {}}',
    '{"data": "text"}',
    '{"data": {"_entities": null}}',
    '{"errors": []}',
    '{"errors": "text"}',
    '{"errors": [{}]}',
    '{"errors": [null], "data": {}}',
]


class Injected(PublicError):
    """An injected fault, with the code that clients get for it."""

    def __init__(self, code: str) -> None:
        super().__init__("A fault that was injected.")
        self.code = code


@dataclass(frozen=True)
class Fault:
    """A fault of one subgraph, in all its responses to one operation."""

    subgraph: str
    kind: Kind
    field: str = ""
    """For faults of a field: which, as `Type.field`."""
    body: str = ""

    def __str__(self) -> str:
        return f"{self.subgraph}: {self.kind.value} {self.field}{self.body}"

    # In the reference

    def before_fetch(self, subgraph: str) -> None:
        """Raise what a field gets that is fetched from a subgraph."""
        if subgraph == self.subgraph and self.kind in WHOLE:
            raise Injected("SUBGRAPH_UNAVAILABLE")
        if subgraph == self.subgraph and self.kind is Kind.REFUSED:
            raise Injected(BROKEN)

    def spares(self, subgraph: str, entity_id: str) -> bool:
        """Return whether an entity is there. Raises what is told in its place."""
        self.before_fetch(subgraph)
        if subgraph != self.subgraph:
            return True
        if self.kind is Kind.TOO_SHORT:
            raise Injected("SUBGRAPH_UNAVAILABLE")
        if self.kind is Kind.ENTITY_ERROR and _is_chosen(entity_id):
            raise Injected(BROKEN)
        return self.kind is not Kind.MISSING or not _is_chosen(entity_id)

    def before_field(self, subgraph: str, place: str) -> None:
        """Raise what stands at a field, `Type.field`, of an object that a subgraph returned."""
        if (subgraph, place) == (self.subgraph, self.field):
            raise Injected(BROKEN if self.kind is Kind.FIELD_ERROR else "INTERNAL_SERVER_ERROR")

    # In a response

    def applied(self, schema: GraphQLSchema, request: bytes, response: bytes) -> bytes:
        """Return a subgraph's response with the fault in it."""
        if self.kind is Kind.INVALID:
            return self.body.encode()
        if self.kind is Kind.REFUSED:
            return json.dumps({"errors": [{"message": "No.", "extensions": {"code": BROKEN}}]}).encode()
        if self.kind in WHOLE:
            return response
        return json.dumps(_Injection(self, schema, json.loads(request), json.loads(response)).body).encode()


class _Injection:
    """Injects a fault into one response of a subgraph."""

    def __init__(self, fault: Fault, schema: GraphQLSchema, request: dict[str, Any], body: dict[str, Any]) -> None:
        self._fault, self._schema, self._variables, self.body = fault, schema, request["variables"], body
        operation, *fragments = parse(request["query"]).definitions
        self._fragments = {each.name.value: each for each in fragments if isinstance(each, FragmentDefinitionNode)}
        self._errors: list[dict[str, Any]] = body.get("errors", [])
        if isinstance(body.get("data"), dict) and isinstance(operation, OperationDefinitionNode):
            self._in_object(schema.get_root_type(operation.operation), operation.selection_set, body["data"], [])
        if self._errors:
            body["errors"] = self._errors
        else:
            body.pop("errors", None)

    def _in_object(self, kind: Any, selections: SelectionSetNode, data: dict[str, Any], path: Place) -> None:
        actual: Any = kind if is_object_type(kind) else self._schema.type_map[data["__typename"]]
        for each in selections.selections:
            if isinstance(each, FieldNode):
                self._in_selected(actual, each, data, [*path, _response_name(each)])
                continue
            fragment = self._fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
            assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)
            condition: Any = self._schema.type_map[
                fragment.type_condition.name.value if fragment.type_condition else actual.name
            ]
            if condition is actual or (not is_object_type(condition) and self._schema.is_sub_type(condition, actual)):
                self._in_object(actual, fragment.selection_set, data, path)

    def _in_selected(self, kind: Any, node: FieldNode, data: dict[str, Any], path: Place) -> None:
        name, response_name = node.name.value, _response_name(node)
        definition = self._schema.get_field(kind, name)
        if name == "__typename" or definition is None or response_name not in data:
            return
        if name == "_entities":
            self._in_entities(node, data, path)
        elif f"{kind.name}.{name}" == self._fault.field:
            self._break(definition.type, data, path)
        elif node.selection_set:
            self._below(definition.type, node.selection_set, data[response_name], path)

    def _below(self, kind: Any, selections: SelectionSetNode, value: Any, path: Place) -> None:
        if isinstance(value, list):
            for at, each in enumerate(value):
                self._below(kind, selections, each, [*path, at])
        elif isinstance(value, dict):
            self._in_object(get_named_type(kind), selections, value, path)

    def _in_entities(self, node: FieldNode, data: dict[str, Any], path: Place) -> None:
        [argument] = node.arguments or ()
        assert isinstance(argument.value, VariableNode)
        assert node.selection_set is not None
        entities, representations = data[_response_name(node)], self._variables[argument.value.name.value]
        if self._fault.kind is Kind.TOO_SHORT:
            data[_response_name(node)] = entities[:-1]
            self._forget(path)
            return
        for at, representation in enumerate(representations):
            if self._fault.kind in OF_FIELD:
                if entities[at]:
                    kind = self._schema.type_map[representation["__typename"]]
                    self._in_object(kind, node.selection_set, entities[at], [*path, at])
            elif _is_chosen(representation["id"]):
                entities[at] = None
                self._forget([*path, at])
                if self._fault.kind is Kind.ENTITY_ERROR:
                    self._errors.append(_error([*path, at]))

    def _break(self, kind: Any, data: dict[str, Any], path: Place) -> None:
        name = str(path[-1])
        self._forget(path)
        if self._fault.kind is Kind.FIELD_ERROR:
            data[name] = None
            self._errors.append(_error(path))
        elif self._fault.kind is Kind.NO_FIELD:
            del data[name]
        else:
            data[name] = _wrong(kind)

    def _forget(self, path: Place) -> None:
        """Remove the errors at a place and below."""
        self._errors = [each for each in self._errors if each.get("path", [])[: len(path)] != path]


def _response_name(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _is_chosen(entity_id: object) -> bool:
    return crc32(str(entity_id).encode()) % 2 == 0


def _error(path: Place) -> dict[str, Any]:
    return {"message": "It broke.", "path": path, "extensions": {"code": BROKEN}}


def _wrong(kind: Any) -> object:
    """Return a value that is none of a type; None if the router cannot know."""
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return {"a": 1}
    if isinstance(inner, GraphQLEnumType):
        return "NONE_OF_THESE"
    return CHECKED_SCALARS.get(inner.name) if not hasattr(inner, "fields") and not hasattr(inner, "types") else []


class _Fields(Visitor):
    """Collects the fields that a document selects of objects, with their types, and where it needs entities."""

    def __init__(self, schema: GraphQLSchema, types: TypeInfo, owners: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._schema, self._types, self._owners = schema, types, owners
        self._subgraphs: list[str] = []
        self.found: dict[str, Any] = {}
        self.of_entities: list[str] = []
        """The subgraphs that are asked for entities."""

    def leave_field(self, *_: Any) -> None:
        self._subgraphs.pop()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent: Any = self._types.get_parent_type()
        name = node.name.value
        around = self._subgraphs[-1] if self._subgraphs else ""
        owners = self._owners.get(f"{parent}.{name}", [around])
        self._subgraphs.append(around if around in owners else owners[0])
        if around and around not in owners:
            self.of_entities.append(owners[0])
        if parent is None or name in ("id", "__typename") or parent.name.startswith("__"):
            return
        for each in [parent] if is_object_type(parent) else self._schema.get_possible_types(parent):
            if isinstance(each, GraphQLObjectType) and name in each.fields:
                self.found[f"{each.name}.{name}"] = each.fields[name].type


def chosen_fault(rng: random.Random, schema: GraphQLSchema, text: str, supergraph: Supergraph) -> Fault | None:
    """Return a fault that may concern a document; None if there is none of the kind that is drawn."""
    types = TypeInfo(schema)
    fields = _Fields(schema, types, supergraph.owners)
    visit(parse(text), TypeInfoVisitor(types, fields))
    owners = supergraph.owners
    places = sorted(each for each in fields.found if each in owners)
    kind = rng.choice(KINDS)
    if kind is Kind.FIELD_ERROR:
        places = [each for each in places if not is_non_null_type(fields.found[each])]
    elif kind in OF_FIELD:
        places = [each for each in places if not each.startswith("Query.")]
    if kind is Kind.WRONG_SHAPE:
        places = [each for each in places if _wrong(fields.found[each]) is not None]
    if kind in OF_ENTITIES:
        return Fault(rng.choice(fields.of_entities), kind) if fields.of_entities else None
    if not places:
        return None
    place = rng.choice(places)
    subgraph = rng.choice(owners[place])
    body = rng.choice(BODIES) if kind is Kind.INVALID else ""
    return Fault(subgraph, kind, place if kind in OF_FIELD else "", body)
