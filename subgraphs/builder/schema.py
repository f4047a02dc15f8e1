"""The builder subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.builder.mutations import Mutation
from subgraphs.builder.queries import Query

schema = SubgraphSchema("builder", query=Query, mutation=Mutation)
