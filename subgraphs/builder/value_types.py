"""What is shown of quotes to order by, or why there is none."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry

from shared.graph.money import Money
from subgraphs.builder.catalogue.options import QuantityBreakOption
from subgraphs.builder.enums import NoQuoteReason
from subgraphs.builder.service.quotes import SignedQuote

_MESSAGES = {
    NoQuoteReason.ARCHIVED: "It is archived; choose another one.",
    NoQuoteReason.WITHDRAWN: "The shop no longer sells this product; choose another one.",
    NoQuoteReason.NOT_OFFERED: "The catalogue no longer offers this combination; create a new design.",
}


@strawberry.type(
    description="The price of one piece of a design or preset, which applies until the quote expires. Add it to a cart."
)
class Quote:
    token: str = strawberry.field(description="The signed quote, which a cart takes; up to 4,000 characters.")
    unit_price: Money = strawberry.field(
        description="The price of one piece before any quantity discount, including tax."
    )
    quantity_breaks: list[QuantityBreakOption] = strawberry.field(
        description="The quantity discounts; empty if there are none."
    )
    expires_at: dt.datetime = strawberry.field(
        description="When the quote expires, 24 to 25 hours after the request; request a new one then."
    )


@strawberry.type(description="Why a design or preset cannot be ordered at present.")
class NoQuote:
    reason: NoQuoteReason = strawberry.field(description="The reason, for programs.")
    message: str = strawberry.field(description="A sentence for developers that says what to do.")


QuoteResult: TypeAlias = Annotated[
    Quote | NoQuote,
    strawberry.union("QuoteResult", description="The quote of a design or preset, or why there is none."),
]


def show_quote(result: SignedQuote | NoQuoteReason) -> Quote | NoQuote:
    """Show a quote, or why there is none."""
    if isinstance(result, NoQuoteReason):
        return NoQuote(reason=result, message=_MESSAGES[result])
    return Quote(
        token=result.token,
        unit_price=Money.of(result.unit_price_minor, result.currency),
        quantity_breaks=QuantityBreakOption.from_rows(result.quantity_breaks),
        expires_at=dt.datetime.fromtimestamp(result.expires_at, dt.UTC),
    )
