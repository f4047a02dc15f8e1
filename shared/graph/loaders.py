"""Batch loaders: every edge of the graph costs one statement per level, whatever the number of parents.

A subgraph declares one class per key in its `loaders.py`. A field returns `context.loader(LinesByOrder).then(id, …)`,
which is awaited with the whole batch; code that needs the value at once calls `await ….load(id)`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from aiodataloader import DataLoader
from sqlalchemy import SQLColumnExpression, Text, any_, bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement
from strawberry_compiled import LoaderPromise

from shared.core.observability import LOADER_BATCH_SIZE
from shared.core.tasks import request_task
from shared.database.database import Database
from shared.database.prepared import PreparedSelect
from shared.graph.pagination import (
    Column,
    Connection,
    Page,
    Slice,
    Sort,
    Statement,
    build_connection,
    order_by,
    page_values,
    slice_of,
    table_of,
)

if TYPE_CHECKING:
    from shared.graph.context import Context, Info

K = TypeVar("K")
V = TypeVar("V")
M = TypeVar("M")
T = TypeVar("T")
W = TypeVar("W")

LARGEST_BATCH = 1000

# Columns are class attributes and descriptors at once, so they are read from the class, never from `self`.


@dataclass(eq=False)
class _Batch(Generic[K, V]):
    """The keys that were asked for in one tick, and what will bring their values."""

    keys: list[K] = field(default_factory=list)
    future: "asyncio.Future[Mapping[K, V]]" = field(init=False)


class Loader(ABC, Generic[K, V]):
    """Collects the keys asked for in one tick and fetches them together; remembers them for the request."""

    def __init__(self, context: "Context") -> None:
        self.context = context
        # One future for all keys of a tick: one for each took longer than most of what is done with a row.
        self._batches: DataLoader[_Batch[K, V], Mapping[K, V]] = DataLoader(self._load_all, cache=False)
        self._open: _Batch[K, V] | None = None
        self._coming: dict[K, asyncio.Future[Mapping[K, V]]] = {}
        self._values: dict[K, V] = {}

    def _ask(self, key: K) -> "asyncio.Future[Mapping[K, V]]":
        future = self._coming.get(key)
        if future is not None:
            return future
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.future = self._batches.load(batch)
        batch.keys.append(key)
        self._coming[key] = batch.future
        return batch.future

    async def load(self, key: K) -> V:
        """Return the value of one key, together with whatever else is asked for at this moment."""
        return (await asyncio.shield(self._ask(key)))[key]

    def then(self, key: K, make: Callable[[V], M]) -> M:
        """Return what a field answers that is made of a key's value.

        It is a `LoaderPromise` in truth: a resolver, whose caller awaits what comes back, may return it and do nothing
        else.
        """
        return cast("M", LoaderPromise(self._ask(key), key, make))

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        """Return the values of several keys, in their order."""
        wanted = list(keys)
        for future in {self._ask(key) for key in wanted}:
            await asyncio.shield(future)
        return [self._values[key] for key in wanted]

    def clear(self) -> None:
        """Drop what was loaded, for the loader is not asked any more."""
        self._values, self._coming = {}, {}

    async def _load_all(self, batches: list[_Batch[K, V]]) -> list[Mapping[K, V]]:
        return [await self._load(batch) for batch in batches]

    async def _load(self, batch: _Batch[K, V]) -> Mapping[K, V]:
        self._open, keys = None, batch.keys
        LOADER_BATCH_SIZE.labels(type(self).__name__).observe(len(keys))
        try:
            # A batch runs in a task of its own, which nobody would cancel with the request.
            with request_task():
                for start in range(0, len(keys), LARGEST_BATCH):
                    some = keys[start : start + LARGEST_BATCH]
                    found = await self.fetch(self.context.database, some)
                    self._values.update((key, found[key] if key in found else self.missing(key)) for key in some)
        except BaseException:
            # Whoever asks again shall not be told of it.
            for key in keys:
                self._coming.pop(key, None)
            raise
        return self._values

    @abstractmethod
    async def fetch(self, database: Database, keys: Sequence[K]) -> Mapping[K, V]:
        """Fetch all keys with a constant number of statements."""

    def missing(self, _key: K) -> V:
        """Return what stands for a key that was not found."""
        return None  # type: ignore[return-value]


def in_keys(column: SQLColumnExpression[object], keys: Sequence[str]) -> ColumnElement[bool]:
    """Return `column = ANY(:keys)`: one prepared statement for batches of any size."""
    return column == any_(bindparam(None, list(keys), type_=ARRAY(Text)))


def columns_of(key: InstrumentedAttribute[object], deferred: Collection[str]) -> list[Column]:
    """Return the columns of a key's table, without the deferred ones that only a loader of their own reads."""
    return [column for column in table_of(key).columns if column.key not in deferred]


