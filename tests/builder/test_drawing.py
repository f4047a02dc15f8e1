"""Drawings: of anything, safe whatever is written on it, and the same with or without what cannot be seen."""

import random
import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.core.validation import Checks
from shared.graph.money import CurrencyCode
from subgraphs.builder import demo
from subgraphs.builder.catalogue import CATALOGUE, pricing
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.layers import SOLID_RADIUS, optimized
from subgraphs.builder.catalogue.validation import PUNCTUATION, check_config
from subgraphs.builder.drawing import SCALE, SIDE, centred, content_hash, draw
from subgraphs.builder.drawing.motifs import OUTLINES
from subgraphs.builder.drawing.products import bandana, bed, bowl, collar, harness, tag
from subgraphs.builder.drawing.raster import rasterise
from subgraphs.builder.drawing.svg import ELEMENTS, Canvas, element, path, words
from subgraphs.builder.enums import Font, Motif, Pattern, ProductKind
from subgraphs.builder.lettering import can_write, set_line
from tests.builder.configs import HOSTILE, allowed, anything, nearly_allowed
from tests.support.properties import examples

SEEDS = st.integers(0, 2**32)
SVG = "{http://www.w3.org/2000/svg}"
ATTRIBUTES = frozenset(
    (
        *(
            "id",
            "d",
            "x",
            "y",
            "x1",
            "x2",
            "y1",
            "y2",
            "cx",
            "cy",
            "r",
            "rx",
            "ry",
            "width",
            "height",
            "offset",
            "role",
        ),
        *("viewBox", "fill", "fill-opacity", "opacity", "clip-path", "transform", "patternTransform", "patternUnits"),
        *("stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap", "stroke-dasharray"),
        *("stop-color", "stop-opacity"),
    )
)
COMBINATIONS = examples(10_000)


def violations(config: DesignConfig) -> list[tuple[str, str]]:
    """Return each refused field with its rule."""
    checks = Checks("")
    check_config(config, checks)
    try:
        checks.raise_if_any()
    except InvalidInput as refusal:
        return [(field.path, field.code) for field in refusal.fields]
    return []


def pixels(config: DesignConfig, size: int = 256) -> bytes:
    return rasterise(draw(config), size)


def assert_harmless(svg: str) -> None:
    """Assert that a drawing has nothing but shapes: no script, no style, no address outside of it."""
    root = ET.fromstring(svg)  # noqa: S314 (written by ourselves, and being tested)
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    for node in root.iter():
        assert node.tag.removeprefix(SVG) in ELEMENTS
        assert set(node.keys()) <= ATTRIBUTES
        for name, value in node.items():
            assert name == "d" or set(re.findall(r"url\(#([\w-]+)\)", value)) <= ids
            assert "://" not in value
            assert re.sub(r"url\(#[\w-]+\)", "", value).find("url") == -1
        if node.tag != f"{SVG}title":
            assert not (node.text or "").strip()


def agree(count: int, seed: int) -> tuple[int, int]:
    """Hold validator, price and picture against each other; returns how many were allowed and how many refused."""
    rng = random.Random(seed)
    good = bad = 0
    for number in range(count):
        config = (allowed, nearly_allowed, anything)[number % 3](rng)
        refused = violations(config)
        drawn = draw(config)
        assert drawn.startswith("<svg ")
        assert drawn.endswith("</svg>")
        assert len(drawn) < 300_000
        if number % 20 == 0:
            assert_harmless(drawn)
        if refused:
            bad += 1
            assert all(path.startswith("config.") and code.isupper() for path, code in refused)
            continue
        good += 1
        for currency in CurrencyCode:
            quote = pricing.quote(config, 3, currency)
            assert quote.total_minor == sum(item.amount_minor for item in quote.items) > 0
            assert quote.unit_price_minor == pricing.unit_price(config, currency)
        if number % 200 == 0:
            assert pixels(config, 128).startswith(b"\x89PNG")
    return good, bad


def test_validator_price_and_picture_never_disagree() -> None:
    good, bad = agree(COMBINATIONS, seed=20261123)
    assert min(good, bad) > COMBINATIONS / 4


