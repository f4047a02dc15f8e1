"""What all subcommands share: where they write, and how they fail."""

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from petplus.local.process import ServiceError
from shared.core.errors import OperationRefused, Unavailable, reason_of
from shared.core.settings import SettingsError

# Where output goes to a file or another program, tables are as wide as they need to be.
WIDE = 240

out = Console(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)


def command(function: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async subcommand; what an operator can mend is one sentence, not a traceback."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        # Modules are not garbage: looking for it every 700 objects takes a fifth of the time to load all subgraphs.
        gc.set_threshold(50_000, 20, 50)
        try:
            asyncio.run(function(*args, **kwargs))
        except (SettingsError, ServiceError, OperationRefused) as error:
            err.print(f"[red]{escape(str(error))}[/red]", highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except Unavailable as error:
            err.print(f"[red]The database gives no answer: {escape(first_line(error))}[/red]", soft_wrap=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return run


def first_line(error: BaseException) -> str:
    """Return the first line of what went wrong."""
    reason = reason_of(error)
    return str(reason).partition("\n")[0] or type(reason).__name__
