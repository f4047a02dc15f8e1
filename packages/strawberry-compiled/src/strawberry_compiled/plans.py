"""Caches the compiled plans of operations: a bounded number, and only of operations that are executed repeatedly.

The key is the operation's node in a parsed document, so documents must be cached (Strawberry's `ParserCache`).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import DirectiveNode, Node, OperationDefinitionNode, VariableNode, Visitor, visit
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet, collect_subfields
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.type import GraphQLObjectType

from strawberry_compiled.compiler import Collect, Compiler
from strawberry_compiled.operation_executor import OperationExecutor
from strawberry_compiled.selection import Selection

MAX_PLANS = 16
"""The most plans of one operation: one for each combination of its `@skip` and `@include` variables."""

SubFields = dict[tuple[GraphQLObjectType, int], tuple[FieldDetailsList, CollectedFields]]


@dataclass
class Plan:
    """The compiled form of one operation, for one combination of its `@skip` and `@include` variables."""

    root_fields: GroupedFieldSet
    sub_fields: SubFields
    compiler: Compiler
    type_by_class: dict[tuple[str, type], GraphQLObjectType | None] = field(default_factory=dict)
    """The object type of a class's instances, by the name of the abstract type and the class."""

    def selection(self, object_type: GraphQLObjectType, details: FieldDetailsList) -> Selection | None:
        """Return the selection of some nodes on an object type; None where it is not compiled."""
        return self.compiler.selection(object_type, details)


class Operation:
    """One operation of a document, and its plans by the values of its `@skip` and `@include` variables."""

    def __init__(self, node: OperationDefinitionNode, fragments: Iterable[Node]) -> None:
        self.node = node
        self.fragments = tuple(fragments)
        self.executions = 0
        self._conditions = sorted(set(_condition_variables([node, *self.fragments])))
        self._plans: dict[tuple[Any, ...], Plan] = {}
        # graphql-core's support of fragments with variables of their own is experimental.
        self.is_supported = not any(getattr(each, "variable_definitions", None) for each in self.fragments)

    def has_fragments(self, fragments: Iterable[Node]) -> bool:
        """Return whether the operation was compiled with these fragments."""
        return all(mine is other for mine, other in zip(self.fragments, fragments, strict=False))

    def plan(self, executor: OperationExecutor, root_fields: GroupedFieldSet) -> Plan | None:
        """Return the plan for an execution of this operation; None where graphql-core must execute it."""
        values = executor.variable_values.coerced
        condition_values = tuple(values.get(name) for name in self._conditions)
        if not all(isinstance(value, bool) for value in condition_values):
            return None
        cached = self._plans.get(condition_values)
        if cached is None and len(self._plans) < MAX_PLANS:
            sub_fields: SubFields = {}
            collect = collector(executor, dict(zip(self._conditions, condition_values, strict=True)), sub_fields)
            cached = self._plans[condition_values] = Plan(root_fields, sub_fields, Compiler(executor.schema, collect))
        return cached


def collector(executor: OperationExecutor, conditions: dict[str, Any], sub_fields: SubFields) -> Collect:
    """Return the function that collects the fields under some nodes as an executor does, and caches in `sub_fields`.

    A plan keeps it, so it must hold nothing of the caller: neither the context nor the values of other variables.
    """
    schema, fragments, operation = executor.schema, executor.fragments, executor.operation
    hide_suggestions = executor.hide_suggestions
    sources = {name: VariableValueSource(executor.variable_values.sources[name].signature) for name in conditions}
    values = VariableValues(sources, conditions)

    def collect(object_type: GraphQLObjectType, details: FieldDetailsList) -> CollectedFields:
        cached = sub_fields.get((object_type, id(details)))
        if cached is None:
            collected = collect_subfields(schema, fragments, values, operation, object_type, details, hide_suggestions)
            cached = sub_fields[object_type, id(details)] = (details, collected)
        return cached[1]

    return collect


def _condition_variables(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the names of the variables in `@skip` and `@include`."""
    found: list[str] = []

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value in {"skip", "include"}:
                found.extend(
                    each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode)
                )

    for node in nodes:
        visit(node, Finder())
    yield from found


class Plans:
    """The most recently used operations of one schema."""

    def __init__(self, max_operations: int, compile_threshold: int) -> None:
        """Keep at most `max_operations`, and compile one at its execution number `compile_threshold`."""
        self._max_operations = max_operations
        self._compile_threshold = compile_threshold
        self._operations: OrderedDict[int, Operation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._operations)

    def find(self, executor: OperationExecutor, root_fields: GroupedFieldSet) -> Plan | None:
        """Return the plan for an execution; None where the operation is not compiled, or not yet."""
        operation = self._operation(executor)
        operation.executions += 1
        if operation.executions < self._compile_threshold or not operation.is_supported:
            return None
        return operation.plan(executor, root_fields)

    def _operation(self, executor: OperationExecutor) -> Operation:
        # The node is kept with its plans, so no other node can have its id.
        key, fragments = id(executor.operation), executor.fragment_definitions.values()
        cached = self._operations.get(key)
        if cached is None or len(cached.fragments) != len(fragments) or not cached.has_fragments(fragments):
            cached = self._operations[key] = Operation(executor.operation, fragments)
            if len(self._operations) > self._max_operations:
                self._operations.popitem(last=False)
        self._operations.move_to_end(key)
        return cached
