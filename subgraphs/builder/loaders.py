"""One batch loader per key."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar, cast

from sqlalchemy import and_, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.text_search import has_words
from shared.graph.context import Context
from shared.graph.deltas import Deltas
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, SliceByKey, columns_of, in_keys, pages_by_parent
from shared.graph.pagination import Page, Slice, Sort, slice_of
from subgraphs.builder.enums import DesignSort, DesignStatus, PresetSort, ProductKind
from subgraphs.builder.inputs import AllDesignsFilter, DesignFilter
from subgraphs.builder.models import BuilderPreset, DesignShare, PresetVersion, Product, SavedDesign
from subgraphs.builder.service import all_designs
from subgraphs.builder.service.preset_prices import PRICE_COLUMNS
from subgraphs.builder.service.preset_selection import PresetSelection, conditions_of

M = TypeVar("M")

READ, WRITE = "designs:read", "designs:write"
DESIGN_SORTS = {
    DesignSort.NEWEST: Sort(SavedDesign.created_at),
    DesignSort.OLDEST: Sort(SavedDesign.created_at, descending=False),
    DesignSort.RECENTLY_UPDATED: Sort(SavedDesign.updated_at),
    DesignSort.NAME: Sort(SavedDesign.name, descending=False),
}
PRESET_SORTS = {
    PresetSort.SHOP: Sort(BuilderPreset.position, descending=False),
    PresetSort.NAME: Sort(BuilderPreset.name, descending=False),
    PresetSort.NEWEST: Sort(BuilderPreset.created_at),
    PresetSort.POPULAR: Sort(BuilderPreset.units_sold),
}
BY_PRICE = {
    (sort, currency): Sort(column, descending=sort is PresetSort.PRICE_DESC)
    for sort in (PresetSort.PRICE_ASC, PresetSort.PRICE_DESC)
    for currency, column in PRICE_COLUMNS.items()
}


# A configuration is as large as all the rest of a design.
WITHOUT_CONFIG = [*columns_of(SavedDesign.id, {"config"}), literal_column("NULL").label("config")]


class DesignById(RowByKey[SavedDesign]):
    key = SavedDesign.id


class PresetById(RowByKey[BuilderPreset]):
    key = BuilderPreset.id


class PresetByHandle(RowByKey[BuilderPreset]):
    key = BuilderPreset.handle


class PresetVersionById(RowByKey[PresetVersion]):
    key = PresetVersion.id


class SharesByDesign(SliceByKey[DesignShare]):
    key = DesignShare.design_id
    sort = Sort(DesignShare.created_at)


class ShareCountByDesign(CountByKey):
    key = DesignShare.design_id


class ProductById(RowByKey[Product]):
    key = Product.id


class ProductByHandle(RowByKey[Product]):
    key = Product.handle


class ProductByKind(Loader[ProductKind, Product | None]):
    """The product of a kind. There are as many as there are kinds, so all come along."""

    async def fetch(self, database: Database, keys: Sequence[ProductKind]) -> Mapping[ProductKind, Product | None]:
        async with database.read() as connection:
            rows = (await connection.execute(select(Product.__table__))).all()
        return {product.kind: product for product in cast("Sequence[Product]", rows)}


class DesignSelection(NamedTuple):
    """A checked request for some designs of an owner."""

    status: DesignStatus | None = None
    product: ProductKind | None = None
    search: str = ""

    @classmethod
    def of(cls, wanted: DesignFilter | None) -> "DesignSelection":
        """Check a filter; raises InvalidInput."""
        if wanted is None:
            return cls()
        checks = Checks("filter")
        search = checks.text("search", wanted.search or "", shortest=0)
        checks.raise_if_any()
        return cls(wanted.status, wanted.product, search)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a row must fulfil."""
        archived = SavedDesign.status == DesignStatus.ARCHIVED
        conditions = [~archived if self.status is None else SavedDesign.status == self.status]
        if self.product is not None:
            conditions.append(SavedDesign.product_kind == self.product)
        if self.search:
            conditions.append(has_words(self.search, SavedDesign.name))
        return conditions

    def belongs_to(self, owner: ColumnElement[str]) -> ColumnElement[bool]:
        """Return which rows are an owner's and fulfil it."""
        return and_(SavedDesign.owner_id == owner, *self.conditions())


