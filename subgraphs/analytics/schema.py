"""The analytics subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.analytics.mutations import Mutation
from subgraphs.analytics.queries import Query
from subgraphs.analytics.subscriptions import Subscription
from subgraphs.analytics.types import Design, User

schema = SubgraphSchema("analytics", query=Query, mutation=Mutation, subscription=Subscription, types=[Design, User])
