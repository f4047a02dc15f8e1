"""What is shown of carts. Nothing of a cart is public: whoever reaches one holds it, or is staff."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar, cast

import strawberry

from shared.graph.context import Info
from shared.graph.money import CurrencyCode, Money
from shared.graph.row_types import RowType
from subgraphs.order import cart_models, models
from subgraphs.order.cart_loaders import ContentsByCart
from subgraphs.order.enums import ShippingMethod
from subgraphs.order.loaders import OrderById
from subgraphs.order.pricing.shipping import ShippingRate
from subgraphs.order.pricing.totals import LineTotals
from subgraphs.order.service.carts.contents import CartContents, Obstacle
from subgraphs.order.service.carts.items import Item
from subgraphs.order.types import Design, Order
from subgraphs.order.value_types import Preset, ShippingAddress

T = TypeVar("T")


@strawberry.type(description="One line of a cart: a design or preset, as it was quoted.")
class CartLine:
    id: strawberry.ID = strawberry.field(description="The line's id, `cln_…`.")
    title: str = strawberry.field(description="The name of the design or preset when it was quoted.")
    quantity: int = strawberry.field(description="Number of pieces.")
    unit_price: Money = strawberry.field(description="The price of one piece, by its quote.")
    subtotal: Money = strawberry.field(description="The price of all pieces without discount.")
    discount: Money = strawberry.field(
        description="What is taken off the subtotal: the quantity discount, and the line's part of the discount code."
    )
    total: Money = strawberry.field(description="The price of the line: subtotal - discount.")
    quote_expires_at: dt.datetime = strawberry.field(
        description="When the price expires; then send a new quote with `cartLinesUpdate`."
    )
    subject: strawberry.Private[str]
    subject_id: strawberry.Private[str]

    @strawberry.field(description="The design; null for a preset.")
    def design(self) -> Design | None:
        return Design.of(self.subject_id if self.subject == "design" else None)

    @strawberry.field(description="The preset, ordered as it is; null for a design.")
    def preset(self) -> Preset | None:
        return Preset.of(self.subject_id if self.subject == "preset" else None)

    @classmethod
    def of(cls, item: Item, cost: LineTotals, currency: CurrencyCode) -> "CartLine":
        return cls(
            id=strawberry.ID(item.id),
            title=item.title,
            quantity=item.quantity,
            unit_price=Money.of(item.unit_price_minor, currency),
            subtotal=Money.of(cost.subtotal_minor, currency),
            discount=Money.of(cost.quantity_discount_minor + cost.code_discount_minor, currency),
            total=Money.of(cost.total_minor, currency),
            quote_expires_at=item.quote_expires_at,
            subject=item.subject,
            subject_id=item.subject_id,
        )


@strawberry.type(description="What a cart costs.")
class CartCost:
    subtotal: Money = strawberry.field(description="The sum of all lines without discount.")
    quantity_discount: Money = strawberry.field(description="What is taken off for numbers of pieces.")
    discount: Money = strawberry.field(description="What the discount code takes off the lines.")
    shipping: Money = strawberry.field(
        description="The price of shipping; 0 while no method is chosen, and where a code makes it free."
    )
    tax: Money = strawberry.field(description="The tax that is added to the prices.")
    included_tax: Money = strawberry.field(
        description="The tax that the prices include; 0 until the country of delivery is known."
    )
    total: Money = strawberry.field(
        description="The amount to pay: subtotal - quantity discount - discount + shipping + tax."
    )

    @classmethod
    def of(cls, contents: CartContents) -> "CartCost":
        totals, currency = contents.totals, contents.cart.currency
        return cls(
            subtotal=Money.of(totals.subtotal_minor, currency),
            quantity_discount=Money.of(totals.quantity_discount_minor, currency),
            discount=Money.of(totals.code_discount_minor, currency),
            shipping=Money.of(totals.shipping_minor, currency),
            tax=Money.of(totals.tax_added_minor, currency),
            included_tax=Money.of(totals.tax_included_minor, currency),
            total=Money.of(totals.total_minor, currency),
        )


@strawberry.type(description="A number of working days.")
class DeliveryDays:
    least: int = strawberry.field(description="At least so many.")
    most: int = strawberry.field(description="At most so many.")


@strawberry.type(description="A way in which a cart can be delivered, and its price.")
class CartShippingRate:
    method: ShippingMethod = strawberry.field(description="The method; choose it with `cartDeliverySet`.")
    amount: Money = strawberry.field(description="The price, before a discount code that makes shipping free.")
    days: DeliveryDays = strawberry.field(description="The working days that delivery takes once the order has left.")

    @classmethod
    def of(cls, rate: ShippingRate, currency: CurrencyCode) -> "CartShippingRate":
        least, most = rate.days
        days = DeliveryDays(least=least, most=most)
        return cls(method=rate.method, amount=Money.of(rate.amount_minor, currency), days=days)


@strawberry.type(description="What prevents that a cart is ordered.")
class CartProblem:
    code: str = strawberry.field(
        description="A stable code: EMPTY, QUOTE_EXPIRED, WITHDRAWN, DESIGN_CHANGED, EMAIL_MISSING, ADDRESS_MISSING, "
        "SHIPPING_MISSING, NOT_DELIVERED_THERE, or one that begins with DISCOUNT_."
    )
    message: str = strawberry.field(description="A sentence that says what to do.")
    line_id: strawberry.ID | None = strawberry.field(
        description="The id of the line that it is about; null for the cart as a whole."
    )

    @classmethod
    def of(cls, obstacle: Obstacle) -> "CartProblem":
        line_id = strawberry.ID(obstacle.line_id) if obstacle.line_id is not None else None
        return cls(code=obstacle.code, message=obstacle.message, line_id=line_id)


@strawberry.type(
    description="What a customer or a guest is about to order. It is readable by its customer, by the holder of a "
    "guest's token, and with the scope `orders:read`. It expires 30 days after its last change, a customer's after "
    "180 days."
)
class Cart(RowType[cart_models.Cart]):
    id: strawberry.ID = strawberry.field(description="The cart's id, `crt_…`.")
    version: int = strawberry.field(description="Increases by 1 with each change. Send it with mutations.")
    currency: strawberry.Private[CurrencyCode]
    order_id: strawberry.Private[str | None]
    discount_code: str | None = strawberry.field(
        description="The discount code, which may have stopped to apply (see `problems`); null if there is none."
    )
    contact_email: str | None = strawberry.field(
        description="The e-mail address for messages about the order; null until it is known."
    )
    expires_at: dt.datetime = strawberry.field(description="When the cart is deleted, unless it changes before.")

    @strawberry.field(description="The currency of all prices.")
    def currency_code(self) -> CurrencyCode:
        return self.currency

    @strawberry.field(description="The delivery address; null until it is known.")
    def shipping_address(self, info: Info) -> ShippingAddress | None:
        return self._contents(info, _address_of)

    @strawberry.field(description="The chosen method of shipping; null until one of `shippingRates` is chosen.")
    def shipping_method(self, info: Info) -> ShippingMethod | None:
        return self._contents(info, lambda contents: contents.method)

    @strawberry.field(description="What the cart holds.")
    def lines(self, info: Info) -> list[CartLine]:
        return self._contents(
            info,
            lambda contents: [CartLine.of(item, contents.costs[item.id], self.currency) for item in contents.items],
        )

    @strawberry.field(
        description="How the cart can be delivered to its address; empty while that is not known, and where nothing is "
        "delivered."
    )
    def shipping_rates(self, info: Info) -> list[CartShippingRate]:
        return self._contents(
            info, lambda contents: [CartShippingRate.of(rate, self.currency) for rate in contents.rates]
        )

    @strawberry.field(description="What the cart costs at this moment.")
    def cost(self, info: Info) -> CartCost:
        return self._contents(info, CartCost.of)

    @strawberry.field(
        description="What prevents that the cart is ordered; empty for one that `checkoutComplete` would order, and "
        "for one that is ordered."
    )
    def problems(self, info: Info) -> list[CartProblem]:
        return self._contents(info, lambda contents: [CartProblem.of(each) for each in contents.obstacles])

    @strawberry.field(description="The order that the cart became; null until then.")
    def order(self, info: Info) -> Order | None:
        if self.order_id is None:
            return None
        return info.context.loader(OrderById).then(self.order_id, Order.from_optional_row)

    def _contents(self, info: Info, make: Callable[[CartContents], T]) -> T:
        return info.context.loader(ContentsByCart).then(self.id, make)


def _address_of(contents: CartContents) -> ShippingAddress | None:
    # A cart has the columns of an address by the same names as an order.
    cart = cast("models.Order", contents.cart)
    return ShippingAddress.from_row(cart) if cart.country_code is not None else None
