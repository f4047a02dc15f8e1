"""Shopify's products: name, description as plain text, and whether they are sold."""

import datetime as dt
from collections.abc import Mapping
from html.parser import HTMLParser

from subgraphs.webhook.events import WebhookProductUpdated
from subgraphs.webhook.service.translation.payload import identity, optional_moment, text
from subgraphs.webhook.service.translation.source import Source

LONGEST_DESCRIPTION = 5000
# `unlisted` products are left out of lists and search, but can be bought by who has their link.
SOLD = ("active", "unlisted")
# Elements whose text is not for readers.
_UNREAD = frozenset({"script", "style", "template"})


def product_of(source: Source, document: Mapping[str, object]) -> WebhookProductUpdated:
    """Return what a delivery reports about a product; raises Unreadable."""
    gone = source.topic == "products/delete"
    changed: dt.datetime | None = None if gone else optional_moment(document, "updated_at")
    return WebhookProductUpdated(
        delivery_id=source.delivery_id,
        source=source.name,
        shop=source.shop,
        topic=source.topic,
        external_product_id=identity("Product", document),
        occurred_at=changed or source.occurred_at,
        sent_at=source.occurred_at,
        handle=text(document.get("handle")),
        title=None if gone else text(document.get("title")),
        description=None if gone else _plain(document),
        active=not gone and document.get("status", "active") in SOLD,
    )


def _plain(document: Mapping[str, object]) -> str | None:
    """Return the description as plain text, empty where the shop has emptied it; None where it says nothing of it."""
    if "body_html" not in document:
        return None
    value = document["body_html"]
    return (text(_text_of(value), LONGEST_DESCRIPTION) or "") if isinstance(value, str) else ""


def _text_of(markup: str) -> str:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.texts)


class _Reader(HTMLParser):
    """Collects the texts that a reader of the markup sees, with a space at each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.append(" ")
        if tag in _UNREAD:
            self._unread.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.texts.append(" ")
        if tag in self._unread:
            del self._unread[self._unread.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.texts.append(data)
