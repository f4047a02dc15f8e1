"""What presets are found by: material, primary colour and price. The job `preset-reprice` fills in the prices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MATERIALS = (
    *("LEATHER", "NYLON", "BIOTHANE", "HEMP", "COTTON", "LINEN", "FLEECE", "STAINLESS_STEEL", "BRASS", "ALUMINIUM"),
    *("CERAMIC", "BAMBOO"),
)
COLORS = (
    *("BLACK", "WHITE", "GREY", "BROWN", "TAN", "CREAM", "RED", "ORANGE", "YELLOW", "GREEN", "TEAL", "BLUE", "NAVY"),
    *("PURPLE", "PINK", "SILVER", "GOLD"),
)
PRICES = ("price_eur", "price_gbp", "price_usd", "price_chf", "price_jpy")
INDEXES: dict[str, list[str]] = {
    **{name: [name, "position", "id"] for name in ("product_kind", "material", "primary_color")},
    **{name: [name, "id"] for name in PRICES},
    "priced_by": ["priced_by"],
}


def upgrade() -> None:
    for name, enum, values in (("material", "material", MATERIALS), ("primary_color", "color", COLORS)):
        kind = sa.Enum(*values, name=enum, native_enum=False, length=40)
        computed = sa.Computed(f"config ->> '{name}'", persisted=True)
        op.add_column("builder_preset", sa.Column(name, kind, computed, nullable=False))
    for name in PRICES:
        op.add_column("builder_preset", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("builder_preset", sa.Column("priced_by", sa.Text(), nullable=True))
    in_shop = sa.text("archived_at IS NULL")
    for name, columns in INDEXES.items():
        op.create_index(f"builder_preset_in_shop_{name}", "builder_preset", columns, postgresql_where=in_shop)
