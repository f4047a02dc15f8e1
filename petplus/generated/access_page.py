"""`petplus access`: the whole access policy on one page, read off the schemas that enforce it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi.routing import APIRoute
from strawberry.types.base import StrawberryObjectDefinition

from petplus import registry
from petplus.row_rules import ENTITIES, FIELDS, ROOT_FIELDS, ROUTES
from shared.graph.access import Rule, rule_of
from shared.graph.row_types import RowType
from shared.graph.schema import SubgraphSchema
from shared.http.endpoint import RuntimeHolder
from shared.subgraph import operation_routes
from subgraphs.user.service.scopes import SCOPES_OF_ROLE

FILE = Path(__file__).parents[2] / "docs" / "access.md"
ROOTS = ("Query", "Mutation", "Subscription")
_FEDERATION = {"_entities", "_service"}
_AS_ITS_PARENT = "whoever sees what leads to them"

_HEAD = """# Who may see and do what

Written by `petplus access --write` from the schemas' own rules and from `petplus/row_rules.py`. `make check` compares
it, and `tests/access` asks a running shop for every field as every kind of caller, at the router and behind it.

"The owner" is the user whom the thing belongs to. A field that is denied is null with the code `UNAUTHENTICATED` or
`FORBIDDEN`; a thing that is denied is null or `NOT_FOUND`, as if there were none. Expired, forged and revoked tokens
are refused whole, with `UNAUTHENTICATED`.
"""

_BESIDE = """Subgraphs answer this without the router's signature. The router answers none of it but its own `/healthz`
and `/ready`: what is to be reached from outside is let through by the operator.

"""


@dataclass(frozen=True)
class Policy:
    """Each root field (`Query.order`) and entity with its rule, and those fields below that have one of their own."""

    roots: Mapping[str, Rule]
    entities: Mapping[str, Rule]
    fields: Mapping[str, Rule]
    types: Mapping[str, Iterable[str]]


def declared(schema: SubgraphSchema) -> Iterator[tuple[str, str, Rule | None]]:
    """Yield type, field and declared rule of each field of a subgraph's objects."""
    for concrete in schema.schema_converter.type_map.values():
        definition = concrete.definition
        if not isinstance(definition, StrawberryObjectDefinition) or definition.is_input or definition.is_interface:
            continue
        name = schema.config.name_converter.from_type(definition)
        for field in definition.fields:
            shown = schema.config.name_converter.from_field(field)
            if shown not in _FEDERATION:
                yield name, shown, rule_of(field.extensions)


def owned_entities() -> set[str]:
    """Return the types that some subgraph keeps and others refer to."""
    return {
        name
        for subgraph in registry.load_all()
        for name, kind in subgraph.schema._entities.items()
        if issubclass(kind, RowType)
    }


def policy() -> Policy:
    """Read the policy of the whole graph."""
    roots: dict[str, Rule] = {}
    fields: dict[str, Rule] = {}
    types: dict[str, dict[str, None]] = defaultdict(dict)
    for subgraph in registry.load_all():
        for kind, name, rule in declared(subgraph.schema):
            types[kind][name] = None
            coordinate = f"{kind}.{name}"
            if kind in ROOTS:
                roots[coordinate] = ROOT_FIELDS.get(coordinate) or rule or Rule()
            elif found := FIELDS.get(coordinate) or rule:
                fields[coordinate] = found
    return Policy(roots, ENTITIES, fields, types)


def routes() -> dict[str, set[str]]:
    """Return what subgraphs answer beside the graph (`GET /healthz`), and which of them do."""
    found: dict[str, set[str]] = defaultdict(set)
    for subgraph in registry.load_all():
        own = subgraph.routes(RuntimeHolder()).routes if subgraph.routes else []
        for route in [*own, *operation_routes(RuntimeHolder()).routes]:
            if isinstance(route, APIRoute):
                for method in (route.methods or set()) - {"HEAD"}:
                    found[f"{method} {route.path}"].add(subgraph.name)
    return found


def undeclared() -> set[str]:
    """Return what has a rule that is not told, such as root fields that look at the row, and rules about nothing."""
    found = policy()
    unclear = {
        f"{kind}.{name}"
        for subgraph in registry.load_all()
        for kind, name, rule in declared(subgraph.schema)
        if kind in ROOTS and (rule is None or rule.scope is None)
    }
    known = {f"{kind}.{name}" for kind, names in found.types.items() for name in names}
    complete = (unclear ^ set(ROOT_FIELDS)) | (owned_entities() ^ set(ENTITIES)) | (set(routes()) ^ set(ROUTES))
    return complete | (set(FIELDS) - known)


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
    parts += ["\n## Beside the graph\n", _BESIDE, "| who | what | at |\n|---|---|---|\n", *_routes()]
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


def _routes() -> Iterator[str]:
    everywhere = len(registry.NAMES)
    rows = sorted((str(ROUTES[name]), name, served_by) for name, served_by in routes().items() if name in ROUTES)
    for rule, name, served_by in rows:
        where = "every subgraph" if len(served_by) == everywhere else _names(sorted(served_by))
        yield f"| {rule} | `{name}` | {where} |\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
