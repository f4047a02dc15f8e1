"""What is shown of designs, and of those who own them."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Annotated, TypeAlias

import strawberry
from strawberry import federation

from shared.core.errors import Forbidden
from shared.graph.access import owner_or, rule, signed_in
from shared.graph.context import Info
from shared.graph.deltas import Delta, First, Since
from shared.graph.lookahead import is_selected
from shared.graph.money import Money
from shared.graph.pagination import Connection, Page, Slice, build_connection, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from shared.graph.versioned import Versioned
from subgraphs.builder import models
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.enums import DesignSort, DesignStatus, PreviewFormat, ProductKind, ShareMode
from subgraphs.builder.inputs import DesignFilter
from subgraphs.builder.loaders import (
    DESIGN_DELTAS,
    DESIGN_SORTS,
    READ,
    DesignById,
    DesignCountByOwner,
    DesignListing,
    DesignsByOwner,
    DesignSelection,
    PresetById,
    ProductByKind,
    ShareCountByDesign,
    SharesByDesign,
)
from subgraphs.builder.service.previews import DEFAULT_SIZE
from subgraphs.builder.service.quotes import Quotable
from subgraphs.builder.service.shares import OpenedDesign
from subgraphs.builder.shop_types import Form, Preset, Product, QuoteCurrency, Side, picture_name, previews_of, quote_of
from subgraphs.builder.value_types import QuoteResult

Filter: TypeAlias = Annotated[DesignFilter | None, strawberry.argument(description="Which designs to list.")]
SortBy: TypeAlias = Annotated[DesignSort, strawberry.argument(description="The sort order of the list.")]


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

    @strawberry.field(
        description="The URL of a picture of the design. It changes exactly when the picture does, and works until the "
        "link expires or is revoked."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        return previews_of(info, size).url_of(f"shared/{self.token}", picture_name(self.config), format, size)


@federation.type(
    keys=["id"],
    tags=["id/des"],
    description="A customer's design of a product. Visible to its owner and to staff with the scope `designs:read`.",
)
class Design(RowType[models.SavedDesign], Versioned, access=rule(owner=True, scope=READ)):
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
    """None where nobody asks for it, for a quote or for a picture (`designs_of`)."""

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
        description="The URL of a picture of the design, for use in `<img>`. Anyone with the URL can open it. It "
        "changes exactly when the picture does; the URL of an earlier picture shows the present one for two hours."
    )
    def preview_url(self, info: Info, format: Form = PreviewFormat.PNG, size: Side = DEFAULT_SIZE) -> str | None:
        assert self.config is not None  # noqa: S101 (it was read, since its picture is asked for)
        return previews_of(info, size).url_of_design(self.id, picture_name(self.config), format, size)

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
DesignDelta = Delta[Design]


def designs_of(
    info: Info, owner_id: str, filter: DesignFilter | None, sort: DesignSort, page: Page
) -> Connection[Design]:
    """Return a page of somebody's designs; whether the caller may see them is checked before."""
    selection = DesignSelection.of(filter)
    with_config = any(is_selected(info, field) for field in ("config", "quote", "previewUrl"))
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

    @strawberry.field(
        description="What changed of the user's designs since the app looked last, for apps that work offline; null if "
        "the viewer is not the user. A design that was deleted is among `removedIds`.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    async def design_changes(self, info: Info, since: Since = None, first: First = None) -> DesignDelta | None:
        return await DESIGN_DELTAS.since(info, self.id, since, first, Design.from_row)
