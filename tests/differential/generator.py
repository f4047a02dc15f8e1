"""Generates valid documents of the API schema; a seed decides each."""

import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeMetaFieldDef,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

from tests.differential.api_schema import Supergraph
from tests.differential.documents import (
    Condition,
    Document,
    Field,
    Fragment,
    Inline,
    Selection,
    Spread,
    has_more_than_typename,
)
from tests.differential.faults import chosen_fault
from tests.differential.features import Feature
from tests.differential.mutations import LEFT_OUT_OF_OWN, OWN, REPLAYED, MutationValues
from tests.differential.values import NAMES_OF_TYPES, Pools, Values
from tests.differential.variables import Variables

ROLES = ["anonymous", "customer", "customer", "customer", "support", "support", "admin", "admin", "admin"]
LEFT_OUT = {
    # They count what each address asks for, and refuse it soon.
    "Query.orderLookup",
    "Query.orderStatus",
    # Each reading of a shared design is counted a few seconds later.
    "DesignShare.views",
    # They name the newest transaction of the database, which is another one a moment later.
    "Query.orderFeedCursor",
    "Query.webhookFeedCursor",
    "OrderDelta.cursor",
    "DesignDelta.cursor",
    # The specification leaves their order open.
    "__Schema.types",
    "__Schema.directives",
    # graphql-core says false of every type; the specification has null but for input objects.
    "__Type.isOneOf",
}
FREQUENT = {"me", "order", "orders", "design", "designs", "user", "users", "auditEntries", "webhookDeliveries",
            "nodes", "edges", "node", "lines", "customer", "owner", "timeline"}  # fmt: skip
HOSTILE = ["__proto__", "constructor", "toString", "prototype", "hasOwnProperty", "length", "toJSON", "_id"]
TEXT = "name"
"""A response name at which texts of clients stand."""
KEYS = ["id", "__typename"]


@dataclass
class Selected:
    """What a response name stands for within merged selection sets."""

    parent: GraphQLNamedType
    name: str
    arguments: str
    type: str
    is_conditional: bool = False
    below: "Scope" = field(default_factory=dict)

    def merges(self, other: "Selected") -> bool:
        """Tell whether two fields of one response name may stand beside each other."""
        apart = self.parent is not other.parent and is_object_type(self.parent) and is_object_type(other.parent)
        if apart:
            return self.type == other.type and not (self.below or other.below)
        return (self.name, self.arguments, self.type) == (other.name, other.arguments, other.type)


Scope = dict[str, Selected]


