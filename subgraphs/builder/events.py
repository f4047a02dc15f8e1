"""What happened to designs. The only file of this room that another room may import."""

from shared.events import Event


class DesignCreated(Event, type="design.created", aggregate="design_id"):
    """A design was made, from nothing, from a preset or from another design; `product` is what it designs."""

    design_id: str
    owner_id: str
    product: str


class DesignUpdated(Event, type="design.updated", aggregate="design_id"):
    """A design changed; `version` is its new one."""

    design_id: str
    owner_id: str
    version: int


class DesignDeleted(Event, type="design.deleted", aggregate="design_id"):
    """Its owner no longer has the design: it was archived, or erased with the account."""

    design_id: str
    owner_id: str


class DesignShared(Event, type="design.shared", aggregate="design_id"):
    """A design was opened to others by a link."""

    design_id: str
    owner_id: str
    share_id: str
