"""`python -m tools.check_apps`: checks the apps' generated files, types, style and unit tests, side by side."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from petplus.local.apps import APPS
from petplus.local.node import ensure_modules, find_node

SECONDS = 300
CHECKS = (
    ("tools/codegen.mjs", "--check"),
    ("node_modules/typescript/bin/tsc", "-p", "."),
    ("node_modules/oxlint/bin/oxlint", "--deny-warnings", "--format=unix"),
    ("node_modules/vitest/vitest.mjs", "run", "--silent", "--reporter=dot"),
)


def failure_of(check: tuple[str, ...], folder: Path = APPS) -> str:
    """Return what a check found; nothing where all is well."""
    argv = [str(find_node().binary), *check]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    return "" if done.returncode == 0 else f"{' '.join(check)}\n{done.stdout}{done.stderr}".strip()


def main() -> int:
    """Print what the checks found, and return 1 if there is anything."""
    ensure_modules(APPS, "what builds and checks the apps", for_tests=True)
    with ThreadPoolExecutor() as threads:
        found = [failure for failure in threads.map(failure_of, CHECKS) if failure]
    for each in found:
        print(each)  # noqa: T201 (its output)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
