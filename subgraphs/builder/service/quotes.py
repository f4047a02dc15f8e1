"""Quotes of designs and presets: what one piece costs, signed, so that the order subgraph sells it without asking."""

import time
from dataclasses import dataclass

from shared.graph.money import CurrencyCode
from shared.runtime import Runtime
from shared.security.quotes import Quote, QuoteSigner
from subgraphs.builder.catalogue import CATALOGUE, pricing
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.rules import QuantityBreak
from subgraphs.builder.catalogue.validation import is_offered
from subgraphs.builder.enums import NoQuoteReason, ProductKind
from subgraphs.builder.models import Product

HOUR_SECONDS = 3600
HOURS_VALID = 24
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Quotable:
    """A design or preset, as far as its quote needs it: `owner_id` is None for a preset, `name` for a design."""

    id: str
    version: int
    product: ProductKind
    config: ConfigData
    archived: bool
    owner_id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class SignedQuote:
    """A quote and its token."""

    token: str
    unit_price_minor: int
    currency: CurrencyCode
    quantity_breaks: tuple[QuantityBreak, ...]
    expires_at: int


class Quotes:
    """Makes the quotes of one running subgraph."""

    def __init__(self, signer: QuoteSigner) -> None:
        self._signer = signer

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Quotes":
        """Make it for a running subgraph."""
        return cls(QuoteSigner.from_runtime(runtime))

    def of(self, thing: Quotable, product: Product | None, currency: CurrencyCode) -> SignedQuote | NoQuoteReason:
        """Return the quote of a design or preset, or why there is none; `product` is the shop's product of its kind."""
        if thing.archived:
            return NoQuoteReason.ARCHIVED
        if product is not None and not product.active:
            return NoQuoteReason.WITHDRAWN
        config = DesignConfig.from_json(thing.config)
        if not is_offered(config):
            return NoQuoteReason.NOT_OFFERED
        rules = CATALOGUE[thing.product]
        title = thing.name or (product.title if product is not None else rules.title)
        quote = Quote(
            subject="preset" if thing.owner_id is None else "design",
            subject_id=thing.id,
            version=thing.version,
            product=thing.product.value,
            title=title[:_LONGEST_TITLE],
            owner_id=thing.owner_id,
            currency=currency.value,
            unit_price_minor=pricing.unit_price(config, currency),
            quantity_breaks=tuple((each.quantity, each.percent) for each in rules.quantity_breaks),
            grams=pricing.grams(config),
            expires_at=_expiry(),
        )
        token = self._signer.sign(quote)
        return SignedQuote(token, quote.unit_price_minor, currency, rules.quantity_breaks, quote.expires_at)


def _expiry() -> int:
    # On the hour, so that an hour's quotes of one thing are equal, and answers with them have the same entity tag.
    return (int(time.time()) // HOUR_SECONDS + HOURS_VALID + 1) * HOUR_SECONDS
