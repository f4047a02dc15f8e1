"""Root fields that change the pets of a customer, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, signed_in
from shared.graph.context import Info
from shared.graph.problems import ConflictProblem, IllegalStateProblem, InvalidInputProblem, NotFoundProblem
from subgraphs.user.inputs import PetCreateInput, PetDeleteInput, PetUpdateInput
from subgraphs.user.service import pets
from subgraphs.user.types import Pet


@strawberry.type(description="The pet was added.")
class PetCreateSuccess:
    pet: Pet = strawberry.field(description="The new pet.")


PetCreateResult: TypeAlias = Annotated[
    PetCreateSuccess | InvalidInputProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("PetCreateResult", description="The new pet, or why it was not added."),
]


@strawberry.type(description="The pet was changed.")
class PetUpdateSuccess:
    pet: Pet = strawberry.field(description="The pet after the change.")


PetUpdateResult: TypeAlias = Annotated[
    PetUpdateSuccess | InvalidInputProblem | NotFoundProblem | ConflictProblem,
    strawberry.union("PetUpdateResult", description="The changed pet, or why it was not changed."),
]


@strawberry.type(description="The pet was deleted.")
class PetDeleteSuccess:
    pet_id: strawberry.ID = strawberry.field(description="The id of the deleted pet.")


PetDeleteResult: TypeAlias = Annotated[
    PetDeleteSuccess | NotFoundProblem,
    strawberry.union("PetDeleteResult", description="The deleted pet, or why it was not deleted."),
]


@strawberry.type
class PetMutations:
    @strawberry.mutation(description="Add a pet of the viewer, at most 20.", extensions=signed_in(), metadata=OWN)
    async def pet_create(
        self, info: Info, input: Annotated[PetCreateInput, strawberry.argument(description="The pet.")]
    ) -> PetCreateResult:
        row = await pets.add_pet(info.context.database, info.context.user_id, input)
        return PetCreateSuccess(pet=Pet.from_row(row))

    @strawberry.mutation(description="Change one of the viewer's own pets.", extensions=signed_in(), metadata=OWN)
    async def pet_update(
        self, info: Info, input: Annotated[PetUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PetUpdateResult:
        row = await pets.change_pet(info.context.database, info.context.user_id, input)
        return PetUpdateSuccess(pet=Pet.from_row(row))

    @strawberry.mutation(description="Delete one of the viewer's own pets.", extensions=signed_in(), metadata=OWN)
    async def pet_delete(
        self, info: Info, input: Annotated[PetDeleteInput, strawberry.argument(description="The pet.")]
    ) -> PetDeleteResult:
        await pets.remove_pet(info.context.database, info.context.user_id, input.id)
        return PetDeleteSuccess(pet_id=input.id)
