"""What this subgraph does in the background."""

from shared.jobs.jobs import Jobs, NoPayload
from shared.live import entity_changes
from shared.runtime import Runtime
from subgraphs.builder.service import optimization as optimizing
from subgraphs.builder.service.job_types import (
    CHANGE_RETENTION,
    DESIGN_OPTIMIZE,
    PRESET_REPRICE,
    PREVIEW_PRUNE,
    PREVIEW_RENDER,
    DesignPayload,
    PreviewPayload,
)
from subgraphs.builder.service.preset_prices import reprice
from subgraphs.builder.service.previews import Previews


async def render_preview(runtime: Runtime, payload: PreviewPayload) -> None:
    """Paint the picture of a design or a preset as it is by now, unless it is there."""
    await runtime.resource(Previews).prepare(payload.get("design_id"), payload.get("preset_id"))


async def optimize_design(runtime: Runtime, payload: DesignPayload) -> None:
    """Drop from an ordered design what cannot be seen."""
    await optimizing.optimize_design(runtime.database, payload["design_id"])


async def prune_previews(runtime: Runtime, _payload: NoPayload) -> None:
    """Forget pictures that were painted long ago."""
    await runtime.resource(Previews).prune()


async def reprice_presets(runtime: Runtime, _payload: NoPayload) -> None:
    """Price presets by the catalogue of this version."""
    await reprice(runtime.database)


async def remove_old_changes(runtime: Runtime, _payload: NoPayload) -> None:
    """Delete what apps no longer catch up from."""
    await entity_changes.forget_old(runtime.database)


JOBS: Jobs = dict(
    [
        PREVIEW_RENDER.does(render_preview),
        DESIGN_OPTIMIZE.does(optimize_design),
        PREVIEW_PRUNE.does(prune_previews),
        PRESET_REPRICE.does(reprice_presets),
        CHANGE_RETENTION.does(remove_old_changes),
    ]
)
