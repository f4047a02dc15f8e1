"""`petplus access`: the whole access policy on one page, read off what is declared at fields, entities and routes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi.routing import APIRoute
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from petplus import registry
from shared.graph.access import Rule, declared_rule, enforced_max_age, enforced_rule
from shared.graph.row_types import RowType
from shared.graph.schema import SubgraphSchema
from shared.http.draining import Drain
from shared.http.endpoint import RuntimeHolder
from shared.http.readiness import Readiness
from shared.subgraph import Subgraph, operation_routes
from subgraphs.user.service.scopes import SCOPES_OF_ROLE

FILE = Path(__file__).parents[2] / "docs" / "access.md"
ROOTS = ("Query", "Mutation", "Subscription")
_FEDERATION = {"_entities", "_service"}
_OF_ROUTER = {
    # The router answers them with stubs (router/gateway/nodes.mjs), of which the owner shows what it shows of others.
    name: Rule(remark="of each object what its rule below lets them see")
    for name in ("Query.node", "Query.nodes")
}
_AS_ITS_PARENT = "whoever sees what leads to them"

_HEAD = """# Who may see and do what

Written by `petplus access --write` from what fields, entities and routes declare themselves. `make check` compares
it, and `tests/access` asks a running shop for every field as every kind of caller, at the router and behind it.

"The owner" is the user whom the thing belongs to. A field that is denied is null with the code `UNAUTHENTICATED` or
`FORBIDDEN`; a thing that is denied is null or `NOT_FOUND`, as if there were none. Expired, forged and revoked tokens
are refused whole, with `UNAUTHENTICATED`.
"""

_BESIDE = """Subgraphs answer this without the router's signature. The router answers none of it but its own `/healthz`
and `/ready`: what is to be reached from outside is let through by the operator.

"""


class UndeclaredError(Exception):
    """Something that is answered says nowhere who may ask for it."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"Nothing declares who may see or do this: {', '.join(sorted(names))}. A field says so with "
            "`extensions=scoped(…)`, or with `metadata=rule(…)` where the code below checks it, an entity with "
            "`access=rule(…)` and a route with `openapi_extra=rule(…)` (shared/graph/access.py)."
        )


@dataclass(frozen=True)
class Policy:
    """Who may see and do what: root fields (`Query.order`), entities, other fields and routes (`GET /healthz`)."""

    roots: Mapping[str, Rule]
    entities: Mapping[str, Rule]
    fields: Mapping[str, Rule]
    """Those below root fields and entities that have a rule of their own."""
    routes: Mapping[str, Rule]
    types: Mapping[str, Iterable[str]]
    served_by: Mapping[str, set[str]]
    """Which subgraphs answer a route."""


def fields_of(schema: SubgraphSchema) -> Iterator[tuple[str, str, StrawberryField]]:
    """Yield each field of a subgraph's objects, after the names of its type and its own."""
    for concrete in schema.schema_converter.type_map.values():
        definition = concrete.definition
        if not isinstance(definition, StrawberryObjectDefinition) or definition.is_input or definition.is_interface:
            continue
        name = schema.config.name_converter.from_type(definition)
        for field in definition.fields:
            shown = schema.config.name_converter.from_field(field)
            if shown not in _FEDERATION:
                yield name, shown, field


