/** An address as it is written on a parcel. */
import { useShopI18n } from "../i18n";
import type { KnownAddress } from "./address";
import "./Address.css";

export function AddressLines({ of, also }: { of: KnownAddress; also?: string | null }) {
  const { formats } = useShopI18n();
  const town = [of.postalCode, of.city].filter(Boolean).join(" ");
  const country = of.countryCode && formats.country(of.countryCode);
  const lines = [of.recipient, of.addressLine1, of.addressLine2, town, of.region, country].filter(Boolean);
  return (
    <address className="address-lines">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
      {also && <span className="muted">{also}</span>}
    </address>
  );
}
