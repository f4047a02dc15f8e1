"""Lengths, volumes and weights in the units and the language of whoever reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from subgraphs.builder.catalogue.texts import Texts
from subgraphs.builder.enums import MeasurementSystem, MeasurementUnit, PetMeasure

_RANGE = "–"  # noqa: RUF001 (the dash of ranges)
_CENTIMETERS_OF_AN_INCH = Decimal("2.54")
_KILOGRAMS_OF_A_POUND = Decimal("0.45359237")
_IMPERIAL: Mapping[MeasurementUnit, tuple[MeasurementUnit, Decimal]] = {
    MeasurementUnit.MILLIMETER: (MeasurementUnit.INCH, Decimal("25.4")),
    MeasurementUnit.CENTIMETER: (MeasurementUnit.INCH, _CENTIMETERS_OF_AN_INCH),
    MeasurementUnit.METER: (MeasurementUnit.FOOT, Decimal("0.3048")),
    MeasurementUnit.LITER: (MeasurementUnit.FLUID_OUNCE, Decimal("0.0295735295625")),
    MeasurementUnit.KILOGRAM: (MeasurementUnit.POUND, _KILOGRAMS_OF_A_POUND),
}
"""The unit in which something is shown instead, and how much one of it is."""


@dataclass(frozen=True)
class Quantity:
    """So much of a unit, or a range from `value` to `most`."""

    value: Decimal
    most: Decimal | None
    unit: MeasurementUnit

    def in_units_of(self, system: MeasurementSystem) -> "Quantity":
        """Return the same in the units of a system; those of the catalogue are metric."""
        if system is MeasurementSystem.METRIC:
            return self
        unit, size = _IMPERIAL[self.unit]
        return Quantity(_rounded(self.value / size), None if self.most is None else _rounded(self.most / size), unit)

    def text(self, texts: Texts) -> str:
        """Return it as customers read it."""
        ends = [_number(end, texts) for end in (self.value, self.most) if end is not None]
        return f"{_RANGE.join(ends)} {texts.units[self.unit]}"


def unit_of(measure: PetMeasure) -> MeasurementUnit:
    """Return the unit in which the catalogue holds a measurement of pets."""
    return MeasurementUnit.KILOGRAM if measure is PetMeasure.WEIGHT else MeasurementUnit.CENTIMETER


def metric(measure: PetMeasure, amount: Decimal) -> Decimal:
    """Return a pet's measurement in inches or pounds as the catalogue holds it."""
    return amount * (_KILOGRAMS_OF_A_POUND if measure is PetMeasure.WEIGHT else _CENTIMETERS_OF_AN_INCH)


def _rounded(amount: Decimal) -> Decimal:
    rounded = amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def _number(amount: Decimal, texts: Texts) -> str:
    return f"{amount:f}".replace(".", texts.decimal_mark)
