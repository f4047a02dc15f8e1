"""The user subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.user.mutations import Mutation
from subgraphs.user.queries import Query

schema = SubgraphSchema("user", query=Query, mutation=Mutation)
