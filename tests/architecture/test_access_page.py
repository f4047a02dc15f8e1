"""The access policy: complete, as it is printed, and in the words that the router enforces."""

from typing import Any

from graphql import GraphQLObjectType, build_schema
from typer.testing import CliRunner

from petplus import registry
from petplus.cli.main import app
from petplus.generated import access_page as access
from petplus.local.node import ROUTER
from shared.graph.access import Rule


def test_every_root_field_and_entity_has_a_rule() -> None:
    assert access.undeclared() == set()
    found = access.policy()
    assert (len(found.roots) > 70, len(found.entities), len(found.fields) > 30) == (True, 9, True)


def test_the_page_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(app, ["access"])
    assert (printed.exit_code, printed.output) == (0, access.FILE.read_text(encoding="utf-8"))


def directives(node: Any) -> Rule | None:
    """Return what the router reads off a field."""
    for each in getattr(node, "directives", None) or ():
        if each.name.value == "requiresScopes":
            [[scope]] = [[one.value for one in some.values] for some in each.arguments[0].value.values]
            return Rule(scope=scope)
        if each.name.value == "authenticated":
            return Rule(signed_in=True)
    return None


def test_the_router_reads_the_same_rules_off_the_supergraph() -> None:
    supergraph = build_schema((ROUTER / "supergraph.graphql").read_text(), assume_valid=True)
    routed = {
        f"{name}.{key}": rule
        for name, kind in supergraph.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for key, field in kind.fields.items()
        if (rule := directives(field.ast_node))
    }
    # The router knows no owners: where one may pass, it asks for a caller and the subgraph for the right one.
    coded = {
        f"{kind}.{name}": Rule(signed_in=True) if rule.owner else rule
        for subgraph in registry.load_all()
        for kind, name, rule in access.declared(subgraph.schema)
        if rule
    }
    assert routed == coded
