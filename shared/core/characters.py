"""Tells characters that hide in a text from those that its language needs.

Hidden are the format characters of Unicode (category Cf) that show nothing or change the direction of what follows:
two texts that differ by them look the same, and a text of them alone looks empty. Three kinds are needed. Joiners
(U+200C, U+200D) belong inside words of Persian or of Indian languages, and inside emoji; some Arabic letters and Indian
signs have one behind them at the end of a word. Tags belong to the flags of England, Scotland and Wales. And a few
signs of Arabic, Syriac, Kaithi and Egyptian are of this category though they are seen.
"""

import re
import unicodedata

_JOINERS = {"\u200c", "\u200d"}
_SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001345f]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
# Characters of other categories that show nothing (Default_Ignorable_Code_Point), and the empty pattern of Braille.
_BLANK = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def has_hidden(text: str) -> bool:
    """Return whether a text holds a hidden character."""
    return not text.isprintable() and without_hidden(text) != text


def without_hidden(text: str) -> str:
    """Return a text without its hidden characters."""
    if text.isprintable():
        return text
    flags = {place for flag in _FLAG.finditer(text) for place in range(*flag.span())}
    return "".join(one for place, one in enumerate(text) if place in flags or not _is_hidden(text, place))


def shows_nothing(text: str) -> bool:
    """Return whether a text that is not empty looks as if it were."""
    return bool(text) and all(character.isspace() or _BLANK.match(character) is not None for character in text)


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    if unicodedata.category(character) != "Cf" or _SEEN.match(character):
        return False
    return character not in _JOINERS or not _joins(text[max(0, place - 1) : place], text[place + 1 : place + 2])


def _joins(before: str, after: str) -> bool:
    """Return whether a joiner is one between two characters, either of which may be missing."""
    if not before or not _is_joinable(before):
        return False
    return (after != "" and _is_joinable(after)) or _may_end(before)


def _is_joinable(character: str) -> bool:
    """Return whether a character is a letter, a mark on one, or a symbol such as an emoji."""
    return unicodedata.category(character)[0] in "LMS"


def _may_end(character: str) -> bool:
    """Return whether a joiner may follow a character at the end of a word."""
    return unicodedata.category(character)[0] == "M" or unicodedata.bidirectional(character) == "AL"
