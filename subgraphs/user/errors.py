"""Expected failures of the user room."""

from shared.errors import InvalidInput, Unauthenticated


class WrongCredentials(Unauthenticated):
    """Unknown address or wrong password; which of the two is never told."""

    code = "WRONG_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("E-mail address or password is wrong.")


def email_taken() -> InvalidInput:
    return InvalidInput.field("input.email", "TAKEN", "An account with this e-mail address exists; log in instead.")
