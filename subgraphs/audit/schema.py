"""The audit subgraph's schema, assembled."""

from shared.graph.schema import SubgraphSchema
from subgraphs.audit.queries import Query
from subgraphs.audit.types import Design, Order

schema = SubgraphSchema("audit", query=Query, types=[Design, Order])