@settings(max_examples=examples(60), deadline=None)
@given(SEEDS, st.text(max_size=60) | st.sampled_from(HOSTILE), st.sampled_from(Font))
def test_no_text_gets_more_than_shapes_into_a_drawing(seed: int, content: str, font: Font) -> None:
    config = anything(random.Random(seed))
    if config.text is not None:
        config = replace(config, text=replace(config.text, content=content, font=font))
    assert_harmless(draw(config))


@settings(max_examples=examples(200), deadline=None)
@given(st.text())
def test_words_and_attributes_come_back_as_they_were(text: str) -> None:
    kept = "".join(it for it in text if unicodedata.category(it) not in {"Cc", "Cs", "Cn", "Co"})
    root = ET.fromstring(element("title", words(text), id=kept))  # noqa: S314
    assert (root.text or "", root.get("id")) == (kept, kept)


def test_other_elements_cannot_be_written() -> None:
    for name in ("script", "foreignObject", "image", "use", "a", "style", "text", "animate"):
        with pytest.raises(ValueError, match=name):
            element(name)


@pytest.mark.parametrize("product", ProductKind)
def test_every_choice_shows(product: ProductKind) -> None:
    rng = random.Random(product.value)
    rules = CATALOGUE[product]
    config = next(it for it in iter(lambda: demo.random_config(rng)[1], None) if it.product is product and it.text)
    assert config.text is not None
    changed: dict[str, Any] = {
        "material": next(rule.material for rule in rules.materials if rule.material is not config.material),
        "primary_color": next(it for it in rules.color_pairs if it is not config.primary_color),
        "size": next(rule.size for rule in rules.sizes if rule.size is not config.size),
        "text": None,
    }
    if rules.hardware:
        changed["hardware"] = next(rule.finish for rule in rules.hardware if rule.finish is not config.hardware)
    before = pixels(config)
    for name, value in changed.items():
        other = replace(config, **{name: value})
        assert pixels(other) != before, name
        assert content_hash(other) != content_hash(config)
    assert pixels(replace(config, text=replace(config.text, content=config.text.content + "x"))) != before


@pytest.mark.parametrize("pattern", [pattern for pattern in Pattern if pattern is not Pattern.SOLID])
def test_every_pattern_shows_on_all_that_take_it(pattern: Pattern) -> None:
    taking = 0
    for preset in demo.PRESETS:
        config = replace(preset.config, secondary_color=next(iter(CATALOGUE[preset.config.product].color_pairs)))
        plain = replace(config, pattern=Pattern.SOLID)
        if any(pattern in rule.patterns for rule in CATALOGUE[config.product].materials):
            taking += 1
            assert draw(replace(config, pattern=pattern)) != draw(plain)
    assert taking > 5


@settings(max_examples=examples(20), deadline=None)
@given(SEEDS)
def test_optimizing_changes_neither_picture_nor_price(seed: int) -> None:
    config = allowed(random.Random(seed))
    tidy = optimized(config)
    assert pixels(tidy, 800) == pixels(config, 800)
    assert content_hash(tidy) == content_hash(config)
    for currency in CurrencyCode:
        assert pricing.quote(tidy, 7, currency) == pricing.quote(config, 7, currency)
    assert optimized(tidy) == tidy
    assert violations(config) == violations(tidy) == []


def test_optimizing_drops_each_kind_of_what_cannot_be_seen() -> None:
    rng = random.Random(1)
    dropped = {"hidden": 0, "beside": 0, "covered": 0}
    for _ in range(3000):
        config = allowed(rng)
        kept = optimized(config).layers
        for layer in config.layers:
            if layer.hidden:
                dropped["hidden"] += 1
            elif not any((it.x, it.y, it.size, it.motif) == (layer.x, layer.y, layer.size, layer.motif) for it in kept):
                beside = not (0 <= layer.x <= 100 and 0 <= layer.y <= 100)
                dropped["beside" if beside else "covered"] += 1
        assert all(not layer.hidden and 0 <= layer.rotation < 360 for layer in kept)
    assert min(dropped.values()) > 50, dropped


