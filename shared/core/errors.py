"""Errors that clients may see: each has a stable code and a message that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


class PublicError(Exception):
    """An expected failure. Its code and message reach the client; everything else is masked.

    Mutations return these as typed problems (`shared.graph.problems`); elsewhere they stand in the top-level
    `errors` with `extensions.code`.
    """

    code = "BAD_REQUEST"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        # What clients may read beside the code, such as the limit that was exceeded.
        self.details: dict[str, object] = {}


@dataclass(frozen=True)
class FieldError:
    """One refused input field: `path` as the client wrote it (`input.name`), `code` of the broken rule."""

    path: str
    code: str
    message: str


class InvalidInput(PublicError):
    """The request breaks rules; `fields` names each of them."""

    code = "INVALID_INPUT"

    def __init__(self, message: str, fields: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.fields = tuple(fields)

    @classmethod
    def field(cls, path: str, code: str, message: str) -> "InvalidInput":
        """Refuse a single field."""
        return cls(message, [FieldError(path, code, message)])


class NotFound(PublicError):
    """What was named does not exist, or the caller may not know that it does."""

    code = "NOT_FOUND"


class VersionConflict(PublicError):
    """Somebody else changed it first; `current_version` is what to read and retry on."""

    code = "VERSION_CONFLICT"

    def __init__(self, message: str, current_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version


class IllegalState(PublicError):
    """The request is well formed, but not now: the rules of the thing's state forbid it."""

    code = "ILLEGAL_STATE"


class Unauthenticated(PublicError):
    """No valid access token came with the request."""

    code = "UNAUTHENTICATED"


class Forbidden(PublicError):
    """The caller is known and may not do or see this."""

    code = "FORBIDDEN"


class TooManyRequests(PublicError):
    """A limit was reached; wait and try again."""

    code = "RATE_LIMITED"


class Unavailable(PublicError):
    """Something that the request needs cannot be reached now, most often the database."""

    code = "UNAVAILABLE"

    def __init__(self, message: str = "The database is busy or restarting: try again in a moment.") -> None:
        super().__init__(message)


def reason_of(error: BaseException) -> BaseException:
    """Return what operators need to know: what clients may know of an outage is less."""
    return error.__cause__ or error if isinstance(error, Unavailable) else error
