"""Typed problems: what mutations answer, as data, when they do not succeed.

A service raises an error of `shared.core.errors`; the schema turns it into the problem type of the mutation's
result union. Where a union lacks the type, the error stands in `errors` with the same code.
"""

from typing import TypeAlias

import strawberry
from strawberry import federation

from shared.core import errors
from shared.graph.problem_codes import ProblemCode
from shared.graph.versioned import Versioned, show_current


@strawberry.interface(description="Why a mutation did not succeed.")
class Problem:
    code: ProblemCode = strawberry.field(description="A stable code for programs, such as `INVALID_INPUT`.")
    message: str = strawberry.field(description="A sentence for developers that says what to do.")


@federation.type(shareable=True, description="One input field that was refused.")
class InvalidField:
    path: str = strawberry.field(description="The path of the field in the arguments, such as `input.name`.")
    code: str = strawberry.field(description="The stable code of the rule that the field breaks, such as `TOO_LONG`.")
    message: str = strawberry.field(description="What the rule requires.")


@federation.type(shareable=True, description="The input breaks rules; nothing was changed.")
class InvalidInputProblem(Problem):
    fields: list[InvalidField] = strawberry.field(description="The refused fields, each with the rule that it breaks.")


@federation.type(
    shareable=True, description="The object that the input names does not exist or is not visible to the viewer."
)
class NotFoundProblem(Problem):
    pass


@federation.type(
    shareable=True, description="The object has changed since the client read it. Nothing was changed by this request."
)
class ConflictProblem(Problem):
    current_version: int = strawberry.field(
        description="The current version of the object. Read the object again before you retry."
    )
    row: strawberry.Private[errors.Current | None] = None

    @strawberry.field(
        description="The object as it is now, as far as the viewer may read it: an `Order` or a `Design`. Null for all "
        "others, which clients read again."
    )
    def current(self) -> Versioned | None:
        return show_current(self.row) if self.row is not None else None


@federation.type(
    shareable=True, description="The current state of the object does not allow this; nothing was changed."
)
class IllegalStateProblem(Problem):
    pass


@federation.type(shareable=True, description="A rate limit was reached; wait before you try again.")
class RateLimitedProblem(Problem):
    retry_after: int = strawberry.field(description="The number of seconds after which to try again.")


@federation.type(
    shareable=True,
    description="Something that this needs is unavailable, such as the payment provider; try again later.",
)
class UnavailableProblem(Problem):
    pass


@federation.type(shareable=True, description="The credentials are missing, wrong or expired.")
class UnauthenticatedProblem(Problem):
    pass


@federation.type(
    shareable=True,
    description="The user is logged in, but authenticated too long ago for this; nothing was changed. Call "
    "`sessionReauthenticate`, and try again with the new access token. The code is `INSUFFICIENT_USER_AUTHENTICATION`.",
)
class ReauthenticationProblem(Problem):
    max_age: int = strawberry.field(
        description="The number of seconds within which the user must have authenticated, such as 900."
    )


# What mutations usually answer, for their unions: `OrderCancelSuccess | UpdateProblem`.
UpdateProblem: TypeAlias = InvalidInputProblem | NotFoundProblem | ConflictProblem | IllegalStateProblem
"""Why a thing was not changed to what the input says."""
CreateProblem: TypeAlias = InvalidInputProblem | NotFoundProblem | IllegalStateProblem
"""Why nothing was made of another thing."""
TransitionProblem: TypeAlias = NotFoundProblem | ConflictProblem | IllegalStateProblem
"""Why a thing was not moved to another state."""


class _InvalidInputHandler(strawberry.ExceptionHandler[errors.InvalidInput, InvalidInputProblem]):
    def handle(self, exception: errors.InvalidInput, **_: object) -> InvalidInputProblem:
        fields = [InvalidField(path=f.path, code=f.code, message=f.message) for f in exception.fields]
        return InvalidInputProblem(code=ProblemCode(exception.code), message=exception.message, fields=fields)


class _NotFoundHandler(strawberry.ExceptionHandler[errors.NotFound, NotFoundProblem]):
    def handle(self, exception: errors.NotFound, **_: object) -> NotFoundProblem:
        return NotFoundProblem(code=ProblemCode(exception.code), message=exception.message)


class _ConflictHandler(strawberry.ExceptionHandler[errors.VersionConflict, ConflictProblem]):
    def handle(self, exception: errors.VersionConflict, **_: object) -> ConflictProblem:
        return ConflictProblem(
            code=ProblemCode(exception.code),
            message=exception.message,
            current_version=exception.current_version,
            row=exception.current,
        )


class _IllegalStateHandler(strawberry.ExceptionHandler[errors.IllegalState, IllegalStateProblem]):
    def handle(self, exception: errors.IllegalState, **_: object) -> IllegalStateProblem:
        return IllegalStateProblem(code=ProblemCode(exception.code), message=exception.message)


class _RateLimitedHandler(strawberry.ExceptionHandler[errors.TooManyRequests, RateLimitedProblem]):
    def handle(self, exception: errors.TooManyRequests, **_: object) -> RateLimitedProblem:
        return RateLimitedProblem(
            code=ProblemCode(exception.code), message=exception.message, retry_after=exception.retry_after
        )


class _UnavailableHandler(strawberry.ExceptionHandler[errors.Unavailable, UnavailableProblem]):
    def handle(self, exception: errors.Unavailable, **_: object) -> UnavailableProblem:
        return UnavailableProblem(code=ProblemCode(exception.code), message=exception.message)


class _UnauthenticatedHandler(strawberry.ExceptionHandler[errors.Unauthenticated, UnauthenticatedProblem]):
    def handle(self, exception: errors.Unauthenticated, **_: object) -> UnauthenticatedProblem:
        return UnauthenticatedProblem(code=ProblemCode(exception.code), message=exception.message)


class _AuthenticationTooOldHandler(strawberry.ExceptionHandler[errors.AuthenticationTooOld, ReauthenticationProblem]):
    def handle(self, exception: errors.AuthenticationTooOld, **_: object) -> ReauthenticationProblem:
        return ReauthenticationProblem(
            code=ProblemCode(exception.code), message=exception.message, max_age=exception.max_age
        )


def transition_problem(
    error: errors.NotFound | errors.VersionConflict | errors.IllegalState,
) -> NotFoundProblem | ConflictProblem | IllegalStateProblem:
    """Return the problem of one of several things that a mutation was to move."""
    if isinstance(error, errors.NotFound):
        return _NotFoundHandler().handle(error)
    if isinstance(error, errors.VersionConflict):
        return _ConflictHandler().handle(error)
    return _IllegalStateHandler().handle(error)


PROBLEM_HANDLERS = (
    _InvalidInputHandler(),
    _NotFoundHandler(),
    _ConflictHandler(),
    _IllegalStateHandler(),
    _RateLimitedHandler(),
    _UnavailableHandler(),
    _UnauthenticatedHandler(),
    _AuthenticationTooOldHandler(),
)
