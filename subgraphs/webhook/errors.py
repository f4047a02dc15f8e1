"""Expected failures of the webhook subgraph."""

from shared.core.errors import PublicError


class BadSignature(PublicError):
    """The signature does not prove who sent the delivery; what exactly was wrong is only in the log."""

    code = "BAD_SIGNATURE"

    def __init__(self) -> None:
        super().__init__("The signature is missing, wrong or too old.")


class MalformedDelivery(PublicError):
    """A delivery of a known sender lacks what is needed to store it."""

    code = "MALFORMED_DELIVERY"
