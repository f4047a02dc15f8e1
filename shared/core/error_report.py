"""Describes errors for the log: by class, code and stack, never by their message, which may quote a request.

A database error quotes rows, a mail error addresses, and a parser what it could not read.
"""

import logging
import re
import traceback
from collections.abc import Iterator

_LAST_FRAMES = 50
# Numbers and names that servers and libraries give: of codes, tables and constraints.
_ATTRIBUTES = ("code", "errno", "smtp_code", "sqlstate", "schema_name", "table_name", "column_name", "constraint_name")
_CODE = re.compile(r"[A-Za-z_][\w.-]{0,79}|[0-9A-Z]{5}", re.ASCII)


def describe(error: BaseException) -> str:
    """Name an error and what caused it: `Unavailable(code=UNAVAILABLE) from ConnectionRefusedError(errno=111)`."""
    return " from ".join(_name(each) for each in _causes(error))


def report(error: BaseException) -> str:
    """Describe an error and what caused it, each with its stack, in the order in which Python prints them."""
    parts = []
    for each in reversed(list(_causes(error))):
        frames = "".join(traceback.format_tb(each.__traceback__)[-_LAST_FRAMES:])
        parts.append(f"Traceback (most recent call last):\n{frames}{_name(each)}")
    return "\nwhich caused:\n".join(parts)


class LibraryFormatter(logging.Formatter):
    """Writes what libraries log: the constant part of their message, numbers, and errors without theirs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and the report of an error if there is one."""
        lines = [f"{record.levelname} {record.name} {self._text(record)}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines.append(report(record.exc_info[1]))
        return "\n".join(lines)

    @staticmethod
    def _text(record: logging.LogRecord) -> str:
        if isinstance(record.msg, BaseException):
            return describe(record.msg)
        # asyncio writes the error of a task below the first line.
        template = str(record.msg).strip().partition("\n")[0]
        given = record.args if isinstance(record.args, tuple) else ()
        try:
            return template % tuple(arg if isinstance(arg, int | float) else "…" for arg in given)
        except (TypeError, ValueError):
            return template


def _name(error: BaseException) -> str:
    found = {name: getattr(error, name, None) for name in _ATTRIBUTES}
    facts = [f"{name}={value}" for name, value in found.items() if _is_safe(value)]
    return f"{type(error).__name__}({', '.join(facts)})" if facts else type(error).__name__


def _is_safe(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and _CODE.fullmatch(value) is not None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, those of its group, and what caused it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting.extend(each.exceptions)
        waiting.append(each.__cause__ or (None if each.__suppress_context__ else each.__context__))
