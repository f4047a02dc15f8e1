"""What clients do: one query over all domains, and a subscription that sees every change."""

import asyncio
import base64
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.accounts import log_in_at, open_account_at
from tests.support.http import http_client
from tests.support.shop import ROOT, Shop, take
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("_urls")

MAIN = (ROOT / "apps" / "graphiql" / "tabs" / "01-main.graphql").read_text()

OPEN_ORDERS = """
query { orders(filter: { status: [PAID] }, first: 5) { nodes { id number version } } }
"""

ADVANCE = """
mutation ($id: ID!, $version: Int!, $to: OrderStatus!) {
  orderStatusAdvance(input: { orderId: $id, version: $version, to: $to }) {
    __typename
    ... on OrderStatusAdvanceSuccess { order { status version } }
    ... on Problem { code message }
  }
}
"""

FOLLOW = """
subscription ($id: ID!, $after: Int) {
  orderStatusChanged(orderId: $id, afterVersion: $after) {
    version status order { number customer { name } lines { design { name } } }
  }
}
"""

UPLOAD = """
mutation ($image: String!) {
  avatarUpload(input: { version: 1, image: $image }) {
    __typename ... on AvatarUploadSuccess { user { avatarUrl } } ... on Problem { code }
  }
}
"""


async def advance(shop: Shop, token: str, order: dict[str, Any], *statuses: str) -> None:
    """Move an order through statuses, keeping its version."""
    for status in statuses:
        answer = await shop.execute(ADVANCE, token, id=order["id"], version=order["version"], to=status)
        moved = answer.data["orderStatusAdvance"]
        assert moved["__typename"] == "OrderStatusAdvanceSuccess", moved
        order["version"] = moved["order"]["version"]


async def test_one_query_answers_from_all_domains(running: Shop) -> None:
    token = await running.token_of("customer")
    me = (await running.execute(MAIN, token)).data["me"]
    assert me["name"] == "Clara Customer"
    assert me["preferences"]["locale"] == "en-GB"
    assert me["designs"]["totalCount"] >= len(me["designs"]["edges"]) > 0
    for edge in me["designs"]["edges"]:
        assert Decimal(edge["node"]["price"]["amount"]) > 0
        assert edge["node"]["stats"]["views"] >= 0
    assert len(me["orders"]["edges"]) > 0
    for edge in me["orders"]["edges"]:
        order = edge["node"]
        assert order["timeline"][-1]["status"] == order["status"]
        assert [entry["at"] for entry in order["timeline"]] == sorted(entry["at"] for entry in order["timeline"])
        for line in order["lines"]:
            if line["design"] is not None:
                assert line["design"]["owner"] == {"name": "Clara Customer"}


