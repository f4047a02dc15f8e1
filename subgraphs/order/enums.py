"""The enumerations of the order subgraph, stored and shown alike."""

import enum

from shared.graph.enums import graphql_enum


@graphql_enum(
    "The status of an order.",
    PENDING="Placed and not yet paid.",
    PAID="Paid; production has not started.",
    IN_PRODUCTION="In production.",
    PARTIALLY_SHIPPED="Part of the order has shipped; the rest follows.",
    SHIPPED="The whole order has shipped.",
    OUT_FOR_DELIVERY="In the delivery vehicle, to be delivered today.",
    DELIVERED="Delivered to the customer.",
    ON_HOLD="On hold until a question is answered; the order then resumes where it was.",
    CANCELLED="Cancelled before any of it shipped. A payment already made is still to be refunded.",
    REFUNDED="Refunded in full. This status is final.",
    RETURNED="Returned or on its way back to the shop. The refund is still to be made.",
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
    "The kind of party that made a change.",
    CUSTOMER="The customer who placed the order.",
    STAFF="A member of the shop's staff.",
    SYSTEM="No person: a payment, a carrier's message or the shop's own automation.",
)
class ActorKind(enum.Enum):
    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    SYSTEM = "SYSTEM"


@graphql_enum("Where an order was placed.", ALL_PET_PLUS="In the apps of All Pet Plus.", SHOPIFY="In the Shopify shop.")
class OrderSource(enum.Enum):
    ALL_PET_PLUS = "ALL_PET_PLUS"
    SHOPIFY = "SHOPIFY"


@graphql_enum(
    "The status of a parcel.",
    LABEL_CREATED="Announced to the carrier and not yet handed over.",
    IN_TRANSIT="In transit with the carrier.",
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
    NEWEST="By the time of placing, newest first.",
    OLDEST="By the time of placing, oldest first.",
    RECENTLY_CHANGED="By the time of the last change of status, latest first.",
)
class OrderSort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    RECENTLY_CHANGED = "RECENTLY_CHANGED"


@graphql_enum("Who may read a note.", INTERNAL="Staff only.", CUSTOMER="Staff and the customer.")
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


@graphql_enum(
    "Why an e-mail address gets no mails about orders.",
    HARD_BOUNCE="The mail provider reported that the address does not take mails.",
    SOFT_BOUNCES="Mails to the address came back several times in a row.",
    COMPLAINT="The owner of the address marked a mail as unwanted.",
    UNSUBSCRIBED="A guest unsubscribed. Customers with an account have the preference `orderEmails` instead.",
)
class SuppressionCause(enum.Enum):
    HARD_BOUNCE = "HARD_BOUNCE"
    SOFT_BOUNCES = "SOFT_BOUNCES"
    COMPLAINT = "COMPLAINT"
    UNSUBSCRIBED = "UNSUBSCRIBED"
