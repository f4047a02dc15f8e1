"""Decides what clients learn of a failure: expected errors with their code, bugs as one masked sentence."""

import re

from graphql import GraphQLError, GraphQLSyntaxError

from shared.core.errors import InvalidInput, PublicError

MASKED_MESSAGE = "Internal server error."
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
INVALID_DOCUMENT_MESSAGE = "The document does not fit the graph."
_OF_VARIABLES = re.compile(r"Variable '\$\w+' has invalid value")


def cause_of(error: GraphQLError) -> BaseException | None:
    """Return the exception behind a GraphQL error; None for what GraphQL itself found wrong with the request."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def is_bug(error: GraphQLError) -> bool:
    """Tell whether the error is ours to mend, and none of the client's business."""
    cause = cause_of(error)
    return cause is not None and not isinstance(cause, PublicError)


def format_error(error: GraphQLError, *, suggests: bool = True) -> dict[str, object]:
    """Return the error as the client gets it: message, place, and a stable code in its extensions.

    What validation says and what GraphQL suggests names types and fields of the schema that the client did not. Unless
    it `suggests`, validation tells the place alone, and suggestions are left out.
    """
    formatted: dict[str, object] = dict(error.formatted)
    cause = cause_of(error)
    if cause is None:
        code = _protocol_code(error)
        if not suggests:
            reported = INVALID_DOCUMENT_MESSAGE if code == VALIDATION_FAILED else error.message
            formatted["message"] = reported.partition(" Did you mean ")[0]
        formatted["extensions"] = {"code": code, **(error.extensions or {})}
    elif isinstance(cause, PublicError):
        formatted["message"], formatted["extensions"] = cause.message, _extensions(cause)
    else:
        formatted["message"], formatted["extensions"] = MASKED_MESSAGE, {"code": "INTERNAL_SERVER_ERROR"}
    return formatted


def _extensions(cause: PublicError) -> dict[str, object]:
    if isinstance(cause, InvalidInput) and cause.fields:
        fields = [{"path": f.path, "code": f.code, "message": f.message} for f in cause.fields]
        return {"code": cause.code, "fields": fields}
    return {"code": cause.code, **cause.details}


def _protocol_code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.path or _OF_VARIABLES.match(error.message) else VALIDATION_FAILED
