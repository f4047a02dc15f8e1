"""What this subgraph does in the background."""

from typing import Any

from shared.jobs.jobs import Jobs
from shared.runtime import Runtime
from subgraphs.builder.service import optimization as optimizing
from subgraphs.builder.service.job_types import DESIGN_OPTIMIZE, PREVIEW_PRUNE, PREVIEW_RENDER
from subgraphs.builder.service.previews import Previews


async def render_preview(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Paint the picture of a design or a preset as it is by now, unless it is there."""
    await runtime.resource(Previews).prepare(payload.get("design_id"), payload.get("preset_id"))


async def optimize_design(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Drop from an ordered design what cannot be seen."""
    await optimizing.optimize_design(runtime.database, payload["design_id"])


async def prune_previews(runtime: Runtime, _payload: dict[str, Any]) -> None:
    """Forget pictures that were painted long ago."""
    await runtime.resource(Previews).prune()


JOBS: Jobs = {
    PREVIEW_RENDER: render_preview,
    DESIGN_OPTIMIZE: optimize_design,
    PREVIEW_PRUNE: prune_previews,
}
