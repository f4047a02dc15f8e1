"""Turns an event into what the log may keep of it: ids and plain states, never personal data."""

import datetime as dt
from collections.abc import Iterator

from shared.core.ids import is_id
from shared.core.observability import trace_id_of
from shared.events.event import Envelope, Event
from subgraphs.audit.service.chain import Change, Fact

# What is not listed here is left out: a new field of an event is logged only when somebody has thought about it.
SAFE_FIELDS = frozenset(
    {
        "active",
        "by_mail",
        "by_staff",
        "cause",
        "count",
        "currency",
        "designs_added",
        "designs_removed",
        "format",
        "key",
        "number",
        "occurred_at",
        "placed_at",
        "previous_currency",
        "product",
        "quantity",
        "refusal",
        "shop",
        "source",
        "test",
        "topic",
        "version",
        "why",
    }
)
SAFE_ENDINGS = ("_id", "_minor")
# Fields whose value before stands beside them in the event as `previous`.
STATES = ("status", "state")
LONGEST_VALUE = 200

TYPE_OF_PREFIX = {
    "usr": "User",
    "ses": "Session",
    "key": "SigningKey",
    "des": "Design",
    "pre": "Preset",
    "prd": "Product",
    "shr": "DesignShare",
    "ord": "Order",
    "shp": "Shipment",
    "dsc": "DiscountCode",
    "whd": "WebhookDelivery",
    "exp": "Experiment",
    "xpt": "Export",
}


def fact_of(event: Event, envelope: Envelope) -> Fact:
    """Return the fact that an event is logged as; its subject is what the event is ordered by: an entity
    of the graph, or a thing of the outside world that is named for the event's field."""
    return Fact(
        event_id=envelope.id,
        action=event.type,
        subject_type=type_of(event.aggregate_id) or event.aggregate.removesuffix("_id").title().replace("_", ""),
        subject_id=event.aggregate_id[:LONGEST_VALUE],
        at=envelope.time.astimezone(dt.UTC),
        actor_id=envelope.actor if is_id("usr", envelope.actor) else None,
        changes=tuple(_changes(event)),
        request_id=envelope.requestid,
        trace_id=trace_id_of(envelope.traceparent),
    )


def type_of(key: str) -> str | None:
    """Return the type that an id of ours tells, such as `Order`; None for any other text."""
    prefix = key.partition("_")[0]
    return TYPE_OF_PREFIX.get(prefix) if is_id(prefix, key) else None


def _changes(event: Event) -> Iterator[Change]:
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name == event.aggregate or value is None:
            continue
        if name == "fields":
            yield from (Change(field) for field in value)
        elif name in STATES:
            yield Change(name, before=getattr(event, "previous", None), after=_text(value))
        elif name == "roles":
            yield Change(name, before=_text(getattr(event, "previous_roles", [])), after=_text(value))
        elif name in SAFE_FIELDS or name.endswith(SAFE_ENDINGS):
            yield Change(name, after=_text(value))


def _text(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return (value.isoformat() if isinstance(value, dt.datetime) else str(value))[:LONGEST_VALUE]
