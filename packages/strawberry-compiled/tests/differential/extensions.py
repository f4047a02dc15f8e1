"""Field extensions of the sample schema: a guard, and an extension that compiled execution must run."""

from collections.abc import Callable
from typing import Any

from strawberry.extensions import FieldExtension


class MinimumLevel(FieldExtension):
    """Allows access from a level on. It is a guard."""

    def __init__(self, level: int) -> None:
        self.level = level

    def allows(self, source: Any, context: Any) -> bool:
        return bool(self.level + getattr(source, "extra", 0) <= context.level)

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        self._check(source, info.context)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        self._check(source, info.context)
        return await next_(source, info, **kwargs)

    def _check(self, source: Any, context: Any) -> None:
        if not self.allows(source, context):
            raise PermissionError(f"level {self.level} at {getattr(source, 'name', '?')}")


class Uppercase(FieldExtension):
    """Changes a field's value, so it is no guard."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:
        info.context.log.append("louder")
        value = next_(source, info, **kwargs)
        return value.upper() if isinstance(value, str) else value
