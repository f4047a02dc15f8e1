"""Trusted documents, what browsers are told, and what production refuses at the router."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_schema
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from petplus.local.apps import APPS
from petplus.local.node import ROUTER
from shared.core.settings import DEVELOPMENT_SECRET
from tests.router.servers import SECRET, Testbed, run_script
from tests.router.test_streams import operation, socket
from tests.support.http import http_client

KNOWN = "query Known{me{id}}"
MOVE = 'mutation Move{orderStatusAdvance(orderId:"trusted")}'
FOLLOW = 'subscription Follow{orderStatusChanged(orderId:"trusted"){version}}'
ORIGIN = "https://shop.example"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("operations") / "manifest.json"
    texts = (KNOWN, MOVE, FOLLOW)
    operations = [{"id": digest(text), "name": text.split("{")[0], "type": "query", "body": text} for text in texts]
    path.write_text(json.dumps({"operations": operations}))
    return path


@pytest.fixture(scope="module")
def production(testbed: Testbed, manifest: Path) -> Iterator[Testbed]:
    """A router in production before the same stand-ins."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_ENV="production",
            PETPLUS_SECRET_KEY=SECRET,
            PETPLUS_OPERATIONS=str(manifest),
            PETPLUS_CORS_ORIGINS=ORIGIN,
        )
        yield other
    finally:
        other.stop()


async def send(testbed: Testbed, body: dict[str, Any], **headers: str) -> httpx.Response:
    async with http_client() as client:
        return await client.post(testbed.url, json=body, headers=headers)


@pytest.mark.parametrize(
    "body", [persisted(KNOWN), {"documentId": f"sha256:{digest(KNOWN)}"}, {"documentId": digest(KNOWN)}]
)
async def test_a_known_operation_runs_by_its_id(production: Testbed, body: dict[str, Any]) -> None:
    response = await send(production, body)
    assert (response.status_code, response.json()["data"]) == (200, {"me": {"id": "u1"}})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": KNOWN}, "PERSISTED_QUERY_ID_REQUIRED"),
        ({"query": MOVE, **persisted(MOVE)}, "PERSISTED_QUERY_ID_REQUIRED"),
        ({}, "PERSISTED_QUERY_ID_REQUIRED"),
        ({"documentId": 1}, "PERSISTED_QUERY_NOT_IN_LIST"),
        (persisted("{me{name}}"), "PERSISTED_QUERY_NOT_IN_LIST"),
        ({"query": "{ __schema { types { name } } }"}, "PERSISTED_QUERY_ID_REQUIRED"),
    ],
)
async def test_production_runs_nothing_else(production: Testbed, body: dict[str, Any], code: str) -> None:
    response = await send(production, body)
    assert (response.status_code, "data" in response.json()) == (400, False)
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]


