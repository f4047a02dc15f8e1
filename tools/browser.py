"""Finds the browser that makes pictures and runs the tests of the apps. It is installed apart."""

import shutil

NO_BROWSER = "Install Chromium first, such as `apt-get install chromium`."
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
"""The pages are ours, so the sandbox, which containers lack, protects from nothing; and nothing else is loaded."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Return the path of Chromium or Chrome, or None where there is neither."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
