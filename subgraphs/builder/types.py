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
from subgraphs.builder.enums import (
    DesignSort,
    DesignStatus,
    PresetCategory,
    PreviewFormat,
    PriceItemKind,
    ProductKind,
    ShareMode,
)
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
    ProductById,
    ProductByKind,
    ShareCountByDesign,
    SharesByDesign,
)
from subgraphs.builder.service.previews import DEFAULT_SIZE, SIZES, SIZES_RULE, Previews
from subgraphs.builder.service.shares import OpenedDesign

Currency: TypeAlias = Annotated[CurrencyCode, strawberry.argument(description="The currency to price in.")]
Filter: TypeAlias = Annotated[DesignFilter | None, strawberry.argument(description="Which designs to list.")]
Form: TypeAlias = Annotated[PreviewFormat, strawberry.argument(description="The form of the picture.")]
Side: TypeAlias = Annotated[
    int, strawberry.argument(description="Its width and height in pixels: 128, 256, 512, 800 or 1200.")
]
SortBy: TypeAlias = Annotated[DesignSort, strawberry.argument(description="The order of the list.")]


def previews_of(info: Info, size: int) -> Previews:
    """Return the subgraph's pictures for a size that they come in; raises InvalidInput."""
    if size not in SIZES:
        raise InvalidInput.field("size", "OUT_OF_RANGE", SIZES_RULE)
    return info.context.resource(Previews)


@strawberry.type(description="One line of a price quote.")
class PriceItem(RowType[pricing.Item]):
    kind: PriceItemKind = strawberry.field(description="What it is for.")
    label: str = strawberry.field(description="What it is for, in words.")
    amount: Money = strawberry.field(description="What it adds for all pieces; a discount is negative.")


@strawberry.type(description="What some pieces of one configuration cost, tax included. The items sum to the total.")
class PriceQuote:
    quantity: int = strawberry.field(description="How many pieces are priced.")
    unit_price: Money = strawberry.field(description="What a single piece costs, before any discount.")
    total: Money = strawberry.field(description="What all pieces cost.")
    items: list[PriceItem] = strawberry.field(description="What the total is made of.")

    @classmethod
    def of(cls, quote: pricing.Quote) -> "PriceQuote":
        """Show a quote."""
        return cls(
            quantity=quote.quantity,
            unit_price=Money.of(quote.unit_price_minor, quote.currency),
            total=Money.of(quote.total_minor, quote.currency),
            items=[PriceItem.from_row(item) for item in quote.items],
        )


@federation.type(keys=["id"], description="A product of the shop that customers design.")
class Product(RowType[models.Product], access=ANYBODY):
    id: strawberry.ID = strawberry.field(description="The product's id, `prd_…`.")
    kind: ProductKind = strawberry.field(description="What it is, as configurations name it.")
    handle: str = strawberry.field(description="Its name in web addresses.")
    title: str = strawberry.field(description="What the shop calls it.")
    description: str = strawberry.field(description="A sentence about it.")
    active: bool = strawberry.field(description="Whether it is on sale.")

    @strawberry.field(description="What it allows.")
    def options(self) -> ProductOptions:
        return ProductOptions.of(self.kind)

    @strawberry.field(description="What the plainest one costs.")
    def price_from(self, currency: Currency = CurrencyCode.EUR) -> Money:
        return Money.of(pricing.lowest_price(self.kind, currency), currency)

    @strawberry.field(description="The address of a picture of the plainest one, for anybody.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"products/{self.id}", format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Product | None]":
        rows = await info.context.loader(ProductById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


@federation.type(keys=["id"], description="A ready-made configuration to start from.")
class Preset(RowType[models.BuilderPreset], access=ANYBODY):
    id: strawberry.ID = strawberry.field(description="The preset's id, `pre_…`.")
    name: str = strawberry.field(description="What it is called.")
    category: PresetCategory = strawberry.field(description="What it is made for.")
    version: int = strawberry.field(description="Counts changes; send it with `presetUpdate` and `presetArchive`.")
    archived_at: dt.datetime | None = strawberry.field(
        description="When the shop stopped showing it; null while it is in the shop."
    )
    product_kind: strawberry.Private[ProductKind]
    config: strawberry.Private[ConfigData]

    @strawberry.field(name="config", description="What a design made of it starts with.")
    def typed_config(self) -> DesignConfig:
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="What one piece costs as it is; null when the catalogue no longer offers it.")
    def price(self, currency: Currency = CurrencyCode.EUR) -> Money | None:
        config = DesignConfig.from_json(self.config)
        return Money.of(pricing.unit_price(config, currency), currency) if is_offered(config) else None

    @strawberry.field(description="The product that it designs.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The address of a picture of it, for anybody.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"presets/{self.id}", format, size)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[Preset | None]":
        rows = await info.context.loader(PresetById).load_many(ids)
        return [cls.from_optional_row(row) for row in rows]


PresetConnection = Connection[Preset]


@strawberry.type(description="A link by which others see a design. Its token is told once, to who makes it.")
class DesignShare(RowType[models.DesignShare]):
    id: strawberry.ID = strawberry.field(description="The link's id, `shr_…`.")
    mode: ShareMode = strawberry.field(description="What it lets its holder do.")
    views: int = strawberry.field(description="How often the design was seen by it, some seconds late.")
    created_at: dt.datetime = strawberry.field(description="When it was made.")
    expires_at: dt.datetime | None = strawberry.field(description="When it closes by itself; null for never.")
    revoked_at: dt.datetime | None = strawberry.field(description="When it was revoked; null if it was not.")


DesignShareConnection = Connection[DesignShare]


@strawberry.type(description="A design as the holder of a link sees it: nothing tells whose it is.")
class SharedDesign:
    name: str = strawberry.field(description="What its owner calls it.")
    mode: ShareMode = strawberry.field(description="What the link lets its holder do.")
    price: Money = strawberry.field(description="What a single piece costs, tax included.")
    expires_at: dt.datetime | None = strawberry.field(description="When the link closes by itself; null for never.")
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

    @strawberry.field(name="config", description="What it is made of.")
    def typed_config(self) -> DesignConfig:
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="The product that it designs.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The address of a picture of it, for as long as the link is open.")
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"shared/{self.token}", format, size)