class RowByKey(Loader[str, M | None]):
    """One row, or None, per key: `class OrderById(RowByKey[models.Order]): key = models.Order.id`.

    `deferred` names columns that are left out because most readers do not need them, such as a raw body.
    """

    key: ClassVar[InstrumentedAttribute[object]]
    deferred: ClassVar[Collection[str]] = ()

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, M | None]:
        name = type(self).key.key
        rows: list[M] = await _rows_by_key(type(self)).rows(database, keys=keys)
        return {getattr(row, name): row for row in rows}


class RowsByKey(Loader[str, list[M]]):
    """All rows of a parent in order. For parts that are few by nature, such as the lines of an order."""

    key: ClassVar[InstrumentedAttribute[object]]
    order: ClassVar[InstrumentedAttribute[object]]
    descending: ClassVar[bool] = False
    where: ClassVar[ColumnElement[bool]] = true()
    deferred: ClassVar[Collection[str]] = ()

    def missing(self, _key: str) -> list[M]:
        return []

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, list[M]]:
        name = type(self).key.key
        rows: list[M] = await _rows_by_key(type(self)).rows(database, keys=keys)
        found: dict[str, list[M]] = {}
        for row in rows:
            found.setdefault(getattr(row, name), []).append(row)
        return found


@cache
def _rows_by_key(kind: type[RowByKey[Any]] | type[RowsByKey[Any]]) -> PreparedSelect[Any]:
    key = kind.key
    statement = select(*columns_of(key, kind.deferred)).where(key == any_(bindparam("keys", type_=ARRAY(Text))))
    if issubclass(kind, RowsByKey):
        statement = statement.where(kind.where).order_by(kind.order.desc() if kind.descending else kind.order)
    return PreparedSelect(statement)


class CountByKey(Loader[str, int]):
    """The number of rows of each parent."""

    key: ClassVar[InstrumentedAttribute[object]]
    where: ClassVar[ColumnElement[bool]] = true()

    def missing(self, _key: str) -> int:
        return 0

    async def fetch(self, database: Database, keys: Sequence[str]) -> Mapping[str, int]:
        key = type(self).key
        statement = select(key, func.count()).where(in_keys(key, keys), self.where).group_by(key)
        async with database.read() as connection:
            return {str(row[0]): row[1] for row in await connection.execute(statement)}


class SliceByKey(Loader[tuple[str, Page], Slice[M]]):
    """A page of rows for each parent, in one statement for all parents that ask for the same page.

    `class SharesByDesign(SliceByKey[models.DesignShare]): key = models.DesignShare.design_id; sort = Sort(…)`.
    """

    key: ClassVar[InstrumentedAttribute[object]]
    sort: ClassVar[Sort]
    deferred: ClassVar[Collection[str]] = ()

    def missing(self, key: tuple[str, Page]) -> Slice[M]:
        return slice_of([], key[1])

    def belongs(self, parent: ColumnElement[str]) -> ColumnElement[bool]:
        """Return which rows are a parent's; where a table lies between, override it."""
        return type(self).key == parent

    def connection(self, parent: str, page: Page, build: Callable[[M], T], counter: Loader[str, int]) -> Connection[T]:
        """Return a parent's page as a field answers it (see `then`).

        A cursor of another list is refused here, before it can spoil the batch.
        """
        self.sort.check(page)
        return self.then(
            (parent, page), lambda rows: build_connection(rows, self.sort, build, lambda: counter.then(parent, int))
        )

    async def fetch(self, database: Database, keys: Sequence[tuple[str, Page]]) -> Mapping[tuple[str, Page], Slice[M]]:
        columns = columns_of(type(self).key, self.deferred)
        parents_of_page: dict[Page, list[str]] = {}
        for parent, page in keys:
            parents_of_page.setdefault(page, []).append(parent)
        found: dict[tuple[str, Page], Slice[M]] = {}
        shape = type(self) if type(self).belongs is SliceByKey.belongs else None
        for page, parents in parents_of_page.items():
            rows_of: dict[str, list[M]] = await pages_by_parent(
                database, shape, columns, self.belongs, self.sort, page, parents
            )
            for parent, rows in rows_of.items():
                found[parent, page] = slice_of(rows, page)
        return found


