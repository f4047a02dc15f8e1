"""The webhook subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.webhook.mutations import Mutation
from subgraphs.webhook.queries import Query
from subgraphs.webhook.subscriptions import Subscription

schema = SubgraphSchema("webhook", query=Query, mutation=Mutation, subscription=Subscription)
