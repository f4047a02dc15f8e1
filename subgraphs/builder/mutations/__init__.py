"""Root fields that change designs, links and presets."""

import strawberry

from subgraphs.builder.mutations.designs import DesignMutations
from subgraphs.builder.mutations.presets import PresetMutations
from subgraphs.builder.mutations.shares import ShareMutations


@strawberry.type
class Mutation(DesignMutations, ShareMutations, PresetMutations):
    """All of them, in the order of the schema."""
