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
    READY_FOR_PICKUP="At a pickup point, where the customer can collect it.",
    DELIVERED="Delivered to the customer.",
    ON_HOLD="On hold until a question is answered; the order then resumes where it was.",
    CANCELLED="Cancelled before any of it shipped, or while it was made again. `paid` and `refunded` tell whether "
    "money is still held.",
    REFUNDED="None of the price is held any more: it was refunded in full. The order only leaves this status when a "
    "refund fails.",
    RETURNED="At least one parcel was returned or is on its way back, and no other is under way. It can be sent again, "
    "made again or refunded.",
)
class OrderStatus(enum.Enum):
    PENDING = "PENDING"
    PAID = "PAID"
    IN_PRODUCTION = "IN_PRODUCTION"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
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
    READY_FOR_PICKUP="At a pickup point, where the recipient can collect it.",
    DELIVERED="Handed over to the recipient.",
    EXCEPTION="Delayed, damaged or undeliverable; the last scan says which.",
    LOST="Given up as lost by the carrier or by staff.",
    RETURNED="On its way back or back at the shop.",
)
class ShipmentStatus(enum.Enum):
    LABEL_CREATED = "LABEL_CREATED"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    DELIVERED = "DELIVERED"
    EXCEPTION = "EXCEPTION"
    LOST = "LOST"
    RETURNED = "RETURNED"


@graphql_enum(
    "How to sort orders.",
    NEWEST="By the time of placing, newest first.",
    OLDEST="By the time of placing, oldest first.",
    RECENTLY_CHANGED="By the time of the last change of status, latest first.",
    LEAST_RECENTLY_CHANGED="By the time of the last change of status, earliest first.",
    TOTAL_HIGHEST="By `total`, highest first. Amounts of different currencies are compared as numbers of their minor "
    "units, so filter by a currency.",
    TOTAL_LOWEST="By `total`, lowest first, compared as in `TOTAL_HIGHEST`.",
)
class OrderSort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    RECENTLY_CHANGED = "RECENTLY_CHANGED"
    LEAST_RECENTLY_CHANGED = "LEAST_RECENTLY_CHANGED"
    TOTAL_HIGHEST = "TOTAL_HIGHEST"
    TOTAL_LOWEST = "TOTAL_LOWEST"


@graphql_enum(
    "What best sellers are grouped by.",
    PRODUCT="By the kind of the product, such as `COLLAR`. Lines of other shops whose kind is not known do not count.",
    PRESET="By the preset that was ordered off the shelf. Lines of designs do not count.",
    TITLE="By the title of the line, for all lines.",
)
class BestSellerKind(enum.Enum):
    PRODUCT = "PRODUCT"
    PRESET = "PRESET"
    TITLE = "TITLE"


@graphql_enum(
    "How to sort best sellers.",
    UNITS="By the pieces sold, most first.",
    REVENUE="By the revenue, highest first. Needs a currency.",
)
class BestSellerSort(enum.Enum):
    UNITS = "UNITS"
    REVENUE = "REVENUE"


@graphql_enum("Who may read a note.", INTERNAL="Staff only.", CUSTOMER="Staff and the customer.")
class NoteVisibility(enum.Enum):
    INTERNAL = "INTERNAL"
    CUSTOMER = "CUSTOMER"


@graphql_enum(
    "The kind of an order line.",
    GOODS="Goods that are made and sent.",
    NOT_SENT="Goods that need no parcel, such as a gift card.",
    CHARGE="Another charge, such as a tip.",
    REMOVED="Pieces that were taken off the order before they left. They are not made; their price is still part of "
    "the total, and is refunded.",
    RETURNED="Pieces that left and were taken back. Their price is still part of the total, and is refunded.",
)
class OrderLineKind(enum.Enum):
    GOODS = "GOODS"
    NOT_SENT = "NOT_SENT"
    CHARGE = "CHARGE"
    REMOVED = "REMOVED"
    RETURNED = "RETURNED"


SENT_KINDS = (OrderLineKind.GOODS, OrderLineKind.RETURNED)
"""The kinds of lines whose pieces are in parcels."""


