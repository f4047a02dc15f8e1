"""`python -m tools.check_mobile`: checks the mobile app's types, and home as react-native draws it."""

import sys

from petplus.local.apps import APPS
from petplus.local.node import ensure_modules
from tools.check_apps import failure_of

NATIVE = APPS / "mobile-native"
CHECKS = (("node_modules/typescript/bin/tsc", "-p", "."), ("node_modules/jest/bin/jest.js",))


def main() -> int:
    """Print what the checks found, and return 1 if there is anything."""
    ensure_modules(NATIVE, "Expo", for_tests=True)
    found = [failure for check in CHECKS if (failure := failure_of(check, NATIVE))]
    for each in found:
        print(each)  # noqa: T201 (its output)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
