"""Plausible deliveries for demonstrations: what the shop system and the payment provider told of known orders."""

import datetime as dt
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

import orjson

from shared.core.ids import id_at
from shared.database.rows import Values
from shared.graph.money import to_amount
from subgraphs.webhook.enums import WebhookSource, WebhookState, WebhookVerdict

# Of a thousand deliveries: how many cannot be applied, are forged, or of no use here.
TROUBLED, FORGED, USELESS = 5, 3, 10
TROUBLES = (
    "The order subgraph did not answer in time.",
    "A line names a design that does not exist.",
    "The payment is of a currency that the order is not in.",
)
ATTEMPT_DELAYS = (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)

STORING = dt.timedelta(milliseconds=6)
"""From the arrival of a delivery until it is stored."""
RECONCILING = dt.timedelta(milliseconds=35)
"""From the application of a delivery until an order has changed."""


class Cause(NamedTuple):
    """The delivery that an entry of a timeline came of, and when it did."""

    delivery_id: str
    recorded_at: dt.datetime


@dataclass(frozen=True)
class ReportedStep:
    """Something that a sender told of an order, and the entry of its timeline that came of it, if any did."""

    topic: str
    at: dt.datetime
    entry_id: str | None = None
    amount_minor: int = 0


@dataclass(frozen=True)
class ReportedOrder:
    """An order that webhooks told of, as the sender knows it; `shop` and `external_id` are of another shop."""

    order_id: str
    number: str
    placed_at: dt.datetime
    total_minor: int
    currency: str
    steps: Sequence[ReportedStep]
    shop: str | None = None
    external_id: str | None = None


class _Delivery(TypedDict):
    """A row of `webhook_log`."""

    id: str
    source: str
    topic: str
    shop: str | None
    delivery_id: str | None
    event_id: str | None
    occurred_at: dt.datetime
    verdict: str
    state: str
    attempts: int
    error: str | None
    order_id: str | None
    received_at: dt.datetime
    stored_at: dt.datetime
    processed_at: dt.datetime | None
    headers: dict[str, str]
    body: bytes


def deliveries(
    rng: random.Random, orders: Iterable[ReportedOrder], until: dt.datetime
) -> tuple[dict[str, list[Values]], dict[str, Cause]]:
    """Return the rows of `webhook_log` and `webhook_retry` that tell of orders, ready for COPY, and what came of them.

    The latter is which delivery led to which entry of a timeline, and when. Nothing happens after `until`: what fails
    then is still to be tried again.
    """
    log: list[Values] = []
    retries: list[Values] = []
    causes: dict[str, Cause] = {}
    for order in orders:
        make = _stripe if order.shop is None else _shopify
        for step in order.steps:
            row = make(rng, order, step)
            retries += _finish(rng, row, until)
            log.append(row)
            if step.entry_id is not None and row["processed_at"] is not None:
                causes[step.entry_id] = Cause(row["id"], row["processed_at"] + RECONCILING)
    return {"webhook_log": log, "webhook_retry": retries}, causes


def _shopify(rng: random.Random, order: ReportedOrder, step: ReportedStep) -> _Delivery:
    body: dict[str, object]
    if step.topic == "refunds/create":
        paid_back = {
            "kind": "refund",
            "status": "success",
            "amount": format(to_amount(step.amount_minor, order.currency), "f"),
            "currency": order.currency,
        }
        body = {
            "id": rng.randrange(10**12, 10**13),
            "order_id": int(str(order.external_id).rpartition("/")[2]),
            "created_at": step.at,
            "transactions": [paid_back],
        }
    else:
        body = {
            "id": int(str(order.external_id).rpartition("/")[2]),
            "admin_graphql_api_id": order.external_id,
            "name": order.number,
            "created_at": order.placed_at,
            "updated_at": step.at,
            "currency": order.currency,
            "total_price": format(to_amount(order.total_minor, order.currency), "f"),
            "financial_status": "pending" if step.topic == "orders/create" else "paid",
        }
    delivery_id, event_id = _hex(rng), _hex(rng)
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": step.topic,
        "x-shopify-shop-domain": str(order.shop),
        "x-shopify-webhook-id": delivery_id,
        "x-shopify-event-id": event_id,
        "x-shopify-triggered-at": step.at.isoformat(),
    }
    row = _row(rng, WebhookSource.SHOPIFY, step.topic, step.at, body, headers)
    row.update({"shop": order.shop, "delivery_id": delivery_id, "event_id": event_id, "order_id": order.order_id})
    return row


