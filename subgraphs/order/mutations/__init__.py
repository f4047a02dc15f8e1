"""Root fields that change orders, by what they change."""

import strawberry

from subgraphs.order.mutations.discounts import DiscountMutations
from subgraphs.order.mutations.orders import OrderMutations
from subgraphs.order.mutations.refunds import RefundMutations
from subgraphs.order.mutations.shipments import ShipmentMutations
from subgraphs.order.mutations.staff import StaffMutations


@strawberry.type
class Mutation(OrderMutations, ShipmentMutations, RefundMutations, StaffMutations, DiscountMutations):
    """All of them, in the order of the schema."""
