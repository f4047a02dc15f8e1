"""What is shown of prices: their parts, and quotes to order by, or why there is none."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry

from shared.graph.money import Money
from shared.graph.row_types import RowType
from subgraphs.builder.catalogue import pricing
from subgraphs.builder.catalogue.options import QuantityBreakOption
from subgraphs.builder.enums import NoQuoteReason, PriceItemKind
from subgraphs.builder.service.quotes import SignedQuote

_MESSAGES = {
    NoQuoteReason.ARCHIVED: "It is archived; choose another one.",
    NoQuoteReason.WITHDRAWN: "The shop no longer sells this product; choose another one.",
    NoQuoteReason.NOT_OFFERED: "The catalogue no longer offers this combination; create a new design.",
}


@strawberry.type(description="One line of a price quote.")
class PriceItem(RowType[pricing.Item]):
    kind: PriceItemKind = strawberry.field(description="The part of the configuration that this amount is for.")
    label: str = strawberry.field(description="A label in English, such as `2 motifs` or `10 % off`.")
    amount: Money = strawberry.field(description="The amount for all pieces together. A discount is negative.")


@strawberry.type(
    description="The price of several pieces of one configuration, including tax. The items add up to the total."
)
class PriceQuote:
    quantity: int = strawberry.field(description="The number of pieces.")
    unit_price: Money = strawberry.field(description="The price of one piece before any quantity discount.")
    total: Money = strawberry.field(description="The price of all pieces after any quantity discount.")
    items: list[PriceItem] = strawberry.field(
        description="The lines that make up the total. Lines without a charge are left out."
    )

    @classmethod
    def of(cls, quote: pricing.Quote) -> "PriceQuote":
        """Show a quote."""
        return cls(
            quantity=quote.quantity,
            unit_price=Money.of(quote.unit_price_minor, quote.currency),
            total=Money.of(quote.total_minor, quote.currency),
            items=[PriceItem.from_row(item) for item in quote.items],
        )


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