class Generator:
    """Generates documents of one schema."""

    def __init__(
        self, schema: GraphQLSchema, supergraph: Supergraph, pools: Pools, features: frozenset[Feature]
    ) -> None:
        self._schema, self._supergraph, self._pools, self._features = schema, supergraph, pools, features
        self._names = sorted({name for kind in schema.type_map.values() for name in getattr(kind, "fields", {})})

    def document(self, seed: str) -> Document:
        """Return the document of a seed. A few in a hundred are not valid: fragments that conflict deep inside."""
        rng = random.Random(seed)
        self._rng, self._fragments, self._scopes = rng, dict[str, Fragment](), dict[str, Scope]()
        self._root_fields: Sequence[str] = []
        self._left_out: set[str] = set()
        self._values = Values(rng, self._pools, self._features)
        self._variables = Variables(rng, self._features)
        self._left = rng.choice([4, 10, 20, 40, 60])
        root = self._schema.query_type
        assert root is not None
        if self._has(Feature.SUBSCRIPTIONS) and rng.random() < 0.08:
            return self._subscription()
        if self._has(Feature.MUTATIONS) and rng.random() < 0.15:
            return self._mutation(seed)
        has_fault = self._has(Feature.FAULTS) and rng.random() < 0.2
        if has_fault:
            self._left = rng.choice([20, 40, 60])
            # Their objects are fetched by the router alone: a fault of the owner meets another place there.
            self._left_out |= {"Query.node", "Query.nodes"}
        selections = self._selections(root, 0, {}, rng.choice([1, 1, 2, 3]))
        if self._has(Feature.TYPE_NAMES) and rng.random() < 0.15:
            selections.append(_texts(rng.choice(NAMES_OF_TYPES)))
        if self._has(Feature.INTROSPECTION) and rng.random() < 0.06:
            selections.insert(rng.randint(0, len(selections)), self._introspection())
        document = Document("query", selections, self._fragments, self._variables.declared, rng.choice(ROLES))
        if self._has(Feature.OPERATIONS) and rng.random() < 0.05:
            document.others = ["query Other { me { id } }"]
        document.is_doubtful = self._values.has_doubtful
        if has_fault:
            document.role = rng.choice(["customer", "support", "admin"])
            document.fault = chosen_fault(rng, self._schema, document.text, self._supergraph)
        return document

    def _mutation(self, seed: str) -> Document:
        rng, root = self._rng, self._schema.mutation_type
        assert root is not None
        is_own = rng.random() < 0.4
        self._root_fields = OWN if is_own else REPLAYED
        self._left_out |= LEFT_OUT_OF_OWN if is_own else set()
        values = self._values = MutationValues(rng, self._pools, self._features, seed, is_own=is_own)
        selections = self._selections(root, 0, {}, rng.choice([1, 1, 2, 3]))
        role = rng.choice(["customer", "customer", "customer", *ROLES])
        document = Document("mutation", selections, self._fragments, self._variables.declared, role)
        document.has_own_design, document.is_doubtful = is_own, values.has_doubtful
        return document

    def _subscription(self) -> Document:
        rng, root = self._rng, self._schema.subscription_type
        assert root is not None
        name = rng.choice(["orderStatusChanged"] * 5 + ["exportProgress", "orderFeed", "webhookFeed"])
        definition = root.fields[name]
        arguments: dict[str, Any] = {}
        for each, argument in definition.args.items():
            # A feed without a cursor has no first event; a filter may let none pass.
            is_cursor = each == "afterCursor" and rng.random() < 0.97
            if is_required_argument(argument) or is_cursor or (each != "filter" and rng.random() < 0.3):
                value = self._values.value(argument.type, each, "export" if each == "id" else name)
                arguments[each] = self._variables.placed(argument, value)
        inner = self._selections(get_named_type(definition.type), 1, {})
        alias = self._alias(name) if rng.random() < 0.3 else None
        selections: list[Selection] = [Field(name=name, alias=alias, arguments=arguments, selections=inner)]
        if rng.random() < 0.2:
            selections = [Inline(kind=rng.choice([None, root.name]), selections=selections)]
        role = rng.choice(["support", "admin", *ROLES])
        document = Document("subscription", selections, self._fragments, self._variables.declared, role)
        document.is_doubtful = self._values.has_doubtful
        return document

    def _has(self, feature: Feature) -> bool:
        return feature in self._features

    # Selection sets

    def _selections(self, kind: GraphQLNamedType, depth: int, scope: Scope, count: int = 0) -> list[Selection]:
        made: list[Selection] = []
        for _ in range(count or self._rng.choice([1, 1, 2, 2, 3, 4])):
            if self._left > 0:
                made += self._selection(kind, depth, scope, made)
        return made or [self._typename(scope, kind)]

    def _selection(
        self, kind: GraphQLNamedType, depth: int, scope: Scope, before: list[Selection]
    ) -> Iterator[Selection]:
        rng = self._rng
        self._left -= 1
        chance = rng.random()
        if is_abstract_type(kind) and chance < 0.75:
            yield from self._inline(kind, depth, scope)
        elif chance < 0.05:
            yield self._typename(scope, kind)
        elif chance < 0.13 and depth < 9:
            yield from self._inline(kind, depth, scope)
        elif chance < 0.20 and depth < 9:
            yield from self._spread(kind, depth, scope)
        elif chance < 0.32 and any(isinstance(each, Field) for each in before):
            yield from self._repeated(kind, depth, scope, before)
        else:
            yield from self._field(kind, depth, scope, before)

    def _typename(self, scope: Scope, kind: GraphQLNamedType) -> Selection:
        alias = None
        if self._has(Feature.TYPE_NAMES) and self._rng.random() < 0.5:
            alias = TEXT if self._rng.random() < 0.5 else self._alias("__typename")
        conditions = self._conditions(0.1)
        selected = Selected(kind, "__typename", "", "String!", bool(conditions))
        if alias and not self._fits(scope, alias, selected):
            alias = None
        if not self._fits(scope, alias or "__typename", selected):
            conditions = []
        scope.setdefault(alias or "__typename", selected)
        return Field(name="__typename", alias=alias, conditions=conditions)

    def _inline(self, kind: GraphQLNamedType, depth: int, scope: Scope) -> Iterator[Selection]:
        rng, inner = self._rng, kind
        on: str | None = None
        if is_abstract_type(kind):
            possible = list(self._schema.get_possible_types(kind))
            shared = [each for one in possible for each in one.interfaces]
            inner = rng.choice([*possible, *possible, *shared])
            on = inner.name
        elif rng.random() < 0.5:
            interfaces = list(kind.interfaces) if isinstance(kind, GraphQLObjectType) else []
            inner = rng.choice([kind, *interfaces])
            on = inner.name
        conditions = self._conditions(0.35)
        made = Inline(kind=on, conditions=conditions, selections=self._selections(inner, depth + 1, scope))
        if self._has(Feature.TYPENAME_FRAGMENTS) or has_more_than_typename(made.selections):
            yield made

    def _spread(self, kind: GraphQLNamedType, depth: int, scope: Scope) -> Iterator[Selection]:
        known = [name for name, each in self._fragments.items() if each.kind == kind.name]
        if known and self._rng.random() < 0.6:
            name = self._rng.choice(known)
        else:
            name = f"F{len(self._fragments) + len(self._scopes)}"
            own: Scope = {}
            self._scopes[name] = own
            self._fragments[name] = Fragment(kind.name, self._selections(kind, depth + 1, own))
        if self._merge(scope, self._scopes[name]):
            yield Spread(name=name, conditions=self._conditions(0.25))

    def _repeated(
        self, kind: GraphQLNamedType, depth: int, scope: Scope, before: list[Selection]
    ) -> Iterator[Selection]:
        first = self._rng.choice([each for each in before if isinstance(each, Field)])
        is_conditional = self._has(Feature.CONDITIONAL_REPEATS)
        if first.conditions and not is_conditional:
            return
        again = copy.copy(first)
        again.conditions = self._conditions(0.5, first.name) if is_conditional else []
        if first.selections:
            definition = self._definition(kind, first.name)
            inner = get_named_type(definition.type)
            again.selections = self._selections(inner, depth + 1, scope[first.response_name].below)
        if is_conditional and self._rng.random() < 0.5 and not first.conditions:
            first.conditions = self._conditions(1, first.name)
        yield again

    # Fields

    def _definition(self, kind: GraphQLNamedType, name: str) -> GraphQLField:
        definition = self._schema.get_field(cast("GraphQLObjectType", kind), name)
        assert definition is not None
        return definition

    def _field(self, kind: GraphQLNamedType, depth: int, scope: Scope, before: list[Selection]) -> Iterator[Selection]:
        fields: dict[str, GraphQLField] = getattr(kind, "fields", {})
        names = [
            name
            for name, each in fields.items()
            if f"{kind.name}.{name}" not in LEFT_OUT
            and not {name, f"{kind.name}.{name}"} & self._left_out
            and (kind is not self._schema.mutation_type or name in self._root_fields)
            and (is_leaf_type(get_named_type(each.type)) or (depth < 8 and self._left > 1))
        ]
        if not names:
            return
        name = self._rng.choices(names, [self._weight(kind, each, fields[each]) for each in names])[0]
        definition = fields[name]
        made = Field(
            name=name, arguments=self._arguments(kind, name, definition), conditions=self._conditions(0.15, name)
        )
        if (
            self._has(Feature.TYPE_NAMES)
            and f"{kind.name}.{name}" in self._supergraph.required_scopes
            and self._rng.random() < 0.3
        ):
            made.alias = TEXT
        elif self._rng.random() < 0.35:
            made.alias = self._alias(name)
        selected = Selected(kind, name, made.written_arguments(), str(definition.type), bool(made.conditions))
        if not self._fits(scope, made.response_name, selected):
            made.alias = f"a{self._left}_{depth}"
            if not self._fits(scope, made.response_name, selected):
                return
        inner = get_named_type(definition.type)
        selected = scope.setdefault(made.response_name, selected)
        if is_composite_type(inner):
            made.selections = self._selections(inner, depth + 1, selected.below)
        yield made

    def _introspection(self) -> Selection:
        """Return a root field that tells of the schema."""
        rng = self._rng
        self._left = max(self._left, 12)
        name = rng.choice(["__schema", "__type", "__type"])
        made = Field(name=name, alias=rng.choice([None, self._alias(name)]), conditions=self._conditions(0.2))
        if name == "__type":
            # The two libraries know introspection of different years.
            own = [each for each in self._schema.type_map if not each.startswith("__")]
            known = [*own, "Nothing", "requiresScopes__Scope", ""]
            made.arguments = {"name": self._variables.placed(TypeMetaFieldDef.args["name"], rng.choice(known))}
        inner = self._schema.type_map["__Type" if name == "__type" else "__Schema"]
        made.selections = self._selections(inner, 4, {})
        return made

    def _weight(self, kind: GraphQLNamedType, name: str, definition: GraphQLField) -> int:
        if kind is self._schema.mutation_type:
            return self._root_fields.count(name)
        if name in FREQUENT:
            return 5
        is_edge = is_composite_type(get_named_type(definition.type))
        return 3 if name == "id" or (is_edge and "id" in getattr(kind, "fields", {})) else 1

    def _arguments(self, kind: GraphQLNamedType, name: str, definition: GraphQLField) -> dict[str, Any]:
        given: dict[str, Any] = {}
        paged = [each for each in definition.args if each in ("first", "after", "last", "before")]
        if paged:
            for each, value in self._values.page(paged).items():
                given[each] = self._variables.placed(definition.args[each], value)
        for each, argument in definition.args.items():
            if each == "includeDeprecated":
                given[each] = self._rng.random() < 0.5  # graphql 16 lets it be null, September 2025 does not
            elif each not in paged and (is_required_argument(argument) or self._rng.random() < 0.35):
                given[each] = self._variables.placed(argument, self._values.value(argument.type, each, name))
        return given

    def _alias(self, name: str) -> str:
        rng = self._rng
        chance = rng.random()
        if chance < 0.2 and self._has(Feature.KEY_ALIASES):
            return rng.choice(KEYS)
        if chance < 0.3 and self._has(Feature.HOSTILE_ALIASES):
            return rng.choice(HOSTILE)
        if chance < 0.33 and self._has(Feature.THEN_ALIASES):
            return "then"
        if chance < 0.75:
            alias = rng.choice(self._names)
            return alias if self._has(Feature.KEY_ALIASES) or alias not in KEYS else f"{alias}_"
        return f"{name}_{rng.randint(1, 3)}"

    def _fits(self, scope: Scope, response_name: str, selected: Selected) -> bool:
        known = scope.get(response_name)
        if known is None:
            return True
        is_conditional = known.is_conditional or selected.is_conditional
        return known.merges(selected) and (not is_conditional or self._has(Feature.CONDITIONAL_REPEATS))

    def _merge(self, scope: Scope, other: Scope) -> bool:
        """Add what a fragment selects, if it may stand here."""
        if not all(self._fits(scope, name, each) for name, each in other.items()):
            return False
        for name, each in other.items():
            known = scope.setdefault(name, replace(each, below={}))
            if not self._merge(known.below, each.below):
                return False
        return True

    # Conditions

    def _conditions(self, chance: float, name: str = "") -> list[Condition]:
        if self._rng.random() >= chance or not self._allows_condition(name):
            return []
        made = [Condition(directive, self._variables.condition()) for directive in self._directives()]
        # Most are to let things through: what is left out has nothing below it that could be wrong.
        for each in made:
            if isinstance(each.value, bool) and self._rng.random() < 0.4:
                each.value = each.directive == "include"
        return made

    def _directives(self) -> Sequence[str]:
        return self._rng.choice([["skip"], ["include"], ["skip"], ["include"], ["skip", "include"]])

    def _allows_condition(self, name: str) -> bool:
        return name != "id" or self._has(Feature.CONDITIONAL_KEYS)


def _texts(name: str) -> Selection:
    """Return designs, whose names are clients' texts, that are named as a type is."""
    kind = Field(name="__typename", alias=TEXT)
    nodes = Field(name="nodes", selections=[Field(name="name"), Field(name="owner", selections=[kind])])
    return Field(name="designs", alias="texts", arguments={"first": 9, "filter": {"search": name}}, selections=[nodes])
