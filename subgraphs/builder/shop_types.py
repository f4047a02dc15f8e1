"""What is shown of the shop: products and presets, with their pictures and quotes."""

import datetime as dt
from collections.abc import Sequence
from functools import cache, partial
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation

from shared.core.errors import InvalidInput
from shared.graph.access import ANYBODY, scoped
from shared.graph.context import Info
from shared.graph.languages import Language, TextLanguage
from shared.graph.money import CurrencyCode, Money
from shared.graph.pagination import Connection, Page
from shared.graph.row_types import RowType
from subgraphs.builder import models
from subgraphs.builder.catalogue import pricing
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.options import ProductOptions, Units
from subgraphs.builder.catalogue.plain import plainest
from subgraphs.builder.catalogue.validation import is_offered
from subgraphs.builder.drawing import content_hash
from subgraphs.builder.enums import MeasurementSystem, PresetCategory, PresetSort, PreviewFormat, ProductKind
from subgraphs.builder.loaders import (
    BY_PRICE,
    PRESET_SORTS,
    PRESETS,
    READ,
    PresetById,
    PresetVersionById,
    ProductById,
    ProductByKind,
)
from subgraphs.builder.service.preset_selection import PresetSelection
from subgraphs.builder.service.previews import DEFAULT_SIZE, SIZES, SIZES_RULE, Previews
from subgraphs.builder.service.quotes import Quotable, Quotes
from subgraphs.builder.value_types import QuoteResult, show_quote

Currency: TypeAlias = Annotated[CurrencyCode, strawberry.argument(description="The currency of the price.")]
Form: TypeAlias = Annotated[PreviewFormat, strawberry.argument(description="The image format of the picture.")]
Side: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description="The width and height in pixels: 128, 256, 512, 800 or 1200. Has no effect on an SVG."
    ),
]


QuoteCurrency: TypeAlias = Annotated[CurrencyCode, strawberry.argument(description="The currency of the quote.")]


def quote_of(info: Info, thing: Quotable, currency: CurrencyCode) -> QuoteResult | None:
    """Return the quote of a design or preset, once the shop's products are known."""
    quotes = info.context.resource(Quotes)
    shown = partial(_shown_quote, quotes, thing, currency)
    return info.context.loader(ProductByKind).then(thing.product, shown)


def _shown_quote(quotes: Quotes, thing: Quotable, currency: CurrencyCode, row: models.Product | None) -> QuoteResult:
    return show_quote(quotes.of(thing, row, currency))


def picture_name(config: ConfigData) -> str:
    """Return the name of a stored configuration's picture, which is part of its address."""
    return content_hash(DesignConfig.from_json(config))


@cache
def _name_of_product(kind: ProductKind) -> str:
    return content_hash(plainest(kind))


def previews_of(info: Info, size: int) -> Previews:
    """Return the subgraph's pictures for a size that they come in; raises InvalidInput."""
    if size not in SIZES:
        raise InvalidInput.field("size", "OUT_OF_RANGE", SIZES_RULE)
    return info.context.resource(Previews)


