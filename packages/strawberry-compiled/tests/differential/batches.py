"""What resolvers of the zoo answer late or oddly: values of batches, awaitables, a text that is not quite one."""

import asyncio
from collections.abc import Callable, Generator
from typing import Any

from graphql import GraphQLError
from strawberry_compiled import Later


class Batches:
    """Brings values some ticks after the first of a group was asked for, all at once, or fails with all of them."""

    TICKS = {"near": 1, "far": 4}  # noqa: RUF012 (nobody changes it)

    def __init__(self) -> None:
        self._asked: dict[str, tuple[asyncio.Future[Any], dict[int, Any]]] = {}

    def later(self, group: str, value: Any, make: Callable[[Any], Any]) -> Any:
        """Return what brings a value; one that is an error of GraphQL's fails the whole batch."""
        loop = asyncio.get_running_loop()
        if group not in self._asked:
            self._asked[group] = loop.create_future(), {}
            loop.call_soon(self._tick, group, self.TICKS[group])
        future, values = self._asked[group]
        values[len(values)] = value
        return Later(future, len(values) - 1, make)

    def _tick(self, group: str, left: int) -> None:
        if left:
            asyncio.get_running_loop().call_soon(self._tick, group, left - 1)
            return
        future, values = self._asked.pop(group)
        errors = [value for value in values.values() if isinstance(value, GraphQLError)]
        if errors:
            future.set_exception(errors[0])
        else:
            future.set_result(values)


class Ready:
    """An awaitable that may be awaited any number of times, or none."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Ready({self.value!r})"

    def __await__(self) -> Generator[Any, None, Any]:
        yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Text(str):
    """A text that is not exactly a str."""
