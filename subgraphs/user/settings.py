"""Settings of this subgraph."""

from pydantic import Field

from shared.core.settings import EnvironmentSettings


class UserSettings(EnvironmentSettings):
    """Where the app is."""

    app_url: str = Field(
        default="https://allpetplus.example",
        pattern=r"^https?://[^\s]+$",
        description="The web app that links in mails lead to: `/verify-email` and `/reset-password`, with the token "
        "after a `#`, which the app sends to the graph.",
    )
