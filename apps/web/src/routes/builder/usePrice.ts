/** Price and picture of a configuration while it is changed, and what the catalogue refuses in it. */
import { byField, useGraph, type FieldProblem } from "@petplus/client";
import { useDebounced } from "@petplus/ui";
import { useCurrency } from "../../cart/useCurrency";
import { WebBuilderPriceDocument, type WebBuilderPriceQuery } from "../../gql";
import { useGraphLanguage } from "../../layout/language";
import type { Config } from "./config";

type Price = Extract<WebBuilderPriceQuery["priceQuote"], { __typename: "PriceQuote" }>;

export interface Priced {
  price: Price | null;
  /** By the path below `config`, such as `text.content`. */
  refusals: ReadonlyMap<string, FieldProblem>;
  /** The price is of an earlier configuration, or there is none yet. */
  isOld: boolean;
  /** Why there is no price, beside what was refused. */
  error: unknown;
}

export function usePrice(config: Config): Priced {
  const { currency } = useCurrency();
  const language = useGraphLanguage();
  const steady = useDebounced(config);
  const { data, error, isStale, isLoading } = useGraph(WebBuilderPriceDocument, { config: steady, currency, language });
  const result = data?.priceQuote;
  const fields = result?.__typename === "InvalidInputProblem" ? result.fields : [];
  return {
    price: result?.__typename === "PriceQuote" ? result : null,
    refusals: byField(fields.map((each) => ({ ...each, path: each.path.replace(/^input\.config\./, "") }))),
    isOld: steady !== config || isStale || isLoading,
    error,
  };
}
