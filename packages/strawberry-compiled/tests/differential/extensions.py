"""Field extensions of the zoo: a guard, which compiled execution may ask, and one that it must run."""

from collections.abc import Callable
from typing import Any

from strawberry.extensions import FieldExtension


class Level(FieldExtension):
    """Opens a field to those who have a level. Compiled execution may ask it: it is a guard."""

    def __init__(self, level: int) -> None:
        self.level = level

    def passes(self, source: Any, context: Any) -> bool:
        return bool(self.level + getattr(source, "extra", 0) <= context.level)

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        self._check(source, info.context)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        self._check(source, info.context)
        return await next_(source, info, **kwargs)

    def _check(self, source: Any, context: Any) -> None:
        if not self.passes(source, context):
            raise PermissionError(f"level {self.level} at {getattr(source, 'name', '?')}")


class Louder(FieldExtension):
    """Changes what a field answers, so it is no guard."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        info.context.log.append("louder")
        value = next_(source, info, **kwargs)
        return value.upper() if isinstance(value, str) else value
