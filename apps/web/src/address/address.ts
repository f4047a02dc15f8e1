/** An address as forms ask for it and as it is sent. */
import type { ShippingAddressInput } from "../gql";

/** The fields of an address by name, with how browsers fill them in, and whether each address has them. */
export const FIELDS = [
  ["recipient", "name", true],
  ["addressLine1", "address-line1", true],
  ["addressLine2", "address-line2", false],
  ["postalCode", "postal-code", false],
  ["city", "address-level2", true],
  ["region", "address-level1", false],
  ["phone", "tel", false],
] as const;

/** What an address is shown by, wherever it is kept. */
export type KnownAddress = Partial<Record<(typeof FIELDS)[number][0] | "countryCode", string | null>>;

function orNull(text: string | undefined): string | null {
  return text === undefined || text.trim() === "" ? null : text;
}

/** The address of a form that `AddressFields` is part of. */
export function addressOf(values: Record<string, string>): ShippingAddressInput {
  return {
    recipient: values["recipient"] ?? "",
    addressLine1: values["addressLine1"] ?? "",
    addressLine2: orNull(values["addressLine2"]),
    postalCode: orNull(values["postalCode"]),
    city: values["city"] ?? "",
    region: orNull(values["region"]),
    countryCode: values["countryCode"] ?? "",
    phone: orNull(values["phone"]),
  };
}
