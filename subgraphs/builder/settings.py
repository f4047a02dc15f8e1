"""Settings of this subgraph: where browsers reach its pictures."""

from pydantic import Field

from shared.core.settings import BrowsersAddress, EnvironmentSettings, Settings


class BuilderSettings(EnvironmentSettings):
    """Where browsers reach pictures."""

    preview_url: BrowsersAddress = Field(
        default=None,
        description="Where browsers reach the pictures of designs: the address before `/designs/`. "
        "Default: the builder subgraph's own address.",
    )

    def preview_url_of(self, settings: Settings) -> str:
        """Return the address before `/designs/…`: by default, this subgraph's own."""
        return self.preview_url or f"http://{settings.host}:{settings.port_of('builder')}"


SETTINGS = (BuilderSettings,)
