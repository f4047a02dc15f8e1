"""Requests that hold canaries, words that stand nowhere else, in all that a client can send; see `test_logs.py`."""

import asyncio
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from shared.core.ids import new_id
from tests.support.accounts import LOG_IN, REGISTER, VERIFY
from tests.support.http import http_client
from tests.user.test_passwords import ASK, RESET
from tests.user.test_sessions import REFRESH
from tests.webhook.senders import internal, shopify, stripe

CREATE = """
mutation ($name: String!) { designCreate(input: {
  name: $name, config: { product: BOWL, size: SMALL, material: CERAMIC, primaryColor: WHITE } }) { __typename } }"""
TRACK = "mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { __typename } }"
LOOK_UP = "query ($number: String!, $email: String!) { orderLookup(number: $number, email: $email) { status } }"
SECONDS = 60
"""Long enough for what a router gives up; nothing waits for an answer that never comes."""


class Canaries:
    """Makes words, and knows of each which input it was."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def __call__(self, kind: str) -> str:
        """Return a new word, which is a GraphQL name too."""
        word = f"canary{secrets.token_hex(6)}"
        self._kinds[word] = kind
        return word

    def email(self, kind: str) -> str:
        """Return a new address."""
        return f"{self(f'{kind} address')}@example.com"

    def seen_in(self, text: str) -> set[str]:
        """Return which inputs a text shows."""
        lowered = text.lower()
        return {kind for word, kind in self._kinds.items() if word in lowered}


def operations(c: Canaries) -> Iterator[dict[str, Any]]:
    """Make bodies of GraphQL requests: valid ones, and ones that are wrong in each way."""
    yield {
        "query": f"query {c('operation name')} {{ {c('alias')}: me {{ {c('alias of a leaf')}: name }} "
        f'presets(first: 1, search: "{c("literal")}") {{ totalCount }} }} # {c("comment")}'
    }
    yield {"query": "query ($s: String) { designs(first: 1, filter: { search: $s }) { totalCount } }"} | {
        "variables": {"s": c("variable"), c("unknown variable"): c("value of an unknown variable")}
    }
    yield {"query": "{ me { name } }", "operationName": c("wrong operation name")}
    yield {"query": "{ me { name } }", "extensions": {c("extension"): c("value of an extension")}}
    yield {"query": "{ me { name } }", c("member of the body"): c("value of a member")}
    yield {"documentId": f"sha256:{c('document id')}"}
    yield {"query": f"{{ me {{ {c('unknown field')} }} }}"}
    yield {"query": f'{{ presets({c("unknown argument")}: "{c("its value")}") {{ totalCount }} }}'}
    yield {"query": f"{{ me {{ ...{c('unknown fragment')} }} }} fragment {c('unused fragment')} on User {{ id }}"}
    yield {"query": f"query {c('unused variable')}(${c('variable name')}: {c('unknown type')}) {{ me {{ id }} }}"}
    yield {"query": f"{{ me @{c('directive')} {{ id }} }}"}
    yield {"query": f'{{ presets(first: "{c("literal of a wrong type")}") {{ totalCount }} }}'}
    yield {"query": f"{{ productOptions(product: {c('enum literal')}) {{ product }} }}"}
    yield {"query": f'{{ designs(filter: {{ {c("unknown input field")}: "{c("in an input")}" }}) {{ totalCount }} }}'}
    yield {"query": f'{{ me {{ name }} "{c("syntax error")}'}
    yield {"query": f'{{ design(id: "des_{c("id literal")}") {{ name }} }}'}
    yield {"query": f'{{ presets(first: 1, after: "{c("cursor")}") {{ totalCount }} }}'}
    for kind, value in (("Int", c("Int variable")), ("ProductKind", c("enum variable")), ("ID!", {c("key"): c("id")})):
        yield {"query": f"query ($v: {kind}) {{ presets(first: $v) {{ totalCount }} }}", "variables": {"v": value}}
    yield {"query": TRACK, "variables": {"input": {"events": [{c("unknown member"): c("in a list")}]}}}
    yield {"query": TRACK, "variables": {"input": {"events": [], "sentAt": c("DateTime variable")}}}
    yield {"query": TRACK, "variables": {"input": {"events": [event(c)]}}}
    yield {"query": LOG_IN, "variables": {"email": c.email("log-in"), "password": c("password")}}
    yield {"query": REGISTER, "variables": {"input": {"email": c.email("new"), "name": c("name")}}}
    yield {"query": CREATE, "variables": {"name": c("design's name")}}
    yield {"query": VERIFY, "variables": {"proof": c("mailed token"), "password": f"{c('new password')} x"}}
    yield {"query": RESET, "variables": {"proof": c("reset token"), "new": f"{c('reset password')} x"}}
    yield {"query": ASK, "variables": {"email": c.email("forgotten")}}
    yield {"query": REFRESH, "variables": {"given": c("refresh token")}}
    yield {"query": LOOK_UP, "variables": {"number": c("order number"), "email": c.email("guest's")}}
    yield {
        "query": f'mutation {{ sessionCreate(input: {{ email: "{c.email("literal")}", password: '
        f'"{c("literal password")}", device: null }}) {{ __typename }} }}'
    }
    yield {"query": LOG_IN.replace("($email", "($d: String!, $email").replace('"Anna\'s phone"', "$d")} | {
        "variables": {"d": None, "email": c.email("null's"), "password": c("password beside a null")}
    }
    representation = {"__typename": "Design", "id": c("representation"), c("key's name"): c("key")}
    yield {"query": "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"} | {
        "variables": {"r": [representation, {"__typename": c("type name")}]}
    }


def event(c: Canaries) -> dict[str, Any]:
    """Make a valid event of a client."""
    name, value = c("property"), c("value of a property")
    return {"clientEventId": c("event id"), "name": c("event"), "occurredAt": "2026-11-20T08:15:30Z"} | {
        "subject": c("subject"),
        "properties": {name: value},
    }


def headers(c: Canaries, token: str | None = None) -> dict[str, str]:
    """Make headers; a request id is meant for the log, and no canary."""
    return {
        "authorization": f"Bearer {token or c('access token')}",
        "cookie": f"session={c('cookie')}",
        "user-agent": c("user agent"),
        "referer": f"https://shop.example/{c('referer')}",
        "traceparent": c("traceparent"),
        "tracestate": c("tracestate"),
        "apollographql-client-name": c("client name"),
        "x-forwarded-for": c("forwarded address"),
        f"x-{c('header name')}": c("header"),
        "accept": f"application/json, text/{c('media type')}",
    }


def bodies(c: Canaries) -> Iterator[tuple[bytes, str]]:
    """Make bodies that are no GraphQL request, with their content types."""
    kind = "application/json"
    yield c("body").encode(), kind
    yield f'{{"query": "{c("half a body")}'.encode(), kind
    yield json.dumps([c("list")]).encode(), kind
    yield json.dumps(c("string")).encode(), kind
    yield json.dumps({"query": [c("query in a list")], "variables": c("variables")}).encode(), kind
    yield f'{{"query": "{c("bad UTF-8")}'.encode() + b'\xff\xfe"}', kind
    yield json.dumps({"query": "{ me { id } }", "variables": {"x": c("number")}}).encode() + b"1e999", kind
    yield (
        f"--x\r\ncontent-disposition: form-data; name={c('form')}\r\n\r\n{c('part')}\r\n--x--".encode(),
        (f"multipart/form-data; boundary={c('boundary')}"),
    )
    yield f"query={c('form value')}".encode(), "application/x-www-form-urlencoded"
    yield c("text").encode(), f"text/{c('content type')}"


def deliveries(c: Canaries) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Make webhooks, as path, body and headers, with a signature that development accepts, and without."""
    order = {"id": 1, "admin_graphql_api_id": f"gid://shopify/Order/{c('order')}", "email": c.email("customer's")}
    odd = {"id": c("odd id"), "line_items": c("odd lines"), "created_at": c("odd time"), "customer": [c("customer")]}
    for document in (order, odd, order | odd):
        body = json.dumps(document).encode()
        yield "shopify/orders", body, shopify(body)
        yield "shopify/products", body, shopify(body, x_shopify_topic=c("topic"))
        yield "shopify/orders", body, shopify(body) | {"x-shopify-hmac-sha256": c("signature")}
    payment = json.dumps({"id": c("payment"), "type": c("type"), "data": {"object": c("object")}}).encode()
    yield "stripe/payment", payment, stripe(payment)
    yield "stripe/payment", payment, {"stripe-signature": f"t=1,v1={c('stripe signature')}"}
    own = json.dumps({"type": c("own type"), "data": {c("own key"): c("own value")}}).encode()
    yield "internal", own, internal(own, new_id("msg"))
    yield "internal", c("own body").encode(), {"webhook-id": c("webhook id"), "webhook-signature": c("own signature")}
    yield c("path of a webhook"), b"{}", {}


