"""Expected failures of the builder subgraph."""

from shared.core.errors import Current, IllegalState, NotFound, VersionConflict
from subgraphs.builder.models import SavedDesign


def design_unknown() -> NotFound:
    return NotFound("The design does not exist or is not visible to you; check its id.")


def preset_unknown() -> NotFound:
    return NotFound("The preset does not exist; check its id.")


def share_unknown() -> NotFound:
    return NotFound("The link does not exist, has expired or was revoked; check it, or ask the owner for a new one.")


def share_is_for_viewing() -> IllegalState:
    return IllegalState("This link is for viewing; ask its owner for one that lets you copy the design.")


def too_many_shares(most: int) -> IllegalState:
    return IllegalState(f"A design has at most {most} open links; revoke one first.")


def too_many_designs(most: int) -> IllegalState:
    return IllegalState(f"You have {most} drafts, which is the most; archive some that you no longer need.")


def too_many_designs_in_all(most: int) -> IllegalState:
    return IllegalState(f"You have made {most} designs, archived ones included, which is the most; change a draft.")


def too_many_presets(most: int) -> IllegalState:
    return IllegalState(f"The shop has {most} presets, which is the most; archive some that are no longer needed.")


def preset_archived() -> IllegalState:
    return IllegalState("The preset is archived and can no longer be used or changed; choose another one.")


def preset_changed(current_version: int) -> VersionConflict:
    return VersionConflict("The preset was changed since you read it; read it again.", current_version)


def design_ordered() -> IllegalState:
    return IllegalState("The design was ordered and can no longer be changed; duplicate it and change the copy.")


def design_archived() -> IllegalState:
    return IllegalState("The design is archived; duplicate it and change the copy.")


def product_withdrawn() -> IllegalState:
    return IllegalState("The shop no longer sells this product; choose another one.")


def no_longer_offered() -> IllegalState:
    return IllegalState("The catalogue no longer offers this combination; create a new design.")


def design_changed(design: SavedDesign) -> VersionConflict:
    """Return the error for a design that another change came first to; `design` is its row now."""
    current = Current(SavedDesign, design)
    return VersionConflict("The design was changed since you read it; read it again.", design.version, current)
