"""Root fields that make carts and change them, each below what it answers."""

from typing import Annotated, Self, TypeAlias

import strawberry

from shared.graph.access import ANYBODY, OWN, rule, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
    UpdateProblem,
)
from shared.security.pseudonyms import Pseudonymizer
from shared.security.quotes import QuoteSigner
from subgraphs.order.cart_inputs import (
    CartClaimInput,
    CartCreateInput,
    CartDeliverySetInput,
    CartDiscountApplyInput,
    CartDiscountRemoveInput,
    CartLinesAddInput,
    CartLinesRemoveInput,
    CartLinesUpdateInput,
)
from subgraphs.order.cart_models import Cart as CartRow
from subgraphs.order.cart_types import Cart
from subgraphs.order.service.carts import delivery
from subgraphs.order.service.carts.claims import claim_cart
from subgraphs.order.service.carts.creation import CartMaker
from subgraphs.order.service.carts.holders import Holder
from subgraphs.order.service.carts.lines import add_lines, remove_lines, update_lines
from subgraphs.order.service.discount_codes import DiscountLookup

HELD = rule(owner=True, remark="or who holds the cart's token")

CartChangeProblem: TypeAlias = UpdateProblem | UnauthenticatedProblem
"""Why a cart was not changed."""


@strawberry.type(description="There is a cart.")
class CartCreateSuccess:
    cart: Cart = strawberry.field(description="The cart.")
    token: str | None = strawberry.field(
        description="For guests: the token that opens the cart, which is shown this once. Keep it with the cart's id. "
        "Null for customers."
    )


CartCreateResult: TypeAlias = Annotated[
    CartCreateSuccess | InvalidInputProblem | IllegalStateProblem | RateLimitedProblem,
    strawberry.union("CartCreateResult", description="The cart, or why there is none."),
]


@strawberry.type(description="The cart is the viewer's.")
class CartClaimSuccess:
    cart: Cart = strawberry.field(description="The cart, with what the viewer's open cart held.")


CartClaimResult: TypeAlias = Annotated[
    CartClaimSuccess | NotFoundProblem | IllegalStateProblem,
    strawberry.union("CartClaimResult", description="The cart, or why it is not the viewer's."),
]


@strawberry.type
class _Changed:
    """What all changes of a cart answer; each has a type of its own, by which clients tell them apart."""

    cart: Cart = strawberry.field(description="The cart.")

    @classmethod
    def of(cls, row: CartRow) -> Self:
        return cls(cart=Cart.from_row(row))


@strawberry.type(description="The lines were added.")
class CartLinesAddSuccess(_Changed):
    pass


CartLinesAddResult: TypeAlias = Annotated[
    CartLinesAddSuccess | CartChangeProblem,
    strawberry.union("CartLinesAddResult", description="The cart, or why nothing was added."),
]


@strawberry.type(description="The lines were changed.")
class CartLinesUpdateSuccess(_Changed):
    pass


CartLinesUpdateResult: TypeAlias = Annotated[
    CartLinesUpdateSuccess | CartChangeProblem,
    strawberry.union("CartLinesUpdateResult", description="The cart, or why nothing was changed."),
]


@strawberry.type(description="The lines were removed.")
class CartLinesRemoveSuccess(_Changed):
    pass


CartLinesRemoveResult: TypeAlias = Annotated[
    CartLinesRemoveSuccess | CartChangeProblem,
    strawberry.union("CartLinesRemoveResult", description="The cart, or why nothing was removed."),
]


@strawberry.type(description="The cart has the discount code.")
class CartDiscountApplySuccess(_Changed):
    pass


CartDiscountApplyResult: TypeAlias = Annotated[
    CartDiscountApplySuccess | CartChangeProblem | RateLimitedProblem,
    strawberry.union("CartDiscountApplyResult", description="The cart, or why the code does not apply."),
]


@strawberry.type(description="The cart has no discount code.")
class CartDiscountRemoveSuccess(_Changed):
    pass


CartDiscountRemoveResult: TypeAlias = Annotated[
    CartDiscountRemoveSuccess | CartChangeProblem,
    strawberry.union("CartDiscountRemoveResult", description="The cart, or why nothing was removed."),
]


@strawberry.type(description="The delivery was changed.")
class CartDeliverySetSuccess(_Changed):
    pass


