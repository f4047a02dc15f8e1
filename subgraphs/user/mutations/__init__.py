"""Root fields that change users, by what they change."""

import strawberry

from subgraphs.user.mutations.accounts import AccountMutations
from subgraphs.user.mutations.addresses import AddressMutations
from subgraphs.user.mutations.credentials import CredentialMutations
from subgraphs.user.mutations.devices import DeviceMutations
from subgraphs.user.mutations.passkeys import PasskeyMutations
from subgraphs.user.mutations.pets import PetMutations
from subgraphs.user.mutations.registration import RegistrationMutations
from subgraphs.user.mutations.second_factors import SecondFactorMutations
from subgraphs.user.mutations.sessions import SessionMutations
from subgraphs.user.mutations.suspension import SuspensionMutations


@strawberry.type
class Mutation(
    RegistrationMutations,
    SessionMutations,
    CredentialMutations,
    SecondFactorMutations,
    PasskeyMutations,
    AccountMutations,
    SuspensionMutations,
    AddressMutations,
    PetMutations,
    DeviceMutations,
):
    """All of them, in the order of the schema."""
