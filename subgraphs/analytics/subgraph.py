"""The analytics subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.analytics.handlers import HANDLERS
from subgraphs.analytics.jobs import JOBS
from subgraphs.analytics.models import Base
from subgraphs.analytics.routes import routes
from subgraphs.analytics.schema import schema
from subgraphs.analytics.service.event_storage import Recorder
from subgraphs.analytics.service.exports.downloads import Downloads
from subgraphs.analytics.service.exports.export_feed import ExportFeed
from subgraphs.analytics.service.partitions import Partitions
from subgraphs.analytics.service.reports.replica import ReportDatabase

subgraph = Subgraph(
    name="analytics",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    resources=(Partitions, Recorder, ExportFeed, Downloads, ReportDatabase),
    routes=routes,
    handlers=HANDLERS,
    jobs=JOBS,
    paths_of_pages=("/collect", "/exports/"),
)
