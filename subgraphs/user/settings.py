"""Settings of this subgraph."""

from pydantic import Field

from shared.core.settings import EnvironmentSettings, HttpUrl
from shared.mail import MailSettings


class UserSettings(EnvironmentSettings):
    """Where the app is, and how long work on passwords waits."""

    app_url: HttpUrl = Field(
        default="https://allpetplus.example",
        description="The web app that links in mails lead to: `/open-account`, `/verify-email` and `/reset-password`, "
        "with the token after a `#`, which the app sends to the graph.",
    )
    password_wait: int = Field(
        default=800,
        gt=0,
        le=600_000,
        description="Milliseconds that the check of a password may wait for others. Then it is refused, with the "
        "seconds after which to try again.",
    )


SETTINGS = (UserSettings, MailSettings)
