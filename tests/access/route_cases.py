"""What is asked of subgraphs beside the graph: each address, as every kind of caller, and what must come back."""

import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from petplus import registry
from petplus.generated.access_page import Policy
from shared.core import base64url
from shared.core.ids import new_id
from tests.access.fixtures import Scenario
from tests.webhook.senders import internal, shopify, stripe

EXPORT = "GET /exports/{export_id}"
PICTURE = "GET /designs/{design_id}/preview.{form}"
DELIVERY = b'{"id": 1}'
# Each sender's own signature, of another body.
WRONGLY_SIGNED: dict[str, Mapping[str, str]] = {
    "/webhooks/shopify/orders": shopify(b"{}"),
    "/webhooks/shopify/products": shopify(b"{}"),
    "/webhooks/stripe/payment": stripe(b"{}"),
    "/webhooks/internal": internal(b"{}", "msg_1"),
}


@dataclass(frozen=True)
class RouteCase:
    """One request: `route` as the policy calls it, and the status and members that the answer must have."""

    about: str
    subgraph: str
    route: str
    status: int
    path: str = ""
    token: str | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)
    is_refused: bool = False

    async def pay(self, scenario: Scenario) -> tuple[str, str | None]:
        """Ask; returns the text of the answer, and what is wrong with it."""
        method, _, path = self.route.partition(" ")
        url = scenario.url(self.subgraph).removesuffix("/graphql") + (self.path or path)
        given = {**self.headers, **({"authorization": f"Bearer {self.token}"} if self.token else {})}
        response = await scenario.client.request(method, url, content=self.content, headers=given)
        reported = response.json() if self.members else {}
        if (response.status_code, {name: reported.get(name) for name in self.members}) == (self.status, self.members):
            return response.text, None
        return response.text, f"{self.route} as {self.about}: {response.status_code} {response.text[:200]}"


def cases(scenario: Scenario, rules: Policy) -> Iterator[RouteCase]:
    """Yield every visit that the policy has something to say about."""
    for subgraph in registry.NAMES:
        for name in ("healthz", "ready", "metrics"):
            yield RouteCase("anybody", subgraph, f"GET /{name}", 200)
    yield RouteCase("anybody", "user", "GET /.well-known/jwks.json", 200)
    yield from avatars(scenario)
    yield from pictures(scenario, rules)
    yield from exports(scenario, rules)
    yield from beacons(scenario)
    yield from unsubscriptions(scenario)
    yield from simulated_payments(scenario)
    for path, headers in WRONGLY_SIGNED.items():
        for about, more, token in [
            ("nobody", {}, None),
            ("an administrator", {}, scenario.callers["admin"].token),
            ("somebody with the signature of another body", headers, None),
        ]:
            given = {**more, "content-type": "application/json"}
            route = f"POST {path}"
            yield RouteCase(about, "webhook", route, 401, "", token, DELIVERY, given, is_refused=True)


def avatars(scenario: Scenario) -> Iterator[RouteCase]:
    route, path = "GET /avatars/{name}.jpg", urlsplit(scenario.facts["avatar"]).path
    yield RouteCase("holder of the address", "user", route, 200, path)
    for about, name in (("who knows the user", scenario.owner_id), ("who guesses", "0" * 32)):
        yield RouteCase(about, "user", route, 404, f"/avatars/{name}.jpg", is_refused=True)


def pictures(scenario: Scenario, rules: Policy) -> Iterator[RouteCase]:
    design_id, rule = scenario.ids["des"], rules.routes[PICTURE]
    path = f"/designs/{design_id}/preview.svg"
    for caller in scenario.callers.values():
        may = rule.admits(caller.viewer, scenario.owner_id)
        yield RouteCase(caller.name, "builder", PICTURE, 200 if may else 404, path, caller.token, is_refused=not may)
    for about, token in scenario.refused.items():
        yield RouteCase(about, "builder", PICTURE, 401, path, token, is_refused=True)
    link = urlsplit(scenario.facts["picture"]).query
    name, signature = [value for _, value in parse_qsl(link)]
    other = sign(scenario, "preview links", f"lasting {new_id('des')}.{name}")
    yield RouteCase("holder of a link", "builder", PICTURE, 200, f"{path}?{link}")
    for about, asked in [
        ("who knows what is in the picture", f"v={name}"),
        ("holder of a link to another picture", f"v={name[::-1]}&signature={signature}"),
        ("holder of a link to another design", f"v={name}&signature={other}"),
    ]:
        yield RouteCase(about, "builder", PICTURE, 404, f"{path}?{asked}", is_refused=True)
    shared = "GET /shared/{token}/preview.{form}"
    yield RouteCase("holder of the token", "builder", shared, 200, f"/shared/{scenario.facts['token']}/preview.svg")
    for about, token in (("nobody", "none"), ("holder of the link's id", scenario.ids["shr"]), ("owner", design_id)):
        yield RouteCase(about, "builder", shared, 404, f"/shared/{token}/preview.svg", is_refused=True)
    unsaved, drawn = "GET /configurations/{content}/preview.{form}", urlsplit(scenario.facts["unsaved picture"])
    yield RouteCase("holder of a link", "builder", unsaved, 200, f"{drawn.path}?{drawn.query}")
    yield RouteCase("without a signature", "builder", unsaved, 404, drawn.path, is_refused=True)
    for kind, word, key in (
        ("preset", "pre", "preset_id"),
        ("preset-version", "prv", "version_id"),
        ("product", "prd", "product_id"),
    ):
        route = f"GET /{kind}s/{{{key}}}/preview.{{form}}"
        yield RouteCase("anybody", "builder", route, 200, f"/{kind}s/{scenario.ids[word]}/preview.svg")
        yield RouteCase("anybody", "builder", route, 404, f"/{kind}s/{design_id}/preview.svg", is_refused=True)


