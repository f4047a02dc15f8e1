"""`python -m tests.chaos.checkouts`: carts are ordered and paid again and again, while processes are killed.

Each cart is ordered by many callers at once. Each payment is made by many, at the simulated provider, and told by
webhooks that come doubled and in any order. Each cart becomes one order, with one charge of what it costs.
"""

import asyncio
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer
from rich.console import Console
from sqlalchemy import text

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.core.tasks import stop
from shared.database.database import Database
from shared.security.quotes import Quote, QuoteSigner
from subgraphs.webhook.subgraph import subgraph as webhook
from tests.chaos.deliveries import SURROUNDINGS, through
from tests.chaos.kills import Killer, spread
from tests.chaos.ledger import Ledger
from tests.chaos.run import DRAIN_SECONDS, settings_of
from tests.support.http import http_client
from tests.support.payment_form import send_payment_form
from tests.support.shop import Shop, shop
from tests.webhook.senders import stripe

VICTIMS = ("order", "webhook", "router", "postgres", "valkey")
CARD = "4242424242424242"
TIMEOUT_SECONDS = 120.0
REPEATS = 2
"""How often each payment is told beside what the provider tells by itself, by events of their own."""

CREATE = """
mutation ($quote: String!, $quantity: Int!) {
  cartCreate(input: { currency: EUR, lines: [{ quote: $quote, quantity: $quantity }] }) {
    __typename
    ... on CartCreateSuccess { token cart { id version } }
    ... on Problem { code message }
  }
}"""
DELIVER = """
mutation ($input: CartDeliverySetInput!) {
  cartDeliverySet(input: $input) {
    __typename
    ... on CartDeliverySetSuccess { cart { version cost { total { amount } } problems { code } } }
    ... on Problem { code message }
  }
}"""
COMPLETE = """
mutation ($cart: ID!, $token: String!, $version: Int!) {
  checkoutComplete(input: { cartId: $cart, token: $token, version: $version }) {
    __typename
    ... on CheckoutCompleteSuccess { order { id } payment { url clientSecret } }
    ... on Problem { code message }
  }
}"""
ADDRESS = {
    "recipient": "Rex Rover",
    "addressLine1": "Main Street 1",
    "city": "Berlin",
    "postalCode": "10115",
    "countryCode": "DE",
}

ORDERS = text("SELECT id, status, version, total_minor, cart_id FROM order_meta ORDER BY id")
CHARGES = text(
    "SELECT order_id, state, amount_minor, provider_id FROM ledger_entry WHERE kind = 'CHARGE' ORDER BY order_id"
)
PAYMENTS = text("SELECT order_id, state, amount_minor, id, charge_id FROM simulated_payment ORDER BY order_id")
TIMELINE = text("SELECT order_id, array_agg(status ORDER BY version) AS way FROM order_timeline GROUP BY order_id")
CARTS = text("SELECT id, order_id FROM cart")
UNDELIVERED = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'simulated-payment-webhook'")
AUDITED = text(
    "SELECT subject_id, array_agg(action ORDER BY action) AS actions FROM audit_log"
    " WHERE action IN ('order.created', 'order.status_changed') GROUP BY subject_id"
)

out = Console(highlight=False)


@dataclass(frozen=True)
class Plan:
    """How many carts, how many tries to order them in all, and how rough. The victims of kills take turns."""

    carts: int
    tries: int
    kills: int
    at_once: int = 32
    shortest_interval: float = 5.0
    longest_interval: float = 6.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What happened, in figures; all checks have passed."""

    carts: int
    tries: int
    webhooks: int
    kills: Counter[str]
    answers: Counter[str]
    ordering_seconds: float
    draining_seconds: float


@dataclass(frozen=True)
class Cart:
    """A guest's cart that is ready to be ordered; `orders` and `payments` are what its holders were told."""

    id: str
    token: str
    version: int
    orders: set[str] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)


