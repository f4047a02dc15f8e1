"""Errors that clients may see: each has a stable code and a message that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


class PublicError(Exception):
    """An expected failure. Its code and message reach the client; everything else is masked.

    Mutations return these as typed problems (`shared.graph.problems`); elsewhere they are in the top-level
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
    """The requested object does not exist, or the viewer may not know that it does."""

    code = "NOT_FOUND"


@dataclass(frozen=True)
class Current:
    """The row of an object that the caller may see, as it is now, and the mapped class that it is of."""

    model: type
    row: object


class VersionConflict(PublicError):
    """Another request changed the object first; `current_version` is the version to read and retry with."""

    code = "VERSION_CONFLICT"

    def __init__(self, message: str, current_version: int, current: Current | None = None) -> None:
        super().__init__(message)
        self.current_version = current_version
        self.current = current


class IllegalState(PublicError):
    """The request is valid, but the object's current state does not allow it."""

    code = "ILLEGAL_STATE"


class Unauthenticated(PublicError):
    """The request has no valid access token."""

    code = "UNAUTHENTICATED"


class AuthenticationTooOld(PublicError):
    """The viewer must have authenticated within `max_age` seconds, and has not (RFC 9470)."""

    code = "INSUFFICIENT_USER_AUTHENTICATION"

    def __init__(self, max_age: int) -> None:
        super().__init__(
            f"This needs an authentication within the last {max_age // 60} minutes: call `sessionReauthenticate`, and "
            "try again with the new access token."
        )
        self.max_age = max_age
        self.details = {"maxAge": max_age}


class Forbidden(PublicError):
    """The viewer is authenticated but may not do or see this."""

    code = "FORBIDDEN"


class TooManyRequests(PublicError):
    """A limit was reached; try again after `retry_after` seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.details = {"retryAfter": retry_after}


class Unavailable(PublicError):
    """Something that the request needs is unavailable, usually the database."""

    code = "UNAVAILABLE"

    def __init__(self, message: str = "The database is busy or restarting: try again in a moment.") -> None:
        super().__init__(message)


def reason_of(error: BaseException) -> BaseException:
    """Return what operators need to know, which is more than clients may learn about an outage."""
    return error.__cause__ or error if isinstance(error, Unavailable) else error


class OperationRefused(Exception):
    """A command or a start is refused until an operator has acted; the text is one sentence that says how."""
