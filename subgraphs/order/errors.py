"""Expected failures of the order subgraph."""

from shared.core.errors import Current, NotFound, PublicError, VersionConflict
from subgraphs.order.models import Order


class SubscriberTooSlow(PublicError):
    """A subscriber let more changes pile up than are kept for it; nothing is lost, it resumes where it was."""

    code = "SUBSCRIBER_TOO_SLOW"

    def __init__(self) -> None:
        super().__init__("Too many changes wait to be read; subscribe again with the last version as `afterVersion`.")


def unknown_order() -> NotFound:
    """Return the one error for orders that do not exist and for those the caller may not see."""
    return NotFound("This order does not exist, or you may not read it.")


def changed_meanwhile(order: Order) -> VersionConflict:
    """Return the error for an order that another change came first to; `order` is its row now."""
    current = Current(Order, order)
    return VersionConflict("The order has changed since you read it; read it again.", order.version, current)


def unknown_cart() -> NotFound:
    """Return the one error for carts that do not exist, and for wrong tokens and those of others."""
    return NotFound("This cart does not exist, has expired, or is not yours; `me.cart` is a customer's own.")


def cart_changed(current_version: int) -> VersionConflict:
    return VersionConflict("The cart has changed since you read it; read it again.", current_version)