class Buyers:
    """Many callers who hold the same carts, and ask until they are answered."""

    def __init__(self, running: Shop, settings: Settings) -> None:
        self._running = running
        self._webhooks = f"http://{settings.host}:{webhook.port(settings)}/webhooks/stripe/payment"
        self._client = http_client(timeout=10, limits=httpx.Limits(max_connections=64))
        self.answers: Counter[str] = Counter()

    @property
    def done(self) -> int:
        return self.answers["ordered"] + self.answers["paid"] + self.answers["told"]

    async def close(self) -> None:
        await self._client.aclose()

    async def fill(self, number: int, quote: str) -> Cart:
        """Make a cart that can be ordered."""
        made = await self._mutate(CREATE, "cartCreate", quote=quote, quantity=number % 5 + 1)
        cart = {"cartId": made["cart"]["id"], "token": made["token"], "version": made["cart"]["version"]}
        delivery = {"email": f"buyer-{number}@shop.example", "address": ADDRESS, "shippingMethod": "STANDARD"}
        given = await self._mutate(DELIVER, "cartDeliverySet", input=cart | delivery)
        assert given["cart"]["problems"] == [], given
        return Cart(cart["cartId"], cart["token"], given["cart"]["version"])

    async def order(self, cart: Cart) -> None:
        """Order a cart, and pay where a payment comes back."""
        while True:
            given = {"cart": cart.id, "token": cart.token, "version": cart.version}
            done = await self._mutate(COMPLETE, "checkoutComplete", **given)
            cart.orders.add(done["order"]["id"])
            self.answers["ordered"] += 1
            if done["payment"] is None:
                # Somebody has paid it already, or the provider was away; then the order is not paid yet.
                if cart.payments:
                    return None
                self.answers["no payment yet"] += 1
                await asyncio.sleep(0.2)
                continue
            cart.payments.add(done["payment"]["clientSecret"].partition("_secret_")[0])
            return await self._pay(done["payment"])

    async def deliver(self, event: bytes) -> None:
        """Deliver a webhook as Stripe does."""
        await self._until_answered(lambda: self._client.post(self._webhooks, content=event, headers=stripe(event)))
        self.answers["told"] += 1

    async def _pay(self, payment: Mapping[str, str]) -> None:
        answer = await self._until_answered(lambda: send_payment_form(self._client, payment["url"], card=CARD))
        assert answer["status"] == "succeeded", answer
        self.answers["paid"] += 1

    async def _mutate(self, query: str, name: str, **variables: object) -> Any:
        """Send a mutation until it succeeds: what lost its answer is sent again as it was."""

        async def send() -> httpx.Response:
            return await self._client.post(self._running.url, json={"query": query, "variables": variables})

        def succeeded(body: Any) -> Any:
            result = (body.get("data") or {}).get(name)
            if result is not None and not result["__typename"].endswith("Success"):
                raise AssertionError(f"{name} answers {result}")
            return result

        return await self._until_answered(send, succeeded)

    async def _until_answered(self, send: Any, read: Any = lambda body: body) -> Any:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            assert self._running.process.poll() is None, self._running.output[-2000:]
            try:
                response = await send()
                found = read(response.json()) if response.status_code == httpx.codes.OK else None
                if found is not None:
                    return found
                self.answers["asked again"] += 1
            except (httpx.HTTPError, ValueError):
                self.answers["no answer"] += 1
            assert time.monotonic() < deadline, "nobody answers"
            await asyncio.sleep(0.2)


def chaos(home: Path, plan: Plan) -> Report:
    """Run a plan against a shop of its own; raises AssertionError where anything is lost or doubled."""
    with shop(home, "--split", "--no-seed", env=SURROUNDINGS) as running:
        return asyncio.run(run(running, settings_of(running), plan))


async def run(running: Shop, settings: Settings, plan: Plan) -> Report:
    rng = random.Random(plan.seed)
    killer = Killer(running.process.pid, rng, tuple(VICTIMS[turn % len(VICTIMS)] for turn in range(plan.kills)))
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(Ledger.open(settings))
        buyers = Buyers(running, settings)
        stack.push_async_callback(buyers.close)
        quote = QuoteSigner(settings.derive_key("quotes")).sign(collar())
        carts = [await buyers.fill(number, quote) for number in range(plan.carts)]
        tries = [carts[number % plan.carts] for number in range(plan.tries)]
        rng.shuffle(tries)

        started = time.monotonic()
        killing = asyncio.create_task(
            killer.run(plan.kills, plan.shortest_interval, plan.longest_interval, lambda: buyers.done)
        )
        try:
            # Two thirds of the kills while carts are ordered, the rest while payments are told.
            parts = plan.kills * 2 // 3
            await spread(
                tries, buyers.order, plan.at_once, lambda number: killer.killed.total() >= number * parts // len(tries)
            )
            events = await repeated_events(settings, carts, rng)
            await spread(
                events,
                buyers.deliver,
                plan.at_once,
                lambda number: killer.killed.total() >= parts + number * (plan.kills - parts) // len(events),
            )
            await killing
        finally:
            await stop([killing])
        ordered = time.monotonic()
        await delivered(running, settings)
        await through(running, settings, ledger)
        drained = time.monotonic()
    await check(settings, carts)
    return Report(
        len(carts), len(tries), len(events), killer.killed, buyers.answers, ordered - started, drained - ordered
    )


def collar() -> Quote:
    """Return a quote as the builder makes it of a preset."""
    return Quote(
        subject="preset",
        subject_id=new_id("pre"),
        version=1,
        product="COLLAR",
        title="Custom Collar",
        owner_id=None,
        currency="EUR",
        unit_price_minor=1990,
        quantity_breaks=((3, 5),),
        grams=80,
        expires_at=int(time.time()) + 24 * 3600,
    )


