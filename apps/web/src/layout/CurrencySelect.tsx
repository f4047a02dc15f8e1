/** The choice of a currency, of all that the shop has. */
import { useGraph } from "@petplus/client";
import { useCurrency } from "../cart/useCurrency";
import { chooseCurrency } from "../currency";
import { WebShopCurrenciesDocument } from "../gql";
import { useShopI18n } from "../i18n";

export function CurrencySelect() {
  const { t } = useShopI18n();
  const { currency, isFixed } = useCurrency();
  const { data } = useGraph(WebShopCurrenciesDocument, {}, { policy: "cache-first" });
  const currencies = data?.shop.currencies ?? [currency];
  return (
    <label title={isFixed ? t("footer.currencyFixed") : undefined}>
      {t("footer.currency")}{" "}
      <select
        value={currency}
        disabled={isFixed}
        onChange={({ target }) => {
          const chosen = currencies.find((each) => each === target.value);
          if (chosen) chooseCurrency(chosen);
        }}
      >
        {currencies.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}
