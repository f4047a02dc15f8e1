"""How values of scalars and enums are checked and turned into JSON, without asking graphql-core where that is safe.

A leaf is described by statements of Python that leave the coerced value in a variable, or raise Unexpected: then
graphql-core, which is asked instead, decides what to make of the value.
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

from strawberry_compiled.source import Names, Unexpected

# Values of exactly these classes are what they seem: neither awaitables nor exceptions.
PLAIN_CLASSES = frozenset(
    {str, int, float, bool, dict, list, decimal.Decimal, dt.datetime, dt.date, dt.time, dt.timedelta, uuid.UUID}
)
# Coercions that cannot fail for values of some classes, and never come to null.
ALWAYS_RIGHT: dict[Any, frozenset[type]] = {
    dt.datetime.isoformat: frozenset({dt.datetime}),
    str: PLAIN_CLASSES,
}
# Their own coercion returns a value of exactly this class as it is.
UNCHANGED = {GraphQLString: "str", GraphQLID: "str", GraphQLBoolean: "bool"}
SMALLEST_INT, LARGEST_INT = -(2**31), 2**31 - 1
LARGEST_FLOAT = 1e308


def statements(leaf: GraphQLLeafType, variable: str, names: Names) -> list[str]:
    """Return the lines that coerce what is in `variable`, which is not None."""
    refuse = "    raise Unexpected"
    if leaf in UNCHANGED:
        return [f"if {variable}.__class__ is not {UNCHANGED[leaf]}:", refuse]
    if leaf is GraphQLInt:
        within = f"{SMALLEST_INT} <= {variable} <= {LARGEST_INT}"
        return [f"if {variable}.__class__ is not int or not {within}:", refuse]
    if leaf is GraphQLFloat:
        # Neither infinities nor NaN lie between.
        within = f"-{LARGEST_FLOAT} <= {variable} <= {LARGEST_FLOAT}"
        return [f"if {variable}.__class__ is not float or not {within}:", refuse]
    if type(leaf) is CustomGraphQLEnumType:
        return _enum_statements(leaf, variable, names)
    if leaf.coerce_output_value in ALWAYS_RIGHT:
        # Written out: a call of a function for each value took longer than what the function does.
        classes, coerce = ALWAYS_RIGHT[leaf.coerce_output_value], names.give(leaf.coerce_output_value)
        return [
            f"if {variable}.__class__ not in {names.give(classes)}:",
            refuse,
            f"{variable} = {coerce}({variable})",
        ]
    coerce = names.give(_coercion(leaf))
    return [f"{variable} = {coerce}({variable})"]


def _coercion(leaf: GraphQLLeafType) -> Any:
    coerce = leaf.coerce_output_value

    def coerced(value: Any) -> Any:
        if value.__class__ not in PLAIN_CLASSES:
            raise Unexpected
        result = coerce(value)
        if result is None or result is Undefined:
            raise Unexpected
        return result

    return coerced


def _enum_statements(leaf: CustomGraphQLEnumType, variable: str, names: Names) -> list[str]:
    """Members are looked up by their name, whose hash Python keeps; an enum's own is computed each time.

    What stands for a member in a column of texts is looked up as it is.
    """
    kind = cast("type[enum.Enum]", leaf.wrapped_cls)
    name_of = {member.name: leaf.coerce_output_value(member) for member in kind if _is_shown(leaf, member)}
    texts = [member.value for member in kind if type(member.value) is str]
    name_of_text = {text: leaf.coerce_output_value(text) for text in texts if _is_shown(leaf, text)}
    other = names.give(_coercion(leaf))
    return [
        f"if {variable}.__class__ is {names.give(kind)}:",
        f"    {variable} = {names.give(name_of)}[{variable}._name_]",
        f"elif {variable}.__class__ is str:",
        f"    {variable} = {names.give(name_of_text)}[{variable}]",
        "else:",
        f"    {variable} = {other}({variable})",
    ]


def _is_shown(leaf: GraphQLEnumType, value: Any) -> bool:
    try:
        leaf.coerce_output_value(value)
    except Exception:  # (whatever it is, graphql-core shall say so when it meets the value)
        return False
    return True
