"""The builder room's front door."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.builder.handlers import HANDLERS
from subgraphs.builder.models import Base
from subgraphs.builder.schema import schema

subgraph = Subgraph(
    name="builder",
    port_offset=2,
    schema=schema,
    metadata=Base.metadata,
    room=Path(__file__).parent,
    handlers=HANDLERS,
)
