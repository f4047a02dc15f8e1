"""Expected failures of the user room."""

from shared.errors import InvalidInput, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Unknown address or wrong password; which of the two is never told."""

    code = "WRONG_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("E-mail address or password is wrong.")


class WrongPassword(Unauthenticated):
    """The account's own password is asked for once more, and this is not it."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("The password is wrong; nothing was changed.")


def email_taken() -> InvalidInput:
    return InvalidInput.field("input.email", "TAKEN", "An account with this e-mail address exists; log in instead.")
