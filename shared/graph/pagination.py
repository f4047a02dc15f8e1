"""Relay connections over keyset cursors (https://relay.dev/graphql/connections.htm).

A cursor names the last row seen, not a position, so pages stay right while rows come and go, and the
thousandth page costs what the first does.
"""

import datetime as dt
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Generic, NamedTuple, TypeAlias, TypeVar, cast

import orjson
import strawberry
from sqlalchemy import ColumnElement, FromClause, Integer, Select, Table, bindparam, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from strawberry import federation

from shared.core import base64url
from shared.core.errors import InvalidInput
from shared.core.limits_file import LIMITS
from shared.graph.datetimes import parse_datetime

M = TypeVar("M")
R = TypeVar("R")
T = TypeVar("T")

Statement: TypeAlias = Select[Any]
"""A SELECT of whatever columns: its rows are typed by the loader that reads them."""
Column: TypeAlias = ColumnElement[Any]
"""A column of whatever type; `select` takes no others."""

DEFAULT_PAGE = LIMITS.cost.default_page
LARGEST_PAGE = LIMITS.cost.largest_page

_ARGUMENTS = {
    "first": Annotated[
        int | None,
        strawberry.argument(description="Number of items to return from the start of the list, 0 to 100; default: 20."),
    ],
    "after": Annotated[
        str | None,
        strawberry.argument(
            description="Return the items after this cursor (an edge's `cursor`). Cannot be combined with `last` or "
            "`before`."
        ),
    ],
    "last": Annotated[
        int | None,
        strawberry.argument(
            description="Number of items to return from the end of the list, 0 to 100. Cannot be combined with `first`."
        ),
    ],
    "before": Annotated[
        str | None,
        strawberry.argument(
            description="Return the items before this cursor (an edge's `cursor`). Cannot be combined with `first` or "
            "`after`."
        ),
    ],
}


class Page(NamedTuple):
    """A checked request for one page: at most `size` rows beyond `cursor`, forwards or backwards."""

    size: int
    backward: bool
    cursor: str | None


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The rows of one page in the list's own order, and whether there are more on either side."""

    rows: Sequence[M]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Sort:
    """The order of a list: one column and, where its values repeat, the id."""

    column: InstrumentedAttribute[object]
    descending: bool = True
    tie_breaker: str = "id"

    @property
    def names(self) -> list[str]:
        name = self.column.key
        return [name] if name == self.tie_breaker else [name, self.tie_breaker]

    @property
    def table(self) -> Table:
        return table_of(self.column)

    def columns(self, source: FromClause, backward: bool) -> list[Column]:
        """Return the ORDER BY columns as they are called in `source` (a table or subquery)."""
        columns = [source.c[name] for name in self.names]
        return [column.desc() if self.descending != backward else column.asc() for column in columns]

    def cursor_of(self, row: object) -> str:
        """Return the cursor that names a row of this list."""
        values = [getattr(row, name) for name in self.names]
        return base64url.encode(orjson.dumps([self.column.key, *values]))

    def check(self, page: Page) -> None:
        """Raise InvalidInput when the page's cursor is not one of this list's."""
        self.values_of(page)

    def values_of(self, page: Page) -> list[object]:
        """Read a page's cursor back, empty without one; raises InvalidInput when it is not one of this list's."""
        if page.cursor is None:
            return []
        try:
            name, *values = orjson.loads(base64url.decode(page.cursor))
            if name == self.column.key and len(values) == len(self.names):
                columns = self.table.c
                return [_coerce(value, columns[key]) for key, value in zip(self.names, values, strict=True)]
        except (ValueError, TypeError, OverflowError):
            pass
        name = "before" if page.backward else "after"
        raise InvalidInput.field(
            name, "INVALID_CURSOR", "The cursor does not belong to this list; send the `cursor` of one of its edges."
        )


def table_of(column: InstrumentedAttribute[object]) -> Table:
    """Return the table of a mapped class's column."""
    return cast("Table", column.class_.__table__)


def _coerce(value: object, column: ColumnElement[object]) -> object:
    expected = column.type.python_type
    if expected is dt.datetime:
        return parse_datetime(cast("str", value))  # anything else is a TypeError there, which the caller expects
    if type(value) is not expected or (isinstance(value, str) and "\x00" in value):
        raise ValueError("a value of another type")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("out of range")
    return value


def parse_page(
    first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None
) -> Page:
    """Check the four paging arguments; raises InvalidInput that says which one is wrong and what to send."""
    backward = last is not None or (before is not None and first is None)
    if first is not None and last is not None:
        raise InvalidInput.field("last", "EXCLUSIVE", "Send `first` or `last`, not both.")
    if after is not None and before is not None:
        raise InvalidInput.field("before", "EXCLUSIVE", "Send `after` or `before`, not both.")
    if after is not None and backward:
        raise InvalidInput.field("after", "EXCLUSIVE", "`after` goes with `first`; `before` goes with `last`.")
    if before is not None and not backward:
        raise InvalidInput.field("before", "EXCLUSIVE", "`before` goes with `last`; `after` goes with `first`.")
    size = last if last is not None else first
    if size is None:
        size = DEFAULT_PAGE
    if not 0 <= size <= LARGEST_PAGE:
        name = "last" if last is not None else "first"
        raise InvalidInput.field(name, "OUT_OF_RANGE", f"`{name}` must be from 0 to {LARGEST_PAGE}.")
    return Page(size=size, backward=backward, cursor=before if backward else after)


