"""Expected failures of the user subgraph."""

from shared.core.errors import IllegalState, InvalidInput, NotFound, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Unknown address, wrong password, or an address that nobody has verified; which of them is never told."""

    code = "WRONG_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__(
            "The e-mail address or password is wrong, or the address is not verified yet; check them and try again."
        )


class WrongPassword(Unauthenticated):
    """The account's own password is asked for once more, and this is not it."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("The password is wrong, so nothing was changed; send the account's current password.")


class InvalidRefreshToken(Unauthenticated):
    """No token of ours, or one of a session that is over."""

    code = "INVALID_REFRESH_TOKEN"

    def __init__(self) -> None:
        super().__init__("The refresh token is not valid, or its session has ended; log in again.")


class RefreshTokenSpent(Unauthenticated):
    """Another request with the same token was under way at the same time, and has got the new tokens."""

    code = "REFRESH_TOKEN_SPENT"

    def __init__(self) -> None:
        super().__init__("Another request has just used this refresh token; use the tokens that it received.")


class RefreshTokenReused(Unauthenticated):
    """The token was used before: somebody else has it, so nobody may go on with the session."""

    code = "REFRESH_TOKEN_REUSED"

    def __init__(self) -> None:
        super().__init__("This refresh token was used before, so the session was ended; log in again.")


def invalid_token() -> InvalidInput:
    message = "The token is not valid: it was used before or has expired; request a new e-mail."
    return InvalidInput.field("input.token", "INVALID_TOKEN", message)


def email_taken() -> InvalidInput:
    return InvalidInput.field("input.token", "TAKEN", "An account with this e-mail address exists; log in instead.")


def last_admin() -> IllegalState:
    return IllegalState("At least one user must be an administrator; give another user the role `ADMIN` first.")


def unknown_account() -> NotFound:
    return NotFound("This account no longer exists.")
