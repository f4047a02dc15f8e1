"""Takes deliveries in: verified over the raw body, kept once, and only then answered."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

import orjson
from sqlalchemy import select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import Update

from shared.core.ids import new_id
from shared.core.observability import ORIGIN
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.webhook.enums import WebhookSource, WebhookState, WebhookVerdict
from subgraphs.webhook.errors import BadSignature, MalformedDelivery
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.service.job_types import PROCESSING
from subgraphs.webhook.service.rejections import Rejections
from subgraphs.webhook.service.sources import SENDERS, Claims, Sender
from subgraphs.webhook.settings import WebhookSecrets

LONGEST_HEADER = 500
TEST_MODE = "Sent in the sender's test mode, which a production shop does not take."


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
    *,
    takes_tests: bool = True,
) -> Outcome:
    """Verify a delivery, store it and have it applied; once this returns, it is durable.

    What has no effect is stored without its body: a topic that is not used here, and what a sender's test mode has sent
    unless the shop takes tests.
    Raises BadSignature (after a row that says so, unless there are too many) or MalformedDelivery (without one).
    """
    sender = SENDERS[delivery.source]
    # Whose it claims to be chooses the keys that it must be signed with.
    keys = secrets.of(delivery.source, sender.read(delivery.headers, {}).shop)
    verdict = sender.verify(keys, delivery.headers, delivery.body, now.timestamp())
    if verdict is not WebhookVerdict.VERIFIED:
        await _reject(database, rejections, sender, delivery, verdict, now)
        raise BadSignature
    document = _document(delivery.body)
    claims = sender.read(delivery.headers, document)
    if claims.topic is None or claims.delivery_id is None:
        raise MalformedDelivery("The delivery must name its topic and its id.")
    is_refused_test = not takes_tests and sender.is_test(delivery.headers, document)
    is_used = claims.topic in sender.topics and not is_refused_test
    state = WebhookState.RECEIVED if is_used else WebhookState.IGNORED
    row = _row(delivery, verdict, state, now) | _content(sender, delivery, pseudonymizer) | asdict(claims)
    if not is_used:
        row |= {"body": b"", "people": []}
    if is_refused_test:
        row["error"] = TEST_MODE
    statement = insert(WebhookLog).values(row).on_conflict_do_nothing().returning(WebhookLog.id)
    async with database.write() as session:
        stored = await session.scalar(statement)
        if stored is None:
            await session.execute(_counted(delivery.source, claims, str(row["body_digest"])))
            return Outcome.DUPLICATE
        if is_used:
            await PROCESSING.enqueue(session, {"delivery_id": stored, "attempt": 1})
        notify_after_commit(session, DeliveryFeed.channel)
    return Outcome.RECEIVED if is_used else Outcome.IGNORED


def _counted(source: WebhookSource, claims: Claims, body_digest: str) -> Update:
    """Return the statement that counts a repeat with the delivery that it repeats."""
    # Not `IS NOT DISTINCT FROM`, for which no index is used.
    of_shop = WebhookLog.shop.is_(None) if claims.shop is None else WebhookLog.shop == claims.shop
    verified = WebhookLog.verdict == WebhookVerdict.VERIFIED
    told = select(WebhookLog.id).where(verified, WebhookLog.source == source, of_shop, WebhookLog.topic == claims.topic)
    same = told.where(WebhookLog.delivery_id == claims.delivery_id)
    counted = WebhookLog.id.in_(same)
    if claims.event_id is not None:
        # A union, so that each part reads its own index.
        same_event = (WebhookLog.event_id == claims.event_id, WebhookLog.body_digest == body_digest)
        counted = WebhookLog.id.in_(union_all(same, told.where(*same_event)))
    # Nothing new for the feed.
    return update(WebhookLog).where(counted).values(repeats=WebhookLog.repeats + 1, xid=WebhookLog.xid)


async def _reject(
    database: Database,
    rejections: Rejections,
    sender: Sender,
    delivery: Delivery,
    verdict: WebhookVerdict,
    now: dt.datetime,
) -> None:
    row = _row(delivery, verdict, WebhookState.REJECTED, now) | asdict(sender.read(delivery.headers, {}))
    row |= {"headers": {}, "body": b"", "people": []}
    row["error"] = f"Signature: {verdict.value.lower()}."
    async with database.write() as session:
        network = await rejections.network_to_keep(session, delivery.address, now)
        if network is not None:
            await session.execute(insert(WebhookLog).values(row | {"network": network}))
            notify_after_commit(session, DeliveryFeed.channel)


def _row(delivery: Delivery, verdict: WebhookVerdict, state: WebhookState, now: dt.datetime) -> dict[str, object]:
    origin = ORIGIN.get()
    return {
        "id": new_id("whd"),
        "source": delivery.source,
        "verdict": verdict,
        "state": state,
        "received_at": now,
        "request_id": origin.request_id,
        "trace_id": origin.trace_id,
    }


def _content(sender: Sender, delivery: Delivery, pseudonymizer: Pseudonymizer) -> dict[str, object]:
    headers = {name: value[:LONGEST_HEADER] for name, value in delivery.headers.items() if name in sender.headers}
    return {
        "headers": {name: value.replace("\x00", "\ufffd") for name, value in headers.items()},
        "body": delivery.body,
        "body_digest": sha256(delivery.body).hexdigest(),
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
