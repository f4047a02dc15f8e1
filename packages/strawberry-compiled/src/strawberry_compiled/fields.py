"""Executes a single field that is more than a plain attribute, in the steps of graphql-core's `execute_field`.

The steps are the same, in the same order and with the same awaits; only what the document has settled once is not
found out again for every object: the field's definition, its arguments, and how its value is completed.
"""

import enum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments

from strawberry_compiled.analysis import Attribute, Method, all_pass
from strawberry_compiled.completion import UNFINISHED, completion, finished_later
from strawberry_compiled.later import Later
from strawberry_compiled.selection import Field, Full
from strawberry_compiled.waiting import Complete, Promise, Spot

if TYPE_CHECKING:
    from strawberry_compiled.compiler import Compiler
    from strawberry_compiled.executor import CompiledExecutor

# Values of these classes cannot be changed by a resolver, so all parents may be given the same.
UNCHANGEABLE = (str, int, float, bool, type(None), enum.Enum)


def runner(field: Field, compiler: "Compiler", converter: Any) -> Full:
    """Return the function that executes a field for one source, at the path of its parent."""
    complete = completion(field, compiler)
    if isinstance(field.kind, Method) and complete is not None:
        arguments = Arguments(field, converter)
        make = _async_method if field.kind.is_async else _sync_method
        return make(field, field.kind, complete, arguments, converter.config.info_class)
    if isinstance(field.kind, Attribute) and complete is not None:
        return _attribute(field, field.kind, complete)
    return _by_graphql_core(field)


def _by_graphql_core(field: Field) -> Full:
    def run(executor: "CompiledExecutor", source: Any, path: Path) -> Any:
        return executor.execute_field(field.parent, source, field.details, field.path(path), None)

    return run


def _attribute(field: Field, attribute: Attribute, complete: Complete) -> Full:
    """Make the runner of an attribute whose value must be completed by more than plain code."""
    by_graphql_core = _by_graphql_core(field)
    name, guards = attribute.name, attribute.guards

    def run(executor: "CompiledExecutor", source: Any, path: Path) -> Any:
        if guards and not all_pass(guards, source, executor.context_value):
            return by_graphql_core(executor, source, path)
        own = field.path(path)
        try:
            value = getattr(source, name)
            if executor.is_awaitable(value):
                return by_graphql_core(executor, source, path)
            completed = complete(executor, value, own)
            if completed.__class__ in UNFINISHED:
                return finished_later(executor, completed, Spot(field.type, field.details, own))
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, own)
            return None
        return completed

    return run


def _sync_method(
    field: Field, method: Method, complete: Complete, arguments: "Arguments", info_class: type[Any]
) -> Full:
    function, guards, info_name = method.function, method.guards, method.info
    resolve: Any = field.definition.resolve
    is_steady = field.is_steady
    late_info = _late(info_class)  # type: ignore[arg-type]

    def run(executor: "CompiledExecutor", source: Any, path: Path) -> Any:
        own = field.path(path)
        try:
            raw = arguments.raw(executor)
            info = None
            if not guards or all_pass(guards, source, executor.context_value):
                if info_name is not None or raw:
                    info = late_info(executor, field, own)
                named = arguments.converted(executor, raw, info)
                if info_name is not None:
                    named = {**named, info_name: info}
                value = function(source, **named)
            else:
                value = resolve(source, field.info(executor, own), **raw)
            if is_steady and value.__class__ is Later:
                return Promise(executor, value, complete, Spot(field.type, field.details, own))
            if executor.is_awaitable(value):
                info_of_field = field.info(executor, own)
                return executor.complete_awaitable_value(field.type, field.details, info_of_field, own, value, None)
            completed = complete(executor, value, own)
            if completed.__class__ in UNFINISHED:
                return finished_later(executor, completed, Spot(field.type, field.details, own))
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, own)
            return None
        return completed

    return run


@cache
def _late(info_class: type[Any]) -> Any:
    """Return Strawberry's `Info` with what graphql-core tells a resolver made when somebody asks for it.

    Most resolvers look at nothing but the context.
    """

    class LateInfo(info_class):  # type: ignore[misc]
        def __init__(self, executor: "CompiledExecutor", field: Field, path: Path) -> None:
            self._executor, self._compiled_field, self._own_path = executor, field, path
            self._field = cast("Method", field.kind).field

        @cached_property
        def _raw_info(self) -> Any:
            return self._compiled_field.info(self._executor, self._own_path)

        @property
        def context(self) -> Any:
            return self._executor.context_value

    return LateInfo


def _async_method(
    field: Field, method: Method, complete: Complete, arguments: "Arguments", info_class: type[Any]
) -> Full:
    function, guards, info_name = method.function, method.guards, method.info
    resolve: Any = field.definition.resolve

    async def resolved(executor: "CompiledExecutor", source: Any, own: Path, raw: dict[str, Any]) -> Any:
        try:
            raw_info = field.info(executor, own)
            if not guards or all_pass(guards, source, executor.context_value):
                info = info_class(_raw_info=raw_info, _field=method.field)
                named = arguments.converted(executor, raw, info)
                if info_name is not None:
                    named = {**named, info_name: info}
                value = await function(source, **named)
            else:
                value = await resolve(source, raw_info, **raw)
            completed = complete(executor, value, own)
            if completed.__class__ in UNFINISHED:
                completed = await completed
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, own)
            completed = None
        return completed

    def run(executor: "CompiledExecutor", source: Any, path: Path) -> Any:
        own = field.path(path)
        try:
            raw = arguments.raw(executor)
        except Exception as error:
            executor.handle_field_error(error, field.type, field.details, own)
            return None
        return resolved(executor, source, own, raw)

    return run


class Arguments:
    """A field's arguments in one document: read once a request where no resolver can change them."""

    def __init__(self, field: Field, converter: Any) -> None:
        self._definition, self._details = field.definition, field.details[0]
        self._none = not field.definition.args and not self._details.node.arguments
        self._strawberry_arguments = field.kind.field.arguments if isinstance(field.kind, Method) else []
        self._converter = converter

    def raw(self, executor: "CompiledExecutor") -> dict[str, Any]:
        """Return the values by name; raises what graphql-core raises for wrong ones."""
        if self._none:
            return {}
        known: dict[str, Any] | None = executor.arguments_read.get(id(self))
        if known is not None:
            return known
        node, variables = self._details.node, self._details.fragment_variable_values
        values = get_argument_values(
            self._definition, node, executor.variable_values, variables, executor.hide_suggestions
        )
        if all(isinstance(value, UNCHANGEABLE) for value in values.values()):
            executor.arguments_read[id(self)] = values
        return values

    def converted(self, executor: "CompiledExecutor", raw: dict[str, Any], info: Any) -> dict[str, Any]:
        """Return the values as the resolver takes them."""
        if not raw:
            return raw
        known: dict[str, Any] | None = executor.arguments_converted.get(id(raw))
        if known is not None:
            return known
        named: dict[str, Any] = convert_arguments(
            dict(raw),
            self._strawberry_arguments,
            scalar_registry=self._converter.scalar_registry,
            config=self._converter.config,
            info=info,
        )
        if executor.arguments_read.get(id(self)) is raw and all(
            isinstance(value, UNCHANGEABLE) for value in named.values()
        ):
            executor.arguments_converted[id(raw)] = named
        return named