@graphql_enum(
    "What an entry of an order's ledger is about.",
    CHARGE="Money that comes in.",
    REFUND="Money that goes back to the payer.",
    DISPUTE="Money that the payer's bank asks to have back.",
)
class LedgerEntryKind(enum.Enum):
    CHARGE = "CHARGE"
    REFUND = "REFUND"
    DISPUTE = "DISPUTE"


@graphql_enum(
    "How far the money of a ledger entry or a refund has come.",
    PENDING="Decided or reported, and not confirmed by the provider yet; a dispute that is open.",
    SUCCEEDED="The money has moved; a dispute that was lost.",
    FAILED="No money has moved: the payment was declined, the refund or a part of it could not be made, or the dispute "
    "was won.",
)
class LedgerEntryState(enum.Enum):
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@graphql_enum(
    "Who reported the money of a ledger entry.",
    STRIPE="Stripe.",
    SHOPIFY="The books of the Shopify shop.",
    INTERNAL="Another system of the shop, by the internal webhook.",
    ALL_PET_PLUS="Nobody outside: it was recorded or decided here.",
)
class LedgerProvider(enum.Enum):
    STRIPE = "STRIPE"
    SHOPIFY = "SHOPIFY"
    INTERNAL = "INTERNAL"
    ALL_PET_PLUS = "ALL_PET_PLUS"


@graphql_enum(
    "What staff have to do about an order.",
    OVERPAID="More money came in than the order costs: refund the difference.",
    UNDERPAID="Money came in, but less than the order costs: ask for the difference, or refund it.",
    REFUND_DUE="The order is cancelled and its money is still held: refund it.",
    REFUND_FAILED="A refund failed: refund in another way.",
    OTHER_CURRENCY="Money came in or went back in another currency than the order's, so it does not count: check it at "
    "the provider, and enter or refund it by hand.",
    DISPUTED="The payer's bank asks for the money: answer the dispute at the payment provider.",
    SENT_AFTER_CANCELLATION="A parcel left although the order is cancelled: get it back, or move the order to SHIPPED.",
    CANCELLED_AFTER_SENDING="The shop cancelled the order after it had left: get the parcel back, or refund the order.",
    SENT_UNPAID="A parcel left although the order is not paid: ask for the money, or get the parcel back.",
    REST_CANCELLED="The part of the order that had not shipped was cancelled: refund its price.",
    PARCEL_LOST="A parcel is lost: send or make it again, or refund it.",
    PARCEL_RETURNED="A parcel came back: send or make it again, or refund it.",
    PARCEL_PROBLEM="A parcel is delayed, damaged or undeliverable: ask the carrier.",
    CONTACT_CORRECTED="The shop corrected the contact e-mail address: check that nothing went to the wrong person.",
    DESIGN_REFUSED="The order names a design that is not its customer's, or that was changed after its price was "
    "quoted: decide what is made.",
    DATA_REQUESTED="The customer asked the shop for a copy of their data: send it within 30 days.",
    DISCOUNT_USED_UP="The order was paid after it was cancelled, and others have used up its discount code since: "
    "refund it, or ask for the rest of the price.",
)
class OrderTaskKind(enum.Enum):
    OVERPAID = "OVERPAID"
    UNDERPAID = "UNDERPAID"
    REFUND_DUE = "REFUND_DUE"
    REFUND_FAILED = "REFUND_FAILED"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    DISPUTED = "DISPUTED"
    SENT_AFTER_CANCELLATION = "SENT_AFTER_CANCELLATION"
    CANCELLED_AFTER_SENDING = "CANCELLED_AFTER_SENDING"
    SENT_UNPAID = "SENT_UNPAID"
    REST_CANCELLED = "REST_CANCELLED"
    PARCEL_LOST = "PARCEL_LOST"
    PARCEL_RETURNED = "PARCEL_RETURNED"
    PARCEL_PROBLEM = "PARCEL_PROBLEM"
    CONTACT_CORRECTED = "CONTACT_CORRECTED"
    DESIGN_REFUSED = "DESIGN_REFUSED"
    DATA_REQUESTED = "DATA_REQUESTED"
    DISCOUNT_USED_UP = "DISCOUNT_USED_UP"


