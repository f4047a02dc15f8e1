"""The order subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.order.mutations import Mutation
from subgraphs.order.queries import Query
from subgraphs.order.subscriptions import Subscription
from subgraphs.order.types import Design, User

schema = SubgraphSchema("order", query=Query, mutation=Mutation, subscription=Subscription, types=[User, Design])
