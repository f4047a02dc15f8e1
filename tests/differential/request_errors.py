"""Judges which requests the graph refuses as a whole, before anything runs, beyond what the specification demands.

The specification leaves a null in a non-null place that has a default to the execution of the field. This graph refuses
the request, so that no part of it has run. Numbers that change when they are read as binary floating-point numbers are
refused as well, wherever they stand.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_variable_values,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues
from graphql.validation import ASTValidationRule, ValuesOfCorrectTypeRule, specified_rules

from tests.differential.comparison import Answer
from tests.differential.documents import Literal, Value, json_text

STRUCTURE_RULES: Sequence[type[ASTValidationRule]] = [
    each for each in specified_rules if each is not ValuesOfCorrectTypeRule
]
"""The rules of validation that do not look at values."""


def refusal(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Value],
    is_doubtful: bool,
) -> Answer | None:
    """Return the answer to a request that is refused; None if it runs.

    The structure of the document is valid. Without doubtful values, only a null among the variables can be wrong.
    """
    if not is_doubtful and not _has_null(variables):
        return None
    if not all(map(is_exact, _numbers(variables))):
        return Answer.refused("BAD_USER_INPUT")
    if not _has_exact_literals(schema, document):
        # Such a literal may be none of its type either.
        return Answer.refused("BAD_USER_INPUT", possible=["GRAPHQL_VALIDATION_FAILED"])
    if validate(schema, document, [ValuesOfCorrectTypeRule]):
        return Answer.refused("GRAPHQL_VALIDATION_FAILED")
    if not _has_right_values(schema, document, operation_name, variables):
        return Answer.refused("BAD_USER_INPUT")
    return None


def has_valid_structure(schema: GraphQLSchema, text: str) -> bool:
    """Tell whether a document follows all rules of validation but those on values."""
    return not validate(schema, parse(text), STRUCTURE_RULES)


def is_exact(text: str) -> bool:
    """Tell whether a binary floating-point number has all digits of a number."""
    number = float(text)
    return math.isfinite(number) and Decimal(text) == Decimal(repr(number))


def _has_null(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_null, value.values()))
    return value is None or (isinstance(value, list) and any(map(_has_null, value)))


def _numbers(value: Value) -> Iterator[str]:
    if isinstance(value, Literal):
        yield value.text
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)


class _Literals(Visitor):
    """Collects the number literals, but for those of ids, which are texts."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: list[str] = []

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        self._add(node)

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:
        self._add(node)

    def _add(self, node: IntValueNode | FloatValueNode) -> None:
        kind = self._types.get_input_type()
        if kind is None or get_named_type(kind).name != "ID":
            self.found.append(node.value)


def _has_exact_literals(schema: GraphQLSchema, document: DocumentNode) -> bool:
    types = TypeInfo(schema)
    literals = _Literals(types)
    visit(document, TypeInfoVisitor(types, literals))
    return all(map(is_exact, literals.found))


def _has_right_values(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Value]
) -> bool:
    """Tell whether all variables, and the arguments of all selections that are not excluded, can be coerced."""
    operation = next(
        each
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
        and (operation_name is None or (each.name is not None and each.name.value == operation_name))
    )
    values = get_variable_values(schema, operation.variable_definitions or (), json.loads(json_text(variables)))
    if isinstance(values, list):
        return False
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}

    def walk(selections: SelectionSetNode, kind: Any) -> None:
        for each in selections.selections:
            if not _is_included(each, values):
                continue
            if isinstance(each, FieldNode):
                definition = schema.get_field(kind, each.name.value)
                assert definition is not None
                get_argument_values(definition, each, values)
                if each.selection_set:
                    walk(each.selection_set, get_named_type(definition.type))
            else:
                fragment = fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each
                assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)
                condition = fragment.type_condition
                walk(fragment.selection_set, schema.get_type(condition.name.value) if condition else kind)

    try:
        walk(operation.selection_set, cast("Any", schema.get_root_type(operation.operation)))
    except GraphQLError:
        return False
    return True


def _is_included(selection: SelectionNode, values: VariableValues) -> bool:
    """Tell whether a selection is executed. The condition of `@include` is not read once `@skip` excludes it."""
    skip = get_directive_values(GraphQLSkipDirective, selection, values)
    if skip and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, selection, values)
    return include is None or bool(include["if"])