def shapes(*drawn: str) -> bytes:
    body = '<rect x="-1.2" y="-1.2" width="2.4" height="2.4" fill="white"/>' + "".join(drawn)
    size = 'width="960" height="960" viewBox="-1.2 -1.2 2.4 2.4"'
    return rasterise(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>', 960)


@pytest.mark.parametrize("scale", sorted(set(SCALE.values())))
def test_tiles_are_copied_pixel_by_pixel_into_a_picture_of_full_size(scale: float) -> None:
    product, page = Canvas(scale), Canvas()
    halves = [path("M0 0H1V3H0Z", "#ffffff"), path("M1 0H2V3H1Z", "#000000")]
    product.add(path("M-400 -400H1200V1200H-400Z", product.tile("tile", 2, 3, *halves)))
    page.take(product, centred(scale))
    one_row = "".join(f'<path d="M{x} 0h1v800h-1z" fill="#{"000000" if x % 2 else "ffffff"}"/>' for x in range(SIDE))
    plain = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800">{one_row}</svg>'
    # Where a tile does not meet the pixels, it is sampled anew for each of them: dear, and black and white turn grey.
    assert rasterise(page.finish(SIDE, "Tiles"), SIDE) == rasterise(plain, SIDE)


def test_motifs_lie_in_their_circle_and_cover_their_middle() -> None:
    assert set(OUTLINES) == set(Motif)
    circle = '<circle r="1" fill="black"/>'
    for motif, outline in OUTLINES.items():
        drawn, disc = f'<path d="{outline}"/>', f'<circle r="{SOLID_RADIUS.get(motif, 0)}" fill="red"/>'
        assert shapes(drawn) != shapes()
        assert shapes(drawn, circle) == shapes(circle), motif
        assert shapes(disc, drawn) == shapes(drawn), motif


@pytest.mark.parametrize("font", Font)
def test_every_lettering_has_what_names_are_written_with(font: Font) -> None:
    basic = [chr(code) for code in range(0x20, 0x180)]
    latin = [it for it in basic if (it.isascii() and it.isalnum()) or unicodedata.name(it, "").startswith("LATIN ")]
    missing = {it for it in (*latin, *PUNCTUATION) if not can_write(font, it)}
    assert missing <= set("\u0132\u0133\u0138\u0149\u017f"), missing


@pytest.mark.parametrize("font", Font)
def test_a_line_is_as_wide_as_its_letters(font: Font) -> None:
    short, long = set_line(font, "Rex"), set_line(font, "Rex ♥ Rex")
    assert 0.3 < short.cap_height < 1
    assert 2 * short.width < long.width < 6 * short.width
    assert len(long.glyphs) == 2 * len(short.glyphs) + 3
    assert set_line(font, "").glyphs == ()


def test_a_character_that_a_lettering_lacks_is_refused() -> None:
    config = next(it.config for it in demo.PRESETS if it.name == "Heritage Leather Collar")
    assert config.text is not None
    for content in ("Ĳsje", "Rex\u017f", "Zoë ♥"):
        assert violations(replace(config, text=replace(config.text, content=content))) == []
    plain = replace(config.text, font=Font.SANS, content="Rex\u017f")
    assert violations(replace(config, text=plain)) == [("config.text.font", "FONT_LACKS_CHARACTER")]


def test_the_field_of_layers_is_what_the_catalogue_says() -> None:
    drawn = {
        ProductKind.COLLAR: collar.FIELD,
        ProductKind.HARNESS: harness.FIELD,
        ProductKind.TAG: tag.FIELD,
        ProductKind.BED: bed.FIELD,
        ProductKind.BOWL: bowl.FIELD,
        ProductKind.BANDANA: bandana.FIELD,
    }
    stated = {kind: rules.layers.aspect for kind, rules in CATALOGUE.items() if rules.layers is not None}
    assert {kind: field.width / field.height for kind, field in drawn.items()} == pytest.approx(stated)