async def repeated_events(settings: Settings, carts: Sequence[Cart], rng: random.Random) -> list[bytes]:
    """Return webhooks that tell of each payment again: as other events, and each of them twice; in any order."""
    payments = {row.id: row for row in await rows(settings, "order", PAYMENTS)}
    told = []
    for payment_id in sorted(payment for cart in carts for payment in cart.payments):
        row = payments[payment_id]
        intent = {
            "id": payment_id,
            "object": "payment_intent",
            "amount": row.amount_minor,
            "amount_received": row.amount_minor,
            "currency": "eur",
            "metadata": {"order_id": row.order_id},
            "status": "succeeded",
        }
        for _ in range(REPEATS):
            event = {"id": new_id("evt"), "object": "event", "type": "payment_intent.succeeded", "livemode": False}
            told += [orjson.dumps(event | {"created": int(time.time()), "data": {"object": intent}})] * 2
    rng.shuffle(told)
    return told


async def delivered(running: Shop, settings: Settings) -> None:
    """Wait until the provider has told everything that it has to tell."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.output[-2000:]
        try:
            [(waiting,)] = await rows(settings, "order", UNDELIVERED)
            if waiting == 0:
                return
        except Exception as error:  # a server that was killed last may not be back yet
            out.print(f"  asking what waits: {error!r}"[:200])
        await asyncio.sleep(0.2)
    raise AssertionError(f"after {DRAIN_SECONDS:.0f} s the provider has not told everything")


async def check(settings: Settings, carts: Sequence[Cart]) -> None:
    """Hold what the holders of carts were told against what is stored."""
    orders = {row.id: row for row in await rows(settings, "order", ORDERS)}
    assert len(orders) == len(carts), f"{len(carts)} carts became {len(orders)} orders"
    assert {cart.id: cart.orders for cart in carts} == {row.cart_id: {row.id} for row in orders.values()}
    stored = {row.id: row.order_id for row in await rows(settings, "order", CARTS)}
    assert stored == {row.cart_id: row.id for row in orders.values()}
    assert {(row.status, row.version) for row in orders.values()} == {("PAID", 2)}
    ways = {row.order_id: row.way for row in await rows(settings, "order", TIMELINE)}
    assert ways == {order_id: ["PENDING", "PAID"] for order_id in orders}

    charges: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for row in await rows(settings, "order", CHARGES):
        charges[row.order_id].append((row.state, row.amount_minor, row.provider_id))
    paid = {next(iter(cart.orders)): cart.payments for cart in carts}
    assert {len(payments) for payments in paid.values()} == {1}, "a cart was given several payments"
    charge_of = {row.id: row.charge_id for row in await rows(settings, "order", PAYMENTS)}
    expected = {
        order_id: [("SUCCEEDED", orders[order_id].total_minor, charge_of[next(iter(payments))])]
        for order_id, payments in paid.items()
    }
    wrong = {order_id: found for order_id, found in charges.items() if found != expected.get(order_id)}
    assert not wrong, f"the charges are not what was paid: {wrong}"
    assert set(charges) == set(expected)
    taken = [(row.order_id, row.state, row.amount_minor) for row in await rows(settings, "order", PAYMENTS)]
    assert sorted(taken) == sorted((row.id, "SUCCEEDED", row.total_minor) for row in orders.values())
    audited = {row.subject_id: row.actions for row in await rows(settings, "audit", AUDITED)}
    assert audited == {order_id: ["order.created", "order.status_changed"] for order_id in orders}


async def rows(settings: Settings, name: str, statement: Any) -> list[Any]:
    database = Database.connect(settings, name)
    try:
        async with database.read() as connection:
            return list(await connection.execute(statement))
    finally:
        await database.close()


def main(
    carts: Annotated[int, typer.Option(min=1, max=250, help="How many carts.")] = 100,
    tries: Annotated[int, typer.Option(min=1, help="How often they are ordered in all.")] = 1000,
    kills: Annotated[int, typer.Option(min=3, help="How many kills to spread it over.")] = 30,
    at_once: Annotated[int, typer.Option(min=1, max=256, help="How many are ordered at a time.")] = 32,
    shortest: Annotated[float, typer.Option(min=4, help="Shortest time between two kills, in seconds.")] = 5,
    longest: Annotated[float, typer.Option(min=4, help="Longest time between two kills, in seconds.")] = 6,
    seed: Annotated[int, typer.Option(help="Another number orders in another order.")] = 1,
) -> None:
    """Order and pay carts many times over while processes are killed: one order and one charge for each."""
    with tempfile.TemporaryDirectory(prefix="petplus-chaos-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        report = chaos(Path(directory, "home"), Plan(carts, tries, kills, at_once, shortest, longest, seed))
    out.print(f"{report.tries} tries to order {report.carts} carts, {report.webhooks} webhooks besides")
    out.print(f"{report.kills.total()} kills: " + ", ".join(f"{name} {n}" for name, n in sorted(report.kills.items())))
    out.print(", ".join(f"{what}: {count}" for what, count in sorted(report.answers.items())))
    out.print(f"ordered in {report.ordering_seconds:.0f} s, all through {report.draining_seconds:.1f} s later")
    out.print("one order and one charge for each cart")


if __name__ == "__main__":
    typer.run(main)