def policy() -> Policy:
    """Read the policy of the whole graph; raises UndeclaredError for what says nothing."""
    roots: dict[str, Rule | None] = {**_OF_ROUTER}
    entities: dict[str, Rule | None] = {}
    fields: dict[str, Rule | None] = {}
    routes: dict[str, Rule | None] = {}
    types: dict[str, dict[str, None]] = defaultdict(dict)
    served_by: dict[str, set[str]] = defaultdict(set)
    for subgraph in registry.load_all():
        for kind, name, field in fields_of(subgraph.schema):
            types[kind][name] = None
            enforced = enforced_rule(field.extensions)
            if kind in ROOTS:
                # That somebody is logged in does not say whose things they may ask for.
                enforced = enforced if enforced is not None and enforced.scope else None
            known = roots if kind in ROOTS else fields
            rule = declared_rule(field.metadata) or enforced
            max_age = enforced_max_age(field.extensions)
            known[f"{kind}.{name}"] = replace(rule, max_age=max_age) if rule and max_age else rule
        for name, entity in subgraph.schema.entities.items():
            if issubclass(entity, RowType):
                entities[name] = declared_rule(entity.__access__)
        for route in _routes_of(subgraph):
            for method in (route.methods or set()) - {"HEAD"}:
                served_by[f"{method} {route.path}"].add(subgraph.name)
                routes[f"{method} {route.path}"] = declared_rule(route.openapi_extra)
    undeclared = [name for group in (roots, entities, routes) for name, rule in group.items() if rule is None]
    if undeclared:
        raise UndeclaredError(undeclared)
    return Policy(_known(roots), _known(entities), _known(fields), _known(routes), types, served_by)


def _known(rules: Mapping[str, Rule | None]) -> dict[str, Rule]:
    return {name: rule for name, rule in rules.items() if rule is not None}


def _routes_of(subgraph: Subgraph) -> Iterator[APIRoute]:
    """Yield what a subgraph answers beside the graph."""
    own = subgraph.routes(RuntimeHolder()).routes if subgraph.routes else []
    yield from (
        each for each in [*own, *operation_routes(Readiness(list), Drain()).routes] if isinstance(each, APIRoute)
    )


def text() -> str:
    """Return the page."""
    found = policy()
    parts = [_HEAD, *_roles()]
    for root, title in zip(ROOTS, ("Queries", "Mutations", "Subscriptions"), strict=True):
        rules = {name: rule for name, rule in found.roots.items() if name.startswith(f"{root}.")}
        parts += [f"\n## {title}\n", "| who | fields |\n|---|---|\n", *_rows(rules)]
    with_rules = {name.partition(".")[0] for name in found.fields}
    listed = sorted({*found.entities, *with_rules})
    parts += ["\n## Things, wherever they are reached\n", "| type | who | fields |\n|---|---|---|\n"]
    for kind in listed:
        own = {name: rule for name, rule in found.fields.items() if name.startswith(f"{kind}.")}
        groups = [f"{rule}: {_names(names)}" for rule, names in _by_rule(own).items()]
        rest = [name for name in found.types[kind] if f"{kind}.{name}" not in own]
        shown = "; ".join([*groups, f"who sees it: {_names(rest)}"] if rest else groups)
        parts.append(f"| `{kind}` | {found.entities.get(kind, _AS_ITS_PARENT)} | {shown} |\n")
    others = sorted(set(found.types) - set(listed) - set(ROOTS))
    parts.append(f"\nAll fields of these are shown to {_AS_ITS_PARENT}: {_names(others)}.\n")
    parts += ["\n## Beside the graph\n", _BESIDE, "| who | what | at |\n|---|---|---|\n", *_routes(found)]
    return "".join(parts)


def _roles() -> Iterator[str]:
    yield "\n## Roles\n| role | scopes |\n|---|---|\n"
    for role, scopes in SCOPES_OF_ROLE.items():
        yield f"| {role} | {', '.join(f'`{scope}`' for scope in sorted(scopes)) or 'none'} |\n"


def _by_rule(rules: Mapping[str, Rule]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for name, rule in sorted(rules.items()):
        grouped[str(rule)].append(name.partition(".")[2])
    return dict(sorted(grouped.items()))


def _rows(rules: Mapping[str, Rule]) -> Iterator[str]:
    for rule, names in _by_rule(rules).items():
        yield f"| {rule} | {_names(names)} |\n"


def _routes(found: Policy) -> Iterator[str]:
    for rule, name in sorted((str(rule), name) for name, rule in found.routes.items()):
        served_by = found.served_by[name]
        where = "every subgraph" if len(served_by) == len(registry.NAMES) else _names(sorted(served_by))
        yield f"| {rule} | `{name}` | {where} |\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
