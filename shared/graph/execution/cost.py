"""What an operation costs, reckoned before it runs: the objects that it may return, and ten for each change.

An object counts 1, a scalar nothing, and what stands below a list counts for each of its members: for a page of a
connection, or a delta, its `first` or `last` (20 unless told), for representations of entities as many as there are,
for a list by `ids` their number, for any other list 5. A root field counts 1 at least, a mutation or subscription 10.
What `@skip` or `@include` excludes counts nothing. The router reckons the same (`router/gateway/cost.mjs`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
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
_PAGES = ("Connection", "Delta")
_FREE = frozenset({"edges", "pageInfo"})

Variables: TypeAlias = Mapping[str, object]
Members: TypeAlias = Callable[[Variables, int], int]
"""How many there are of a field, by the variables and the size of the page around it."""
Condition: TypeAlias = Callable[[Variables], bool]


@dataclass(frozen=True)
class Plan:
    """The cost of selections as far as their document tells: `own` and what is below them, times their members.

    `page` is the size of the page in which the selections below stand: by default, of the page around this one.
    """

    own: int
    members: Members
    below: "Sequence[Plan]" = ()
    page: Members | None = None

    def cost(self, variables: Variables) -> int:
        """Return the cost with some variables: each fragment is added up once for each size of the page around it."""
        return self._cost(variables, 1, {})

    def _cost(self, variables: Variables, page: int, known: "_Known") -> int:
        members = self.members(variables, page)
        if not members:
            return 0
        inner = page if self.page is None else self.page(variables, page)
        return members * (self.own + sum([plan._cost(variables, inner, known) for plan in self.below]))


class _Fragment(Plan):
    """The plan of a fragment, which all its spreads share."""

    def _cost(self, variables: Variables, page: int, known: "_Known") -> int:
        key = (id(self), page)
        if key not in known:
            known[key] = super()._cost(variables, page, known)
        return known[key]


_Known: TypeAlias = dict[tuple[int, int], int]


def plan_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Plan:
    """Return the plan of an operation whose size was checked, made in time in proportion to its text.

    What is unknown to the schema counts nothing, nor does a fragment within itself: neither will run.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    planner = _Planner(schema, fragments, defaults)
    root = schema.get_root_type(operation.operation)
    own = CHANGE if operation.operation.value != "query" else 1
    return Plan(0, _once, planner.plans(operation.selection_set, root, own))


class _Planner:
    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], defaults: Variables
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._defaults = defaults
        self._planned: dict[tuple[str, int], Plan | None] = {}

    def plans(self, selections: SelectionSetNode, parent: Any, least: int) -> list[Plan]:
        """Return the plans of what costs something; each field costs `least` at least."""
        found = [(each, self._plan(each, parent, least)) for each in selections.selections]
        return [_under(self._conditions(each), plan) for each, plan in found if plan is not None]

    def _plan(self, selection: SelectionNode, parent: Any, least: int) -> Plan | None:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent, least)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, least)
        assert isinstance(selection, InlineFragmentNode)  # noqa: S101 (there is no other kind)
        below = self.plans(selection.selection_set, self._type(selection.type_condition, parent), least)
        return Plan(0, _once, below) if below else None

    def _fragment(self, name: str, least: int) -> Plan | None:
        key = (name, least)
        if key not in self._planned:
            self._planned[key] = None  # for spreads of it in itself
            fragment = self._fragments.get(name)
            if fragment is not None:
                below = self.plans(fragment.selection_set, self._type(fragment.type_condition, None), least)
                self._planned[key] = _Fragment(0, _once, below) if below else None
        return self._planned[key]

    def _type(self, condition: NamedTypeNode | None, parent: Any) -> Any:
        return parent if condition is None else self._schema.get_type(condition.name.value)

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

    def _field(self, node: FieldNode, parent: Any, least: int) -> Plan | None:
        name = node.name.value
        definition: Any = getattr(parent, "fields", {}).get(name)
        if definition is None and not name.startswith("__"):
            return None
        kind: Any = None if definition is None else get_named_type(definition.type)
        if kind is None or is_leaf_type(kind):
            return Plan(least, _once) if least else None
        arguments = {each.name.value: each.value for each in node.arguments or ()}
        members: Members = _once
        inner: Members = _once
        if kind.name.endswith(_PAGES):
            inner = self._page(arguments)
        elif name == "_entities":
            members = self._representations(arguments.get("representations"))
        elif name in _PAGED and parent.name.endswith(_PAGES):
            members = _whole_page
        elif _is_list(definition.type):
            members = self._list(arguments, paged="first" in definition.args)
        below = self.plans(node.selection_set, kind, 0) if node.selection_set else []
        own = max(least, 0 if name in _FREE else 1)
        return Plan(own, members, below, inner) if own or below else None

    def _list(self, arguments: Mapping[str, ValueNode], *, paged: bool) -> Members:
        if paged:
            return self._page(arguments)
        if "ids" not in arguments:
            return _unpaged
        node = arguments["ids"]
        if isinstance(node, VariableNode):
            name = node.name.value
            default = self._defaults.get(name)
            return lambda variables, _: _counted_ids(variables.get(name, default))
        length = _counted_ids(len(node.values) if isinstance(node, ListValueNode) else 1)
        return lambda *_: length

    def _page(self, arguments: Mapping[str, ValueNode]) -> Members:
        reads = [self._number(arguments[name]) for name in ("first", "last") if name in arguments]

        def members(variables: Variables, _: int) -> int:
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
            return lambda variables, _: _length(variables.get(name))
        length = len(node.values) if isinstance(node, ListValueNode) else 1
        return lambda *_: length


def _under(conditions: Sequence[Condition], plan: Plan) -> Plan:
    """Return a plan that counts only where all conditions hold."""
    if not conditions:
        return plan
    return Plan(0, lambda variables, _: all(holds(variables) for holds in conditions), (plan,))


def _once(*_: object) -> int:
    return 1


def _unpaged(*_: object) -> int:
    return UNPAGED_LIST


def _whole_page(_: Variables, page: int) -> int:
    return page


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _length(value: object) -> int:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 1


def _counted_ids(ids: object) -> int:
    """Return the number of ids, 1 for what is no list or too long; a number stands for a list of that length."""
    size = ids if isinstance(ids, int) else _length(ids)
    return size if 1 <= size <= LARGEST_PAGE else 1


def _is_list(kind: object) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)
