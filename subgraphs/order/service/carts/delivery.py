"""What a cart says beside its lines: contact, address, method of shipping, and discount code."""

from strawberry import UNSET

from shared.core.validation import Checks
from shared.database.database import Database
from shared.graph.postal_addresses import check_address
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.cart_inputs import CartDeliverySetInput, CartDiscountApplyInput, CartDiscountRemoveInput
from subgraphs.order.cart_models import Cart
from subgraphs.order.enums import DiscountRefusal
from subgraphs.order.service.carts.holders import Holder, change_cart, open_cart
from subgraphs.order.service.discount_codes import MESSAGES, DiscountLookup, normal_code
from subgraphs.order.service.placement import NewAddress

ADDRESS = tuple(NewAddress.__dataclass_fields__)
"""The columns of an address, in a cart as in an order."""


async def set_delivery(
    database: Database, pseudonymizer: Pseudonymizer, holder: Holder, given: CartDeliverySetInput
) -> Cart:
    """Change where and how a cart is delivered, and return its row.

    Raises InvalidInput, NotFound, VersionConflict, IllegalState or Unauthenticated.
    """
    checks, values = Checks(), dict[str, object]()
    if given.email is None:
        values |= {"contact_email": None, "contact_digest": None}
    elif given.email is not UNSET:
        email = checks.email("email", given.email)
        values |= {"contact_email": email, "contact_digest": pseudonymizer.of_email(email)}
    if given.address is None:
        values |= dict.fromkeys(ADDRESS)
    elif given.address is not UNSET:
        values |= check_address(checks, "address", given.address)
    if given.shipping_method is not UNSET:
        values["shipping_method"] = given.shipping_method.name if given.shipping_method is not None else None
    if not values:
        checks.refuse("email", "NOTHING_TO_CHANGE", "Send at least one field to change.")
    async with database.write() as session:
        # First, so that nobody else learns anything from their input.
        cart = await open_cart(session, holder, given.cart_id, given.version)
        checks.raise_if_any()
        return await change_cart(session, cart, **values)


async def apply_discount(
    database: Database, lookup: DiscountLookup, holder: Holder, address: str, given: CartDiscountApplyInput
) -> Cart:
    """Use a discount code, and return the cart's row; raises as `set_delivery`, or TooManyRequests.

    Whether the goods are worth enough changes with the cart, and is told with its problems.
    """
    checks = Checks()
    async with database.write() as session:
        cart = await open_cart(session, holder, given.cart_id, given.version)
        code = normal_code(given.code)
        found = await lookup.look_up(code, cart.currency, cart.customer_id, cart.contact_digest, address)
        if isinstance(found, DiscountRefusal):
            checks.refuse("code", found.name, MESSAGES[found])
        checks.raise_if_any()
        return await change_cart(session, cart, discount_code=code)


async def remove_discount(database: Database, holder: Holder, given: CartDiscountRemoveInput) -> Cart:
    """Use no discount code, and return the cart's row; raises as `set_delivery`."""
    async with database.write() as session:
        cart = await open_cart(session, holder, given.cart_id, given.version)
        return await change_cart(session, cart, discount_code=None)
