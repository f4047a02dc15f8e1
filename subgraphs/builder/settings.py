"""Settings of this subgraph: where browsers reach its pictures."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.core.settings import BrowsersAddress, Settings, read_environment

PORT_OFFSET = 2


class BuilderSettings(BaseSettings):
    """Variables `PETPLUS_*`."""

    model_config = SettingsConfigDict(env_prefix="PETPLUS_", frozen=True, extra="ignore")

    preview_url: BrowsersAddress = None

    def preview_url_of(self, settings: Settings) -> str:
        """Return the address before `/designs/…`: unless told, this subgraph's own."""
        return self.preview_url or f"http://{settings.host}:{settings.port_of('builder', PORT_OFFSET)}"


def load_builder_settings() -> BuilderSettings:
    """Read the environment; raises SettingsError with one sentence for the first thing that is wrong."""
    return read_environment(BuilderSettings)
