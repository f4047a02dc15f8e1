"""Searches texts by the beginnings of their words, in any script, whatever their case and accents, by an index.

The words are in an index alone (`shared/database/text_search_functions.py`), which the server keeps with the rows: no
column holds them, so they are erased where the text is.
"""

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Select,
    SQLColumnExpression,
    Text,
    TextClause,
    any_,
    bindparam,
    func,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

MOST_FOUND = 10_000
"""So many of the newest rows that hold the words are found at most."""


def words_of(*columns: str) -> TextClause:
    """Return the words in some columns as an index has them."""
    return text(f"search_vector(VARIADIC ARRAY[{', '.join(columns)}])")


def has_words(sought: str, *columns: SQLColumnExpression[str] | SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """Return whether the columns hold all words of a text, or words that begin so."""
    query: BindParameter[str] = bindparam(None, sought, type_=Text)
    return func.search_vector(*columns).op("@@")(func.search_query(query))


def among(
    key: InstrumentedAttribute[str], *found: tuple[SQLColumnExpression[str], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return whether a row is among those that searches find: pairs of the key of the row and a condition.

    They are found first. A planner that takes them for many would read the whole list in its order instead, in the
    hope of meeting one soon.
    """
    parts = [
        select(each.label("id")).where(condition).order_by(each.desc()).limit(MOST_FOUND).subquery()
        for each, condition in found
    ]
    ids: Select[tuple[str]] = select(union_all(*[select(part.c.id) for part in parts]).subquery().c.id)
    return key == any_(func.array(ids.scalar_subquery(), type_=ARRAY(Text)))


def with_words(
    key: InstrumentedAttribute[str], sought: str, *columns: SQLColumnExpression[str] | SQLColumnExpression[str | None]
) -> ColumnElement[bool]:
    """Return whether a row is among those whose columns hold the words of a text."""
    return among(key, (key, has_words(sought, *columns)))
