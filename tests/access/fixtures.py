"""A running shop in which one customer has one of everything, and the callers who ask about it."""

import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from redis.asyncio import Redis
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from petplus import registry
from petplus.local.backing_services import CACHE_VARIABLE, DATABASE_VARIABLE, REDIS_VARIABLE
from shared.core.base64url import encode
from shared.core.ids import id_of_version, new_id
from shared.core.settings import Settings
from shared.database.database import Database
from shared.security.auth import ANONYMOUS, Viewer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.service.authentication import PASSWORD, Authentication
from subgraphs.user.service.keys import KeyRing
from tests.access.documents import CHANGE_PASSWORD, EXPORT, FIND, LIVE, LOOK_UP, SERVE, SET_ROLES, START, TEST, UPLOAD
from tests.access.passkeys import add_passkey
from tests.support.accounts import log_in_at, open_account_at
from tests.support.apps import just_authenticated
from tests.support.http import http_client
from tests.support.second_factor import CONFIRM, ENROL, code_of
from tests.support.shop import Shop
from tests.support.waiting import eventually, in_time

END = "mutation ($id: ID!) { sessionRevoke(input: { sessionId: $id }) { __typename } }"
HALF = "admin without a second factor"
OUTDATED = ("begun before its roles changed", "begun before its password changed")
PICTURE = "query ($id: ID!) { design(id: $id) { previewUrl(format: SVG) } }"
PRICED = """query ($config: DesignConfigInput!) {
  priceQuote(input: { config: $config }) { ... on PriceQuote { previewUrl } }
}"""
REPLAY = "mutation ($id: ID!) { webhookReplay(input: { id: $id }) { __typename } }"


