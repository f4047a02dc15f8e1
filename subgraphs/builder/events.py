"""What happened to designs, presets and products. The only file of this subgraph that another subgraph may import."""

from shared.events.event import Event

NOT_OWNED, CHANGED = "NOT_OWNED", "CHANGED"
"""Why a design is refused to an order."""


class DesignCreated(Event, type="design.created", aggregate="design_id"):
    """A design was made, from nothing, from a preset or from another design; `product` is what it designs."""

    design_id: str
    owner_id: str
    product: str


class DesignUpdated(Event, type="design.updated", aggregate="design_id"):
    """A design changed; `version` is its new one, and `config_version` the one that brought its present configuration.
    The latter is None in events that were recorded before they carried it.
    """

    design_id: str
    owner_id: str
    version: int
    config_version: int | None = None


class DesignOrdered(Event, type="design.ordered", aggregate="design_id"):
    """An order of its owner's names a design, which stays as it is from now on; `product` is what it designs."""

    design_id: str
    order_id: str
    product: str


class DesignOrderRefused(Event, type="design.order_refused", aggregate="order_id"):
    """An order names a design that is not made for it: `refusal` is NOT_OWNED where it is not its customer's, and
    CHANGED where it looks otherwise than when its price was quoted."""

    order_id: str
    customer_id: str | None
    design_id: str
    refusal: str = NOT_OWNED


class DesignDeleted(Event, type="design.deleted", aggregate="design_id"):
    """Its owner no longer has the design: it was archived, or erased with the account."""

    design_id: str
    owner_id: str


class DesignShared(Event, type="design.shared", aggregate="design_id"):
    """A design was opened to others by a link."""

    design_id: str
    owner_id: str
    share_id: str


class DesignShareRevoked(Event, type="design.share_revoked", aggregate="design_id"):
    """A link to a design was closed before its time."""

    design_id: str
    owner_id: str
    share_id: str


class PresetCreated(Event, type="preset.created", aggregate="preset_id"):
    """Staff added a preset; `product` is what it designs."""

    preset_id: str
    product: str


class PresetUpdated(Event, type="preset.updated", aggregate="preset_id"):
    """Staff changed a preset; `version` is its new one."""

    preset_id: str
    version: int


class PresetArchived(Event, type="preset.archived", aggregate="preset_id"):
    """Staff took a preset out of the shop; designs that started from it stay."""

    preset_id: str
    version: int


class ProductUpdated(Event, type="product.updated", aggregate="product_id"):
    """The mirror of a product changed: its texts, or whether it is on sale (`active`); `product` is its kind. Both are
    None in events that were recorded before they carried them."""

    product_id: str
    product: str | None = None
    active: bool | None = None
