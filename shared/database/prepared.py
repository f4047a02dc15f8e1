"""Reads that are sent again and again: compiled once, and handed to asyncpg without SQLAlchemy's way there and back.

That way took 20 to 30 % of a request: building the statement, looking it up among those compiled, and
wrapping each row. What a statement says and what its columns mean is still SQLAlchemy's: only the sending is not.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeAlias, TypeVar, cast

import asyncpg
from sqlalchemy import ARRAY, Dialect, Engine, Enum, exc
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from shared.database.database import Database, Driver
from shared.database.rows import Statement

_BROKEN = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


M = TypeVar("M")

Reader: TypeAlias = Callable[..., object]
"""Makes what Python sees of a column's value."""


class PreparedSelect(Generic[M]):
    """A SELECT with named parameters; what else it compares with stays as it was. Rows have columns as attributes.

    Their static type is the mapped class with those columns: `PreparedSelect[Order](select(Order.__table__))`.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._sent: _PreparedStatement | None = None

    async def rows(self, database: Database, **values: object) -> list[M]:
        """Return the rows for some values of the parameters; raises what SQLAlchemy raises."""
        async with database.driver_connection() as driver:
            try:
                return await self._rows(database.engine.sync_engine, driver, values)
            except asyncpg.PostgresError as error:
                raise _translated(error, driver) from error
            except _BROKEN as error:
                raise _translated(error, driver) from error

    async def _rows(self, engine: Engine, driver: Driver, values: Mapping[str, object]) -> list[M]:
        sent = self._sent
        if sent is None:
            sent = self._sent = await _PreparedStatement.prepared(self._statement, engine.dialect, driver)
        arguments = [values[name] if name in values else sent.constants[name] for name in sent.parameters]
        for listener in engine.dispatch.before_cursor_execute:
            listener(None, None, sent.sql, arguments, None, False)
        return cast("list[M]", sent.made_of(await driver.fetch(sent.sql, *arguments)))


def _translated(error: Exception, driver: Driver) -> exc.DBAPIError:
    """Return what SQLAlchemy would raise for an error of the driver's."""
    is_broken = driver.is_closed() or isinstance(error, _BROKEN)
    return exc.DBAPIError(None, None, error, hide_parameters=True, connection_invalidated=is_broken)


class _PreparedStatement:
    """A statement as asyncpg gets it, and what is to be done with the records that come back."""

    @classmethod
    async def prepared(cls, statement: Statement, dialect: Dialect, driver: Driver) -> "_PreparedStatement":
        """Ask the server which types the columns have."""
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 (a SELECT compiles to nothing else)
        attributes = (await driver.prepare(compiled.string)).get_attributes()
        return cls(statement, compiled, [each.type.oid for each in attributes])

    def __init__(self, statement: Statement, compiled: SQLCompiler, types: Sequence[int]) -> None:
        self.sql = compiled.string
        self.parameters = list(compiled.positiontup or ())
        writers = compiled._bind_processors
        self.constants = {
            name: writers[name](each.effective_value) if name in writers else each.effective_value  # type: ignore[operator]
            for name, each in compiled.binds.items()
            if not each.required
        }
        columns = list(statement.selected_columns)
        kinds = zip(columns, types, strict=True)
        readers = [_reader(column.type, compiled.dialect, code) for column, code in kinds]
        self.made_of = _maker([str(column.key) for column in columns], readers)


def _maker(
    names: Sequence[str], readers: Sequence[Reader | None]
) -> Callable[[Sequence[asyncpg.Record]], list[object]]:
    """Write the function that turns records into rows, for there are many, and all have the same columns."""
    row = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    if not any(readers):
        # What `_make` does, without its look at the length.
        make = partial(tuple.__new__, row)
        return lambda records: [make(record) for record in records]
    values = [f"v{place}" for place in range(len(names))]
    read = list(values)
    for place, reader in enumerate(readers):
        if reader is not None:
            read[place] = f"None if v{place} is None else r{place}(v{place})"
    namespace = {f"r{place}": reader for place, reader in enumerate(readers)} | {"new": tuple.__new__, "row": row}
    made = f"[new(row, ({', '.join(read)},)) for {', '.join(values)}, in records]"
    maker: Callable[[Sequence[asyncpg.Record]], list[object]] = eval(f"lambda records: {made}", namespace)  # noqa: S307 (all is our own)
    return maker


def _reader(kind: TypeEngine[object], dialect: Dialect, code: int) -> Reader | None:
    """Return what makes of a column's value what Python sees; None where it comes so already."""
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class.__members__.__getitem__
    if isinstance(kind, ARRAY) and (kind.dimensions or 1) == 1:
        read_one = _reader(kind.item_type, dialect, code)
        if read_one is None:
            return None
        return lambda values: [None if each is None else read_one(each) for each in values]
    implementation = kind.dialect_impl(dialect)
    return implementation.result_processor(dialect, code)