_PAGES: dict[Hashable, PreparedSelect[Any]] = {}


async def pages_by_parent(
    database: Database,
    shape: Hashable | None,
    columns: Sequence[Column],
    belongs: Callable[[ColumnElement[str]], ColumnElement[bool]],
    sort: Sort,
    page: Page,
    parents: Sequence[str],
) -> dict[str, list[M]]:
    """Fetch one page, and a row more, for each parent that has any, in one statement.

    `shape` names all that the statement depends on beside the page and the parents, so that it is compiled once; None
    has it made anew, as for conditions that hold values. `belongs` says which rows are a parent's, given its id.
    """
    if shape is None:
        statement = page_per_parent(columns, belongs, sort, page, parents)
        async with database.read() as connection:
            return rows_by_parent(cast("Iterable[M]", await connection.execute(statement)))
    key = (shape, page.backward, page.cursor is None)
    if key not in _PAGES:
        _PAGES[key] = PreparedSelect(page_per_parent(columns, belongs, sort, page, parents))
    return rows_by_parent(cast("list[M]", await _PAGES[key].rows(database, parents=parents, **page_values(sort, page))))


class Listing(Generic[M, W]):
    """All rows of a table, a page at a time: `USERS = Listing[UserProfile, UserFilter](Sort(…), conditions)`.

    `conditions` returns what a filter asks of a row; None asks for all there is to list, whose pages are compiled once.
    """

    def __init__(
        self,
        sort: Sort,
        conditions: Callable[[W | None], Sequence[ColumnElement[bool]]] = lambda _: (),
        deferred: Collection[str] = (),
    ) -> None:
        self._sort, self._conditions = sort, conditions
        self._columns = columns_of(sort.column, deferred)

    async def connection(
        self, info: "Info", wanted: W | None, page: Page, build: Callable[[M], T], sort: Sort | None = None
    ) -> Connection[T]:
        """Return a page of the rows that a filter lets pass; they are counted only when a client asks."""
        database, sort, where = info.context.database, sort or self._sort, self._conditions(wanted)

        async def count() -> int:
            async with database.read() as connection:
                return await connection.scalar(select(func.count()).select_from(sort.table).where(*where)) or 0

        rows = await self._rows(database, sort, page, where, is_prepared=wanted is None)
        return build_connection(slice_of(rows, page), sort, build, count)

    async def _rows(
        self, database: Database, sort: Sort, page: Page, where: Sequence[ColumnElement[bool]], *, is_prepared: bool
    ) -> Sequence[M]:
        if not is_prepared:
            async with database.read() as connection:
                rows = await connection.execute(order_by(select(*self._columns).where(*where), sort, page))
            return cast("Sequence[M]", rows.all())
        key = (self, *sort.names, sort.descending, page.backward, page.cursor is None)
        if key not in _PAGES:
            _PAGES[key] = PreparedSelect(order_by(select(*self._columns).where(*where), sort, page))
        return cast("list[M]", await _PAGES[key].rows(database, **page_values(sort, page)))


def page_per_parent(
    columns: Sequence[Column],
    belongs: Callable[[ColumnElement[str]], ColumnElement[bool]],
    sort: Sort,
    page: Page,
    parents: Sequence[str],
) -> Statement:
    """Return the SELECT of one page for each parent; its column `parent` tells whose row it is."""
    wanted = (
        func.unnest(bindparam("parents", list(parents), type_=ARRAY(Text)))
        .table_valued("id", name="wanted")
        .render_derived()
    )
    lateral = order_by(select(*columns).where(belongs(wanted.c.id)), sort, page).lateral("page")
    return (
        select(wanted.c.id.label("parent"), lateral)
        .select_from(wanted.join(lateral, true()))
        .order_by(literal_column("1"), *sort.columns(lateral, page.backward))
    )


def rows_by_parent(rows: Iterable[M]) -> dict[str, list[M]]:
    """Group the rows of `page_per_parent` by their parent, in their order."""
    found: dict[str, list[M]] = {}
    parent_of = attrgetter("parent")
    for row in rows:
        found.setdefault(parent_of(row), []).append(row)
    return found
