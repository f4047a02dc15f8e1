/** The admin: what is around all pages, and which page is at which path below `/admin`. */
import { GraphProvider, useSessionState, type Session } from "@petplus/client";
import { Empty, I18nProvider, LogIn, ProofProvider, Skeleton, ToastProvider } from "@petplus/ui";
import { Suspense, lazy, type ComponentType } from "react";
import { Redirect, Route, Router, Switch } from "wouter";
import { useCan, type Scope } from "./access";
import { useAdminI18n } from "./i18n";
import { Layout } from "./layout/Layout";
import messages from "./messages/en";

const LOCALE = "en-GB";

type Page = ComponentType<{ id: string }>;

/** A page that is loaded as it is opened. */
function page<Name extends string>(load: () => Promise<Record<Name, Page | ComponentType>>, name: Name): Page {
  return lazy(async () => ({ default: (await load())[name] as Page }));
}

/**
 * The pages by path, each with what one must be allowed to see it: for what anybody may ask, a scope that all staff have.
 * An `:id` is the object that a page is about.
 */
const PAGES: readonly (readonly [path: string, scope: Scope, Page])[] = [
  ["/search", "orders:read", page(() => import("./routes/search/Page"), "SearchPage")],
  ["/orders", "orders:read", page(() => import("./routes/orders/Page"), "OrdersPage")],
  ["/orders/:id", "orders:read", page(() => import("./routes/order/Page"), "OrderPage")],
  ["/catalogue", "designs:write", page(() => import("./routes/catalogue/Page"), "CataloguePage")],
  ["/users", "users:read", page(() => import("./routes/users/Page"), "UsersPage")],
  ["/users/:id", "users:read", page(() => import("./routes/user/Page"), "UserPage")],
  ["/webhooks", "webhooks:read", page(() => import("./routes/webhooks/Page"), "WebhooksPage")],
  ["/webhooks/:id", "webhooks:read", page(() => import("./routes/webhook/Page"), "WebhookPage")],
  ["/analytics", "analytics:read", page(() => import("./routes/analytics/Page"), "AnalyticsPage")],
  ["/experiments", "analytics:read", page(() => import("./routes/experiments/Page"), "ExperimentsPage")],
  ["/experiments/:id", "analytics:read", page(() => import("./routes/experiment/Page"), "ExperimentPage")],
  ["/exports", "analytics:read", page(() => import("./routes/exports/Page"), "ExportsPage")],
  ["/audit", "audit:read", page(() => import("./routes/audit/Page"), "AuditPage")],
  ["/system", "users:read", page(() => import("./routes/system/Page"), "SystemPage")],
];

export function App({ session }: { session: Session }) {
  return (
    <I18nProvider locale={LOCALE} messages={messages}>
      <ToastProvider>
        <GraphProvider session={session}>
          <Router base="/admin">
            <ProofProvider>
              <Layout>
                <Pages />
              </Layout>
            </ProofProvider>
          </Router>
        </GraphProvider>
      </ToastProvider>
    </I18nProvider>
  );
}

function Pages() {
  const { t } = useAdminI18n();
  const can = useCan();
  const { status, viewer } = useSessionState();
  if (status === "signedOut") return <LogIn />;
  if (viewer?.scopes.length === 0) return <NoAccess needsSecondFactor={viewer.needsSecondFactor} />;
  return (
    <Suspense fallback={<Skeleton lines={4} height="3rem" />}>
      <Switch>
        <Route path="/">
          <Redirect to="/orders" replace />
        </Route>
        {/* A page that the role may not see does not exist for it. */}
        {PAGES.filter(([, scope]) => can(scope)).map(([path, , Page]) => (
          <Route key={path} path={path}>
            {({ id = "" }: { id?: string }) => <Page key={id} id={id} />}
          </Route>
        ))}
        <Route>
          <Empty title={t("missing.title")} isPage />
        </Route>
      </Switch>
    </Suspense>
  );
}

function NoAccess({ needsSecondFactor }: { needsSecondFactor: boolean }) {
  const { t } = useAdminI18n();
  return (
    <Empty title={t("access.none")} isPage>
      <p>{t(needsSecondFactor ? "access.secondFactor" : "access.noneHint")}</p>
    </Empty>
  );
}