async def test_over_web_socket_and_event_streams_too_only_known_operations_run(production: Testbed) -> None:
    async with socket(production) as connection:
        [refused] = [payload async for payload in operation(connection, MOVE)]
        assert refused["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_ID_REQUIRED"
        message = {"id": "2", "type": "subscribe", "payload": {"query": "", **persisted(MOVE)}}
        await connection.send(json.dumps(message))
        assert json.loads(await connection.recv())["payload"]["data"] == {"orderStatusAdvance": 1}
    stream = await send(production, {"query": FOLLOW}, accept="text/event-stream")
    assert "PERSISTED_QUERY_ID_REQUIRED" in stream.text
    async with (
        http_client() as client,
        client.stream("POST", production.url, json=persisted(FOLLOW), headers={"accept": "text/event-stream"}) as known,
    ):
        lines = known.aiter_lines()
        async for line in lines:
            if line.startswith("data: {"):
                assert json.loads(line.removeprefix("data: ")) == {"data": {"orderStatusChanged": {"version": 1}}}
                break


async def test_an_operator_may_open_the_graph_which_still_tells_nothing_of_itself(
    testbed: Testbed, manifest: Path
) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_ENV="production",
            PETPLUS_SECRET_KEY=SECRET,
            PETPLUS_OPERATIONS=str(manifest),
            PETPLUS_OPEN_GRAPH="true",
        )
        opened = (await send(other, {"query": "{ me { name } }"})).json()
        reported = (await send(other, {"query": "{ __schema { types { name } } }"})).json()
        guessed = (await send(other, {"query": "{ me { nam } }"})).json()
    finally:
        other.stop()
    assert opened["data"] == {"me": {"name": "Person u1 ñ🐾"}}
    assert reported["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert "data" not in reported
    assert guessed["errors"] == [
        {
            "message": "The document does not fit the graph.",
            "locations": [{"line": 1, "column": 8}],
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }
    ]


async def test_development_runs_both(testbed: Testbed, manifest: Path) -> None:
    both = (await send(testbed, {"query": KNOWN, **persisted(KNOWN)})).json()
    assert both["errors"][0]["extensions"]["code"] == "CANNOT_SEND_PQ_ID_AND_BODY"
    unknown = (await send(testbed, {"documentId": digest(KNOWN)})).json()
    assert unknown["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_IN_LIST"


async def test_clients_with_automatic_persisted_queries_are_told_to_send_the_query(testbed: Testbed) -> None:
    for accept, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        response = await send(testbed, persisted(KNOWN), accept=accept)
        assert response.status_code == status
        # urql knows the message, Apollo the code.
        [error] = response.json()["errors"]
        code = "PERSISTED_QUERY_NOT_SUPPORTED"
        assert error == {"message": "PersistedQueryNotSupported", "extensions": {"code": code}}


async def test_answers_tell_browsers_what_they_may_do(testbed: Testbed, production: Testbed) -> None:
    for server, encrypted in ((testbed, False), (production, True)):
        headers = (await send(server, persisted(KNOWN))).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert ("strict-transport-security" in headers) is encrypted


async def test_only_listed_origins_may_read_answers(testbed: Testbed, production: Testbed) -> None:
    listed = (await send(production, persisted(KNOWN), origin=ORIGIN)).headers
    assert listed["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in listed
    for server in (testbed, production):
        for origin in ("https://elsewhere.example", "null"):
            headers = (await send(server, persisted(KNOWN), origin=origin)).headers
            assert [name for name in headers if name.startswith("access-control")] == []


async def test_caches_keep_answers_by_origin_where_origins_are_listed(testbed: Testbed, production: Testbed) -> None:
    for origin in (ORIGIN, "https://elsewhere.example"):
        assert (await send(production, persisted(KNOWN), origin=origin)).headers["vary"] == "origin"
    assert (await send(production, persisted(KNOWN))).headers["vary"] == "origin"
    assert "vary" not in (await send(testbed, persisted(KNOWN))).headers


@pytest.mark.parametrize(
    "header", ["authorization", "content-type", "apollographql-client-name", "apollographql-client-version"]
)
async def test_pages_of_listed_origins_may_send_the_headers_of_apps(production: Testbed, header: str) -> None:
    asking = {"access-control-request-method": "POST", "access-control-request-headers": header}
    async with http_client() as client:
        allowed = (await client.options(production.url, headers={"origin": ORIGIN, **asking})).headers
        refused = (
            await client.options(production.url, headers={"origin": "https://elsewhere.example", **asking})
        ).headers
    assert header in allowed["access-control-allow-headers"].split(", ")
    assert allowed["access-control-allow-methods"] == "GET, POST"
    assert [name for name in refused if name.startswith("access-control")] == []


async def test_only_listed_origins_may_open_a_web_socket(production: Testbed) -> None:
    address = production.url.replace("http", "ws")
    async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None, origin=ORIGIN):  # type: ignore[list-item,arg-type]
        pass
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, proxy=None, origin="https://elsewhere.example"):  # type: ignore[arg-type]
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("query Known { me { nothing } }", 'Cannot query field "nothing" on type "User".'),
        ("query Other { me { id } }", "it must hold one operation, Known"),
        ("query Known { me { orders { id } ", "Syntax Error: Expected Name, found <EOF>."),
        (
            "query Known($n: Int) { a: page(first: $n) { customer { orders { customer { orders { id } } } } } "
            "b: page(first: $n) { customer { orders { customer { orders { id } } } } } }",
            "its cost may reach 7400; the maximum is 5000",
        ),
    ],
)
def test_an_operation_that_would_be_refused_is_found_when_it_is_built(
    toy_supergraph: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "Known.graphql").write_text(text)
    done = run_script("operations.mjs", f"--operations={tmp_path}", f"--supergraph={toy_supergraph}")
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'Known.graphql'}: {said}\n"
    assert not (tmp_path / "manifest.json").exists()


def test_the_check_finds_a_stale_manifest(toy_supergraph: Path, tmp_path: Path) -> None:
    arguments = [f"--operations={tmp_path}", f"--supergraph={toy_supergraph}"]
    (tmp_path / "Known.graphql").write_text("# Who is there.\nquery Known { me { id } }\n")
    assert run_script("operations.mjs", *arguments).returncode == 0
    [made] = json.loads((tmp_path / "manifest.json").read_text())["operations"]
    assert made == {"id": digest(KNOWN), "name": "Known", "type": "query", "body": KNOWN}
    assert run_script("operations.mjs", *arguments, "--check").returncode == 0
    (tmp_path / "Known.graphql").write_text("query Known { me { id name } }")
    stale = run_script("operations.mjs", *arguments, "--check")
    assert (stale.returncode, stale.stderr.endswith("run `petplus operations build` to refresh it\n")) == (1, True)


