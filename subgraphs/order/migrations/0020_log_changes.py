"""The log of what changes about orders, written by triggers: so rows of code from before this revision are in it too."""

from alembic import op

from shared.live.entity_change_tables import create_entity_changes

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CONTACT = (
    "contact_email",
    "recipient",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country_code",
    "phone",
)
_CONTENT = (
    "currency",
    "subtotal_minor",
    "discount_minor",
    "shipping_minor",
    "tax_minor",
    "included_tax_minor",
    "total_minor",
    "shop",
    "shop_number",
    "test",
    "placed_at",
)
_MONEY = ("paid_at", "refunded_minor", "received_minor", "returned_minor", "recorded_minor")


def _differs(columns: tuple[str, ...]) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


def _function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$\n{body}\n$$"
    )


_ORDER = f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM note_change(NEW.id, NEW.customer_id, 'PLACED', 1, false);
        RETURN NULL;
    END IF;
    IF OLD.customer_id IS DISTINCT FROM NEW.customer_id THEN
        IF OLD.customer_id IS NOT NULL THEN
            PERFORM note_change(NEW.id, OLD.customer_id, 'UNLINKED', NULL, false);
        END IF;
        IF NEW.customer_id IS NOT NULL THEN
            PERFORM note_change(NEW.id, NEW.customer_id, 'LINKED', NULL, false);
        END IF;
    END IF;
    IF OLD.erased_at IS DISTINCT FROM NEW.erased_at THEN
        PERFORM note_change(NEW.id, NEW.customer_id, 'ERASED', NULL, false);
    ELSIF {_differs(_CONTACT)} THEN
        PERFORM note_change(NEW.id, NEW.customer_id, 'CONTACT', NULL, false);
    END IF;
    IF {_differs(_CONTENT)} THEN
        PERFORM note_change(NEW.id, NEW.customer_id, 'CONTENT', NULL, false);
    END IF;
    IF {_differs(_MONEY)} THEN
        PERFORM note_change(NEW.id, NEW.customer_id, 'PAYMENT', NULL, false);
    END IF;
    RETURN NULL;
END"""
_VERSION = """
BEGIN
    PERFORM note_change(
        NEW.order_id, (SELECT customer_id FROM order_meta WHERE id = NEW.order_id), 'STATUS', NEW.version, false
    );
    RETURN NULL;
END"""
# TG_ARGV: what the change is about, and whether only staff may know.
_PART = """
DECLARE
    part record := coalesce(NEW, OLD);
BEGIN
    PERFORM note_change(
        part.order_id, (SELECT customer_id FROM order_meta WHERE id = part.order_id), TG_ARGV[0], NULL,
        TG_ARGV[1]::boolean
    );
    RETURN NULL;
END"""
_SCAN = """
DECLARE
    part record := coalesce(NEW, OLD);
    changed record;
BEGIN
    SELECT o.id, o.customer_id INTO changed
    FROM shipment_tracking s JOIN order_meta o ON o.id = s.order_id WHERE s.id = part.shipment_id;
    IF FOUND THEN
        PERFORM note_change(changed.id, changed.customer_id, 'PARCEL', NULL, false);
    END IF;
    RETURN NULL;
END"""


def _trigger(table: str, function: str, argument: str = "", kind: str = "part", where: str = "") -> None:
    """Log each row that is added, changed or deleted; `where` is a condition on `ROW`."""
    for event, row, changed in (
        ("INSERT", "NEW", ""),
        ("UPDATE", "NEW", "OLD.* IS DISTINCT FROM NEW.*"),
        ("DELETE", "OLD", ""),
    ):
        conditions = " AND ".join(each for each in (changed, where.replace("ROW", row)) if each)
        op.execute(
            f"CREATE TRIGGER {table}_{event.lower()}_{kind} AFTER {event} ON {table} FOR EACH ROW "
            f"{f'WHEN ({conditions}) ' if conditions else ''}EXECUTE FUNCTION {function}({argument})"
        )


def upgrade() -> None:
    create_entity_changes()
    for name, body in (
        ("note_order", _ORDER),
        ("note_order_version", _VERSION),
        ("note_order_part", _PART),
        ("note_order_scan", _SCAN),
    ):
        _function(name, body)
    op.execute("CREATE TRIGGER order_placed AFTER INSERT ON order_meta FOR EACH ROW EXECUTE FUNCTION note_order()")
    op.execute(
        "CREATE TRIGGER order_changed AFTER UPDATE ON order_meta FOR EACH ROW "
        "WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_order()"
    )
    # The first entry comes with the order.
    op.execute(
        "CREATE TRIGGER order_version AFTER INSERT ON order_timeline FOR EACH ROW "
        "WHEN (NEW.version > 1) EXECUTE FUNCTION note_order_version()"
    )
    _trigger("order_line", "note_order_part", "'CONTENT', 'false'")
    _trigger("shipment_tracking", "note_order_part", "'PARCEL', 'false'")
    _trigger("shipment_scan", "note_order_scan")
    _trigger("order_note", "note_order_part", "'NOTE', 'false'", "shown", "ROW.visibility <> 'INTERNAL'")
    _trigger("order_note", "note_order_part", "'NOTE', 'true'", "internal", "ROW.visibility = 'INTERNAL'")
    _trigger("order_refund", "note_order_part", "'REFUND', 'false'")
    _trigger("order_task", "note_order_part", "'TASK', 'true'")
