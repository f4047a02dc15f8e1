"""Who asks, and what the router withholds: null and a code where a field is denied, before any subgraph is asked."""

import time
from typing import Any

import httpx
import pytest
from graphql import GraphQLInterfaceType, build_schema, is_non_null_type
from joserfc import jwt
from joserfc.jwk import OctKey

from petplus.local.node import ROUTER
from tests.router.servers import Testbed
from tests.router.test_streams import operation, socket
from tests.router.tokens import KEY, NEXT_KEY, key_set, token

MINE = "{ me { id email wage: salary orders { id } asked } }"
ORDERS = [{"id": "o1"}]


def codes(answer: dict[str, Any]) -> list[tuple[list[Any], str]]:
    return [(error["path"], error["extensions"]["code"]) for error in answer.get("errors", [])]


async def ask(testbed: Testbed, query: str, authorization: str | None) -> httpx.Response:
    return await testbed.post(query, headers={"authorization": authorization} if authorization else {})


async def test_a_denied_field_is_null_with_a_code_and_no_subgraph_is_asked_for_it(testbed: Testbed) -> None:
    asked = (await ask(testbed, "{ me { asked } }", None)).json()["data"]["me"]["asked"]
    anonymous = await ask(testbed, MINE, None)
    assert anonymous.status_code == 200
    expected = {"id": "u1", "email": None, "wage": None, "orders": ORDERS, "asked": asked}
    assert anonymous.json()["data"]["me"] == expected
    assert codes(anonymous.json()) == [(["me", "email"], "UNAUTHENTICATED"), (["me", "wage"], "UNAUTHENTICATED")]
    assert [error["message"] for error in anonymous.json()["errors"]] == ["Log in first."] * 2


async def test_a_scope_opens_what_signing_in_does_not(testbed: Testbed) -> None:
    signed_in = (await ask(testbed, "{ me { email salary } }", f"Bearer {token(scope='other')}")).json()
    assert signed_in["data"] == {"me": {"email": "u1@allpetplus.example", "salary": None}}
    assert codes(signed_in) == [(["me", "salary"], "FORBIDDEN")]
    assert signed_in["errors"][0]["message"] == "This needs the scope `payroll:read`."
    staff = (await ask(testbed, "{ me { email salary } }", f"Bearer {token(scope='other payroll:read')}")).json()
    assert staff["data"] == {"me": {"email": "u1@allpetplus.example", "salary": 42}}
    assert codes(staff) == []


async def test_a_denied_field_in_a_fragment_below_a_list_has_the_path_of_each_place(testbed: Testbed) -> None:
    query = "{ me { orders { customer { ...Person } } } } fragment Person on User { email name }"
    answer = (await ask(testbed, query, None)).json()
    assert answer["data"]["me"]["orders"] == [{"customer": {"email": None, "name": "Person u1 ñ🐾"}}]
    assert codes(answer) == [(["me", "orders", 0, "customer", "email"], "UNAUTHENTICATED")]


async def test_a_denied_mutation_refuses_all_and_nothing_runs(testbed: Testbed) -> None:
    query = 'mutation { orderStatusSet(orderId: "denied") orderStatusAdvance(orderId: "denied") }'
    answer = (await ask(testbed, query, f"Bearer {token()}")).json()
    assert answer["data"] is None
    assert codes(answer) == [(["orderStatusSet"], "FORBIDDEN")]
    staff = (await ask(testbed, query, f"Bearer {token(scope='orders:write')}")).json()
    assert staff["data"] == {"orderStatusSet": 1, "orderStatusAdvance": 2}


def test_directives_stand_where_the_router_can_enforce_them() -> None:
    schema = build_schema((ROUTER / "supergraph.graphql").read_text(), assume_valid=True)
    roots = {kind.name for kind in (schema.query_type, schema.mutation_type, schema.subscription_type) if kind}
    misplaced, found = [], 0
    for kind in schema.type_map.values():
        node = kind.ast_node
        if protects(node):
            misplaced.append(kind.name)
        for name, field in getattr(kind, "fields", {}).items():
            if not protects(field.ast_node):
                continue
            found += 1
            if isinstance(kind, GraphQLInterfaceType) or (kind.name not in roots and is_non_null_type(field.type)):
                misplaced.append(f"{kind.name}.{name}")
    assert (misplaced, found > 60) == ([], True)


def protects(node: Any) -> bool:
    """Tell whether a definition has a directive that restricts access."""
    return any(
        each.name.value in {"authenticated", "requiresScopes"} for each in getattr(node, "directives", None) or ()
    )


async def test_denied_fields_of_events_are_null(testbed: Testbed) -> None:
    query = 'subscription { orderStatusChanged(orderId: "denied") { version order { customer { name email } } } }'
    async with socket(testbed) as connection:
        payload = await anext(operation(connection, query))
    customer = payload["data"]["orderStatusChanged"]["order"]["customer"]
    assert customer == {"name": "Person u1 ñ🐾", "email": None}
    path = ["orderStatusChanged", "order", "customer", "email"]
    assert codes(payload) == [(path, "UNAUTHENTICATED")]


