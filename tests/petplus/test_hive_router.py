"""Hive Router in the gateway's place: what is written for it, from the settings that the gateway has."""

import gzip
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_ast_schema, parse
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from petplus import hive_router
from petplus.cli.main import app
from petplus.generated.composition import compose_for_hive
from petplus.local.node import ROUTER
from shared.core.limits_file import LIMITS
from shared.core.settings import Settings, SettingsError
from shared.core.supergraph import port_offsets

# What `config_schema_generator` of the engine's crate writes, at the version that is named in `petplus/hive_router.py`.
SCHEMA = Path(__file__).with_name("hive_router.schema.json.gz")
ENGINE = Draft202012Validator(json.loads(gzip.decompress(SCHEMA.read_bytes())))
SECRET = "a-secret-of-production-in-tests-alone"


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> GraphQLSchema:
    path = tmp_path_factory.mktemp("hive") / "supergraph.graphql"
    compose_for_hive(path)
    return build_ast_schema(parse(path.read_text(), no_location=True), assume_valid=True)


def directives(schema: GraphQLSchema, place: str) -> dict[str, Any]:
    """Return the arguments of a field's directives on its cost."""
    kind, name = place.split(".")
    parent = schema.type_map[kind]
    assert isinstance(parent, GraphQLObjectType)
    node = parent.fields[name].ast_node
    assert node is not None
    return {
        each.name.value: {argument.name.value: _value(argument.value) for argument in each.arguments}
        for each in node.directives
        if each.name.value in {"cost", "listSize"}
    }


def _value(node: Any) -> Any:
    return [each.value for each in node.values] if hasattr(node, "values") else node.value


@pytest.mark.parametrize(
    ("place", "size"),
    [
        (
            "Query.orders",
            {"assumedSize": "20", "slicingArguments": ["first", "last"], "sizedFields": ["nodes", "edges"]},
        ),
        ("Order.lines", {"assumedSize": "5"}),
        ("User.orderChanges", {"assumedSize": "20", "slicingArguments": ["first"], "sizedFields": ["nodes"]}),
    ],
)
def test_lists_say_how_long_they_are(supergraph: GraphQLSchema, place: str, size: dict[str, Any]) -> None:
    found = directives(supergraph, place)["listSize"]
    assert {name: sorted(each) if isinstance(each, list) else each for name, each in found.items()} == {
        name: sorted(each) if isinstance(each, list) else each
        for name, each in (size | {"requireOneSlicingArgument": False}).items()
    }


def test_changes_cost_more_than_an_object_and_leaves_nothing(supergraph: GraphQLSchema) -> None:
    assert directives(supergraph, "Mutation.orderCancel")["cost"] == {"weight": str(LIMITS.cost.change)}
    assert directives(supergraph, "Subscription.orderStatusChanged")["cost"] == {"weight": str(LIMITS.cost.change)}
    assert directives(supergraph, "Order.number") == {}


def test_what_the_gateway_alone_answers_is_left_out(supergraph: GraphQLSchema) -> None:
    query = supergraph.type_map["Query"]
    assert isinstance(query, GraphQLObjectType)
    assert {"node", "nodes"} & set(query.fields) == set()
    assert {"orders", "me", "presets"} <= set(query.fields)


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"home": tmp_path, "port": 5000, "jwks_url": None})


def test_each_subgraph_is_called_at_its_port(own: Settings, tmp_path: Path) -> None:
    elsewhere = {"PETPLUS_ORDER_URL": "http://orders.shop/graphql"}
    for tls, scheme, first in ((None, "http", 5000), (tmp_path, "https", 6000)):
        changed = own.model_copy(update={"tls_directory": tls})
        found = hive_router.configuration(changed, elsewhere, tmp_path)
        urls = {name: each["url"] for name, each in found["override_subgraph_urls"]["subgraphs"].items()}
        expected = {name: f"{scheme}://127.0.0.1:{first + offset}/graphql" for name, offset in port_offsets().items()}
        assert urls == expected | {"order": "http://orders.shop/graphql"}
        assert ("tls" in found["traffic_shaping"]["all"]) == (tls is not None)
        [keys] = found["jwt"]["jwks_providers"]
        assert keys["url"] == f"http://127.0.0.1:{5000 + port_offsets()['user']}/.well-known/jwks.json"


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize("origins", ["", "https://shop.example,https://admin.example"])
@pytest.mark.parametrize("tls", [None, Path("certificates")])
def test_the_configuration_is_one_that_the_engine_reads(
    own: Settings, tmp_path: Path, env: str, origins: str, tls: Path | None
) -> None:
    changed = own.model_copy(update={"env": env, "cors_origins": origins, "tls_directory": tls})
    found = hive_router.configuration(changed, {}, tmp_path)
    assert [error.message for error in ENGINE.iter_errors(found)] == []
    assert [error.message for error in ENGINE.iter_errors(found | {"limits": {"max_depth": 15}})] != []


