"""What is shown of designs, presets, products and prices."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation

from shared.core.errors import Forbidden, InvalidInput
from shared.graph.access import ANYBODY, owner_or, rule
from shared.graph.context import Info
from shared.graph.lookahead import is_selected
from shared.graph.money import CurrencyCode, Money
from shared.graph.pagination import Connection, Page, Slice, build_connection, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.builder import models
from subgraphs.builder.catalogue import pricing
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.options import ProductOptions
from subgraphs.builder.catalogue.validation import is_offered
from subgraphs.builder.enums import DesignSort, DesignStatus, PresetCategory, PreviewFormat, ProductKind, ShareMode
from subgraphs.builder.inputs import DesignFilter
from subgraphs.builder.loaders import (
    DESIGN_SORTS,
    READ,
    DesignById,
    DesignCountByOwner,
    DesignListing,
    DesignsByOwner,
    DesignSelection,
    PresetById,
    PresetVersionById,
    ProductById,
    ProductByKind,
    ShareCountByDesign,
    SharesByDesign,
)
from subgraphs.builder.service.previews import DEFAULT_SIZE, SIZES, SIZES_RULE, Previews
from subgraphs.builder.service.quotes import Quotable, Quotes
from subgraphs.builder.service.shares import OpenedDesign
from subgraphs.builder.value_types import QuoteResult, show_quote

Currency: TypeAlias = Annotated[CurrencyCode, strawberry.argument(description="The currency of the price.")]
Filter: TypeAlias = Annotated[DesignFilter | None, strawberry.argument(description="Which designs to list.")]
Form: TypeAlias = Annotated[PreviewFormat, strawberry.argument(description="The image format of the picture.")]
Side: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description="The width and height in pixels: 128, 256, 512, 800 or 1200. Has no effect on an SVG."
    ),
]
SortBy: TypeAlias = Annotated[DesignSort, strawberry.argument(description="The sort order of the list.")]


QuoteCurrency: TypeAlias = Annotated[CurrencyCode, strawberry.argument(description="The currency of the quote.")]


def quote_of(info: Info, thing: Quotable, currency: CurrencyCode) -> QuoteResult | None:
    """Return the quote of a design or preset, once the shop's products are known."""
    quotes = info.context.resource(Quotes)
    shown = partial(_shown_quote, quotes, thing, currency)
    return info.context.loader(ProductByKind).then(thing.product, shown)


