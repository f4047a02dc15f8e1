"""Settings of this subgraph."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.settings import read_environment


class UserSettings(BaseSettings):
    """Variables `PETPLUS_*`."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    # Where the links of mails lead; the app there sends their token to the graph.
    app_url: str = Field(default="https://allpetplus.example", pattern=r"^https?://[^\s]+$")


def load_user_settings() -> UserSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(UserSettings)
