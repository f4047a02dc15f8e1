"""Operations that ask for everything, generated from a schema, and what the policy says of their answers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    is_union_type,
)

from petplus.generated.access_page import Policy
from shared.graph.access import Rule
from shared.security.auth import Viewer

PAGE = "(first: 2)"
_TODAY = dt.datetime.now(dt.UTC).date()
PERIOD = f'from: "{_TODAY - dt.timedelta(days=28)}", to: "{_TODAY + dt.timedelta(days=1)}", basis: EVENTS'
# What fields below root fields must be given.
NEEDED = {f"Reports.{name}": PERIOD for name in ("builderFunnel", "conversionRate", "revenue", "cohortRetention")}
NEEDED |= dict.fromkeys(("Design.quote", "Preset.quote"), "currency: EUR")
# Whoever sees an assignment sees what it is to, whatever else they may know of experiments; guests see their lines.
OPENED = {"ExperimentAssignment.experiment", "GuestOrder.lines"}
# Lists that hold what the caller may see: for somebody else they are there, and empty.
FILTERED = {"Design.orders": Rule(owner=True, scope="orders:read")}
# What may follow for staff; the owner's order has left, so its customer may change nothing of it any more.
FILTERED |= {"Order.allowedTransitions": Rule(scope="orders:write")}

# Entities that are read with another alone: all of them is asked for there.
PARTS = {"OrderLine"}
# Null without a code for whom they are denied: analytics knows who owns a design only after it has received the event.
SILENT = {"Design.stats"}
# What only the viewer sees, who may be the maker of somebody else's thing: it is asked of users alone.
OF_VIEWER = {"User.scopes"}

Place: TypeAlias = tuple[str, ...]
Step: TypeAlias = tuple[str, str]


def selection(policy: Policy, kind: GraphQLObjectType, *, is_inner: bool = False) -> str:
    """Select all of a type: things below things with their plain fields alone."""
    parts = []
    for name, definition in kind.fields.items():
        inner = get_named_type(definition.type)
        given = f"({NEEDED[coordinate]})" if (coordinate := f"{kind.name}.{name}") in NEEDED else ""
        if not given and any(is_required_argument(argument) for argument in definition.args.values()):
            continue
        if is_leaf_type(inner):
            if not (is_inner and coordinate in OF_VIEWER):
                parts.append(name)
        elif is_object_type(inner) and kind.name.endswith("Edge"):
            plain = [key for key, each in inner.fields.items() if is_leaf_type(get_named_type(each.type))]
            parts.append(f"{name} {{ {'id' if 'id' in plain else next(iter(plain), '__typename')} }}")
        elif is_object_type(inner) and not is_inner:
            below = selection(policy, inner, is_inner=inner.name in policy.entities and inner.name not in PARTS)
            parts.append(f"{name}{given or (PAGE if 'first' in definition.args else '')} {{ {below} }}")
        elif is_union_type(inner) and not is_inner:
            parts.append(f"{name}{given} {{ {_members(policy, inner)} }}")
    return " ".join(parts)


def _members(policy: Policy, kind: GraphQLUnionType) -> str:
    members = [f"... on {it.name} {{ {selection(policy, it, is_inner=True)} }}" for it in kind.types]
    return f"__typename {' '.join(members)}"


def root_operation(policy: Policy, kind: str, name: str, definition: GraphQLField, arguments: str) -> str:
    """Return the operation that asks for one root field and all below it."""
    inner = get_named_type(definition.type)
    below = f" {{ {selection(policy, inner)} }}" if is_object_type(inner) else ""
    if is_union_type(inner):
        below = f" {{ {_members(policy, inner)} }}"
    given = ", ".join(part for part in (arguments, PAGE[1:-1] if "first" in definition.args else "") if part)
    return f"{kind} {{ {name}{f'({given})' if given else ''}{below} }}"


@dataclass
class Sight:
    """What one caller saw in one answer: the places of values, how they were come by, and what is wrong."""

    seen: dict[Place, tuple[Step, ...]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Judge:
    """Compares answers about things of one owner with the policy."""

    policy: Policy
    schema: GraphQLSchema
    owner_id: str

    def admits(self, viewer: Viewer, coordinate: str, kind: str, *, rows: bool = False) -> bool:
        """Tell whether a caller may see a field, and what it leads to; with `rows`, the rows of filtered lists too."""
        rule = self.policy.roots.get(coordinate) or self.policy.fields.get(coordinate)
        if rows:
            rule = FILTERED.get(coordinate, rule)
        if rule is not None and not rule.admits(viewer, self.owner_id):
            return False
        gate = None if coordinate in OPENED else self.policy.entities.get(kind)
        return gate is None or gate.admits(viewer, self.owner_id)

    def look(self, answer: Mapping[str, Any], parent: str, viewer: Viewer) -> Sight:
        """Look through an answer below a type: its values, and the codes of what is missing."""
        sight = Sight()
        errors = {
            tuple(step for step in error.get("path", ()) if isinstance(step, str)): error["extensions"].get("code")
            for error in answer.get("errors", ())
        }
        expected = "FORBIDDEN" if viewer.is_signed_in else "UNAUTHENTICATED"
        for code in errors.values():
            if code not in {expected, "NOT_FOUND"}:
                sight.wrong.append(f"code {code}")
        self._object(answer.get("data") or {}, parent, (), (), viewer, sight, errors)
        return sight

    def _object(
        self,
        value: Mapping[str, Any],
        parent: str,
        place: Place,
        way: tuple[Step, ...],
        viewer: Viewer,
        sight: Sight,
        errors: Mapping[Place, str],
    ) -> None:
        definitions = self.schema.type_map[parent].fields  # type: ignore[attr-defined]
        for name, below in value.items():
            if name == "__typename":
                continue
            coordinate, here = f"{parent}.{name}", (*place, name)
            kind = get_named_type(definitions[name].type).name
            rule = self.policy.roots.get(coordinate) or self.policy.fields.get(coordinate)
            denied = rule is not None and not rule.admits(viewer, self.owner_id)
            if below is None:
                # The thing may be hidden as if there were none; a field of something that is shown tells that it is.
                says_so = coordinate in self.policy.fields and coordinate not in SILENT
                if denied and says_so and here not in errors:
                    sight.wrong.append(f"{'.'.join(here)} is null without a code")
                continue
            if denied:
                sight.wrong.append(f"{'.'.join(here)} is shown against {rule}")
            if is_leaf_type(self.schema.type_map[kind]):
                sight.seen[here] = (*way, (coordinate, kind))
                continue
            for each in _objects(below):
                shown = each["__typename"] if is_abstract_type(self.schema.type_map[kind]) else kind
                steps, hidden = (*way, (coordinate, shown)), not self.admits(viewer, coordinate, shown)
                if hidden and [key for key, found in each.items() if found is not None and key != "id"]:
                    sight.wrong.append(f"{'.'.join(here)} is shown, of a {shown} that is not theirs")
                self._object(each, shown, here, steps, viewer, sight, errors)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif value is not None:
        yield value