def paged(resolver: Callable[..., R]) -> Callable[..., R]:
    """Give a resolver that takes a checked `page` the four arguments of a connection in its place, after its own."""
    given = inspect.signature(resolver)
    own = [each for each in given.parameters.values() if each.name != "page"]
    arguments = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _ARGUMENTS.items()
    ]

    def with_page(named: dict[str, object]) -> dict[str, object]:
        given = {name: named.pop(name, None) for name in _ARGUMENTS}
        return named | {"page": parse_page(**cast("dict[str, Any]", given))}

    if inspect.iscoroutinefunction(resolver):

        @wraps(resolver)
        async def resolve(*parent: object, **named: object) -> R:
            result: R = await resolver(*parent, **with_page(named))
            return result

    else:

        @wraps(resolver)
        def resolve(*parent: object, **named: object) -> R:
            return resolver(*parent, **with_page(named))

    resolve.__signature__ = given.replace(parameters=[*own, *arguments])  # type: ignore[attr-defined]
    return cast("Callable[..., R]", resolve)


def order_by(statement: Statement, sort: Sort, page: Page) -> Statement:
    """Restrict a SELECT to one page, and one row more to learn whether the list goes on."""
    table = sort.table
    values = page_values(sort, page)
    if page.cursor is not None:
        columns = tuple_(*[table.c[name] for name in sort.names])
        seen = tuple_(*[bindparam(f"seen_{name}", values[f"seen_{name}"], table.c[name].type) for name in sort.names])
        statement = statement.where(columns < seen if sort.descending != page.backward else columns > seen)
    limit = bindparam("limit", values["limit"], Integer)
    return statement.order_by(*sort.columns(table, page.backward)).limit(limit)


def page_values(sort: Sort, page: Page) -> dict[str, object]:
    """Return the values of the parameters that `order_by` has put into a statement."""
    seen = zip(sort.names, sort.values_of(page), strict=False)
    return {"limit": page.size + 1, **{f"seen_{name}": value for name, value in seen}}


def slice_of(rows: Sequence[M], page: Page) -> Slice[M]:
    """Turn at most `size + 1` fetched rows into a page."""
    more, seen = len(rows) > page.size, page.cursor is not None
    rows = rows[: page.size]
    if page.backward:
        return Slice(rows[::-1], has_previous=more, has_next=seen)
    return Slice(rows, has_previous=seen, has_next=more)


@federation.type(shareable=True, description="The position of a page in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are items after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are items before this page.")
    _rows: strawberry.Private[Sequence[object]]
    _sort: strawberry.Private[Sort]

    @strawberry.field(description="The cursor of the first item, to send as `before`; null if the page is empty.")
    def start_cursor(self) -> str | None:
        return self._sort.cursor_of(self._rows[0]) if self._rows else None

    @strawberry.field(description="The cursor of the last item, to send as `after`; null if the page is empty.")
    def end_cursor(self) -> str | None:
        return self._sort.cursor_of(self._rows[-1]) if self._rows else None


@strawberry.type(description="One item of a list with its cursor.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The item.")
    _row: strawberry.Private[object]
    _sort: strawberry.Private[Sort]

    @strawberry.field(description="The item's cursor, to send as `after` or `before`.")
    def cursor(self) -> str:
        # It costs more to write than the row that it names: it is written when somebody asks for it.
        return self._sort.cursor_of(self._row)


def _not_counted() -> int:
    raise AssertionError("this connection was built without a counter")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items of this page, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
    _count: strawberry.Private[Callable[[], int | Awaitable[int]]] = _not_counted

    @strawberry.field(description="The items of this page, for clients that need no cursors.")
    def nodes(self) -> list[T]:
        return [edge.node for edge in self.edges]

    @strawberry.field(
        description="Number of items in the whole list, not only on this page. Counted only when this field is "
        "selected."
    )
    def total_count(self) -> int:
        return self._count()  # type: ignore[return-value]  # (awaited by whoever has asked)


def build_connection(
    rows: Slice[M], sort: Sort, build: Callable[[M], T], count: Callable[[], int | Awaitable[int]]
) -> Connection[T]:
    """Show a slice of rows as a connection.

    `build` makes a member of a row, `count` counts the whole list when a client asks for it.
    """
    shown = rows.rows
    info = PageInfo(has_next_page=rows.has_next, has_previous_page=rows.has_previous, _rows=shown, _sort=sort)
    edges = [Edge(node=build(row), _row=row, _sort=sort) for row in shown]
    return Connection(edges=edges, page_info=info, _count=count)
