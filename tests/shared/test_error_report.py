"""Errors in the log: their class, code and stack, and no message of theirs or of a library."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout

import asyncpg
import pytest
import structlog

from shared.core.error_report import LibraryFormatter, describe, report
from shared.core.errors import Unavailable
from shared.core.observability import configure_logging
from shared.core.settings import Settings

SECRET = "what-a-client-sent"


def failed(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Return an error as it is after it was raised."""
    try:
        raise error from cause
    except BaseException as raised:
        return raised


@pytest.fixture
def _configured() -> Iterator[None]:
    before = structlog.get_config()
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (ValueError(SECRET), "ValueError"),
        (OSError(111, SECRET), "ConnectionRefusedError(errno=111)"),
        (KeyError(SECRET), "KeyError"),
        (failed(Unavailable(SECRET), TimeoutError(SECRET)), "Unavailable(code=UNAVAILABLE) from TimeoutError"),
        (asyncpg.UniqueViolationError(SECRET), "UniqueViolationError(sqlstate=23505)"),
        (type("Odd", (Exception,), {"code": f"{SECRET} with spaces"})(), "Odd"),
        (
            ExceptionGroup(SECRET, [ValueError(SECRET), TypeError(SECRET)]),
            "ExceptionGroup from ValueError from TypeError",
        ),
    ],
)
def test_an_error_is_described_by_class_and_code(error: BaseException, described: str) -> None:
    assert describe(error) == described


def test_a_report_has_the_stacks_of_an_error_and_its_cause() -> None:
    def inner() -> None:
        raise ValueError(SECRET)

    try:
        try:
            inner()
        except ValueError as cause:
            raise RuntimeError(SECRET) from cause
    except RuntimeError as error:
        said = report(error)
    assert [line for line in said.splitlines() if not line.startswith(" ")] == [
        "Traceback (most recent call last):",
        "ValueError",
        "which caused:",
        "Traceback (most recent call last):",
        "RuntimeError",
    ]
    assert "in inner" in said
    assert SECRET not in said


@pytest.mark.usefixtures("_configured")
@pytest.mark.parametrize("form", ["console", "json"])
def test_a_line_never_shows_the_message_of_an_error(form: str) -> None:
    with redirect_stdout(io.StringIO()) as written:
        configure_logging(Settings.model_validate({"log_format": form}))
        structlog.get_logger().error("it failed", reason=ValueError(SECRET), exc_info=failed(TypeError(SECRET)))
    said = written.getvalue()
    assert "it failed" in said
    assert "ValueError" in said
    assert "TypeError" in said
    assert "in failed" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("message", "arguments", "line"),
    [
        ("took %s of %d", (SECRET, 12), "WARNING library took … of 12"),
        (f"A task has failed\nfuture: {SECRET}", (), "WARNING library A task has failed"),
        (ValueError(SECRET), (), "WARNING library ValueError"),
        ("100 % of it", (), "WARNING library 100 % of it"),
    ],
)
def test_libraries_log_their_constant_words(message: object, arguments: tuple[object, ...], line: str) -> None:
    try:
        raise TypeError(SECRET)
    except TypeError:
        error = sys.exc_info()
    made = logging.LogRecord("library", logging.WARNING, __file__, 1, message, arguments, None)
    assert LibraryFormatter().format(made) == line
    made.exc_info = error
    assert SECRET not in LibraryFormatter().format(made)
    assert "TypeError" in LibraryFormatter().format(made)
