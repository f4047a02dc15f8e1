"""What a server's process takes, as the kernel tells it (Linux alone)."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

NANOSECONDS = 1_000_000
LISTENING = "0A"


@dataclass(frozen=True)
class Process:
    """One process by its id."""

    pid: int

    @classmethod
    def listening_on(cls, port: int) -> "Process":
        """Return the process that listens on a port; raises LookupError where there is none."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        inodes = {row[9] for row in rows if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port}
        wanted = {f"socket:[{inode}]" for inode in inodes}
        for entry in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if str(entry.readlink()) in wanted:
                    return cls(int(entry.parts[2]))
            except OSError:
                continue
        raise LookupError(f"nobody listens on port {port}")

    @property
    def command(self) -> str:
        """Its command line, or its title, in words."""
        return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()

    @property
    def environment(self) -> dict[bytes, bytes]:
        """The variables with which it was started."""
        pairs = Path(f"/proc/{self.pid}/environ").read_bytes().split(b"\0")
        return dict(pair.split(b"=", 1) for pair in pairs if b"=" in pair)

    def descendants(self) -> "list[Process]":
        """Return the processes that it has started, and those that they have."""
        children: dict[int, list[Process]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parent = int(entry.read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(Process(int(entry.parts[2])))
        found, waiting = [], [self]
        while waiting:
            below = children.get(waiting.pop().pid, [])
            found += below
            waiting += below
        return found

    @property
    def cpu_ms(self) -> float:
        """The CPU time that all its threads have had, in milliseconds."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in threads) / NANOSECONDS

    @property
    def memory_mb(self) -> float:
        """Its resident memory, in megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1_000
