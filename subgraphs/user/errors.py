"""Expected failures of the user subgraph."""

from shared.core.errors import IllegalState, InvalidInput, NotFound, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Unknown address, wrong password, or an address that nobody has verified; which of them is never told."""

    code = "WRONG_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__(
            "The e-mail address or password is wrong, or the address is not verified yet; check them and try again."
        )


class AccountSuspended(Unauthenticated):
    """The user has authenticated, and staff have suspended the account."""

    code = "ACCOUNT_SUSPENDED"

    def __init__(self) -> None:
        super().__init__("This account is suspended, so nobody can log in to it; write to the shop.")


class WrongPassword(Unauthenticated):
    """The account's own password is asked for once more, and this is not it."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("The password is wrong, so nothing was changed; send the account's current password.")


class WrongCode(Unauthenticated):
    """Neither a code of the account's second factor that is good now, nor one of its recovery codes."""

    code = "WRONG_CODE"

    def __init__(self) -> None:
        super().__init__("The code is wrong, or was used before; wait for the next code, or send a recovery code.")


class CodesLocked(Unauthenticated):
    """So many wrong codes came in a row that somebody must be guessing."""

    code = "CODES_LOCKED"

    def __init__(self) -> None:
        super().__init__("Too many wrong codes in a row: send a recovery code, or set a new password by e-mail first.")


class CodeRequired(Unauthenticated):
    """The account has a second factor, without which its password is not enough."""

    code = "CODE_REQUIRED"

    def __init__(self) -> None:
        super().__init__("This account has a second factor: send a code of it, or a recovery code.")


class InvalidChallenge(Unauthenticated):
    """No challenge of ours, or one that is used, has expired, or rests on what has changed since."""

    code = "INVALID_CHALLENGE"

    def __init__(self) -> None:
        super().__init__("The challenge is not valid any more; log in with the password again.")


class InvalidRefreshToken(Unauthenticated):
    """No token of ours, or one of a session that is over."""

    code = "INVALID_REFRESH_TOKEN"

    def __init__(self) -> None:
        super().__init__("The refresh token is not valid, or its session has ended; log in again.")


class RefreshTokenSpent(Unauthenticated):
    """The user has just authenticated again, which has replaced the token."""

    code = "REFRESH_TOKEN_SPENT"

    def __init__(self) -> None:
        super().__init__("A new authentication has just replaced this refresh token; use the tokens that it returned.")


class RefreshTokenReused(Unauthenticated):
    """The token was used before: somebody else has it, so nobody may go on with the session."""

    code = "REFRESH_TOKEN_REUSED"

    def __init__(self) -> None:
        super().__init__("This refresh token was used before, so the session was ended; log in again.")


class WrongPasskey(Unauthenticated):
    """An unknown passkey, or an answer that its authenticator has not given; which of them is never told."""

    code = "WRONG_PASSKEY"

    def __init__(self) -> None:
        super().__init__("The passkey was not accepted; try again, or log in in another way.")


class ChallengeRefused(Unauthenticated):
    """A challenge that was used, has expired, or was made for something else."""

    code = "CHALLENGE_EXPIRED"

    def __init__(self) -> None:
        super().__init__("The challenge was used before, has expired, or is for something else; start again.")


def invalid_passkey_response() -> InvalidInput:
    message = "Send the JSON of the credential as the browser or the device has returned it."
    return InvalidInput.field("input.response", "INVALID_RESPONSE", message)


def passkey_not_accepted() -> InvalidInput:
    message = "The answer of the authenticator does not fit what was asked for; start again."
    return InvalidInput.field("input.response", "NOT_ACCEPTED", message)


def passkey_taken() -> InvalidInput:
    return InvalidInput.field("input.response", "TAKEN", "This passkey is registered already; use it, or add another.")


def too_many_passkeys(most: int) -> IllegalState:
    return IllegalState(f"An account has at most {most} passkeys; remove one first.")


def no_passkey() -> IllegalState:
    return IllegalState("This account has no passkey; add one with `passkeyRegistrationStart` and `passkeyRegister`.")


def last_factor() -> IllegalState:
    return IllegalState(
        "The roles of this account need a second factor, and this passkey is its last one; add another passkey, or an "
        "app with `totpEnrol`, before you remove it."
    )


def unknown_passkey() -> NotFound:
    return NotFound("This passkey does not exist.")


def too_many_addresses(most: int) -> IllegalState:
    return IllegalState(f"An account has at most {most} addresses; delete one first.")


def unknown_address() -> NotFound:
    return NotFound("This address does not exist.")


def too_many_pets(most: int) -> IllegalState:
    return IllegalState(f"An account has at most {most} pets; delete one first.")


def unknown_pet() -> NotFound:
    return NotFound("This pet does not exist.")


def unknown_device() -> NotFound:
    return NotFound("This device does not exist.")


def invalid_token() -> InvalidInput:
    message = "The token is not valid: it was used before or has expired; request a new e-mail."
    return InvalidInput.field("input.token", "INVALID_TOKEN", message)


def email_taken() -> InvalidInput:
    return InvalidInput.field("input.token", "TAKEN", "An account with this e-mail address exists; log in instead.")


def last_admin() -> IllegalState:
    return IllegalState("At least one user must be an administrator; give another user the role `ADMIN` first.")


def own_suspension() -> IllegalState:
    return IllegalState("Nobody can suspend their own account; another administrator can.")


def suspended_already() -> IllegalState:
    return IllegalState("This account is suspended already; `userReinstate` undoes it.")


def not_suspended() -> IllegalState:
    return IllegalState("This account is not suspended.")


def second_factor_exists() -> IllegalState:
    return IllegalState("This account has a second factor already; remove it with `totpRemove` first.")


def no_second_factor() -> IllegalState:
    return IllegalState("This account has no second factor; add one with `totpEnrol` and `totpConfirm`.")


def nothing_to_confirm() -> IllegalState:
    return IllegalState("There is no second factor to confirm, or its time is over; call `totpEnrol` first.")


def own_second_factor() -> IllegalState:
    return IllegalState("Remove your own second factor with `totpRemove`, which takes a code of it.")


def unknown_account() -> NotFound:
    return NotFound("This account no longer exists.")
