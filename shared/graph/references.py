"""Resolves `_entities` by batch: one call per type, whatever the number of representations.

An entity offers `resolve_references(info, ids)`. An id that names nothing becomes null; a representation without an id
becomes an error at its own place in the list, beside which the others are answered.
"""

from collections.abc import Awaitable, Sequence
from typing import ClassVar, Protocol, Self

import strawberry

from shared.core.errors import InvalidInput
from shared.core.ids import is_id
from shared.graph.context import Info

LARGEST_ENTITY_BATCH = 10_000


class ReferencedEntity(Protocol):
    """What a type with `@key(fields: "id")` offers the router."""

    @classmethod
    def resolve_references(cls, info: Info, ids: Sequence[str]) -> Awaitable[Sequence[object]]:
        """Return the entity of each id, in order, with None for those that do not exist."""


async def resolve_representations(
    types: dict[str, type[ReferencedEntity]], info: Info, representations: Sequence[object]
) -> list[object]:
    """Answer the router's representations, in their order; raises InvalidInput where a type is missing or unknown.

    An error in the list is raised by GraphQL at its place.
    """
    if len(representations) > LARGEST_ENTITY_BATCH:
        raise InvalidInput(f"`_entities` takes at most {LARGEST_ENTITY_BATCH} representations.")
    named: dict[str, list[tuple[int, object]]] = {}
    for place, representation in enumerate(representations):
        given = representation if isinstance(representation, dict) else {}
        name = given.get("__typename")
        if not isinstance(name, str) or name not in types:
            raise InvalidInput("Each representation needs the `__typename` of an entity of this subgraph.")
        named.setdefault(name, []).append((place, given.get("id")))
    answers: list[object] = [None] * len(representations)
    for name, places in named.items():
        wanted: list[tuple[int, str]] = []
        for place, key in places:
            if isinstance(key, str) and "\x00" not in key:
                wanted.append((place, key))
            else:
                answers[place] = InvalidInput(f"A representation of {name} needs its key `id`, a string.")
        found = await types[name].resolve_references(info, [key for _, key in wanted])
        for (place, _), entity in zip(wanted, found, strict=True):
            answers[place] = entity
    return answers


class Stub:
    """An entity of another subgraph, known by its id: `class User(Stub, prefix="usr")`. It is never looked up."""

    id: strawberry.ID
    _prefix: ClassVar[str]

    def __init_subclass__(cls, prefix: str) -> None:
        super().__init_subclass__()
        cls._prefix = prefix

    @classmethod
    def of(cls, key: str | None) -> Self | None:
        """Refer to the entity with an id, or to none."""
        return None if not key else cls(id=key)  # type: ignore[call-arg]  # (Strawberry makes the constructor)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> list[Self | None]:
        """Return the stub of each id that has the right form."""
        return [cls.of(key) if is_id(cls._prefix, key) else None for key in ids]
