"""The form of the rules of shipping and tax, and the rules themselves, read once."""

import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.graph.money import CurrencyCode, Price
from subgraphs.order.enums import ShippingMethod

Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WeightStep(_Rule):
    """What a parcel of up to so many grams costs."""

    grams: int = Field(ge=1)
    price: Price


class MethodRule(_Rule):
    """A way to send: how many working days it takes (from, to), what it costs, and from which goods on it is free."""

    method: ShippingMethod
    days: tuple[int, int]
    free_from: Price | None = None
    steps: tuple[WeightStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rises(self) -> Self:
        for lighter, heavier in pairwise(self.steps):
            if heavier.grams <= lighter.grams or any(heavier.price[it] < lighter.price[it] for it in CurrencyCode):
                raise ValueError("a heavier parcel comes after a lighter one, and costs as much or more")
        if not 0 < self.days[0] <= self.days[1]:
            raise ValueError("the days are from, to")
        return self


class Zone(_Rule):
    """Countries to which sending costs the same."""

    countries: tuple[Country, ...] = Field(min_length=1)
    methods: tuple[MethodRule, ...]

    @model_validator(mode="after")
    def _has_each_method_once(self) -> Self:
        if [rule.method for rule in self.methods] != list(ShippingMethod):
            raise ValueError("a zone has each method once, in the order of the enumeration")
        return self


class ShippingRules(_Rule):
    """All zones. A country that is in none is not delivered to."""

    zones: tuple[Zone, ...]

    @model_validator(mode="after")
    def _has_each_country_once(self) -> Self:
        twice = [it for it, count in Counter(it for zone in self.zones for it in zone.countries).items() if count > 1]
        if twice:
            raise ValueError(f"in more than one zone: {', '.join(twice)}")
        return self

    def zone(self, country_code: str) -> Zone | None:
        """Return the zone of a country, or None where nothing is sent there."""
        return next((zone for zone in self.zones if country_code in zone.countries), None)


Rate = Annotated[int, Field(ge=0, le=10_000)]


class TaxRules(_Rule):
    """Rates in hundredths of a per cent by destination: `included` in the prices, or `added` to them.

    Nothing is taxed in a country that has neither.
    """

    included: dict[Country, Rate] = {}
    added: dict[Country, Rate] = {}

    @model_validator(mode="after")
    def _has_each_country_once(self) -> Self:
        twice = self.included.keys() & self.added.keys()
        if twice:
            raise ValueError(f"both included and added: {', '.join(sorted(twice))}")
        return self


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


SHIPPING = ShippingRules.model_validate(_read("shipping"))
TAX = TaxRules.model_validate(_read("tax"))
