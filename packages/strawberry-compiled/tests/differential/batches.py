"""Special values of the sample schema's resolvers: promises of batches, awaitables, a subclass of `str`."""

import asyncio
from collections.abc import Callable, Generator
from typing import Any

from graphql import GraphQLError
from strawberry_compiled import LoaderPromise


class Batches:
    """A batch loader: the values of a group arrive together, some ticks after its first, or all fail."""

    TICKS = {"near": 1, "far": 4}  # noqa: RUF012 (it is a constant)

    def __init__(self) -> None:
        self._groups: dict[str, tuple[asyncio.Future[Any], dict[int, Any]]] = {}

    def promise(self, group: str, value: Any, convert: Callable[[Any], Any]) -> Any:
        """Return the promise of a value; a value that is a `GraphQLError` fails the whole batch."""
        loop = asyncio.get_running_loop()
        if group not in self._groups:
            self._groups[group] = loop.create_future(), {}
            loop.call_soon(self._tick, group, self.TICKS[group])
        future, values = self._groups[group]
        values[len(values)] = value
        return LoaderPromise(future, len(values) - 1, convert)

    def _tick(self, group: str, ticks_left: int) -> None:
        if ticks_left:
            asyncio.get_running_loop().call_soon(self._tick, group, ticks_left - 1)
            return
        future, values = self._groups.pop(group)
        errors = [value for value in values.values() if isinstance(value, GraphQLError)]
        if errors:
            future.set_exception(errors[0])
        else:
            future.set_result(values)


class SampleAwaitable:
    """An awaitable that can be awaited any number of times."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"SampleAwaitable({self.value!r})"

    def __await__(self) -> Generator[Any, None, Any]:
        yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class StrSubclass(str):
    """A text whose class is not exactly `str`."""
