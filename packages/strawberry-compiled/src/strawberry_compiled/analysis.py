"""Classifies the fields of Strawberry types: as attributes, as methods, or as fields that graphql-core must execute.

A field is classified only where its steps are known to have no effect beyond its resolver's.
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

_CONVERTER_MODULE = "strawberry.schema.schema_converter"


@runtime_checkable
class Guard(Protocol):
    """A field extension that only allows or denies access, and can tell which without a resolver's `info`."""

    def allows(self, source: Any, context: Any) -> bool:
        """Return True where the extension would let the field be resolved. Must have no effect.

        For any other value the field is executed uncompiled, so that the extension itself denies access. Guards that
        are equal are called once for a source, so equal guards must give equal answers.
        """


@dataclass(frozen=True)
class Attribute:
    """A field that is an attribute of its source, with any number of guards."""

    name: str
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Method:
    """A field that is a method of its source's class, with any number of guards."""

    function: FunctionType
    field: StrawberryField
    is_async: bool
    info: str | None
    """The name of the parameter that takes Strawberry's `Info`; None where the method has none."""
    guards: tuple[Guard, ...] = ()


def all_allow(guards: Iterable[Guard], source: Any, context: Any) -> bool:
    """Return whether all guards allow access. A guard that raises does not: the extension itself raises again."""
    try:
        return all(guard.allows(source, context) is True for guard in guards)
    except Exception:
        return False


def source_classes(object_type: GraphQLObjectType) -> frozenset[type]:
    """Return the classes whose instances are of an object type and are read by attributes and methods alone.

    Empty where there are none, or where the class does not decide of which type an object is.
    """
    definition = _definition(object_type)
    if definition is None or object_type.is_type_of is not None:
        return frozenset()
    found = {definition.origin}
    if definition.concrete_of is not None:
        found.add(definition.concrete_of.origin)
    return frozenset(each for each in found if _has_ordinary_attributes(each))


def _has_ordinary_attributes(source_class: type) -> bool:
    return (
        dataclasses.is_dataclass(source_class)
        and source_class.__getattribute__ is object.__getattribute__
        and not hasattr(source_class, "__getattr__")
        and not hasattr(source_class, "__await__")
        and not issubclass(source_class, (Exception, Mapping))
    )


def classify_field(object_type: GraphQLObjectType, field: GraphQLField) -> Attribute | Method | None:
    """Return how a field of an object type is resolved; None where graphql-core must execute it."""
    strawberry_field = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    resolve = field.resolve
    if type(strawberry_field) is not StrawberryField or not isinstance(resolve, FunctionType):
        return None
    if resolve.__module__ != _CONVERTER_MODULE or strawberry_field.is_subscription:
        return None
    guards = _guards(strawberry_field)
    if guards is None:
        return None
    if strawberry_field.base_resolver is None:
        return _attribute(object_type, strawberry_field, guards)
    return _method(strawberry_field, guards)


def _guards(field: StrawberryField) -> tuple[Guard, ...] | None:
    """Return the guards of a field; None where one of its extensions is no guard."""
    found: list[Guard] = []
    for extension in field.extensions:
        if not isinstance(extension, Guard) or type(extension).map_arguments is not FieldExtension.map_arguments:
            return None
        found.append(extension)
    return tuple(found)


def _attribute(object_type: GraphQLObjectType, field: StrawberryField, guards: tuple[Guard, ...]) -> Attribute | None:
    name = field.python_name
    if not name.isidentifier() or field.default_resolver is not getattr or field.arguments:
        return None
    for each in source_classes(object_type):
        descriptor = inspect.getattr_static(each, name, None)
        if hasattr(descriptor, "__get__") and not isinstance(descriptor, MemberDescriptorType):
            return None
    return Attribute(name, guards)


def _method(field: StrawberryField, guards: tuple[Guard, ...]) -> Method | None:
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


def _definition(object_type: GraphQLObjectType) -> StrawberryObjectDefinition | None:
    definition = object_type.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return definition if isinstance(definition, StrawberryObjectDefinition) else None
