"""Find orders by the beginnings of words, by indexes."""

from shared.database.text_search_functions import create_search_index, create_text_search_functions

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_text_search_functions()
    create_search_index("order_meta_words", "order_meta", "number", "shop_number", "contact_email", "recipient")
    create_search_index("order_line_title_words", "order_line", "title")
    create_search_index("shipment_tracking_words", "shipment_tracking", "tracking_number")
