"""The lines of a cart as values, and what adding, changing and merging make of them: pure functions."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.core.ids import new_id
from shared.security.quotes import Quote
from subgraphs.order.cart_models import CartLine
from subgraphs.order.pricing.totals import PricedItem

MOST_LINES = 50
MOST_PIECES = 1000
"""Of all lines together."""


@dataclass(frozen=True)
class Item:
    """A line of a cart: what a quote says, and the number of pieces; `unit_price_minor` in the cart's currency."""

    id: str
    subject: str
    subject_id: str
    version: int
    product: str
    title: str
    quantity: int
    unit_price_minor: int
    quantity_breaks: tuple[tuple[int, int], ...]
    grams: int
    quote_expires_at: dt.datetime
    # Whether the design or preset has changed since.
    outdated: bool = False

    @classmethod
    def of_quote(cls, quote: Quote, quantity: int) -> "Item":
        """Make a new line of a quote."""
        return cls(
            id=new_id("cln"),
            subject=quote.subject,
            subject_id=quote.subject_id,
            version=quote.version,
            product=quote.product,
            title=quote.title,
            quantity=quantity,
            unit_price_minor=quote.unit_price_minor,
            quantity_breaks=quote.quantity_breaks,
            grams=quote.grams,
            quote_expires_at=dt.datetime.fromtimestamp(quote.expires_at, dt.UTC),
        )

    @classmethod
    def of_row(cls, row: CartLine) -> "Item":
        """Return the line that is stored."""
        breaks = tuple((quantity, percent) for quantity, percent in row.quantity_breaks)
        names = cls.__dataclass_fields__
        stored = {name: getattr(row, name) for name in names if name != "quantity_breaks"}
        return cls(**stored, quantity_breaks=breaks)

    @property
    def design_id(self) -> str | None:
        """The design, where it is one."""
        return self.subject_id if self.subject == "design" else None

    @property
    def priced(self) -> PricedItem:
        """The line as it is priced."""
        return PricedItem(
            key=self.id,
            product=self.product,
            quantity=self.quantity,
            unit_price_minor=self.unit_price_minor,
            quantity_breaks=self.quantity_breaks,
            grams=self.grams,
        )

    def quoted_by(self, newer: "Item") -> "Item":
        """Return the line with what another of the same subject says, unless that expires earlier."""
        if newer.quote_expires_at < self.quote_expires_at:
            return self
        outdated = self.outdated and newer.version <= self.version
        return replace(newer, id=self.id, quantity=self.quantity, outdated=outdated)


def added(items: Iterable[Item], more: Iterable[Item]) -> list[Item]:
    """Return lines with others added: equal subjects are one line with the pieces of both."""
    merged = {item.subject_id: item for item in items}
    for item in more:
        known = merged.get(item.subject_id)
        if known is not None:
            item = replace(known.quoted_by(item), quantity=known.quantity + item.quantity)
        merged[item.subject_id] = item
    return list(merged.values())


def ensured(items: Iterable[Item], wanted: Iterable[Item]) -> list[Item]:
    """Return lines in which others are, with no fewer pieces than there: done again, it changes nothing."""
    merged = {item.subject_id: item for item in items}
    for item in added([], wanted):
        known = merged.get(item.subject_id)
        if known is not None:
            item = replace(known.quoted_by(item), quantity=max(known.quantity, item.quantity))
        merged[item.subject_id] = item
    return list(merged.values())


def with_quantities(items: Iterable[Item], quantities: Mapping[str, int]) -> list[Item]:
    """Return lines with new numbers of pieces by their ids; those with 0 are gone."""
    changed = [replace(item, quantity=quantities.get(item.id, item.quantity)) for item in items]
    return [item for item in changed if item.quantity > 0]


def excess(items: Sequence[Item]) -> str | None:
    """Return what is too much, as a sentence; None for what a cart may hold."""
    if len(items) > MOST_LINES:
        return f"A cart has at most {MOST_LINES} lines: order in several carts."
    if sum(item.quantity for item in items) > MOST_PIECES:
        return f"A cart has at most {MOST_PIECES:,} pieces: order in several carts."
    return None
