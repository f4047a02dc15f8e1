"""Settings of this subgraph."""

from pydantic import Field

from shared.core.settings import EnvironmentSettings, HttpUrl
from shared.mail import MailSettings


class UserSettings(EnvironmentSettings):
    """Where the app is."""

    app_url: HttpUrl = Field(
        default="https://allpetplus.example",
        description="The web app that links in mails lead to: `/open-account`, `/verify-email` and `/reset-password`, "
        "with the token after a `#`, which the app sends to the graph.",
    )


SETTINGS = (UserSettings, MailSettings)
