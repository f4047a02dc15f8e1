"""Root fields that take money, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import rule
from shared.graph.context import Info
from shared.graph.money import Money
from shared.graph.problems import IllegalStateProblem, NotFoundProblem, UnauthenticatedProblem, UnavailableProblem
from subgraphs.order.enums import PaymentProviderKind
from subgraphs.order.inputs import OrderPayInput
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.order_payment import pay_order
from subgraphs.order.service.payments import Payments, StartedPayment


@strawberry.type(description="A payment that the client can let the customer make.")
class Payment:
    provider: PaymentProviderKind = strawberry.field(description="Who takes the payment.")
    client_secret: str = strawberry.field(
        description="With it the payment can be made, and nothing else. Pass it to the provider's form, and neither "
        "store nor log it."
    )
    publishable_key: str | None = strawberry.field(
        description="The key with which the provider's library is loaded; null where `url` is the page to pay on."
    )
    url: str | None = strawberry.field(
        description="The page on which the payment is made; null where the provider's form is shown in the client."
    )
    amount: Money = strawberry.field(description="What is to be paid.")

    @classmethod
    def of(cls, started: StartedPayment) -> "Payment":
        """Show a payment that was begun."""
        return cls(
            provider=started.provider,
            client_secret=started.client_secret,
            publishable_key=started.publishable_key,
            url=started.url,
            amount=Money.of(started.amount_minor, started.currency),
        )


@strawberry.type(description="The order can be paid.")
class OrderPaySuccess:
    payment: Payment = strawberry.field(
        description="The payment: the same one again, as long as it is open and the amount to pay stays the same."
    )


OrderPayResult: TypeAlias = Annotated[
    OrderPaySuccess | NotFoundProblem | IllegalStateProblem | UnauthenticatedProblem | UnavailableProblem,
    strawberry.union("OrderPayResult", description="The payment of the order, or why there is none."),
]


@strawberry.type
class PaymentMutations:
    @strawberry.mutation(
        description="The payment of a PENDING order for which money is owed: to pay it at first, after a reload, or "
        "again after the card was declined. It is called by the customer, or by a guest with the `trackingToken` of "
        "the order. The order becomes PAID once the provider confirms the payment, which `orderStatusChanged` tells.",
        metadata=rule(owner=True, remark="or who has the order's tracking token"),
    )
    async def order_pay(
        self, info: Info, input: Annotated[OrderPayInput, strawberry.argument(description="The order to pay.")]
    ) -> OrderPayResult:
        context = info.context
        payments, lookup = context.resource(Payments), context.resource(GuestLookup)
        started = await pay_order(context.database, payments, lookup, context.viewer, input)
        return OrderPaySuccess(payment=Payment.of(started))
