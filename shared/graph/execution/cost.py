"""What an operation costs, reckoned before it runs: the objects that it may return, and ten for each change.

An object counts 1, a scalar nothing, and what stands below a list counts for each of its members: for a page of a
connection its `first` or `last` (20 unless told), for representations of entities as many as there are, for any
other list 5. A root field counts 1 at least, a mutation or subscription 10. What `@skip` or `@include` excludes counts
nothing. The router reckons the same (`router/gateway/cost.mjs`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
    value_from_ast_untyped,
)

from shared.core.limits_file import LIMITS
from shared.graph.pagination import DEFAULT_PAGE, LARGEST_PAGE

MOST_COST = LIMITS.cost.maximum
UNPAGED_LIST = LIMITS.cost.unpaged_list
CHANGE = LIMITS.cost.change
_PAGED = frozenset({"nodes", "edges"})
_FREE = frozenset({"edges", "pageInfo"})

Variables: TypeAlias = Mapping[str, object]
Members: TypeAlias = Callable[[Variables], int]
Condition: TypeAlias = Callable[[Variables], bool]


@dataclass(frozen=True)
class Plan:
    """The cost of a field as far as its document tells: `own` and what is below it, times its members."""

    own: int
    members: Members
    below: "list[Plan]" = field(default_factory=list)

    def cost(self, variables: Variables) -> int:
        members = self.members(variables)
        return members and members * (self.own + sum([plan.cost(variables) for plan in self.below]))


def plan_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Plan:
    """Return the plan of an operation whose size was checked. What is unknown to the schema counts nothing."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    planner = _Planner(schema, fragments, defaults)
    root = schema.get_root_type(operation.operation)
    own = CHANGE if operation.operation.value != "query" else 1
    return Plan(0, _once, planner.roots(operation.selection_set, root, own))


class _Planner:
    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], defaults: Variables
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._defaults = defaults

    def roots(self, selections: SelectionSetNode, root: Any, own: int) -> list[Plan]:
        return [
            Plan(max(own, plan.own), plan.members, plan.below)
            for plan in self._plans(selections, root, _once, (), roots=True)
        ]

    def _plans(
        self,
        selections: SelectionSetNode,
        parent: Any,
        page: Members,
        spread: tuple[str, ...],
        outer: tuple[Condition, ...] = (),
        *,
        roots: bool = False,
    ) -> list[Plan]:
        plans: list[Plan] = []
        for selection in selections.selections:
            conditions = outer + self._conditions(selection)
            if isinstance(selection, FieldNode):
                plan = self._field(selection, parent, page, spread)
                if plan is not None and (roots or plan.own or plan.below):
                    plans.append(replace(plan, members=_under(conditions, plan.members)) if conditions else plan)
                continue
            fragment: Any = selection
            inside = spread
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name in spread or name not in self._fragments:
                    continue
                fragment, inside = self._fragments[name], (*spread, name)
            condition = fragment.type_condition
            kind = parent if condition is None else self._schema.get_type(condition.name.value)
            plans += self._plans(fragment.selection_set, kind, page, inside, conditions, roots=roots)
        return plans

    def _conditions(self, selection: SelectionNode) -> tuple[Condition, ...]:
        """Return what must hold for a selection to be executed."""
        return tuple(
            self._condition(argument.value, excluding=directive.name.value == "skip")
            for directive in selection.directives or ()
            if directive.name.value in {"skip", "include"}
            for argument in directive.arguments or ()
            if argument.name.value == "if"
        )

    def _condition(self, node: ValueNode, *, excluding: bool) -> Condition:
        if isinstance(node, VariableNode):
            name = node.name.value
            default = self._defaults.get(name)
            return lambda variables: variables.get(name, default) is not excluding
        excludes = isinstance(node, BooleanValueNode) and node.value is excluding
        return lambda _: not excludes

    def _field(self, node: FieldNode, parent: Any, page: Members, spread: tuple[str, ...]) -> Plan | None:
        name = node.name.value
        definition = getattr(parent, "fields", {}).get(name)
        if definition is None:
            return Plan(0, _once) if name.startswith("__") else None
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            return Plan(0, _once)
        arguments = {each.name.value: each.value for each in node.arguments or ()}
        inner: Members = _once
        members: Members = _once
        if kind.name.endswith("Connection"):
            inner = self._page(arguments)
        elif name == "_entities":
            members = self._representations(arguments.get("representations"))
        elif name in _PAGED and parent.name.endswith("Connection"):
            members = page
        elif _is_list(definition.type):
            members = self._page(arguments) if "first" in definition.args else _unpaged
        below = self._plans(node.selection_set, kind, inner, spread) if node.selection_set else []
        return Plan(0 if name in _FREE else 1, members, below)

    def _page(self, arguments: Mapping[str, ValueNode]) -> Members:
        reads = [self._number(arguments[name]) for name in ("first", "last") if name in arguments]

        def members(variables: Variables) -> int:
            given = [size for read in reads if (size := read(variables)) is not None]
            # An empty page still reads its list. A size out of range is refused where it is asked for.
            return max((size if 1 <= size <= LARGEST_PAGE else 1 for size in given), default=DEFAULT_PAGE)

        return members

    def _number(self, node: ValueNode) -> Callable[[Variables], int | None]:
        if isinstance(node, VariableNode):
            name = node.name.value
            default = self._defaults.get(name)
            return lambda variables: _whole(variables.get(name, default))
        if isinstance(node, IntValueNode):
            value = int(node.value)
            return lambda _: value
        return lambda _: None if isinstance(node, NullValueNode) else 1

    def _representations(self, node: ValueNode | None) -> Members:
        if isinstance(node, VariableNode):
            name = node.name.value
            return lambda variables: _length(variables.get(name))
        length = len(node.values) if isinstance(node, ListValueNode) else 1
        return lambda _: length


def _under(conditions: Sequence[Condition], members: Members) -> Members:
    return lambda variables: members(variables) if all(holds(variables) for holds in conditions) else 0


def _once(_: Variables) -> int:
    return 1


def _unpaged(_: Variables) -> int:
    return UNPAGED_LIST


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _length(value: object) -> int:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 1


def _is_list(kind: object) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)
