"""What is shown of the price of a configuration that nobody has saved, with its picture."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.context import Info
from shared.graph.languages import Language
from shared.graph.money import Money
from shared.graph.problems import InvalidInputProblem
from subgraphs.builder.catalogue import pricing
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.texts import TEXTS, Texts
from subgraphs.builder.enums import PreviewFormat, PriceItemKind
from subgraphs.builder.service.previews import DEFAULT_SIZE
from subgraphs.builder.shop_types import Form, Side, previews_of


@strawberry.type(description="One line of a price quote.")
class PriceItem:
    kind: PriceItemKind = strawberry.field(description="The part of the configuration that this amount is for.")
    label: str = strawberry.field(description="What it is for, such as `Stripes`, `2 motifs` or `10 % off`.")
    amount: Money = strawberry.field(description="The amount for all pieces together. A discount is negative.")

    @classmethod
    def of(cls, item: pricing.Item, texts: Texts) -> "PriceItem":
        """Show a line of a quote."""
        amount = Money.of(item.amount_minor, item.currency)
        return cls(kind=item.kind, label=texts.label_of_item(item), amount=amount)


@strawberry.type(
    description="The price of several pieces of one configuration, including tax. The items add up to the total."
)
class PriceQuote:
    config: strawberry.Private[DesignConfig]
    quantity: int = strawberry.field(description="The number of pieces.")
    unit_price: Money = strawberry.field(description="The price of one piece before any quantity discount.")
    total: Money = strawberry.field(description="The price of all pieces after any quantity discount.")
    items: list[PriceItem] = strawberry.field(
        description="The lines that make up the total. Lines without a charge are left out."
    )

    @classmethod
    def of(cls, config: DesignConfig, quote: pricing.Quote, language: Language) -> "PriceQuote":
        """Show the quote of a configuration."""
        return cls(
            config=config,
            quantity=quote.quantity,
            unit_price=Money.of(quote.unit_price_minor, quote.currency),
            total=Money.of(quote.total_minor, quote.currency),
            items=[PriceItem.of(item, TEXTS[language]) for item in quote.items],
        )

    @strawberry.field(
        description="The URL of a picture of the configuration, for use in `<img>`. Anyone with the URL can open "
        "it. It contains the configuration, does not expire, and changes exactly when the picture does. An SVG is "
        "drawn in a millisecond; of PNGs one network may fetch 120 in a minute."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.SVG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of_config(self.config, format, size)


PriceQuoteResult: TypeAlias = Annotated[
    PriceQuote | InvalidInputProblem,
    strawberry.union(
        "PriceQuoteResult", description="The price of a configuration, or what the catalogue does not allow in it."
    ),
]
