/** What the customer prefers, kept with the account. This browser follows it at once. */
import { useAct, useGraph } from "@petplus/client";
import { Button, Failure, Loaded, SelectField, chooseTheme, useForm, useToast } from "@petplus/ui";
import { chooseCurrency } from "../../currency";
import {
  WebAccountPreferencesDocument,
  WebPreferencesUpdateDocument,
  type CurrencyCode,
  type PreferencePartsFragment,
  type Theme,
} from "../../gql";
import { LANGUAGES, useShopI18n } from "../../i18n";
import { nameOf, useLanguage } from "../../layout/language";
import { THEME_NAMES } from "../../theme-names";

const THEMES: readonly Theme[] = ["SYSTEM", "LIGHT", "DARK"];

export function Preferences() {
  const answer = useGraph(WebAccountPreferencesDocument, {});
  return (
    <Loaded answer={answer}>
      {({ me, shop }) =>
        me?.preferences && (
          <PreferencesForm preferences={me.preferences} currencies={shop.currencies} onStale={answer.refetch} />
        )
      }
    </Loaded>
  );
}

interface PreferencesFormProps {
  preferences: PreferencePartsFragment;
  currencies: readonly CurrencyCode[];
  onStale: () => void;
}

function PreferencesForm({ preferences, currencies, onStale }: PreferencesFormProps) {
  const { t } = useShopI18n();
  const { choose } = useLanguage();
  const update = useAct(WebPreferencesUpdateDocument);
  const tell = useToast();
  const form = useForm(
    async ({ locale = "", currency, theme, orderEmails, marketingEmails }) => {
      const input = {
        version: preferences.version,
        // A language that is not changed keeps its country.
        locale: preferences.locale.split("-")[0] === locale ? preferences.locale : locale,
        currency: currency as CurrencyCode,
        theme: theme as Theme,
        orderEmails: orderEmails !== undefined,
        marketingEmails: marketingEmails !== undefined,
      };
      return (await update({ input })).preferencesUpdate;
    },
    ({ preferences: { locale, currency, theme } }) => {
      tell(t("account.saved"));
      choose(locale.split("-")[0] ?? locale);
      chooseCurrency(currency);
      chooseTheme(THEME_NAMES[theme]);
    },
    ({ __typename }) => {
      if (__typename === "ConflictProblem") onStale();
      return undefined;
    },
  );
  return (
    <form className="card stack account-form" onSubmit={form.onSubmit}>
      <SelectField
        label={t("footer.language")}
        name="locale"
        defaultValue={preferences.locale.split("-")[0]}
        options={LANGUAGES.map((each) => [each, nameOf(each)] as const)}
      />
      <SelectField
        label={t("footer.currency")}
        name="currency"
        defaultValue={preferences.currency}
        options={currencies.map((each) => [each, each] as const)}
      />
      <SelectField
        label={t("theme.label")}
        name="theme"
        defaultValue={preferences.theme}
        options={THEMES.map((each) => [each, t(`theme.${THEME_NAMES[each]}`)] as const)}
      />
      <fieldset className="stack">
        <legend>{t("account.mails")}</legend>
        <label className="row">
          <input type="checkbox" name="orderEmails" defaultChecked={preferences.orderEmails} />
          <span>{t("account.orderEmails")}</span>
        </label>
        <label className="row">
          <input type="checkbox" name="marketingEmails" defaultChecked={preferences.marketingEmails} />
          <span>{t("account.marketingEmails")}</span>
        </label>
      </fieldset>
      <Failure text={form.failure} />
      <div>
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("account.save")}
        </Button>
      </div>
    </form>
  );
}
