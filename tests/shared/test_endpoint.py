"""The endpoint of each subgraph: whatever comes in, the answer is a coded 4xx or a result, never a 500."""

import asyncio
import json
import subprocess
import time
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from petplus import registry
from petplus.local.node import find_node
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.subgraph import create_app
from tests.support.apps import Identities, Served, listen, serve
from tests.support.hostile import Hostility, together
from tests.support.requests import Sender, schema_of
from tests.support.waiting import TEST_TIMEOUT

JSON = {"content-type": "application/json"}
ENTITIES = 'query { __type(name: "_Entity") { possibleTypes { name } } }'


@pytest.fixture(params=registry.NAMES)
def each(request: pytest.FixtureRequest) -> Served:
    """Each of the subgraphs in turn."""
    served: Served = request.getfixturevalue(request.param)
    return served


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"null", 400),
        (b"42", 400),
        (b'"text"', 400),
        (b"[]", 400),
        (b'[{"query":"{ me { id } }"}]', 400),
        (b"{}", 400),
        (b"", 400),
        (b"{", 400),
        (b'{"query": "\xff"}', 400),
        (b'{"query": null}', 400),
        (b'{"query": 1}', 400),
        (b'{"query": ""}', 400),
        (b'{"query": "{ me { id } }", "variables": []}', 400),
        (b'{"query": "{ me { id } }", "variables": "{}"}', 400),
        (b'{"query": "{ me { id } }", "operationName": 1}', 400),
        (b'{"query": "{ me { id } }", "extensions": 1}', 400),
        (b'{"query": "query ($x: ID!) { user(id: $x) { id } }", "variables": {"x": "a\\u0000b"}}', 400),
        (b'{"query": "{ me { id } }", "variables": ' + b'{"x":' * 200 + b"1" + b"}" * 200 + b"}", 200),
        (b'{"query": "{ me { id } }", "variables": {"x": "' + b"x" * 2_000_000 + b'"}}', 413),
    ],
)
async def test_malformed_requests_are_refused(each: Served, body: bytes, status: int) -> None:
    response = await each.client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] in {"BAD_REQUEST", "BODY_TOO_LARGE", "LIMIT_EXCEEDED"}
    assert set(response.json()) == {"errors"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({}, 415),
        ({"content-type": "application/json; charset=latin1"}, 415),
        ({"content-type": "application/jsonx"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-type": "application/json", "content-encoding": "gzip"}, 415),
    ],
)
async def test_other_kinds_of_bodies_are_refused(each: Served, headers: dict[str, str], status: int) -> None:
    response = await each.client.post("/graphql", content=b'{"query":"{__typename}"}', headers=headers)
    assert response.status_code == status
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["BAD_REQUEST"]
    assert response.headers.get("accept-encoding") == ("identity" if "content-encoding" in headers else None)


@pytest.mark.parametrize(
    "kind", ["Application/JSON", "application/json; charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_the_kind_of_a_body_is_written_in_any_case(each: Served, kind: str) -> None:
    headers = {"content-type": kind, "content-encoding": "Identity"}
    response = await each.client.post("/graphql", content=b'{"query":"{__typename}"}', headers=headers)
    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(each: Served, method: str) -> None:
    response = await each.client.request(method, "/graphql", params={"query": "{ me { id } }"}, headers=JSON)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_members_that_are_unknown_are_ignored(each: Served) -> None:
    body = {"query": "{__typename}", "id": "x", "onError": "NULL", "extensions": {"a": 1}, "variables": None}
    response = await each.client.post("/graphql", json=body)
    assert (response.status_code, response.json()) == (200, {"data": {"__typename": "Query"}})


OWN, PLAIN = "application/graphql-response+json", "application/json"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (OWN, OWN),
        (PLAIN, PLAIN),
        ("*/*", PLAIN),
        ("", PLAIN),
        ("text/html", PLAIN),
        (f"{OWN}, {PLAIN}", OWN),
        (f"{OWN}, {PLAIN};q=0.9", OWN),
        (f"{OWN};q=0.5, {PLAIN}", PLAIN),
        (f"{OWN};q=0, */*", PLAIN),
        (f"{PLAIN}, text/event-stream;q=0", PLAIN),
        (OWN.upper(), OWN),
    ],
)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"query": "{ __typename }"}', {OWN: 200, PLAIN: 200}),
        (b'{"query": "{ user(id: 1) { name } }"}', {OWN: 200, PLAIN: 200}),
        (b'{"query": "{"}', {OWN: 400, PLAIN: 200}),
        (b'{"query": "{ nothing }"}', {OWN: 400, PLAIN: 200}),
        (b'{"query": "query ($n: Int!) { users(first: $n) { totalCount } }"}', {OWN: 400, PLAIN: 200}),
        (b'{"query": "{ __typename } { __typename }"}', {OWN: 400, PLAIN: 200}),
        (b'{"query": "query A { __typename }", "operationName": "B"}', {OWN: 400, PLAIN: 200}),
        (b'{"query": 1}', {OWN: 400, PLAIN: 400}),
        (b'{"query"', {OWN: 400, PLAIN: 400}),
        (b'{"query": "{ ' + b"a:__typename " * 21 + b'}"}', {OWN: 400, PLAIN: 200}),
    ],
)
async def test_request_errors_have_no_data_and_a_status_by_the_media_type(
    user: Served, accept: str, kind: str, body: bytes, status: dict[str, int]
) -> None:
    response = await user.client.post("/graphql", content=body, headers={**JSON, "accept": accept})
    assert (response.headers["content-type"], response.status_code) == (f"{kind}; charset=utf-8", status[kind])
    answer = response.json()
    assert ("data" in answer) == (status[OWN] == 200)
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    "body",
    [
        {"query": "subscription {"},
        {"query": "subscription { nothing }"},
        {"query": "subscription A { __typename }", "operationName": "B"},
        {"query": "subscription ($id: ID!) { orderStatusChanged(orderId: $id) { version } }"},
        {"query": "query A { __typename } query B { __typename }"},
        {"query": "{ nothing }"},
    ],
)
async def test_request_errors_of_streams_have_no_data(order: Served, customer: str, body: dict[str, str]) -> None:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {customer}"}
    response = await order.client.post("/graphql", json=body, headers=headers)
    assert response.headers["content-type"] == "text/event-stream"
    first, last, rest = response.text.split("\n\n")
    assert (last, rest) == ("event: complete\ndata: ", "")
    answer = json.loads(first.removeprefix("event: next\ndata: "))
    assert set(answer) == {"errors"}
    assert all(error["extensions"]["code"] != "INTERNAL_SERVER_ERROR" for error in answer["errors"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ user(id: "a\\u0000b") { id } }', "GRAPHQL_VALIDATION_FAILED"),
        ("{ user(id: 1.5) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ users(first: 99999999999) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int) { users(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ("{ " + "a" * 10 + "{ " * 3000, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_what_graphql_refuses_has_a_code(user: Served, support: str, query: str, code: str) -> None:
    answer = await user.execute(query, support, n=99999999999)
    assert answer.status == 200
    assert answer.codes[0] == code


async def test_several_unnamed_operations_are_refused(each: Served) -> None:
    answer = await each.execute("{ __typename } { __typename }")
    assert answer.codes
    assert answer.body.get("data") is None


@pytest.mark.parametrize(
    "representation",
    [
        {},
        {"__typename": "Nothing", "id": "usr_1"},
        {"__typename": 1, "id": "usr_1"},
        {"id": "usr_1"},
        None,
        1,
        "User",
        [],
        {"__typename": ["User"]},
        {"__typename": "_Service"},
        {"__typename": "Query"},
    ],
)
async def test_malformed_representations_are_refused(each: Served, representation: object) -> None:
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    answer = await each.execute(query, r=[representation])
    assert answer.codes[0] in {"INVALID_INPUT", "BAD_USER_INPUT"}
    assert answer.body.get("data") is None


@pytest.mark.parametrize("key", ["", "usr_", "nil_01h2xcejqtf2nbrexx3vqjhp41", "x" * 9000])
async def test_representations_that_name_nothing_are_null(each: Served, support: str, key: object) -> None:
    names = [kind["name"] for kind in (await each.execute(ENTITIES)).data["__type"]["possibleTypes"]]
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    answer = await each.execute(query, support, r=[{"__typename": name, "id": key} for name in names])
    assert answer.data == {"_entities": [None] * len(names)}


@pytest.mark.parametrize("who", [None, "CUSTOMER", "ADMIN"])
@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_hostile_values_are_refused_with_a_code(
    each: Served, people: Identities, kind: str, who: str | None
) -> None:
    hostility = Hostility(await schema_of(each.client), {})
    sender = Sender(each.client, people.token(new_id("usr"), who) if who else None)
    cases = list(hostility.odd(kind))
    await sender.send_all(hostility, kind, together(iter(cases)))
    if who == "ADMIN":
        await sender.send_all(hostility, kind, ([case] for case in hostility.wrong(kind)))
    assert sender.faults == []
    assert bool(sender.outcomes) == bool(cases)


async def test_a_forged_token_is_refused(user: Served, people: Identities, settings: Settings) -> None:
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": new_id("usr"),
        "exp": int(time.time()) + 60,
        "scope": "users:read",
    }
    kid = people.keys.jwks()["keys"][0]["kid"]
    own = ECKey.generate_key("P-256")
    good = people.token(new_id("usr"))
    forged = [
        jwt.encode({"alg": "ES256", "kid": kid}, claims, own),
        jwt.encode({"alg": "ES256"}, claims, own),
        jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(b"a guess of at least thirty-two bytes")),
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        good.replace(".", ".."),
        "ümlaut",
        "x",
        "a.b.c",
    ]
    for token in forged:
        header = f"Bearer {token}".encode()
        response = await user.client.post(
            "/graphql", json={"query": "{ me { id } }"}, headers={b"authorization": header}
        )
        assert response.status_code == 401
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "changes", [{"exp": 1}, {"iss": "https://elsewhere.example"}, {"aud": "other"}, {"sub": None}, {"exp": None}]
)
async def test_a_token_with_wrong_claims_is_refused(
    user: Served, people: Identities, settings: Settings, changes: dict[str, object]
) -> None:
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": new_id("usr"),
        "exp": int(time.time()) + 60,
    }
    wrong = {name: value for name, value in (claims | changes).items() if value is not None}
    signing = people.keys.signing
    token = jwt.encode({"alg": "ES256", "kid": signing.kid}, wrong, signing.pair)
    answer = await user.execute("{ me { id } }", token)
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])


