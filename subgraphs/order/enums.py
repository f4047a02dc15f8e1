"""The enumerations of the order subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "Where an order stands.",
    PENDING="Placed and not yet paid.",
    PAID="Paid; production has not begun.",
    IN_PRODUCTION="Being made.",
    PARTIALLY_SHIPPED="Some of it has left; the rest follows.",
    SHIPPED="All of it has left.",
    OUT_FOR_DELIVERY="On the last leg, to be delivered today.",
    DELIVERED="With the customer.",
    ON_HOLD="Stopped until a question is answered; it goes on from where it was stopped.",
    CANCELLED="Ended before it was shipped. What was paid is refunded next.",
    REFUNDED="The money went back. Nothing follows.",
    RETURNED="The goods came back. The refund follows.",
)
class OrderStatus(enum.Enum):
    PENDING = "PENDING"
    PAID = "PAID"
    IN_PRODUCTION = "IN_PRODUCTION"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    ON_HOLD = "ON_HOLD"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"
    RETURNED = "RETURNED"


@graphql_enum(
    "What kind of party changed an order.",
    CUSTOMER="The customer who placed it.",
    STAFF="Somebody of the shop.",
    SYSTEM="A machine: a payment, a carrier's message or the shop's own automation.",
)
class ActorKind(enum.Enum):
    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    SYSTEM = "SYSTEM"


@graphql_enum(
    "Where an order was placed.",
    ALL_PET_PLUS="In All Pet Plus's own apps.",
    SHOPIFY="In the Shopify shop.",
)
class OrderSource(enum.Enum):
    ALL_PET_PLUS = "ALL_PET_PLUS"
    SHOPIFY = "SHOPIFY"


@graphql_enum(
    "Where a parcel stands.",
    LABEL_CREATED="Announced to the carrier, not yet handed over.",
    IN_TRANSIT="With the carrier.",
    OUT_FOR_DELIVERY="In the delivery vehicle.",
    DELIVERED="Handed over to the recipient.",
    EXCEPTION="Delayed, damaged or undeliverable; the last scan says which.",
    RETURNED="On its way back or back at the shop.",
)
class ShipmentStatus(enum.Enum):
    LABEL_CREATED = "LABEL_CREATED"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    EXCEPTION = "EXCEPTION"
    RETURNED = "RETURNED"


@graphql_enum(
    "How to sort orders.",
    NEWEST="By the time they were placed, newest first.",
    OLDEST="By the time they were placed, oldest first.",
    RECENTLY_CHANGED="By their last change, latest first.",
)
class OrderSort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    RECENTLY_CHANGED = "RECENTLY_CHANGED"


@graphql_enum(
    "Who may read a note.",
    INTERNAL="Staff alone.",
    CUSTOMER="The customer as well.",
)
class NoteVisibility(enum.Enum):
    INTERNAL = "INTERNAL"
    CUSTOMER = "CUSTOMER"


class FactKind(enum.Enum):
    """What the outside world tells of orders; stored, and never shown."""

    CONTENT = "CONTENT"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    ALL_LEFT = "ALL_LEFT"
    REFUND = "REFUND"
    PARCEL = "PARCEL"
    PAYMENT = "PAYMENT"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    PAYMENT_REFUNDED = "PAYMENT_REFUNDED"
    DISPUTE = "DISPUTE"
