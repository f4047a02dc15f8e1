"""Run a command that is tied to the life of its parent: `launch.py PARENT SIGNAL UID GID COMMAND...`.

It asks the kernel to send itself SIGNAL when PARENT dies (prctl(2), PR_SET_PDEATHSIG), and becomes the
command, which keeps that promise across exec(2). UID and GID are the user to become first, or 0. It is a
program of its own, using the standard library alone, because code between fork and exec (`preexec_fn`) may
deadlock in a process with threads.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_EXIT_CANNOT_EXECUTE = 126


def main(parent: int, death_signal: int, uid: int, gid: int, command: list[str]) -> None:
    """Become `command`; returns only by leaving the process."""
    if uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which clears the setting.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call, so the signal would never come
        sys.exit(_EXIT_CANNOT_EXECUTE)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(_EXIT_CANNOT_EXECUTE)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
