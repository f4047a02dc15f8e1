"""What each product allows and costs: one TOML file per product, read once.

`rules` is the form of those files, `config` what a customer chooses, `validation` holds one against the other, and
`pricing` says what the choice costs. `texts` names the choices in each language.
"""

import hashlib
import tomllib
from pathlib import Path

from subgraphs.builder.catalogue.rules import ProductRules
from subgraphs.builder.enums import Color, HardwareFinish, ProductKind


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


CATALOGUE = {kind: ProductRules.model_validate({"product": kind, **_read(kind.value.lower())}) for kind in ProductKind}
FINGERPRINT = hashlib.sha256(repr(CATALOGUE).encode()).hexdigest()[:16]
"""What tells this catalogue from another: which is what stored prices were worked out by."""
PALETTE: dict[Color, str] = {Color(name): str(value) for name, value in _read("palette").items()}
METALS = {HardwareFinish(name): str(value) for name, value in _read("metals").items()}
