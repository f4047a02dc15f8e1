"""The builder subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.builder.mutations import Mutation
from subgraphs.builder.order_types import OrderLine
from subgraphs.builder.queries import Query
from subgraphs.builder.shop_types import PresetVersion

schema = SubgraphSchema("builder", query=Query, mutation=Mutation, types=[PresetVersion, OrderLine])
