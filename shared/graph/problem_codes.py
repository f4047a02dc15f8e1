"""The codes of problems, which clients branch on."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "Why a mutation did not succeed. New codes may be added: treat an unknown one by the type of its problem.",
    INVALID_INPUT="The input breaks rules.",
    NOT_FOUND="The object does not exist or is not visible to the viewer.",
    VERSION_CONFLICT="The object has changed since the client read it.",
    ILLEGAL_STATE="The current state of the object does not allow this.",
    RATE_LIMITED="A rate limit was reached.",
    UNAVAILABLE="Something that this needs is unavailable.",
    CHECKOUT_REFUSED="The cart cannot be ordered as it is.",
    UNAUTHENTICATED="The access token is missing or no longer accepted, or the viewer must log in.",
    INSUFFICIENT_USER_AUTHENTICATION="The user authenticated too long ago for this.",
    WRONG_CREDENTIALS="The e-mail address or the password is wrong.",
    ACCOUNT_SUSPENDED="Staff have suspended the account.",
    WRONG_PASSWORD="The password is wrong.",  # noqa: S106 (a code)
    WRONG_CODE="The one-time code or recovery code is wrong or was used.",
    CODES_LOCKED="Too many wrong codes were sent.",
    CODE_REQUIRED="A code of the second factor is required.",
    INVALID_CHALLENGE="The challenge of the second factor is wrong or has expired.",
    INVALID_REFRESH_TOKEN="The refresh token is wrong, or its session has ended.",  # noqa: S106 (a code)
    REFRESH_TOKEN_SPENT="The user authenticated again a moment ago, which replaced the refresh token.",  # noqa: S106 (a code)
    REFRESH_TOKEN_REUSED="The refresh token was exchanged before and its successor used, so its session was ended.",  # noqa: S106 (a code)
    WRONG_PASSKEY="The answer of the passkey is not accepted.",
    CHALLENGE_EXPIRED="The challenge of the passkey has expired or was used.",
)
class ProblemCode(enum.Enum):
    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    ILLEGAL_STATE = "ILLEGAL_STATE"
    RATE_LIMITED = "RATE_LIMITED"
    UNAVAILABLE = "UNAVAILABLE"
    CHECKOUT_REFUSED = "CHECKOUT_REFUSED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    INSUFFICIENT_USER_AUTHENTICATION = "INSUFFICIENT_USER_AUTHENTICATION"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 (a code)
    WRONG_CODE = "WRONG_CODE"
    CODES_LOCKED = "CODES_LOCKED"
    CODE_REQUIRED = "CODE_REQUIRED"
    INVALID_CHALLENGE = "INVALID_CHALLENGE"
    INVALID_REFRESH_TOKEN = "INVALID_REFRESH_TOKEN"  # noqa: S105 (a code)
    REFRESH_TOKEN_SPENT = "REFRESH_TOKEN_SPENT"  # noqa: S105 (a code)
    REFRESH_TOKEN_REUSED = "REFRESH_TOKEN_REUSED"  # noqa: S105 (a code)
    WRONG_PASSKEY = "WRONG_PASSKEY"
    CHALLENGE_EXPIRED = "CHALLENGE_EXPIRED"
