"""Root fields that let staff write notes, close tasks and have addresses mailed again, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.problems import IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.inputs import MailSuppressionLiftInput, OrderNoteAddInput, OrderTaskResolveInput
from subgraphs.order.loaders import WRITE
from subgraphs.order.service.staff import add_note
from subgraphs.order.service.suppression import lift
from subgraphs.order.service.tasks import resolve_task
from subgraphs.order.types import Order, OrderNote, OrderTask


@strawberry.type(description="The note was added.")
class OrderNoteAddSuccess:
    order: Order = strawberry.field(description="The order.")
    note: OrderNote = strawberry.field(description="The note.")


OrderNoteAddResult: TypeAlias = Annotated[
    OrderNoteAddSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("OrderNoteAddResult", description="The note, or why there is none."),
]


@strawberry.type(description="The task is done.")
class OrderTaskResolveSuccess:
    task: OrderTask = strawberry.field(description="The task.")


OrderTaskResolveResult: TypeAlias = Annotated[
    OrderTaskResolveSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("OrderTaskResolveResult", description="The task, or why it was not resolved."),
]


@strawberry.type(description="The address of the order gets mails again.")
class MailSuppressionLiftSuccess:
    order: Order = strawberry.field(description="The order, with the `mailSuppressions` that are left.")


MailSuppressionLiftResult: TypeAlias = Annotated[
    MailSuppressionLiftSuccess | NotFoundProblem | IllegalStateProblem,
    strawberry.union("MailSuppressionLiftResult", description="The order, or why nothing was lifted."),
]


@strawberry.type
class StaffMutations:
    @strawberry.mutation(
        description="Add a note to an order, for staff only or also for its customer. Requires the scope "
        "`orders:write`.",
        extensions=scoped(WRITE),
    )
    async def order_note_add(
        self, info: Info, input: Annotated[OrderNoteAddInput, strawberry.argument(description="The note.")]
    ) -> OrderNoteAddResult:
        context = info.context
        order, row = await add_note(context.database, context.viewer, input)
        return OrderNoteAddSuccess(order=Order.from_row(order), note=OrderNote.from_row(row))

    @strawberry.mutation(
        description="Mark a task about an order as done; one that is done already stays as it is. It opens again when "
        "what it is about changes. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def order_task_resolve(
        self, info: Info, input: Annotated[OrderTaskResolveInput, strawberry.argument(description="The task.")]
    ) -> OrderTaskResolveResult:
        row = await resolve_task(info.context.database, info.context.viewer, input)
        return OrderTaskResolveSuccess(task=OrderTask.from_row(row))

    @strawberry.mutation(
        description="Mail the address of an order again that bounced, complained or unsubscribed: only if its owner "
        "asks for it, or the cause was a mistake. Requires the scope `orders:write`.",
        extensions=scoped(WRITE),
    )
    async def mail_suppression_lift(
        self, info: Info, input: Annotated[MailSuppressionLiftInput, strawberry.argument(description="What to lift.")]
    ) -> MailSuppressionLiftResult:
        context = info.context
        row = await lift(context.database, context.resource(Pseudonymizer), input)
        return MailSuppressionLiftSuccess(order=Order.from_row(row))
