"""Root fields that change the addresses of a customer, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, signed_in
from shared.graph.context import Info
from shared.graph.problems import ConflictProblem, IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.user.inputs import AddressCreateInput, AddressDefaultSetInput, AddressDeleteInput, AddressUpdateInput
from subgraphs.user.service import addresses
from subgraphs.user.types import SavedAddress


@strawberry.type(description="The address was saved.")
class AddressCreateSuccess:
    address: SavedAddress = strawberry.field(description="The new address.")


AddressCreateResult: TypeAlias = Annotated[
    AddressCreateSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("AddressCreateResult", description="The new address, or why it was not saved."),
]


@strawberry.type(description="The address was changed.")
class AddressUpdateSuccess:
    address: SavedAddress = strawberry.field(description="The address after the change.")


AddressUpdateResult: TypeAlias = Annotated[
    AddressUpdateSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem,
    strawberry.union("AddressUpdateResult", description="The changed address, or why it was not changed."),
]


@strawberry.type(description="The address is the one to offer first.")
class AddressDefaultSetSuccess:
    address: SavedAddress = strawberry.field(description="The address, which is the default.")


AddressDefaultSetResult: TypeAlias = Annotated[
    AddressDefaultSetSuccess | NotFoundProblem,
    strawberry.union("AddressDefaultSetResult", description="The new default, or why there is none."),
]


@strawberry.type(description="The address was deleted. If it was the default, the oldest of the others is now.")
class AddressDeleteSuccess:
    address_id: strawberry.ID = strawberry.field(description="The id of the deleted address.")


AddressDeleteResult: TypeAlias = Annotated[
    AddressDeleteSuccess | NotFoundProblem,
    strawberry.union("AddressDeleteResult", description="The deleted address, or why it was not deleted."),
]


@strawberry.type
class AddressMutations:
    @strawberry.mutation(description="Save an address of the viewer, at most 20.", extensions=signed_in(), metadata=OWN)
    async def address_create(
        self, info: Info, input: Annotated[AddressCreateInput, strawberry.argument(description="The address.")]
    ) -> AddressCreateResult:
        row = await addresses.add_address(info.context.database, info.context.user_id, input)
        return AddressCreateSuccess(address=SavedAddress.from_row(row))

    @strawberry.mutation(description="Change one of the viewer's own addresses.", extensions=signed_in(), metadata=OWN)
    async def address_update(
        self, info: Info, input: Annotated[AddressUpdateInput, strawberry.argument(description="The changes.")]
    ) -> AddressUpdateResult:
        row = await addresses.change_address(info.context.database, info.context.user_id, input)
        return AddressUpdateSuccess(address=SavedAddress.from_row(row))

    @strawberry.mutation(
        description="Make one of the viewer's own addresses the one to offer first. The former default is none any "
        "more, which increases its `version`.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def address_default_set(
        self, info: Info, input: Annotated[AddressDefaultSetInput, strawberry.argument(description="The address.")]
    ) -> AddressDefaultSetResult:
        row = await addresses.make_default(info.context.database, info.context.user_id, input.id)
        return AddressDefaultSetSuccess(address=SavedAddress.from_row(row))

    @strawberry.mutation(
        description="Delete one of the viewer's own addresses. Orders keep the address that they were placed with.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def address_delete(
        self, info: Info, input: Annotated[AddressDeleteInput, strawberry.argument(description="The address.")]
    ) -> AddressDeleteResult:
        await addresses.remove_address(info.context.database, info.context.user_id, input.id)
        return AddressDeleteSuccess(address_id=input.id)
