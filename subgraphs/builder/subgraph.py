"""The builder subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.builder.handlers import HANDLERS
from subgraphs.builder.jobs import JOBS
from subgraphs.builder.models import Base
from subgraphs.builder.routes import routes
from subgraphs.builder.schema import schema
from subgraphs.builder.service.previews import Previews
from subgraphs.builder.service.rendering import Painter
from subgraphs.builder.service.shares import ShareViews

subgraph = Subgraph(
    name="builder",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    resources=(Painter, ShareViews, Previews),
    routes=routes,
    handlers=HANDLERS,
    jobs=JOBS,
    paths_of_pages=("/designs/", "/shared/", "/presets/", "/preset-versions/", "/products/", "/configurations/"),
)
