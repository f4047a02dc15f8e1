/** The storefront: what is around all pages, and which page is at which path. */
import { GraphProvider, type Session } from "@petplus/client";
import { I18nProvider, ProofProvider, Skeleton, ToastProvider } from "@petplus/ui";
import { Suspense, lazy, useEffect, useMemo, useState } from "react";
import { Route, Switch } from "wouter";
import { AdoptedPreferences } from "./AdoptedPreferences";
import { GuestCartClaim } from "./cart/GuestCartClaim";
import { chooseLanguage, loadCatalogue, localeOf, type Catalogue } from "./i18n";
import { Layout } from "./layout/Layout";
import { LanguageContext } from "./layout/language";
import { MissingPage } from "./layout/MissingPage";
import { BuilderPage } from "./routes/builder/Page";
import { CartPage } from "./routes/cart/Page";
import { CataloguePage } from "./routes/catalogue/Page";
import { CheckoutPage } from "./routes/checkout/Page";
import { ForgotPasswordPage } from "./routes/forgot-password/Page";
import { LogInPage } from "./routes/log-in/Page";
import { OpenAccountPage } from "./routes/open-account/Page";
import { OrderPage } from "./routes/order/Page";
import { PresetPage } from "./routes/preset/Page";
import { RegisterPage } from "./routes/register/Page";
import { ResetPasswordPage } from "./routes/reset-password/Page";
import { TrackPage } from "./routes/track/Page";
import { VerifyEmailPage } from "./routes/verify-email/Page";

/** The account is loaded as it is opened: most visits end without it. */
const AccountPage = lazy(async () => ({ default: (await import("./routes/account/Page")).AccountPage }));

interface Language {
  language: string;
  messages: Catalogue;
}

export function App({ session, first }: { session: Session; first: Language }) {
  const [{ language, messages }, setLanguage] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const choice = useMemo(() => {
    async function switchTo(next: string): Promise<void> {
      chooseLanguage(next);
      setLanguage({ language: next, messages: await loadCatalogue(next) });
    }
    return { language, choose: (next: string) => void switchTo(next) };
  }, [language]);

  return (
    <I18nProvider locale={localeOf(language)} messages={messages}>
      <ToastProvider>
        <GraphProvider session={session}>
          <GuestCartClaim />
          <AdoptedPreferences />
          <LanguageContext value={choice}>
            <ProofProvider>
              <Layout>
                <Suspense fallback={<Skeleton lines={4} height="3rem" />}>
                  <Pages />
                </Suspense>
              </Layout>
            </ProofProvider>
          </LanguageContext>
        </GraphProvider>
      </ToastProvider>
    </I18nProvider>
  );
}

/** `router/gateway/apps.mjs` answers these paths, and any other, with the same page. */
function Pages() {
  return (
    <Switch>
      <Route path="/" component={CataloguePage} />
      <Route path="/presets/:id">{({ id }) => <PresetPage key={id} id={id} />}</Route>
      <Route path="/build/:product">{({ product }) => <BuilderPage key={product} product={product} />}</Route>
      <Route path="/cart" component={CartPage} />
      <Route path="/checkout" component={CheckoutPage} />
      <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
      <Route path="/track" component={TrackPage} />
      <Route path="/log-in" component={LogInPage} />
      <Route path="/register" component={RegisterPage} />
      <Route path="/open-account" component={OpenAccountPage} />
      <Route path="/verify-email" component={VerifyEmailPage} />
      <Route path="/forgot-password" component={ForgotPasswordPage} />
      <Route path="/reset-password" component={ResetPasswordPage} />
      <Route path="/account/:part?">{({ part }) => <AccountPage part={part ?? "orders"} />}</Route>
      <Route component={MissingPage} />
    </Switch>
  );
}
