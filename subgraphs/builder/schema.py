"""The builder subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.builder.mutations import Mutation
from subgraphs.builder.queries import Query
from subgraphs.builder.types import PresetVersion

schema = SubgraphSchema("builder", query=Query, mutation=Mutation, types=[PresetVersion])
