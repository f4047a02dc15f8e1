"""Resolves `_entities` by batch: one call per type, whatever the number of representations.

An entity offers `resolve_references(info, ids)`; one that requires fields of another subgraph (`@requires`) offers
`resolve_required(info, representations)` instead, which gets them. An id that names nothing becomes null; a
representation without an id becomes an error at its own place in the list, beside which the others are answered.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, Protocol, Self, TypeAlias

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


# `resolve_required(info, representations)`, of a type with fields that require those of another subgraph: returns the
# entity of each representation, whose `id` is a string, in order.
_Required: TypeAlias = Callable[[Info, Sequence[Mapping[str, object]]], Awaitable[Sequence[object]]]


async def resolve_representations(
    types: dict[str, type[ReferencedEntity]], info: Info, representations: Sequence[object]
) -> list[object]:
    """Answer the router's representations, in their order; raises InvalidInput where a type is missing or unknown.

    An error in the list is raised by GraphQL at its place.
    """
    if len(representations) > LARGEST_ENTITY_BATCH:
        raise InvalidInput(f"`_entities` takes at most {LARGEST_ENTITY_BATCH} representations.")
    named: dict[str, list[tuple[int, Mapping[str, object]]]] = {}
    for place, representation in enumerate(representations):
        given = representation if isinstance(representation, dict) else {}
        name = given.get("__typename")
        if not isinstance(name, str) or name not in types:
            raise InvalidInput("Each representation needs the `__typename` of an entity of this subgraph.")
        named.setdefault(name, []).append((place, given))
    answers: list[object] = [None] * len(representations)
    for name, places in named.items():
        wanted: list[tuple[int, Mapping[str, object], str]] = []
        for place, each in places:
            key = each.get("id")
            if isinstance(key, str) and "\x00" not in key:
                wanted.append((place, each, key))
            else:
                answers[place] = InvalidInput(f"A representation of {name} needs its key `id`, a string.")
        required: _Required | None = getattr(types[name], "resolve_required", None)
        if required is not None:
            found = await required(info, [each for _, each, _ in wanted])
        else:
            found = await types[name].resolve_references(info, [key for _, _, key in wanted])
        for (place, _, _), entity in zip(wanted, found, strict=True):
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