def exports(scenario: Scenario, rules: Policy) -> Iterator[RouteCase]:
    export_id, rule, reader = scenario.ids["xpt"], rules.routes[EXPORT], scenario.callers["support"].viewer.id
    path = f"/exports/{export_id}"
    for caller in scenario.callers.values():
        may = rule.admits(caller.viewer, None)
        yield RouteCase(caller.name, "analytics", EXPORT, 200 if may else 404, path, caller.token, is_refused=not may)
    for about, token in scenario.refused.items():
        yield RouteCase(about, "analytics", EXPORT, 401, path, token, is_refused=True)
    later, before = int(time.time()) + 600, int(time.time()) - 1

    def signed(about: str, expires: int) -> str:
        return sign(scenario, "export links", f"{about}.{reader}.{expires}")

    for about, status, expires, given in [
        ("holder of a link", 200, later, signed(export_id, later)),
        ("holder of a link that is over", 404, before, signed(export_id, before)),
        ("holder of a link that was made to last", 404, later + 1, signed(export_id, later)),
        ("holder of a link to another export", 404, later, signed(new_id("xpt"), later)),
    ]:
        asked = f"{path}?for={reader}&expires={expires}&signature={given}"
        yield RouteCase(about, "analytics", EXPORT, status, asked, is_refused=status == 404)


def beacons(scenario: Scenario) -> Iterator[RouteCase]:
    def collect(about: str, subject: str, token: str | None, status: int, members: Mapping[str, Any]) -> RouteCase:
        at = dt.datetime.now(dt.UTC).isoformat()
        event = {"clientEventId": new_id("one"), "name": "looked", "occurredAt": at, "subject": subject}
        content, headers = json.dumps({"events": [event]}).encode(), {"content-type": "application/json"}
        is_refused = members != accepted
        return RouteCase(about, "analytics", "POST /collect", status, "", token, content, headers, members, is_refused)

    accepted, rejected = {"accepted": 1, "rejected": 0}, {"accepted": 0, "rejected": 1}
    yield collect("a visitor", "a visitor", None, 202, accepted)
    for caller in scenario.callers.values():
        members = accepted if caller.name == "owner" else rejected
        yield collect(caller.name, scenario.owner_id, caller.token, 202, members)
    for about, token in scenario.refused.items():
        yield collect(about, scenario.owner_id, token, 401, {})


def unsubscriptions(scenario: Scenario) -> Iterator[RouteCase]:
    about = scenario.callers["stranger"].viewer.id or ""
    mac = hmac.digest(scenario.settings.derive_key("unsubscribe links"), about.encode(), hashlib.sha256)[:16]
    true, forged = base64url.encode(mac + about.encode()), base64url.encode(bytes(16) + about.encode())
    for method in ("GET", "POST"):
        route = f"{method} /unsubscribe/{{token}}"
        yield RouteCase("holder of a link", "order", route, 200, f"/unsubscribe/{true}")
        for caller in scenario.callers.values():
            path = f"/unsubscribe/{forged}"
            yield RouteCase(caller.name, "order", route, 404, path, caller.token, is_refused=True)


def simulated_payments(scenario: Scenario) -> Iterator[RouteCase]:
    path = f"/simulated-payments/{new_id('pi')}"
    for caller in scenario.callers.values():
        for method, content in (("GET", None), ("POST", b'{"secret": "guessed", "card": "4242424242424242"}')):
            route, headers = f"{method} /simulated-payments/{{payment_id}}", {"content-type": "application/json"}
            yield RouteCase(caller.name, "order", route, 404, path, caller.token, content, headers, is_refused=True)


def sign(scenario: Scenario, purpose: str, content: str) -> str:
    """Sign a link as the shop does."""
    return base64url.encode(hmac.digest(scenario.settings.derive_key(purpose), content.encode(), hashlib.sha256))
