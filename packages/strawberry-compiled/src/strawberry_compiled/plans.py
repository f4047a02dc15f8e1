"""Remembers what was compiled of each operation: bounded, and only of operations that come again.

An operation is known by its node in a parsed document, so documents must be cached (Strawberry's `ParserCache`).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import DirectiveNode, Node, OperationDefinitionNode, VariableNode, Visitor, visit
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet, collect_subfields
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.type import GraphQLObjectType

from strawberry_compiled.compiler import Collect, Compiler
from strawberry_compiled.selection import Selection

if TYPE_CHECKING:
    from strawberry_compiled.executor import CompiledExecutor

CHOICES_KEPT = 16
"""An operation is compiled for so many combinations of what `@skip` and `@include` are told; further ones are not."""

SubFields = dict[tuple[GraphQLObjectType, int], tuple[FieldDetailsList, CollectedFields]]


@dataclass
class Plan:
    """What is known of one operation, for one choice of its conditional parts."""

    root_fields: GroupedFieldSet
    sub_fields: SubFields
    compiler: Compiler
    kinds: dict[tuple[str, type], GraphQLObjectType | None] = field(default_factory=dict)
    """The object type that instances of a class have where an abstract type is expected."""

    def selection(self, kind: GraphQLObjectType, details: FieldDetailsList) -> Selection | None:
        return self.compiler.child(kind, details)


class Operation:
    """One operation of a document, and its plans by the values of the variables that switch parts of it."""

    def __init__(self, node: OperationDefinitionNode, fragments: Iterable[Node]) -> None:
        self.node = node
        self.fragments = tuple(fragments)
        self.times_seen = 0
        self._switches = sorted(set(_switches([node, *self.fragments])))
        self._plans: dict[tuple[Any, ...], Plan] = {}
        # Fragments with variables of their own are an experiment of graphql-core's.
        self.is_plain = not any(getattr(each, "variable_definitions", None) for each in self.fragments)

    def has(self, fragments: Iterable[Node]) -> bool:
        """Tell whether fragments are those that it was compiled with."""
        return all(mine is other for mine, other in zip(self.fragments, fragments, strict=False))

    def plan(self, executor: "CompiledExecutor", root_fields: GroupedFieldSet) -> Plan | None:
        """Return the plan for an execution of this operation; None when it must do without."""
        values = executor.variable_values.coerced
        choice = tuple(values.get(name) for name in self._switches)
        if not all(isinstance(value, bool) for value in choice):
            return None
        known = self._plans.get(choice)
        if known is None and len(self._plans) < CHOICES_KEPT:
            sub_fields: SubFields = {}
            collect = collector(executor, dict(zip(self._switches, choice, strict=True)), sub_fields)
            known = self._plans[choice] = Plan(root_fields, sub_fields, Compiler(executor.schema, collect))
        return known


def collector(executor: "CompiledExecutor", switches: dict[str, Any], sub_fields: SubFields) -> Collect:
    """Return what collects the fields under some nodes, as an executor does, and notes them in `sub_fields`.

    It is kept with a plan, so it holds nothing of the caller: neither the context nor the values of other variables.
    """
    schema, fragments, operation = executor.schema, executor.fragments, executor.operation
    hides = executor.hide_suggestions
    sources = {name: VariableValueSource(executor.variable_values.sources[name].signature) for name in switches}
    values = VariableValues(sources, switches)

    def collect(kind: GraphQLObjectType, details: FieldDetailsList) -> CollectedFields:
        known = sub_fields.get((kind, id(details)))
        if known is None:
            collected = collect_subfields(schema, fragments, values, operation, kind, details, hides)
            known = sub_fields[kind, id(details)] = (details, collected)
        return known[1]

    return collect


def _switches(nodes: Iterable[Node]) -> Iterator[str]:
    """Find the variables that `@skip` and `@include` are told."""
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
    """The operations of one schema that were seen last."""

    def __init__(self, kept: int, compile_at: int) -> None:
        """Keep so many operations, and compile one when it is seen for the n-th time."""
        self._kept = kept
        self._compile_at = compile_at
        self._operations: OrderedDict[int, Operation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._operations)

    def find(self, executor: "CompiledExecutor", root_fields: GroupedFieldSet) -> Plan | None:
        """Return the plan for an execution, or None when there is none for it, or not yet."""
        operation = self._operation(executor)
        operation.times_seen += 1
        if operation.times_seen < self._compile_at or not operation.is_plain:
            return None
        return operation.plan(executor, root_fields)

    def _operation(self, executor: "CompiledExecutor") -> Operation:
        # A node is kept with its plans, so no other can have its id meanwhile.
        key, fragments = id(executor.operation), executor.fragment_definitions.values()
        known = self._operations.get(key)
        if known is None or len(known.fragments) != len(fragments) or not known.has(fragments):
            known = self._operations[key] = Operation(executor.operation, fragments)
            if len(self._operations) > self._kept:
                self._operations.popitem(last=False)
        self._operations.move_to_end(key)
        return known
