"""What is asked of carts and of the checkout."""

import strawberry
from strawberry import UNSET

from shared.graph.money import CurrencyCode
from shared.graph.postal_addresses import ShippingAddressInput
from subgraphs.order.enums import ShippingMethod


@strawberry.input(description="Pieces of a design or preset to put into a cart.")
class CartLineInput:
    quote: str = strawberry.field(
        description="The `token` of a quote: of a design of the viewer's own, or of any preset, in the cart's currency."
    )
    quantity: int = strawberry.field(default=1, description="Number of pieces, 1 to 1,000; default: 1.")


@strawberry.input(description="A cart to make.")
class CartCreateInput:
    currency: CurrencyCode = strawberry.field(description="The currency of all prices.")
    visitor: str | None = strawberry.field(
        default=None,
        description="The id of the anonymous visitor, as in analytics events, up to 100 characters. Reports then "
        "attribute the order to their visits.",
    )
    lines: list[CartLineInput] = strawberry.field(
        default_factory=list, description="What to put into it; default: nothing."
    )


@strawberry.input
class CartChange:
    """Names a cart and the version that a change is based on."""

    cart_id: strawberry.ID = strawberry.field(description="The id of the cart.")
    token: str | None = strawberry.field(
        default=None, description="For carts of guests: the `token` that `cartCreate` returned."
    )
    version: int = strawberry.field(description="The `version` of the cart that the request is based on.")


@strawberry.input(description="Pieces to add to a cart.")
class CartLinesAddInput(CartChange):
    lines: list[CartLineInput] = strawberry.field(
        description="What to add. Where a line of the design or preset exists, its quantity grows, and the quote that "
        "expires later counts."
    )


@strawberry.input(description="A change of one line of a cart.")
class CartLineUpdateInput:
    line_id: strawberry.ID = strawberry.field(description="The id of the line.")
    quantity: int | None = strawberry.field(
        default=None, description="The new number of pieces, up to 1,000; 0 removes the line. Default: as it is."
    )
    quote: str | None = strawberry.field(
        default=None,
        description="The `token` of a newer quote of the same design or preset, such as when the price has expired.",
    )


@strawberry.input(description="Changes to lines of a cart.")
class CartLinesUpdateInput(CartChange):
    lines: list[CartLineUpdateInput] = strawberry.field(description="The changes.")


@strawberry.input(description="Lines to remove from a cart.")
class CartLinesRemoveInput(CartChange):
    line_ids: list[strawberry.ID] = strawberry.field(description="The ids of the lines.")


@strawberry.input(description="A discount code to use.")
class CartDiscountApplyInput(CartChange):
    code: str = strawberry.field(description="The code, up to 40 characters. Case-insensitive.")


@strawberry.input(description="A cart that is to have no discount code.")
class CartDiscountRemoveInput(CartChange):
    pass


@strawberry.input(
    description="Where and how a cart is delivered. A field that is left out does not change; null removes its value."
)
class CartDeliverySetInput(CartChange):
    email: str | None = strawberry.field(
        default=UNSET, description="The e-mail address for messages about the order, up to 254 characters."
    )
    address: ShippingAddressInput | None = strawberry.field(default=UNSET, description="The delivery address.")
    shipping_method: ShippingMethod | None = strawberry.field(
        default=UNSET, description="The method of shipping, one of the cart's `shippingRates`."
    )


@strawberry.input(description="A guest's cart that the viewer takes over.")
class CartClaimInput:
    cart_id: strawberry.ID = strawberry.field(description="The id of the cart.")
    token: str = strawberry.field(description="The `token` that `cartCreate` returned.")


@strawberry.input(description="A cart to order.")
class CheckoutCompleteInput(CartChange):
    locale: str | None = strawberry.field(
        default=None,
        description="The language of mails about the order, as a language tag such as `de-AT`, for guests and for "
        "customers who never chose one (`Preferences.locale`); default: English.",
    )