def _stripe(rng: random.Random, order: ReportedOrder, step: ReportedStep) -> _Delivery:
    delivery_id, payment, about = f"evt_{_hex(rng)}", f"pi_{_hex(rng)}", {"order_number": order.number}
    thing: dict[str, object]
    if step.topic == "charge.refunded":
        thing = {
            "id": f"ch_{_hex(rng)}",
            "object": "charge",
            "payment_intent": payment,
            "amount": order.total_minor,
            "amount_refunded": step.amount_minor,
            "captured": True,
        }
    else:
        thing = {"id": payment, "object": "payment_intent", "amount": order.total_minor, "status": "succeeded"}
    body = {
        "id": delivery_id,
        "object": "event",
        "type": step.topic,
        "created": int(step.at.timestamp()),
        "data": {"object": thing | {"currency": order.currency.lower(), "metadata": about}},
    }
    row = _row(rng, WebhookSource.STRIPE, step.topic, step.at, body, {"content-type": "application/json"})
    row.update({"delivery_id": delivery_id, "order_id": order.order_id})
    return row


def _row(
    rng: random.Random,
    source: WebhookSource,
    topic: str,
    at: dt.datetime,
    body: dict[str, object],
    headers: dict[str, str],
) -> _Delivery:
    received_at = at + dt.timedelta(seconds=rng.uniform(0.2, 3))
    return {
        "id": id_at("whd", received_at, rng),
        "source": source.value,
        "topic": topic,
        "shop": None,
        "delivery_id": None,
        "event_id": None,
        "occurred_at": at,
        "verdict": WebhookVerdict.VERIFIED.value,
        "state": WebhookState.PROCESSED.value,
        "attempts": 1,
        "error": None,
        "order_id": None,
        "received_at": received_at,
        "stored_at": received_at + STORING,
        "processed_at": received_at + dt.timedelta(seconds=rng.uniform(0.05, 0.5)),
        "headers": headers,
        "body": orjson.dumps(body),
    }


def _finish(rng: random.Random, row: _Delivery, until: dt.datetime) -> list[dict[str, object]]:
    """Give a few deliveries a harder life, and return every attempt to apply the row."""
    fate = rng.randrange(1000)
    if fate < FORGED:
        _take_effect_away(row, WebhookState.REJECTED)
        row.update({"verdict": WebhookVerdict.WRONG.value, "error": "Signature: wrong."})
    elif fate < FORGED + USELESS:
        _take_effect_away(row, WebhookState.IGNORED)
        row["topic"] = "app/uninstalled"
        row["body"] = b""
    elif fate < FORGED + USELESS + TROUBLED:
        _trouble(row, until)
        row["error"] = rng.choice(TROUBLES)
    return list(_attempts(row))


def _take_effect_away(row: _Delivery, state: WebhookState) -> None:
    row.update({"state": state.value, "attempts": 0, "processed_at": None, "order_id": None})


def _trouble(row: _Delivery, until: dt.datetime) -> None:
    seconds = (until - row["received_at"]).total_seconds()
    attempts = max(1, sum(delay <= seconds for delay in itertools.accumulate(ATTEMPT_DELAYS)))
    state = WebhookState.DEAD if attempts == len(ATTEMPT_DELAYS) else WebhookState.FAILED
    row.update({"state": state.value, "attempts": attempts, "processed_at": None})


def _attempts(row: _Delivery) -> Iterator[dict[str, object]]:
    at = row["received_at"]
    for number in range(1, row["attempts"] + 1):
        at += dt.timedelta(seconds=ATTEMPT_DELAYS[number - 1])
        more = row["error"] is not None and number < len(ATTEMPT_DELAYS)
        yield {
            "delivery_id": row["id"],
            "number": number,
            "at": at,
            "error": row["error"],
            "next_attempt_at": at + dt.timedelta(seconds=ATTEMPT_DELAYS[number]) if more else None,
        }


def _hex(rng: random.Random) -> str:
    return f"{rng.getrandbits(128):032x}"
