"""The audit subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.audit.handlers import HANDLERS
from subgraphs.audit.jobs import JOBS
from subgraphs.audit.models import Base
from subgraphs.audit.schema import schema
from subgraphs.audit.service.cache_purge import CachePurger

subgraph = Subgraph(
    name="audit",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    background=[CachePurger],
    handlers=HANDLERS,
    jobs=JOBS,
    grants={"audit_log": "SELECT, INSERT", "audit_head": "SELECT, INSERT, UPDATE"},
)
