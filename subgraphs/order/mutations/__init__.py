"""Root fields that change orders, by what they change."""

import strawberry

from subgraphs.order.mutations.carts import CartMutations
from subgraphs.order.mutations.checkout import CheckoutMutations
from subgraphs.order.mutations.discounts import DiscountMutations
from subgraphs.order.mutations.orders import OrderMutations
from subgraphs.order.mutations.payments import PaymentMutations
from subgraphs.order.mutations.refunds import RefundMutations
from subgraphs.order.mutations.shipments import ShipmentMutations
from subgraphs.order.mutations.staff import StaffMutations


@strawberry.type
class Mutation(
    OrderMutations,
    ShipmentMutations,
    PaymentMutations,
    RefundMutations,
    StaffMutations,
    CartMutations,
    CheckoutMutations,
    DiscountMutations,
):
    """All of them, in the order of the schema."""
