"""What is shown beside a list of presets: how many each further choice would leave."""

from collections import Counter
from enum import Enum
from typing import TypeVar

import strawberry

from shared.graph.languages import Language
from shared.graph.money import CurrencyCode, Money
from subgraphs.builder.catalogue import PALETTE
from subgraphs.builder.catalogue.texts import TEXTS
from subgraphs.builder.enums import Color, Material, PresetCategory, ProductKind
from subgraphs.builder.service.preset_facets import Facets

E = TypeVar("E", bound=Enum)
_COUNT = "The number of presets with it that meet the conditions on all other choices."
_NAME = "Its name in the language that was asked for."


@strawberry.type(description="The number of presets in a category.")
class PresetCategoryFacet:
    category: PresetCategory = strawberry.field(description="The category.")
    label: str = strawberry.field(description=_NAME)
    count: int = strawberry.field(description=_COUNT)


@strawberry.type(description="The number of presets of a product.")
class ProductKindFacet:
    product: ProductKind = strawberry.field(description="The product.")
    label: str = strawberry.field(description=_NAME)
    count: int = strawberry.field(description=_COUNT)


@strawberry.type(description="The number of presets of a material.")
class MaterialFacet:
    material: Material = strawberry.field(description="The material.")
    label: str = strawberry.field(description=_NAME)
    count: int = strawberry.field(description=_COUNT)


@strawberry.type(description="The number of presets with a primary colour.")
class ColorFacet:
    color: Color = strawberry.field(description="The primary colour.")
    label: str = strawberry.field(description=_NAME)
    hex: str = strawberry.field(description="The sRGB value as a hex code, such as `#C8313A`.")
    count: int = strawberry.field(description=_COUNT)


@strawberry.type(
    description="The choices that narrow a list of presets down, each with the number of presets that it would leave. "
    "A choice without presets is left out."
)
class PresetFacets:
    total_count: int = strawberry.field(description="The number of presets that meet all conditions.")
    categories: list[PresetCategoryFacet] = strawberry.field(description="The categories.")
    products: list[ProductKindFacet] = strawberry.field(description="The products.")
    materials: list[MaterialFacet] = strawberry.field(description="The materials.")
    colors: list[ColorFacet] = strawberry.field(description="The primary colours.")
    lowest_price: Money | None = strawberry.field(
        description="The lowest price among the presets that meet all conditions but the price; null if there is none."
    )
    highest_price: Money | None = strawberry.field(
        description="The highest price among the presets that meet all conditions but the price; null if there is none."
    )

    @classmethod
    def of(cls, facets: Facets, currency: CurrencyCode, language: Language) -> "PresetFacets":
        """Show counts, each kind of choice in the order of the catalogue."""
        name = TEXTS[language].label
        categories, products = _ordered(PresetCategory, facets.categories), _ordered(ProductKind, facets.products)
        materials, colors = _ordered(Material, facets.materials), _ordered(Color, facets.colors)
        return cls(
            total_count=facets.total,
            categories=[PresetCategoryFacet(category=it, label=name(it), count=count) for it, count in categories],
            products=[ProductKindFacet(product=it, label=name(it), count=count) for it, count in products],
            materials=[MaterialFacet(material=it, label=name(it), count=count) for it, count in materials],
            colors=[ColorFacet(color=it, label=name(it), hex=PALETTE[it], count=count) for it, count in colors],
            lowest_price=_money(min(facets.prices, default=None), currency),
            highest_price=_money(max(facets.prices, default=None), currency),
        )


def _ordered(kind: type[E], counts: Counter[E]) -> list[tuple[E, int]]:
    return [(choice, counts[choice]) for choice in kind if choice in counts]


def _money(minor: int | None, currency: CurrencyCode) -> Money | None:
    return None if minor is None else Money.of(minor, currency)
