"""`python -m tools.lint_schema`: checks the schema that clients see by the rules of GraphQL ESLint (`schema_lint/`)."""

import subprocess
import sys
from pathlib import Path

from petplus.local.node import ROUTER, ensure_modules, find_node
from petplus.local.process import ServiceError

PROJECT = Path(__file__).parent / "schema_lint"
SECONDS = 120


def findings(schema: Path) -> list[str]:
    """Return a line for each finding. Raises ServiceError when the check cannot run."""
    ensure_modules(PROJECT, "the modules that check the schema")
    argv = [str(find_node().binary), str(PROJECT / "lint.mjs"), str(schema)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.stderr.strip():
        raise ServiceError(done.stderr.strip())
    return done.stdout.splitlines()


def main() -> int:
    """Print the findings of the schema that is checked in, and return 1 if there are any."""
    found = findings(ROUTER / "schema.graphql")
    for each in found:
        print(each)  # noqa: T201 (its output)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
