"""The composed shop as an operator runs it: `docker compose` with an environment file of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.shop import ROOT
from tests.support.waiting import TEST_TIMEOUT

DEPLOY = ROOT / "deploy"
UPDATE_SECONDS = 600
BUILD_SECONDS = 1800
# From inside of a container, because Docker takes what `docker kill` ends for stopped by its operator. The container's
# first process reaps the server, and ends with it.
KILL = """
for each in /proc/[0-9]*; do
  parent=$(sed -n 's/^PPid:.//p' $each/status 2>/dev/null)
  if grep -qs '^Name:.NAME$' $each/status && ! grep -qs '^Name:.NAME$' /proc/$parent/status; then
    kill -9 ${each#/proc/}
    exit
  fi
done
exit 1
"""


def why_not() -> str | None:
    """Return why no shop can be composed on this machine, as a sentence, or None where it can."""
    if shutil.which("docker") is None:
        return "Docker is not installed: `docker` is not on the PATH (deploy/ci/engine installs it on Debian)."
    for needed, reason in {
        ("docker", "version"): "The Docker daemon does not answer: start it, or set DOCKER_HOST (deploy/ci/engine).",
        ("docker", "compose", "version"): "The Compose plugin of Docker is missing (deploy/ci/engine installs it).",
    }.items():
        if subprocess.run(needed, capture_output=True, check=False).returncode != 0:
            return reason
    return None


def build(tag: str) -> None:
    """Build all images from this tree; where no registry of images is reached, on stand-ins of the base images."""
    subprocess.run([DEPLOY / "ci" / "base-image"], check=True, timeout=BUILD_SECONDS)
    subprocess.run([DEPLOY / "build"], check=True, timeout=BUILD_SECONDS, env=os.environ | {"PETPLUS_VERSION": tag})


class Composed:
    """A shop of containers; `variables` are lines of its environment file."""

    def __init__(self, folder: Path, project: str, variables: Mapping[str, str]) -> None:
        self._file = folder / "shop.env"
        self._variables = dict(variables)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PETPLUS_", "COMPOSE_"))}
        self._env = inherited | {
            "COMPOSE_FILE": str(DEPLOY / "compose.yaml"),
            "COMPOSE_PROJECT_NAME": project,
            "COMPOSE_ENV_FILES": str(self._file),
        }
        self._write()

    def set_variable(self, name: str, value: str) -> None:
        """Change a line of the environment file."""
        self._variables[name] = value
        self._write()

    def _write(self) -> None:
        self._file.write_text("".join(f"{name}={value}\n" for name, value in self._variables.items()))

    def compose(self, *arguments: str, seconds: float = TEST_TIMEOUT) -> str:
        """Run `docker compose`; fails with what it says where it fails."""
        return self._run(["docker", "compose", *arguments], seconds)

    def update(self) -> str:
        """Replace all processes, as `deploy/update` does."""
        return self._run([str(DEPLOY / "update")], UPDATE_SECONDS)

    def petplus(self, *arguments: str) -> str:
        """Run a `petplus` command beside a worker."""
        return self.compose("exec", "-T", "worker", "petplus", *arguments)

    def kill(self, service: str, process: str) -> None:
        """End the first process of a name with SIGKILL, so that the container ends with it."""
        self.compose("exec", "-T", service, "sh", "-c", KILL.replace("NAME", process))

    def restarts(self, service: str) -> int:
        """Return how often the engine has started the only container of a service again."""
        container = self.compose("ps", "--all", "--quiet", service).strip()
        return int(self._run(["docker", "inspect", "--format", "{{.RestartCount}}", container], TEST_TIMEOUT))

    def images(self) -> dict[str, set[str]]:
        """Return the images of the running containers, by service."""
        found: dict[str, set[str]] = {}
        for line in self.compose("ps", "--format", "{{.Service}} {{.Image}}").splitlines():
            service, image = line.split()
            found.setdefault(service, set()).add(image)
        return found

    def logs(self) -> str:
        """Return the last lines of all containers."""
        return self.compose("logs", "--no-color", "--tail", "40")

    def _run(self, argv: list[str], seconds: float) -> str:
        done = subprocess.run(argv, env=self._env, capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout


@contextmanager
def composed(folder: Path, project: str, variables: Mapping[str, str]) -> Iterator[Composed]:
    """Run a shop for the length of the block; its containers and data go with it."""
    shop = Composed(folder, project, variables)
    try:
        shop.compose("up", "--detach", "--wait", seconds=UPDATE_SECONDS)
        yield shop
    finally:
        # Each has its time to stop: an engine that kills many at once has left networks in use for ever.
        shop.compose("down", "--volumes", seconds=UPDATE_SECONDS)
