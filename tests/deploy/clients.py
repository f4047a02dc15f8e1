"""Clients of a composed shop: people who run its apps' operations by their ids, and streams that resume."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from petplus.local.node import ROUTER
from subgraphs.user.demo import DEMO_PASSWORD
from tests.deploy.composed import Composed
from tests.supergraph.buying import ADDRESS
from tests.supergraph.test_rolling_restart import ENDS_OF_STREAMS
from tests.support.accounts import token_in
from tests.support.second_factor import code_of
from tests.support.waiting import eventually

MANIFEST = json.loads((ROUTER / "operations" / "manifest.json").read_text(encoding="utf-8"))
# The router's own come first; an app may have one of the same name.
OPERATIONS = {each["name"]: f"sha256:{each['id']}" for each in reversed(MANIFEST["operations"])}
PAUSE_SECONDS = 0.2
"""Between the end of a stream and the next try, as the apps wait."""


@dataclass
class Shop:
    """A composed shop as clients see it: its origin, and the mails that it sends."""

    http: httpx.AsyncClient
    origin: str
    mails: list[EmailMessage]

    async def send(self, name: str, token: str | None = None, /, **variables: Any) -> httpx.Response:
        """Send one operation by its id."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"documentId": OPERATIONS[name], "variables": variables}
        return await self.http.post("/graphql", json=body, headers=headers)

    async def run(self, name: str, token: str | None = None, /, **variables: Any) -> Any:
        """Return the data of an operation that must succeed."""
        answer = (await self.send(name, token, **variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def mutate(self, name: str, token: str | None = None, /, **given: Any) -> Any:
        """Return the result of a mutation that has one input, and must succeed."""
        [result] = (await self.run(name, token, input=given)).values()
        assert result["__typename"].endswith("Success"), result
        return result

    async def register(self, email: str) -> None:
        """Open an account with `DEMO_PASSWORD`, by the link of the mail that comes."""
        await self.mutate("AppRegister", email=email, name="Some Body")

        async def mail() -> EmailMessage | None:
            return next((each for each in self.mails if each["To"] == email), None)

        received = await eventually(mail)
        assert received is not None
        await self.mutate("AppEmailVerify", token=token_in(received), password=DEMO_PASSWORD)

    async def log_in(self, email: str) -> str:
        """Return an access token."""
        token: str = (await self.mutate("AppLogIn", email=email, password=DEMO_PASSWORD))["accessToken"]
        return token


@dataclass
class Staff:
    """A member of the support staff, with the second factor that production asks for."""

    shop: Shop
    token: str
    refresh_token: str

    @classmethod
    async def appoint(cls, shop: Shop, composed: Composed, email: str) -> "Staff":
        """Register somebody, and have the operator appoint them."""
        await shop.register(email)
        said = await asyncio.to_thread(composed.petplus, "roles", "set", email, "SUPPORT")
        assert said.strip() == f"{email}: SUPPORT"
        token = await shop.log_in(email)
        secret = (await shop.run("AppTotpEnrol", token))["totpEnrol"]["secret"]
        confirmed = await shop.mutate("AppTotpConfirm", token, code=code_of(secret))
        return cls(shop, confirmed["accessToken"], confirmed["refreshToken"])

    async def refresh(self) -> None:
        """Get a token that is good for another quarter of an hour."""
        refreshed = await self.shop.mutate("AppRefresh", refreshToken=self.refresh_token)
        self.token, self.refresh_token = refreshed["accessToken"], refreshed["refreshToken"]


async def made_design(shop: Shop, token: str) -> str:
    """Save the plainest design and return its id."""
    form = (await shop.run("WebDesignEditor", product="BOWL"))["productOptions"]
    material = form["materials"][0]
    config = {
        "product": "BOWL",
        "size": form["sizes"][0]["size"],
        "material": material["material"],
        "primaryColor": material["colors"][0]["color"],
    }
    made = await shop.mutate("WebDesignCreate", token, name="Plain", config=config)
    design: str = made["design"]["id"]
    return design


async def placed_order(shop: Shop, token: str, design: str, email: str) -> Any:
    """Put a design into a cart and order it; returns the order's id and version."""
    quote = (await shop.run("WebDesignQuote", token, id=design, currency="EUR"))["design"]["quote"]["token"]
    made = await shop.mutate("WebCartCreate", token, currency="EUR", lines=[{"quote": quote}])
    of_cart = {"cartId": made["cart"]["id"], "version": made["cart"]["version"]}
    delivery = {"email": email, "address": ADDRESS, "shippingMethod": "STANDARD"}
    ready = await shop.mutate("WebCartDeliverySet", token, **of_cart, **delivery)
    done = await shop.mutate("WebCheckoutComplete", token, cartId=of_cart["cartId"], version=ready["cart"]["version"])
    return done["order"]


@dataclass
class Stream:
    """Follows an order from its first version on, and subscribes again wherever that ends."""

    shop: Shop
    staff: Staff
    order_id: str
    transport: str
    versions: list[int] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    resumed: int = 0
    cut: int = 0
    """How often it ended without a word."""
    refused: int = 0
    """How often it was not opened."""
    wrong: list[Any] = field(default_factory=list)

    async def follow(self, until: Callable[["Stream"], bool]) -> None:
        """Follow until a condition holds after a version."""
        while not until(self):
            try:
                told = await self._once(until)
            except (httpx.HTTPError, WebSocketException, OSError):
                told = False
                self.refused += 1
            if until(self):
                return
            self.cut += not told
            self.resumed += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _once(self, until: Callable[["Stream"], bool]) -> bool:
        """Follow one subscription; tells whether it ended with a word."""
        payload = {
            "documentId": OPERATIONS["MobileOrderTracking"],
            "variables": {"orderId": self.order_id, "afterVersion": self.versions[-1] if self.versions else 0},
        }
        results = self._sse(payload) if self.transport == "sse" else self._websocket(payload)
        async for result in results:
            if result.get("data") is None:
                codes = {error["extensions"]["code"] for error in result["errors"]}
                if not codes <= ENDS_OF_STREAMS:
                    self.wrong.append(result)
                return True
            change = result["data"]["orderStatusChanged"]
            self.versions.append(change["version"])
            self.statuses.append(change["status"])
            if until(self):
                return True
        return False

    async def _sse(self, payload: Any) -> AsyncIterator[Any]:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {self.staff.token}"}
        async with self.shop.http.stream("POST", "/graphql", json=payload, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                self.refused += 1
                return
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    yield json.loads(line.removeprefix("data: "))

    async def _websocket(self, payload: Any) -> AsyncIterator[Any]:
        url = f"{self.shop.origin.replace('http', 'ws', 1)}/graphql"
        protocols = [Subprotocol("graphql-transport-ws")]
        async with connect(url, subprotocols=protocols, compression=None, open_timeout=None) as socket:
            hello = {"type": "connection_init", "payload": {"authorization": f"Bearer {self.staff.token}"}}
            await socket.send(json.dumps(hello))
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "connection_ack":
                    # The protocol wants a document; an empty one stands for that of the id.
                    request = {"query": ""} | payload
                    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": request}))
                elif message["type"] == "next":
                    yield message["payload"]
                elif message["type"] == "error":
                    yield {"errors": message["payload"]}
                elif message["type"] == "ping":
                    await socket.send(json.dumps({"type": "pong"}))
                elif message["type"] == "complete":
                    return
