"""Root fields that read designs, presets, products and prices."""

from typing import Annotated, TypeAlias

import strawberry

from shared.core.handles import is_handle
from shared.core.ids import is_id
from shared.graph.access import ANYBODY, OWN, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.languages import Language, TextLanguage
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Page, paged
from subgraphs.builder.catalogue.options import ProductOptions, Units
from subgraphs.builder.enums import DesignSort, MeasurementSystem, PresetCategory, PresetSort, ProductKind
from subgraphs.builder.facet_types import PresetFacets
from subgraphs.builder.inputs import AllDesignsFilter, PresetFilter, PriceQuoteInput
from subgraphs.builder.loaders import (
    ALL_DESIGNS,
    ARCHIVED_PRESETS,
    DESIGN_SORTS,
    READ,
    PresetByHandle,
    ProductByHandle,
    all_products,
)
from subgraphs.builder.price_types import PriceQuote, PriceQuoteResult
from subgraphs.builder.service.all_designs import checked
from subgraphs.builder.service.designs import quote_price
from subgraphs.builder.service.preset_facets import count_facets
from subgraphs.builder.service.preset_selection import PresetSelection
from subgraphs.builder.service.shares import ShareViews, shared_design
from subgraphs.builder.shop_types import Preset, PresetConnection, Product, presets_of
from subgraphs.builder.types import Design, DesignConnection, Filter, SharedDesign, SortBy, designs_of

Search: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="Only items whose name has words that begin so, up to 200 characters. Case and accents do not "
        "matter: `jose` finds `José`."
    ),
]
Wanted: TypeAlias = Annotated[
    PresetFilter | None, strawberry.argument(description="Further conditions on the presets.")
]
ListCurrency: TypeAlias = Annotated[
    CurrencyCode, strawberry.argument(description="The currency of `priceBelow` and of sorting by price.")
]
Handle: TypeAlias = Annotated[
    str, strawberry.argument(description="The name in URLs, such as `custom-collar`, as the field `handle` shows it.")
]


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

    @strawberry.field(description="All customers' designs. Requires the scope `designs:read`.", extensions=scoped(READ))
    @paged
    async def all_designs(
        self,
        info: Info,
        page: Page,
        filter: Annotated[
            AllDesignsFilter | None, strawberry.argument(description="Which designs to list; default: all.")
        ] = None,
        sort: SortBy = DesignSort.NEWEST,
    ) -> DesignConnection | None:
        return await ALL_DESIGNS.connection(info, checked(filter), page, Design.from_row, DESIGN_SORTS[sort])

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

    @strawberry.field(
        description="One preset by its handle, even if archived; null if there is none.", metadata=ANYBODY
    )
    async def preset_by_handle(self, info: Info, handle: Handle) -> Preset | None:
        if is_id("pre", handle):
            return (await Preset.resolve_references(info, [handle]))[0]
        row = await info.context.loader(PresetByHandle).load(handle) if is_handle(handle) else None
        return Preset.from_optional_row(row)

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
        search: Search = None,
        filter: Wanted = None,
        currency: ListCurrency = CurrencyCode.EUR,
        sort: Annotated[PresetSort, strawberry.argument(description="The sort order of the list.")] = PresetSort.SHOP,
    ) -> PresetConnection | None:
        wanted = PresetSelection.of(filter, search, currency)._replace(category=category, product=product)
        return await presets_of(info, wanted, sort, page)

    @strawberry.field(
        description="The presets that staff took out of the shop, the last one first. Requires the scope "
        "`designs:read`.",
        extensions=scoped(READ),
    )
    @paged
    async def archived_presets(self, info: Info, page: Page) -> PresetConnection | None:
        return await ARCHIVED_PRESETS.connection(info, None, page, Preset.from_row)

    @strawberry.field(
        description="The choices that narrow the list of presets down, with the number of presets that each would "
        "leave.",
        metadata=ANYBODY,
    )
    async def preset_facets(
        self,
        info: Info,
        search: Search = None,
        filter: Wanted = None,
        currency: ListCurrency = CurrencyCode.EUR,
        language: TextLanguage = Language.EN,
    ) -> PresetFacets | None:
        selection = PresetSelection.of(filter, search, currency)
        return PresetFacets.of(await count_facets(info.context.database, selection, currency), currency, language)

    @strawberry.field(description="One product by id; null if it does not exist.", metadata=ANYBODY)
    async def product(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The product's id.")]
    ) -> Product | None:
        return (await Product.resolve_references(info, [id]))[0]

    @strawberry.field(description="One product by its handle; null if there is none.", metadata=ANYBODY)
    async def product_by_handle(self, info: Info, handle: Handle) -> Product | None:
        row = await info.context.loader(ProductByHandle).load(handle) if is_handle(handle) else None
        return Product.from_optional_row(row)

    @strawberry.field(
        description="The products on sale, sorted by title. The list is short and has no pages.", metadata=ANYBODY
    )
    async def products(
        self,
        info: Info,
        active: Annotated[
            bool | None, strawberry.argument(description="Whether the products are on sale; null for all products.")
        ] = True,
    ) -> list[Product]:
        async with info.context.database.read() as connection:
            return Product.from_rows(await all_products(connection, active))

    @strawberry.field(
        description="The options a product allows: everything needed to build a configuration form.", metadata=ANYBODY
    )
    def product_options(
        self,
        product: Annotated[ProductKind, strawberry.argument(description="The product.")],
        language: TextLanguage = Language.EN,
        units: Units = MeasurementSystem.METRIC,
    ) -> ProductOptions:
        return ProductOptions.of(product, language, units)

    @strawberry.field(
        description="The price of several pieces of a configuration that nobody has saved, with its picture; or what "
        "the catalogue does not allow in it, field by field, as `designCreate` would tell.",
        metadata=ANYBODY,
    )
    def price_quote(
        self,
        input: Annotated[PriceQuoteInput, strawberry.argument(description="What to price.")],
        language: TextLanguage = Language.EN,
    ) -> PriceQuoteResult | None:
        return PriceQuote.of(*quote_price(input), language)
