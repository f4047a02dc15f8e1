"""A value that a batch will bring: what a resolver may return so that nobody waits for each object on its own."""

import asyncio
from collections.abc import Callable, Generator, Hashable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """The future of a batch, the key of one of its values, and what is to be made of that.

    It may be awaited like a coroutine, which is what graphql-core does. Compiled execution waits once for all that one
    future brings instead: without a task, a coroutine and a callback for each object that asked.
    """

    __slots__ = ("_key", "_make", "future")

    def __init__(self, future: "asyncio.Future[Mapping[Any, Any]]", key: Hashable, make: Callable[[Any], T]) -> None:
        self.future = future
        self._key = key
        self._make = make

    def made(self) -> T:
        """Return the value once the batch has come; raises what the batch has failed with."""
        return self._make(self.future.result()[self._key])

    def __await__(self) -> Generator[Any, Any, T]:
        # Others wait for the same future: it must not be cancelled with whoever awaits this.
        yield from asyncio.shield(self.future).__await__()
        return self.made()
