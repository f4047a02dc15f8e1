"""Root fields that read designs, presets, products and prices."""

from typing import Annotated

import strawberry

from shared.graph.access import signed_in
from shared.graph.context import Info
from shared.graph.money import CurrencyCode
from shared.graph.pagination import After, Before, First, Last, build_connection, parse_page
from subgraphs.builder.catalogue.options import ProductOptions
from subgraphs.builder.enums import DesignSort, PresetCategory, PresetSort, ProductKind
from subgraphs.builder.inputs import DesignConfigInput
from subgraphs.builder.loaders import PRESET_SORTS, PresetSelection, all_products, count_presets, page_of_presets
from subgraphs.builder.service.designs import quote_price
from subgraphs.builder.service.shares import ShareViews, shared_design
from subgraphs.builder.types import (
    Currency,
    Design,
    DesignConnection,
    Filter,
    Preset,
    PresetConnection,
    PriceQuote,
    Product,
    SharedDesign,
    SortBy,
    designs_of,
)


@strawberry.type
class Query:
    @strawberry.field(description="One design by id; null if there is none that the caller may see.")
    async def design(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The design's id.")]
    ) -> Design | None:
        return (await Design.resolve_references(info, [id]))[0]

    @strawberry.field(description="The caller's own designs.", extensions=signed_in())
    def designs(
        self,
        info: Info,
        filter: Filter = None,
        sort: SortBy = DesignSort.NEWEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> DesignConnection | None:
        return designs_of(info, info.context.user_id, filter, sort, parse_page(first, after, last, before))

    @strawberry.field(
        description="The design that a link opens, for anybody who holds its token. Null for a token that is unknown, "
        "over or revoked: nothing tells which."
    )
    async def shared_design(
        self, info: Info, token: Annotated[str, strawberry.argument(description="The link's token.")]
    ) -> SharedDesign | None:
        row = await shared_design(info.context.database, token)
        if row is None:
            return None
        info.context.resource(ShareViews).count(row.share_id)
        return SharedDesign.opened(row, token)

    @strawberry.field(description="One preset by id; null if there is none.")
    async def preset(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The preset's id.")]
    ) -> Preset | None:
        return (await Preset.resolve_references(info, [id]))[0]

    @strawberry.field(description="Configurations to start from.")
    async def presets(
        self,
        info: Info,
        category: Annotated[
            PresetCategory | None, strawberry.argument(description="Only presets made for this.")
        ] = None,
        product: Annotated[ProductKind | None, strawberry.argument(description="Only presets of this product.")] = None,
        search: Annotated[str | None, strawberry.argument(description="Part of a name; case does not matter.")] = None,
        sort: Annotated[PresetSort, strawberry.argument(description="The order of the list.")] = PresetSort.SHOP,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> PresetConnection | None:
        page, selection = parse_page(first, after, last, before), PresetSelection.of(category, product, search)
        async with info.context.database.read() as connection:
            rows = await page_of_presets(connection, selection, sort, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_presets(connection, selection)

        return build_connection(rows, PRESET_SORTS[sort], Preset.from_row, count)

    @strawberry.field(description="One product by id; null if there is none.")
    async def product(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The product's id.")]
    ) -> Product | None:
        return (await Product.resolve_references(info, [id]))[0]

    @strawberry.field(description="All products on sale, by title. There are only a few.")
    async def products(self, info: Info) -> list[Product]:
        async with info.context.database.read() as connection:
            return [Product.from_row(row) for row in await all_products(connection)]

    @strawberry.field(description="What a product allows: enough to draw its form.")
    def product_options(
        self, product: Annotated[ProductKind, strawberry.argument(description="The product.")]
    ) -> ProductOptions:
        return ProductOptions.of(product)

    @strawberry.field(
        description="What some pieces of a configuration would cost. Where the configuration breaks rules, "
        "the error's `extensions.fields` names each of them."
    )
    def price_quote(
        self,
        config: Annotated[DesignConfigInput, strawberry.argument(description="What the pieces are made of.")],
        quantity: Annotated[int, strawberry.argument(description="How many pieces, 1 to 1000.")] = 1,
        currency: Currency = CurrencyCode.EUR,
    ) -> PriceQuote | None:
        return PriceQuote.of(quote_price(config, quantity, currency))
