"""Compiles single fields that are more than an attribute, in the steps of graphql-core's `execute_field`.

The steps, their order and their awaits are the same. What depends on the document alone is found once and not for
every object: the field's definition, its arguments, and how its value is completed.
"""

import enum
from functools import cache, cached_property
from typing import Any, cast

from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments

from strawberry_compiled.analysis import Attribute, Method, all_allow
from strawberry_compiled.completion import AWAITED_CLASSES, compile_completion, with_error_handling
from strawberry_compiled.loader_promise import LoaderPromise
from strawberry_compiled.operation_executor import OperationExecutor
from strawberry_compiled.pending import Complete, FieldLocation, PendingField
from strawberry_compiled.selection import Execute, Field, SelectionCompiler

# A resolver cannot change values of these classes, so all parents may share them.
IMMUTABLE = (str, int, float, bool, type(None), enum.Enum)


def compile_field(field: Field, compiler: SelectionCompiler, converter: Any) -> Execute:
    """Return the function that executes a field for one source, at the path of its parent."""
    complete = compile_completion(field, compiler)
    if isinstance(field.resolver, Method) and complete is not None:
        arguments = Arguments(field, converter)
        compile_method = _async_method if field.resolver.is_async else _sync_method
        return compile_method(field, field.resolver, complete, arguments, converter.config.info_class)
    if isinstance(field.resolver, Attribute) and complete is not None:
        return _attribute(field, field.resolver, complete)
    return _by_graphql_core(field)


def _by_graphql_core(field: Field) -> Execute:
    def execute(executor: OperationExecutor, source: Any, path: Path) -> Any:
        return executor.execute_field(field.parent, source, field.details, field.path(path), None)

    return execute


def _attribute(field: Field, attribute: Attribute, complete: Complete) -> Execute:
    """Compile an attribute whose value the fast path cannot complete."""
    by_graphql_core = _by_graphql_core(field)
    name, guards = attribute.name, attribute.guards

    def execute(executor: OperationExecutor, source: Any, path: Path) -> Any:
        if guards and not all_allow(guards, source, executor.context_value):
            return by_graphql_core(executor, source, path)
        field_path = field.path(path)
        try:
            value = getattr(source, name)
            if executor.is_awaitable(value):
                return by_graphql_core(executor, source, path)
            completed = complete(executor, value, field_path)
            if completed.__class__ in AWAITED_CLASSES:
                return with_error_handling(executor, completed, FieldLocation(field.type, field.details, field_path))
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, field_path)
            return None
        return completed

    return execute


def _sync_method(
    field: Field, method: Method, complete: Complete, arguments: "Arguments", info_class: type[Any]
) -> Execute:
    function, guards, info_name = method.function, method.guards, method.info
    resolve: Any = field.definition.resolve
    is_sync = field.is_sync
    lazy_info = _lazy_info_class(info_class)  # type: ignore[arg-type]

    def execute(executor: OperationExecutor, source: Any, path: Path) -> Any:
        field_path = field.path(path)
        try:
            raw = arguments.raw(executor)
            info = None
            if not guards or all_allow(guards, source, executor.context_value):
                if info_name is not None or raw:
                    info = lazy_info(executor, field, field_path)
                converted = arguments.converted(executor, raw, info)
                if info_name is not None:
                    converted = {**converted, info_name: info}
                value = function(source, **converted)
            else:
                value = resolve(source, field.info(executor, field_path), **raw)
            if is_sync and value.__class__ is LoaderPromise:
                return PendingField(executor, value, complete, FieldLocation(field.type, field.details, field_path))
            if executor.is_awaitable(value):
                raw_info = field.info(executor, field_path)
                return executor.complete_awaitable_value(field.type, field.details, raw_info, field_path, value, None)
            completed = complete(executor, value, field_path)
            if completed.__class__ in AWAITED_CLASSES:
                return with_error_handling(executor, completed, FieldLocation(field.type, field.details, field_path))
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, field_path)
            return None
        return completed

    return execute


@cache
def _lazy_info_class(info_class: type[Any]) -> Any:
    """Return a subclass of Strawberry's `Info` that makes graphql-core's `info` at its first use.

    Most resolvers read nothing but the context.
    """

    class LazyInfo(info_class):  # type: ignore[misc]
        def __init__(self, executor: OperationExecutor, field: Field, path: Path) -> None:
            self._executor, self._compiled_field, self._field_path = executor, field, path
            self._field = cast("Method", field.resolver).field

        @cached_property
        def _raw_info(self) -> Any:
            return self._compiled_field.info(self._executor, self._field_path)

        @property
        def context(self) -> Any:
            return self._executor.context_value

    return LazyInfo


def _async_method(
    field: Field, method: Method, complete: Complete, arguments: "Arguments", info_class: type[Any]
) -> Execute:
    function, guards, info_name = method.function, method.guards, method.info
    resolve: Any = field.definition.resolve

    async def resolved(executor: OperationExecutor, source: Any, field_path: Path, raw: dict[str, Any]) -> Any:
        try:
            raw_info = field.info(executor, field_path)
            if not guards or all_allow(guards, source, executor.context_value):
                info = info_class(_raw_info=raw_info, _field=method.field)
                converted = arguments.converted(executor, raw, info)
                if info_name is not None:
                    converted = {**converted, info_name: info}
                value = await function(source, **converted)
            else:
                value = await resolve(source, raw_info, **raw)
            completed = complete(executor, value, field_path)
            if completed.__class__ in AWAITED_CLASSES:
                completed = await completed
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, field_path)
            completed = None
        return completed

    def execute(executor: OperationExecutor, source: Any, path: Path) -> Any:
        field_path = field.path(path)
        try:
            raw = arguments.raw(executor)
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, field_path)
            return None
        return resolved(executor, source, field_path, raw)

    return execute


class Arguments:
    """A field's arguments in one document, read once an operation where no resolver can change them."""

    def __init__(self, field: Field, converter: Any) -> None:
        self._definition, self._details = field.definition, field.details[0]
        self._is_empty = not field.definition.args and not self._details.node.arguments
        self._strawberry_arguments = field.resolver.field.arguments if isinstance(field.resolver, Method) else []
        self._converter = converter

    def raw(self, executor: OperationExecutor) -> dict[str, Any]:
        """Return the values by name; raises graphql-core's errors for values that are not valid."""
        if self._is_empty:
            return {}
        cached: dict[str, Any] | None = executor.arguments_read.get(id(self))
        if cached is not None:
            return cached
        node, variables = self._details.node, self._details.fragment_variable_values
        values = get_argument_values(
            self._definition, node, executor.variable_values, variables, executor.hide_suggestions
        )
        if all(isinstance(value, IMMUTABLE) for value in values.values()):
            executor.arguments_read[id(self)] = values
        return values

    def converted(self, executor: OperationExecutor, raw: dict[str, Any], info: Any) -> dict[str, Any]:
        """Return the values as the resolver takes them."""
        if not raw:
            return raw
        cached: dict[str, Any] | None = executor.arguments_converted.get(id(raw))
        if cached is not None:
            return cached
        values: dict[str, Any] = convert_arguments(
            dict(raw),
            self._strawberry_arguments,
            scalar_registry=self._converter.scalar_registry,
            config=self._converter.config,
            info=info,
        )
        if executor.arguments_read.get(id(self)) is raw and all(
            isinstance(value, IMMUTABLE) for value in values.values()
        ):
            executor.arguments_converted[id(raw)] = values
        return values
