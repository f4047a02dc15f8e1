"""Hook of MkDocs: adds the pages that are not files of `docs/`, and turns GitHub's links and lists into the site's.

The Markdown files at the root of the repository become pages, and the references of the schema and of the events are
written from the files that describe them. Nothing of it is checked in. mkdocs.yml names this file.
"""

import logging
import posixpath
import re
import tomllib
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.events_page import events_page
from tools.reference import reference_pages

ROOT = Path(__file__).parents[1]
ROOT_PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security-policy.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
}
# The logger's name makes a warning count for `--strict`.
log = logging.getLogger("mkdocs.hooks.site")

_LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_ITEM = re.compile(r"(?:[-*+]|\d+\.) ")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the repository's address from pyproject.toml.

    It is no `repo_url`: with one, each page would ask GitHub for its stars.
    """
    config.extra["repository"] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that do not lie in `docs/`."""
    pages = {page: (ROOT / name).read_text() for name, page in ROOT_PAGES.items()}
    pages |= reference_pages((ROOT / "router" / "supergraph.graphql").read_text())
    pages["reference/events.md"] = events_page((ROOT / "docs" / "events.json").read_text())
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn what is written for GitHub into what MkDocs reads."""
    path = page.file.src_uri
    if path.startswith("reference/"):
        return markdown
    origin = next((name for name, target in ROOT_PAGES.items() if target == path), f"docs/{path}")
    return for_python_markdown(site_links(markdown, origin, path, config.extra["repository"]))


def site_links(markdown: str, origin: str, page: str, repository: str) -> str:
    """Point the links of the file `origin` at pages of the site, or at the repository where the site has none."""

    def replace(found: re.Match[str]) -> str:
        return _target(found[1], origin, page, repository) + (found[2] or "")

    return _LINK.sub(replace, markdown)


def _target(link: str, origin: str, page: str, repository: str) -> str:
    # As GitHub does: relative to the file. Two levels above its root is the repository's own address.
    path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link))
    if path.startswith("../../"):
        return repository + path.removeprefix("../..")
    there = ROOT / path
    if not there.exists():
        log.warning("%s links to %s, which does not exist.", origin, link)
    if there.is_dir() and (there / "README.md").exists():
        path += "/README.md"
    if path in ROOT_PAGES:
        path = ROOT_PAGES[path]
    elif path.startswith("docs/"):
        path = path.removeprefix("docs/")
    else:
        return f"{repository}/{'tree' if there.is_dir() else 'blob'}/main/{path}"
    return posixpath.relpath(path, posixpath.dirname(page) or ".")


def for_python_markdown(markdown: str) -> str:
    """Indent what belongs to a list item by four columns, and put an empty line before each list.

    CommonMark needs neither: there two or three columns are enough, and a list may follow a line of text.
    """
    lines: list[str] = []
    fence, shift, is_in_list = "", 0, False
    for line in markdown.splitlines():
        if fence:
            fence = "" if line.strip() == fence else fence
            lines.append(" " * shift + line if line.strip() else line)
            continue
        indent = len(line) - len(line.lstrip())
        shift = 4 - indent if is_in_list and 2 <= indent < 4 else 0
        opened = _FENCE.match(line)
        fence = opened[1] if opened else ""
        if _ITEM.match(line):
            if not is_in_list and lines and lines[-1].strip():
                lines.append("")
            is_in_list = True
        elif line.strip() and indent == 0 and (not lines or not lines[-1].strip() or opened or line.startswith("#")):
            is_in_list = False
        lines.append(" " * shift + line)
    return "\n".join(lines) + "\n"
