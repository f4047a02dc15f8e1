"""Runs the containers of a release as processes of this machine: a kubelet without a node.

A container gets its arguments, its environment and nothing else. What a cluster gives is in `Cluster`: the values of
the Secret, names of Services, and a directory for each pod's `/tmp`.
"""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from petplus.local.node import find_node
from shared.core.environment import system_environment
from tests.chart.helm import ROOT, Object, Rendered
from tests.chart.network import selects
from tests.chart.policies import environment_of, port_of
from tests.support.http import http_client
from tests.support.waiting import TEST_TIMEOUT, eventually

PETPLUS = (sys.executable, "-m", "petplus")
"""The entry point of the images of subgraphs."""


@dataclass(frozen=True)
class Cluster:
    """What surrounds a release: the values of its Secret, and servers by the beginnings of their addresses."""

    release: Rendered
    secret: Mapping[str, str]
    servers: Mapping[str, str]
    folder: Path

    def resolve(self, value: str) -> str:
        """Return a value of an environment in which names of Services and servers are addresses of this machine."""
        for beginning, address in self.servers.items():
            value = value.replace(beginning, address)
        return re.sub(r"(?<=://)(shop-[a-z-]+):(\d+)", lambda match: self._endpoint(match[1], int(match[2])), value)

    def _endpoint(self, name: str, port: int) -> str:
        service = self.release.one("Service", name)["spec"]
        [listed] = [each for each in service["ports"] if each["port"] == port]
        [pod] = [
            template["spec"]["containers"][0]
            for _, template in self.release.workloads()
            if selects({"matchLabels": service["selector"]}, template["metadata"]["labels"])
        ]
        [target] = [each["containerPort"] for each in pod["ports"] if each["name"] == listed["targetPort"]]
        return f"127.0.0.1:{target}"


class Pod:
    """A pod with one container, as a process."""

    def __init__(self, cluster: Cluster, name: str, **changed: str) -> None:
        """Start it; `changed` are variables that are not the release's."""
        [template] = [template for each, template in cluster.release.workloads() if each == name]
        self.spec: Object = template["spec"]
        [self.container] = self.spec["containers"]
        folder = cluster.folder / name
        folder.mkdir(exist_ok=True)
        environment = {
            variable: cluster.resolve(re.sub(r"^(/tmp/|/etc/petplus/)", f"{folder}/", value))
            for variable, value in environment_of(self.container, cluster.secret).items()
        }
        self._environment = system_environment() | environment | changed
        is_router = self.container["image"].rpartition(":")[0].endswith("/router")
        entry_point = [str(find_node().binary)] if is_router else [*PETPLUS]
        self._log = folder / "log"
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [*entry_point, *self.container["args"]],
                env=self._environment,
                cwd=ROOT / "router" if is_router else ROOT,
                stdout=output,
                stderr=output,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    async def execute(self, *arguments: str) -> str:
        """Run a `petplus` command in the container, as `kubectl exec` does, and return its output."""
        command = await asyncio.create_subprocess_exec(
            *PETPLUS, *arguments, env=self._environment, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await command.communicate()
        assert command.returncode == 0, output
        return output.decode()

    async def get(self, path: str, timeout_seconds: float = TEST_TIMEOUT) -> httpx.Response | None:
        """Send a request to its port; None where nobody answers in time."""
        try:
            async with http_client(timeout=timeout_seconds) as client:
                return await client.get(f"http://127.0.0.1:{port_of(self.container)}{path}")
        except httpx.HTTPError:
            return None

    async def probe(self, kind: str) -> int | None:
        """Make a probe, such as `readinessProbe`, and return the status; None where nobody answers in time."""
        probe = self.container[kind]
        assert probe["httpGet"]["port"] == self.container["ports"][0]["name"]
        response = await self.get(probe["httpGet"]["path"], probe["timeoutSeconds"])
        return None if response is None else response.status_code

    async def until(self, kind: str, status: int) -> None:
        """Return when a probe has a status; fails when the process has ended."""

        async def is_so() -> bool:
            assert self.process.poll() is None, self.output
            return await self.probe(kind) == status

        await eventually(is_so, pause=0.1, about=lambda: self.output)

    def wait(self) -> int:
        """Wait for the end of its process and return the exit status."""
        return self.process.wait(TEST_TIMEOUT)

    async def end(self) -> None:
        """Send SIGTERM and wait for the end."""
        self.process.send_signal(signal.SIGTERM)

        async def has_ended() -> bool:
            return self.process.poll() is not None

        await eventually(has_ended, pause=0.05, about=lambda: self.output)

    def kill(self) -> None:
        """End what has not ended."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
