"""A value that a batch will bring: what a resolver may return so that nobody waits for each object on its own."""

import asyncio
from collections.abc import Callable, Generator, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A future of a batch loader's, and what is to be made of its result.

    It may be awaited like a coroutine, which is what graphql-core does. Compiled execution waits for a whole batch at
    once instead: without a task, a coroutine and a callback for each object that asked.
    """

    __slots__ = ("future", "group", "make")

    def __init__(self, future: "asyncio.Future[Any]", make: Callable[[Any], T], group: Hashable) -> None:
        """`group` is equal for all that come together, so that one of them may be waited for in place of all."""
        self.future = future
        self.make = make
        self.group = group

    def __await__(self) -> Generator[Any, Any, T]:
        return self._made().__await__()

    async def _made(self) -> T:
        return self.make(await self.future)