# The router as clients reach it by WebSocket; a place beside the router (None) and the subgraphs.
SOCKET = "socket"
TASKS = text(
    "INSERT INTO order_task (id, order_id, kind, about, currency, amount_minor, done_at, done_by, actor_id, note)"
    " VALUES (:open, :order, 'OVERPAID', '', 'EUR', 100, NULL, NULL, NULL, NULL),"
    " (:done, :order, 'DISPUTED', 'dp_1', NULL, NULL, now(), 'STAFF', :owner, 'Answered.')"
)
DISCOUNTS = text(
    "INSERT INTO discount_code (id, code, kind, percent, amounts_minor, minimums_minor, starts_at, ends_at, most_uses,"
    " ended_at)"
    " VALUES (:open, 'WELCOME', 'PERCENTAGE', 10, '{}', '{\"EUR\": 2000}', now(), now() + interval '1 day', 5, NULL),"
    " (:ended, 'FIVE', 'AMOUNT', NULL, '{\"EUR\": 500}', '{}', NULL, NULL, NULL, now())"
)
SUPPRESSED = text(
    "INSERT INTO mail_suppression (email_digest, cause, reports, since, until)"
    " VALUES (:digest, 'HARD_BOUNCE', 1, now(), now() + interval '1 day')"
)
CAUSED = text(
    "UPDATE order_timeline SET delivery_id = :delivery, shipment_id = :shipment WHERE order_id = :order AND version = 1"
)
MIRRORED = text("UPDATE product SET external_id = 'gid://shopify/Product/1', told_at = now() WHERE id = :product")
SUSPENDED = text("UPDATE user_profile SET suspended_at = now(), suspension_reason = 'Why' WHERE id = :owner")
PRESET = text("UPDATE order_line SET preset_id = :preset, quoted_version = 1 WHERE order_id = :order AND position = 1")


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: with a token, and with what the policy takes them for."""

    name: str
    token: str | None
    viewer: Viewer


@dataclass
class Scenario:
    """The shop, its callers, and the ids of what its customer has."""

    shop: Shop
    settings: Settings
    client: httpx.AsyncClient
    callers: dict[str, Caller]
    refused: dict[str, str]
    owner_id: str
    ids: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    old: dict[str, str] = field(default_factory=dict)
    """Tokens of callers who authenticated long ago."""

    def url(self, subgraph: str | None) -> str:
        """Return where a subgraph answers directly, or the router."""
        if subgraph is None:
            return self.shop.url
        return f"http://127.0.0.1:{registry.port_of(subgraph, self.settings)}/graphql"

    async def ask(
        self, subgraph: str | None, query: str, token: str | None, variables: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Send one operation, unsigned; returns the status and the answer."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        given = {"query": query, "variables": variables or {}}
        response = await self.client.post(self.url(subgraph), json=given, headers=headers)
        return response.status_code, response.json()

    async def first(
        self, place: str | None, query: str, token: str | None, variables: Mapping[str, Any] | None = None
    ) -> Any:
        """Subscribe, and return the first result or the refusal: at a subgraph, the router, or the router's socket."""
        payload = {"query": query, "variables": variables or {}}
        async with in_time():
            return await (self._socket(payload, token) if place == SOCKET else self._events(place, payload, token))

    async def be_forgotten(self) -> None:
        """Make the shop forget how often somebody has looked up an order."""
        redis = Redis.from_url(self.settings.required_cache_redis_url)
        async for key in redis.scan_iter("petplus:throttle:order-*"):
            await redis.delete(key)
        await redis.aclose()

    async def _events(self, subgraph: str | None, payload: Mapping[str, Any], token: str | None) -> Any:
        headers = {"accept": "text/event-stream"} | ({"authorization": f"Bearer {token}"} if token else {})
        async with self.client.stream("POST", self.url(subgraph), json=payload, headers=headers) as response:
            if "event-stream" not in response.headers.get("content-type", ""):
                return json.loads(await response.aread())
            async for line in response.aiter_lines():
                data = line.removeprefix("data:").strip()
                if line.startswith("data:") and data:
                    return json.loads(data)
        raise AssertionError("the stream ended without a result")

    async def _socket(self, payload: Mapping[str, Any], token: str | None) -> Any:
        """Speak graphql-transport-ws, the token in the connection parameters."""
        url = self.shop.url.replace("http:", "ws:")
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            given = {"authorization": f"Bearer {token}"} if token else {}
            await socket.send(json.dumps({"type": "connection_init", "payload": given}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            async for said in socket:
                message = json.loads(said)
                if message["type"] in {"next", "error"}:
                    reported = message["payload"]
                    return reported if message["type"] == "next" else {"errors": reported}
        raise AssertionError("the socket was closed without a result")


@asynccontextmanager
async def populate(shop: Shop) -> AsyncIterator[Scenario]:
    """Let the demo customer own one of everything; yields the world."""
    addresses = json.loads((shop.home / "addresses.json").read_text())
    urls = {"database_url": addresses[DATABASE_VARIABLE], "redis_url": addresses[REDIS_VARIABLE]}
    urls["cache_redis_url"] = addresses[CACHE_VARIABLE]
    settings = Settings(home=shop.home, port=shop.port, **urls)
    owner, support, admin = [await shop.log_in(name) for name in ("customer", "support", "admin")]
    # Before all else: the newest event of the audit log is to have changes.
    secret = (await shop.execute(ENROL, owner)).data["totpEnrol"]["secret"]
    protected = await shop.execute(CONFIRM, owner, code=code_of(secret))
    assert protected.data["totpConfirm"]["__typename"] == "TotpConfirmSuccess"
    database = Database.connect(settings, "user")
    async with http_client() as client:
        backing_services: Any = SimpleNamespace(database=database, settings=settings)
        async with KeyRing.open(backing_services) as ring:
            stranger = ring.sign(new_id("usr"), ["CUSTOMER"], new_id("ses"), just_authenticated()).text
            refused = bad_tokens(ring, admin)
            old = {"owner": authenticated_long_ago(ring, owner), "admin": authenticated_long_ago(ring, admin)}
            half = await half_authenticated(backing_services)
            callers = {
                name: caller_of(name, token, ring)
                for name, token in [
                    ("anonymous", None),
                    ("owner", owner),
                    ("stranger", stranger),
                    ("support", support),
                    ("admin", admin),
                    (HALF, half),
                ]
            }
        refused |= {"revoked": await revoked(shop), **await outdated(shop, admin)}
        owner_id = callers["owner"].viewer.id or ""
        scenario = Scenario(shop, settings, client, callers, refused, owner_id, {}, old=old)
        await live(scenario, owner, support, admin)
        # Not by `userSuspend`, which would end the owner's session.
        async with database.write() as session:
            await session.execute(SUSPENDED, {"owner": owner_id})
        yield scenario
    await database.close()


def caller_of(name: str, token: str | None, ring: KeyRing) -> Caller:
    """Return who a token makes of its bearer."""
    if token is None:
        return Caller(name, None, ANONYMOUS)
    claims = jwt.decode(token, ring.signing.pair).claims
    scopes = frozenset(str(claims["scope"]).split())
    return Caller(name, token, Viewer(id=str(claims["sub"]), scopes=scopes, session_id=str(claims["sid"])))


def bad_tokens(ring: KeyRing, good: str) -> dict[str, str]:
    """Return an administrator's token expired, and forged in every way that is known to have worked somewhere."""
    key = ring.signing.pair
    claims = jwt.decode(good, key).claims
    header = {"alg": "ES256", "kid": key.kid, "typ": "JWT"}
    head, payload, signature = good.split(".")
    longer = jwt.encode(header, claims | {"exp": int(time.time()) + 10**6}, key).split(".")[1]
    # By hand: the library refuses to take a public key for a shared secret.
    confused = f"{encode(json.dumps({'alg': 'HS256', 'kid': key.kid}).encode())}.{payload}"
    shared = hmac.digest(key.as_pem(private=False), confused.encode(), "sha256")
    return {
        "expired": jwt.encode(header, claims | {"exp": int(time.time()) - 60}, key),
        "forged": jwt.encode(header, claims, ECKey.generate_key("P-256", {"kid": str(key.kid)})),
        "without algorithm": f"eyJhbGciOiJub25lIn0.{payload}.",
        "with another payload": f"{head}.{longer}.{signature}",
        "signed with the public key": f"{confused}.{encode(shared)}",
    }


async def revoked(shop: Shop) -> str:
    """Return an administrator's token whose session was ended."""
    token = await shop.log_in("admin")
    shown = (await shop.execute("{ me { sessions(first: 50) { nodes { id current } } } }", token)).data["me"]
    [current] = [each["id"] for each in shown["sessions"]["nodes"] if each["current"]]
    ended = await shop.execute(END, token, id=current)
    assert ended.data["sessionRevoke"]["__typename"] == "SessionRevokeSuccess"
    return token


def authenticated_long_ago(ring: KeyRing, good: str) -> str:
    """Return a token as its owner has it who keeps refreshing, and authenticated a day ago."""
    key = ring.signing.pair
    claims = jwt.decode(good, key).claims
    older = claims | {"auth_time": int(time.time()) - 86_400}
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "JWT"}, older, key)


