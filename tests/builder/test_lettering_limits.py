"""Letters: counted as the font writes them, and of a thread that can be read on its ground."""

import pytest

from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.contrast import is_readable
from subgraphs.builder.enums import Color
from tests.builder.support import config, run, words
from tests.support.apps import Served


@pytest.mark.parametrize(
    ("font", "content", "code"),
    [
        ("BLOCK", "ß" * 24, "TOO_LONG"),
        ("BLOCK", "ß" * 12, None),
        ("BLOCK", "a" * 23 + "ß", "TOO_LONG"),
        ("SANS", "ß" * 24, None),
        ("BLOCK", "a" * 25, "TOO_LONG"),
    ],
)
async def test_letters_are_counted_as_the_font_writes_them(
    builder: Served, customer: str, font: str, content: str, code: str | None
) -> None:
    text = words(content=content, font=font)
    made = await run(builder, "designCreate", customer, name="Rex", config=config(size="EXTRA_LARGE", text=text))
    found = [(field["path"], field["code"]) for field in made.get("fields", [])]
    assert found == ([("input.config.text.content", code)] if code else [])


@pytest.mark.parametrize(
    ("thread", "ground", "expected"),
    [
        (Color.RED, Color.GREEN, False),
        (Color.GOLD, Color.PINK, False),
        (Color.RED, Color.RED, False),
        (Color.BLACK, Color.NAVY, False),
        (Color.WHITE, Color.NAVY, True),
        (Color.GOLD, Color.BLACK, True),
    ],
)
def test_a_thread_is_read_by_contrast_and_not_by_hue(thread: Color, ground: Color, expected: bool) -> None:
    assert is_readable(thread, ground) is expected
    assert is_readable(ground, thread) is expected


def test_each_ground_has_a_thread_that_can_be_read() -> None:
    for rules in CATALOGUE.values():
        for material in rules.materials:
            threads = [rules.technique(each) for each in material.techniques]
            for technique in threads:
                if technique is not None and technique.colors:
                    for ground in material.colors:
                        assert [color for color in technique.colors if is_readable(color, ground)], ground