async def test_answers_carry_the_request_id(user: Served) -> None:
    given = await user.client.post("/graphql", json={"query": "{ me { id } }"}, headers={"x-request-id": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    made = await user.client.post("/graphql", json={"query": "{ me { id } }"}, headers={"x-request-id": "no\tgood"})
    assert made.headers["x-request-id"].startswith("req_")


async def test_health_readiness_and_metrics_answer(user: Served) -> None:
    assert (await user.client.get("/healthz")).json() == {"status": "ok"}
    assert (await user.client.get("/ready")).json() == {"status": "ready"}
    await user.execute("{ me { id } }")
    assert 'petplus_http_request_seconds_count{route="/graphql"' in (await user.client.get("/metrics")).text


async def test_while_the_keys_cannot_be_had_a_token_is_not_called_bad(settings: Settings, customer: str) -> None:
    astray = settings.model_copy(update={"jwks_url": "http://127.0.0.1:1/jwks.json"})
    async with serve(registry.load("order"), astray) as order:
        payload = {"query": "{ orderFeedCursor }"}
        answer = await order.client.post("/graphql", json=payload, headers={"authorization": f"Bearer {customer}"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    [error] = answer.json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE"}
    assert error["message"] == "Access tokens cannot be verified at the moment: try again."


async def test_the_audit_of_graphql_over_http_finds_nothing(settings: Settings) -> None:
    script = Path(__file__).with_name("http_compliance.mjs")
    async with listen(create_app(registry.load("audit"), settings, messaging=False)) as url:
        command = [str(find_node().binary), str(script), f"{url}/graphql"]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT
        )
    found = json.loads(done.stdout)
    assert len(found) > 50
    # Queries by GET are an option that subgraphs do not offer, since nobody but the router asks them.
    assert {each["name"] for each in found if each["status"] != "ok"} <= {
        "MAY accept application/x-www-form-urlencoded formatted GET requests",
        "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
        "application/graphql-response+json",
        "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json",
    }