@pytest.mark.parametrize(
    ("env", "is_open", "requires"),
    [("development", "false", False), ("production", "false", True), ("production", "true", False)],
)
def test_production_runs_trusted_documents_alone(
    own: Settings, tmp_path: Path, env: str, is_open: str, requires: bool
) -> None:
    changed = own.model_copy(update={"env": env, "tls_directory": tmp_path})
    found = hive_router.configuration(changed, {"PETPLUS_OPEN_GRAPH": is_open}, tmp_path)
    assert found["persisted_documents"]["require_id"] == requires
    assert found["introspection"] == (env == "development")


def test_documents_have_their_ids_in_both_spellings(own: Settings) -> None:
    hive_router.prepare(own, {})
    directory = own.home / "hive-router"
    written = json.loads((directory / hive_router.DOCUMENTS).read_text())
    given = json.loads((ROUTER / "operations" / "manifest.json").read_text())
    ids = [each["id"] for each in given["operations"]]
    assert [each["id"] for each in written["operations"]] == [*ids, *[f"sha256:{key}" for key in ids]]
    assert {name: each for name, each in written.items() if name != "operations"} == {
        name: each for name, each in given.items() if name != "operations"
    }


def test_the_engine_gets_no_secret(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PETPLUS_SECRET_KEY", "PETPLUS_ROUTER_SECRETS", "PETPLUS_SMTP_URL"):
        monkeypatch.setenv(name, SECRET)
    environment = hive_router.prepare(own, os.environ)
    files = [path for path in (own.home / "hive-router").iterdir() if path.is_file()]
    assert Path(environment["ROUTER_CONFIG_FILE_PATH"]) in files
    assert SECRET not in "".join([*environment.values(), *[path.read_text() for path in files]])
    assert {stat.S_IMODE(path.stat().st_mode) for path in (own.home / "hive-router",)} == {0o700}
    assert all(name.startswith("ROUTER_") or not name.startswith("PETPLUS_") for name in environment)


def test_production_needs_a_certificate_for_an_engine_that_cannot_sign(own: Settings) -> None:
    with pytest.raises(SettingsError, match=r"^PETPLUS_TLS_DIRECTORY must be set: Hive Router cannot sign"):
        hive_router.prepare(own.model_copy(update={"env": "production"}), {})
    assert list(own.home.iterdir()) == []


def test_only_a_configuration_is_written_where_another_process_runs_the_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built = tmp_path / "built.graphql"
    built.write_text("type Query { built: Boolean }")
    monkeypatch.setattr(hive_router, "BUILT_SUPERGRAPH", built)
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PETPLUS_HIVE_ROUTER", str(tmp_path / "none"))
    done = CliRunner().invoke(app, ["router", "--engine", "hive", "--write-only"])
    assert done.exit_code == 0, done.output
    written = Path(done.stdout.strip())
    assert [error.message for error in ENGINE.iter_errors(json.loads(written.read_text()))] == []
    assert written.with_name(hive_router.SUPERGRAPH).read_text() == built.read_text()


def test_the_gateway_has_no_configuration_to_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["router", "--write-only"])
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_a_missing_engine_is_a_sentence_that_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PETPLUS_HIVE_ROUTER", str(tmp_path / "none"))
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["router", "--engine", "hive"])
    assert done.exit_code == 1
    sentence = (
        f"PETPLUS_HIVE_ROUTER names no program: {tmp_path / 'none'}. Get it by cargo install hive-router --version"
    )
    assert sentence in " ".join(done.output.split())
    assert list(tmp_path.iterdir()) == []
