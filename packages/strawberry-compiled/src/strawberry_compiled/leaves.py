"""Generates the code that coerces scalars and enums to JSON, without calling graphql-core where that is safe.

The code leaves the coerced value in a variable, or raises `Fallback` where graphql-core must coerce the value.
"""

import datetime as dt
import decimal
import enum
import uuid
from typing import Any, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from strawberry_compiled.codegen import Fallback, Namespace

# Values of exactly these classes are neither awaitables nor exceptions.
SAFE_CLASSES = frozenset(
    {str, int, float, bool, dict, list, decimal.Decimal, dt.datetime, dt.date, dt.time, dt.timedelta, uuid.UUID}
)
# Coercions that cannot fail for values of some classes, and never return null.
SAFE_COERCIONS: dict[Any, frozenset[type]] = {dt.datetime.isoformat: frozenset({dt.datetime}), str: SAFE_CLASSES}
# Scalars whose coercion returns a value of exactly this class unchanged.
IDENTITY_COERCIONS = {GraphQLString: "str", GraphQLID: "str", GraphQLBoolean: "bool"}
SMALLEST_INT, LARGEST_INT = -(2**31), 2**31 - 1
LARGEST_FLOAT = 1e308


def coercion_lines(leaf: GraphQLLeafType, variable: str, namespace: Namespace) -> list[str]:
    """Return the lines that coerce the value in `variable`, which is not None."""
    fall_back = "    raise Fallback"
    if leaf in IDENTITY_COERCIONS:
        return [f"if {variable}.__class__ is not {IDENTITY_COERCIONS[leaf]}:", fall_back]
    if leaf is GraphQLInt:
        within = f"{SMALLEST_INT} <= {variable} <= {LARGEST_INT}"
        return [f"if {variable}.__class__ is not int or not {within}:", fall_back]
    if leaf is GraphQLFloat:
        # Excludes infinities and NaN.
        within = f"-{LARGEST_FLOAT} <= {variable} <= {LARGEST_FLOAT}"
        return [f"if {variable}.__class__ is not float or not {within}:", fall_back]
    if type(leaf) is CustomGraphQLEnumType:
        return _enum_lines(leaf, variable, namespace)
    if leaf.coerce_output_value in SAFE_COERCIONS:
        # Inline: one more function call for each value takes longer than the coercion itself.
        classes, coerce = SAFE_COERCIONS[leaf.coerce_output_value], namespace.bind(leaf.coerce_output_value)
        return [
            f"if {variable}.__class__ not in {namespace.bind(classes)}:",
            fall_back,
            f"{variable} = {coerce}({variable})",
        ]
    coerce = namespace.bind(_coercion(leaf))
    return [f"{variable} = {coerce}({variable})"]


def _coercion(leaf: GraphQLLeafType) -> Any:
    coerce = leaf.coerce_output_value

    def coerced(value: Any) -> Any:
        if value.__class__ not in SAFE_CLASSES:
            raise Fallback
        result = coerce(value)
        if result is None or result is Undefined:
            raise Fallback
        return result

    return coerced


def _enum_lines(leaf: CustomGraphQLEnumType, variable: str, namespace: Namespace) -> list[str]:
    """Look members up by their name, whose hash Python caches; the hash of a member is computed at each call.

    A text that is the value of a member is looked up directly.
    """
    kind = cast("type[enum.Enum]", leaf.wrapped_cls)
    name_of = {member.name: leaf.coerce_output_value(member) for member in kind if _is_serializable(leaf, member)}
    texts = [member.value for member in kind if type(member.value) is str]
    name_of_text = {text: leaf.coerce_output_value(text) for text in texts if _is_serializable(leaf, text)}
    other = namespace.bind(_coercion(leaf))
    return [
        f"if {variable}.__class__ is {namespace.bind(kind)}:",
        f"    {variable} = {namespace.bind(name_of)}[{variable}._name_]",
        f"elif {variable}.__class__ is str:",
        f"    {variable} = {namespace.bind(name_of_text)}[{variable}]",
        "else:",
        f"    {variable} = {other}({variable})",
    ]


def _is_serializable(leaf: GraphQLEnumType, value: Any) -> bool:
    try:
        leaf.coerce_output_value(value)
    except Exception:  # (graphql-core reports the error when it coerces the value)
        return False
    return True