CartDeliverySetResult: TypeAlias = Annotated[
    CartDeliverySetSuccess | CartChangeProblem,
    strawberry.union("CartDeliverySetResult", description="The cart, or why nothing was changed."),
]


@strawberry.type
class CartMutations:
    @strawberry.mutation(
        description="Make a cart. A guest gets the token that opens it. A customer has one cart that is not ordered "
        "yet: it is returned, with the lines in it, so that the request is safe to repeat.",
        metadata=ANYBODY,
    )
    async def cart_create(
        self, info: Info, input: Annotated[CartCreateInput, strawberry.argument(description="The cart to make.")]
    ) -> CartCreateResult:
        context = info.context
        made = await context.resource(CartMaker).create(context.viewer, context.address, input)
        return CartCreateSuccess(cart=Cart.from_row(made.row), token=made.token)

    @strawberry.mutation(
        description="Take a guest's cart over. If the viewer has another cart that is not ordered yet, its lines go "
        "into this one. Safe to repeat. Requires a login.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def cart_claim(
        self, info: Info, input: Annotated[CartClaimInput, strawberry.argument(description="The cart to take over.")]
    ) -> CartClaimResult:
        row = await claim_cart(info.context.database, info.context.viewer, input)
        return CartClaimSuccess(cart=Cart.from_row(row))

    @strawberry.mutation(
        description="Add pieces of designs and presets to a cart, by quotes. A cart has at most 50 lines, and 1,000 "
        "pieces in all. Designs are ordered by their owners alone, from carts of their own.",
        metadata=HELD,
    )
    async def cart_lines_add(
        self, info: Info, input: Annotated[CartLinesAddInput, strawberry.argument(description="What to add.")]
    ) -> CartLinesAddResult:
        context = info.context
        holder, signer = Holder(context.viewer, input.token), context.resource(QuoteSigner)
        return CartLinesAddSuccess.of(await add_lines(context.database, signer, holder, input))

    @strawberry.mutation(description="Change quantities and prices of lines of a cart.", metadata=HELD)
    async def cart_lines_update(
        self, info: Info, input: Annotated[CartLinesUpdateInput, strawberry.argument(description="What to change.")]
    ) -> CartLinesUpdateResult:
        context = info.context
        holder, signer = Holder(context.viewer, input.token), context.resource(QuoteSigner)
        return CartLinesUpdateSuccess.of(await update_lines(context.database, signer, holder, input))

    @strawberry.mutation(description="Remove lines from a cart.", metadata=HELD)
    async def cart_lines_remove(
        self, info: Info, input: Annotated[CartLinesRemoveInput, strawberry.argument(description="What to remove.")]
    ) -> CartLinesRemoveResult:
        holder = Holder(info.context.viewer, input.token)
        return CartLinesRemoveSuccess.of(await remove_lines(info.context.database, holder, input))

    @strawberry.mutation(
        description="Use a discount code for a cart, instead of the one that it has. The code is checked again when "
        "the cart is ordered.",
        metadata=HELD,
    )
    async def cart_discount_apply(
        self, info: Info, input: Annotated[CartDiscountApplyInput, strawberry.argument(description="The code to use.")]
    ) -> CartDiscountApplyResult:
        context = info.context
        holder, lookup = Holder(context.viewer, input.token), context.resource(DiscountLookup)
        row = await delivery.apply_discount(context.database, lookup, holder, context.address, input)
        return CartDiscountApplySuccess.of(row)

    @strawberry.mutation(description="Use no discount code for a cart.", metadata=HELD)
    async def cart_discount_remove(
        self, info: Info, input: Annotated[CartDiscountRemoveInput, strawberry.argument(description="The cart.")]
    ) -> CartDiscountRemoveResult:
        holder = Holder(info.context.viewer, input.token)
        row = await delivery.remove_discount(info.context.database, holder, input)
        return CartDiscountRemoveSuccess.of(row)

    @strawberry.mutation(description="Set contact, address and shipping method of a cart.", metadata=HELD)
    async def cart_delivery_set(
        self, info: Info, input: Annotated[CartDeliverySetInput, strawberry.argument(description="What to set.")]
    ) -> CartDeliverySetResult:
        context = info.context
        holder, people = Holder(context.viewer, input.token), context.resource(Pseudonymizer)
        row = await delivery.set_delivery(context.database, people, holder, input)
        return CartDeliverySetSuccess.of(row)