@federation.type(
    keys=["id"],
    tags=["id/prd"],
    description="A product of the shop that customers can design. Readable without a login.",
)
class Product(RowType[models.Product], access=ANYBODY):
    id: strawberry.ID = strawberry.field(description="The product's id, `prd_…`.")
    kind: ProductKind = strawberry.field(description="The kind of product, as in `DesignConfig.product`.")
    handle: str = strawberry.field(description="The product's name in URLs.")
    title: str = strawberry.field(description="The product's title in the shop.")
    description: str = strawberry.field(description="A short description of the product.")
    active: bool = strawberry.field(description="Whether it is on sale.")
    external_id: str | None = strawberry.field(
        description="The product's id in the shop that is mirrored; null before that shop reported it. Requires the "
        "scope `designs:read`.",
        extensions=scoped(READ),
    )
    told_at: strawberry.Private[dt.datetime | None]

    @strawberry.field(
        description="The shop's own time of what is shown here; null before it reported the product. Requires the "
        "scope `designs:read`.",
        extensions=scoped(READ),
    )
    def mirrored_at(self) -> dt.datetime | None:
        return self.told_at

    @strawberry.field(description="The options the product allows.")
    def options(self, language: TextLanguage = Language.EN, units: Units = MeasurementSystem.METRIC) -> ProductOptions:
        return ProductOptions.of(self.kind, language, units)

    @strawberry.field(
        description="The lowest price of one piece, including tax: the cheapest size, material and hardware "
        "finish, without extras."
    )
    def price_from(self, currency: Currency = CurrencyCode.EUR) -> Money:
        return Money.of(pricing.lowest_price(self.kind, currency), currency)

    @strawberry.field(
        description="The URL of a public picture of the product in a plain configuration, which may cost more than "
        "`priceFrom`. It changes exactly when the picture does."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"products/{self.id}", _name_of_product(self.kind), format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Product | None]":
        rows = await info.context.loader(ProductById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


@federation.type(
    keys=["id"],
    tags=["id/pre"],
    description="A ready-made configuration that designs can start from. Readable without a login.",
)
class Preset(RowType[models.BuilderPreset], access=ANYBODY):
    id: strawberry.ID = strawberry.field(description="The preset's id, `pre_…`.")
    name: str = strawberry.field(description="The name of the preset, up to 80 characters.")
    category: PresetCategory = strawberry.field(description="The category of the preset.")
    version: int = strawberry.field(
        description="Increases by 1 with each change; send it with `presetUpdate` and `presetArchive`."
    )
    position: int = strawberry.field(description="Its place in the shop's order, lowest first; several may share one.")
    archived_at: dt.datetime | None = strawberry.field(
        description="When the preset was archived; null while it is in the shop."
    )
    product_kind: strawberry.Private[ProductKind]
    config: strawberry.Private[ConfigData]
    handle: strawberry.Private[str | None]

    @strawberry.field(
        name="handle", description="The preset's name in URLs, made from its first name; it does not change."
    )
    def shown_handle(self) -> str:
        return self.handle or self.id

    @strawberry.field(name="config", description="The configuration that designs from this preset start with.")
    def typed_config(self) -> DesignConfig:
        return DesignConfig.from_json(self.config)

    @strawberry.field(
        description="The price of one piece in this configuration, including tax; null if the catalogue no longer "
        "offers it."
    )
    def price(self, currency: Currency = CurrencyCode.EUR) -> Money | None:
        config = DesignConfig.from_json(self.config)
        return Money.of(pricing.unit_price(config, currency), currency) if is_offered(config) else None

    @strawberry.field(description="The product this is a design of; null if the shop has no product of that kind.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The price of one piece to order, signed; or why it cannot be ordered.")
    def quote(self, info: Info, currency: QuoteCurrency) -> QuoteResult | None:
        archived = self.archived_at is not None
        thing = Quotable(self.id, self.version, self.product_kind, self.config, archived, name=self.name)
        return quote_of(info, thing, currency)

    @strawberry.field(
        description="The URL of a public picture of the preset. It changes exactly when the picture does."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"presets/{self.id}", picture_name(self.config), format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Preset | None]":
        rows = await info.context.loader(PresetById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


PresetConnection = Connection[Preset]


async def presets_of(info: Info, wanted: PresetSelection, sort: PresetSort, page: Page) -> Connection[Preset]:
    """Return a page of the presets in the shop."""
    by_price = BY_PRICE.get((sort, wanted.currency))
    if by_price is not None:
        return await PRESETS.connection(info, wanted._replace(has_price=True), page, Preset.from_row, by_price)
    # The pages of all presets are prepared once.
    selection = None if wanted == PresetSelection(currency=wanted.currency) else wanted
    return await PRESETS.connection(info, selection, page, Preset.from_row, PRESET_SORTS[sort])


@federation.type(
    keys=["id"],
    tags=["id/prv"],
    description="A preset as it was in one version, such as when it was ordered. It never changes. Readable without a "
    "login.",
)
class PresetVersion(RowType[models.PresetVersion], access=ANYBODY):
    id: strawberry.ID = strawberry.field(description="The id of the version, `prv_…`.")
    version: int = strawberry.field(description="The preset's `version` that this is.")
    name: str = strawberry.field(description="The name of the preset in this version.")
    preset_id: strawberry.Private[str]
    config: strawberry.Private[ConfigData]

    @strawberry.field(name="config", description="The configuration of the preset in this version.")
    def typed_config(self) -> DesignConfig:
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="The preset as it is now; it may be archived.")
    def preset(self, info: Info) -> Preset | None:
        return info.context.loader(PresetById).then(self.preset_id, Preset.from_optional_row)

    @strawberry.field(description="The URL of a public picture of the preset in this version. It does not expire.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"preset-versions/{self.id}", picture_name(self.config), format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[PresetVersion | None]":
        rows = await info.context.loader(PresetVersionById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]