async def half_authenticated(backing_services: Any) -> str:
    """Return the token that an administrator without a second factor gets in production."""
    production = backing_services.settings.model_copy(update={"env": "production"})
    strict: Any = SimpleNamespace(database=backing_services.database, settings=production)
    async with KeyRing.open(strict) as ring:
        return ring.sign(new_id("usr"), ["ADMIN"], new_id("ses"), Authentication.now([PASSWORD])).text


async def outdated(shop: Shop, admin: str) -> dict[str, str]:
    """Return tokens of sessions that were begun before the roles or the password of their owner changed."""
    account = await open_account_at(shop)

    async def set_roles(version: int, role: str) -> None:
        changed = await shop.execute(SET_ROLES, admin, id=account.id, version=version, roles=[role])
        assert changed.data["userRolesSet"]["__typename"] == "UserRolesSetSuccess", changed.data

    await set_roles(1, "ADMIN")
    before_password, this = await log_in_at(shop, account), await log_in_at(shop, account)
    new = "wisteria in november"
    changed = await shop.execute(CHANGE_PASSWORD, this, current=account.password, new=new)
    assert changed.data["passwordChange"]["__typename"] == "PasswordChangeSuccess"
    await set_roles(2, "CUSTOMER")
    return dict(zip(OUTDATED, (this, before_password), strict=True))


