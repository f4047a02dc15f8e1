"""Decides what clients learn of a failure: expected errors with their code, bugs as one masked sentence."""

from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.extensions import MaskErrors

from shared.errors import InvalidInput, PublicError

MASKED_MESSAGE = "Internal server error."


def public_cause(error: GraphQLError) -> PublicError | None:
    """Return the expected error behind a GraphQL error, if there is one."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause if isinstance(cause, PublicError) else None


def is_expected(error: GraphQLError) -> bool:
    """Tell whether the error may be shown: raised on purpose, or made by validation itself."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause is None or isinstance(cause, PublicError)


class ErrorMask(MaskErrors):
    """Gives every error a code, and hides the message of all that was not meant for clients."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=lambda _: True)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        cause = public_cause(error)
        if cause is not None:
            return _shown(error, cause.message, _extensions(cause))
        if not is_expected(error):
            return _shown(error, MASKED_MESSAGE, {"code": "INTERNAL_SERVER_ERROR"})
        return _shown(error, error.message, {"code": _protocol_code(error), **(error.extensions or {})})


def _shown(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )


def _extensions(cause: PublicError) -> dict[str, Any]:
    if isinstance(cause, InvalidInput) and cause.fields:
        fields = [{"path": f.path, "code": f.code, "message": f.message} for f in cause.fields]
        return {"code": cause.code, "fields": fields}
    return {"code": cause.code}


def _protocol_code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.path or _is_variable_error(error) else "GRAPHQL_VALIDATION_FAILED"


def _is_variable_error(error: GraphQLError) -> bool:
    return error.message.startswith("Variable ")