# Designs that were deleted are kept for what was ordered of them.
DESIGN_DELTAS = Deltas[SavedDesign](
    DESIGN_SORTS[DesignSort.NEWEST], SavedDesign.id, SavedDesign.owner_id, SavedDesign.status != DesignStatus.ARCHIVED
)


class DesignListing(NamedTuple):
    """One page of some designs, in an order."""

    selection: DesignSelection
    sort: DesignSort
    page: Page
    with_config: bool = True


class DesignsByOwner(Loader[tuple[str, int], Slice[SavedDesign]]):
    """A page of each owner's designs, in one statement for all owners that are asked for the same listing.

    A key is an owner's id and a listing's number here: most of many owners' time went to hashing the same listing.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._numbers: dict[DesignListing, int] = {}

    def missing(self, key: tuple[str, int]) -> Slice[SavedDesign]:
        return slice_of([], list(self._numbers)[key[1]].page)

    def page(self, owner_id: str, listing: DesignListing, make: Callable[[Slice[SavedDesign]], M]) -> M:
        """Return what a field answers that is made of an owner's page (see `Loader.then`).

        A cursor of another list is refused here, before it can spoil the batch.
        """
        number = self._numbers.get(listing)
        if number is None:
            DESIGN_SORTS[listing.sort].check(listing.page)
            number = self._numbers[listing] = len(self._numbers)
        return self.then((owner_id, number), make)

    async def fetch(
        self, database: Database, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], Slice[SavedDesign]]:
        listings = list(self._numbers)
        owners_of: dict[int, list[str]] = {}
        for owner_id, number in keys:
            owners_of.setdefault(number, []).append(owner_id)
        found: dict[tuple[str, int], Slice[SavedDesign]] = {}
        for number, owners in owners_of.items():
            listing = listings[number]
            sort = DESIGN_SORTS[listing.sort]
            # What is searched for stands in the statement; that nothing is, is one shape for all.
            shape = (type(self), listing.sort, listing.with_config) if listing.selection == DesignSelection() else None
            columns = columns_of(SavedDesign.id, ()) if listing.with_config else WITHOUT_CONFIG
            rows_of: dict[str, list[SavedDesign]] = await pages_by_parent(
                database, shape, columns, listing.selection.belongs_to, sort, listing.page, owners
            )
            for owner_id, rows in rows_of.items():
                found[owner_id, number] = slice_of(rows, listing.page)
        return found


class DesignCountByOwner(Loader[tuple[str, DesignSelection], int]):
    """The number of each owner's designs that a selection lets pass."""

    def missing(self, _key: tuple[str, DesignSelection]) -> int:
        return 0

    async def fetch(
        self, database: Database, keys: Sequence[tuple[str, DesignSelection]]
    ) -> Mapping[tuple[str, DesignSelection], int]:
        owners_of: dict[DesignSelection, list[str]] = {}
        for owner_id, selection in keys:
            owners_of.setdefault(selection, []).append(owner_id)
        found: dict[tuple[str, DesignSelection], int] = {}
        for selection, owners in owners_of.items():
            owner = SavedDesign.owner_id
            counted = select(owner, func.count()).where(in_keys(owner, owners), *selection.conditions())
            async with database.read() as connection:
                for owner_id, count in await connection.execute(counted.group_by(owner)):
                    found[owner_id, selection] = count
        return found


ALL_DESIGNS = Listing[SavedDesign, AllDesignsFilter](DESIGN_SORTS[DesignSort.NEWEST], all_designs.conditions_of)
ARCHIVED_PRESETS = Listing[BuilderPreset, None](
    Sort(BuilderPreset.archived_at), lambda _: [BuilderPreset.archived_at.is_not(None)]
)
PRESETS = Listing[BuilderPreset, PresetSelection](PRESET_SORTS[PresetSort.SHOP], conditions_of)


async def all_products(connection: AsyncConnection, active: bool | None) -> Sequence[Product]:
    """Fetch the products that are on sale, or are not, or all, by title."""
    statement = select(Product.__table__).order_by(Product.title, Product.id)
    if active is not None:
        statement = statement.where(Product.active == active)
    return cast("Sequence[Product]", (await connection.execute(statement)).all())