def messages(c: Canaries) -> Iterator[Sequence[str]]:
    """Make what is sent on a WebSocket, one message after another."""

    def say(kind: str, payload: Any, key: str = "1") -> str:
        return json.dumps({"type": kind, "id": key, "payload": payload})

    hello = json.dumps({"type": "connection_init", "payload": {c("parameter"): c("value of a parameter")}})
    yield [c("message")]
    yield [json.dumps({"type": c("type of a message")})]
    intruder = {"type": "connection_init", "payload": {"authorization": f"Bearer {c('token in a payload')}"}}
    yield [json.dumps(intruder), say("subscribe", {"query": "{ me { id } }"})]
    for body in operations(c):
        yield [hello, say("subscribe", body, c("id of an operation"))]
    follow = f'subscription {c("subscription")} {{ orderStatusChanged(orderId: "{c("order id")}") {{ version }} }}'
    yield [hello, say("subscribe", {"query": follow}), say("subscribe", {"query": follow})]
    yield [say("subscribe", {"query": f"{{ {c('without an init')} }}"})]


async def send_all(c: Canaries, ports: Mapping[str, int], token: str) -> None:
    """Send everything once to each server, by name; what becomes of it does not matter."""
    turn = asyncio.Semaphore(12)

    async def post(port: int, path: str, content: bytes, given: dict[str, str]) -> None:
        async with turn:
            try:
                await client.post(f"http://127.0.0.1:{port}/{path}", content=content, headers=given)
            except httpx.HTTPError:
                return

    async def over_websocket(texts: Sequence[str]) -> None:
        url = f"ws://127.0.0.1:{ports['router']}/graphql?{c('query of a socket')}"
        async with turn:
            try:
                async with (
                    asyncio.timeout(SECONDS),
                    connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket,
                ):
                    for text in texts:
                        await socket.send(text)
                    await socket.recv()
                    await socket.recv()
            except (WebSocketException, OSError, TimeoutError):
                return

    kind = {"content-type": "application/json"}
    async with http_client(timeout=SECONDS) as client, asyncio.TaskGroup() as group:
        for port in ports.values():
            for body in operations(c):
                content = json.dumps(body).encode()
                group.create_task(post(port, "graphql", content, headers(c, token) | kind))
            content = json.dumps(next(operations(c))).encode()
            group.create_task(post(port, f"graphql?query={c('URL')}", content, headers(c) | kind))
            group.create_task(post(port, c("path"), content, headers(c) | kind))
            for raw, media_type in bodies(c):
                group.create_task(post(port, "graphql", raw, headers(c, token) | {"content-type": media_type}))
        if "webhook" in ports:
            for path, content, given in deliveries(c):
                group.create_task(post(ports["webhook"], f"webhooks/{path}", content, headers(c) | given))
        if "analytics" in ports:
            tracked = [{"events": [event(c)]}, {"events": [event(c)], c("member"): c("its value")}, c("no events")]
            for each in tracked:
                group.create_task(
                    post(ports["analytics"], "collect", json.dumps(each).encode(), headers(c, token) | kind)
                )
        for texts in messages(c):
            group.create_task(over_websocket(texts))