@graphql_enum(
    "Who takes a payment.",
    STRIPE="Stripe: show its Payment Element with `clientSecret` and `publishableKey`.",
    SIMULATED="The simulated provider of development: open `url`, and choose a test card.",
)
class PaymentProviderKind(enum.Enum):
    STRIPE = "STRIPE"
    SIMULATED = "SIMULATED"


class PaymentState(enum.Enum):
    """How far a payment at a provider has come, as far as that decides what is done here. TAKEN cannot be cancelled
    any more: it is paid, or about to be."""

    OPEN = "OPEN"
    TAKEN = "TAKEN"
    CANCELLED = "CANCELLED"


class SimulatedPaymentState(enum.Enum):
    """The status of a payment at the simulated provider, in Stripe's words."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


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
    REFUND_STATE = "REFUND_STATE"
    DISPUTE = "DISPUTE"
    REDACTED = "REDACTED"
    DATA_REQUESTED = "DATA_REQUESTED"


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


class SubjectKind(enum.Enum):
    """What a line of an order is of."""

    DESIGN = "DESIGN"
    PRESET = "PRESET"
    PRODUCT = "PRODUCT"


@graphql_enum("How an order is sent.", STANDARD="The cheapest way.", EXPRESS="The fastest way.")
class ShippingMethod(enum.Enum):
    STANDARD = "STANDARD"
    EXPRESS = "EXPRESS"


@graphql_enum(
    "What a discount code takes off.",
    PERCENTAGE="A percentage of the goods, after their quantity discounts.",
    AMOUNT="An amount in the currency of the cart, at most what the goods cost.",
    FREE_SHIPPING="The price of shipping by the method STANDARD; EXPRESS costs what it costs without a code.",
)
class DiscountKind(enum.Enum):
    PERCENTAGE = "PERCENTAGE"
    AMOUNT = "AMOUNT"
    FREE_SHIPPING = "FREE_SHIPPING"


@graphql_enum(
    "Why a discount code does not apply to a cart.",
    UNKNOWN="There is no such code.",
    NOT_STARTED="The code is valid later.",
    ENDED="The code is no longer valid.",
    USED_UP="The code was used as often as it can be.",
    ALREADY_USED="The code can be used once by each customer, and this one has used it.",
    OTHER_CURRENCY="The code is not valid in the currency of the cart.",
    BELOW_MINIMUM="The goods cost less than the code requires.",
)
class DiscountRefusal(enum.Enum):
    UNKNOWN = "UNKNOWN"
    NOT_STARTED = "NOT_STARTED"
    ENDED = "ENDED"
    USED_UP = "USED_UP"
    ALREADY_USED = "ALREADY_USED"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    BELOW_MINIMUM = "BELOW_MINIMUM"


@graphql_enum(
    "What a change of an order is about.",
    START="The stream begins here. It has a cursor and no order.",
    PLACED="The order was placed.",
    STATUS="The timeline has a new entry: another status, a refund, or a parcel that left besides.",
    CONTENT="Its lines, sums or numbers.",
    CONTACT="Its contact e-mail address or delivery address.",
    PARCEL="Its parcels or their scans.",
    NOTE="Its notes.",
    PAYMENT="What was paid or paid back.",
    REFUND="A refund was decided, or its state changed.",
    TASK="Its tasks. For staff alone.",
    LINKED="It is a customer's now: all of it is new to them.",
    UNLINKED="It is no longer the customer's who had it.",
    ERASED="The personal data of its customer was erased.",
)
class OrderChangeKind(enum.Enum):
    START = "START"
    PLACED = "PLACED"
    STATUS = "STATUS"
    CONTENT = "CONTENT"
    CONTACT = "CONTACT"
    PARCEL = "PARCEL"
    NOTE = "NOTE"
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    TASK = "TASK"
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    ERASED = "ERASED"
