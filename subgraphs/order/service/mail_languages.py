"""The texts of mails about orders: one file in `languages/` for each language, read once."""

import enum
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.graph.languages import read_texts


class OrderMailKind(enum.Enum):
    """What a mail about an order tells."""

    PLACED = "PLACED"
    PAID = "PAID"
    IN_PRODUCTION = "IN_PRODUCTION"
    MADE_AGAIN = "MADE_AGAIN"
    MADE_AGAIN_LOST = "MADE_AGAIN_LOST"
    MADE_AGAIN_RETURNED = "MADE_AGAIN_RETURNED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    SENT_AGAIN = "SENT_AGAIN"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DELIVERED = "DELIVERED"
    ON_HOLD = "ON_HOLD"
    RESUMED = "RESUMED"
    CANCELLED = "CANCELLED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    REFUND_FAILED = "REFUND_FAILED"
    RETURNED = "RETURNED"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MailText(_Part):
    """What one mail says. Paragraphs may name `{total}` and `{refunded}`: the price, and what went back of it."""

    headline: str
    paragraphs: tuple[str, ...] = ()


class Words(_Part):
    """What several mails say. `not_refunded` names `{held}`: what was paid and did not go back."""

    about_order: str
    account_preferences: str
    discount: str
    item: str
    not_refunded: str
    numbered_parcel: str
    parcel: str
    parcel_with: str
    price: str
    reason: str
    refunded: str
    see_order: str
    shipping: str
    stop_mails: str
    tax: str
    total: str
    track_parcel: str
    tracking_number: str


class Texts(_Part):
    """The texts of one language, and how it writes numbers."""

    greeting: str
    colon: str
    decimal_mark: str
    group_mark: str
    words: Words
    mails: dict[OrderMailKind, MailText]

    def labelled(self, text: str) -> str:
        """Return a text that stands before what it names, such as `Total:`."""
        return f"{text}{self.colon}"

    def in_marks(self, amount: Decimal) -> str:
        """Return an amount as the language writes it: 1234.50 is `1.234,50` in German."""
        marks = {",": self.group_mark, ".": self.decimal_mark}
        return "".join(marks.get(one, one) for one in f"{amount:,}")


TEXTS = read_texts(Path(__file__).parents[1] / "languages", Texts)
