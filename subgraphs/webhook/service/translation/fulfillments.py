"""Shopify's fulfilments: one parcel for each tracking number, once it has left; nothing once it is withdrawn.

https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment
"""

from collections.abc import Mapping, Sequence

from subgraphs.webhook.events import ReportedParcel
from subgraphs.webhook.service.translation.payload import identity, items, moment, optional_moment, text, word
from subgraphs.webhook.service.translation.source import MOST_PIECES

# By `shipment_status`, where the carrier has reported; a fulfilment without one has left.
PARCEL_STATUS = {
    "label_printed": "LABEL_CREATED",
    "label_purchased": "LABEL_CREATED",
    "confirmed": "LABEL_CREATED",
    "in_transit": "IN_TRANSIT",
    "out_for_delivery": "OUT_FOR_DELIVERY",
    "ready_for_pickup": "OUT_FOR_DELIVERY",
    "attempted_delivery": "EXCEPTION",
    "failure": "EXCEPTION",
    "delivered": "DELIVERED",
}
WITHDRAWN = frozenset({"cancelled", "error", "failure"})
NOT_YET = frozenset({"pending", "open"})
MOST_PARCELS = 50
_LONGEST_NUMBER = 60
_LONGEST_URL = 2000


def parcels_of(document: Mapping[str, object]) -> Sequence[ReportedParcel]:
    """Return the parcels of a fulfilment: none while a warehouse still works on it. Raises Unreadable."""
    status = word(document.get("status"))
    if status in NOT_YET:
        return []
    key, created = identity("Fulfillment", document), moment(document, "created_at")
    numbers, urls = _texts(document, "tracking_number", _LONGEST_NUMBER), _texts(document, "tracking_url", _LONGEST_URL)
    numbers = numbers or [""]
    return [
        ReportedParcel(
            # The first has the fulfilment's id, as if it were the only one.
            parcel_id=key if place == 1 else f"{key}/{place:02}",
            fulfillment_id=key,
            place=place,
            places=len(numbers),
            withdrawn=status in WITHDRAWN,
            status=PARCEL_STATUS.get(word(document.get("shipment_status")) or "", "IN_TRANSIT"),
            # Which goods are in which parcel is not told: they have all left with the last.
            pieces=pieces_of(document) if place == len(numbers) else 0,
            at=created,
            updated_at=optional_moment(document, "updated_at") or created,
            carrier=text(document.get("tracking_company"), _LONGEST_NUMBER) or "Unnamed carrier",
            tracking_number=number,
            tracking_url=_link(urls, place, len(numbers)),
        )
        for place, number in enumerate(numbers, start=1)
    ]


def is_sent(fulfilment: Mapping[str, object]) -> bool:
    """Tell whether the goods of a fulfilment have left."""
    return word(fulfilment.get("status")) not in WITHDRAWN | NOT_YET


def pieces_of(fulfilment: Mapping[str, object]) -> int:
    """Return how many pieces are in a fulfilment; what needs no parcel is none."""
    return sum(quantity_of(item) for item in items(fulfilment.get("line_items")) if needs_parcel(item))


def quantity_of(item: Mapping[str, object]) -> int:
    """Return the quantity of a line of a fulfilment; 0 for what is none."""
    quantity = item.get("quantity")
    return quantity if type(quantity) is int and 0 < quantity <= MOST_PIECES else 0


def needs_parcel(item: Mapping[str, object]) -> bool:
    """Tell whether goods are sent: gift cards and services are not."""
    return item.get("requires_shipping") is not False and item.get("gift_card") is not True


def _texts(document: Mapping[str, object], field: str, longest: int) -> list[str]:
    """Return what the list `field`s holds, or else what `field` holds, each once."""
    several = document.get(f"{field}s")
    given = several if isinstance(several, list) and several else [document.get(field)]
    found = [line for value in given if (line := text(value, longest)) is not None]
    return list(dict.fromkeys(found))[:MOST_PARCELS]


def _link(urls: Sequence[str], place: int, places: int) -> str | None:
    """Return the tracking page of a parcel; one page may be that of several."""
    url = urls[place - 1] if place <= len(urls) else urls[0] if len(urls) == 1 and places > 1 else None
    return url if url is not None and url.startswith(("http://", "https://")) else None
