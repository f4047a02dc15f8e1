"""The root field that orders a cart, below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.context import Info
from shared.graph.problem_codes import ProblemCode
from shared.graph.problems import Problem, RateLimitedProblem, UnauthenticatedProblem, UpdateProblem
from subgraphs.order.cart_inputs import CheckoutCompleteInput
from subgraphs.order.cart_types import CartProblem
from subgraphs.order.mutations.carts import HELD
from subgraphs.order.mutations.payments import Payment
from subgraphs.order.service.carts.checkout import CartCheckout
from subgraphs.order.service.carts.holders import Holder
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.types import Order


@strawberry.type(description="The cart is ordered.")
class CheckoutCompleteSuccess:
    order: Order = strawberry.field(
        description="The order: PENDING until its payment is reported, and PAID at once where it costs nothing."
    )
    payment: Payment | None = strawberry.field(
        description="The payment to make; null where nothing is to be paid, and while the payment provider is away: "
        "then `orderPay` tries again."
    )
    tracking_token: str | None = strawberry.field(
        description="For guests: a token for `orderStatusChanged`, as from `orderLookup`; null for customers."
    )


@strawberry.type(description="The cart cannot be ordered as it is. The code is `CHECKOUT_REFUSED`.")
class CheckoutRefusedProblem(Problem):
    problems: list[CartProblem] = strawberry.field(description="All that prevents it, as in `Cart.problems`.")


CheckoutCompleteResult: TypeAlias = Annotated[
    CheckoutCompleteSuccess | CheckoutRefusedProblem | UpdateProblem | UnauthenticatedProblem | RateLimitedProblem,
    strawberry.union("CheckoutCompleteResult", description="The order of the cart, or why there is none."),
]


@strawberry.type
class CheckoutMutations:
    @strawberry.mutation(
        description="Order a cart, and start the payment of the order. Safe to repeat with any version: once the cart "
        "is ordered, each request returns the same order and its payment.",
        metadata=HELD,
    )
    async def checkout_complete(
        self, info: Info, input: Annotated[CheckoutCompleteInput, strawberry.argument(description="The cart to order.")]
    ) -> CheckoutCompleteResult:
        context = info.context
        checkout, holder = context.resource(CartCheckout), Holder(context.viewer, input.token)
        done = await checkout.complete(holder, context.address, input)
        if done.order is None:
            return CheckoutRefusedProblem(
                code=ProblemCode.CHECKOUT_REFUSED,
                message="The cart cannot be ordered as it is; see `problems`.",
                problems=[CartProblem.of(each) for each in done.obstacles],
            )
        token = context.resource(GuestLookup).issue(done.order.id)[0] if done.is_guests else None
        payment = Payment.of(done.payment) if done.payment is not None else None
        return CheckoutCompleteSuccess(order=Order.from_row(done.order), payment=payment, tracking_token=token)
