/** The conditions on designs, each choice with how many designs it leaves, in the words of the catalogue. */
import { useGraph } from "@petplus/client";
import { SelectField, TextField } from "@petplus/ui";
import { useCurrency } from "../../cart/useCurrency";
import { WebPresetFacetsDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { useGraphLanguage } from "../../layout/language";
import { conditionsOf, type Search } from "./filter";

interface FilterFormProps {
  /** What is typed and chosen. */
  search: Search;
  /** The same, once the typing has paused. */
  steady: Search;
  onChange: (name: keyof Search, value: string) => void;
}

export function FilterForm({ search, steady, onChange }: FilterFormProps) {
  const { t } = useShopI18n();
  const { currency } = useCurrency();
  const language = useGraphLanguage();
  const { data } = useGraph(WebPresetFacetsDocument, { ...conditionsOf(steady), currency, language });
  const facets = data?.presetFacets;
  const given = { search, onChange };
  return (
    <form className="catalogue-filter" role="search" onSubmit={(event) => event.preventDefault()}>
      <TextField
        label={t("catalogue.search")}
        type="search"
        value={search.search}
        onChange={({ target }) => onChange("search", target.value)}
      />
      <FacetField
        {...given}
        name="category"
        label={t("catalogue.occasion")}
        choices={choicesOf("category", facets?.categories)}
      />
      <FacetField
        {...given}
        name="product"
        label={t("catalogue.product")}
        choices={choicesOf("product", facets?.products)}
      />
      <FacetField
        {...given}
        name="material"
        label={t("builder.material")}
        choices={choicesOf("material", facets?.materials)}
      />
      <FacetField
        {...given}
        name="color"
        label={t("builder.colour")}
        choices={choicesOf("color", facets?.colors)}
      />
      <p className="muted small" role="status">
        {facets && t("catalogue.count", { count: facets.totalCount })}
      </p>
    </form>
  );
}

interface Choice {
  value: string;
  label: string;
  count: number;
}

type Facet<Name extends string> = { label: string; count: number } & Record<Name, string>;

function choicesOf<Name extends string>(name: Name, facets: readonly Facet<Name>[] | undefined): Choice[] {
  return (facets ?? []).map((facet) => ({ value: facet[name], label: facet.label, count: facet.count }));
}

interface FacetFieldProps {
  name: keyof Search;
  label: string;
  search: Search;
  choices: readonly Choice[];
  onChange: (name: keyof Search, value: string) => void;
}

/** A choice that would leave nothing is not offered, unless it is made. */
function FacetField({ name, label, search, choices, onChange }: FacetFieldProps) {
  const { t, formats } = useShopI18n();
  const chosen = search[name] ?? "";
  const offered = choices.filter(({ value, count }) => count > 0 || value === chosen);
  return (
    <SelectField
      label={label}
      value={chosen}
      onChange={({ target }) => onChange(name, target.value)}
      options={[
        ["", t("catalogue.all")],
        ...offered.map((each) => [each.value, `${each.label} (${formats.number(each.count)})`] as const),
      ]}
    />
  );
}