def test_operations_share_fragments_that_spread_each_other(toy_supergraph: Path, tmp_path: Path) -> None:
    fragments = {"Name": "fragment Name on User { name }", "Person": "fragment Person on User { id ...Name }"}
    (tmp_path / "fragments").mkdir()
    for name, text in fragments.items():
        (tmp_path / "fragments" / f"{name}.graphql").write_text(text)
    operations = {"Known": "query Known{me{...Person}}", "Other": "query Other{me{...Name}}"}
    for name, text in operations.items():
        (tmp_path / f"{name}.graphql").write_text(text)
    done = run_script("operations.mjs", f"--operations={tmp_path}", f"--supergraph={toy_supergraph}")
    assert (done.returncode, done.stderr) == (0, "")
    made = {each["name"]: each["body"] for each in json.loads((tmp_path / "manifest.json").read_text())["operations"]}
    assert made == {
        "Known": "query Known{me{...Person}}fragment Person on User{id ...Name}fragment Name on User{name}",
        "Other": "query Other{me{...Name}}fragment Name on User{name}",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fragment Name on User { name }", "nothing spreads it"),
        ("fragment Other on User { name }", "it must hold one fragment, Name"),
        ("query Name { me { id } }", "it must hold one fragment, Name"),
    ],
)
def test_a_shared_fragment_that_cannot_be_used_is_found(
    toy_supergraph: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "Known.graphql").write_text("query Known { me { id } }")
    path = tmp_path / "fragments" / "Name.graphql"
    path.parent.mkdir()
    path.write_text(text)
    done = run_script("operations.mjs", f"--operations={tmp_path}", f"--supergraph={toy_supergraph}")
    assert (done.returncode, done.stderr) == (1, f"{path}: {said}\n")
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PETPLUS_ENV": "production"}, "PETPLUS_SECRET_KEY must be set in production."),
        (
            {"PETPLUS_ENV": "production", "PETPLUS_SECRET_KEY": f"\n {DEVELOPMENT_SECRET.upper()} "},
            "PETPLUS_SECRET_KEY must be set in production.",
        ),
        (
            {"PETPLUS_ENV": "production", "PETPLUS_ROUTER_SECRETS": "x" * 32},
            "PETPLUS_ROUTER_SECRETS can be guessed: use random characters.",
        ),
        ({"PETPLUS_SECRET_KEY": "short"}, "PETPLUS_SECRET_KEY must have at least 32 characters."),
        ({"PETPLUS_ROUTER_SECRETS": "short"}, "PETPLUS_ROUTER_SECRETS must have at least 32 characters."),
        ({"PETPLUS_CORS_ORIGINS": "*"}, "PETPLUS_CORS_ORIGINS must be origins such as https://shop.example"),
        ({"PETPLUS_TRUSTED_PROXIES": "here"}, "PETPLUS_TRUSTED_PROXIES must be addresses or networks"),
        ({"PETPLUS_OPEN_GRAPH": "yes"}, "PETPLUS_OPEN_GRAPH must be true or false."),
        ({"PETPLUS_COST_BUCKET": "0"}, "PETPLUS_COST_BUCKET must be a whole number"),
    ],
)
def test_a_bad_setting_stops_the_router_with_a_sentence(
    toy_supergraph: Path, variables: dict[str, str], said: str
) -> None:
    other = Testbed(toy_supergraph)
    with pytest.raises(ChildProcessError):
        other.start_router(**variables)
    [line] = [json.loads(text) for text in other.log.read_text().splitlines()]
    assert (line["level"], line["reason"].startswith(said)) == ("fatal", True)


def test_whoever_is_signed_in_may_change_all_that_is_theirs() -> None:
    schema = build_schema((ROUTER / "supergraph.graphql").read_text(), assume_valid=True)
    assert schema.mutation_type is not None
    everybody = {
        name
        for name, field in schema.mutation_type.fields.items()
        if field.ast_node and all(each.name.value != "requiresScopes" for each in field.ast_node.directives or ())
    }
    manifest = json.loads((ROUTER / "operations" / "manifest.json").read_text())["operations"]
    named = {word for each in manifest for word in re.findall(r"\w+", each["body"])}
    assert everybody - named == {"experimentAssign"}  # the shop's servers ask for it


def test_all_operations_of_this_repository_are_in_the_manifest() -> None:
    names = {path.stem for path in (ROUTER / "operations").glob("*.graphql")}
    manifest = json.loads((ROUTER / "operations" / "manifest.json").read_text())["operations"]
    assert {each["name"] for each in manifest if "releases" not in each} == names
    of_apps = [json.loads(path.read_text()) for path in (APPS / "operations").glob("*.json")]
    assert len(of_apps) >= 2
    sent = {key.removeprefix("sha256:") for made in of_apps for key in made}
    assert {each["id"] for each in manifest if "releases" in each} == sent
    assert {each["id"] for each in manifest} == {digest(each["body"]) for each in manifest}
