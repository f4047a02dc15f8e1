"""Makes the pictures of `docs/mails.md` with Chromium, which is installed apart: `make mail-pictures`."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from petplus.generated.mails_page import PICTURES, samples
from tools.browser import NO_BROWSER, find_browser

WIDTH = 600
SECONDS = 60
LARGEST = 60_000
# The browser tells how high the page is in the title of what it dumps.
_MEASURE = "<script>document.title = 'height ' + document.documentElement.scrollHeight</script>"
_HEIGHT = re.compile(r"<title>height (\d+)</title>")


def main() -> int:
    """Write one PNG for each mail, and drop those of mails that are no more; returns an exit code."""
    browser = find_browser()
    if browser is None:
        print(NO_BROWSER, file=sys.stderr)  # noqa: T201
        return 2
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as directory:
        for templates, sample in samples():
            picture = PICTURES / f"{sample.name}.png"
            _take(browser, Path(directory), templates.html(sample.template, sample.facts), picture)
            if picture.stat().st_size > LARGEST:
                print(f"{picture} is larger than {LARGEST} bytes.", file=sys.stderr)  # noqa: T201
                return 1
    return 0


def _take(browser: str, directory: Path, html: str, picture: Path) -> None:
    page = directory / "mail.html"
    page.write_text(html + _MEASURE, encoding="utf-8")
    dumped = _run(browser, directory, page, ["--dump-dom", f"--window-size={WIDTH},200"])
    found = _HEIGHT.search(dumped)
    height = int(found[1]) if found is not None else 1000
    _run(browser, directory, page, [f"--screenshot={picture}", f"--window-size={WIDTH},{height}"])


def _run(browser: str, directory: Path, page: Path, given: Sequence[str]) -> str:
    # The pages are ours and load nothing, so the sandbox, which containers lack, protects from nothing.
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={directory}/profile"]
    command = [browser, *fixed, *given, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS).stdout


if __name__ == "__main__":
    sys.exit(main())