@pytest.mark.parametrize(
    "changes",
    [{"exp": 1}, {"exp": None}, {"sub": None}, {"iss": "https://elsewhere.example"}, {"aud": "other"}],
    ids=["expired", "endless", "nobody", "issuer", "audience"],
)
async def test_a_token_with_wrong_claims_is_refused(testbed: Testbed, changes: dict[str, Any]) -> None:
    response = await ask(testbed, "{ me { id } }", f"Bearer {token(**changes)}")
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAUTHENTICATED"]
    assert response.json().get("data") is None


def forged() -> list[str]:
    claims = jwt.decode(token(), KEY).claims
    shared = OctKey.import_key(key_set(KEY).encode())
    good = token()
    return [
        jwt.encode({"alg": "HS256", "kid": KEY.kid}, claims, shared),
        jwt.encode({"alg": "ES256", "kid": KEY.kid}, claims, NEXT_KEY),
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        good + " more",
        "eyJhbGciOiJub25lIn0.e30.",
        "x",
    ]


@pytest.mark.parametrize("number", range(6))
async def test_a_forged_token_is_refused_over_http_and_over_web_socket(testbed: Testbed, number: int) -> None:
    authorization = f"Bearer {forged()[number]}"
    response = await ask(testbed, "{ me { id } }", authorization)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    async with socket(testbed, Authorization=authorization) as connection:
        [payload] = [payload async for payload in operation(connection, "{ me { id } }")]
    assert payload["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_new_key_is_found_and_one_that_is_gone_is_asked_for_only_now_and_then(testbed: Testbed) -> None:
    assert (await ask(testbed, "{ me { id } }", f"Bearer {token()}")).status_code == 200
    testbed.keys.write_text(key_set(KEY, NEXT_KEY))
    try:
        deadline = time.monotonic() + 10
        rotated = f"Bearer {token(key=NEXT_KEY)}"
        while (status := (await ask(testbed, "{ me { id } }", rotated)).status_code) != 200:
            assert (status, time.monotonic() < deadline) == (401, True)
    finally:
        testbed.keys.write_text(key_set(KEY))


async def test_while_the_keys_cannot_be_had_a_token_is_not_called_bad(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_JWKS_URL="http://127.0.0.1:1/jwks.json")
        response = await ask(other, "{ me { id } }", f"Bearer {token()}")
        anonymous = await ask(other, "{ me { id } }", None)
    finally:
        other.stop()
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAVAILABLE"]
    assert anonymous.json()["data"] == {"me": {"id": "u1"}}


async def test_each_fetch_is_signed_with_the_address_of_the_client(testbed: Testbed) -> None:
    query = "{ me { signedAddress orders { customer { signedAddress } } } }"
    claimed = await testbed.post(query, headers={"x-forwarded-for": "203.0.113.7"})
    mine = {"signedAddress": "127.0.0.1", "orders": [{"customer": {"signedAddress": "127.0.0.1"}}]}
    assert claimed.json()["data"] == {"me": mine}
    async with socket(testbed) as connection:
        [payload] = [payload async for payload in operation(connection, "{ me { signedAddress } }")]
    assert payload["data"] == {"me": {"signedAddress": "127.0.0.1"}}


async def test_the_secret_that_router_and_subgraphs_share_changes_without_a_stop(
    testbed: Testbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = "the-secret-of-router-and-subgraphs", "the-next-secret-of-router-and-subgraphs"
    foreign = "a-secret-that-no-subgraph-knows-of"
    other = Testbed(testbed.supergraph)
    seen = {}
    try:
        monkeypatch.setenv("PETPLUS_ROUTER_SECRETS", f"{old},{new}")
        other.start_toy("people")
        for secrets in (old, f"{new}, {old}", f"{foreign},{new}"):
            # The router needs no other secret.
            other.start_router(PETPLUS_ENV="production", PETPLUS_OPEN_GRAPH="true", PETPLUS_ROUTER_SECRETS=secrets)
            seen[secrets] = (await other.post("{ me { signedAddress } }")).json()["data"]["me"]["signedAddress"]
            other.kill("router")
    finally:
        other.stop()
    assert seen == {old: "127.0.0.1", f"{new}, {old}": "127.0.0.1", f"{foreign},{new}": None}


async def test_a_trusted_proxy_is_believed_and_whom_it_names_is_not(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    named = "198.51.100.1, 203.0.113.7, 10.1.2.3"
    try:
        other.start_router(PETPLUS_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")
        answer = (await other.post("{ me { signedAddress } }", headers={"x-forwarded-for": named})).json()
    finally:
        other.stop()
    assert answer["data"] == {"me": {"signedAddress": "203.0.113.7"}}
