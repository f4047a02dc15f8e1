"""Resolves `_entities` by batch: one call per type, whatever the number of representations.

An entity offers `resolve_references(info, ids)`; ids that name nothing, or are no ids at all, become null.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from shared.core.errors import InvalidInput
from shared.core.ids import is_id

LARGEST_ENTITY_BATCH = 10_000


class ReferencedEntity(Protocol):
    """What a type with `@key(fields: "id")` offers the router."""

    @classmethod
    def resolve_references(cls, info: Any, ids: Sequence[str]) -> Awaitable[Sequence[Any]]:
        """Return the entity of each id, in order, with None for those that do not exist."""


async def resolve_representations(
    types: dict[str, type[ReferencedEntity]], info: Any, representations: Sequence[Any]
) -> list[Any]:
    """Answer the router's representations, in their order."""
    if len(representations) > LARGEST_ENTITY_BATCH:
        raise InvalidInput(f"`_entities` takes at most {LARGEST_ENTITY_BATCH} representations.")
    positions: dict[str, list[int]] = {}
    for position, representation in enumerate(representations):
        name = representation.get("__typename") if isinstance(representation, dict) else None
        if not isinstance(name, str) or name not in types:
            raise InvalidInput("Each representation needs the `__typename` of an entity of this subgraph.")
        positions.setdefault(name, []).append(position)
    answers: list[Any] = [None] * len(representations)
    for name, places in positions.items():
        named = [(place, representations[place].get("id")) for place in places]
        wanted = [(place, key) for place, key in named if isinstance(key, str) and "\x00" not in key]
        found = await types[name].resolve_references(info, [key for _, key in wanted])
        for (place, _), entity in zip(wanted, found, strict=True):
            answers[place] = entity
    return answers


S = TypeVar("S")


def stubs(kind: Callable[..., S], prefix: str, ids: Sequence[str]) -> list[S | None]:
    """Return the stub of each id that has the right form: a subgraph extends a foreign entity without looking it up."""
    return [kind(id=key) if is_id(prefix, key) else None for key in ids]
