"""Handles: the names of things in URLs, made from their titles."""

import re
import unicodedata

LONGEST_HANDLE = 255
_GAP = re.compile(r"[^a-z0-9]+")


def handle_of(title: str) -> str:
    """Return a title in small ASCII letters, digits and hyphens; empty where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss"))
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return _GAP.sub("-", bare.lower()).strip("-")[:LONGEST_HANDLE]


def is_handle(given: str) -> bool:
    """Tell whether something may be a handle; those of other shops may have letters of any script."""
    return 0 < len(given) <= LONGEST_HANDLE and given.isprintable()
