"""Takes deliveries in: verified over the raw body, kept once, and only then answered."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson
from sqlalchemy.dialects.postgresql import insert

from shared.core.ids import new_id
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.webhook.enums import WebhookSource, WebhookState, WebhookVerdict
from subgraphs.webhook.errors import BadSignature, MalformedDelivery
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.service.job_types import PROCESSING
from subgraphs.webhook.service.rejections import Rejections
from subgraphs.webhook.service.sources import SENDERS, Sender
from subgraphs.webhook.settings import WebhookSecrets

LONGEST_HEADER = 500


class Outcome(enum.Enum):
    """What became of a delivery that was answered with success."""

    RECEIVED = "received"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Delivery:
    """A delivery as it came, from an address. Headers are by lower-case name, in latin-1."""

    source: WebhookSource
    headers: Mapping[str, str]
    body: bytes
    address: str = ""


async def receive(
    database: Database,
    secrets: WebhookSecrets,
    pseudonymizer: Pseudonymizer,
    rejections: Rejections,
    delivery: Delivery,
    now: dt.datetime,
) -> Outcome:
    """Verify a delivery, store it and have it applied; once this returns, it is durable.

    Raises BadSignature (after a row that says so, unless there are too many) or MalformedDelivery (without one).
    """
    sender = SENDERS[delivery.source]
    # Whose it claims to be chooses the keys that it must be signed with.
    keys = secrets.of(delivery.source, sender.read(delivery.headers, {}).shop)
    verdict = sender.verify(keys, delivery.headers, delivery.body, now.timestamp())
    if verdict is not WebhookVerdict.VERIFIED:
        await _reject(database, rejections, sender, delivery, verdict, now)
        raise BadSignature
    claims = sender.read(delivery.headers, _document(delivery.body))
    if claims.topic is None or claims.delivery_id is None:
        raise MalformedDelivery("The delivery must name its topic and its id.")
    known = claims.topic in sender.topics
    state = WebhookState.RECEIVED if known else WebhookState.IGNORED
    row = _row(delivery, verdict, state, now) | _content(sender, delivery, pseudonymizer) | asdict(claims)
    statement = insert(WebhookLog).values(row).on_conflict_do_nothing().returning(WebhookLog.id)
    async with database.write() as session:
        stored = await session.scalar(statement)
        if stored is not None and known:
            await PROCESSING.enqueue(session, {"delivery_id": stored, "attempt": 1})
        if stored is not None:
            notify_after_commit(session, DeliveryFeed.channel)
    if stored is None:
        return Outcome.DUPLICATE
    return Outcome.RECEIVED if known else Outcome.IGNORED


async def _reject(
    database: Database,
    rejections: Rejections,
    sender: Sender,
    delivery: Delivery,
    verdict: WebhookVerdict,
    now: dt.datetime,
) -> None:
    row = _row(delivery, verdict, WebhookState.REJECTED, now) | asdict(sender.read(delivery.headers, {}))
    row |= {"headers": {}, "body": b"", "people": [], "error": f"Signature: {verdict.value.lower()}."}
    async with database.write() as session:
        network = await rejections.network_to_keep(session, delivery.address, now)
        if network is not None:
            await session.execute(insert(WebhookLog).values(row | {"network": network}))
            notify_after_commit(session, DeliveryFeed.channel)


def _row(delivery: Delivery, verdict: WebhookVerdict, state: WebhookState, now: dt.datetime) -> dict[str, object]:
    return {"id": new_id("whd"), "source": delivery.source, "verdict": verdict, "state": state, "received_at": now}


def _content(sender: Sender, delivery: Delivery, pseudonymizer: Pseudonymizer) -> dict[str, object]:
    headers = {name: value[:LONGEST_HEADER] for name, value in delivery.headers.items() if name in sender.headers}
    return {
        "headers": {name: value.replace("\x00", "\ufffd") for name, value in headers.items()},
        "body": delivery.body,
        "people": sorted(pseudonymizer.within(delivery.body)),
    }


def _document(body: bytes) -> dict[str, object]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedDelivery("The body is not valid JSON in UTF-8.") from None
    if not isinstance(document, dict):
        raise MalformedDelivery("The body must be a JSON object.")
    return document