async def test_a_browser_shows_pictures_of_designs_and_of_shared_ones(running: Shop) -> None:
    token = await running.token_of("customer")
    query = "{ designs(first: 1) { nodes { id previewUrl(size: 128) } } }"
    [design] = (await running.execute(query, token)).data["designs"]["nodes"]
    share = """mutation ($id: ID!) { designShare(input: { id: $id }) { ... on DesignShareSuccess { token } } }"""
    link = (await running.execute(share, token, id=design["id"])).data["designShare"]["token"]
    shared = "query ($link: String!) { sharedDesign(token: $link) { name previewUrl(size: 128) } }"
    opened = (await running.execute(shared, link=link)).data["sharedDesign"]
    async with http_client() as browser:
        for url in (design["previewUrl"], opened["previewUrl"]):
            picture = await browser.get(url)
            assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
            again = await browser.get(url, headers={"if-none-match": picture.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")


async def test_a_guest_sees_a_picture_of_what_was_ordered(running: Shop) -> None:
    asked = "{ orders(first: 20) { nodes { number contactEmail lines { design { id } previewUrl(size: 128) } } } }"
    nodes = (await running.execute(asked, await running.token_of("admin"))).data["orders"]["nodes"]
    order = next(each for each in nodes if any(line["design"] for line in each["lines"]))
    look_up = """query ($number: String!, $email: String!) {
      orderLookup(number: $number, email: $email) { lines { design { name } previewUrl(size: 128) } } }"""
    found = (await running.execute(look_up, number=order["number"], email=order["contactEmail"])).data["orderLookup"]
    assert [line["design"] for line in found["lines"]] == [None] * len(order["lines"])
    assert [line["previewUrl"] for line in found["lines"]] == [line["previewUrl"] for line in order["lines"]]
    async with http_client() as browser:
        for line in order["lines"]:
            assert (line["previewUrl"] is None) == (line["design"] is None)
            if line["design"]:
                picture = await browser.get(line["previewUrl"])
                assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
                assert picture.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_staff_see_an_order_with_its_deliveries_and_its_trail(running: Shop) -> None:
    token = await running.token_of("admin")
    query = """
    query {
      orders(first: 20) {
        totalCount
        nodes {
          number
          customer {
            name email orders(first: 1) { totalCount } experiments(first: 1) { totalCount }
            auditTrail(first: 2) { nodes { action } }
          }
          webhookDeliveries(first: 3) { nodes { topic state } }
          auditTrail(first: 3) { totalCount nodes { action actor { name } hash } }
          lines { design { name auditTrail(first: 1) { nodes { action } } orders(first: 1) { totalCount } } }
        }
      }
    }"""
    orders = (await running.execute(query, token)).data["orders"]
    assert orders["totalCount"] == 60
    assert any(order["webhookDeliveries"]["nodes"] for order in orders["nodes"])
    assert all(order["auditTrail"]["totalCount"] >= 1 for order in orders["nodes"])


async def test_a_copy_of_ones_data_comes_from_all_domains(running: Shop) -> None:
    account = await open_account_at(running)
    found = re.search(r"^mutation Export .*?^}", (ROOT / "docs" / "guide.md").read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    for token, has_bought in ((await running.token_of("customer"), True), (await log_in_at(running, account), False)):
        copy = (await running.execute(found[0], token)).data["accountExport"]
        assert json.loads(copy["document"])["profile"]["id"] in copy["filename"]
        assert bool(copy["user"]["orders"]["nodes"]) is has_bought
        assert bool(copy["user"]["designs"]["nodes"]) is has_bought


@pytest.mark.parametrize("transport", ["sse", "websocket"])
async def test_a_stream_ends_with_the_session_of_its_reader(running: Shop, transport: str) -> None:
    support = await running.log_in("support")
    order = (await running.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    stream = getattr(running, transport)(FOLLOW, support, id=order["id"])
    await take(stream, 1)
    running.forget_tokens()
    end = "mutation { sessionsRevokeAll(input: { keepCurrent: false }) { __typename } }"
    assert (await running.execute(end, support)).data["sessionsRevokeAll"]["__typename"] == "SessionsRevokeAllSuccess"
    [last] = await take(stream, 1)
    assert [error["extensions"]["code"] for error in last["errors"]] == ["UNAUTHENTICATED"]
    await stream.aclose()
    refused = await running.execute("{ orders(first: 1) { totalCount } }", support)
    assert refused.codes == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("transport", ["sse", "multipart", "websocket"])
async def test_a_subscriber_sees_each_status_once_and_in_order(running: Shop, transport: str) -> None:
    support, admin = await running.token_of("support"), await running.token_of("admin")
    order = (await running.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    stream = getattr(running, transport)(FOLLOW, admin, id=order["id"])
    first = (await take(stream, 1))[0]["data"]["orderStatusChanged"]
    assert (first["version"], first["status"]) == (order["version"], "PAID")
    assert first["order"]["number"] == order["number"]
    assert isinstance(first["order"]["customer"]["name"], str)
    seen = asyncio.create_task(take(stream, 3))
    await advance(running, support, order, "IN_PRODUCTION", "SHIPPED", "DELIVERED")
    changes = [result["data"]["orderStatusChanged"] for result in await seen]
    assert [change["status"] for change in changes] == ["IN_PRODUCTION", "SHIPPED", "DELIVERED"]
    assert [change["version"] for change in changes] == [first["version"] + step for step in (1, 2, 3)]
    assert all(isinstance(change["order"]["customer"]["name"], str) for change in changes)
    await stream.aclose()
    resumed = getattr(running, transport)(FOLLOW, admin, id=order["id"], after=first["version"] + 1)
    missed = [result["data"]["orderStatusChanged"]["status"] for result in await take(resumed, 2)]
    assert missed == ["SHIPPED", "DELIVERED"]
    await resumed.aclose()


async def test_a_mutation_over_websocket_is_carried_out_once(running: Shop) -> None:
    support = await running.token_of("support")
    order = (await running.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    change = {"id": order["id"], "version": order["version"], "to": "IN_PRODUCTION"}
    answers = [[result async for result in running.websocket(ADVANCE, support, **change)] for _ in range(2)]
    assert [len(each) for each in answers] == [1, 1]
    first, again = (each[0]["data"]["orderStatusAdvance"] for each in answers)
    assert first["order"] == {"status": "IN_PRODUCTION", "version": order["version"] + 1}
    assert (again["__typename"], again["code"]) == ("ConflictProblem", "VERSION_CONFLICT")
    anonymous = [result async for result in running.websocket(ADVANCE, "", **change)]
    assert [error["extensions"]["code"] for error in anonymous[0]["errors"]] == ["UNAUTHENTICATED"]


async def test_a_stranger_cannot_follow_an_order(running: Shop) -> None:
    support = await running.token_of("support")
    query = 'query { orders(filter: { text: "AP-" }, first: 20) { nodes { id customer { email } } } }'
    nodes = (await running.execute(query, support)).data["orders"]["nodes"]
    foreign = next(node for node in nodes if (node["customer"] or {}).get("email") != "customer@allpetplus.example")
    customer = await running.token_of("customer")
    answers = [
        (await take(running.sse(FOLLOW, customer, id=key), 1))[0]["errors"][0]["extensions"]["code"]
        for key in (foreign["id"], "ord_01h2xcejqtf2nbrexx3vqjhp41")
    ]
    assert answers == ["NOT_FOUND", "NOT_FOUND"]


async def test_a_change_reaches_the_other_domains_by_event(running: Shop) -> None:
    support = await running.token_of("support")
    order = (await running.execute(OPEN_ORDERS, support)).data["orders"]["nodes"][0]
    trail = "query ($id: ID!) { order(id: $id) { auditTrail(first: 50) { totalCount } } }"
    before = (await running.execute(trail, support, id=order["id"])).data["order"]["auditTrail"]["totalCount"]
    await advance(running, support, order, "IN_PRODUCTION")

    async def longer() -> int:
        after = (await running.execute(trail, support, id=order["id"])).data["order"]["auditTrail"]["totalCount"]
        return int(after) if after > before else 0

    assert await eventually(longer, pause=0.1) == before + 1


def descendants(pid: int) -> list[int]:
    """Return the processes below one, from the kernel's own list."""
    found = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    return found + [below for child in found for below in descendants(child)]


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_changed_preset_is_soon_seen_by_those_whose_answers_are_cached(running: Shop) -> None:
    admin = await running.token_of("admin")
    change = """
    mutation ($id: ID!, $version: Int!, $name: String!) {
      presetUpdate(input: { id: $id, version: $version, name: $name }) {
        ... on PresetUpdateSuccess { preset { name version } }
      }
    }"""
    purged = "query ($id: ID!) { cacheInvalidations(entityId: $id) { totalCount nodes { purgedAt } } }"
    async with http_client() as visitor:

        async def look() -> tuple[Any, str | None]:
            query = "{ presets(first: 3) { totalCount nodes { id name version } } }"
            response = await visitor.post(running.url, json={"query": query})
            return response.json()["data"]["presets"]["nodes"][0], response.headers.get("cache-status")

        async def is_cached() -> bool:
            return (await look())[1] == "router; hit"

        async def is_new() -> bool:
            return bool((await look())[0]["name"] == name)

        for number in range(3):
            await eventually(is_cached)
            preset, name = (await look())[0], f"Changed {number}"
            changed = await running.execute(change, admin, id=preset["id"], version=preset["version"], name=name)
            assert changed.data["presetUpdate"]["preset"]["name"] == name
            await eventually(is_new)
    purges = (await running.execute(purged, admin, id=preset["id"])).data["cacheInvalidations"]
    assert purges["totalCount"] == 3
    assert all(purge["purgedAt"] for purge in purges["nodes"])


@pytest.mark.parametrize("running", ["a database each"], indirect=True)
async def test_the_eleventh_wrong_password_is_refused_through_the_router_however_it_is_sent(running: Shop) -> None:
    account = await open_account_at(running)
    guess = "sessionCreate(input: { email: $email, password: $password }) { ... on Problem { code } }"
    once = f"mutation ($email: String!, $password: String!) {{ {guess} }}"
    aliases = "mutation ($email: String!, $password: String!) {" + "".join(f" g{n}: {guess}" for n in range(5)) + " }"
    wrong = {"email": account.email, "password": "not the password"}
    answers = await asyncio.gather(*[running.execute(aliases, **wrong) for _ in range(2)])
    assert [each["code"] for answer in answers for each in answer.data.values()] == ["WRONG_CREDENTIALS"] * 10
    stream = running.websocket(once, await running.token_of("support"), **wrong)
    [eleventh] = await take(stream, 1)
    assert eleventh["data"] == {"sessionCreate": {"code": "RATE_LIMITED"}}


async def test_a_picture_of_the_largest_size_passes_the_router_and_is_shown(running: Shop) -> None:
    encoded = io.BytesIO()
    Image.new("RGB", (500, 500), (10, 10, 250)).save(encoded, "PNG")
    # What follows the end of a picture is no part of it.
    image = base64.b64encode(encoded.getvalue().ljust(512 * 1024, b" ")).decode()
    token = await log_in_at(running, await open_account_at(running))
    answer = (await running.execute(UPLOAD, token, image=image)).data["avatarUpload"]
    assert answer["__typename"] == "AvatarUploadSuccess", answer
    async with http_client() as client:
        response = await client.get(answer["user"]["avatarUrl"])
    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(response.content)).size == (256, 256)
