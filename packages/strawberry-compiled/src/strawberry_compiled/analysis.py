"""Looks at a field of a Strawberry type, and says what running it comes to.

Only what is known to be harmless is recognised. Everything else is a field that graphql-core executes.
"""

import dataclasses
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import FunctionType, MemberDescriptorType
from typing import Any, Protocol, runtime_checkable

from graphql import GraphQLField, GraphQLObjectType
from strawberry.extensions import FieldExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

_STRAWBERRY = "strawberry.schema.schema_converter"


@runtime_checkable
class Guard(Protocol):
    """A field extension that does nothing but let pass or refuse, and can say which without a resolver's `info`."""

    def passes(self, source: Any, context: Any) -> bool:
        """Tell whether the extension would let the field be resolved; it must have no effect.

        Anything but True has the field executed as if it were not compiled, so the extension itself refuses. Guards
        that are equal are asked once for a source, so equal ones must give the same answer.
        """


@dataclass(frozen=True)
class Attribute:
    """A field that is an attribute of its source, behind any number of guards."""

    name: str
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Method:
    """A field that is a method of its source's class, behind any number of guards."""

    function: FunctionType
    field: StrawberryField
    is_async: bool
    info: str | None
    """The name of the parameter that takes Strawberry's `Info`, if there is one."""
    guards: tuple[Guard, ...] = ()


def all_pass(guards: Iterable[Guard], source: Any, context: Any) -> bool:
    """Tell whether all guards let pass. One that raises does not: the extension itself shall raise."""
    try:
        return all(guard.passes(source, context) is True for guard in guards)
    except Exception:
        return False


def source_classes(kind: GraphQLObjectType) -> frozenset[type]:
    """Return the classes whose instances show an object type by nothing but their attributes and methods.

    Empty when there are none, or when it takes more than the class to tell what an object is.
    """
    definition = _definition(kind)
    if definition is None or kind.is_type_of is not None:
        return frozenset()
    found = {definition.origin}
    if definition.concrete_of is not None:
        found.add(definition.concrete_of.origin)
    return frozenset(each for each in found if _is_plain(each))


def _is_plain(kind: type) -> bool:
    return (
        dataclasses.is_dataclass(kind)
        and kind.__getattribute__ is object.__getattribute__
        and not hasattr(kind, "__getattr__")
        and not hasattr(kind, "__await__")
        and not issubclass(kind, (Exception, Mapping))
    )


def examine(kind: GraphQLObjectType, field: GraphQLField) -> Attribute | Method | None:
    """Return what a field of an object type is, or None when only graphql-core can tell."""
    strawberry_field = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    resolve = field.resolve
    if type(strawberry_field) is not StrawberryField or not isinstance(resolve, FunctionType):
        return None
    if resolve.__module__ != _STRAWBERRY or strawberry_field.is_subscription:
        return None
    guards = _guards(strawberry_field)
    if guards is None:
        return None
    if strawberry_field.base_resolver is None:
        return _attribute(kind, strawberry_field, guards)
    return _method(strawberry_field, guards)


def _guards(field: StrawberryField) -> tuple[Guard, ...] | None:
    """Return the guards of a field, or None when an extension of it is something else."""
    found: list[Guard] = []
    for extension in field.extensions:
        if not isinstance(extension, Guard) or type(extension).map_arguments is not FieldExtension.map_arguments:
            return None
        found.append(extension)
    return tuple(found)


def _attribute(kind: GraphQLObjectType, field: StrawberryField, guards: Any) -> Attribute | None:
    name = field.python_name
    if not name.isidentifier() or field.default_resolver is not getattr or field.arguments:
        return None
    for each in source_classes(kind):
        descriptor = inspect.getattr_static(each, name, None)
        if hasattr(descriptor, "__get__") and not isinstance(descriptor, MemberDescriptorType):
            return None
    return Attribute(name, guards)


def _method(field: StrawberryField, guards: Any) -> Method | None:
    resolver = field.base_resolver
    function = resolver.wrapped_func if resolver is not None else None
    if resolver is None or not isinstance(function, FunctionType):
        return None
    first = resolver.self_parameter
    if first is None or resolver.parent_parameter is not None or resolver.root_parameter is not None:
        return None
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        return None
    info = resolver.info_parameter.name if resolver.info_parameter is not None else None
    return Method(function, field, inspect.iscoroutinefunction(function), info, guards)


def _definition(kind: GraphQLObjectType) -> StrawberryObjectDefinition | None:
    definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return definition if isinstance(definition, StrawberryObjectDefinition) else None
