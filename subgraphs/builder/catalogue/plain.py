"""The plainest design of each product, which shows what the product is."""

from subgraphs.builder.catalogue import CATALOGUE
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.enums import ProductKind


def plainest(product: ProductKind) -> DesignConfig:
    """Return the first choice of everything that a product needs, and nothing that it does not need."""
    rules = CATALOGUE[product]
    material = rules.materials[0]
    return DesignConfig(
        product=product,
        size=rules.sizes[len(rules.sizes) // 2].size,
        material=material.material,
        primary_color=material.colors[0],
        hardware=rules.hardware[0].finish if rules.hardware else None,
    )
