"""Root fields that read designs, presets, products and prices."""

from typing import Annotated

import strawberry

from shared.graph.access import ANYBODY, OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Page, paged
from subgraphs.builder.catalogue.options import ProductOptions
from subgraphs.builder.enums import DesignSort, PresetCategory, PresetSort, ProductKind
from subgraphs.builder.inputs import DesignConfigInput
from subgraphs.builder.loaders import PRESET_SORTS, PRESETS, READ, PresetSelection, all_products
from subgraphs.builder.service.designs import quote_price
from subgraphs.builder.service.shares import ShareViews, shared_design
from subgraphs.builder.types import (
    Currency,
    Design,
    DesignConnection,
    Filter,
    Preset,
    PresetConnection,
    Product,
    SharedDesign,
    SortBy,
    designs_of,
)
from subgraphs.builder.value_types import PriceQuote


@strawberry.type
class Query:
    @strawberry.field(
        description="One design by id; null if it does not exist or the viewer may not read it.",
        metadata=rule(owner=True, scope=READ),
    )
    async def design(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The design's id.")]
    ) -> Design | None:
        return (await Design.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="The designs owned by the viewer. Requires a login.", extensions=signed_in(), metadata=OWN
    )
    @paged
    def designs(
        self, info: Info, page: Page, filter: Filter = None, sort: SortBy = DesignSort.NEWEST
    ) -> DesignConnection | None:
        return designs_of(info, info.context.user_id, filter, sort, page)

    @strawberry.field(
        description="The design that a link's token opens; no login required. Null if the token is unknown, "
        "expired or revoked, or if the design was deleted.",
        metadata=rule(remark="who holds the link's token"),
    )
    async def shared_design(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="The token of the link, from `designShare`.")],
    ) -> SharedDesign | None:
        row = await shared_design(info.context.database, token)
        if row is None:
            return None
        info.context.resource(ShareViews).count(row.share_id)
        return SharedDesign.opened(row, token)

    @strawberry.field(description="One preset by id, even if archived; null if it does not exist.", metadata=ANYBODY)
    async def preset(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The preset's id.")]
    ) -> Preset | None:
        return (await Preset.resolve_references(info, [id]))[0]

    @strawberry.field(description="The presets in the shop, without archived ones.", metadata=ANYBODY)
    @paged
    async def presets(
        self,
        info: Info,
        page: Page,
        category: Annotated[
            PresetCategory | None, strawberry.argument(description="Only presets in this category.")
        ] = None,
        product: Annotated[ProductKind | None, strawberry.argument(description="Only presets of this product.")] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only items whose name contains this text, ignoring case. Up to 200 characters."
            ),
        ] = None,
        sort: Annotated[PresetSort, strawberry.argument(description="The sort order of the list.")] = PresetSort.SHOP,
    ) -> PresetConnection | None:
        selection = PresetSelection.of(category, product, search)
        return await PRESETS.connection(info, selection, page, Preset.from_row, PRESET_SORTS[sort])

    @strawberry.field(description="One product by id; null if it does not exist.", metadata=ANYBODY)
    async def product(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The product's id.")]
    ) -> Product | None:
        return (await Product.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="All products on sale, sorted by title. The list is short and has no pages.", metadata=ANYBODY
    )
    async def products(self, info: Info) -> list[Product]:
        async with info.context.database.read() as connection:
            return [Product.from_row(row) for row in await all_products(connection)]

    @strawberry.field(
        description="The options a product allows: everything needed to build a configuration form.", metadata=ANYBODY
    )
    def product_options(
        self, product: Annotated[ProductKind, strawberry.argument(description="The product.")]
    ) -> ProductOptions:
        return ProductOptions.of(product)

    @strawberry.field(
        description="The price of several pieces of a configuration. If the configuration is invalid, the result "
        "is null and the error's `extensions.fields` lists each invalid field.",
        metadata=ANYBODY,
    )
    def price_quote(
        self,
        config: Annotated[DesignConfigInput, strawberry.argument(description="The configuration to price.")],
        quantity: Annotated[
            int,
            strawberry.argument(
                description="The number of pieces, 1 to 1,000. A quantity break lowers the price of all pieces, so 50 "
                "may cost less than 46."
            ),
        ] = 1,
        currency: Currency = CurrencyCode.EUR,
    ) -> PriceQuote | None:
        return PriceQuote.of(quote_price(config, quantity, currency))
