"""The access policy: complete, as it is printed, and in the words that the router enforces."""

import dataclasses
from typing import Any

import pytest
from fastapi import APIRouter
from graphql import GraphQLObjectType, build_schema
from typer.testing import CliRunner

from petplus import registry
from petplus.cli.main import app
from petplus.generated import access_page as access
from petplus.local.node import ROUTER
from shared.graph.access import Rule, enforced_rule
from shared.graph.row_types import RowType


def test_every_root_field_entity_and_route_has_a_rule() -> None:
    found = access.policy()
    kept = {name for each in registry.load_all() for name, kind in each.schema.entities.items() if has_rows(kind)}
    assert set(found.entities) == kept
    assert {"GET /healthz", "POST /collect"} <= set(found.routes)
    assert (len(found.roots) > 70, len(found.fields) > 30) == (True, True)


def has_rows(kind: type) -> bool:
    return issubclass(kind, RowType)


def without_rule(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Take away what a root field, an entity or a route of the user subgraph declares."""
    user = registry.load("user")
    if name == "Mutation.accountRegister":
        [field] = [each for _, shown, each in access.fields_of(user.schema) if shown == "accountRegister"]
        monkeypatch.setattr(field, "metadata", {})
    elif name == "User":
        monkeypatch.setattr(user.schema.entities[name], "__access__", None)
    else:
        planted = APIRouter()
        planted.add_api_route(name.partition(" ")[2], lambda: None)
        changed = dataclasses.replace(user, routes=lambda _: planted)
        monkeypatch.setattr(registry, "load_all", lambda: [changed])


@pytest.mark.parametrize("name", ["Mutation.accountRegister", "User", "GET /planted"])
@pytest.mark.parametrize("option", [[], ["--check"], ["--write"]], ids=str)
def test_what_declares_no_rule_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, option: list[str]
) -> None:
    before = access.FILE.read_bytes()
    without_rule(monkeypatch, name)
    refused = CliRunner().invoke(app, ["access", *option])
    assert refused.exit_code == 1
    assert f"Nothing declares who may see or do this: {name}." in refused.output
    assert access.FILE.read_bytes() == before


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
        for kind, name, field in access.fields_of(subgraph.schema)
        if (rule := enforced_rule(field.extensions))
    }
    assert routed == coded
