"""The objects of the reference: each remembers the subgraph that made it."""

import inspect
from typing import Any, NamedTuple

from strawberry.types.base import StrawberryObjectDefinition

from shared.graph.schema import SubgraphSchema
from tests.differential.entity_loader import Info


class SourceObject(NamedTuple):
    """An object of a subgraph, and the field that returned it."""

    subgraph: str
    value: Any
    info: Info


def type_names(schema: SubgraphSchema) -> dict[type, str]:
    """Return the names of a subgraph's object types by their classes; those of generic ones are of no use."""
    definitions = [each.definition for each in schema.schema_converter.type_map.values()]
    return {
        each.origin: schema.config.name_converter.from_type(each)
        for each in definitions
        if isinstance(each, StrawberryObjectDefinition)
    }


def marked(value: Any, subgraph: str, info: Info) -> Any:
    """Note on each object of a result which subgraph has made it."""
    if value is None:
        return None
    if isinstance(value, list | tuple) and not isinstance(value, SourceObject):
        return [marked(each, subgraph, info) for each in value]
    return awaited(value, subgraph, info) if inspect.isawaitable(value) else SourceObject(subgraph, value, info)


async def awaited(value: Any, subgraph: str, info: Info) -> Any:
    """Do what `marked` does with a result that is awaited."""
    return marked(await value, subgraph, info)
