"""The environment of each child process: the system's variables, its own settings, and nobody else's secrets."""

from collections.abc import Iterable, Mapping

from petplus import registry
from petplus.configuration import settings_of
from petplus.local.backing_services import DATABASE_VARIABLE
from shared.core.environment import system_environment
from shared.core.settings import Settings, variable_of

_OF_CLIENTS_OF_POSTGRES = "PG"
"""What asyncpg reads beside the URL, such as `PGPASSFILE`."""


def subgraph_environment(names: Iterable[str], inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that serves or seeds some subgraphs, from that of this one."""
    wanted = {variable_of(field) for field in Settings.model_fields}
    wanted |= {f"PETPLUS_{name.upper()}_PORT" for name in registry.NAMES}  # the keys are at the user subgraph's
    own = {f"PETPLUS_{name.upper()}_DATABASE_URL" for name in names}
    if all(inherited.get(variable) for variable in own):
        wanted.discard(DATABASE_VARIABLE)
    is_production = inherited.get(variable_of("env")) == "production"
    for name in names:
        kinds = [kind for kind in settings_of(name) if not (is_production and kind.development_only)]
        wanted |= {variable_of(field) for kind in kinds for field in kind.model_fields}
    settings = {name: value for name, value in inherited.items() if name in wanted | own}
    return system_environment(prefixes=[_OF_CLIENTS_OF_POSTGRES]) | settings
