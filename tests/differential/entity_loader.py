"""Fetches entities from the subgraph that owns a field, by batch, as `_entities` would be asked for them."""

import asyncio
from collections.abc import Hashable, Mapping
from typing import Any, TypeAlias, cast

import strawberry
from graphql import GraphQLResolveInfo

from shared.graph.references import ReferencedEntity
from shared.graph.schema import SubgraphSchema

Info: TypeAlias = GraphQLResolveInfo[Any]
Key = tuple[str, str, Hashable]
"""A subgraph, a type, and the place in the document at which the entities stand."""


class EntityLoader:
    """The entities of one execution: those that are asked for within a tick are resolved together."""

    def __init__(self, schemas: Mapping[str, SubgraphSchema]) -> None:
        self._schemas = schemas
        self._known: dict[tuple[Key, str], asyncio.Future[Any]] = {}
        self._waiting: dict[Key, dict[str, asyncio.Future[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, subgraph: str, kind: str, entity_id: str, info: Info) -> "asyncio.Future[Any]":
        """Return the entity, or None where the subgraph knows none; `info` is that of the field that returned it."""
        key = (subgraph, kind, id(info.field_nodes[0]))
        known = self._known.get((key, entity_id))
        if known is not None:
            return known
        future = self._known[key, entity_id] = asyncio.get_running_loop().create_future()
        if key not in self._waiting:
            self._waiting[key] = {}
            task = asyncio.create_task(self._resolve(key, info))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._waiting[key][entity_id] = future
        return future

    async def _resolve(self, key: Key, info: Info) -> None:
        await asyncio.sleep(0)
        subgraph, kind, _ = key
        waiting = self._waiting.pop(key)
        entity: type[ReferencedEntity] = self._schemas[subgraph].entities[kind]
        wrapped: Any = strawberry.Info(_raw_info=info, _field=cast("Any", None))
        try:
            found = await entity.resolve_references(wrapped, list(waiting))
        except Exception as error:
            for future in waiting.values():
                future.set_exception(error)
                future.exception()  # whoever asked may have been cancelled
            return
        for future, one in zip(waiting.values(), found, strict=True):
            future.set_result(one)
