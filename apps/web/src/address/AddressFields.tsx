/** The fields of an address, in any form that asks for one. */
import { useGraph } from "@petplus/client";
import { SelectField, TextField } from "@petplus/ui";
import { WebCountriesDocument } from "../gql";
import { useShopI18n } from "../i18n";
import { FIELDS, type KnownAddress } from "./address";
import "./Address.css";

const FIRST_COUNTRY = "DE";

interface AddressFieldsProps {
  /** What the fields begin with. */
  known: KnownAddress | null;
  /** The sentence for a refused field, by its path. */
  errorOf: (path: string) => string | undefined;
}

export function AddressFields({ known, errorOf }: AddressFieldsProps) {
  const { t, formats } = useShopI18n();
  const { data } = useGraph(WebCountriesDocument, {}, { policy: "cache-first" });
  const country = known?.countryCode ?? FIRST_COUNTRY;
  // Who is faster than the list sends what it begins with.
  const countries = data?.shop.countries ?? [country];
  const names = countries.map((code) => [code, formats.country(code)] as const);
  return (
    <div className="address-fields">
      {FIELDS.map(([name, autoComplete, isRequired]) => (
        <TextField
          key={name}
          label={t(`address.${name}`)}
          error={errorOf(`address.${name}`)}
          name={name}
          autoComplete={autoComplete}
          defaultValue={known?.[name] ?? ""}
          required={isRequired}
        />
      ))}
      <SelectField
        key={names.length}
        label={t("address.countryCode")}
        error={errorOf("address.countryCode")}
        name="countryCode"
        autoComplete="country"
        defaultValue={country}
        options={names.toSorted(([, one], [, other]) => one.localeCompare(other))}
      />
    </div>
  );
}
