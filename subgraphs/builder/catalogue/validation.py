"""The one validator of configurations: holds what was chosen against what the product allows.

Each violation names the field as the client wrote it, the rule, and what the rule asks for.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum

from shared.core.errors import InvalidInput
from shared.core.validation import Checks
from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig, DesignLayer, DesignText
from subgraphs.builder.catalogue.contrast import is_readable
from subgraphs.builder.catalogue.rules import LayerRules, MaterialRule, ProductRules
from subgraphs.builder.enums import Pattern
from subgraphs.builder.lettering import can_write, written_length

LAYER_LIMITS = {"x": (-25, 125), "y": (-25, 125), "size": (10, 100), "rotation": (-360, 360)}
"""The least and the most of each number of a layer. Past the edges of the field, because motifs may be cut off."""
PUNCTUATION = frozenset(" .,;:!?&+-/'\u2019\"()#@♥")


def check_config(config: DesignConfig, checks: Checks, path: str = "config") -> DesignConfig:
    """Note every violation in `checks` and return the configuration with its text in normal form."""
    rules = CATALOGUE[config.product]
    if rules.size(config.size) is None:
        _refuse(checks, f"{path}.size", "SIZE_NOT_OFFERED", "sizes", (rule.size for rule in rules.sizes))
    _check_hardware(config, rules, checks, f"{path}.hardware")
    material = rules.material(config.material)
    if material is None:
        offered = (rule.material for rule in rules.materials)
        _refuse(checks, f"{path}.material", "MATERIAL_NOT_OFFERED", "materials", offered)
    else:
        _check_look(config, rules, material, checks, path)
    _check_layers(config, rules.layers, checks, f"{path}.layers")
    if config.text is None:
        return config
    return replace(config, text=_check_text(config, config.text, rules, material, checks, f"{path}.text"))


def is_offered(config: DesignConfig) -> bool:
    """Tell whether a stored configuration still obeys the catalogue, which may have changed since."""
    checks = Checks()
    check_config(config, checks)
    try:
        checks.raise_if_any()
    except InvalidInput:
        return False
    return True


def _check_hardware(config: DesignConfig, rules: ProductRules, checks: Checks, path: str) -> None:
    if config.hardware is None:
        if rules.hardware:
            checks.refuse(path, "HARDWARE_REQUIRED", "Choose the finish of the metal parts.")
    elif not rules.hardware:
        checks.refuse(path, "HARDWARE_NOT_OFFERED", "This product has no metal parts; leave the field out.")
    elif rules.finish(config.hardware) is None:
        _refuse(checks, path, "HARDWARE_NOT_OFFERED", "finishes", (rule.finish for rule in rules.hardware))


def _check_look(config: DesignConfig, rules: ProductRules, material: MaterialRule, checks: Checks, path: str) -> None:
    if config.primary_color not in material.colors:
        _refuse(checks, f"{path}.primaryColor", "COLOR_NOT_OFFERED", "colours of this material", material.colors)
    if config.pattern not in material.patterns:
        _refuse(checks, f"{path}.pattern", "PATTERN_NOT_OFFERED", "patterns of this material", material.patterns)
    partners = rules.color_pairs.get(config.primary_color, ())
    if config.secondary_color is None:
        if config.pattern is not Pattern.SOLID:
            checks.refuse(
                f"{path}.secondaryColor",
                "SECONDARY_COLOR_REQUIRED",
                "Choose a secondary colour; this pattern requires one.",
            )
    elif config.secondary_color not in partners:
        _refuse(
            checks,
            f"{path}.secondaryColor",
            "COLOR_PAIR_NOT_OFFERED",
            "secondary colours for this primary colour",
            partners,
        )


def _check_layers(config: DesignConfig, rules: LayerRules | None, checks: Checks, path: str) -> None:
    most = rules.most if rules is not None else 0
    if len(config.layers) > most:
        checks.refuse(path, "TOO_MANY_LAYERS", f"At most {most} layers are possible on this product.")
    elif rules is not None:
        for index, layer in enumerate(config.layers):
            _check_layer(layer, rules, checks, f"{path}.{index}")


def _check_layer(layer: DesignLayer, rules: LayerRules, checks: Checks, path: str) -> None:
    if layer.motif not in rules.motifs:
        _refuse(checks, f"{path}.motif", "MOTIF_NOT_OFFERED", "motifs", rules.motifs)
    if layer.color not in rules.colors:
        _refuse(checks, f"{path}.color", "LAYER_COLOR_NOT_OFFERED", "colours of motifs", rules.colors)
    for name, (least, most) in LAYER_LIMITS.items():
        if not least <= getattr(layer, name) <= most:
            checks.refuse(f"{path}.{name}", "OUT_OF_RANGE", f"`{name}` must be from {least} to {most}.")


def _check_text(
    config: DesignConfig,
    text: DesignText,
    rules: ProductRules,
    material: MaterialRule | None,
    checks: Checks,
    path: str,
) -> DesignText:
    size = rules.size(config.size)
    longest = size.text_length if size else max(rule.text_length for rule in rules.sizes)
    content = unicodedata.normalize("NFC", text.content).strip()
    if all(_is_writable(character) for character in content if unicodedata.category(character) != "Cc"):
        content = checks.text(f"{path}.content", content, longest=longest)
        if len(content) <= longest < written_length(text.font, content):
            message = f"At most {longest} characters are allowed, as this font writes them: in capitals, ß is SS."
            checks.refuse(f"{path}.content", "TOO_LONG", message)
    else:
        message = f"Use Latin letters, digits, spaces and {''.join(sorted(PUNCTUATION - {' '}))}."
        checks.refuse(f"{path}.content", "CHARACTER_NOT_OFFERED", message)
    if text.position not in rules.text_positions:
        _refuse(checks, f"{path}.position", "POSITION_NOT_OFFERED", "positions", rules.text_positions)
    if material is not None and text.technique not in material.techniques:
        offered = material.techniques
        _refuse(checks, f"{path}.technique", "TECHNIQUE_NOT_OFFERED", "techniques of this material", offered)
    else:
        _check_lettering(config, text, rules, checks, path)
    return replace(text, content=content)


def _check_lettering(config: DesignConfig, text: DesignText, rules: ProductRules, checks: Checks, path: str) -> None:
    technique = rules.technique(text.technique)
    if technique is None:
        offered = (rule.technique for rule in rules.techniques)
        _refuse(checks, f"{path}.technique", "TECHNIQUE_NOT_OFFERED", "techniques", offered)
        return
    if text.font not in technique.fonts:
        _refuse(checks, f"{path}.font", "FONT_NOT_OFFERED", "fonts of this technique", technique.fonts)
    elif missing := sorted({it for it in text.content if _is_writable(it) and not can_write(text.font, it)}):
        message = f"This font does not have {' '.join(missing)}; choose another font."
        checks.refuse(f"{path}.font", "FONT_LACKS_CHARACTER", message)
    if not technique.colors:
        if text.color is not None:
            checks.refuse(f"{path}.color", "TEXT_COLOR_NOT_OFFERED", "This technique has no colour; leave it out.")
    elif text.color is None:
        checks.refuse(f"{path}.color", "TEXT_COLOR_REQUIRED", "Choose the colour of the thread.")
    elif text.color not in technique.colors:
        _refuse(checks, f"{path}.color", "TEXT_COLOR_NOT_OFFERED", "thread colours", technique.colors)
    elif not is_readable(text.color, config.primary_color):
        message = "Choose a colour that is much lighter or much darker than the primary colour."
        checks.refuse(f"{path}.color", "TEXT_COLOR_UNREADABLE", message)


def _is_writable(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in PUNCTUATION
    return character in PUNCTUATION or unicodedata.name(character, "").startswith("LATIN ")


def _refuse(checks: Checks, path: str, code: str, noun: str, offered: Iterable[Enum]) -> None:
    names = ", ".join(choice.name for choice in offered)
    checks.refuse(path, code, f"Choose from the {noun} on offer: {names or 'none'}.")
