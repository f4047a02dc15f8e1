"""Indexes by which staff find orders: by total, product, carrier, tracking number and words of a line's title."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("order_meta_total_minor_id_idx", "order_meta", ["total_minor", "id"])
    op.create_index(
        "order_line_product_order_id_idx",
        "order_line",
        ["product", "order_id"],
        postgresql_where=sa.text("product IS NOT NULL"),
    )
    words = sa.text("to_tsvector('simple'::regconfig, title)")
    op.create_index("order_line_words", "order_line", [words], postgresql_using="gin")
    op.create_index("shipment_tracking_carrier_order_id_idx", "shipment_tracking", ["carrier", "order_id"])
    op.create_index("shipment_tracking_number", "shipment_tracking", [sa.text("upper(tracking_number)")])
