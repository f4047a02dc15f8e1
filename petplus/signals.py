"""What stops a process: the first SIGINT or SIGTERM politely, a second one at once."""

import asyncio
import signal
from collections.abc import Callable, Coroutine

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def on_signal(stop: Callable[[], None]) -> None:
    """Call `stop` at the first SIGINT or SIGTERM; a second one ends the process."""
    loop = asyncio.get_running_loop()

    def begin() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, begin)


async def unless_stopped(work: Coroutine[object, object, None]) -> bool:
    """Do what may wait for long, until SIGINT or SIGTERM; returns whether it was done."""
    task, is_stopped = asyncio.ensure_future(work), False

    def stop() -> None:
        nonlocal is_stopped
        is_stopped = task.cancel()

    on_signal(stop)
    try:
        await task
    except asyncio.CancelledError:
        if not is_stopped:
            raise
        return False
    return True
