"""Postal addresses as clients send them, to carts and to accounts alike, and what is checked of them."""

import strawberry

from shared.core.validation import Checks

LONGEST_PART = 100
LONGEST_POSTAL_CODE = 20
LONGEST_PHONE = 40


@strawberry.input(description="Where an order goes.")
class ShippingAddressInput:
    recipient: str = strawberry.field(description="The name of the recipient, up to 100 characters.")
    address_line1: str = strawberry.field(description="Street and house number, up to 100 characters.")
    address_line2: str | None = strawberry.field(
        default=None, description="Further details, such as a floor, up to 100 characters."
    )
    city: str = strawberry.field(description="The city or town, up to 100 characters.")
    region: str | None = strawberry.field(
        default=None, description="The state, county or region, up to 100 characters."
    )
    postal_code: str | None = strawberry.field(
        default=None, description="The postal code, up to 20 characters. Some countries have none."
    )
    country_code: str = strawberry.field(description="The country as an ISO 3166-1 alpha-2 code, such as `DE`.")
    phone: str | None = strawberry.field(
        default=None, description="A telephone number for the carrier, up to 40 characters."
    )


def check_address(checks: Checks, name: str, given: ShippingAddressInput) -> dict[str, str | None]:
    """Check an address that is the field `name` of an input, and return it by the names of columns.

    An optional part that is empty is None. Whether goods are sent to the country is for the cart to tell.
    """

    def required(part: str, value: str) -> str:
        return checks.text(f"{name}.{part}", value, longest=LONGEST_PART)

    def optional(part: str, value: str | None, longest: int = LONGEST_PART) -> str | None:
        return checks.text(f"{name}.{part}", value, shortest=0, longest=longest) or None if value else None

    country = given.country_code.strip().upper()
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        checks.refuse(f"{name}.countryCode", "INVALID_COUNTRY", "Send two letters as of ISO 3166-1, such as `DE`.")
    return {
        "recipient": required("recipient", given.recipient),
        "address_line1": required("addressLine1", given.address_line1),
        "address_line2": optional("addressLine2", given.address_line2),
        "city": required("city", given.city),
        "region": optional("region", given.region),
        "postal_code": optional("postalCode", given.postal_code, LONGEST_POSTAL_CODE),
        "country_code": country,
        "phone": optional("phone", given.phone, LONGEST_PHONE),
    }