@federation.type(keys=["id"], description="What somebody made of a product. Open to its owner and to staff.")
class Design(RowType[models.SavedDesign], access=rule(owner=True, scope=READ)):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")
    name: str = strawberry.field(description="What its owner calls it.")
    price: Money = strawberry.field(description="What a single piece costs, tax included.")
    status: DesignStatus = strawberry.field(description="How far it has come.")
    version: int = strawberry.field(description="Counts changes; send it with `designUpdate` and `designDelete`.")
    created_at: dt.datetime = strawberry.field(description="When it was made.")
    updated_at: dt.datetime = strawberry.field(description="When it was last changed.")
    owner_id: strawberry.Private[str]
    product_kind: strawberry.Private[ProductKind]
    preset_id: strawberry.Private[str | None]
    config: strawberry.Private[ConfigData | None]
    """None where nobody asks for it (`designs_of`)."""

    @strawberry.field(name="config", description="What it is made of.")
    def typed_config(self) -> DesignConfig:
        assert self.config is not None  # noqa: S101 (it was read, since it is asked for)
        return DesignConfig.from_json(self.config)

    @strawberry.field(description="Whose design it is.")
    def owner(self) -> "User | None":
        return User.of(self.owner_id)

    @strawberry.field(description="The product that it designs.")
    def product(self, info: Info) -> Product | None:
        return info.context.loader(ProductByKind).then(self.product_kind, Product.from_optional_row)

    @strawberry.field(description="The preset that it started from, if any.")
    def preset(self, info: Info) -> Preset | None:
        if self.preset_id is None:
            return None
        return info.context.loader(PresetById).then(self.preset_id, Preset.from_optional_row)

    @strawberry.field(
        description="The address of a picture of it, for `<img>`: whoever holds it sees the design for an hour or two, "
        "so ask for it anew rather than keep it."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of_design(self.id, format, size)

    @strawberry.field(
        description="The links by which others see it, newest first. Open to its owner alone.",
        metadata=rule(owner=True),
    )
    @paged
    def shares(self, info: Info, page: Page) -> DesignShareConnection | None:
        if info.context.viewer.id != self.owner_id:
            raise Forbidden("Only its owner sees who may see a design.")
        counter = info.context.loader(ShareCountByDesign)
        return info.context.loader(SharesByDesign).connection(self.id, page, DesignShare.from_row, counter)

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
    listing = DesignListing(selection, sort, page, is_selected(info, "config"))
    counter = info.context.loader(DesignCountByOwner)

    def shown(rows: Slice[models.SavedDesign]) -> Connection[Design]:
        count = partial(counter.then, (owner_id, selection), int)
        return build_connection(rows, DESIGN_SORTS[sort], Design.from_row, count)

    return info.context.loader(DesignsByOwner).page(owner_id, listing, shown)


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="What the user has designed. Open to the user and to staff.", extensions=owner_or(READ, "id")
    )
    @paged
    def designs(
        self,
        info: Info,
        page: Page,
        filter: Filter = None,
        sort: SortBy = DesignSort.NEWEST,
    ) -> DesignConnection | None:
        return designs_of(info, self.id, filter, sort, page)