async def live(scenario: Scenario, owner: str, support: str, admin: str) -> None:
    """Add what the demo data lack, and note the ids."""
    shop = scenario.shop
    found = (await shop.execute(FIND, admin, id=scenario.owner_id)).data
    orders = found["user"]["orders"]["nodes"]
    whole = next(each for each in orders if _is_whole(each))
    other = next(each for each in orders if each["status"] in {"PAID", "IN_PRODUCTION"} and each is not whole)
    tested = (await shop.execute(TEST, admin)).data
    experiment, ended = [tested[each]["experiment"] for each in ("running", "stopped")]
    of_experiments = {"running": experiment["id"], "stopped": ended["id"], "version": 1, "next": 2}
    started = await shop.execute(START, admin, **of_experiments)
    line = next(line for line in whole["lines"] if line["design"])
    design = line["design"]
    lived = await shop.execute(LIVE, owner, design=design["id"], key=experiment["key"])
    of_orders = {"order": whole["id"], "version": whole["version"]}
    of_orders |= {"other": other["id"], "otherVersion": other["version"], "shipment": whole["shipments"][0]["id"]}
    served = await shop.execute(SERVE, support, **of_orders)
    # Those of Stripe can be translated again, so that they show events.
    delivery = next(each["id"] for each in whole["webhookDeliveries"]["nodes"] if each["source"] == "STRIPE")
    replayed = await shop.execute(REPLAY, admin, id=delivery)
    exported = await shop.execute(EXPORT, support)
    for answer in (lived, served, replayed, started, exported):
        for name, result in answer.data.items():
            assert "__typename" not in result or result["__typename"].endswith("Success"), (name, result)
    # The demo data's deliveries caused nothing.
    database = Database.connect(scenario.settings, "order")
    preset = next(each for each in found["presets"]["nodes"] if each["drawn"]["layers"])
    shipment_id = whole["shipments"][0]["id"]
    async with database.write() as session:
        await session.execute(CAUSED, {"delivery": delivery, "order": whole["id"], "shipment": shipment_id})
        await session.execute(PRESET, {"preset": preset["id"], "order": whole["id"]})
        tasks = {"open": new_id("tsk"), "done": new_id("tsk"), "owner": scenario.owner_id}
        await session.execute(TASKS, tasks | {"order": whole["id"]})
        cart = {"cart": found["user"]["cart"]["id"]}
        await session.execute(text("UPDATE cart_line SET quote_expires_at = now() WHERE cart_id = :cart"), cart)
        discount = new_id("dsc")
        await session.execute(DISCOUNTS, {"open": discount, "ended": new_id("dsc")})
        digest = Pseudonymizer(scenario.settings).of_email(whole["contactEmail"])
        await session.execute(SUPPRESSED, {"digest": digest})
    await database.close()
    catalogue = Database.connect(scenario.settings, "builder")
    async with catalogue.write() as session:
        await session.execute(MIRRORED, {"product": preset["product"]["id"]})
    await catalogue.close()
    drawn = await shop.execute(PICTURE, owner, id=design["id"])
    priced = await shop.execute(PRICED, config=preset["config"])
    looked_up = await shop.execute(LOOK_UP, number=whole["number"], email=whole["contactEmail"])
    passkey_id = await add_passkey(shop, owner)
    # Of the owner an address elsewhere is shown.
    version = (await shop.execute("{ me { version } }", support)).data["me"]["version"]
    uploaded = await shop.execute(UPLOAD, support, version=version)
    export_id = exported.data["exportCreate"]["export"]["id"]

    async def is_exported() -> bool:
        answer = await shop.execute("query ($id: ID!) { export(id: $id) { state } }", support, id=export_id)
        return bool(answer.data["export"]["state"] == "DONE")

    await eventually(is_exported)
    scenario.ids |= {
        "usr": scenario.owner_id,
        "ord": whole["id"],
        "oln": line["id"],
        "adr": found["user"]["addresses"][0]["id"],
        "pet": found["user"]["pets"][0]["id"],
        "dev": lived.data["device"]["device"]["id"],
        "crt": found["user"]["cart"]["id"],
        "cln": found["user"]["cart"]["lines"][0]["id"],
        "des": design["id"],
        "shr": lived.data["shared"]["share"]["id"],
        "shp": whole["shipments"][0]["id"],
        "tsk": tasks["open"],
        "dsc": discount,
        "whd": delivery,
        "exp": experiment["id"],
        "xpt": export_id,
        "aud": found["auditEntries"]["nodes"][0]["id"],
        "pre": preset["id"],
        "prv": id_of_version("prv", preset["id"], 1),
        "prd": preset["product"]["id"],
        "pky": passkey_id,
        "ses": scenario.callers["owner"].viewer.session_id or "",
    }
    scenario.facts |= {
        "token": lived.data["shared"]["token"],
        "pass": looked_up.data["orderLookup"]["trackingToken"],
        "other order": other["id"],
        "number": whole["number"],
        "email": whole["contactEmail"],
        "key": experiment["key"],
        "config": preset["config"],
        "unsaved picture": priced.data["priceQuote"]["previewUrl"],
        "picture": drawn.data["design"]["previewUrl"],
        "avatar": uploaded.data["avatarUpload"]["user"]["avatarUrl"],
        "orderFeed": found["orderFeedCursor"],
        "webhookFeed": found["webhookFeedCursor"],
        "private": [
            found["user"]["email"],
            whole["number"],
            "Ring twice",
            "clara.png",
            "Whippet",
            "Clara's telephone",
            "Clara's push token",
            "14 Heron Lane",
            "Bruno",
        ],
    }


def _is_whole(order: Any) -> bool:
    return bool(
        any(each["source"] == "STRIPE" for each in order["webhookDeliveries"]["nodes"])
        and any(shipment["scans"] for shipment in order["shipments"])
        and any(line["design"] and line["design"]["owner"] for line in order["lines"])
        and order["status"] in {"SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED"}
    )