def _shown_quote(quotes: Quotes, thing: Quotable, currency: CurrencyCode, row: models.Product | None) -> QuoteResult:
    return show_quote(quotes.of(thing, row, currency))


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

    @strawberry.field(description="The options the product allows.")
    def options(self) -> ProductOptions:
        return ProductOptions.of(self.kind)

    @strawberry.field(
        description="The lowest price of one piece, including tax: the cheapest size, material and hardware "
        "finish, without extras."
    )
    def price_from(self, currency: Currency = CurrencyCode.EUR) -> Money:
        return Money.of(pricing.lowest_price(self.kind, currency), currency)

    @strawberry.field(
        description="The URL of a public picture of the product in a plain configuration, which may cost more than "
        "`priceFrom`. It does not expire."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"products/{self.id}", format, size)

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
    archived_at: dt.datetime | None = strawberry.field(
        description="When the preset was archived; null while it is in the shop."
    )
    product_kind: strawberry.Private[ProductKind]
    config: strawberry.Private[ConfigData]

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

    @strawberry.field(description="The URL of a public picture of the preset. It does not expire.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"presets/{self.id}", format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Preset | None]":
        rows = await info.context.loader(PresetById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


PresetConnection = Connection[Preset]


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
        return previews_of(info, size).url_of(f"preset-versions/{self.id}", format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[PresetVersion | None]":
        rows = await info.context.loader(PresetVersionById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


@strawberry.type(description="A link that shares a design. Its token is returned only by `designShare`.")
class DesignShare(RowType[models.DesignShare]):
    id: strawberry.ID = strawberry.field(description="The link's id, `shr_…`.")
    mode: ShareMode = strawberry.field(description="What the link allows.")
    views: int = strawberry.field(
        description="The number of times `sharedDesign` opened the link. The count is a few seconds behind."
    )
    created_at: dt.datetime = strawberry.field(description="When it was created.")
    expires_at: dt.datetime | None = strawberry.field(description="When the link expires; null if it does not expire.")
    revoked_at: dt.datetime | None = strawberry.field(
        description="When the link was revoked; null if it was not revoked."
    )


DesignShareConnection = Connection[DesignShare]


@strawberry.type(description="A design opened by a link. It does not reveal the owner.")
class SharedDesign:
    name: str = strawberry.field(description="The name its owner gave it, up to 80 characters.")
    mode: ShareMode = strawberry.field(description="What the link allows: to view the design, or also to copy it.")
    price: Money = strawberry.field(description="The price of one piece, including tax.")
    expires_at: dt.datetime | None = strawberry.field(description="When the link expires; null if it does not expire.")
    updated_at: dt.datetime = strawberry.field(description="When the design was last changed.")
    token: strawberry.Private[str]
    product_kind: strawberry.Private[ProductKind]
    config: strawberry.Private[ConfigData]

    @classmethod
    def opened(cls, row: OpenedDesign, token: str) -> "SharedDesign":
        """Show the design that a token has opened."""
        return cls(
            name=row.name,
            mode=row.mode,
            price=Money.of(row.price_minor, row.currency),
            expires_at=row.expires_at,
            updated_at=row.updated_at,
            token=token,
            product_kind=row.product_kind,
            config=row.config,
        )

    @strawberry.field(name="config", description="The configuration of the design.")
    def typed_config(self) -> DesignConfig:
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="The product this is a design of; null if the shop has no product of that kind.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The URL of a picture of the design. It works until the link expires or is revoked.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"shared/{self.token}", format, size)


@federation.type(
    keys=["id"],
    tags=["id/des"],
    description="A customer's design of a product. Visible to its owner and to staff with the scope `designs:read`.",
)
class Design(RowType[models.SavedDesign], access=rule(owner=True, scope=READ)):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")
    name: str = strawberry.field(description="The name its owner gave it, up to 80 characters.")
    price: Money = strawberry.field(description="The price of one piece, including tax.")
    status: DesignStatus = strawberry.field(description="The status of the design.")
    version: int = strawberry.field(
        description="Increases by 1 with each change; send it with `designUpdate` and `designDelete`."
    )
    created_at: dt.datetime = strawberry.field(description="When it was created.")
    updated_at: dt.datetime = strawberry.field(description="When the design was last changed.")
    owner_id: strawberry.Private[str]
    product_kind: strawberry.Private[ProductKind]
    preset_id: strawberry.Private[str | None]
    config: strawberry.Private[ConfigData | None]
    """None where nobody asks for it or for a quote (`designs_of`)."""

    @strawberry.field(name="config", description="The configuration of the design.")
    def typed_config(self) -> DesignConfig:
        assert self.config is not None  # noqa: S101 (it was read, since it is asked for)
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="The user who owns the design.")
    def owner(self) -> "User | None":
        return User.of(self.owner_id)

    @strawberry.field(description="The product this is a design of; null if the shop has no product of that kind.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The preset the design started from; null if it did not start from one.")
    def preset(self, info: Info) -> Preset | None:
        if self.preset_id is None:
            return None
        return info.context.loader(PresetById).then(self.preset_id, Preset.from_optional_row)

    @strawberry.field(
        description="The URL of a picture of the design, for use in `<img>`. Anyone with the URL can open it; it "
        "expires after one to two hours, so request a new one instead of storing it."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of_design(self.id, format, size)

    @strawberry.field(
        description="The links that share the design, newest first. Null unless the viewer owns the design.",
        metadata=rule(owner=True),
    )
    @paged
    def shares(self, info: Info, page: Page) -> DesignShareConnection | None:
        if info.context.viewer.id != self.owner_id:
            raise Forbidden("Only the owner of a design may list its links; log in as the owner.")
        counter = info.context.loader(ShareCountByDesign)
        return info.context.loader(SharesByDesign).connection(self.id, page, DesignShare.from_row, counter)

    @strawberry.field(
        description="The price of one piece to order, signed; or why it cannot be ordered. Null unless the viewer owns "
        "the design.",
        metadata=rule(owner=True),
    )
    def quote(self, info: Info, currency: QuoteCurrency) -> QuoteResult | None:
        if info.context.viewer.id != self.owner_id:
            raise Forbidden("Only the owner of a design may order it; log in as the owner.")
        assert self.config is not None  # noqa: S101 (it was read, since its quote is asked for)
        archived = self.status is DesignStatus.ARCHIVED
        thing = Quotable(self.id, self.version, self.product_kind, self.config, archived, owner_id=self.owner_id)
        return quote_of(info, thing, currency)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Design | None]":
        viewer = info.context.viewer
        rows = await info.context.loader(DesignById).load_many(ids)
        visible = [row if row is not None and viewer.can_access(row.owner_id, READ) else None for row in rows]
        return [cls.from_optional_row(row) for row in visible]


DesignConnection = Connection[Design]


def designs_of(
    info: Info, owner_id: str, filter: DesignFilter | None, sort: DesignSort, page: Page
) -> Connection[Design]:
    """Return a page of somebody's designs; whether the caller may see them is checked before."""
    selection = DesignSelection.of(filter)
    with_config = is_selected(info, "config") or is_selected(info, "quote")
    listing = DesignListing(selection, sort, page, with_config)
    counter = info.context.loader(DesignCountByOwner)

    def shown(rows: Slice[models.SavedDesign]) -> Connection[Design]:
        count = partial(counter.then, (owner_id, selection), int)
        return build_connection(rows, DESIGN_SORTS[sort], Design.from_row, count)

    return info.context.loader(DesignsByOwner).page(owner_id, listing, shown)


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The designs owned by the user. Null unless the viewer is the user or has the scope "
        "`designs:read`.",
        extensions=owner_or(READ, "id"),
    )
    @paged
    def designs(
        self, info: Info, page: Page, filter: Filter = None, sort: SortBy = DesignSort.NEWEST
    ) -> DesignConnection | None:
        return designs_of(info, self.id, filter, sort, page)
