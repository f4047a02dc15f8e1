"""Find users by the beginnings of words, by an index."""

from shared.database.text_search_functions import create_search_index, create_text_search_functions

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_text_search_functions()
    create_search_index("user_profile_words", "user_profile", "name", "email")
