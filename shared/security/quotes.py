"""Signed quotes: what a piece of a thing costs, told by the subgraph that prices it, verified by the one that sells it.

A token is the quote as JSON and an HMAC-SHA256 over it, both in base64url, with a dot between them. Whoever holds it
can read it; nobody else than this installation can make it.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from shared.core import base64url
from shared.core.errors import IllegalState, InvalidInput
from shared.core.settings import HasSettings

LONGEST_TOKEN = 4_000
"""How many characters of a token are looked at; ours have about 500."""


@dataclass(frozen=True)
class Quote:
    """What one piece of a design or preset costs, until it expires.

    `version` is that of the design or preset, `product` the name of its `ProductKind`. `owner_id` is None for a preset,
    which anybody may order. Amounts are in minor units of `currency`. `quantity_breaks` are pairs of a number of pieces
    and the discount in percent from there on, with rising numbers. `expires_at` is in Unix seconds.
    """

    subject: Literal["design", "preset"]
    subject_id: str
    version: int
    product: str
    title: str
    owner_id: str | None
    currency: str
    unit_price_minor: int
    quantity_breaks: tuple[tuple[int, int], ...]
    grams: int
    expires_at: int


class InvalidQuote(InvalidInput):
    """A token is none of this installation's quotes."""

    def __init__(self) -> None:
        super().__init__("This is not a quote of this shop; request a new one.")


class ExpiredQuote(IllegalState):
    """A quote was valid once."""

    def __init__(self) -> None:
        super().__init__("The quote has expired; request a new one.")


_QUOTES = TypeAdapter(Quote)


class QuoteSigner:
    """Signs quotes and reads them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def from_runtime(cls, runtime: HasSettings) -> "QuoteSigner":
        """Make one for a subgraph; those of all subgraphs of an installation read each other's quotes."""
        return cls(runtime.settings.derive_key("quotes"))

    def sign(self, quote: Quote) -> str:
        """Return the token of a quote."""
        content = base64url.encode(_QUOTES.dump_json(quote))
        return f"{content}.{self._signature(content)}"

    def read(self, token: str) -> Quote:
        """Return the quote of a token; raises InvalidQuote or ExpiredQuote."""
        content, _, signature = token.partition(".")
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise InvalidQuote
        if not hmac.compare_digest(self._signature(content), signature):
            raise InvalidQuote
        try:
            quote = _QUOTES.validate_json(base64url.decode(content))
        except (ValidationError, ValueError) as error:
            # Ours, but of a version that had other fields.
            raise InvalidQuote from error
        if quote.expires_at <= time.time():
            raise ExpiredQuote
        return quote

    def _signature(self, content: str) -> str:
        return base64url.encode(hmac.digest(self._key, content.encode(), hashlib.sha256))
