"""The functions by which texts become words to search by."""

from shared.database.text_search_functions import create_text_search_functions

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_text_search_functions()
