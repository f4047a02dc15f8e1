"""The environment variables that any child process may have: the system's. A child inherits no other by itself.

`/proc/PID/environ` shows them to whoever takes over the process, so secrets are named for the child that needs them.
"""

import os
from collections.abc import Iterable

_SYSTEM = frozenset(
    {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TERM",
        "COLUMNS",
        "NO_COLOR",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "DYLD_LIBRARY_PATH",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NODE_EXTRA_CA_CERTS",
        "NODE_OPTIONS",
        "NODE_COMPILE_CACHE",
        "UV_THREADPOOL_SIZE",
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPYCACHEPREFIX",
        "PYTHONUNBUFFERED",
        "PYTHONHASHSEED",
        "PYTHONUTF8",
        "PYTHONWARNINGS",
        "PYTHONDEVMODE",
        "PYTHONFAULTHANDLER",
    }
)
_SYSTEM_PREFIXES = ("LC_", "MALLOC_")


def system_environment(more: Iterable[str] = (), prefixes: Iterable[str] = ()) -> dict[str, str]:
    """Return the system's variables of this process, and `more` by name or by their `prefixes`."""
    names, begin = _SYSTEM.union(more), (*_SYSTEM_PREFIXES, *prefixes)
    return {name: value for name, value in os.environ.items() if name in names or name.startswith(begin)}
