"""Fetches entities from the subgraph that owns a field, by batch, as `_entities` would be asked for them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

import strawberry
from graphql import GraphQLResolveInfo

from shared.graph.references import ReferencedEntity
from shared.graph.schema import SubgraphSchema

Info: TypeAlias = GraphQLResolveInfo[Any]
Required = Callable[[strawberry.Info, Sequence[Mapping[str, object]]], Awaitable[Sequence[object]]]


class Key(NamedTuple):
    """Which entities are resolved together."""

    subgraph: str
    kind: str
    place: Hashable
    """Where in the document they stand."""
    required: tuple[str, ...]
    """The names of the fields that their subgraph is given beside the ids."""


class EntityLoader:
    """The entities of one execution: those that are asked for within a tick are resolved together."""

    def __init__(self, schemas: Mapping[str, SubgraphSchema]) -> None:
        self._schemas = schemas
        self._known: dict[tuple[Key, str], asyncio.Future[Any]] = {}
        self._waiting: dict[Key, dict[str, tuple[Mapping[str, object], asyncio.Future[Any]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def load(
        self, subgraph: str, kind: str, entity_id: str, info: Info, given: Mapping[str, object]
    ) -> "asyncio.Future[Any]":
        """Return the entity, or None where the subgraph knows none; `info` is that of the field that returned it, and
        `given` the fields that the subgraph requires of others.
        """
        key = Key(subgraph, kind, id(info.field_nodes[0]), tuple(given))
        known = self._known.get((key, entity_id))
        if known is not None:
            return known
        future = self._known[key, entity_id] = asyncio.get_running_loop().create_future()
        if key not in self._waiting:
            self._waiting[key] = {}
            task = asyncio.create_task(self._resolve(key, info))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._waiting[key][entity_id] = {**given, "id": entity_id}, future
        return future

    async def _resolve(self, key: Key, info: Info) -> None:
        await asyncio.sleep(0)
        representations, futures = zip(*self._waiting.pop(key).values(), strict=True)
        entity: type[ReferencedEntity] = self._schemas[key.subgraph].entities[key.kind]
        required: Required | None = getattr(entity, "resolve_required", None)
        wrapped: Any = strawberry.Info(_raw_info=info, _field=cast("Any", None))
        try:
            if required is not None:
                found = await required(wrapped, representations)
            else:
                found = await entity.resolve_references(wrapped, [each["id"] for each in representations])
        except Exception as error:
            for future in futures:
                future.set_exception(error)
                future.exception()  # whoever asked may have been cancelled
            return
        for future, one in zip(futures, found, strict=True):
            future.set_result(one)
